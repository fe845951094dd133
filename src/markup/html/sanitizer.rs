//! The sanitizer, which runs before the HTML parser: keeps the useful tags and attributes, and
//! writes them unambiguously.
//!
//! Scripts, styles, drawings, comments and forms are cut out of the raw text. So the parser never
//! enters the states in which it reads text differently from the count of [`DepthLimiter`].

use super::{
    depth_limit::{DepthLimiter, MAX_DEPTH},
    element_role::element_role,
    left_out::{TagAudience, shown_tags},
    replacement::write_replacement,
    tag_scanner::{HtmlTag, parse_attributes},
};

/// Maximum size of a text that reaches the parser, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// Maximum number of tags and character references; the parser spends a microsecond on each.
const MAX_TAGS_AND_REFERENCES: usize = 1 << 20;

const DOCUMENT_ATTRIBUTES: [&str; 37] = [
    "alt",
    "aria-label",
    "border",
    "checked",
    "class",
    "colspan",
    "content",
    "data",
    "data-actualsrc",
    "data-lazy",
    "data-lazy-src",
    "data-lazy-srcset",
    "data-original",
    "data-original-src",
    "data-src",
    "data-srcset",
    "datetime",
    "height",
    "href",
    "id",
    "itemprop",
    "lang",
    "max",
    "name",
    "property",
    "rel",
    "reversed",
    "role",
    "rowspan",
    "src",
    "srcset",
    "start",
    "style",
    "title",
    "type",
    "value",
    "width",
];

/// The parts of a page that are kept for one purpose.
pub(super) struct SanitizePolicy {
    /// The parts that are left out.
    pub(super) audience: TagAudience,
    /// Maximum number of open elements.
    pub(super) max_depth: usize,
    /// Returns true if an attribute, by name and value, is kept.
    pub(super) keeps_attribute: fn(&str, &str) -> bool,
    /// Maximum number of attributes of an element; the parser compares each with all others.
    pub(super) max_attributes: usize,
    /// Returns true if an element, by its name in lower case, is kept.
    pub(super) keeps_element: fn(&str) -> bool,
    /// Writes the replacement of something that is cut out.
    pub(super) write_replacement: fn(&HtmlTag<'_>, &mut String),
}

/// The policy for documents.
const DOCUMENT_POLICY: SanitizePolicy = SanitizePolicy {
    audience: TagAudience::Document,
    max_depth: MAX_DEPTH,
    keeps_attribute: |name, _| {
        DOCUMENT_ATTRIBUTES.iter().any(|kept| name.eq_ignore_ascii_case(kept))
    },
    max_attributes: 16,
    keeps_element: |_| true,
    write_replacement: write_frame_or_text,
};

/// Writes a frame as an element without content, since its content is for programs that cannot show
/// it, and the text that stands for anything else.
fn write_frame_or_text(tag: &HtmlTag<'_>, out: &mut String) {
    if tag.name == "iframe" && !tag.closing {
        write_tag(&tag.with_name("embed"), &DOCUMENT_POLICY, out);
    } else {
        write_replacement(tag, out);
    }
}

/// Sanitises `text` for the parser; `None` if it is too long, too dense or too deep for it.
pub(super) fn sanitize_document(text: &str) -> Option<String> {
    sanitize_with_policy(text, &DOCUMENT_POLICY)
}

/// Sanitises `text` with a policy; `None` if it is too long, too dense or too deep for the parser.
pub(super) fn sanitize_with_policy(text: &str, policy: &SanitizePolicy) -> Option<String> {
    let is_mark = |byte: &u8| matches!(byte, b'<' | b'&');
    if text.len() > MAX_BYTES || text.bytes().filter(is_mark).count() > MAX_TAGS_AND_REFERENCES {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut depth_limiter = DepthLimiter::default();
    let mut text_start = 0;
    for tag in shown_tags(text, policy.audience) {
        write_text(&text[text_start..tag.start], &mut out);
        text_start = tag.end;
        let lower = tag.name.to_ascii_lowercase();
        // The parser reads it as the other name (HTML standard §13.2.6.4.7).
        let lower = if lower == "image" { "img".to_owned() } else { lower };
        let tag = tag.with_name(&lower);
        if tag.is_element() && is_safe_element(tag.name) && (policy.keeps_element)(tag.name) {
            if !depth_limiter.accept_tag(&tag, policy.max_depth) {
                return None;
            }
            write_tag(&tag, policy, &mut out);
        } else if tag.name == "title" {
            out.push_str("<title>");
            write_text(tag.content, &mut out);
            out.push_str("</title>");
        } else if !tag.closing && element_role(tag.name).is_block() {
            // The paragraphs before and after a block that is left out stay apart.
            out.push_str("<div></div>");
        } else {
            (policy.write_replacement)(&tag, &mut out);
        }
    }
    write_text(&text[text_start..], &mut out);
    Some(out)
}

/// Writes text between tags. A `<` that the parser could take for the start of a tag is escaped.
fn write_text(text: &str, out: &mut String) {
    let mut parts = text.split('<').peekable();
    while let Some(part) = parts.next() {
        out.push_str(part);
        if let Some(next) = parts.peek() {
            let begins_no_tag = next
                .starts_with(|c: char| !c.is_ascii_alphabetic() && !matches!(c, '/' | '!' | '?'));
            out.push_str(if begins_no_tag { "<" } else { "&lt;" });
        }
    }
}

pub(super) fn write_tag(tag: &HtmlTag<'_>, policy: &SanitizePolicy, out: &mut String) {
    out.extend([if tag.closing { "</" } else { "<" }, tag.name]);
    if !tag.closing {
        let kept_attributes = parse_attributes(tag.attributes)
            .filter(|(name, value)| (policy.keeps_attribute)(name, value));
        for (name, value) in kept_attributes.take(policy.max_attributes) {
            out.extend([" ", name, "=\"", &value.replace('"', "&quot;"), "\""]);
        }
    }
    out.push('>');
}

/// Returns true if an element may reach the parser: it does not change how the following text is
/// read.
fn is_safe_element(name: &str) -> bool {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    letters && !matches!(name, "plaintext" | "frameset" | "frame" | "isindex")
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
            ("<x:y>a<plaintext>b<i>", "a<pre>\nb&lt;i&gt;</pre>"),
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
            ("<a href=x><div></a>", false),
            ("<b><p></b>", true),
            ("<font><div></font></div>", true),
            ("<span><div></span>", false),
            ("<span><div></span></div>", false),
            ("<div><span></div></span>", true),
            ("<span><em></span></em>", true),
        ];
        for (part, harmless) in cases {
            assert_eq!(sanitize_document(&part.repeat(1000)).is_some(), harmless, "{part}");
        }
    }
}
