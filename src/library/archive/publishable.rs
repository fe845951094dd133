//! The choice of the feeds that are published. What only this user may see is not, unless the user shares it.

use crate::{
    model::{ArchiveSharing, Feed, FeedKind, FeedNetwork},
    text::{names_private_host, url},
};

/// Words in the names of parameters whose values open something that is not for everybody.
const SECRET_WORDS: [&str; 9] =
    ["auth", "token", "key", "secret", "pass", "sign", "sid", "session", "hash"];

/// Maximum length of the URL of a feed that an archive stores, in bytes.
const MAX_URL_BYTES: usize = 2_000;

/// Returns whether the articles of a feed are published: those of feeds on the web, if everybody may read them or the user
/// shares them. Not published are mail, folders, saved pages, programs and the feeds of accounts.
pub(super) fn is_publishable(feed: &Feed) -> bool {
    match feed.subscription.fetch.sharing {
        ArchiveSharing::Public => is_open(feed),
        ArchiveSharing::Share => is_on_web(feed) && is_nameable_url(&feed.url),
        ArchiveSharing::Never => false,
    }
}

/// Returns whether any reader can fetch a feed for all: it needs no login and no headers of its own, and is neither in the
/// private network nor has a secret in its address.
pub(super) fn is_open(feed: &Feed) -> bool {
    is_on_web(feed)
        && !feed.subscription.fetch.has_credentials()
        && feed.network.private_origin().is_none()
        && feed.network != FeedNetwork::Unknown
        && is_public_url(&feed.url)
}

fn is_on_web(feed: &Feed) -> bool {
    feed.kind == FeedKind::Web && feed.account.is_none()
}

/// Returns whether an archive may have a feed of this URL: one of the web, without a login in it.
pub(super) fn is_nameable_url(address: &str) -> bool {
    let parsed = url::parse_web_url(address).filter(|_| address.len() <= MAX_URL_BYTES);
    parsed.is_some_and(|parsed| url::user_info(&parsed).is_none())
}

/// Returns whether a URL leads to a place that everybody may read.
pub(super) fn is_public_url(address: &str) -> bool {
    let Some(parsed) = url::parse_web_url(address).filter(|_| is_nameable_url(address)) else {
        return false;
    };
    let is_secret = |name: &str| {
        let name = name.to_lowercase();
        SECRET_WORDS.iter().any(|word| name.contains(word))
    };
    !names_private_host(address) && !parsed.query_pairs().any(|(name, _)| is_secret(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_for_everybody_are_public() {
        for address in ["https://a.example/feed", "http://a.example/?feed=rss2&page=3"] {
            assert!(is_public_url(address), "{address}");
        }
        let long = format!("https://a.example/{}", "x".repeat(MAX_URL_BYTES));
        for address in [
            "https://ann:pw@a.example/feed",
            "https://ann@a.example/feed",
            "http://localhost/feed",
            "http://192.168.1.9/feed",
            "https://a.example/rss?auth=8fea",
            "https://a.example/rss?Access_Token=8fea",
            "file:///home/ann/feed.xml",
            "exec:feed",
            &long,
        ] {
            assert!(!is_public_url(address), "{address}");
        }
    }
}
