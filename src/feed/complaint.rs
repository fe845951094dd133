//! What was wrong with a document, in words.

use std::fmt;

/// Complaints kept for one document; a broken generator makes the same mistake in every entry.
const MAX: usize = 100;

/// One thing that had to be repaired or left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The line of the document, counted from 1; 0 where it concerns the whole.
    pub line: usize,
    /// What was wrong and what was done about it.
    pub sentence: String,
}

impl fmt::Display for Complaint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => f.write_str(&self.sentence),
            line => write!(f, "line {line}: {}", self.sentence),
        }
    }
}

/// The complaints of a document while it is read.
#[derive(Debug, Default)]
pub(super) struct Complaints {
    list: Vec<Complaint>,
    counted: (usize, usize),
}

impl Complaints {
    /// Complains about the document as a whole.
    pub(super) fn whole(&mut self, sentence: impl Into<String>) {
        self.push(0, sentence.into());
    }

    /// Complains about what is at byte `at` of `text`.
    pub(super) fn at(&mut self, text: &str, at: usize, sentence: impl Into<String>) {
        if self.list.len() >= MAX {
            return;
        }
        let (from, lines) = if self.counted.0 <= at { self.counted } else { (0, 0) };
        let newlines = memchr::memchr_iter(b'\n', &text.as_bytes()[from..at.min(text.len())]).count();
        self.counted = (at, lines + newlines);
        self.push(lines + newlines + 1, sentence.into());
    }

    pub(super) fn into_list(self) -> Vec<Complaint> {
        self.list
    }

    fn push(&mut self, line: usize, sentence: String) {
        if self.list.len() < MAX {
            self.list.push(Complaint { line, sentence });
        }
    }
}
