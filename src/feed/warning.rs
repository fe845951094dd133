//! Warnings: the problems found in a feed document, as sentences.

use std::fmt;

/// Maximum number of warnings kept per document: a broken generator repeats one error in every
/// entry.
const MAX_WARNINGS: usize = 100;

/// One problem that was repaired or skipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedWarning {
    /// Line in the document, counted from 1; 0 if the warning concerns the whole document.
    pub line: usize,
    /// The problem and its repair.
    pub message: String,
}

impl fmt::Display for FeedWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.message),
            line => write!(f, "line {line}: {}", self.message),
        }
    }
}

/// The warnings collected while a document is parsed.
#[derive(Debug, Default)]
pub(super) struct FeedWarnings {
    warnings: Vec<FeedWarning>,
    /// Byte offset of the last warning, and the number of newlines before it.
    line_cursor: (usize, usize),
}

impl FeedWarnings {
    /// Adds a warning about the document as a whole.
    pub(super) fn warn_document(&mut self, message: impl Into<String>) {
        self.push(0, message.into());
    }

    /// Adds a warning about the text at byte `at` of `text`.
    pub(super) fn warn_at(&mut self, text: &str, at: usize, message: impl Into<String>) {
        if self.warnings.len() >= MAX_WARNINGS {
            return;
        }
        let (from, lines) = if self.line_cursor.0 <= at { self.line_cursor } else { (0, 0) };
        let newlines =
            memchr::memchr_iter(b'\n', &text.as_bytes()[from..at.min(text.len())]).count();
        self.line_cursor = (at, lines + newlines);
        self.push(lines + newlines + 1, message.into());
    }

    pub(super) fn into_vec(self) -> Vec<FeedWarning> {
        self.warnings
    }

    fn push(&mut self, line: usize, message: String) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(FeedWarning { line, message });
        }
    }
}
