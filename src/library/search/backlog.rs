//! The backlog: entries that are not in the index yet, read a few at a time and scanned by each search.

use std::collections::HashMap;

use chrono::Local;

use crate::{
    index::{UnindexedEntries, UnindexedEntry},
    library::{indexable::index_fields, local_days::local_day_of},
    model::{EntryId, FeedId},
    store::{FullEntry, ReadConnection, StoreError},
};

/// Number of entries read before a key is answered.
const ENTRIES_PER_STEP: usize = 16;

/// Entries that are new to the index, or newer than its version of them.
#[derive(Default)]
pub(super) struct UnindexedBacklog {
    /// The entries that were read.
    pub(super) entries: UnindexedEntries,
    /// The number of the text change at which each of those was read.
    change_by_entry: HashMap<EntryId, i64>,
    /// Entries that are yet to be read, after the number of their last text change: newest last.
    unread: Vec<(i64, EntryId)>,
    /// Maximum number of entries.
    limit: usize,
    /// Number of older changes that are left out because of the limit.
    pub(super) skipped: u64,
}

impl UnindexedBacklog {
    /// Creates an empty backlog that takes at most `limit` entries, the newest.
    pub(super) fn with_limit(limit: usize) -> UnindexedBacklog {
        UnindexedBacklog { limit, ..UnindexedBacklog::default() }
    }

    /// Takes over the list of unindexed entries; those that were read and have not changed are kept.
    pub(super) fn update(&mut self, reader: &ReadConnection) -> Result<(), StoreError> {
        let new: HashMap<EntryId, i64> =
            reader.list_newest_text_changes(self.limit)?.into_iter().collect();
        let many = new.len() >= self.limit / 2;
        let changes = if many { reader.count_text_changes()? } else { 0 };
        self.skipped = changes.saturating_sub(self.limit as u64);
        self.change_by_entry.retain(|id, change| new.get(id) == Some(change));
        let changes = &self.change_by_entry;
        self.entries.retain(|row| changes.contains_key(&row.id));
        let unread = new.into_iter().filter(|(id, _)| !changes.contains_key(id));
        self.unread = unread.map(|(id, change)| (change, id)).collect();
        self.unread.sort_unstable();
        Ok(())
    }

    /// Returns the ids of all entries of the backlog, read or not.
    pub(super) fn entry_ids(&self) -> impl Iterator<Item = EntryId> {
        self.change_by_entry.keys().copied().chain(self.unread.iter().map(|(_, id)| *id))
    }

    /// Returns `true` if some entries are yet to be read.
    pub(super) fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Returns `true` if every entry of the library is here or in the index.
    pub(super) fn is_complete(&self) -> bool {
        !self.has_unread() && self.skipped == 0
    }

    /// Reads the next few entries, newest first; leaves out those of `unsubscribed` feeds.
    pub(super) fn read_step(
        &mut self,
        reader: &ReadConnection,
        unsubscribed: &[FeedId],
    ) -> Result<(), StoreError> {
        let some = self.unread.len().saturating_sub(ENTRIES_PER_STEP);
        let ids: Vec<EntryId> = self.unread[some..].iter().map(|(_, id)| *id).collect();
        self.read_entries(&ids, reader, unsubscribed)?;
        self.change_by_entry.extend(self.unread.drain(some..).map(|(change, id)| (id, change)));
        Ok(())
    }

    /// Reads every entry of the library.
    pub(super) fn read_everything(
        &mut self,
        reader: &ReadConnection,
        unsubscribed: &[FeedId],
    ) -> Result<(), StoreError> {
        self.skipped = 0;
        self.unread.clear();
        self.read_entries(&reader.list_all_entry_ids()?, reader, unsubscribed)
    }

    /// Forgets which entries were read, so that the next update reads all of them again.
    pub(super) fn invalidate(&mut self) {
        self.change_by_entry.clear();
    }

    fn read_entries(
        &mut self,
        ids: &[EntryId],
        reader: &ReadConnection,
        unsubscribed: &[FeedId],
    ) -> Result<(), StoreError> {
        reader.for_each_full_entry(ids, |stored| {
            if !unsubscribed.contains(&stored.feed) {
                self.entries.upsert(build_row(&stored));
            }
        })
    }
}

fn build_row(stored: &FullEntry) -> UnindexedEntry {
    let (folded, about) = index_fields(stored);
    UnindexedEntry {
        id: stored.id,
        feed: stored.feed,
        state: stored.state,
        published: stored.published.instant().timestamp(),
        published_day: stored.published.day_in(&Local),
        arrived_day: local_day_of(stored.arrived_seconds),
        text: folded,
        attributes: about,
    }
}
