//! What the HTML parser gets to see: tags and attributes that matter, written so that they can be read one way only.
//!
//! Scripts, styles, drawings, comments and forms are cut out of the raw text. So the parser never meets the states in
//! which it reads text differently than [`DepthLimiter`] counted it.

use super::{
    depth_limit::{DepthLimiter, MAX_DEPTH},
    tokenizer::{HtmlTag, parse_attributes, tokenize_tags},
};

/// Longer texts do not reach the parser, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// Tags and character references at the most; the parser spends a microsecond on each.
const MAX_TAGS_AND_REFERENCES: usize = 1 << 20;

const DOCUMENT_ATTRIBUTES: [&str; 26] = [
    "alt",
    "aria-label",
    "class",
    "content",
    "data",
    "data-lazy-src",
    "data-original",
    "data-src",
    "datetime",
    "height",
    "hidden",
    "href",
    "id",
    "itemprop",
    "lang",
    "name",
    "property",
    "rel",
    "reversed",
    "role",
    "src",
    "srcset",
    "start",
    "style",
    "title",
    "width",
];

/// What of a page remains for one reader of it.
pub(super) struct SanitizePolicy {
    /// Elements open at the same time at the most.
    pub(super) max_depth: usize,
    /// Whether an attribute, by name and value, says something to the reader.
    pub(super) keeps_attribute: fn(&str, &str) -> bool,
    /// Attributes of one element at the most; the parser compares each with all others.
    pub(super) max_attributes: usize,
    /// Whether an element, by its name in lower case, says something to the reader.
    pub(super) keeps_element: fn(&str) -> bool,
    /// What is written in place of something that is cut out.
    pub(super) write_replacement: fn(&HtmlTag<'_>, &mut String),
}

/// What a document is made of.
const DOCUMENT_POLICY: SanitizePolicy = SanitizePolicy {
    max_depth: MAX_DEPTH,
    keeps_attribute: |name, _| {
        DOCUMENT_ATTRIBUTES.iter().any(|kept| name.eq_ignore_ascii_case(kept))
    },
    max_attributes: 16,
    keeps_element: |_| true,
    write_replacement: write_iframe_as_embed,
};

/// What is in a frame is for those who cannot show it; to the parser it is an element without content.
fn write_iframe_as_embed(tag: &HtmlTag<'_>, out: &mut String) {
    if tag.name == "iframe" && !tag.closing {
        write_tag(&tag.with_name("embed"), &DOCUMENT_POLICY, out);
    }
}

/// `text` for the parser; `None` if it is too long, too dense or too deep for it.
pub(super) fn sanitize_document(text: &str) -> Option<String> {
    sanitize_with_policy(text, &DOCUMENT_POLICY)
}

/// The same, with what is `kept` of it.
pub(super) fn sanitize_with_policy(text: &str, kept: &SanitizePolicy) -> Option<String> {
    let is_mark = |byte: &u8| matches!(byte, b'<' | b'&');
    if text.len() > MAX_BYTES || text.bytes().filter(is_mark).count() > MAX_TAGS_AND_REFERENCES {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut gate = DepthLimiter::default();
    let mut done = 0;
    for tag in tokenize_tags(text) {
        write_text(&text[done..tag.start], &mut out);
        done = tag.end;
        let lower = tag.name.to_ascii_lowercase();
        let tag = tag.with_name(&lower);
        if tag.is_element() && is_safe_element(tag.name) && (kept.keeps_element)(tag.name) {
            if !gate.accept_tag(&tag, kept.max_depth) {
                return None;
            }
            write_tag(&tag, kept, &mut out);
        } else if tag.name == "title" {
            out.push_str("<title>");
            write_text(tag.content, &mut out);
            out.push_str("</title>");
        } else {
            (kept.write_replacement)(&tag, &mut out);
        }
    }
    write_text(&text[done..], &mut out);
    Some(out)
}

/// Writes text between tags; a `<` in it that the parser could take for the start of one is escaped.
fn write_text(text: &str, out: &mut String) {
    let mut parts = text.split('<').peekable();
    while let Some(part) = parts.next() {
        out.push_str(part);
        if let Some(next) = parts.peek() {
            let harmless = next
                .starts_with(|c: char| !c.is_ascii_alphabetic() && !matches!(c, '/' | '!' | '?'));
            out.push_str(if harmless { "<" } else { "&lt;" });
        }
    }
}

pub(super) fn write_tag(tag: &HtmlTag<'_>, kept: &SanitizePolicy, out: &mut String) {
    out.extend([if tag.closing { "</" } else { "<" }, tag.name]);
    if !tag.closing {
        let said = parse_attributes(tag.attributes)
            .filter(|(name, value)| (kept.keeps_attribute)(name, value));
        for (name, value) in said.take(kept.max_attributes) {
            out.extend([" ", name, "=\"", &value.replace('"', "&quot;"), "\""]);
        }
    }
    out.push('>');
}

/// Whether an element may reach the parser: not those that change how it reads what follows.
fn is_safe_element(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    letters && !matches!(name, "plaintext" | "frameset" | "frame" | "image" | "isindex")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sanitize_document_keeps_unambiguous_markup() {
        let cases = [
            ("<P CLASS=a ONCLICK='x'>a < b</P>", "<p CLASS=\"a\">a < b</p>"),
            ("<a href='x\"y'>", "<a href=\"x&quot;y\">"),
            ("a<!-- <div> -->b<!doctype html>c<?x?>d", "abcd"),
            ("a<script>'<div>'</script>b<STYLE><div></style>c", "abc"),
            ("a<svg><style><svg></svg><div></style></svg>b", "ab"),
            ("<title>a <b> &amp;</title>", "<title>a &lt;b> &amp;</title>"),
            ("<svg>never ended", "never ended"),
            ("<script>never ended", ""),
            ("<x:y>a<plaintext>b", "ab"),
        ];
        for (text, expected) in cases {
            assert_eq!(sanitize_document(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn sanitize_document_rejects_deep_nesting() {
        let cases = [
            ("<p>", true),
            ("<br><img src=x>", true),
            ("<div><span></div>", true),
            ("<ul><li>a</ul>", true),
            ("<a name=x>", true),
            ("<h1>a</h2>", true),
            ("<table><tr><td><font>a<td><b>b</table>", true),
            ("<!-- <div> -->", true),
            ("<script>'<div>'</script>", true),
            ("<div>", false),
            ("<div></b>", false),
            ("<div><b></div>", false),
            ("<div><table><td></div>", false),
            ("<rt>", false),
            ("<optgroup>", false),
            ("<table><b><td>", false),
        ];
        for (part, harmless) in cases {
            assert_eq!(sanitize_document(&part.repeat(1000)).is_some(), harmless, "{part}");
        }
    }
}
