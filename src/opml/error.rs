//! The errors of subscription lists.

use super::{MAX_BYTES, MAX_DEPTH, MAX_OUTLINES};

/// The reason why a whole subscription list was rejected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpmlError {
    /// The text contains no element of OPML.
    #[error(
        "this is not a subscription list: it has neither <opml> nor <outline>; \
         export the list as OPML"
    )]
    NotOpml,
    /// The text is neither OPML nor a list with an address on each line.
    #[error(
        "this is not a subscription list: it is neither OPML nor a list with an address on each line"
    )]
    NotAList,
    /// The text is empty.
    #[error("the file is empty; export the list again")]
    Empty,
    /// The list has neither a body nor feeds.
    #[error("the list has no <body> and so no feeds: it may be cut off; export it again")]
    MissingBody,
    /// The list is longer than [`MAX_BYTES`].
    #[error(
        "the list has {bytes} bytes, and the limit is {MAX_BYTES}; split it into several files"
    )]
    TooLarge {
        /// Length of the list in bytes.
        bytes: usize,
    },
    /// Folders are nested deeper than [`MAX_DEPTH`].
    #[error(
        "line {line} is inside more than {MAX_DEPTH} folders; an </outline> may be missing above it"
    )]
    TooDeep {
        /// Line of the folder that is too deep, counted from 1.
        line: u64,
    },
    /// The list has more than [`MAX_OUTLINES`] outlines.
    #[error(
        "the list has more than {MAX_OUTLINES} outlines, and line {line} exceeds the limit; \
         split it into several files"
    )]
    TooManyOutlines {
        /// Line of the first outline beyond the limit, counted from 1.
        line: u64,
    },
}
