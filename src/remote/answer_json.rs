//! Reading answers in JSON, whose fields servers write in different ways.

use serde::{Deserialize, Deserializer, de::DeserializeOwned};

/// Parses an answer. `None` for anything but a JSON object with the fields that `T` requires: some
/// servers answer calls that they do not know with status 200 and `[]`.
pub fn parse_answer<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    let is_object = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
    is_object.then(|| serde_json::from_slice(body).ok()).flatten()
}

/// A number or a text, as servers write ids, continuations and times.
pub fn text_or_number<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum TextOrNumber {
        Text(String),
        Number(i64),
        Flag(bool),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Option::deserialize(deserializer)? {
        Some(TextOrNumber::Text(text)) => Some(text),
        Some(TextOrNumber::Number(number)) => Some(number.to_string()),
        // A flag is 0 or 1, or a Boolean.
        Some(TextOrNumber::Flag(flag)) => Some(i64::from(flag).to_string()),
        Some(TextOrNumber::Other(_)) | None => None,
    })
}

/// A value that may be `null` or missing.
pub fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
