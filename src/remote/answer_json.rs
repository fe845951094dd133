//! Reading answers in JSON, whose fields servers write in different ways.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

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
}
