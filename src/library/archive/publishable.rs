//! The choice of the feeds that are published. What only this user may see never is.

use crate::{
    model::{Feed, FeedKind, FeedNetwork},
    text::{names_private_host, url},
};

/// Words in the names of parameters whose values open something that is not for everybody.
const SECRET_WORDS: [&str; 9] =
    ["auth", "token", "key", "secret", "pass", "sign", "sid", "session", "hash"];

/// Maximum length of the URL of a feed that an archive stores, in bytes.
const MAX_URL_BYTES: usize = 2_000;

/// Returns whether the articles of a feed are published: those of feeds on the public web that everybody may fetch. Not
/// published are mail, folders, saved pages, programs, the feeds of accounts, and feeds with a login, with headers of
/// their own, in the private network, or with a secret in their address.
pub(super) fn is_publishable(feed: &Feed) -> bool {
    feed.kind == FeedKind::Web
        && feed.account.is_none()
        && !feed.subscription.fetch.has_credentials()
        && feed.network.private_origin().is_none()
        && feed.network != FeedNetwork::Unknown
        && is_public_url(&feed.url)
}

/// Returns whether a URL leads to a place that everybody may read.
pub(super) fn is_public_url(address: &str) -> bool {
    let Some(parsed) = url::parse_web_url(address).filter(|_| address.len() <= MAX_URL_BYTES)
    else {
        return false;
    };
    let is_secret = |name: &str| {
        let name = name.to_lowercase();
        SECRET_WORDS.iter().any(|word| name.contains(word))
    };
    url::user_info(&parsed).is_none()
        && !names_private_host(address)
        && !parsed.query_pairs().any(|(name, _)| is_secret(&name))
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
