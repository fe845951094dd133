//! What is not in the index yet, searched from front to back.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use chrono::NaiveDate;

use super::{HitStatistics, SortKey, Suggester};
use crate::{
    model::{EntryId, EntryState, FeedId, ViewScope},
    query::{
        EntryAttributes, FeedNames, FoldedText, Query, SearchableEntry, TextPattern, count_words,
    },
};

/// Texts in which words like another are looked for.
const MAX_SUGGESTION_ENTRIES: usize = 256;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnindexedEntry {
    /// The entry.
    pub id: EntryId,
    /// Its feed.
    pub feed: FeedId,
    /// Read and starred.
    pub state: EntryState,
    /// When it was published, in seconds since 1970.
    pub published: i64,
    /// The day of that, in the reader's zone.
    pub published_day: NaiveDate,
    /// The day it came in, in the reader's zone.
    pub arrived_day: NaiveDate,
    /// Its words.
    pub text: FoldedText,
    /// What is told of it beside its words.
    pub attributes: EntryAttributes,
}

/// Entries of any feeds, the newest first.
#[derive(Debug, Default)]
pub struct UnindexedEntries {
    entries: BTreeMap<Reverse<SortKey>, UnindexedEntry>,
    sort_keys: HashMap<EntryId, SortKey>,
    feeds: HashMap<FeedId, (FeedNames, Option<String>)>,
}

impl UnindexedEntries {
    /// Names the feeds, and the folders they are in; what was known of feeds before is forgotten.
    pub fn set_feeds(&mut self, feeds: impl Iterator<Item = (FeedId, FeedNames, Option<String>)>) {
        self.feeds = feeds.map(|(id, names, folder)| (id, (names, folder))).collect();
    }

    /// Adds an entry, or what it is now.
    pub fn upsert(&mut self, row: UnindexedEntry) {
        self.remove(row.id);
        let rank = (row.published, row.id);
        self.sort_keys.insert(row.id, rank);
        self.entries.insert(Reverse(rank), row);
    }

    /// Takes an entry out, if it is here.
    pub fn remove(&mut self, id: EntryId) {
        if let Some(rank) = self.sort_keys.remove(&id) {
            self.entries.remove(&Reverse(rank));
        }
    }

    /// Takes out whatever `keep` does not want.
    pub fn retain(&mut self, keep: impl Fn(&UnindexedEntry) -> bool) {
        self.entries.retain(|_, row| keep(row));
        self.sort_keys.retain(|_, rank| self.entries.contains_key(&Reverse(*rank)));
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Takes over the states of all that is here.
    pub fn set_states(&mut self, state: impl Fn(EntryId) -> EntryState) {
        self.entries.values_mut().for_each(|row| row.state = state(row.id));
    }

    /// Changes the state of an entry, if it is here.
    pub fn update_entry_state(&mut self, id: EntryId, set: impl Fn(&mut EntryState)) {
        let row = self.sort_keys.get(&id).and_then(|rank| self.entries.get_mut(&Reverse(*rank)));
        if let Some(row) = row {
            set(&mut row.state);
        }
    }

    /// The entries of `scope` that match, the newest first. `source` gives title and text of an entry as they are read.
    pub fn search(
        &self,
        query: &Query,
        scope: &ViewScope,
        today: NaiveDate,
        source: &dyn Fn(EntryId) -> String,
    ) -> Vec<SortKey> {
        let nameless = (FeedNames::default(), None);
        let rows = self.entries.iter().filter(|(_, row)| {
            let (feed, folder) = self.feeds.get(&row.feed).unwrap_or(&nameless);
            is_in_scope(row, folder.as_deref(), scope, today)
                && query.matches(&SearchableEntry {
                    text: &row.text,
                    attributes: &row.attributes,
                    feed,
                    state: row.state,
                    published_day: row.published_day,
                    is_new: row.arrived_day >= today,
                    plain_text: &|| source(row.id),
                })
        });
        rows.map(|(Reverse(rank), _)| *rank).collect()
    }

    /// The day that an entry was published, if it is here.
    pub fn published_day(&self, id: EntryId) -> Option<NaiveDate> {
        self.get(id).map(|row| row.published_day)
    }

    /// What `ranks` have to do with the words that `needles` look for.
    pub fn collect_hit_statistics(
        &self,
        ranks: &[SortKey],
        needles: &[&TextPattern],
    ) -> Vec<HitStatistics> {
        let rows = ranks.iter().filter_map(|rank| Some((*rank, self.get(rank.1)?)));
        let weighed = rows.map(|(rank, row)| {
            let text = row.text.text.as_bytes();
            let title = text.get(..row.text.field_ends.title as usize).unwrap_or_default();
            let in_title = needles.iter().filter(|needle| needle.is_match(title)).count();
            HitStatistics {
                sort_key: rank,
                title_matches: u32::try_from(in_title).unwrap_or(u32::MAX),
                phrase_freqs: needles.iter().map(|needle| needle.count_matches(text)).collect(),
                word_count: count_words(&row.text.text),
            }
        });
        weighed.collect()
    }

    /// Looks for words like one that is nowhere, in the newest texts.
    pub fn scan_for_suggestions(&self, likely: &mut Suggester) {
        self.entries
            .values()
            .take(MAX_SUGGESTION_ENTRIES)
            .for_each(|row| likely.scan_text(&row.text.text));
    }

    fn get(&self, id: EntryId) -> Option<&UnindexedEntry> {
        self.entries.get(&Reverse(*self.sort_keys.get(&id)?))
    }

    /// Whether an entry is here, and read.
    pub fn is_read(&self, id: EntryId) -> bool {
        self.get(id).is_some_and(|row| row.state.read)
    }
}

fn is_in_scope(
    row: &UnindexedEntry,
    folder: Option<&str>,
    scope: &ViewScope,
    today: NaiveDate,
) -> bool {
    match scope {
        ViewScope::All => true,
        ViewScope::Unread => !row.state.read,
        ViewScope::Starred => row.state.starred,
        ViewScope::Today => row.published_day >= today,
        ViewScope::Feed(feed) => row.feed == *feed,
        ViewScope::Folder(name) => folder == Some(name),
    }
}
