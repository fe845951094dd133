//! Discovery of the feeds of a site: links in its page, rules for well-known sites, common paths.

use std::collections::HashSet;

use crate::{
    markup::{HtmlTag, tokenize_tags},
    text::url::{self, WebUrlError},
};

/// Maximum number of feeds taken from one page.
const MAX_FEED_LINKS: usize = 12;

/// Paths to try where a page names no feed, the most likely first.
const COMMON_FEED_PATHS: [&str; 8] = [
    "/feed",
    "/rss",
    "/feed.xml",
    "/atom.xml",
    "/rss.xml",
    "/index.xml",
    "/feed.json",
    "/feeds/posts/default",
];

/// Completes a URL typed by the user, who may leave out `https://`.
///
/// # Errors
///
/// Fails if the text cannot be the URL of a site or feed.
pub fn complete_user_url(typed: &str) -> Result<String, WebUrlError> {
    let typed = typed.trim();
    let scheme = url::split_scheme(typed)
        // In "localhost:8080" and "example.org:80" the colon is followed by a port.
        .filter(|(_, rest)| !rest.starts_with(|c: char| c.is_ascii_digit()))
        .map(|(scheme, _)| scheme);
    let url = match scheme {
        Some(scheme) if scheme.eq_ignore_ascii_case("feed") => {
            super::link_url::resolve_href(typed, None).ok_or(WebUrlError::MissingHost)?
        }
        Some(_) => typed.to_owned(),
        None => format!("https://{typed}"),
    };
    let parsed = url::check_web_url(&url)?;
    let host = parsed.host_str().unwrap_or_default();
    if scheme.is_none() && !host.contains(['.', ':']) && host != "localhost" {
        return Err(WebUrlError::SingleWord);
    }
    let too_long = url.len() > url::MAX_URL_BYTES;
    let fallback = if too_long { WebUrlError::TooLong } else { WebUrlError::MissingHost };
    url::resolve(&url, None).ok_or(fallback)
}

/// Returns the feeds that a page at `base` links to, in its order: those that its head declares
/// (HTML standard §4.6.7.1), or else links in its text that look like feeds.
pub fn find_feed_links(html: &str, base: &str) -> Vec<String> {
    let mut declared = Vec::new();
    let mut in_text = Vec::new();
    let mut base = base.to_owned();
    for tag in tokenize_tags(html).filter(|tag| tag.is_element() && !tag.closing) {
        let is = |name: &str| tag.name.eq_ignore_ascii_case(name);
        let resolve_href = |href: String| url::resolve(&href, Some(&base));
        if is("base") {
            base = tag.attribute("href").and_then(resolve_href).unwrap_or(base);
        } else if is("link") && is_feed_link(&tag) {
            declared.extend(tag.attribute("href").and_then(resolve_href));
        } else if is("a") {
            let feed = tag.attribute("href").filter(|href| looks_like_feed_url(href));
            in_text.extend(feed.and_then(resolve_href));
        }
    }
    let mut feeds = if declared.is_empty() { in_text } else { declared };
    let mut seen = HashSet::new();
    feeds.retain(|url| url::parse_web_url(url).is_some() && seen.insert(url.clone()));
    feeds.truncate(MAX_FEED_LINKS);
    feeds
}

fn is_feed_link(tag: &HtmlTag<'_>) -> bool {
    let rel = tag.attribute("rel").unwrap_or_default().to_ascii_lowercase();
    let media_type = tag.attribute("type").unwrap_or_default().to_ascii_lowercase();
    let is_alternate = rel.split_whitespace().any(|word| matches!(word, "alternate" | "feed"));
    let is_feed_type =
        ["rss", "atom", "feed+json", "rdf+xml"].iter().any(|name| media_type.contains(name));
    is_alternate && (is_feed_type || rel.contains("feed"))
}

fn looks_like_feed_url(href: &str) -> bool {
    let path = href
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/')
        .to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    matches!(
        last,
        "rss" | "feed" | "atom" | "rss.xml" | "feed.xml" | "atom.xml" | "index.xml" | "feed.json"
    ) || [".rss", ".atom", ".rdf"].iter().any(|end| last.ends_with(end))
}

/// Returns the URLs at which a site that names no feed may have one.
pub fn guess_feed_urls(url: &str) -> Vec<String> {
    COMMON_FEED_PATHS.iter().filter_map(|path| url::resolve(path, Some(url))).collect()
}

/// Returns the feeds of a page on a well-known site; empty for all other sites.
pub fn known_site_feeds(url: &str) -> Vec<String> {
    let host = url::host(url).to_ascii_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    let path = url
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('/'))
        .map_or("", |(_, path)| path);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let parts: Vec<&str> = path.split(['/', '#']).filter(|part| !part.is_empty()).collect();
    match (host, parts.as_slice()) {
        ("youtube.com" | "m.youtube.com", parts) => {
            youtube_feed(parts, query).into_iter().collect()
        }
        (
            "reddit.com" | "old.reddit.com" | "new.reddit.com",
            [kind @ ("r" | "user" | "u"), name, ..],
        ) => {
            let kind = if *kind == "u" { "user" } else { kind };
            vec![format!("https://www.reddit.com/{kind}/{name}/.rss")]
        }
        ("github.com", [owner, repository]) => {
            let repository = repository.trim_end_matches(".git");
            let feed = |name: &str| format!("https://github.com/{owner}/{repository}/{name}.atom");
            vec![feed("releases"), feed("tags"), feed("commits")]
        }
        ("github.com", [owner, repository, "releases" | "tags", ..]) => {
            vec![format!("https://github.com/{owner}/{repository}/releases.atom")]
        }
        ("github.com", [user]) => vec![format!("https://github.com/{user}.atom")],
        ("bsky.app", ["profile", name, ..]) => vec![format!("https://bsky.app/profile/{name}/rss")],
        ("medium.com", [name, ..]) if *name != "feed" => {
            vec![format!("https://medium.com/feed/{name}")]
        }
        (host, [] | ["about" | "archive" | "p", ..])
            if host.ends_with(".substack.com") || host.ends_with(".medium.com") =>
        {
            vec![format!("https://{host}/feed")]
        }
        (host, [user]) if user.starts_with('@') && user.len() > 1 && !user.contains('.') => {
            vec![format!("https://{host}/{user}.rss")]
        }
        _ => Vec::new(),
    }
}

