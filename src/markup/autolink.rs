//! Detection of bare URLs in plain text.

use std::ops::Range;

use crate::text::floor_char_boundary;
use crate::text::url;

/// Finds every http(s) URL in `text`: its byte range, without surrounding punctuation, and the
/// normalized URL.
pub(super) fn find_urls(text: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let mut last_end = 0;
    memchr::memmem::find_iter(text.as_bytes(), "://").filter_map(move |separator| {
        let start = scheme_start(text, separator).filter(|start| *start >= last_end)?;
        let end = start + url_length(&text[start..]);
        last_end = end;
        let url = url::resolve(&text[start..end], None)?;
        Some((start..end, url))
    })
}

/// Returns the start of an http(s) scheme that ends at the `://` at byte `separator`; `None` for
/// another scheme and for a scheme within a word.
fn scheme_start(text: &str, separator: usize) -> Option<usize> {
    let before = &text.as_bytes()[..separator];
    let find_scheme = |scheme: &str| {
        let start = separator.checked_sub(scheme.len())?;
        let at_word_start = start == 0 || !before[start - 1].is_ascii_alphanumeric();
        let matches_scheme = before[start..].eq_ignore_ascii_case(scheme.as_bytes());
        (at_word_start && matches_scheme).then_some(start)
    };
    find_scheme("https").or_else(|| find_scheme("http"))
}

/// Returns the length in bytes of the URL at the start of `text`, without trailing punctuation.
fn url_length(text: &str) -> usize {
    let mut url = &text[..floor_char_boundary(text, url::MAX_URL_BYTES)];
    url = &url[..url.find(ends_url).unwrap_or(url.len())];
    while let Some(last) = url.chars().next_back() {
        // Keep the parenthesis of `http://example.com/b_(c)`, drop that of
        // `(http://example.com/b)`.
        let is_unmatched = last == ')' && url.matches(')').count() > url.matches('(').count();
        if !is_unmatched && !is_trailing_punctuation(last) {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url.len()
}

fn is_trailing_punctuation(c: char) -> bool {
    matches!(c, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | ']' | '’' | '…')
}

/// Returns true for characters that never belong to a bare URL: whitespace, quotation marks,
/// brackets, and Chinese and Japanese characters, which follow a URL without a space.
fn ends_url(c: char) -> bool {
    c.is_whitespace()
        || matches!(c, '<' | '>' | '"' | '“' | '”' | '„' | '«' | '»' | '`' | '{' | '}' | '|' | '^')
        || matches!(c, '\u{3000}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn find_urls_excludes_surrounding_punctuation() {
        let cases: [(&str, &[&str]); 7] = [
            ("<https://example.org/>", &["https://example.org/"]),
            ("(https://example.org/a), b", &["https://example.org/a"]),
            ("HTTP://example.org!", &["HTTP://example.org"]),
            ("xhttp://example.org", &[]),
            ("ftp://example.org https://", &[]),
            ("見てhttps://example.orgください", &["https://example.org"]),
            ("http://a.example/http://b.example", &["http://a.example/http://b.example"]),
        ];
        for (text, expected) in cases {
            let urls: Vec<String> = find_urls(text).map(|(_, url)| url).collect();
            assert_eq!(urls, expected, "{text}");
        }
    }
}
