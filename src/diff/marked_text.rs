//! A diff as text with marks: `[-deleted-]`, `{+inserted+}`.

use super::text_diff::{DiffBlock, DiffBlockKind, DiffSpan, DiffSpanKind, TextDiff};
use crate::text::count_noun;

/// Number of words that tell which block was moved.
const MOVED_WORDS: usize = 6;

impl TextDiff {
    /// Returns the blocks with marks, separated by blank lines. Neighbouring blocks without a change
    /// are one line that counts them if `folds` is true.
    pub fn to_marked_text(&self, folds: bool) -> String {
        let mut parts = Vec::new();
        for run in self.blocks.chunk_by(|one, next| !one.is_change() && !next.is_change()) {
            if folds && !run[0].is_change() {
                parts.push(unchanged_line(run.len()));
            } else {
                parts.extend(run.iter().map(DiffBlock::to_marked_text));
            }
        }
        parts.join("\n\n")
    }
}

/// Returns the line in place of blocks without a change.
pub fn unchanged_line(count: usize) -> String {
    format!("··· {} unchanged ···", count_noun(count, "paragraph"))
}

impl DiffBlock {
    /// Returns the text with marks. A counter has none: its newer number is shown.
    pub fn to_marked_text(&self) -> String {
        match self.kind {
            DiffBlockKind::Counter => self.new_text().unwrap_or_default(),
            DiffBlockKind::MovedAway => format!("[moved: {}]", self.moved_words()),
            DiffBlockKind::MovedHere => format!("{{moved: {}}}", mark_spans(&self.spans)),
            _ => mark_spans(&self.spans),
        }
    }

    /// Returns the first words of a block that is shown at its other place.
    pub fn moved_words(&self) -> String {
        let text = self.old_text().unwrap_or_default();
        let mut words = text.split_whitespace();
        let mut first = words.by_ref().take(MOVED_WORDS).collect::<Vec<_>>().join(" ");
        if words.next().is_some() {
            first.push_str(" …");
        }
        first
    }
}

fn mark_spans(spans: &[DiffSpan]) -> String {
    let mut text = String::new();
    for span in spans {
        let (open, close) = match span.kind {
            DiffSpanKind::Kept => ("", ""),
            DiffSpanKind::Deleted => ("[-", "-]"),
            DiffSpanKind::Inserted => ("{+", "+}"),
        };
        let (before, marked, after) = span.split_blanks();
        match span.kind {
            // Blanks alone make no mark.
            DiffSpanKind::Deleted if marked.is_empty() => {}
            _ if marked.is_empty() => text.push_str(before),
            _ => text.extend([before, open, marked, close, after]),
        }
    }
    text
}