fn youtube_feed(parts: &[&str], query: &str) -> Option<String> {
    let list = query.split('&').find_map(|pair| pair.strip_prefix("list="));
    let feed = "https://www.youtube.com/feeds/videos.xml";
    match (parts, list) {
        (["channel", id, ..], _) => Some(format!("{feed}?channel_id={id}")),
        (["user", name, ..], _) => Some(format!("{feed}?user={name}")),
        (["playlist" | "watch", ..], Some(list)) => Some(format!("{feed}?playlist_id={list}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn complete_user_url_adds_missing_scheme() {
        let cases = [
            ("example.org", "https://example.org"),
            (" https://example.org/feed ", "https://example.org/feed"),
            ("http://localhost:8080/x", "http://localhost:8080/x"),
            ("localhost:8080/x", "https://localhost:8080/x"),
            ("[::1]:8080/x", "https://[::1]:8080/x"),
            ("http://intranet/feed", "http://intranet/feed"),
            ("HTTPS://Example.org", "HTTPS://Example.org"),
            ("feed:https://example.org/a", "https://example.org/a"),
            ("feed://example.org/a", "http://example.org/a"),
            ("bücher.example/ä", "https://bücher.example/ä"),
            // The ideographic full stop is decoded again when the host is parsed.
            ("例え。テスト", "https://例え%E3%80%82テスト"),
            ("https://example.org/two words?a=b c", "https://example.org/two%20words?a=b%20c"),
            ("http://me%40example.org:p%3Aw@host/", "http://me%40example.org:p%3Aw@host/"),
        ];
        for (typed, expected) in cases {
            assert_eq!(complete_user_url(typed).as_deref(), Ok(expected), "{typed}");
        }
    }

    #[test]
    fn complete_user_url_names_the_reason() {
        let cases = [
            ("two words.org", WebUrlError::InvalidHost),
            ("news", WebUrlError::SingleWord),
            ("javascript:alert(1)", WebUrlError::OtherScheme("javascript".to_owned())),
            ("mailto:ann@example.org", WebUrlError::OtherScheme("mailto".to_owned())),
            ("ftp://example.org", WebUrlError::OtherScheme("ftp".to_owned())),
            ("https://exa mple.org", WebUrlError::InvalidHost),
            ("example.org:99999", WebUrlError::InvalidPort),
            ("https://", WebUrlError::MissingHost),
            ("", WebUrlError::MissingHost),
        ];
        for (typed, expected) in cases {
            assert_eq!(complete_user_url(typed), Err(expected), "{typed}");
        }
    }

    #[test]
    fn find_feed_links_reads_page_links() {
        let page =
            "<head><base href='/blog/'><link rel=alternate type='application/rss+xml' href='rss'>
            <LINK REL='Alternate' TYPE='application/atom+xml' HREF='https://x.org/atom'>
            <link rel=alternate hreflang=de href='/de'><link rel=stylesheet href='a.css'></head>
            <a href='/comments.rss'>RSS</a><link rel='feed' href='rss'>";
        assert_eq!(
            find_feed_links(page, "https://example.org/"),
            ["https://example.org/blog/rss", "https://x.org/atom"]
        );
        assert_eq!(
            find_feed_links("<a href='/feed/'>x</a><a href=/news>y</a>", "https://e.org/"),
            ["https://e.org/feed/"]
        );
        assert!(
            find_feed_links(
                "<!-- <a href='/rss'> --><script>'<a href=/rss>'</script>\
                 <link rel=alternate type=application/rss+xml href='javascript:x'><",
                "https://e.org/"
            )
            .is_empty()
        );
    }

    #[test]
    fn known_site_feeds_maps_site_urls() {
        let cases = [
            (
                "https://www.youtube.com/channel/UC1",
                "https://www.youtube.com/feeds/videos.xml?channel_id=UC1",
            ),
            (
                "https://youtube.com/playlist?list=PL2",
                "https://www.youtube.com/feeds/videos.xml?playlist_id=PL2",
            ),
            ("https://reddit.com/r/rust/top", "https://www.reddit.com/r/rust/.rss"),
            ("https://old.reddit.com/u/anna", "https://www.reddit.com/user/anna/.rss"),
            (
                "https://github.com/rust-lang/rust",
                "https://github.com/rust-lang/rust/releases.atom",
            ),
            ("https://github.com/anna", "https://github.com/anna.atom"),
            ("https://mastodon.social/@anna", "https://mastodon.social/@anna.rss"),
            ("https://bsky.app/profile/anna.org", "https://bsky.app/profile/anna.org/rss"),
            ("https://anna.substack.com", "https://anna.substack.com/feed"),
            ("https://medium.com/@anna", "https://medium.com/feed/@anna"),
            ("https://anna.medium.com/about", "https://anna.medium.com/feed"),
        ];
        for (url, expected) in cases {
            assert_eq!(known_site_feeds(url).first().map(String::as_str), Some(expected), "{url}");
        }
        for url in [
            "https://example.org/",
            "https://github.com/",
            "https://youtube.com/@anna",
            "https://medium.com/",
        ] {
            assert!(known_site_feeds(url).is_empty(), "{url}");
        }
    }
}
