//! The error of the feed parser.

/// The reason why a document cannot be read as a feed.
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
    /// The parser would make too much of the document.
    #[error("the document is too complex to read: it makes more than {limit_mib} MiB of {content}")]
    TooComplex {
        /// The limit in MiB.
        limit_mib: usize,
        /// The values of which there are too many.
        content: &'static str,
    },
    /// The document is neither a feed nor a web page.
    #[error("this is not a feed")]
    NotAFeed,
}
