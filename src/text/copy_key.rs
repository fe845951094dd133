//! The key by which one article is recognized in several feeds.

use super::{
    stable_digest,
    tracking::is_any_tracking_parameter,
    url::{Url, parse_web_url},
};

/// The beginning of the ids that servers with the Google Reader API give articles; they are unique only
/// within an account.
const READER_ID_PREFIX: &str = "tag:google.com,2005:reader/item/";

/// Returns the key of an article: a digest of its normalized URL, or of its guid where it has none.
/// Two articles with one key are taken for one. The digest is stored.
///
/// `None` for the URL of a whole site, and for a guid that another site may have given as well.
pub fn copy_key(link: Option<&str>, guid: &str) -> Option<u64> {
    match link.map(str::trim).filter(|link| !link.is_empty()) {
        Some(link) => parse_web_url(link).and_then(|url| key_of_url(&url)),
        None => key_of_guid(guid.trim()),
    }
}

/// Leaves out scheme, `www.`, fragment, the slash at the end and tracking parameters. [`Url`] has put
/// host and port into one form.
fn key_of_url(url: &Url) -> Option<u64> {
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let port = url.port().map(u16::to_be_bytes).unwrap_or_default();
    let path = url.path().trim_end_matches('/');
    let pairs = url.query().unwrap_or_default().split('&');
    let pairs = pairs.filter(|pair| !pair.is_empty() && !is_any_tracking_parameter(pair));
    let query = pairs.collect::<Vec<_>>().join("&");
    if path.is_empty() && query.is_empty() {
        return None;
    }
    Some(stable_digest(&[host.as_bytes(), &port, path.as_bytes(), query.as_bytes()]))
}

/// Returns the key of a guid that is unique in the world: `tag:`, `urn:` or a URL, of which the
/// identity of entries has left out the scheme.
fn key_of_guid(guid: &str) -> Option<u64> {
    if guid.contains(char::is_whitespace) || guid.starts_with(READER_ID_PREFIX) {
        return None;
    }
    if guid.starts_with("tag:") || guid.starts_with("urn:") {
        return Some(stable_digest(&[guid.as_bytes()]));
    }
    let bare = guid.split_once("://").map_or(guid, |(_, rest)| rest);
    let (host, _) = bare.split_once('/')?;
    if !host.contains('.') || host.starts_with('.') {
        return None;
    }
    parse_web_url(&format!("https://{bare}")).and_then(|url| key_of_url(&url))
}

#[cfg(test)]
mod tests {
    use super::copy_key;

    #[test]
    fn copy_key_ignores_what_does_not_change_the_page() {
        let key = |link: &str| copy_key(Some(link), "");
        let article = key("https://example.org/a/bridge?id=7&page=2");
        assert!(article.is_some());
        for same in [
            "http://example.org/a/bridge?id=7&page=2",
            "https://WWW.Example.org:443/a/bridge/?id=7&page=2",
            "https://example.org/a/bridge?utm_source=rss&id=7&utm_medium=x&page=2#comments",
            " https://example.org/a/bridge?fbclid=1&id=7&page=2&mtm_campaign=z ",
        ] {
            assert_eq!(key(same), article, "{same}");
        }
        for other in [
            "https://example.org/a/bridge?page=2&id=7",
            "https://example.org/a/bridge?id=7",
            "https://example.org/A/bridge?id=7&page=2",
            "https://example.org:8080/a/bridge?id=7&page=2",
            "https://m.example.org/a/bridge?id=7&page=2",
        ] {
            assert_ne!(key(other), article, "{other}");
        }
    }

    #[test]
    fn copy_key_of_sites_and_other_links_is_none() {
        for link in [
            "https://example.org",
            "https://example.org/?utm_source=rss#top",
            "mailto:desk@example.org",
            "file:///srv/a.md",
            "/a/b",
        ] {
            assert_eq!(copy_key(Some(link), "tag:example.org,2026:1"), None, "{link}");
        }
    }

    #[test]
    fn copy_key_of_guid_is_that_of_its_url() {
        let of_guid = |guid: &str| copy_key(None, guid);
        let of_link = copy_key(Some("https://www.example.org/a/1/"), "7");
        assert_eq!(of_guid("example.org/a/1"), of_link);
        assert_eq!(of_guid("https://example.org/a/1"), of_link);
        assert!(of_guid("tag:example.org,2026:1").is_some());
        assert!(of_guid("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a").is_some());
        let of_account = "tag:google.com,2005:reader/item/000000000000001f";
        let own = ["7", "post/7", "digest:00ff00ff00ff00ff", "1 example.org/a", "a b", "../x.y/z"];
        for own in own.into_iter().chain([of_account]) {
            assert_eq!(of_guid(own), None, "{own}");
        }
        assert_ne!(of_guid("tag:example.org,2026:1"), of_guid("tag:example.org,2026:2"));
    }

    #[test]
    fn copy_key_keeps_stored_values() {
        let key = copy_key(Some("https://example.org/a/bridge?id=7"), "");
        assert_eq!(key, Some(8_043_688_209_438_627_407));
    }
}
