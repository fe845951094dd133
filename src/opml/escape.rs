//! References and characters: what attributes hold (XML 1.0, 2.2, 3.3.3 and 4.1), read with patience.

use std::borrow::Cow;

use crate::text::{decode_entities, floor_char_boundary};

/// The value of an attribute or the text of an element: references resolved once, line ends and tabs made blanks,
/// control characters dropped, blanks around it trimmed. An `&` that begins no reference stands for itself.
pub(super) fn unescape_xml(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    decode_entities(&replace_line_breaks(raw), &mut text);
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

/// Whether `c` is kept: XML 1.0 holds no others, and the controls it has beside these are for terminals only.
pub(super) fn is_allowed_char(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || !(c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}'))
}

/// The first `bytes` bytes of `text`, or fewer, so that no character is cut.
pub(super) fn truncate_bytes(text: &str, bytes: usize) -> &str {
    &text[..floor_char_boundary(text, bytes)]
}

/// `text` for an attribute in quotes, or for an element.
pub(super) fn escape_xml(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for c in text.chars().filter(|&c| is_allowed_char(c)) {
        match c {
            '&' => encoded.push_str("&amp;"),
            '<' => encoded.push_str("&lt;"),
            '>' => encoded.push_str("&gt;"),
            '"' => encoded.push_str("&quot;"),
            // As they are they would be read as blanks.
            '\t' => encoded.push_str("&#9;"),
            '\n' => encoded.push_str("&#10;"),
            '\r' => encoded.push_str("&#13;"),
            c => encoded.push(c),
        }
    }
    encoded
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
                "a\u{fffd}b[31m\u{fffd}\u{fffd}\u{fffd}c",
            ),
            ("\u{1b}[1mx\u{0}\u{9b}\u{fffe}", "[1mx"),
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
