//! What the thread has at hand of the library: the index, the texts that are not in it yet, the names of feeds.

use std::collections::HashMap;

use chrono::Local;

use super::{Lister, days::day_of};
use crate::{
    index::{Index, IndexError, Listed, Row},
    model::{Done, EntryId, FeedId},
    query::{EntryFacts, FeedFacts, Test},
    runtime::folded::{folded, source},
    store::{StoreError, Stored},
};

impl Lister<'_> {
    /// Applies a change to what is at hand, if it is the next one after what that knows.
    pub(super) fn marked(&mut self, done: &Done, generation: i64) {
        let (ids, set) = done.states();
        if generation == self.generation + 1 && !ids.is_empty() {
            for id in ids {
                self.texts.mark(EntryId(*id), &set);
                self.index.mark(EntryId(*id), &set);
            }
            self.generation = generation;
        }
    }

    /// Takes over what has changed in the library.
    pub(super) fn freshen(&mut self) -> Result<(), StoreError> {
        let reader = self.reader;
        loop {
            if reader.generation()? == self.generation {
                return Ok(());
            }
            let broken = reader.snapshot(|| self.take_over())?;
            // A segment that is gone may have been merged and deleted since the library was looked at.
            if broken.is_empty() || reader.generation()? == self.generation {
                self.complaints.extend(broken);
                return Ok(());
            }
        }
    }

    /// Takes over what the library says now; gives what is wrong with the index.
    fn take_over(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let broken = self.open_index()?;
        self.know_feeds()?;
        self.read_new()?;
        self.generation = self.reader.generation()?;
        Ok(broken)
    }

    /// Takes everything for new.
    pub(super) fn without_index(&mut self) -> Result<(), StoreError> {
        self.index = Index::default();
        self.unindexed = 0;
        let everything = self.reader.everything()?;
        self.read_texts(&everything)
    }

    /// Reads the texts that are new to the index, but those that are at hand as they are.
    fn read_new(&mut self) -> Result<(), StoreError> {
        let new: HashMap<EntryId, i64> = self.reader.newest_text_changes(self.most)?.into_iter().collect();
        let many = new.len() >= self.most / 2;
        let changes = if many { self.reader.count_text_changes()? } else { 0 };
        self.unindexed = changes.saturating_sub(self.most as u64);
        let ids: Vec<EntryId> = new.keys().copied().collect();
        self.index.forget(&ids);
        let known = std::mem::replace(&mut self.changes, new);
        let changes = &self.changes;
        self.texts.retain(|row| changes.contains_key(&row.id));
        let unknown: Vec<EntryId> = ids.into_iter().filter(|id| known.get(id) != changes.get(id)).collect();
        for id in &unknown {
            self.texts.remove(*id);
        }
        self.read_texts(&unknown)
    }

    fn open_index(&mut self) -> Result<Vec<IndexError>, StoreError> {
        let states = self.reader.states()?;
        self.texts.set_states(|id| states.of(id.0));
        let Some(folder) = self.reader.index_folder() else { return Ok(Vec::new()) };
        let listed = self.reader.segments()?;
        let listed: Vec<Listed> =
            listed.into_iter().map(|known| Listed { number: known.number, dead: known.dead }).collect();
        let (index, broken) = Index::open(folder, &listed, &self.index, &|id| states.of(id));
        self.index = index;
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
            self.changes.clear();
        }
        let folder = |id: &FeedId| {
            let found = self.folders.iter().find(|(_, feeds)| feeds.contains(id));
            found.map(|(folder, _)| folder.clone())
        };
        self.texts.know_feeds(self.feeds.iter().map(|(id, names)| (*id, names.clone(), folder(id))));
        Ok(())
    }

    fn read_texts(&mut self, ids: &[EntryId]) -> Result<(), StoreError> {
        let Lister { reader, texts, gone, .. } = self;
        reader.each_stored(ids, |stored| {
            if !gone.contains(&stored.feed) {
                texts.put(row(&stored));
            }
        })
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
