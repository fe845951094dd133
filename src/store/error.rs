//! Errors of the library database, each displayed as one sentence.

use std::path::PathBuf;

use rusqlite::ErrorCode;

use super::rule_file::RuleFileError;
use crate::{
    model::{Failure, FailureKind, io_error_reason},
    text::{capitalize, count_noun},
};

/// An error of the library database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The library folder could not be created.
    #[error("cannot create the library folder {}: {}", path.display(), io_error_reason(reason))]
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
    /// The file of the library could not be read or created.
    #[error("cannot open the library {}: {}", path.display(), io_error_reason(reason))]
    Inaccessible {
        /// The database file.
        path: PathBuf,
        /// The error of the operating system.
        reason: std::io::Error,
    },
    /// The library cannot be written, and no other way to read it is possible.
    #[error("the library {} cannot be written: it, its folder or its disk is read-only or full", path.display())]
    ReadOnly {
        /// The database file.
        path: PathBuf,
    },
    /// The library can be read only together with its write-ahead log, which needs write
    /// permission.
    #[error(
        "the last changes of the library {} are in the file library.db-wal beside it, which can \
         be read only where the folder can be written; copy the folder elsewhere, and name the \
         copy with --library", path.display()
    )]
    UnreadableLog {
        /// The database file.
        path: PathBuf,
    },
    /// The library has an older format and cannot be written, so that it cannot be migrated.
    #[error("the library {} has an older format and cannot be written", path.display())]
    OlderFormat {
        /// The database file.
        path: PathBuf,
    },
    /// The database file is shorter than its header says.
    #[error(
        "the library {} is cut off ({found} of {expected} bytes); `newsreader doctor --repair` saves \
         what can be read of it", path.display()
    )]
    CutOff {
        /// The database file.
        path: PathBuf,
        /// Its size in bytes.
        found: u64,
        /// The size that its header states, or the size of a header.
        expected: u64,
    },
    /// A folder, a link that leads nowhere, or a pipe is in the place of the database file.
    #[error("{} is {found}, not the file of a library; move it away, or name another folder with --library", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
        /// The thing at the path, with its article.
        found: &'static str,
    },
    /// SQLite finds the structure of the database damaged.
    #[error("the library {} is damaged; `newsreader doctor --repair` saves what can be read of it, or names the newest backup", path.display())]
    Damaged {
        /// The database file.
        path: PathBuf,
    },
    /// Nothing can be read of a damaged library: the pages that list its tables are lost.
    #[error(
        "nothing can be read of the library {}: the part that lists its tables is damaged; restore a \
         backup with `newsreader restore`, or move the library away to begin a new one", path.display()
    )]
    Unsalvageable {
        /// The database file.
        path: PathBuf,
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
    /// A backup could not be written.
    #[error("cannot write the backup {}: {}", path.display(), io_error_reason(reason))]
    WriteBackup {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        reason: std::io::Error,
    },
    /// A backup could not be read.
    #[error("cannot read the backup {}: {}", path.display(), io_error_reason(reason))]
    ReadBackup {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        reason: std::io::Error,
    },
    /// Marks of a backup wait for servers, and nobody has said what becomes of them.
    #[error("the backup has {} that servers were not told of", count_noun(*count, "mark"))]
    MarksWait {
        /// The number of marks.
        count: usize,
    },
    /// A file is not a whole backup.
    #[error("{} is not a backup of a library that can be restored: {reason}", path.display())]
    NotABackup {
        /// The file.
        path: PathBuf,
        /// The reason.
        reason: &'static str,
    },
    /// Another instance has the library open.
    #[error("the library {} is open in another newsreader; quit it, and try again", path.display())]
    OpenElsewhere {
        /// The database file.
        path: PathBuf,
    },
    /// A write failed for a reason that may go away: a full or read-only disk, a disk error, or a
    /// lock held by another program.
    #[error("cannot save: {reason}")]
    Unsaved {
        /// The reason, as a part of a sentence.
        reason: &'static str,
    },
    /// The changes of a transaction were taken back on purpose: they were only to be counted, or what was to
    /// be stored could not be read.
    #[error("nothing was stored")]
    Withdrawn,
    /// The file of rules is not as a change expects it, or cannot be written.
    #[error("cannot {operation}: {problem}")]
    RuleFile {
        /// The operation that failed; completes "cannot …".
        operation: &'static str,
        /// The problem, as a part of a sentence.
        problem: String,
    },
    /// SQLite met a damaged part of the database.
    #[error(
        "the library could not {operation}: its database is damaged; `newsreader doctor` says more"
    )]
    DamagedPart {
        /// The operation that failed; completes "the library could not …".
        operation: &'static str,
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

/// The reason of [`StoreError::Unsaved`] while another program holds the lock.
const LIBRARY_IN_USE: &str = "another program is using the library";

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
            Some(ErrorCode::DatabaseCorrupt) => StoreError::DamagedPart { operation },
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
                StoreError::Unsaved { reason: LIBRARY_IN_USE }
            }
            _ => match RuleFileError::describe(&reason) {
                Some(problem) => StoreError::RuleFile { operation, problem },
                None => StoreError::Statement { operation, reason },
            },
        }
    }

    /// Returns true if the library may be readable although it could not be opened for writing.
    pub fn is_write_refused(&self) -> bool {
        match self {
            StoreError::ReadOnly { .. } | StoreError::Unsaved { .. } => true,
            StoreError::Open { reason, .. } => is_access_error(reason),
            _ => false,
        }
    }

    /// Returns whether another program holds the lock of the library.
    pub fn is_lock_held(&self) -> bool {
        matches!(self, StoreError::Unsaved { reason: LIBRARY_IN_USE })
    }

    /// Returns whether the same operation may succeed later. The writer keeps such a change and
    /// tries it again.
    pub fn is_transient(&self) -> bool {
        matches!(self, StoreError::Unsaved { .. })
    }
}

/// Returns true for an error of the disk or its permissions, as opposed to one of the content or of
/// locks.
pub(super) fn is_access_error(reason: &rusqlite::Error) -> bool {
    matches!(
        reason.sqlite_error_code(),
        Some(
            ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::PermissionDenied
        )
    )
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Failure {
        let kind = if error.is_transient() { FailureKind::Unsaved } else { FailureKind::Library };
        Failure::new(kind, capitalize(&error.to_string()))
    }
}
