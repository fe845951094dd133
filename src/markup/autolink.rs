//! Addresses that stand bare in a text.

use std::ops::Range;

use crate::text::floor_char_boundary;
use crate::text::url;

/// Each http(s) address in `words` and where it stands, without the punctuation around it.
pub(super) fn find_urls(words: &str) -> impl Iterator<Item = (Range<usize>, String)> {
    let mut done = 0;
    memchr::memmem::find_iter(words.as_bytes(), "://").filter_map(move |at| {
        let start = scheme_start(words, at).filter(|start| *start >= done)?;
        let end = start + url_length(&words[start..]);
        done = end;
        let url = url::resolve(&words[start..end], None)?;
        Some((start..end, url))
    })
}

fn scheme_start(words: &str, at: usize) -> Option<usize> {
    let before = &words.as_bytes()[..at];
    let named = |name: &str| {
        let start = at.checked_sub(name.len())?;
        let apart = start == 0 || !before[start - 1].is_ascii_alphanumeric();
        (apart && before[start..].eq_ignore_ascii_case(name.as_bytes())).then_some(start)
    };
    named("https").or_else(|| named("http"))
}

fn url_length(words: &str) -> usize {
    let mut url = &words[..floor_char_boundary(words, url::MAX_URL_BYTES)];
    url = &url[..url.find(ends_url).unwrap_or(url.len())];
    while let Some(last) = url.chars().next_back() {
        let closing = last == ')' && url.matches(')').count() > url.matches('(').count();
        if !closing
            && !matches!(last, '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | ']' | '’' | '…')
        {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    url.len()
}

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
        for (words, expected) in cases {
            let found: Vec<String> = find_urls(words).map(|(_, url)| url).collect();
            assert_eq!(found, expected, "{words}");
        }
    }
}
