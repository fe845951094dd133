//! What the thread has at hand of the library: the index, the texts that are not in it yet, the names of feeds.

use chrono::Local;

use super::Searcher;
use crate::{
    index::{IndexError, IndexReader, SegmentMeta},
    model::{AppliedChange, EntryId, FeedId},
    query::{FeedNames, Predicate, SearchableEntry},
    runtime::indexable::{index_fields, source_text},
    store::{SegmentRecord, StoreError},
};

impl Searcher<'_> {
    /// Applies a change to what is at hand, if it is the next one after what that knows.
    pub(super) fn apply_change(&mut self, done: &AppliedChange, generation: i64) {
        let (ids, set) = done.entry_state_update();
        if generation == self.generation + 1 && !ids.is_empty() {
            for id in ids {
                self.backlog.entries.update_entry_state(EntryId(*id), &set);
                self.index.update_entry_state(EntryId(*id), &set);
                self.states.update(EntryId(*id), &set);
            }
            self.generation = generation;
        }
    }

    /// Takes over what has changed in the library. Of new texts only some are read, so that a key does not wait for
    /// them; while there are more, [`super::backlog::UnindexedBacklog::has_unread`] says so.
    pub(super) fn refresh_snapshot(&mut self) -> Result<(), StoreError> {
        let reader = self.reader;
        while reader.generation()? != self.generation {
            let broken = reader.with_snapshot(|| self.load_snapshot())?;
            // A segment that is gone may have been merged and deleted since the library was looked at.
            if broken.is_empty() || reader.generation()? == self.generation {
                self.index_errors.extend(broken);
                break;
            }
        }
        self.backlog.read_step(reader, &self.unsubscribed)
    }

    /// Takes over what the library says now; gives what is wrong with the index.
    fn load_snapshot(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let broken = self.update_index()?;
        self.load_feeds()?;
        self.backlog.update(self.reader)?;
        self.index.delete_entries(self.backlog.entry_ids());
        self.generation = self.reader.generation()?;
        Ok(broken)
    }

    /// Takes everything for new.
    pub(super) fn read_all_entries(&mut self) -> Result<(), StoreError> {
        self.index = IndexReader::default();
        self.backlog.read_everything(self.reader, &self.unsubscribed)
    }

    fn update_index(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let states = self.reader.load_state_bitmaps()?;
        self.backlog.entries.set_states(|id| states.get(id.0));
        for id in states.changed_since(&self.states) {
            self.index.update_entry_state(id, |state| *state = states.get(id.0));
        }
        self.states = states;
        let Some(folder) = self.reader.index_folder() else { return Ok(Vec::new()) };
        let listed: Vec<SegmentMeta> =
            self.reader.list_segments()?.into_iter().map(segment_ref).collect();
        let broken = self.index.reload(folder, &listed, &|id| self.states.get(id));
        Ok(broken.into_iter().map(|(_, error)| error).collect())
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
        let gone = self.reader.list_unsubscribed_feed_ids()?;
        if self.unsubscribed != gone {
            // What was left out may count again.
            self.unsubscribed = gone;
            self.backlog.invalidate();
        }
        let folder = |id: &FeedId| {
            let found = self.feeds_by_folder.iter().find(|(_, feeds)| feeds.contains(id));
            found.map(|(folder, _)| folder.clone())
        };
        self.backlog
            .entries
            .set_feeds(self.feeds.iter().map(|(id, names)| (*id, names.clone(), folder(id))));
        Ok(())
    }

    /// Title and text of an entry as they are read.
    pub(super) fn source_text(&self, id: EntryId) -> String {
        let mut found = String::new();
        // What cannot be read matches nothing, and says so when it is opened.
        let _ = self.reader.for_each_full_entry(&[id], |stored| found = source_text(&stored));
        found
    }

    /// Whether a test that the index cannot make holds of an entry.
    pub(super) fn eval_predicate(&self, id: EntryId, test: &Predicate) -> bool {
        let (mut holds, feed) = (false, FeedNames::default());
        let _ = self.reader.for_each_full_entry(&[id], |stored| {
            let (folded, about) = index_fields(&stored);
            let day = stored.published.day_in(&Local);
            let source = || source_text(&stored);
            holds = test.matches(&SearchableEntry {
                text: &folded,
                attributes: &about,
                feed: &feed,
                state: stored.state,
                published_day: day,
                is_new: false,
                plain_text: &source,
            });
        });
        holds
    }
}

fn segment_ref(known: SegmentRecord) -> SegmentMeta {
    SegmentMeta { number: known.number, deleted: known.tombstones }
}
