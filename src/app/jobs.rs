//! Work in the background, as the user sees it, and when feeds are refreshed by themselves.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::EntryId;

/// How far a refresh is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Feeds done.
    pub done: usize,
    /// Feeds in all.
    pub total: usize,
}

/// Work in the background.
#[derive(Debug, Default)]
pub struct Jobs {
    refresh: Option<Progress>,
    next: Option<DateTime<Utc>>,
    pause: TimeDelta,
    /// Entries whose full text is on its way, and those that have none.
    fetching: BTreeSet<EntryId>,
    refused: BTreeSet<EntryId>,
}

impl Jobs {
    /// The longest time between two looks at which feeds are due.
    pub const LONGEST: TimeDelta = TimeDelta::minutes(10);

    /// How far the refresh is, if one runs.
    pub fn refresh(&self) -> Option<Progress> {
        self.refresh
    }

    /// Refreshes what is due every now and then, if feeds are refreshed every so many minutes at all.
    pub fn schedule(&mut self, every: u32, now: DateTime<Utc>) {
        self.pause = TimeDelta::minutes(every.into()).min(Jobs::LONGEST);
        self.next = (every > 0).then(|| now + self.pause);
    }

    /// When what is due is refreshed next.
    pub fn next_refresh(&self) -> Option<DateTime<Utc>> {
        self.next
    }

    /// Whether it is time to refresh what is due; if so, the next time is after a pause.
    pub fn is_due(&mut self, now: DateTime<Utc>) -> bool {
        let due = self.next.is_some_and(|next| next <= now);
        if due {
            self.next = Some(now + self.pause);
        }
        due
    }

    /// The full text of an entry is fetched; whether it was not on its way already.
    pub fn fetch(&mut self, id: EntryId) -> bool {
        self.fetching.insert(id)
    }

    /// The full text of an entry came, or will not come.
    pub fn fetched(&mut self, id: EntryId, came: bool) {
        self.fetching.remove(&id);
        if !came {
            self.refused.insert(id);
        }
    }

    /// Whether the full text of an entry is on its way.
    pub fn is_fetching(&self, id: EntryId) -> bool {
        self.fetching.contains(&id)
    }

    /// Whether there is no full text of an entry, as far as this run knows.
    pub fn is_refused(&self, id: EntryId) -> bool {
        self.refused.contains(&id)
    }

    /// A refresh of so many feeds began.
    pub fn began(&mut self, total: usize) {
        self.refresh = Some(Progress { done: 0, total });
    }

    /// So many feeds are done.
    pub fn reached(&mut self, done: usize) {
        if let Some(progress) = &mut self.refresh {
            progress.done = done.min(progress.total);
        }
    }

    /// The refresh ended.
    pub fn ended(&mut self) {
        self.refresh = None;
    }
}
