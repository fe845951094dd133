//! The searcher's snapshot of the library: the index, the backlog of unindexed entries, the states
//! and the feeds.

use std::{
    cell::RefCell,
    collections::{HashMap, HashSet},
};

use chrono::Local;

use super::backlog::UnindexedBacklog;
use crate::{
    index::{IndexError, IndexReader, SegmentMeta},
    library::indexable::{index_fields, source_text},
    model::{AppliedChange, EntryId, FeedId},
    query::{FeedNames, PlainText, Predicate, SearchableEntry},
    store::{FullEntry, ReadConnection, SegmentRecord, StateBitmaps, StoreError},
};

/// The generation of a snapshot that has not been loaded.
pub(super) const NO_GENERATION: i64 = -1;

/// A snapshot of the library at one generation.
pub(super) struct Snapshot<'r> {
    /// The library.
    pub(super) reader: &'r ReadConnection,
    /// The index.
    pub(super) index: IndexReader,
    /// The read and starred states that the index has now.
    states: StateBitmaps,
    /// The entries that are not in the index yet.
    pub(super) backlog: UnindexedBacklog,
    /// The feeds with the names that filters match.
    pub(super) feeds: Vec<(FeedId, FeedNames)>,
    /// The unsubscribed feeds, whose entries are never found.
    pub(super) unsubscribed: Vec<FeedId>,
    /// The feeds of each folder.
    pub(super) feeds_by_folder: HashMap<String, Vec<FeedId>>,
    /// The generation of the library at which the snapshot was loaded.
    pub(super) generation: i64,
    /// Entries that are neither in the index nor in the backlog: they could not be read when they
    /// were to be indexed.
    missing: Vec<EntryId>,
    /// Entries that were in the index, but could not be read when a search needed their texts.
    failed: RefCell<HashSet<EntryId>>,
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
            missing: Vec::new(),
            failed: RefCell::default(),
        }
    }

    /// Applies a change of entry states if `generation` is the one after the snapshot's.
    ///
    /// Otherwise does nothing: the next [`Snapshot::refresh`] then loads the library again.
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

    /// Loads what has changed in the library, and returns the errors of the index.
    ///
    /// Reads only one step of the backlog, so that a key need not wait for all of it:
    /// [`UnindexedBacklog::has_unread`] returns true if there is more.
    pub(super) fn refresh(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let reader = self.reader;
        let mut errors = Vec::new();
        while reader.generation()? != self.generation {
            let load_errors = reader.with_snapshot(|| self.load())?;
            // A missing segment may have been merged and deleted after the list of segments was
            // read: then the generation has changed, and the list is read again.
            if load_errors.is_empty() || reader.generation()? == self.generation {
                errors = load_errors;
                break;
            }
        }
        self.backlog.read_step(reader, &self.unsubscribed)?;
        Ok(errors)
    }

    /// Loads the current generation of the library, and returns the errors of the index. The caller
    /// holds a read transaction.
    fn load(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let errors = self.update_index()?;
        self.load_feeds()?;
        self.backlog.update(self.reader)?;
        self.index.delete_entries(self.backlog.entry_ids());
        self.missing = if errors.is_empty() { self.find_missing()? } else { Vec::new() };
        self.failed.take();
        self.generation = self.reader.generation()?;
        Ok(errors)
    }

    /// Reads every entry of the library into the backlog, which replaces a broken index.
    pub(super) fn read_all_entries(&mut self) -> Result<(), StoreError> {
        self.index = IndexReader::default();
        self.missing.clear();
        self.backlog.read_everything(self.reader, &self.unsubscribed)
    }

    /// Returns the entries that are neither in the index nor in the backlog. They are looked for one
    /// by one only if the counts differ.
    fn find_missing(&self) -> Result<Vec<EntryId>, StoreError> {
        let pending = self.backlog.pending_entries();
        let stored_count = self.reader.stated_entry_count()?;
        let known_count = self.index.num_docs() + pending.len();
        // With a full backlog, the oldest entries are waiting to be indexed.
        if known_count as u64 >= stored_count || self.backlog.skipped > 0 {
            return Ok(Vec::new());
        }
        let mut missing = self.reader.list_subscribed_entry_ids()?;
        missing.retain(|id| !self.index.contains_entry(*id) && !pending.contains(id));
        Ok(missing)
    }

    /// Returns the number of entries that searches leave out because they cannot be read.
    pub(super) fn unreadable_count(&self) -> usize {
        let mut unreadable: HashSet<EntryId> = self.backlog.unreadable.clone();
        unreadable.extend(&self.missing);
        unreadable.extend(&*self.failed.borrow());
        unreadable.len()
    }

    /// Returns true if every stored entry is in the index or has been read into the backlog.
    pub(super) fn is_complete(&self) -> Result<bool, StoreError> {
        let loaded_count = self.index.num_docs() + self.backlog.entries.len();
        Ok(loaded_count as u64 >= self.reader.count_entries()?)
    }

    /// Updates the states and the segments of the index; returns the errors of segments that cannot
    /// be opened.
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

    /// Loads the names and folders of the feeds.
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
            // The backlog left out entries of feeds that may be subscribed to again.
            self.unsubscribed = unsubscribed;
            self.backlog.invalidate();
        }
        let find_folder = |id: &FeedId| {
            let entry = self.feeds_by_folder.iter().find(|(_, feeds)| feeds.contains(id));
            entry.map(|(folder, _)| folder.clone())
        };
        let feeds = self.feeds.iter().map(|(id, names)| (*id, names.clone(), find_folder(id)));
        self.backlog.entries.set_feeds(feeds);
        Ok(())
    }

    /// Returns the parts of an entry without folding; empty if the entry cannot be read.
    pub(super) fn source_text(&self, id: EntryId) -> PlainText {
        let mut text = PlainText::default();
        self.read_entry(id, |entry| text = source_text(entry));
        text
    }

    /// Evaluates a predicate that the index does not support, such as a regular expression, on a
    /// stored entry.
    pub(super) fn eval_predicate(&self, id: EntryId, predicate: &Predicate) -> bool {
        let (mut is_match, feed) = (false, FeedNames::default());
        self.read_entry(id, |entry| {
            let (text, attributes) = index_fields(entry);
            is_match = predicate.matches(&SearchableEntry {
                text: &text,
                attributes: &attributes,
                feed: &feed,
                state: entry.state,
                published_day: entry.published.day_in(&Local),
                is_new: false,
                plain_text: &|| source_text(entry),
            });
        });
        is_match
    }

    /// Calls `visit` with an entry. One that cannot be read has no matches and is counted.
    fn read_entry(&self, id: EntryId, mut visit: impl FnMut(&FullEntry)) {
        match self.reader.for_each_full_entry(&[id], |entry| visit(&entry)) {
            Ok(unreadable) => self.failed.borrow_mut().extend(unreadable),
            Err(_) => drop(self.failed.borrow_mut().insert(id)),
        }
    }
}

fn segment_meta(record: SegmentRecord) -> SegmentMeta {
    SegmentMeta { number: record.number, id: record.id, deleted: record.tombstones }
}
