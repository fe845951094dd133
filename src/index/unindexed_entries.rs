//! The entries that are not in the index yet. A search scans them one by one.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, HashMap},
};

use chrono::NaiveDate;

use super::{HitStatistics, SortKey, Suggester, TagWords};
use crate::{
    model::{EntryId, EntryState, FeedId, TagId, ViewScope, is_in_account},
    query::{
        EntryAttributes, FeedNames, FoldedText, PlainText, Query, SearchableEntry, SearchableTag,
        TextPattern, count_words,
    },
};

/// Maximum number of texts that are scanned for suggestions, newest first.
const MAX_SUGGESTION_ENTRIES: usize = 256;

/// An entry that is not in the index yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnindexedEntry {
    /// Entry id.
    pub id: EntryId,
    /// Feed of the entry.
    pub feed: FeedId,
    /// Read, starred, hidden and removed states.
    pub state: EntryState,
    /// The user's tags.
    pub tag_ids: Vec<TagId>,
    /// Publication time in seconds since 1970.
    pub published: i64,
    /// Day of publication in the user's time zone.
    pub published_day: NaiveDate,
    /// Day of arrival in the user's time zone.
    pub arrived_day: NaiveDate,
    /// Folded text.
    pub text: FoldedText,
    /// Attributes that are not words of the text.
    pub attributes: EntryAttributes,
}

/// The facts about entries that a search looks up beside their folded texts.
pub struct EntryLookup<'a> {
    /// Returns the parts of an entry without folding.
    pub plain_text: &'a dyn Fn(EntryId) -> PlainText,
    /// Returns true if the second entry is in the story of the first.
    pub is_in_story: &'a dyn Fn(EntryId, EntryId) -> bool,
}

/// All unindexed entries, newest first.
#[derive(Debug, Default)]
pub struct UnindexedEntries {
    entries: BTreeMap<Reverse<SortKey>, UnindexedEntry>,
    sort_keys: HashMap<EntryId, SortKey>,
    feeds: HashMap<FeedId, (FeedNames, Option<String>)>,
    tags: HashMap<TagId, SearchableTag>,
}

impl UnindexedEntries {
    /// Replaces the names and folders of all feeds.
    pub fn set_feeds(&mut self, feeds: impl Iterator<Item = (FeedId, FeedNames, Option<String>)>) {
        self.feeds = feeds.map(|(id, names, folder)| (id, (names, folder))).collect();
    }

    /// Replaces the names of all tags.
    pub fn set_tags(&mut self, tags: impl Iterator<Item = SearchableTag>) {
        self.tags = tags.map(|tag| (tag.id, tag)).collect();
    }

    /// Adds an entry or replaces it.
    pub fn upsert(&mut self, entry: UnindexedEntry) {
        self.remove(entry.id);
        let sort_key = (entry.published, entry.id);
        self.sort_keys.insert(entry.id, sort_key);
        self.entries.insert(Reverse(sort_key), entry);
    }

    /// Removes an entry, if present.
    pub fn remove(&mut self, id: EntryId) {
        if let Some(sort_key) = self.sort_keys.remove(&id) {
            self.entries.remove(&Reverse(sort_key));
        }
    }

