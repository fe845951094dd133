//! Repairs of JSON that is almost valid: commas before a closing bracket, line breaks and tabs
//! inside strings, backslashes without a meaning, halves of surrogate pairs.

use super::{FeedParseError, budget::ParseBudget, warning::FeedWarnings};

/// Maximum number of repairs: each takes memory, and a text with more is not almost valid.
const MAX_REPAIRS: usize = 1 << 20;

/// A JSON document that was read, and the error that ended it early.
pub(super) struct ReadJson<T> {
    pub(super) value: T,
    pub(super) error: Option<FeedParseError>,
}

/// Reads the first JSON value of `text` with `parse`, which charges `budget`. If it cannot be
/// repaired, reads everything before the error. Each attempt starts with a new budget.
///
/// # Errors
/// If nothing can be read; the error names the line and the column. If the budget is exceeded.
pub(super) fn read_json<T>(
    text: &str,
    warnings: &mut FeedWarnings,
    budget: &ParseBudget,
    parse: &mut dyn FnMut(&str) -> serde_json::Result<T>,
) -> Result<ReadJson<T>, FeedParseError> {
    let mut attempt = |text: &str| {
        budget.reset();
        let value = parse(text);
        budget.check().map(|()| value)
    };
    if let Ok(value) = attempt(text)? {
        return Ok(ReadJson { value, error: None });
    }
    let repaired = repair(text, warnings);
    let error = match attempt(&repaired.text)? {
        Ok(value) => return Ok(ReadJson { value, error: None }),
        Err(error) => error,
    };
    let end = byte_offset(&repaired.text, error.line(), error.column());
    let at = repaired.original_offset(end);
    let is_cut_off = error.is_eof();
    let sentence = error.to_string();
    let reason = sentence.split(" at line ").next().unwrap_or_default();
    let error = invalid_json(text, at, reason);
    let message = if is_cut_off {
        "the document is cut off here; the items before were kept".to_owned()
    } else {
        format!("the JSON is invalid: {reason}; the items before the error were kept")
    };
    warnings.warn_at(text, at, message);
    let before_error = close_truncated_json(&repaired.text[..end]);
    match attempt(&before_error)? {
        Ok(value) => Ok(ReadJson { value, error: Some(error) }),
        Err(_) => Err(error),
    }
}

/// Returns the byte offset of a position that serde_json reports: lines count from 1, columns are
/// bytes.
fn byte_offset(text: &str, line: usize, column: usize) -> usize {
    let line_start = match line {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', text.as_bytes())
            .nth(line - 2)
            .map_or(text.len(), |newline| newline + 1),
    };
    crate::text::floor_char_boundary(text, line_start + column.saturating_sub(1))
}

fn invalid_json(text: &str, at: usize, reason: &str) -> FeedParseError {
    let before = &text[..at];
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    FeedParseError::InvalidJson {
        line: memchr::memchr_iter(b'\n', before.as_bytes()).count() + 1,
        column: before[line_start..].chars().count() + 1,
        reason: reason.to_owned(),
    }
}

/// A JSON text after its repair.
struct RepairedJson {
    text: String,
    /// Byte offsets at which copying from the original was resumed: in the repaired text, and in
    /// the original.
    resumed: Vec<(usize, usize)>,
}

impl RepairedJson {
    /// Returns the byte of the original text that stands at byte `at` of the repaired one.
    fn original_offset(&self, at: usize) -> usize {
        let index = self.resumed.partition_point(|(repaired, _)| *repaired <= at);
        let (repaired, original) = index.checked_sub(1).map_or((0, 0), |index| self.resumed[index]);
        original + (at - repaired)
    }
}

/// Repairs `text` in one pass, up to [`MAX_REPAIRS`] times. Each repair gives a warning.
fn repair(text: &str, warnings: &mut FeedWarnings) -> RepairedJson {
    let mut out = RepairedJson { text: String::with_capacity(text.len() + 64), resumed: vec![] };
    let (mut copied, mut position, mut in_string) = (0, 0, false);
    while position < text.len() && out.resumed.len() < MAX_REPAIRS {
        let rest = &text[position..];
        let flaw = if in_string { string_flaw(rest) } else { comma_flaw(rest) };
        let Some(JsonFlaw { length, replacement, message }) = flaw else {
            in_string ^= rest.starts_with('"');
            position += sound_length(rest, in_string);
            continue;
        };
        warnings.warn_at(text, position, message);
        out.text.push_str(&text[copied..position]);
        out.text.push_str(&replacement);
        position += length;
        copied = position;
        out.resumed.push((out.text.len(), position));
    }
    out.text.push_str(&text[copied.min(text.len())..]);
    out
}

