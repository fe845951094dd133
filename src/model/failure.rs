//! An error as the user sees it.

use std::fmt;

/// What kind of thing went wrong, for the glyph and for grouping.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FailureKind {
    /// A file or folder could not be read.
    File,
    /// A feed could not be fetched or read.
    Feed,
    /// The library could not be read or written.
    Library,
    /// The disk is full or read-only; what could not be saved is kept in memory.
    Unsaved,
    /// A setting, key or theme is wrong.
    Settings,
    /// Another program could not be started.
    Desktop,
}

/// One plain sentence about what failed and what to do, with detail for those who ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What kind of thing went wrong.
    pub kind: FailureKind,
    /// One sentence: the operation, the object, the reason.
    pub summary: String,
    /// More, for the list of errors; may be empty.
    pub detail: String,
}

impl Failure {
    /// A failure with nothing more to say than its sentence.
    pub fn new(kind: FailureKind, summary: impl Into<String>) -> Failure {
        Failure { kind, summary: summary.into(), detail: String::new() }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary)
    }
}
