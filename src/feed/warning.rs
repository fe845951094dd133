//! What was wrong with a document, in words.

use std::fmt;

/// Complaints kept for one document; a broken generator makes the same mistake in every entry.
const MAX_WARNINGS: usize = 100;

/// One thing that had to be repaired or left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedWarning {
    /// The line of the document, counted from 1; 0 where it concerns the whole.
    pub line: usize,
    /// What was wrong and what was done about it.
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

/// The complaints of a document while it is read.
#[derive(Debug, Default)]
pub(super) struct FeedWarnings {
    warnings: Vec<FeedWarning>,
    line_cursor: (usize, usize),
}

impl FeedWarnings {
    /// Complains about the document as a whole.
    pub(super) fn warn_document(&mut self, sentence: impl Into<String>) {
        self.push(0, sentence.into());
    }

    /// Complains about what is at byte `at` of `text`.
    pub(super) fn warn_at(&mut self, text: &str, at: usize, sentence: impl Into<String>) {
        if self.warnings.len() >= MAX_WARNINGS {
            return;
        }
        let (from, lines) = if self.line_cursor.0 <= at { self.line_cursor } else { (0, 0) };
        let newlines =
            memchr::memchr_iter(b'\n', &text.as_bytes()[from..at.min(text.len())]).count();
        self.line_cursor = (at, lines + newlines);
        self.push(lines + newlines + 1, sentence.into());
    }

    pub(super) fn into_vec(self) -> Vec<FeedWarning> {
        self.warnings
    }

    fn push(&mut self, line: usize, sentence: String) {
        if self.warnings.len() < MAX_WARNINGS {
            self.warnings.push(FeedWarning { line, message: sentence });
        }
    }
}
