//! What is not in the index yet: looked through as it is, and read a few texts at a time.

use std::collections::HashMap;

use chrono::Local;

use super::local_days::local_day_of;
use crate::{
    index::{UnindexedEntries, UnindexedEntry},
    model::{EntryId, FeedId},
    runtime::indexable::index_fields,
    store::{FullEntry, ReadConnection, StoreError},
};

/// Texts that are read before a key is answered.
const ENTRIES_PER_STEP: usize = 16;

/// Entries that are new to the index, or other than it knows them.
#[derive(Default)]
pub(super) struct UnindexedBacklog {
    /// Those that were read.
    pub(super) entries: UnindexedEntries,
    /// The change by which each of those came to be what it is here.
    change_by_entry: HashMap<EntryId, i64>,
    /// Those that are yet to be read and the changes by which they came, the newest last.
    unread: Vec<(i64, EntryId)>,
    /// So many are looked through at the most.
    limit: usize,
    /// How many are not, because they are more than that.
    pub(super) skipped: u64,
}

impl UnindexedBacklog {
    /// The newest `most` of them, when they are noted and read.
    pub(super) fn with_limit(most: usize) -> UnindexedBacklog {
        UnindexedBacklog { limit: most, ..UnindexedBacklog::default() }
    }

    /// Notes what is new to the index; what was read and is as it was need not be read again.
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

    /// All that were noted.
    pub(super) fn entry_ids(&self) -> impl Iterator<Item = EntryId> {
        self.change_by_entry.keys().copied().chain(self.unread.iter().map(|(_, id)| *id))
    }

    /// Whether some are yet to be read.
    pub(super) fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Whether all were read: nothing is anywhere that is neither here nor in the index.
    pub(super) fn is_complete(&self) -> bool {
        !self.has_unread() && self.skipped == 0
    }

    /// Reads some, the newest first; those of feeds that are `gone` are nowhere.
    pub(super) fn read_step(
        &mut self,
        reader: &ReadConnection,
        gone: &[FeedId],
    ) -> Result<(), StoreError> {
        let some = self.unread.len().saturating_sub(ENTRIES_PER_STEP);
        let ids: Vec<EntryId> = self.unread[some..].iter().map(|(_, id)| *id).collect();
        self.read_entries(&ids, reader, gone)?;
        self.change_by_entry.extend(self.unread.drain(some..).map(|(change, id)| (id, change)));
        Ok(())
    }

    /// Takes everything for new.
    pub(super) fn read_everything(
        &mut self,
        reader: &ReadConnection,
        gone: &[FeedId],
    ) -> Result<(), StoreError> {
        self.skipped = 0;
        self.unread.clear();
        self.read_entries(&reader.list_all_entry_ids()?, reader, gone)
    }

    /// Has all of them read again.
    pub(super) fn invalidate(&mut self) {
        self.change_by_entry.clear();
    }

    fn read_entries(
        &mut self,
        ids: &[EntryId],
        reader: &ReadConnection,
        gone: &[FeedId],
    ) -> Result<(), StoreError> {
        reader.for_each_full_entry(ids, |stored| {
            if !gone.contains(&stored.feed) {
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
