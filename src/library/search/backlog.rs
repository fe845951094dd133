//! The backlog: entries that are not in the index yet. They are read a few at a time, and each
//! search scans them.

use std::collections::{HashMap, HashSet};

use chrono::Local;

use crate::{
    index::{UnindexedEntries, UnindexedEntry},
    library::{indexable::index_fields, local_days::local_day_of},
    model::{EntryId, FeedId},
    store::{FullEntry, ReadConnection, StoreError},
};

/// Number of entries that are read before the searcher checks for a newer request: each takes a tenth of a
/// millisecond, for which a key waits.
const ENTRIES_PER_STEP: usize = 4;

/// Maximum number of unindexed entries that a search scans, the newest of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct BacklogLimit {
    /// The limit while no more entries than that wait to be indexed.
    pub max: usize,
    /// The limit while more do.
    pub max_when_exceeded: usize,
}

impl BacklogLimit {
    /// The limit where nobody indexes the entries, so that scanning them is the only way to find them.
    pub const WITHOUT_INDEXING: BacklogLimit =
        BacklogLimit { max: 8 * 1024, max_when_exceeded: 8 * 1024 };

    /// The limit where an index thread takes entries off the backlog. Each key scans all of them, and
    /// their texts stay in memory: with 2,048 articles of 2.2 KB, a key took 0.7 ms more, and the first keys
    /// waited for texts twice as often. While thousands arrive, the newest are others every second, and
    /// reading them all would take a tenth of the processor.
    pub const WITH_INDEXING: BacklogLimit = BacklogLimit { max: 1024, max_when_exceeded: 256 };

    /// No limit.
    pub const NONE: BacklogLimit = BacklogLimit { max: usize::MAX, max_when_exceeded: usize::MAX };

    fn for_changes(self, count: u64) -> usize {
        if count > self.max as u64 { self.max_when_exceeded } else { self.max }
    }
}

/// The entries that the index does not have, or has in an older version.
#[derive(Default)]
pub(super) struct UnindexedBacklog {
    /// The entries that have been read.
    pub(super) entries: UnindexedEntries,
    /// For each entry that has been read, the number of its newest text change at that time.
    change_by_entry: HashMap<EntryId, i64>,
    /// The entries that have not been read, with the number of their newest text change; newest
    /// last.
    unread: Vec<(i64, EntryId)>,
    limit: BacklogLimit,
    /// The entries that could not be read.
    pub(super) unreadable: HashSet<EntryId>,
    /// Number of older text changes that are left out because of the limit.
    pub(super) skipped: u64,
}

impl UnindexedBacklog {
    /// Creates an empty backlog with a limit.
    pub(super) fn with_limit(limit: BacklogLimit) -> UnindexedBacklog {
        UnindexedBacklog { limit, ..UnindexedBacklog::default() }
    }

    /// Loads the list of unindexed entries. Entries that have been read and have not changed since
    /// are kept.
    pub(super) fn update(&mut self, reader: &ReadConnection) -> Result<(), StoreError> {
        let change_count = reader.count_text_changes()?;
        let limit = self.limit.for_changes(change_count);
        let newest_changes: HashMap<EntryId, i64> =
            reader.list_newest_text_changes(limit)?.into_iter().collect();
        self.skipped = change_count.saturating_sub(limit as u64);
        self.change_by_entry.retain(|id, change| newest_changes.get(id) == Some(change));
        let change_by_entry = &self.change_by_entry;
        self.unreadable.retain(|id| change_by_entry.contains_key(id));
        self.entries.retain(|entry| change_by_entry.contains_key(&entry.id));
        let unread = newest_changes.into_iter().filter(|(id, _)| !change_by_entry.contains_key(id));
        self.unread = unread.map(|(id, change)| (change, id)).collect();
        self.unread.sort_unstable();
        Ok(())
    }

    /// Returns the ids of all entries of the backlog, read or not.
    pub(super) fn entry_ids(&self) -> impl Iterator<Item = EntryId> {
        self.change_by_entry.keys().copied().chain(self.unread.iter().map(|(_, id)| *id))
    }

    /// Returns the ids of all entries of the backlog as a set.
    pub(super) fn pending_entries(&self) -> HashSet<EntryId> {
        self.entry_ids().collect()
    }

    /// Returns true if some entries have not been read.
    pub(super) fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Returns true if every entry of the library is in the index or has been read.
    pub(super) fn is_complete(&self) -> bool {
        !self.has_unread() && self.skipped == 0
    }

    /// Reads the next [`ENTRIES_PER_STEP`] entries, newest first; leaves out those of
    /// `unsubscribed` feeds.
    pub(super) fn read_step(
        &mut self,
        reader: &ReadConnection,
        unsubscribed: &[FeedId],
    ) -> Result<(), StoreError> {
        let start = self.unread.len().saturating_sub(ENTRIES_PER_STEP);
        let ids: Vec<EntryId> = self.unread[start..].iter().map(|(_, id)| *id).collect();
        self.read_entries(&ids, reader, unsubscribed)?;
        self.change_by_entry.extend(self.unread.drain(start..).map(|(change, id)| (id, change)));
        Ok(())
    }

    /// Reads every entry of the library, whether or not it is indexed.
    pub(super) fn read_everything(
        &mut self,
        reader: &ReadConnection,
        unsubscribed: &[FeedId],
    ) -> Result<(), StoreError> {
        self.skipped = 0;
        self.unread.clear();
        self.read_entries(&reader.list_all_entry_ids()?, reader, unsubscribed)
    }

    /// Forgets which entries have been read, so that all of them are read again after the next
    /// update.
    pub(super) fn invalidate(&mut self) {
        self.change_by_entry.clear();
    }

    fn read_entries(
        &mut self,
        ids: &[EntryId],
        reader: &ReadConnection,
        unsubscribed: &[FeedId],
    ) -> Result<(), StoreError> {
        let unreadable = reader.for_each_full_entry(ids, |stored| {
            if !unsubscribed.contains(&stored.feed) {
                self.entries.upsert(unindexed_entry(&stored));
            }
        })?;
        self.unreadable.extend(unreadable);
        Ok(())
    }
}

fn unindexed_entry(stored: &FullEntry) -> UnindexedEntry {
    let (mut text, attributes) = index_fields(stored);
    // Folding doubles the room of a text that gets a little longer; this one is kept.
    text.text.shrink_to_fit();
    UnindexedEntry {
        id: stored.id,
        feed: stored.feed,
        state: stored.state,
        tag_ids: stored.tag_ids.clone(),
        published: stored.published.instant().timestamp(),
        published_day: stored.published.day_in(&Local),
        arrived_day: local_day_of(stored.arrived_seconds),
        text,
        attributes,
    }
}