    /// Keeps only the entries for which `keep` returns true.
    pub fn retain(&mut self, keep: impl Fn(&UnindexedEntry) -> bool) {
        self.entries.retain(|_, entry| keep(entry));
        self.sort_keys.retain(|_, sort_key| self.entries.contains_key(&Reverse(*sort_key)));
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns true if there are no entries.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Sets the states of all entries.
    pub fn set_states(&mut self, state: impl Fn(EntryId) -> EntryState) {
        self.entries.values_mut().for_each(|entry| entry.state = state(entry.id));
    }

    /// Changes the states of an entry with `set`, if present.
    pub fn update_entry_state(&mut self, id: EntryId, set: impl Fn(&mut EntryState)) {
        if let Some(entry) = self.get_mut(id) {
            set(&mut entry.state);
        }
    }

    /// Puts a tag on an entry, or takes it off, if the entry is present.
    pub fn update_entry_tag(&mut self, id: EntryId, tag: TagId, is_set: bool) {
        let Some(entry) = self.get_mut(id) else { return };
        entry.tag_ids.retain(|other| *other != tag);
        if is_set {
            entry.tag_ids.push(tag);
        }
    }

    fn get_mut(&mut self, id: EntryId) -> Option<&mut UnindexedEntry> {
        self.entries.get_mut(&Reverse(*self.sort_keys.get(&id)?))
    }

    /// Returns the sort keys of the entries in `scope` that match `query`, newest first.
    pub fn search(
        &self,
        query: &Query,
        scope: &ViewScope,
        today: NaiveDate,
        lookup: &EntryLookup<'_>,
    ) -> Vec<SortKey> {
        let no_feed = (FeedNames::default(), None);
        let entries = self.entries.iter().filter(|(_, entry)| {
            let (feed, folder) = self.feeds.get(&entry.feed).unwrap_or(&no_feed);
            let tags: Vec<&SearchableTag> =
                entry.tag_ids.iter().filter_map(|tag| self.tags.get(tag)).collect();
            is_in_scope(entry, folder.as_deref(), scope, today)
                && query.matches(&SearchableEntry {
                    text: &entry.text,
                    attributes: &entry.attributes,
                    feed,
                    state: entry.state,
                    tags: &tags,
                    published_day: entry.published_day,
                    is_new: entry.arrived_day >= today,
                    plain_text: &|| (lookup.plain_text)(entry.id),
                    is_in_story: &|number| (lookup.is_in_story)(number, entry.id),
                })
        });
        entries.map(|(Reverse(sort_key), _)| *sort_key).collect()
    }

    /// Returns the day of publication of an entry, if present.
    pub fn published_day(&self, id: EntryId) -> Option<NaiveDate> {
        self.get(id).map(|entry| entry.published_day)
    }

    /// Returns the statistics of the given entries for the searched `patterns`. Entries that are
    /// not present are left out.
    pub fn collect_hit_statistics(
        &self,
        sort_keys: &[SortKey],
        patterns: &[&TextPattern],
    ) -> Vec<HitStatistics> {
        let entries =
            sort_keys.iter().filter_map(|sort_key| Some((*sort_key, self.get(sort_key.1)?)));
        entries.map(|(sort_key, entry)| hit_statistics(sort_key, &entry.text, patterns)).collect()
    }

    /// Scans the newest texts for words similar to the one that `suggester` was made for.
    pub fn scan_for_suggestions(&self, suggester: &mut Suggester) {
        self.entries
            .values()
            .take(MAX_SUGGESTION_ENTRIES)
            .for_each(|entry| suggester.scan_text(&entry.text.text));
    }

    /// Adds the words of the entries' tags.
    pub fn add_tag_words(&self, words: &mut TagWords) {
        self.entries.values().for_each(|entry| words.add_folded_tags(entry.text.tags()));
    }

    fn get(&self, id: EntryId) -> Option<&UnindexedEntry> {
        self.entries.get(&Reverse(*self.sort_keys.get(&id)?))
    }

    /// Returns the state of an entry; that of a new one if the entry is not present.
    pub fn state(&self, id: EntryId) -> EntryState {
        self.get(id).map(|entry| entry.state).unwrap_or_default()
    }
}

fn hit_statistics(
    sort_key: SortKey,
    text: &FoldedText,
    patterns: &[&TextPattern],
) -> HitStatistics {
    let bytes = text.text.as_bytes();
    let title = bytes.get(..text.field_ends.title as usize).unwrap_or_default();
    let title_matches = patterns.iter().filter(|pattern| pattern.is_match(title)).count();
    HitStatistics {
        sort_key,
        title_matches: u32::try_from(title_matches).unwrap_or(u32::MAX),
        phrase_freqs: patterns.iter().map(|pattern| pattern.count_matches(bytes)).collect(),
        word_count: count_words(&text.text),
    }
}

fn is_in_scope(
    entry: &UnindexedEntry,
    folder: Option<&str>,
    scope: &ViewScope,
    today: NaiveDate,
) -> bool {
    match scope {
        ViewScope::All => true,
        ViewScope::Unread => !entry.state.read,
        ViewScope::Starred => entry.state.starred,
        ViewScope::Today => entry.published_day >= today,
        ViewScope::Feed(feed) => entry.feed == *feed,
        ViewScope::Folder(name) => folder == Some(name),
        ViewScope::Account(name) => folder.is_some_and(|folder| is_in_account(name, folder)),
    }
}
