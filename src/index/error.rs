//! The error type of the index.

/// An error in the files of the index. The index is derived from the library, so rebuilding the
/// index repairs every such error.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IndexError {
    /// A file whose content is not what was written: truncated, changed, or of another format
    /// version.
    #[error("the index file {name} is corrupt")]
    Corrupt {
        /// Path of the file.
        name: String,
    },
    /// A whole file of another segment or of another library's index.
    #[error("the index file {name} belongs to another index")]
    Foreign {
        /// Path of the file.
        name: String,
    },
    /// A file that cannot be read or written.
    #[error("cannot read or write the index file {name}: {reason}")]
    Io {
        /// Path of the file or of the segment folder.
        name: String,
        /// Message of the operating system or of the dictionary library.
        reason: String,
    },
}
