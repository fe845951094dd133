//! Trust in URLs.

/// The trust in a URL, which decides whether it may lead into a private network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum UrlTrust {
    /// The user supplied the URL, or one of the private network with the same origin: it may reach
    /// the private network.
    UserSupplied,
    /// A page or feed supplied the URL: it may reach public addresses only.
    #[default]
    Untrusted,
}

impl UrlTrust {
    /// Returns the trust in a URL from a feed: the user's, if it has the origin in the private network
    /// at which the user subscribed to the feed.
    pub fn of_link(link: &str, private_origin: Option<&str>) -> UrlTrust {
        match private_origin {
            Some(origin) if super::url::same_origin(origin, link) => UrlTrust::UserSupplied,
            _ => UrlTrust::Untrusted,
        }
    }
}
