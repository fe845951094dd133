//! The difference of two texts, as data.

use crate::text::split_word_units;

/// A version of an article as it is read: the title, and one string per paragraph, heading, list
/// item, row of a table or block of code.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VersionText {
    /// The title.
    pub title: String,
    /// The blocks, in reading order.
    pub blocks: Vec<String>,
}

/// The difference between an older and a newer version of an article.
///
/// It has both texts: [`TextDiff::old_text`] and [`TextDiff::new_text`] return them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextDiff {
    /// The title. It is changed, unchanged, or changed in a counter only.
    pub title: DiffBlock,
    /// The blocks of both versions, in the order of the newer one.
    pub blocks: Vec<DiffBlock>,
}

/// A block of the older version, of the newer one, or of both.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiffBlock {
    /// The relation to the two versions.
    pub kind: DiffBlockKind,
    /// The text of both versions, in reading order; deleted words come before those in their place.
    pub spans: Vec<DiffSpan>,
}

/// The relation of a block to the two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DiffBlockKind {
    /// Both versions have it.
    #[default]
    Unchanged,
    /// Only the numbers of a counter differ, such as those of `12 comments`: no edit.
    Counter,
    /// Some of its words differ.
    Changed,
    /// Only the newer version has it.
    Inserted,
    /// Only the older version has it.
    Deleted,
    /// The place in the older version of a block that is elsewhere in the newer one.
    MovedAway,
    /// The place in the newer version of a block that was elsewhere; some of its words may differ.
    MovedHere,
}

/// A stretch of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffSpan {
    /// The relation to the two versions.
    pub kind: DiffSpanKind,
    /// The text, with the blanks at its ends.
    pub text: String,
}

/// The relation of a stretch of a block to the two versions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffSpanKind {
    /// Both versions have it.
    Kept,
    /// Only the older version has it.
    Deleted,
    /// Only the newer version has it.
    Inserted,
}

/// The numbers of words that were added and removed. The words of blocks that moved are neither.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DiffWordCounts {
    /// Words that only the newer version has.
    pub added: usize,
    /// Words that only the older version has.
    pub removed: usize,
}

impl std::fmt::Display for DiffWordCounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "+{} −{} words", self.added, self.removed)
    }
}

impl DiffSpan {
    /// Creates a span.
    pub fn new(kind: DiffSpanKind, text: impl Into<String>) -> DiffSpan {
        DiffSpan { kind, text: text.into() }
    }

    /// Returns the blanks before the words of the span, the words, and the blanks after them. Marks read
    /// better around the words alone.
    pub fn split_blanks(&self) -> (&str, &str, &str) {
        let rest = self.text.trim_start();
        let (before, _) = self.text.split_at(self.text.len() - rest.len());
        let words = rest.trim_end();
        (before, words, &rest[words.len()..])
    }
}

impl DiffBlock {
    /// Creates a block whose text is the same throughout.
    pub(super) fn whole(kind: DiffBlockKind, text: &str) -> DiffBlock {
        let span_kind = match kind {
            DiffBlockKind::Inserted => DiffSpanKind::Inserted,
            DiffBlockKind::Deleted => DiffSpanKind::Deleted,
            _ => DiffSpanKind::Kept,
        };
        let spans = if text.is_empty() { Vec::new() } else { vec![DiffSpan::new(span_kind, text)] };
        DiffBlock { kind, spans }
    }

    /// Returns true unless a reader would call the block the same in both versions.
    pub fn is_change(&self) -> bool {
        !matches!(self.kind, DiffBlockKind::Unchanged | DiffBlockKind::Counter)
    }

    /// Returns the text of the block in the older version; `None` if that has no such block there.
    pub fn old_text(&self) -> Option<String> {
        let is_old = !matches!(self.kind, DiffBlockKind::Inserted | DiffBlockKind::MovedHere);
        is_old.then(|| self.text_without(DiffSpanKind::Inserted))
    }

    /// Returns the text of the block in the newer version; `None` if that has no such block there.
    pub fn new_text(&self) -> Option<String> {
        let is_new = !matches!(self.kind, DiffBlockKind::Deleted | DiffBlockKind::MovedAway);
        is_new.then(|| self.text_without(DiffSpanKind::Deleted))
    }

    fn text_without(&self, kind: DiffSpanKind) -> String {
        let spans = self.spans.iter().filter(|span| span.kind != kind);
        spans.map(|span| span.text.as_str()).collect()
    }

    fn count_words(&self) -> DiffWordCounts {
        let mut counts = DiffWordCounts::default();
        // The words of a block that moved are counted where it is now.
        if !self.is_change() || self.kind == DiffBlockKind::MovedAway {
            return counts;
        }
        for span in &self.spans {
            match span.kind {
                DiffSpanKind::Kept => {}
                DiffSpanKind::Deleted => counts.removed += count_words(&span.text),
                DiffSpanKind::Inserted => counts.added += count_words(&span.text),
            }
        }
        counts
    }
}

impl TextDiff {
    /// Returns true if a reader would call both versions the same.
    pub fn is_empty(&self) -> bool {
        !self.title.is_change() && !self.blocks.iter().any(DiffBlock::is_change)
    }

    /// Returns the older version.
    pub fn old_text(&self) -> VersionText {
        VersionText {
            title: self.title.old_text().unwrap_or_default(),
            blocks: self.blocks.iter().filter_map(DiffBlock::old_text).collect(),
        }
    }

    /// Returns the newer version.
    pub fn new_text(&self) -> VersionText {
        VersionText {
            title: self.title.new_text().unwrap_or_default(),
            blocks: self.blocks.iter().filter_map(DiffBlock::new_text).collect(),
        }
    }

    /// Counts the words of the text that were added and removed; those of the title are not among them.
    pub fn count_words(&self) -> DiffWordCounts {
        let counts = self.blocks.iter().map(DiffBlock::count_words);
        counts.fold(DiffWordCounts::default(), |sum, block| DiffWordCounts {
            added: sum.added + block.added,
            removed: sum.removed + block.removed,
        })
    }
}

/// Returns the number of words in a text; a Chinese character is one.
fn count_words(text: &str) -> usize {
    split_word_units(text).iter().filter(|unit| unit.contains(char::is_alphanumeric)).count()
}
