//! The error of the feed parser.

/// The reason why a document is not a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FeedParseError {
    /// The document is empty or only white space.
    #[error("the document is empty")]
    Empty,
    /// The document is a web page; it may link to feeds.
    #[error("this is a web page, not a feed")]
    WebPage,
    /// The document is neither a feed nor a web page.
    #[error("this is not a feed")]
    NotAFeed,
}
