//! What is not in the index yet: looked through as it is, and read a few texts at a time.

use std::collections::HashMap;

use chrono::Local;

use super::days::day_of;
use crate::{
    index::{Row, Texts},
    model::{EntryId, FeedId},
    runtime::folded::folded,
    store::{Reader, StoreError, Stored},
};

/// Texts that are read before a key is answered.
const SOME: usize = 16;

/// Entries that are new to the index, or other than it knows them.
#[derive(Default)]
pub(super) struct Unindexed {
    /// Those that were read.
    pub(super) texts: Texts,
    /// The change by which each of those came to be what it is here.
    changes: HashMap<EntryId, i64>,
    /// Those that are yet to be read and the changes by which they came, the newest last.
    unread: Vec<(i64, EntryId)>,
    /// So many are looked through at the most.
    most: usize,
    /// How many are not, because they are more than that.
    pub(super) left_out: u64,
}

impl Unindexed {
    /// The newest `most` of them, when they are noted and read.
    pub(super) fn new(most: usize) -> Unindexed {
        Unindexed { most, ..Unindexed::default() }
    }

    /// Notes what is new to the index; what was read and is as it was need not be read again.
    pub(super) fn note(&mut self, reader: &Reader) -> Result<(), StoreError> {
        let new: HashMap<EntryId, i64> = reader.newest_text_changes(self.most)?.into_iter().collect();
        let many = new.len() >= self.most / 2;
        let changes = if many { reader.count_text_changes()? } else { 0 };
        self.left_out = changes.saturating_sub(self.most as u64);
        self.changes.retain(|id, change| new.get(id) == Some(change));
        let changes = &self.changes;
        self.texts.retain(|row| changes.contains_key(&row.id));
        let unread = new.into_iter().filter(|(id, _)| !changes.contains_key(id));
        self.unread = unread.map(|(id, change)| (change, id)).collect();
        self.unread.sort_unstable();
        Ok(())
    }

    /// All that were noted.
    pub(super) fn ids(&self) -> impl Iterator<Item = EntryId> {
        self.changes.keys().copied().chain(self.unread.iter().map(|(_, id)| *id))
    }

    /// Whether some are yet to be read.
    pub(super) fn is_behind(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Whether all were read: nothing is anywhere that is neither here nor in the index.
    pub(super) fn is_read(&self) -> bool {
        !self.is_behind() && self.left_out == 0
    }

    /// Reads some, the newest first; those of feeds that are `gone` are nowhere.
    pub(super) fn read_some(&mut self, reader: &Reader, gone: &[FeedId]) -> Result<(), StoreError> {
        let some = self.unread.len().saturating_sub(SOME);
        let ids: Vec<EntryId> = self.unread[some..].iter().map(|(_, id)| *id).collect();
        self.read(&ids, reader, gone)?;
        self.changes.extend(self.unread.drain(some..).map(|(change, id)| (id, change)));
        Ok(())
    }

    /// Takes everything for new.
    pub(super) fn read_everything(&mut self, reader: &Reader, gone: &[FeedId]) -> Result<(), StoreError> {
        self.left_out = 0;
        self.unread.clear();
        self.read(&reader.everything()?, reader, gone)
    }

    /// Has all of them read again.
    pub(super) fn forget(&mut self) {
        self.changes.clear();
    }

    fn read(&mut self, ids: &[EntryId], reader: &Reader, gone: &[FeedId]) -> Result<(), StoreError> {
        reader.each_stored(ids, |stored| {
            if !gone.contains(&stored.feed) {
                self.texts.put(row(&stored));
            }
        })
    }
}

fn row(stored: &Stored) -> Row {
    let (folded, about) = folded(stored);
    Row {
        id: stored.id,
        feed: stored.feed,
        state: stored.state,
        published: stored.published.instant().timestamp(),
        day: stored.published.day(&Local),
        arrived: day_of(stored.arrived),
        folded,
        about,
    }
}
