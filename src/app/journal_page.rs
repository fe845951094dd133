//! Rows of the journal, as the load thread delivers them.

use chrono::{DateTime, Utc};

use crate::model::{Actor, ChangeId};

/// A request for rows of the journal, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalRequest {
    /// The change before which the rows begin; `None` for the newest rows.
    pub before: Option<ChangeId>,
    /// Maximum number of rows.
    pub limit: usize,
}

/// The rows of a [`JournalRequest`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalPage {
    /// The rows, newest first.
    pub rows: Vec<JournalRow>,
    /// There are older rows.
    pub has_more: bool,
}

/// A change in the journal, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalRow {
    /// The number of the change.
    pub id: ChangeId,
    /// The time at which it was made.
    pub at: DateTime<Utc>,
    /// The one who made it.
    pub actor: Actor,
    /// The change, as a sentence without a full stop.
    pub sentence: String,
    /// This version can read the change, and so undo or redo it.
    pub is_readable: bool,
    /// The change is undone, and can be redone.
    pub is_undone: bool,
    /// Nothing of the change can be undone or redone: its articles were dropped from the trash.
    pub is_lost: bool,
    /// The reason why the last step on the change was refused, as a part of a sentence.
    pub refusal: Option<String>,
}

impl JournalRow {
    /// Returns whether a step back (or forward, for changes that are undone) to another row concerns
    /// this one. A step that was refused is tried again only for the row itself.
    pub(super) fn can_step(&self, undone: bool) -> bool {
        self.is_step() && self.refusal.is_none() && self.is_undone == undone
    }

    /// Returns whether the change can be undone, or redone if it is undone.
    pub fn is_step(&self) -> bool {
        self.is_readable && !self.is_lost
    }
}
