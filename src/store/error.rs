//! Errors of the library database, each displayed as one sentence.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::model::{Failure, FailureKind};

/// An error of the library database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The library folder could not be created.
    #[error("cannot create the library folder {}: {reason}", path.display())]
    CreateFolder {
        /// The folder.
        path: PathBuf,
        /// The error of the operating system.
        reason: std::io::Error,
    },
    /// The library could not be opened.
    #[error("cannot open the library {}: {reason}", path.display())]
    Open {
        /// The database file.
        path: PathBuf,
        /// The error of SQLite.
        reason: rusqlite::Error,
    },
    /// The file is not a database, or it is the database of another program.
    #[error("{} is not a newsreader library; move it away, or name another folder with --library", path.display())]
    NotALibrary {
        /// The database file.
        path: PathBuf,
    },
    /// The library was written by a newer version of the program.
    #[error(
        "the library {} was written by a newer newsreader (format {found}, this one knows {known}); \
         update newsreader, or name another folder with --library", path.display()
    )]
    NewerFormat {
        /// The database file.
        path: PathBuf,
        /// The schema version of the library.
        found: i64,
        /// The newest schema version that this program knows.
        known: i64,
    },
    /// A write failed for a reason that may go away: a full or read-only disk, a disk error, or a
    /// lock held by another program.
    #[error("cannot save: {reason}")]
    Unsaved {
        /// The reason, as a part of a sentence.
        reason: &'static str,
    },
    /// An SQL statement failed.
    #[error("the library could not {operation}: {reason}")]
    Statement {
        /// The operation that failed; completes "the library could not …".
        operation: &'static str,
        /// The error of SQLite.
        reason: rusqlite::Error,
    },
}

impl StoreError {
    /// Returns a function that converts an SQLite error to a [`StoreError`]; `operation` completes
    /// "the library could not …".
    pub(super) fn during(operation: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
        move |reason| match reason.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Unsaved { reason: "the disk is full" },
            Some(ErrorCode::ReadOnly) => StoreError::Unsaved { reason: "the library is read-only" },
            Some(ErrorCode::SystemIoFailure) => {
                StoreError::Unsaved { reason: "the disk reported an error" }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                StoreError::Unsaved { reason: "another program is using the library" }
            }
            _ => StoreError::Statement { operation, reason },
        }
    }

    /// Returns whether the same operation may succeed later. The writer keeps such a change and
    /// tries it again.
    pub fn is_transient(&self) -> bool {
        matches!(self, StoreError::Unsaved { .. })
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        let kind = if error.is_transient() { FailureKind::Unsaved } else { FailureKind::Library };
        Failure::new(kind, capitalize(&error.to_string()))
    }
}

/// Returns `text` with its first letter in upper case, as notices are shown.
fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
