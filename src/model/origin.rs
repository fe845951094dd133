//! The sources of URLs and texts.

/// The source of a URL, which decides whether it may lead into a private network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UrlOrigin {
    /// The user supplied the URL, or the feed on the same host.
    UserSupplied,
    /// A feed supplied the URL.
    FromFeed,
}

/// The source of the text that is shown of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TextSource {
    /// The feed.
    Feed,
    /// The article's page: its full text.
    Page,
}
