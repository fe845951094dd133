//! What can go wrong with the library, as sentences.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use crate::model::{Failure, FailureKind};

/// A failed operation on the library.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder of the library could not be made.
    #[error("cannot create the library folder {}: {reason}", path.display())]
    CreateFolder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The library could not be opened.
    #[error("cannot open the library {}: {reason}", path.display())]
    Open {
        /// The database file.
        path: PathBuf,
        /// What SQLite says.
        reason: rusqlite::Error,
    },
    /// The file is something else.
    #[error("{} is not a newsreader library; move it away, or name another folder with --library", path.display())]
    NotALibrary {
        /// The database file.
        path: PathBuf,
    },
    /// A later version of the program wrote it.
    #[error(
        "the library {} was written by a newer newsreader (format {found}, this one knows {known}); \
         update newsreader, or name another folder with --library", path.display()
    )]
    NewerFormat {
        /// The database file.
        path: PathBuf,
        /// The format of the library.
        found: i64,
        /// The newest format this program knows.
        known: i64,
    },
    /// The disk is full, or may not be written to.
    #[error("cannot save: {reason}")]
    Unsaved {
        /// Why, in words.
        reason: &'static str,
    },
    /// A statement failed.
    #[error("the library could not {operation}: {reason}")]
    Statement {
        /// What was tried, in words.
        operation: &'static str,
        /// What SQLite says.
        reason: rusqlite::Error,
    },
}

impl StoreError {
    /// Turns SQLite's error into ours; `operation` completes "the library could not …".
    pub(super) fn during(operation: &'static str) -> impl FnOnce(rusqlite::Error) -> StoreError {
        move |reason| match reason.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => StoreError::Unsaved { reason: "the disk is full" },
            Some(ErrorCode::ReadOnly) => StoreError::Unsaved { reason: "the library is read-only" },
            Some(ErrorCode::SystemIoFailure) => {
                StoreError::Unsaved { reason: "the disk refuses to write" }
            }
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                StoreError::Unsaved { reason: "another program holds the library" }
            }
            _ => StoreError::Statement { operation, reason },
        }
    }

    /// Whether the same operation may succeed later, so that it is worth keeping and trying again.
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

/// With a capital at the beginning, as a notice is shown.
fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}
