//! Why a whole list cannot be read, as sentences.

use super::{MAX_BYTES, MAX_DEPTH, MAX_OUTLINES};

/// Why a subscription list was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpmlError {
    /// Nothing of OPML is in it.
    #[error(
        "this is not a subscription list, for it has no <opml> and no <outline>; export the list as OPML"
    )]
    NotOpml,
    /// Longer than is read.
    #[error(
        "the list is {bytes} bytes long, and the limit is {MAX_BYTES}; split it into several files"
    )]
    TooLarge {
        /// Its length.
        bytes: usize,
    },
    /// More folders within folders than are read.
    #[error(
        "line {line} is inside more than {MAX_DEPTH} folders; an </outline> may be missing above it"
    )]
    TooDeep {
        /// The line, counted from 1.
        line: u64,
    },
    /// More entries than are read.
    #[error(
        "the list has more than {MAX_OUTLINES} outlines, the first too many on line {line}; \
         split it into several files"
    )]
    TooManyOutlines {
        /// The line, counted from 1.
        line: u64,
    },
}
