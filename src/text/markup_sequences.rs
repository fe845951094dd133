//! Terminal control sequences in markup, before it is parsed.
//!
//! XML has no escape character, and HTML's references to it give nothing: a parser that drops that
//! character alone leaves the rest of the sequence as text, such as `[31m`.

use std::borrow::Cow;

use memchr::{memchr2, memmem};

const ESCAPE: char = '\u{1b}';

/// Maximum length of a control string, such as a title, in bytes.
const MAX_STRING_BYTES: usize = 4096;

/// Ends of the character references to the escape character, and the bytes that may be before them. The
/// apostrophe, `&#x27;`, is far more frequent.
const ESCAPE_REFERENCE_ENDS: [(&str, &[u8]); 3] =
    [("27;", b"#0"), ("1b;", b"xX0"), ("1B;", b"xX0")];

/// Returns markup without terminal sequences, whether their escape character is written as itself or
/// as a reference. Nothing that could be markup is removed.
pub fn strip_sequences_in_markup(markup: Cow<'_, str>) -> Cow<'_, str> {
    if !markup.contains(ESCAPE) && !may_have_escape_reference(markup.as_bytes()) {
        return markup;
    }
    let mut kept = String::with_capacity(markup.len());
    let mut rest: &str = &markup;
    while let Some(at) = memchr2(b'\x1b', b'&', rest.as_bytes()) {
        kept.push_str(&rest[..at]);
        rest = &rest[at..];
        match escape_length(rest) {
            0 => {
                kept.push('&');
                rest = &rest[1..];
            }
            length => rest = &rest[length + remains_length(&rest[length..])..],
        }
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// Returns false if no character reference to the escape character is in `markup`.
fn may_have_escape_reference(markup: &[u8]) -> bool {
    ESCAPE_REFERENCE_ENDS.iter().any(|(end, before)| {
        memmem::find_iter(markup, end.as_bytes())
            .any(|at| at.checked_sub(1).is_some_and(|last| before.contains(&markup[last])))
    })
}

/// Returns text without terminal sequences whose escape character is written as itself.
pub fn strip_sequences(text: &str) -> Cow<'_, str> {
    let (mut kept, mut rest) = match text.find(ESCAPE) {
        Some(at) => (text[..at].to_owned(), &text[at..]),
        None => return Cow::Borrowed(text),
    };
    while let Some(after) = rest.strip_prefix(ESCAPE) {
        let after = &after[remains_length(after)..];
        let end = after.find(ESCAPE).unwrap_or(after.len());
        kept.push_str(&after[..end]);
        rest = &after[end..];
    }
    Cow::Owned(kept)
}

/// Returns the length of the escape character at the start of `markup`, or of a reference to it; 0 if
/// there is neither.
fn escape_length(markup: &str) -> usize {
    if markup.starts_with(ESCAPE) {
        return ESCAPE.len_utf8();
    }
    let Some(number) = markup.strip_prefix("&#") else { return 0 };
    let end = number.bytes().take(16).position(|byte| byte == b';');
    match end {
        Some(end) if is_escape_number(&number[..end]) => "&#".len() + end + ";".len(),
        _ => 0,
    }
}

/// Returns true if a numeric character reference, without `&#` and `;`, is that of the escape
/// character.
pub(super) fn is_escape_number(number: &str) -> bool {
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16),
        None => number.parse(),
    };
    code == Ok(u32::from(ESCAPE))
}

/// Returns the length of what is left at the start of `text` of a sequence whose escape character was
/// removed; 0 if it is no whole sequence, because then it may be text.
pub(super) fn remains_length(text: &str) -> usize {
    match text.as_bytes().first() {
        Some(b'[') => control_sequence_length(&text[1..]).map_or(0, |length| 1 + length),
        Some(b']' | b'P' | b'X' | b'^' | b'_') => control_string_length(text),
        _ => 0,
    }
}

/// Returns the length of parameters and the final byte (ECMA-48 §5.4), but without `<`, `>` and `&`.
fn control_sequence_length(text: &str) -> Option<usize> {
    let is_parameter = |byte: &u8| matches!(byte, b'0'..=b'9' | b';' | b':' | b'?');
    let parameters = text.bytes().take_while(|byte| is_parameter(byte)).count();
    let is_final = text.as_bytes().get(parameters).is_some_and(|byte| matches!(byte, b'@'..=b'~'));
    is_final.then_some(parameters + 1)
}

/// Returns the length of a control string with its end, BEL or ST; 0 if it has none, or if markup
/// comes first.
fn control_string_length(text: &str) -> usize {
    let bytes = &text.as_bytes()[..text.len().min(MAX_STRING_BYTES)];
    let end = bytes.iter().position(|byte| matches!(byte, 7 | 0x1b | b'<' | b'&'));
    match end {
        Some(end) if bytes[end] == 7 => end + 1,
        Some(end) if bytes[end..].starts_with(b"\x1b\\") => end + 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strip_sequences_leaves_references() {
        let text = "a\u{1b}[77;77Hb&#27;[31m\u{1b}]0;x\u{1b}\\c\u{1b}\u{1b}d\u{1b}";
        assert_eq!(strip_sequences(text), "ab&#27;[31mcd");
        assert!(matches!(strip_sequences("[31m"), Cow::Borrowed(_)));
    }

    #[test]
    fn strip_sequences_in_markup_leaves_markup_and_text() {
        let cases = [
            ("<t>a\u{1b}[77;77Hb&#27;[31mc&#x01B;[?25ld</t>", "<t>abcd</t>"),
            ("a\u{1b}]0;title\u{7}b\u{1b}]8;;x\u{1b}\\c", "abc"),
            ("a\u{1b}</t>b\u{1b}[</t>c\u{1b}[3<i>", "a</t>b[</t>c[3<i>"),
            ("a\u{1b}]0;unended</t>\u{7}", "a]0;unended</t>\u{7}"),
            ("&#270;[31m &amp;#27;[31m [31m &#27;", "&#270;[31m &amp;#27;[31m [31m "),
            ("päx;27;\u{1b}[é", "päx;27;[é"),
        ];
        for (markup, expected) in cases {
            assert_eq!(strip_sequences_in_markup(Cow::Borrowed(markup)), expected, "{markup:?}");
        }
        for markup in ["&#8217;[1]", "&#x27;[1m", "27;1b;"] {
            assert!(matches!(strip_sequences_in_markup(Cow::Borrowed(markup)), Cow::Borrowed(_)));
        }
    }
}
