//! Validation of the URLs in a subscription list. A list is not trusted: no URL in it may run a
//! program.
//!
//! The URL of a feed is stored as it is written in the list, except for its scheme.

use crate::text::url::{self, Url};

const RUNS_PROGRAM: &str = "runs a program, which an imported list may not do";
const INLINE_CONTENT: &str =
    "is not the address of a feed but carries its own content, which an imported list may not do";
const IS_SEARCH: &str = "is a search over other feeds, not a feed";
const MISSING_SCHEME: &str = "has no http:// or https:// in front";
const MISSING_HOST: &str = "names no host";

/// Returns the URL of a feed, or the reason why `raw` cannot be one; the reason continues a
/// sentence that begins with the URL.
pub fn check_feed_url(raw: &str) -> Result<String, String> {
    let url = strip_controls(raw);
    if url.is_empty() {
        return Err("has no address".into());
    }
    if url.starts_with('|') {
        return Err(RUNS_PROGRAM.into());
    }
    let Some((scheme, rest)) = split_scheme(&url) else {
        return Err(MISSING_SCHEME.into());
    };
    match scheme.as_str() {
        "feed" => convert_feed_scheme(rest),
        "http" | "https" => check_web_url(&scheme, rest),
        "file" => url::local_file_path(rest)
            .map(|path| format!("file://{path}"))
            .map_err(|reason| reason.to_string()),
        "exec" | "filter" => Err(RUNS_PROGRAM.into()),
        "javascript" | "vbscript" | "data" | "blob" => Err(INLINE_CONTENT.into()),
        "query" => Err(IS_SEARCH.into()),
        other => Err(format!("begins with {other}:, which this reader does not support")),
    }
}

/// Returns `raw` if it is the URL of a web page.
pub(super) fn check_site_url(raw: &str) -> Option<String> {
    let url = strip_controls(raw);
    let (scheme, rest) = split_scheme(&url)?;
    matches!(scheme.as_str(), "http" | "https").then(|| check_web_url(&scheme, rest).ok()).flatten()
}

/// Removes blanks around a URL, and line ends and tabs within it (WHATWG URL §4.4).
fn strip_controls(raw: &str) -> String {
    raw.chars().filter(|c| !c.is_control()).collect::<String>().trim().to_owned()
}

/// Splits a URL into its scheme in lower case and the text after the colon.
fn split_scheme(url: &str) -> Option<(String, &str)> {
    let (scheme, rest) = url::split_scheme(url)?;
    // In "localhost:8080/feed" and "example.org:80" the colon is followed by a port.
    let is_port = rest.starts_with(|c: char| c.is_ascii_digit());
    (!is_port).then(|| (scheme.to_ascii_lowercase(), rest))
}

fn check_web_url(scheme: &str, rest: &str) -> Result<String, String> {
    let url = format!("{scheme}:{rest}");
    if url::host(&url).is_empty() {
        return Err(MISSING_HOST.into());
    }
    match Url::parse(&url) {
        Ok(_) => Ok(url),
        Err(error) => Err(format!("is not a valid URL: {error}")),
    }
}

/// Checks `feed://host/path` and `feed:https://host/path`.
fn convert_feed_scheme(rest: &str) -> Result<String, String> {
    let inner = rest.strip_prefix("//").unwrap_or(rest).trim_start();
    match split_scheme(inner) {
        Some((scheme, rest)) if matches!(scheme.as_str(), "http" | "https") => {
            check_web_url(&scheme, rest)
        }
        _ => check_web_url("http", rest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_feed_url_accepts_feed_urls() {
        for (raw, url) in [
            ("http://example.org/feed", "http://example.org/feed"),
            (" \n HTTPS://Example.org/a b?c=d&e#f \t", "https://Example.org/a b?c=d&e#f"),
            ("https://example.org/\n  feed", "https://example.org/  feed"),
            ("feed://example.org/x", "http://example.org/x"),
            ("feed:https://example.org/x", "https://example.org/x"),
            ("feed://https://example.org/x", "https://example.org/x"),
            ("feed://example.org:8080/x", "http://example.org:8080/x"),
            ("file:///home/ann/feed.xml", "file:///home/ann/feed.xml"),
            ("FILE://localhost/home/a b.xml", "file:///home/a b.xml"),
            ("file:/home/feed.xml", "file:///home/feed.xml"),
            ("http://[::1]:80/", "http://[::1]:80/"),
        ] {
            assert_eq!(check_feed_url(raw), Ok(url.into()), "{raw}");
        }
    }

    #[test]
    fn check_feed_url_rejects_programs_and_other_schemes() {
        for (raw, reason) in [
            ("|~/bin/feed", RUNS_PROGRAM),
            (" exec:ls", RUNS_PROGRAM),
            ("Filter:cat:http://example.org/", RUNS_PROGRAM),
            ("javascript:alert(1)", INLINE_CONTENT),
            ("java\nscript:alert(1)", INLINE_CONTENT),
            ("data:text/xml,<rss/>", INLINE_CONTENT),
            ("query:News:tags # \"news\"", IS_SEARCH),
            ("", "has no address"),
            ("example.org/feed", MISSING_SCHEME),
            ("localhost:8080/feed", MISSING_SCHEME),
            ("//example.org/feed", MISSING_SCHEME),
            ("http:example.org", MISSING_HOST),
            ("https://", MISSING_HOST),
            ("feed:", MISSING_HOST),
            ("feed:exec:ls", MISSING_HOST),
            ("file://", "names no file"),
            ("file:feed.xml", "names no file"),
            ("file://server/feed.xml", "is a file on another computer (server)"),
            ("https://exa mple.org/", "is not a valid URL: invalid international domain name"),
            ("https://example.org:99999/", "is not a valid URL: invalid port number"),
            ("hhttps://example.org/", "begins with hhttps:, which this reader does not support"),
        ] {
            assert_eq!(check_feed_url(raw), Err(reason.into()), "{raw}");
        }
    }

    #[test]
    fn check_site_url_accepts_only_web_pages() {
        assert_eq!(check_site_url(" https://example.org "), Some("https://example.org".into()));
        assert_eq!(check_site_url("javascript:alert(1)"), None);
        assert_eq!(check_site_url("file:///etc/passwd"), None);
        assert_eq!(check_site_url(""), None);
    }
}
