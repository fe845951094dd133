//! Errors of reading article files.

use std::io;

use thiserror::Error;

use crate::text::sanitize;

/// An error that keeps a file from becoming an entry, displayed as one sentence that names the
/// file.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// The file does not exist, or no longer.
    #[error("{0} no longer exists")]
    NotFound(String),
    /// The operating system could not read the file.
    #[error("{name} cannot be read: {reason}")]
    Unreadable {
        /// The name of the file.
        name: String,
        /// The reason, as the operating system states it.
        reason: String,
    },
    /// The file is not text in any known encoding.
    #[error("{0} is not a text file")]
    Binary(String),
    /// The file is larger than [`MAX_FILE_BYTES`](super::MAX_FILE_BYTES).
    #[error("{name} is too large: {} MB; the limit is {} MB", megabytes(*.bytes), megabytes(*.limit))]
    TooLarge {
        /// The name of the file.
        name: String,
        /// Size of the file.
        bytes: u64,
        /// Maximum size.
        limit: u64,
    },
    /// The file has no text, title or date.
    #[error("{0} is empty")]
    Empty(String),
    /// The file was written while it was read.
    #[error("{0} changed while it was read; the next refresh reads it again")]
    Changed(String),
    /// The file is not of a known article type.
    #[error("{0} is not an article file: these end in .txt, .md, .html, .eml or .mbox")]
    Unsupported(String),
}

impl DocumentError {
    /// Converts an I/O error on the file `name`.
    pub(super) fn from_io(name: &str, error: &io::Error) -> DocumentError {
        let name = sanitize_name(name);
        match error.kind() {
            io::ErrorKind::NotFound => DocumentError::NotFound(name),
            _ => DocumentError::Unreadable { name, reason: describe_io_error(error) },
        }
    }
}

/// Returns a file name without control characters and line breaks, for use in a message.
pub(super) fn sanitize_name(name: &str) -> String {
    sanitize::to_line(name).into_owned()
}

/// Describes an I/O error, in plain words for the common kinds.
pub(super) fn describe_io_error(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "it no longer exists".to_owned(),
        _ => error.to_string(),
    }
}

/// Converts bytes to MiB, rounded up.
fn megabytes(bytes: u64) -> u64 {
    bytes.div_ceil(1 << 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_error_displays_one_sentence() {
        let denied = io::Error::from(io::ErrorKind::PermissionDenied);
        let cases = [
            (
                DocumentError::from_io("a\u{1b}[1m.txt", &denied),
                "a.txt cannot be read: permission denied",
            ),
            (DocumentError::from_io("a", &io::ErrorKind::NotFound.into()), "a no longer exists"),
            (DocumentError::Empty("a.md".into()), "a.md is empty"),
            (
                DocumentError::TooLarge { name: "a".into(), bytes: 100 << 20, limit: 64 << 20 },
                "a is too large: 100 MB; the limit is 64 MB",
            ),
        ];
        for (error, sentence) in cases {
            assert_eq!(error.to_string(), sentence);
        }
    }
}
