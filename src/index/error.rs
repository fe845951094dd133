//! Why the index does not answer.

/// What is wrong with the index. It is derived from the library: whatever it is, building anew mends it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// A file that is not what was written: cut, changed, or of another version.
    #[error("the index file {name} is broken")]
    Corrupt {
        /// The file.
        name: String,
    },
    /// A file that cannot be read or written.
    #[error("the index file {name} cannot be used: {reason}")]
    Io {
        /// The file.
        name: String,
        /// What the system says.
        reason: String,
    },
}
