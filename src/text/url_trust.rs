//! Trust in URLs.

/// The trust in a URL, which decides whether it may lead into a private network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UrlTrust {
    /// The user supplied the URL, or the URL of a feed with the same origin: it may reach any address.
    UserSupplied,
    /// A page or feed supplied the URL: it may reach public addresses only.
    #[default]
    Untrusted,
}

impl UrlTrust {
    /// Returns the trust in a URL from a feed: the user's, if it has the origin of the feed's URL, which the user
    /// supplied.
    pub fn of_link(link: &str, feed_url: &str) -> UrlTrust {
        if super::url::same_origin(feed_url, link) {
            UrlTrust::UserSupplied
        } else {
            UrlTrust::Untrusted
        }
    }
}
