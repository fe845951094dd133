//! HTML without its tags, in one pass: for headlines, and for searching, where blocks and links do not matter.

use std::borrow::Cow;

use memchr::{memchr, memchr2, memmem, memrchr};

use crate::text::decode_entities;

/// Elements whose content is not text.
const NON_TEXT_ELEMENTS: [&str; 6] =
    ["script", "style", "template", "iframe", "object", "noscript"];

/// Elements inside a line; every other one parts words.
const INLINE_ELEMENTS: [&str; 26] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "var", "wbr",
];

/// The text of `html`: no tags, comments, scripts or styles, character references decoded, blocks parted by `\n`.
pub fn html_to_text(html: &str) -> Cow<'_, str> {
    if memchr2(b'<', b'&', html.as_bytes()).is_none() {
        return Cow::Borrowed(html);
    }
    let mut out = String::with_capacity(html.len());
    let (mut rest, tail) = split_after_last_tag(html);
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        decode_entities(&rest[..at], &mut out);
        rest = &rest[at..];
        rest = if let Some(tag) = scan_tag(rest) {
            apply_tag(tag, &rest[tag.length..], &mut out)
        } else {
            out.push('<');
            &rest[1..]
        };
    }
    decode_entities(rest, &mut out);
    decode_entities(tail, &mut out);
    Cow::Owned(out)
}

/// `html` up to its last `>`, and what follows, in which no tag can be: so that no search for an end is in vain, and
/// the whole takes time in proportion to its length.
fn split_after_last_tag(html: &str) -> (&str, &str) {
    html.split_at(memrchr(b'>', html.as_bytes()).map_or(0, |last| last + 1))
}

/// Whether `text` has markup: a tag of HTML, or a character reference.
pub fn contains_markup(text: &str) -> bool {
    contains_tag(text) || {
        let mut decoded = String::new();
        memchr(b'&', text.as_bytes()).is_some() && {
            decode_entities(text, &mut decoded);
            decoded != text
        }
    }
}

fn contains_tag(text: &str) -> bool {
    let (mut rest, _) = split_after_last_tag(text);
    while let Some(at) = memchr(b'<', rest.as_bytes()) {
        rest = &rest[at..];
        match scan_tag(rest) {
            Some(tag) if tag.name.starts_with('!') || is_html_element(tag.name) => return true,
            Some(tag) => rest = &rest[tag.length..],
            None => rest = &rest[1..],
        }
    }
    false
}

/// `text` as HTML that shows it.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            _ => out.push(c),
        }
    }
    out
}

#[derive(Clone, Copy)]
struct ScannedTag<'a> {
    name: &'a str,
    closing: bool,
    length: usize,
}

/// The tag or comment that `text`, beginning with `<`, begins with.
fn scan_tag(text: &str) -> Option<ScannedTag<'_>> {
    if let Some(comment) = text.strip_prefix("<!--") {
        let end = memmem::find(comment.as_bytes(), b"-->").map_or(text.len(), |end| end + 7);
        return Some(ScannedTag { name: "!", closing: false, length: end });
    }
    let (start, closing) = if text.starts_with("</") { (2, true) } else { (1, false) };
    let first = *text.as_bytes().get(start)?;
    if !first.is_ascii_alphabetic() && !matches!(first, b'!' | b'?') {
        return None;
    }
    let name = text[start..]
        .bytes()
        .position(|byte| !byte.is_ascii_alphanumeric() && byte != b'!' && byte != b'-');
    let name = &text[start..start + name.unwrap_or(text.len() - start)];
    Some(ScannedTag { name, closing, length: tag_length(text)? })
}

/// The length of a tag; a `>` within quotes belongs to a value.
fn tag_length(text: &str) -> Option<usize> {
    let plain = memchr(b'>', text.as_bytes())?;
    if memchr2(b'"', b'\'', &text.as_bytes()[..plain]).is_none() {
        return Some(plain + 1);
    }
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None, b'>') => return Some(at + 1),
            _ => {}
        }
    }
    // A quote that is never closed ends with the tag.
    Some(plain + 1)
}

