//! Relative URLs in the HTML of a feed, resolved while the base that the document gives them is
//! known.

use std::ops::Range;

use memchr::memrchr;

use super::link_url::{is_relative, resolve};
use crate::markup::{parse_attributes, scan_tags};

/// Attributes that hold a URL.
const URL_ATTRIBUTES: [&str; 11] = [
    "href",
    "src",
    "cite",
    "action",
    "background",
    "longdesc",
    "poster",
    "data",
    "classid",
    "codebase",
    "usemap",
];

/// Resolves the relative URLs in `html` against `base` (RFC 3986 §5.2). Changes nothing else.
pub(super) fn resolve_html_urls(html: &mut String, base: &str) {
    let replacements = find_replacements(html, base);
    if replacements.is_empty() {
        return;
    }
    let mut out = String::with_capacity(html.len() + replacements.len() * base.len());
    let mut copied = 0;
    for (range, url) in replacements {
        out.push_str(&html[copied..range.start]);
        out.push_str(&url);
        copied = range.end;
    }
    out.push_str(&html[copied..]);
    *html = out;
}

/// Returns the bytes of each relative URL, and the absolute URL to put in their place.
fn find_replacements(html: &str, base: &str) -> Vec<(Range<usize>, String)> {
    let mut replacements = Vec::new();
    // The text after the last `>` is not a tag, even if it begins like one.
    let end = memrchr(b'>', html.as_bytes()).map_or(0, |last| last + 1);
    for tag in scan_tags(&html[..end]).filter(|tag| tag.is_element() && !tag.closing) {
        for (name, value) in parse_attributes(tag.attributes) {
            if URL_ATTRIBUTES.iter().any(|known| name.eq_ignore_ascii_case(known))
                && is_relative(value.trim())
                && let Some(url) = resolve(value, Some(base))
            {
                replacements.push((byte_range_of(value, html), url));
            }
        }
    }
    replacements
}

/// Returns the bytes of `text` that `part`, a slice of it, takes.
fn byte_range_of(part: &str, text: &str) -> Range<usize> {
    let start = part.as_ptr() as usize - text.as_ptr() as usize;
    start..start + part.len()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn resolve_html_urls_changes_only_relative_urls() {
        let cases = [
            ("<a href=\"b\">b</a>", "<a href=\"https://example.org/a/b\">b</a>"),
            ("<img alt=x src='/y.png'/>", "<img alt=x src='https://example.org/y.png'/>"),
            ("<a href=b>b</a>", "<a href=https://example.org/a/b>b</a>"),
            ("<a href=\"http://x.org/\" title=\"b\">", "<a href=\"http://x.org/\" title=\"b\">"),
            (
                "<a href=\"#note\"><a href=\"mailto:a@b.org\">",
                "<a href=\"#note\"><a href=\"mailto:a@b.org\">",
            ),
            ("3 < 4 and href=\"b\" >", "3 < 4 and href=\"b\" >"),
            ("<a href=\"b", "<a href=\"b"),
            ("<img alt='a > b' src=c>", "<img alt='a > b' src=https://example.org/a/c>"),
            (
                "<noscript><img src='c'/></noscript>",
                "<noscript><img src='https://example.org/a/c'/></noscript>",
            ),
        ];
        for (html, expected) in cases {
            let mut html = html.to_owned();
            resolve_html_urls(&mut html, "https://example.org/a/index.html");
            assert_eq!(html, expected);
        }
    }

    proptest! {
        #[test]
        fn resolve_html_urls_never_shrinks_any_text(text in "[<>a-z=\"'/ é]{0,60}") {
            let mut html = text.clone();
            resolve_html_urls(&mut html, "https://example.org/");
            prop_assert!(html.len() >= text.len());
        }
    }
}
