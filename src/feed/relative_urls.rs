//! Relative addresses in the HTML of a feed, resolved while the base that the document gives them is known.

use std::ops::Range;

use memchr::{memchr, memrchr};
use quick_xml::events::attributes::Attributes;

use super::link_url::{is_relative, resolve as absolute};

/// Attributes that hold an address.
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

/// Resolves what is relative in `html` against `base` (RFC 3986 §5.2). Nothing else is touched.
pub(super) fn resolve_html_urls(html: &mut String, base: &str) {
    let changes = find_replacements(html, base);
    if changes.is_empty() {
        return;
    }
    let mut out = String::with_capacity(html.len() + changes.len() * base.len());
    let mut done = 0;
    for (range, address) in changes {
        out.push_str(&html[done..range.start]);
        out.push_str(&address);
        done = range.end;
    }
    out.push_str(&html[done..]);
    *html = out;
}

fn find_replacements(html: &str, base: &str) -> Vec<(Range<usize>, String)> {
    let mut changes = Vec::new();
    let end = memrchr(b'>', html.as_bytes()).map_or(0, |last| last + 1);
    let mut at = 0;
    while let Some(start) = memchr(b'<', &html.as_bytes()[at..end]).map(|start| at + start) {
        let Some(length) = memchr(b'>', &html.as_bytes()[start..end]) else { break };
        let tag = &html[start + 1..start + length];
        at = start + length + 1;
        if tag.starts_with(|c: char| c.is_ascii_alphabetic()) && tag.contains('=') {
            collect_tag_replacements(tag, start + 1, base, &mut changes);
        }
    }
    changes
}

fn collect_tag_replacements(
    tag: &str,
    offset: usize,
    base: &str,
    changes: &mut Vec<(Range<usize>, String)>,
) {
    let name = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
    let mut attributes = Attributes::html(tag, name);
    for attribute in attributes.with_checks(false).filter_map(Result::ok) {
        let key = attribute.key.into_inner();
        let value: &str = &attribute.value;
        let relative = is_relative(value.trim())
            && URL_ATTRIBUTES.iter().any(|name| key.eq_ignore_ascii_case(name));
        let Some(address) = relative.then(|| absolute(value, Some(base))).flatten() else {
            continue;
        };
        // The value is a part of the tag: where it stands in it is told by where they stand in memory.
        let from = (value.as_ptr() as usize).wrapping_sub(tag.as_ptr() as usize);
        if tag.get(from..from + value.len()) == Some(value) {
            changes.push((offset + from..offset + from + value.len(), address));
        }
    }
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
