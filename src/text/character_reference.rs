//! Character references of XML and HTML, such as `&amp;` and `&#8217;`.

use std::borrow::Cow;

use encoding_rs::WINDOWS_1252;
use memchr::memchr;
use web_atoms::NAMED_ENTITIES;

use super::markup_sequences::{is_escape_number, remains_length};

/// Maximum length of a reference. The longest name in HTML's table has 31 characters; numbers are
/// shorter.
const MAX_REFERENCE_BYTES: usize = 33;

/// Returns the text of the reference `name`, given without its `&` and `;`; `None` if there is no
/// such name.
///
/// Numbers from 128 to 159 are windows-1252, as in every browser (HTML standard §13.2.5.80). NUL,
/// surrogates and numbers beyond Unicode give the replacement character; other control characters
/// give an empty text.
pub fn resolve_entity(name: &str) -> Option<Cow<'static, str>> {
    match name.strip_prefix('#') {
        Some(number) => resolve_numeric(number)
            .map(|text| Cow::Owned(text.to_string()))
            .or(Some(Cow::Borrowed("")))
            .filter(|_| is_numeric_reference(number)),
        None => resolve_named(name),
    }
}

fn resolve_named(name: &str) -> Option<Cow<'static, str>> {
    let simple = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => {
            let (first, second) = NAMED_ENTITIES.get(&format!("{name};"))?;
            let characters =
                [*first, *second].into_iter().filter(|code| *code != 0).filter_map(char::from_u32);
            return Some(Cow::Owned(characters.collect()));
        }
    };
    Some(Cow::Borrowed(simple))
}

fn split_radix(number: &str) -> (&str, u32) {
    match number.strip_prefix(['x', 'X']) {
        Some(hex) => (hex, 16),
        None => (number, 10),
    }
}

fn is_numeric_reference(number: &str) -> bool {
    let (digits, radix) = split_radix(number);
    !digits.is_empty() && digits.chars().all(|c| c.is_digit(radix))
}

fn resolve_numeric(number: &str) -> Option<char> {
    let (digits, radix) = split_radix(number);
    let code = u32::from_str_radix(digits, radix).unwrap_or(0);
    match code {
        9 | 10 | 13 => char::from_u32(code),
        0 => Some(char::REPLACEMENT_CHARACTER),
        1..=31 | 127 => None,
        128..=159 => {
            let byte = [u8::try_from(code).expect("the number is below 160")];
            WINDOWS_1252.decode_without_bom_handling(&byte).0.chars().next()
        }
        _ => Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)),
    }
}

/// Appends `text` to `out` with its character references decoded. An `&` that does not begin a
/// reference is kept. A terminal sequence that begins with a reference is removed as a whole.
pub fn decode_entities(text: &str, out: &mut String) {
    let mut rest = text;
    while let Some(at) = memchr(b'&', rest.as_bytes()) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = reference_length(rest);
        let known = length.and_then(|length| resolve_entity(&rest[1..length - 1]));
        if let (Some(meaning), Some(length)) = (known, length) {
            out.push_str(&meaning);
            let is_escape = rest[1..length - 1].strip_prefix('#').is_some_and(is_escape_number);
            rest = &rest[length..];
            if is_escape {
                rest = &rest[remains_length(rest)..];
            }
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
}

/// Returns the length of the reference at the start of `text`, with its `&` and `;`.
fn reference_length(text: &str) -> Option<usize> {
    let end = text.bytes().take(MAX_REFERENCE_BYTES).position(|byte| byte == b';')?;
    let named = text[1..end].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
    (named && end > 1).then_some(end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decode_entities_replaces_references_and_keeps_the_rest() {
        let cases = [
            ("a &amp; b", "a & b"),
            ("&lt;p&gt;", "<p>"),
            ("&eacute;&#233;&#xE9;&#Xe9;", "éééé"),
            ("&alpha;&Omega;&hellip;&fnof;&NotEqualTilde;", "αΩ…ƒ≂̸"),
            ("1996&#150;2004", "1996–2004"),
            ("AT&T; & &unknown; &;", "AT&T; & &unknown; &;"),
            ("&#0;&#xD800;&#99999999999;", "\u{fffd}\u{fffd}\u{fffd}"),
            ("a&#7;b&#x1b;c", "abc"),
            ("&#;&#x;&#xyz;", "&#;&#x;&#xyz;"),
            ("ends with &", "ends with &"),
            ("&東;", "&東;"),
        ];
        for (text, expected) in cases {
            let mut out = String::new();
            decode_entities(text, &mut out);
            assert_eq!(out, expected, "{text}");
        }
    }
}
