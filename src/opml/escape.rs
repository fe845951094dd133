//! Lenient escaping and unescaping of attribute values and text (XML 1.0 §2.2, §3.3.3 and §4.1).

use std::{borrow::Cow, fmt::Write};

use crate::text::{
    decode_entities, floor_char_boundary, sanitize, strip_sequences, strip_sequences_in_markup,
};

/// Unescapes an attribute value or the text of an element.
///
/// References are resolved once, line ends and tabs become spaces, control characters are removed,
/// and white space at both ends is trimmed. An `&` that does not begin a reference stays.
pub(super) fn unescape_xml(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    decode_entities(&strip_sequences_in_markup(replace_line_breaks(raw)), &mut text);
    text.retain(is_allowed_char);
    let trimmed = text.trim();
    if trimmed.len() == text.len() { text } else { trimmed.to_owned() }
}

fn replace_line_breaks(raw: &str) -> Cow<'_, str> {
    if raw.contains(['\n', '\r', '\t']) {
        return raw.replace("\r\n", " ").replace(['\n', '\r', '\t'], " ").into();
    }
    raw.into()
}

/// Returns true if XML 1.0 allows `c`, except for the controls U+007F to U+009F, which only have
/// meaning for terminals.
pub(super) fn is_allowed_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// Truncates `text` to at most `max_bytes` bytes at a character boundary.
pub(super) fn truncate_bytes(text: &str, max_bytes: usize) -> &str {
    &text[..floor_char_boundary(text, max_bytes)]
}

/// Escapes `text` for a double-quoted attribute or an element. Characters that change the order of
/// others, or are invisible, become references.
pub(super) fn escape_xml(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in strip_sequences(text).chars().filter(|&c| is_allowed_char(c)) {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            // XML parsers turn an unescaped tab or line end in an attribute into a space.
            '\t' => escaped.push_str("&#9;"),
            '\n' => escaped.push_str("&#10;"),
            '\r' => escaped.push_str("&#13;"),
            c if sanitize::is_deceptive(c) => {
                // Writing to a string cannot fail.
                let _ = write!(escaped, "&#{};", u32::from(c));
            }
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescape_xml_resolves_references_once() {
        for (raw, text) in [
            ("a &amp; b &lt;c&gt; &quot;d&quot; &apos;e&apos;", "a & b <c> \"d\" 'e'"),
            ("caf&eacute;&nbsp;x &hellip; &euro;", "café\u{a0}x … €"),
            ("&#233;&#xe9;&#XE9; it&#146;s", "ééé it’s"),
            ("Tom &amp;amp; Ann &amp;#39;", "Tom &amp; Ann &#39;"),
            ("AT&T & R&D; &; &#; &#x; &#+5; &unknown;", "AT&T & R&D; &; &#; &#x; &#+5; &unknown;"),
            ("?a=1&copy=2&amp;lt=3", "?a=1&copy=2&lt=3"),
            (
                "a&#0;b&#27;[31m&#xd800;&#x110000;&#99999999999;c",
                "a\u{fffd}b\u{fffd}\u{fffd}\u{fffd}c",
            ),
            ("\u{1b}[1mx\u{0}\u{9b}\u{fffe}\u{1b}", "x"),
            (" a\r\nb\tc\rd\n", "a b c d"),
        ] {
            assert_eq!(unescape_xml(raw), text, "{raw:?}");
        }
    }

    #[test]
    fn escape_xml_round_trips_allowed_chars() {
        let text = "a\tb\nc\rd & <e> \"f\" 'g' &amp; é \u{2028} 🙂";
        assert_eq!(unescape_xml(&escape_xml(text)), text);
        assert_eq!(escape_xml("a\u{0}\u{1b}\u{85}\u{ffff}b"), "ab");
    }
}
