//! The error of the feed parser.

/// The reason why a document is not a feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FeedParseError {
    /// The document is empty or only white space.
    #[error("the document is empty")]
    Empty,
    /// The document is a web page; it may link to feeds.
    #[error("this is a web page, not a feed")]
    WebPage,
    /// The document is a JSON feed that is not valid JSON and could not be repaired.
    #[error("the JSON is invalid at line {line}, column {column}: {reason}")]
    InvalidJson {
        /// Line of the error, counted from 1.
        line: usize,
        /// Column of the error in characters, counted from 1.
        column: usize,
        /// The reason, as the JSON parser words it.
        reason: String,
    },
    /// The document is neither a feed nor a web page.
    #[error("this is not a feed")]
    NotAFeed,
}