/// Returns the length of the sound part at the start of `rest`: an escape, or the text up to the
/// next character that may be a flaw. The first character is never one.
fn sound_length(rest: &str, in_string: bool) -> usize {
    if in_string && is_surrogate_pair(rest) {
        return 2 * UNICODE_ESCAPE_BYTES;
    }
    if in_string && rest.starts_with('\\') {
        let escaped = rest[1..].chars().next();
        return 1 + escaped.map_or(0, char::len_utf8);
    }
    let stops = |byte: u8| match byte {
        b'"' => true,
        b'\\' | 0..=0x1f => in_string,
        b',' => !in_string,
        _ => false,
    };
    1 + rest.bytes().skip(1).position(stops).unwrap_or(rest.len() - 1)
}

/// Something that JSON does not allow, and its replacement.
struct JsonFlaw {
    /// Length in bytes.
    length: usize,
    replacement: String,
    message: &'static str,
}

/// Returns the flaw at the start of `rest`, which is inside a string (RFC 8259 §7).
fn string_flaw(rest: &str) -> Option<JsonFlaw> {
    let first = rest.bytes().next()?;
    let (replacement, message) = match first {
        b'\n' => ("\\n".to_owned(), "a line break inside a JSON string was repaired"),
        b'\r' => ("\\r".to_owned(), "a line break inside a JSON string was repaired"),
        b'\t' => ("\\t".to_owned(), "a tab inside a JSON string was repaired"),
        0..=0x1f => {
            (format!("\\u{first:04x}"), "a control character in a JSON string was repaired")
        }
        b'\\' if !is_escape(rest) => {
            ("\\\\".to_owned(), "a backslash inside a JSON string was repaired")
        }
        b'\\' if escaped_surrogate(rest).is_some() && !is_surrogate_pair(rest) => {
            return Some(JsonFlaw {
                length: UNICODE_ESCAPE_BYTES,
                replacement: "\u{fffd}".to_owned(),
                message: "half of a character in a JSON string was replaced",
            });
        }
        _ => return None,
    };
    Some(JsonFlaw { length: 1, replacement, message })
}

/// Length of an escape such as `\u00e9`.
const UNICODE_ESCAPE_BYTES: usize = 6;

/// Returns the surrogate that is escaped at the start of `text` (RFC 8259 §7).
fn escaped_surrogate(text: &str) -> Option<u16> {
    let digits = text.strip_prefix("\\u")?.get(..4)?;
    let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let unit = is_hexadecimal.then(|| u16::from_str_radix(digits, 16).ok())??;
    matches!(unit, 0xd800..=0xdfff).then_some(unit)
}

/// Returns true if `text` starts with the escapes of a high and a low surrogate.
fn is_surrogate_pair(text: &str) -> bool {
    let low = || text.get(UNICODE_ESCAPE_BYTES..).and_then(escaped_surrogate);
    escaped_surrogate(text).is_some_and(|high| high < 0xdc00)
        && low().is_some_and(|low| low >= 0xdc00)
}

fn is_escape(rest: &str) -> bool {
    let rest = &rest.as_bytes()[1..];
    match rest.first() {
        Some(b'u') => rest.len() > 4 && rest[1..5].iter().all(u8::is_ascii_hexdigit),
        Some(escaped) => b"\"\\/bfnrt".contains(escaped),
        None => true,
    }
}

/// Returns the flaw at the start of `rest`, which is outside of strings.
fn comma_flaw(rest: &str) -> Option<JsonFlaw> {
    let after = rest.strip_prefix(',')?.trim_start();
    let message = match after.bytes().next()? {
        b']' | b'}' => "a comma before a closing bracket was left out",
        b',' => "a second comma was left out",
        _ => return None,
    };
    Some(JsonFlaw { length: 1, replacement: String::new(), message })
}

