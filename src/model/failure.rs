//! Errors as the user sees them.

use std::{fmt, io};

/// The area in which a failure happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// A file or folder could not be read.
    File,
    /// A file was not written, because one of its name exists.
    FileExists,
    /// A feed could not be fetched or parsed.
    Feed,
    /// The library could not be read or written.
    Library,
    /// A change could not be saved, for example because the disk is full or read-only. The change
    /// is kept in memory and tried again.
    Unsaved,
    /// A setting, key binding or theme is invalid.
    Settings,
    /// Another program could not be started.
    Desktop,
}

/// A failure: one plain sentence for the user, with optional detail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The area in which the failure happened.
    pub kind: FailureKind,
    /// One sentence that names the operation, the object and the reason.
    pub summary: String,
    /// More text for the list of errors; may be empty.
    pub detail: String,
}

/// Returns the reason of an error of the operating system as the end of a sentence, without its
/// number.
pub fn io_error_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file or folder".to_owned(),
        io::ErrorKind::AlreadyExists => "a file of that name exists already".to_owned(),
        _ => {
            let text = error.to_string();
            let reason = text.split_once(" (os error ").map(|(reason, _)| reason.to_owned());
            reason.unwrap_or(text)
        }
    }
}

impl Failure {
    /// Creates a failure without detail.
    pub fn new(kind: FailureKind, summary: impl Into<String>) -> Failure {
        Failure { kind, summary: summary.into(), detail: String::new() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)
    }
}
