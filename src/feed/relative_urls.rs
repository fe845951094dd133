//! Relative URLs in the HTML of a feed, resolved while the base that the document gives them is
//! known.

use std::{borrow::Cow, ops::Range};

use memchr::memrchr;

use super::{
    budget::ParseBudget,
    link_url::{is_relative, strip_fragment},
};
use crate::markup::{parse_attributes, scan_tags};

/// Attributes that hold a URL; the first three of pictures that scripts would load.
const URL_ATTRIBUTES: [&str; 14] = [
    "data-src",
    "data-lazy-src",
    "data-original",
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

/// Attributes that hold several URLs, each with a width or density (HTML §4.8.4.2.1).
const URL_LIST_ATTRIBUTES: [&str; 2] = ["srcset", "data-srcset"];

/// Resolves the relative URLs in `html` against `base`, or against the base that the HTML itself gives
/// (RFC 3986 §5.2). Changes nothing else. An
/// empty `href` becomes the base itself. Once the budget is exceeded, all
/// of them stay.
pub(super) fn resolve_html_urls(html: &mut String, base: &str, budget: &ParseBudget) {
    let replacements = find_replacements(html, base, budget);
    if replacements.is_empty() || budget.is_exceeded() {
        return;
    }
    let added = replacements.iter().map(|(range, url)| url.len().saturating_sub(range.len()));
    let mut out = String::with_capacity(html.len() + added.sum::<usize>());
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
fn find_replacements(html: &str, base: &str, budget: &ParseBudget) -> Vec<(Range<usize>, String)> {
    let mut replacements = Vec::new();
    let mut base = Cow::Borrowed(base);
    let mut has_own_base = false;
    // The text after the last `>` is not a tag, even if it begins like one.
    let end = memrchr(b'>', html.as_bytes()).map_or(0, |last| last + 1);
    for tag in scan_tags(&html[..end]).filter(|tag| tag.is_element() && !tag.closing) {
        // HTML §4.2.3: the first `base` with a URL is the one in force.
        if !has_own_base
            && tag.name.eq_ignore_ascii_case("base")
            && let Some(own_base) = base_of(tag.attributes, &base, budget)
        {
            (base, has_own_base) = (Cow::Owned(own_base), true);
            continue;
        }
        for (name, value) in parse_attributes(tag.attributes) {
            if let Some(resolved) = resolve_attribute(name, value, &base, budget)
                && let Some(range) = byte_range_of(value, html)
            {
                replacements.push((range, resolved));
            }
        }
    }
    replacements
}

/// Returns the URL of a `base` element, which is absolute or relative to `base`.
fn base_of(attributes: &str, base: &str, budget: &ParseBudget) -> Option<String> {
    let mut attributes = parse_attributes(attributes);
    let (_, href) = attributes.find(|(name, _)| name.eq_ignore_ascii_case("href"))?;
    budget.resolve(href.trim(), Some(base))
}

/// Returns the value to put in place of the value of an attribute; `None` if it stays.
fn resolve_attribute(name: &str, value: &str, base: &str, budget: &ParseBudget) -> Option<String> {
    let is_one_of = |names: &[&str]| names.iter().any(|known| name.eq_ignore_ascii_case(known));
    if is_one_of(&URL_LIST_ATTRIBUTES) {
        let resolved = resolve_url_list(value, base, budget);
        return (resolved != value).then_some(resolved);
    }
    if !is_one_of(&URL_ATTRIBUTES) {
        return None;
    }
    match value.trim() {
        "" if name.eq_ignore_ascii_case("href") => {
            budget.charge_insertion(base.len());
            (!budget.is_exceeded()).then(|| strip_fragment(base))
        }
        url if is_relative(url) => budget.resolve(value, Some(base)),
        _ => None,
    }
}

/// Resolves each URL of a list. A URL ends at white space, so that it can contain commas.
fn resolve_url_list(list: &str, base: &str, budget: &ParseBudget) -> String {
    let mut out = String::with_capacity(list.len());
    let mut expects_url = true;
    for part in list.split_inclusive(|c: char| c.is_ascii_whitespace()) {
        let word = part.trim_end_matches(|c: char| c.is_ascii_whitespace());
        let url = word.trim_end_matches(',');
        let needs_base = expects_url && is_relative(url);
        let resolved = if needs_base { budget.resolve(url, Some(base)) } else { None };
        match resolved {
            Some(resolved) => {
                out.push_str(&resolved);
                out.push_str(&part[url.len()..]);
            }
            None => out.push_str(part),
        }
        expects_url = word.ends_with(',') || expects_url && word.is_empty();
    }
    out
}

/// Returns the bytes of `text` that `part`, a slice of it, takes; `None` if `part` is not between
/// quotes or after a sign, as the value of an attribute without `=`.
fn byte_range_of(part: &str, text: &str) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(text.as_ptr() as usize)?;
    let end = start.checked_add(part.len()).filter(|end| *end <= text.len())?;
    let is_value = !part.is_empty()
        || start.checked_sub(1).is_some_and(|at| matches!(text.as_bytes()[at], b'"' | b'\''));
    is_value.then_some(start..end)
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
            (
                "<a href=''>top</a><a href>x</a><img src=''>",
                "<a href='https://example.org/a/index.html'>top</a><a href>x</a><img src=''>",
            ),
            (
                "<img srcset='s.png 480w, /l,1.png 2x,\nhttps://x.org/m.png 3x'>",
                "<img srcset='https://example.org/a/s.png 480w, https://example.org/l,1.png 2x,\n\
                 https://x.org/m.png 3x'>",
            ),
            (
                "<base href='https://x.org/q/'><base href='https://y.org/'><a href='b'>b</a>",
                "<base href='https://x.org/q/'><base href='https://y.org/'><a href='https://x.org/q/b'>b</a>",
            ),
            (
                "<base target=x><a href='b'>b</a>",
                "<base target=x><a href='https://example.org/a/b'>b</a>",
            ),
            ("<img data-src=\"d.png\">", "<img data-src=\"https://example.org/a/d.png\">"),
        ];
        for (html, expected) in cases {
            let mut html = html.to_owned();
            let base = "https://example.org/a/index.html#top";
            resolve_html_urls(&mut html, base, &ParseBudget::default());
            assert_eq!(html, expected);
        }
    }

    proptest! {
        #[test]
        fn resolve_html_urls_never_shrinks_any_text(text in "[<>a-z=\"'/ é]{0,60}") {
            let mut html = text.clone();
            resolve_html_urls(&mut html, "https://example.org/", &ParseBudget::default());
            prop_assert!(html.len() >= text.len());
        }
    }
}
