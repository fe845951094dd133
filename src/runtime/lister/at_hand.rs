//! What the thread has at hand of the library: the index, the texts that are not in it yet, the names of feeds.

use chrono::Local;

use super::Lister;
use crate::{
    index::{Index, IndexError, Listed},
    model::{Done, EntryId, FeedId},
    query::{EntryFacts, FeedFacts, Test},
    runtime::folded::{folded, source},
    store::{KnownSegment, StoreError},
};

impl Lister<'_> {
    /// Applies a change to what is at hand, if it is the next one after what that knows.
    pub(super) fn marked(&mut self, done: &Done, generation: i64) {
        let (ids, set) = done.states();
        if generation == self.generation + 1 && !ids.is_empty() {
            for id in ids {
                self.unindexed.texts.mark(EntryId(*id), &set);
                self.index.mark(EntryId(*id), &set);
                self.states.mark(EntryId(*id), &set);
            }
            self.generation = generation;
        }
    }

    /// Takes over what has changed in the library. Of new texts only some are read, so that a key does not wait for
    /// them; while there are more, [`Unindexed::is_behind`] says so.
    pub(super) fn freshen(&mut self) -> Result<(), StoreError> {
        let reader = self.reader;
        while reader.generation()? != self.generation {
            let broken = reader.snapshot(|| self.take_over())?;
            // A segment that is gone may have been merged and deleted since the library was looked at.
            if broken.is_empty() || reader.generation()? == self.generation {
                self.complaints.extend(broken);
                break;
            }
        }
        self.unindexed.read_some(reader, &self.gone)
    }

    /// Takes over what the library says now; gives what is wrong with the index.
    fn take_over(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let broken = self.open_index()?;
        self.know_feeds()?;
        self.unindexed.note(self.reader)?;
        self.index.forget(self.unindexed.ids());
        self.generation = self.reader.generation()?;
        Ok(broken)
    }

    /// Takes everything for new.
    pub(super) fn without_index(&mut self) -> Result<(), StoreError> {
        self.index = Index::default();
        self.unindexed.read_everything(self.reader, &self.gone)
    }

    fn open_index(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let states = self.reader.states()?;
        self.unindexed.texts.set_states(|id| states.of(id.0));
        for id in states.other_than(&self.states) {
            self.index.mark(id, |state| *state = states.of(id.0));
        }
        self.states = states;
        let Some(folder) = self.reader.index_folder() else { return Ok(Vec::new()) };
        let listed: Vec<Listed> = self.reader.segments()?.into_iter().map(listed).collect();
        let broken = self.index.update(folder, &listed, &|id| self.states.of(id));
        Ok(broken.into_iter().map(|(_, error)| error).collect())
    }

    fn know_feeds(&mut self) -> Result<(), StoreError> {
        self.feeds.clear();
        self.folders.clear();
        for feed in self.reader.feeds()? {
            let names = FeedFacts::new(feed.name(), feed.folder(), &feed.subscription.tags);
            self.feeds.push((feed.id, names));
            if let Some(folder) = feed.folder() {
                self.folders.entry(folder.to_owned()).or_default().push(feed.id);
            }
        }
        let gone = self.reader.gone_feeds()?;
        if self.gone != gone {
            // What was left out may count again.
            self.gone = gone;
            self.unindexed.forget();
        }
        let folder = |id: &FeedId| {
            let found = self.folders.iter().find(|(_, feeds)| feeds.contains(id));
            found.map(|(folder, _)| folder.clone())
        };
        self.unindexed
            .texts
            .know_feeds(self.feeds.iter().map(|(id, names)| (*id, names.clone(), folder(id))));
        Ok(())
    }

    /// Title and text of an entry as they are read.
    pub(super) fn source(&self, id: EntryId) -> String {
        let mut found = String::new();
        // What cannot be read matches nothing, and says so when it is opened.
        let _ = self.reader.each_stored(&[id], |stored| found = source(&stored));
        found
    }

    /// Whether a test that the index cannot make holds of an entry.
    pub(super) fn holds(&self, id: EntryId, test: &Test) -> bool {
        let (mut holds, feed) = (false, FeedFacts::default());
        let _ = self.reader.each_stored(&[id], |stored| {
            let (folded, about) = folded(&stored);
            let day = stored.published.day(&Local);
            let source = || source(&stored);
            holds = test.holds(&EntryFacts {
                folded: &folded,
                about: &about,
                feed: &feed,
                state: stored.state,
                day,
                new: false,
                source: &source,
            });
        });
        holds
    }
}

fn listed(known: KnownSegment) -> Listed {
    Listed { number: known.number, dead: known.dead }
}
