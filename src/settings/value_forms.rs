//! The other forms in which users write a value: `"1h"` for a number of minutes, `true` for `"on"`,
//! `"yes"` for `true`.

use toml::Value;

use crate::model::{LetterM, TimeSpan};

/// Seconds of a day. In settings that count days, `m` is a month.
const SECONDS_OF_DAY: i64 = 86_400;

/// A setting that is a length of time.
struct DurationSetting {
    path: &'static str,
    /// The unit of a plain number, in seconds.
    unit: i64,
    /// Its forms, as a part of a sentence.
    forms: &'static str,
}

/// The settings that are lengths of time. `false` is 0, which switches them off.
const DURATIONS: [DurationSetting; 3] = [
    DurationSetting {
        path: "refresh.every",
        unit: 60,
        forms: "a number of minutes, or a time such as \"90m\", \"1h\" or \"1d\"",
    },
    DurationSetting {
        path: "article.mark_read_after",
        unit: 1,
        forms: "a number of seconds, a time such as \"5s\" or \"1m\", or false",
    },
    DurationSetting {
        path: "library.keep",
        unit: SECONDS_OF_DAY,
        forms: "a number of days, a time such as \"90d\", \"26w\", \"9m\" (months) or \"1y\", or false",
    },
];

/// The settings with the values `on` and `off`, among others.
const SWITCHES: [&str; 3] = ["article.images", "article.hyperlinks", "mouse"];

/// Returns the value of a setting in the form of its default, or unchanged if it is none of the
/// forms.
pub(super) fn normalize_value(path: &str, default: &Value, value: Value) -> Value {
    let normalized = if let Some(setting) = find_duration(path) {
        parse_duration(&value, setting.unit).map(Value::Integer)
    } else if SWITCHES.contains(&path) {
        parse_switch(&value).map(|on| Value::String(if on { "on" } else { "off" }.to_owned()))
    } else if default.is_bool() {
        value.as_str().and_then(parse_yes_no).map(Value::Boolean)
    } else {
        None
    };
    normalized.unwrap_or(value)
}

/// Returns the forms of a length of time, as a part of a sentence; `None` for other settings.
pub(super) fn duration_forms(path: &str) -> Option<&'static str> {
    find_duration(path).map(|setting| setting.forms)
}

fn find_duration(path: &str) -> Option<&'static DurationSetting> {
    DURATIONS.iter().find(|setting| setting.path == path)
}

fn parse_switch(value: &Value) -> Option<bool> {
    value.as_bool().or_else(|| value.as_str().and_then(parse_yes_no))
}

fn parse_yes_no(text: &str) -> Option<bool> {
    match text {
        "1" | "true" | "yes" | "on" => Some(true),
        "0" | "false" | "no" | "off" => Some(false),
        _ => None,
    }
}

/// Parses a length of time into a number of `unit`s; `None` if it is no whole number of them.
fn parse_duration(value: &Value, unit: i64) -> Option<i64> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::Boolean(false) => Some(0),
        Value::String(text) if parse_yes_no(text) == Some(false) => Some(0),
        Value::String(text) => parse_duration_text(text.trim(), unit),
        _ => None,
    }
}

fn parse_duration_text(text: &str, unit: i64) -> Option<i64> {
    if let Ok(number) = text.parse() {
        return Some(number);
    }
    let letter_m = if unit >= SECONDS_OF_DAY { LetterM::Month } else { LetterM::Minute };
    let seconds = i64::try_from(TimeSpan::parse(text, letter_m)?.seconds()).ok()?;
    (seconds % unit == 0).then_some(seconds / unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalize(path: &str, default: &str, value: &str) -> String {
        let parse = |text: &str| {
            let table: toml::Table = format!("value = {text}").parse().unwrap();
            table["value"].clone()
        };
        normalize_value(path, &parse(default), parse(value)).to_string()
    }

    #[test]
    fn durations_are_numbers_or_texts_with_a_unit() {
        for (value, minutes) in [
            ("60", "60"),
            ("\"90m\"", "90"),
            ("\"1h\"", "60"),
            ("\"2 h\"", "120"),
            ("\"1d\"", "1440"),
            ("\"120s\"", "2"),
            ("\"45\"", "45"),
            ("false", "0"),
            ("\"off\"", "0"),
            ("\"90s\"", "\"90s\""),
            ("\"1x\"", "\"1x\""),
            ("\"99999999999999999d\"", "\"99999999999999999d\""),
            ("true", "true"),
        ] {
            assert_eq!(normalize("refresh.every", "60", value), minutes, "{value}");
        }
        assert_eq!(normalize("article.mark_read_after", "2", "\"1m\""), "60");
        for (value, days) in [("\"9m\"", "273"), ("\"12m\"", "365"), ("\"2 weeks\"", "14")] {
            assert_eq!(normalize("library.keep", "0", value), days, "{value}");
        }
        assert_eq!(normalize("library.keep", "0", "\"12h\""), "\"12h\"");
    }

    #[test]
    fn switches_accept_yes_and_true() {
        for (value, word) in [("true", "\"on\""), ("\"yes\"", "\"on\""), ("false", "\"off\"")] {
            assert_eq!(normalize("article.images", "\"off\"", value), word);
            assert_eq!(normalize("mouse", "\"auto\"", value), word);
        }
        assert_eq!(normalize("mouse", "\"auto\"", "\"auto\""), "\"auto\"");
        assert_eq!(normalize("accessible", "false", "\"yes\""), "true");
        assert_eq!(normalize("theme", "\"ink\"", "\"yes\""), "\"yes\"");
    }
}
