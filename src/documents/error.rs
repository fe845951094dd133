//! Why a file gives no entry.

use std::io;

use thiserror::Error;

use crate::text::sanitize;

/// Why a file gives no entry: one plain sentence that names it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DocumentError {
    /// It is not there, or no longer.
    #[error("{0} is not there any more")]
    NotFound(String),
    /// The system does not let us read it.
    #[error("{name} cannot be read: {reason}")]
    Unreadable {
        /// Which file.
        name: String,
        /// In the words of the system.
        reason: String,
    },
    /// It is not text in any encoding.
    #[error("{0} is not a text file")]
    Binary(String),
    /// It is larger than any article.
    #[error("{name} is too large: it has {} MB, and an article may have {} MB", megabytes(*.bytes), megabytes(*.limit))]
    TooLarge {
        /// Which file.
        name: String,
        /// Its size.
        bytes: u64,
        /// The size it may have.
        limit: u64,
    },
    /// There is nothing in it.
    #[error("{0} is empty")]
    Empty(String),
    /// It is no kind of article file.
    #[error("{0} is not an article file: these end in .txt, .md, .html or .eml")]
    Unsupported(String),
}

impl DocumentError {
    /// What the system said when the file called `name` was read.
    pub(super) fn from_io(name: &str, error: &io::Error) -> DocumentError {
        let name = sanitize_name(name);
        match error.kind() {
            io::ErrorKind::NotFound => DocumentError::NotFound(name),
            _ => DocumentError::Unreadable { name, reason: describe_io_error(error) },
        }
    }
}

/// A file name as a sentence can hold it: names may contain anything.
pub(super) fn sanitize_name(name: &str) -> String {
    sanitize::to_line(name).into_owned()
}

/// What the system says, in plain words where we have them.
pub(super) fn describe_io_error(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        io::ErrorKind::NotFound => "it is not there any more".to_owned(),
        _ => error.to_string(),
    }
}

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
            (
                DocumentError::from_io("a", &io::ErrorKind::NotFound.into()),
                "a is not there any more",
            ),
            (DocumentError::Empty("a.md".into()), "a.md is empty"),
            (
                DocumentError::TooLarge { name: "a".into(), bytes: 100 << 20, limit: 64 << 20 },
                "a is too large: it has 100 MB, and an article may have 64 MB",
            ),
        ];
        for (error, sentence) in cases {
            assert_eq!(error.to_string(), sentence);
        }
    }
}
