//! The differences between versions of an article, as the runtime loads them.

use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::{
    diff::DiffWordCounts,
    markup::{AnchorId, Flow},
    model::EntryId,
};

/// The newest edit of an article, or all since the user has read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArticleEdit {
    /// Time of the newest edit.
    pub at: DateTime<Utc>,
    /// The words that were added and removed since the version `from`.
    pub words: DiffWordCounts,
    /// Number of the version that the user has read, or else of the one before the newest.
    pub from: usize,
    /// Number of the newest version, counted from 1.
    pub newest: usize,
    /// The user has not read the article since it was edited.
    pub is_unseen: bool,
}

/// A request for the difference between two versions of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DiffRequest {
    /// The article.
    pub entry: EntryId,
    /// The versions, by their numbers from 1; `None` for the newest edit, or all since the user has read
    /// the article.
    pub versions: Option<(usize, usize)>,
}

/// A way in which the articles of a story are read together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoryReading {
    /// The sentences of the others that the article does not have, source by source.
    Additions,
    /// The longest article, with what the others add in its places.
    Combined,
}

/// The texts that a [`LoadedDiff`] compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DiffSubject {
    /// Two versions of an article.
    Versions {
        /// Number of the older version, counted from 1.
        from: usize,
        /// Number of the newer version.
        to: usize,
        /// Number of the newest version; 1 for an article that was never edited.
        newest: usize,
    },
    /// The articles of a story.
    Story(StoryReading),
}

/// The difference between two versions of an article, or between the articles of a story, ready for layout.
#[derive(Debug, Clone, PartialEq)]
pub struct LoadedDiff {
    /// The text with its changes. Each is the target of an anchor, with numbers from 0.
    pub flow: Arc<Flow>,
    /// Number of changes.
    pub change_count: u32,
    /// The texts that are compared.
    pub subject: DiffSubject,
}

impl LoadedDiff {
    /// Returns the blocks with changes, in order.
    pub fn changed_blocks(&self) -> Vec<u32> {
        let blocks = (0..self.change_count).filter_map(|id| self.flow.anchor_block(AnchorId(id)));
        blocks.collect()
    }
}
