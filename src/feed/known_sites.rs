//! The feeds of pages on well-known sites, found without a request.

use crate::text::url;

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