/// What is left after a tag has had its effect.
fn apply_tag<'a>(tag: ScannedTag<'_>, rest: &'a str, out: &mut String) -> &'a str {
    if !tag.closing && NON_TEXT_ELEMENTS.iter().any(|name| tag.name.eq_ignore_ascii_case(name)) {
        return skip_to_end_tag(tag.name, rest);
    }
    let inline = INLINE_ELEMENTS.iter().any(|name| tag.name.eq_ignore_ascii_case(name));
    if !inline && tag.name != "!" && !out.ends_with('\n') {
        out.push('\n');
    }
    rest
}

/// What follows the end tag of `name`; nothing closes it: everything.
fn skip_to_end_tag<'a>(name: &str, rest: &'a str) -> &'a str {
    for at in memmem::find_iter(rest.as_bytes(), b"</") {
        let inside = &rest[at + 2..];
        if inside.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name)) {
            return memchr(b'>', inside.as_bytes()).map_or("", |end| &inside[end + 1..]);
        }
    }
    ""
}

/// Whether HTML has an element of this name.
pub(crate) fn is_html_element(name: &str) -> bool {
    const ELEMENTS: [&str; 94] = [
        "a",
        "abbr",
        "acronym",
        "address",
        "article",
        "aside",
        "audio",
        "b",
        "bdi",
        "bdo",
        "big",
        "blink",
        "blockquote",
        "body",
        "br",
        "button",
        "caption",
        "center",
        "cite",
        "code",
        "col",
        "dd",
        "del",
        "details",
        "dfn",
        "dir",
        "div",
        "dl",
        "dt",
        "em",
        "embed",
        "figcaption",
        "figure",
        "font",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "head",
        "header",
        "hr",
        "html",
        "i",
        "iframe",
        "img",
        "input",
        "ins",
        "kbd",
        "label",
        "li",
        "link",
        "main",
        "mark",
        "marquee",
        "math",
        "meta",
        "nav",
        "noscript",
        "object",
        "ol",
        "p",
        "picture",
        "pre",
        "q",
        "s",
        "samp",
        "script",
        "section",
        "select",
        "small",
        "source",
        "span",
        "strike",
        "strong",
        "style",
        "sub",
        "summary",
        "sup",
        "svg",
        "table",
        "tbody",
        "td",
        "th",
        "time",
        "tr",
        "tt",
        "u",
        "ul",
        "var",
        "video",
    ];
    ELEMENTS.iter().any(|element| element.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn html_to_text_removes_tags_and_keeps_text() {
        let cases = [
            ("plain", "plain"),
            ("a <b>bold</b> word", "a bold word"),
            ("<p>One</p><p>Two &amp; three</p>", "\nOne\nTwo & three\n"),
            ("a<br/>b", "a\nb"),
            ("a < b and 3<4", "a < b and 3<4"),
            ("x<script>if (a<b) {}</script>y", "xy"),
            ("x<!-- <p>no</p> -->y", "xy"),
            ("<a title=\"a > b\">link</a>", "link"),
            ("<img alt='it's broken>after", "\nafter"),
            ("never <closed", "never <closed"),
        ];
        for (html, expected) in cases {
            assert_eq!(html_to_text(html), expected, "{html}");
        }
    }

    #[test]
    fn contains_markup_distinguishes_markup_from_text() {
        for text in ["<b>x</b>", "a&nbsp;b", "x<br>", "&#8217;", "<!-- -->"] {
            assert!(contains_markup(text), "{text}");
        }
        for text in ["Vec<T> in Rust", "a < b", "AT&T", "x & y", ""] {
            assert!(!contains_markup(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn html_to_text_accepts_any_text(text in "[<>&;a-z\"'!/ -]{0,80}") {
            prop_assert!(html_to_text(&text).len() <= text.len() + 80);
            contains_markup(&text);
        }

        #[test]
        fn escape_html_round_trips_through_html_to_text(text in "\\PC{0,60}") {
            let escaped = escape_html(&text);
            prop_assert_eq!(html_to_text(&escaped), text);
        }
    }
}
