//! What is not in the index yet, searched from front to back.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use chrono::NaiveDate;

use super::{Likely, Rank, Weighed};
use crate::{
    model::{EntryId, EntryState, FeedId, Scope},
    query::{About, EntryFacts, FeedFacts, Folded, Needle, Query, words_in},
};

/// Texts in which words like another are looked for.
const LOOKED_FOR: usize = 256;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The entry.
    pub id: EntryId,
    /// Its feed.
    pub feed: FeedId,
    /// Read and starred.
    pub state: EntryState,
    /// When it was published, in seconds since 1970.
    pub published: i64,
    /// The day of that, in the reader's zone.
    pub day: NaiveDate,
    /// The day it came in, in the reader's zone.
    pub arrived: NaiveDate,
    /// Its words.
    pub folded: Folded,
    /// What is told of it beside its words.
    pub about: About,
}

/// Entries of any feeds, the newest first.
#[derive(Debug, Default)]
pub struct Texts {
    rows: BTreeMap<Reverse<Rank>, Row>,
    ranks: HashMap<EntryId, Rank>,
    feeds: HashMap<FeedId, (FeedFacts, Option<String>)>,
}

impl Texts {
    /// Names the feeds, and the folders they are in; what was known of feeds before is forgotten.
    pub fn know_feeds(&mut self, feeds: impl Iterator<Item = (FeedId, FeedFacts, Option<String>)>) {
        self.feeds = feeds.map(|(id, names, folder)| (id, (names, folder))).collect();
    }

    /// Adds an entry, or what it is now.
    pub fn put(&mut self, row: Row) {
        self.remove(row.id);
        let rank = (row.published, row.id);
        self.ranks.insert(row.id, rank);
        self.rows.insert(Reverse(rank), row);
    }

    /// Takes an entry out, if it is here.
    pub fn remove(&mut self, id: EntryId) {
        if let Some(rank) = self.ranks.remove(&id) {
            self.rows.remove(&Reverse(rank));
        }
    }

    /// Takes out whatever `keep` does not want.
    pub fn retain(&mut self, keep: impl Fn(&Row) -> bool) {
        self.rows.retain(|_, row| keep(row));
        self.ranks.retain(|_, rank| self.rows.contains_key(&Reverse(*rank)));
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes over the states of all that is here.
    pub fn set_states(&mut self, state: impl Fn(EntryId) -> EntryState) {
        self.rows.values_mut().for_each(|row| row.state = state(row.id));
    }

    /// Changes the state of an entry, if it is here.
    pub fn mark(&mut self, id: EntryId, set: impl Fn(&mut EntryState)) {
        let row = self.ranks.get(&id).and_then(|rank| self.rows.get_mut(&Reverse(*rank)));
        if let Some(row) = row {
            set(&mut row.state);
        }
    }

    /// The entries of `scope` that match, the newest first. `source` gives title and text of an entry as they are read.
    pub fn search(
        &self,
        query: &Query,
        scope: &Scope,
        today: NaiveDate,
        source: &dyn Fn(EntryId) -> String,
    ) -> Vec<Rank> {
        let nameless = (FeedFacts::default(), None);
        let rows = self.rows.iter().filter(|(_, row)| {
            let (feed, folder) = self.feeds.get(&row.feed).unwrap_or(&nameless);
            in_scope(row, folder.as_deref(), scope, today)
                && query.matches(&EntryFacts {
                    folded: &row.folded,
                    about: &row.about,
                    feed,
                    state: row.state,
                    day: row.day,
                    new: row.arrived >= today,
                    source: &|| source(row.id),
                })
        });
        rows.map(|(Reverse(rank), _)| *rank).collect()
    }

    /// The day that an entry was published, if it is here.
    pub fn day(&self, id: EntryId) -> Option<NaiveDate> {
        self.row(id).map(|row| row.day)
    }

    /// What `ranks` have to do with the words that `needles` look for.
    pub fn weigh(&self, ranks: &[Rank], needles: &[&Needle]) -> Vec<Weighed> {
        let rows = ranks.iter().filter_map(|rank| Some((*rank, self.row(rank.1)?)));
        let weighed = rows.map(|(rank, row)| {
            let text = row.folded.text.as_bytes();
            let title = text.get(..row.folded.ends.title as usize).unwrap_or_default();
            let in_title = needles.iter().filter(|needle| needle.is_in(title)).count();
            Weighed {
                rank,
                in_title: u32::try_from(in_title).unwrap_or(u32::MAX),
                counts: needles.iter().map(|needle| needle.count_in(text)).collect(),
                words: words_in(&row.folded.text),
            }
        });
        weighed.collect()
    }

    /// Looks for words like one that is nowhere, in the newest texts.
    pub fn look_for(&self, likely: &mut Likely) {
        self.rows.values().take(LOOKED_FOR).for_each(|row| likely.look_at(&row.folded.text));
    }

    fn row(&self, id: EntryId) -> Option<&Row> {
        self.rows.get(&Reverse(*self.ranks.get(&id)?))
    }

    /// Whether an entry is here, and read.
    pub fn is_read(&self, id: EntryId) -> bool {
        self.row(id).is_some_and(|row| row.state.read)
    }
}

fn in_scope(row: &Row, folder: Option<&str>, scope: &Scope, today: NaiveDate) -> bool {
    match scope {
        Scope::Everything => true,
        Scope::Unread => !row.state.read,
        Scope::Starred => row.state.starred,
        Scope::Today => row.day >= today,
        Scope::Feed(feed) => row.feed == *feed,
        Scope::Folder(name) => folder == Some(name),
    }
}
