//! An entry that is to be stored, and the effect of storing several.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};

use super::rule_acts::ActsOfRule;
use crate::model::{EntryBody, EntryId, NewEntry, PublicationDate, RuleAct};

/// An entry to be inserted or updated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryUpsert {
    pub(super) entry: NewEntry,
    pub(super) size: u64,
    pub(super) modified_millis: i64,
    pub(super) known_id: Option<EntryId>,
    pub(super) link_key: Option<String>,
    pub(super) archives_text: bool,
    pub(super) leaves_trash: bool,
    pub(super) is_update: bool,
    pub(super) rule_acts: Vec<Arc<RuleAct>>,
}

impl EntryUpsert {
    /// Creates an upsert of `entry`; `size` (in bytes) and `modified` are those of its file.
    pub fn new(entry: NewEntry, size: u64, modified: Option<DateTime<Utc>>) -> EntryUpsert {
        EntryUpsert {
            entry,
            size,
            modified_millis: modified.map_or(0, |at| at.timestamp_millis()),
            known_id: None,
            link_key: None,
            archives_text: true,
            leaves_trash: false,
            is_update: false,
            rule_acts: Vec::new(),
        }
    }

    /// Sets the stored entry that this upsert updates, although its guid has changed: a file was
    /// moved, or a publisher changed the guid.
    #[must_use]
    pub fn with_known_id(mut self, id: EntryId) -> EntryUpsert {
        self.known_id = Some(id);
        self.as_update()
    }

    /// Notes that the entry is stored already.
    #[must_use]
    pub fn as_update(mut self) -> EntryUpsert {
        self.is_update = true;
        self
    }

    /// Sets what rules do to the entry when it is stored.
    pub fn set_rule_acts(&mut self, acts: Vec<Arc<RuleAct>>) {
        self.rule_acts = acts;
    }

    /// Returns what rules do to the entry.
    pub fn rule_acts(&self) -> &[Arc<RuleAct>] {
        &self.rule_acts
    }

    /// Returns whether the entry is stored already.
    pub fn is_update(&self) -> bool {
        self.is_update
    }

    /// Returns whether the entry is new or edited, and not one in which a counter has changed.
    pub fn is_new_version(&self) -> bool {
        !self.is_update || self.archives_text
    }

    /// Returns the entry.
    pub fn entry(&self) -> &NewEntry {
        &self.entry
    }

    /// Sets the link key: the URL of the article without its changing parts. It identifies an entry
    /// whose guid has changed.
    #[must_use]
    pub fn with_link_key(mut self, link_key: Option<String>) -> EntryUpsert {
        self.link_key = link_key;
        self
    }

    /// Replaces the stored text without keeping it as an earlier version: what changed is a counter
    /// or an advertisement.
    #[must_use]
    pub fn without_archiving(mut self) -> EntryUpsert {
        self.archives_text = false;
        self
    }

    /// Brings the entry back if it was removed: the user asked for it again.
    #[must_use]
    pub fn leaving_trash(mut self) -> EntryUpsert {
        self.leaves_trash = true;
        self
    }

    /// Sets the day of publication of an entry whose time is not known.
    #[must_use]
    pub fn published_on(mut self, day: NaiveDate) -> EntryUpsert {
        self.entry.published = PublicationDate::Day(day);
        self
    }

    /// Returns the digest of the content.
    pub fn digest(&self) -> u64 {
        self.entry.digest
    }

    /// Returns the URL of the article's web page.
    pub fn link(&self) -> Option<&str> {
        self.entry.link.as_deref()
    }

    /// Returns the text of the entry.
    pub fn body(&self) -> &EntryBody {
        &self.entry.body
    }

    /// Returns the guid that identifies the entry in its feed.
    pub fn guid(&self) -> &str {
        &self.entry.guid
    }
}

/// The effect of a batch: the number of entries that it inserted and updated, and the acts of rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngestOutcome {
    /// Number of inserted entries.
    pub new: usize,
    /// The inserted entries.
    pub new_ids: Vec<EntryId>,
    /// The entries that had been dropped, and are back.
    pub returned_ids: Vec<EntryId>,
    /// Number of updated entries.
    pub changed: usize,
    /// The acts of rules on them.
    pub acts: Vec<ActsOfRule>,
}