/// Returns `text` up to its last complete item, followed by the brackets that close it.
fn close_truncated_json(text: &str) -> String {
    let (mut open_closers, mut in_string, mut escaped) = (Vec::new(), false, false);
    let (mut end, mut closers) = (0, String::new());
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' => open_closers.push('}'),
            b'[' => open_closers.push(']'),
            b'}' | b']' => {
                if open_closers.pop().is_none() {
                    break;
                }
                // 2: an item is inside the array of items inside the feed object.
                if open_closers.len() <= 2 {
                    end = at + 1;
                    closers = open_closers.iter().rev().collect();
                }
            }
            _ => {}
        }
    }
    format!("{}{closers}", &text[..end])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde::Deserialize;
    use serde_json::Value;

    use super::*;

    fn read_value(text: &str, warnings: &mut FeedWarnings) -> Result<Value, FeedParseError> {
        let mut parse =
            |text: &str| Value::deserialize(&mut serde_json::Deserializer::from_str(text));
        read_json(text, warnings, &ParseBudget::default(), &mut parse).map(|read| read.value)
    }

    fn read(text: &str) -> (Option<Value>, Vec<String>) {
        let mut warnings = FeedWarnings::default();
        let value = read_value(text, &mut warnings).ok();
        (value, warnings.into_vec().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn parse_json_feed_survives_deep_nesting() {
        for open in ["[", "{\"items\":[", "{\"a\":", "[1,", "{\"a\":\"", "\\\""] {
            let json = format!("{{\"version\":\"1\",\"items\":[{}", open.repeat(50_000));
            assert!(
                crate::feed::parse(json.as_bytes(), crate::feed::ParseHints::default()).is_err(),
                "{open}"
            );
        }
    }

    #[test]
    fn read_json_repairs_strings_and_commas() {
        for (text, expected) in [
            ("[1, 2 ,\n ]", "[1,2]"),
            ("{\"a\":1,,\"b\":2,}", "{\"a\":1,\"b\":2}"),
            ("[\"a\nb\tc\r\n\"]", "[\"a\\nb\\tc\\r\\n\"]"),
            (
                "[\"C:\\Users\\me, it\\'s\", \"\\u12\"]",
                "[\"C:\\\\Users\\\\me, it\\\\'s\",\"\\\\u12\"]",
            ),
            ("[\"a\\ud83d\", 7]", "[\"a\u{fffd}\",7]"),
            ("[\"\\udc00\\ud83d\\ude00\\ud83d\\u0041\"]", "[\"\u{fffd}😀\u{fffd}A\"]"),
            ("[\"\\\\\", \"\\\"\",]", "[\"\\\\\",\"\\\"\"]"),
        ] {
            let (value, warnings) = read(text);
            assert_eq!(value.map(|value| value.to_string()).as_deref(), Some(expected), "{text}");
            assert!(!warnings.is_empty(), "{text}");
        }
        assert_eq!(read("[1,\n2,\n]").1, ["line 2: a comma before a closing bracket was left out"]);
    }

    #[test]
    fn read_json_names_the_place_of_an_error_in_the_original() {
        let mut warnings = FeedWarnings::default();
        let error = read_value("{\"a\": \"x\ny\",\n\"é\" 1}", &mut warnings).err();
        let Some(FeedParseError::InvalidJson { line, column, reason }) = error else {
            panic!("it is invalid")
        };
        assert_eq!((line, column, reason.as_str()), (3, 5, "expected `:`"));
    }

    proptest! {
        #[test]
        fn read_json_changes_no_valid_document(text in "\\PC{0,30}", number in any::<i32>()) {
            let valid = serde_json::json!({"a,]": [text.clone(), number], text: {}}).to_string();
            let (value, warnings) = read(&valid);
            prop_assert_eq!(value.unwrap().to_string(), valid.clone());
            prop_assert!(warnings.is_empty());
            let mut silent = FeedWarnings::default();
            prop_assert_eq!(repair(&valid, &mut silent).text, valid);
        }

        #[test]
        fn read_json_accepts_any_text(parts in prop::collection::vec(prop::sample::select(vec![
            "{", "}", "[", "]", "\"", ",", ":", "\\", "\n", "\\u00e", "é", "1", " ", "\"a\"",
        ]), 0..40)) {
            read(&parts.concat());
        }
    }
}
