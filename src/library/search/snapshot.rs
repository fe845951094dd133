//! The searcher's snapshot of the library: the index, the unindexed entries, and the names of feeds.

use std::collections::HashMap;

use chrono::Local;

use super::backlog::UnindexedBacklog;
use crate::{
    index::{IndexError, IndexReader, SegmentMeta},
    library::indexable::{index_fields, source_text},
    model::{AppliedChange, EntryId, FeedId},
    query::{FeedNames, Predicate, SearchableEntry},
    store::{ReadConnection, SegmentRecord, StateBitmaps, StoreError},
};

/// The generation of a snapshot that is yet to be loaded.
pub(super) const NO_GENERATION: i64 = -1;

/// A snapshot of the library, of one generation.
pub(super) struct Snapshot<'r> {
    pub(super) reader: &'r ReadConnection,
    pub(super) index: IndexReader,
    /// The read and starred states that the index has been given.
    states: StateBitmaps,
    /// The entries that are not in the index yet.
    pub(super) backlog: UnindexedBacklog,
    pub(super) feeds: Vec<(FeedId, FeedNames)>,
    pub(super) unsubscribed: Vec<FeedId>,
    pub(super) feeds_by_folder: HashMap<String, Vec<FeedId>>,
    /// The generation of the library that all these are of.
    pub(super) generation: i64,
}

impl Snapshot<'_> {
    /// Creates an empty snapshot, with a backlog of at most `backlog_limit` entries.
    pub(super) fn new(reader: &ReadConnection, backlog_limit: usize) -> Snapshot<'_> {
        Snapshot {
            reader,
            index: IndexReader::default(),
            states: StateBitmaps::default(),
            backlog: UnindexedBacklog::with_limit(backlog_limit),
            feeds: Vec::new(),
            unsubscribed: Vec::new(),
            feeds_by_folder: HashMap::new(),
            generation: NO_GENERATION,
        }
    }

    /// Applies a change, if it is the one that follows the snapshot.
    pub(super) fn apply_change(&mut self, change: &AppliedChange, generation: i64) {
        let (ids, update) = change.entry_state_update();
        if generation == self.generation + 1 && !ids.is_empty() {
            for id in ids {
                self.backlog.entries.update_entry_state(*id, &update);
                self.index.update_entry_state(*id, &update);
                self.states.update(*id, &update);
            }
            self.generation = generation;
        }
    }

    /// Takes over what has changed in the library, and returns what is wrong with the index.
    ///
    /// Reads only some of the unindexed entries, so that a key need not wait for all of them:
    /// [`UnindexedBacklog::has_unread`] tells whether there are more.
    pub(super) fn refresh(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let reader = self.reader;
        let mut errors = Vec::new();
        while reader.generation()? != self.generation {
            let broken = reader.with_snapshot(|| self.load())?;
            // A segment that is gone may have been merged and deleted since the list of segments was read.
            if broken.is_empty() || reader.generation()? == self.generation {
                errors = broken;
                break;
            }
        }
        self.backlog.read_step(reader, &self.unsubscribed)?;
        Ok(errors)
    }

    /// Loads the current generation, within a read transaction; returns what is wrong with the index.
    fn load(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let errors = self.update_index()?;
        self.load_feeds()?;
        self.backlog.update(self.reader)?;
        self.index.delete_entries(self.backlog.entry_ids());
        self.generation = self.reader.generation()?;
        Ok(errors)
    }

    /// Reads every entry of the library into the backlog, in place of a broken index.
    pub(super) fn read_all_entries(&mut self) -> Result<(), StoreError> {
        self.index = IndexReader::default();
        self.backlog.read_everything(self.reader, &self.unsubscribed)
    }

    /// Returns `true` if every stored entry is in the index or in the backlog.
    pub(super) fn is_complete(&self) -> Result<bool, StoreError> {
        let known = self.index.num_docs() + self.backlog.entries.len();
        Ok(known as u64 >= self.reader.count_entries()?)
    }

    fn update_index(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let states = self.reader.load_state_bitmaps()?;
        self.backlog.entries.set_states(|id| states.get(id.0));
        for id in states.changed_since(&self.states) {
            self.index.update_entry_state(id, |state| *state = states.get(id.0));
        }
        self.states = states;
        let Some(folder) = self.reader.index_folder() else { return Ok(Vec::new()) };
        let segments: Vec<SegmentMeta> =
            self.reader.list_segments()?.into_iter().map(segment_meta).collect();
        let errors = self.index.reload(folder, &segments, &|id| self.states.get(id));
        Ok(errors.into_iter().map(|(_, error)| error).collect())
    }

    fn load_feeds(&mut self) -> Result<(), StoreError> {
        self.feeds.clear();
        self.feeds_by_folder.clear();
        for feed in self.reader.list_feeds()? {
            let names = FeedNames::new(feed.display_name(), feed.folder(), &feed.subscription.tags);
            self.feeds.push((feed.id, names));
            if let Some(folder) = feed.folder() {
                self.feeds_by_folder.entry(folder.to_owned()).or_default().push(feed.id);
            }
        }
        let unsubscribed = self.reader.list_unsubscribed_feed_ids()?;
        if self.unsubscribed != unsubscribed {
            // Entries that were left out of the backlog may count again.
            self.unsubscribed = unsubscribed;
            self.backlog.invalidate();
        }
        let folder_of = |id: &FeedId| {
            let found = self.feeds_by_folder.iter().find(|(_, feeds)| feeds.contains(id));
            found.map(|(folder, _)| folder.clone())
        };
        let feeds = self.feeds.iter().map(|(id, names)| (*id, names.clone(), folder_of(id)));
        self.backlog.entries.set_feeds(feeds);
        Ok(())
    }

    /// Returns the title and text of an entry as they are read; empty if they cannot be.
    pub(super) fn source_text(&self, id: EntryId) -> String {
        let mut text = String::new();
        // An entry that cannot be read matches nothing; opening it tells why.
        let _ = self.reader.for_each_full_entry(&[id], |entry| text = source_text(&entry));
        text
    }

    /// Evaluates a predicate that the index cannot, such as a regular expression, on the text of an entry.
    pub(super) fn eval_predicate(&self, id: EntryId, predicate: &Predicate) -> bool {
        let (mut holds, feed) = (false, FeedNames::default());
        let _ = self.reader.for_each_full_entry(&[id], |entry| {
            let (text, attributes) = index_fields(&entry);
            holds = predicate.matches(&SearchableEntry {
                text: &text,
                attributes: &attributes,
                feed: &feed,
                state: entry.state,
                published_day: entry.published.day_in(&Local),
                is_new: false,
                plain_text: &|| source_text(&entry),
            });
        });
        holds
    }
}

fn segment_meta(record: SegmentRecord) -> SegmentMeta {
    SegmentMeta { number: record.number, deleted: record.tombstones }
}
