//! Reading answers in JSON, whose fields servers write in different ways.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

use super::clean_line;
use crate::text::floor_char_boundary;

/// Maximum length of the reason that a server gives for a failure, in bytes.
const MAX_REASON_BYTES: usize = 200;

/// Parses an answer. `None` for anything but a JSON object with the fields that `T` requires: some
/// servers answer calls that they do not know with status 200 and `[]`.
pub fn parse_answer<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let is_object = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    is_object.then(|| serde_json::from_slice(body).ok()).flatten()
}

/// A number or a text, as servers write ids, continuations and times. Any other value is skipped, and
/// not kept meanwhile.
pub fn text_or_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    deserializer.deserialize_any(TextOrNumberVisitor)
}

struct TextOrNumberVisitor;

impl<'de> Visitor<'de> for TextOrNumberVisitor {
    type Value = Option<String>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a number or a text")
    }

    fn visit_str<E>(self, text: &str) -> Result<Option<String>, E> {
        Ok(Some(text.to_owned()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Option<String>, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Option<String>, E> {
        Ok(Some(number.to_string()))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Option<String>, E> {
        // A flag is 0 or 1, or a Boolean.
        Ok(Some(i64::from(flag).to_string()))
    }

    fn visit_unit<E>(self) -> Result<Option<String>, E> {
        Ok(None)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Option<String>, A::Error> {
        while values.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<Option<String>, A::Error> {
        while fields.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}

/// A value that may be `null` or missing.
pub fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Returns the reason that the body of a failure gives: the message in a JSON object, or a short text.
pub(super) fn parse_reason(body: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct FailureJson {
        #[serde(alias = "error", deserialize_with = "text_or_number")]
        error_message: Option<String>,
    }
    let text = match parse_answer::<FailureJson>(body) {
        Some(failure) => failure.error_message?,
        None => String::from_utf8_lossy(body).into_owned(),
    };
    let is_prose = !text.trim_start().starts_with(['<', '[', '{']);
    (is_prose && text.len() <= 4 * MAX_REASON_BYTES).then(|| clean_reason(&text)).flatten()
}

/// Returns the reason that a server gives, on one line and not too long; `None` for an empty one.
pub fn clean_reason(text: &str) -> Option<String> {
    let mut reason = clean_line(text);
    reason.truncate(floor_char_boundary(&reason, MAX_REASON_BYTES));
    (!reason.is_empty()).then_some(reason)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Answer {
        #[serde(default, deserialize_with = "text_or_number")]
        id: Option<String>,
    }

    #[test]
    fn text_or_number_is_as_servers_write_it() {
        let id = |json: &str| {
            parse_answer::<Answer>(format!(r#"{{"id":{json}}}"#).as_bytes()).map(|answer| answer.id)
        };
        for (json, expected) in [
            ("\"1234\"", Some("1234")),
            ("-31", Some("-31")),
            ("18446744073709551615", Some("18446744073709551615")),
            ("true", Some("1")),
            ("null", None),
            ("1.5", None),
            ("[1,[2]]", None),
            (r#"{"a":{}}"#, None),
        ] {
            assert_eq!(id(json), Some(expected.map(str::to_owned)), "{json}");
        }
        assert_eq!(id(&"[".repeat(200)), None);
    }

    #[test]
    fn a_failure_states_its_reason_in_json_or_as_text() {
        for (body, reason) in [
            (r#"{"error_message":"This feed already exists."}"#, Some("This feed already exists.")),
            (r#"{"error":"no \u001b[31mfeed"}"#, Some("no feed")),
            ("Bad Request!\n", Some("Bad Request!")),
            ("<html><p>Bad", None),
            ("[]", None),
            ("", None),
        ] {
            assert_eq!(parse_reason(body.as_bytes()).as_deref(), reason, "{body}");
        }
        let long = format!(r#"{{"error":"{}"}}"#, "é".repeat(MAX_REASON_BYTES));
        assert_eq!(parse_reason(long.as_bytes()).unwrap().len(), MAX_REASON_BYTES);
        assert_eq!(parse_reason(&[b'a'; 4 * MAX_REASON_BYTES + 1]), None);
    }
}
