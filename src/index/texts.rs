//! The folded texts of everything in sight, in one piece of memory, searched from front to back.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::Rank;
use crate::{
    model::{EntryId, EntryState, FeedId, Scope},
    query::{EntryFacts, FeedFacts, FieldEnds, Query},
};

/// One entry, but for its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    /// Where the fields of its text end.
    pub ends: FieldEnds,
}

/// Everything in sight, the newest first.
#[derive(Debug, Default)]
pub struct Texts {
    bytes: Vec<u8>,
    rows: Vec<(Row, usize)>,
    feeds: HashMap<FeedId, (FeedFacts, Option<String>)>,
    by_id: HashMap<EntryId, u32>,
}

impl Texts {
    /// Nothing yet, with room for `bytes` of folded text of `entries`.
    pub fn with_room(bytes: usize, entries: usize) -> Texts {
        Texts {
            bytes: Vec::with_capacity(bytes),
            rows: Vec::with_capacity(entries),
            feeds: HashMap::new(),
            by_id: HashMap::with_capacity(entries),
        }
    }

    /// Names a feed, and the folder it is in.
    pub fn add_feed(&mut self, id: FeedId, names: FeedFacts, folder: Option<&str>) {
        self.feeds.insert(id, (names, folder.map(str::to_owned)));
    }

    /// Adds an entry that is older than all before it.
    pub fn push(&mut self, row: Row, text: &[u8]) {
        self.by_id.insert(row.id, u32::try_from(self.rows.len()).unwrap_or(u32::MAX));
        self.rows.push((row, self.bytes.len()));
        self.bytes.extend_from_slice(text);
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Changes the state of an entry, if it is here.
    pub fn mark(&mut self, id: EntryId, set: impl Fn(&mut EntryState)) {
        if let Some((row, _)) = self.by_id.get(&id).and_then(|at| self.rows.get_mut(*at as usize)) {
            set(&mut row.state);
        }
    }

    /// The entries of `scope` that match, the newest first.
    pub fn search(&self, query: &Query, scope: &Scope, today: NaiveDate) -> Vec<Rank> {
        let nameless = (FeedFacts::default(), None);
        let ends = self.rows.iter().skip(1).map(|(_, start)| *start).chain([self.bytes.len()]);
        let rows = self.rows.iter().zip(ends);
        rows.filter(|((row, start), end)| {
            let (feed, folder) = self.feeds.get(&row.feed).unwrap_or(&nameless);
            let text = &self.bytes[*start..*end];
            let facts = EntryFacts { text, ends: row.ends, feed, state: row.state, day: row.day };
            in_scope(row, folder.as_deref(), scope, today) && query.matches(&facts)
        })
        .map(|((row, _), _)| (row.published, row.id))
        .collect()
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
