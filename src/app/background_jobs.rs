//! Work in the background, as the user sees it, and when feeds are refreshed by themselves.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::EntryId;

/// How far a refresh is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedProgress {
    /// Feeds done.
    pub done: usize,
    /// Feeds in all.
    pub total: usize,
}

/// Work in the background.
#[derive(Debug, Default)]
pub struct BackgroundJobs {
    refresh_progress: Option<FeedProgress>,
    next_refresh: Option<DateTime<Utc>>,
    refresh_interval: TimeDelta,
    /// Entries whose full text is on its way, and those that have none.
    fetching_full_text: BTreeSet<EntryId>,
    without_full_text: BTreeSet<EntryId>,
}

impl BackgroundJobs {
    /// The longest time between two looks at which feeds are due.
    pub const MAX_REFRESH_INTERVAL: TimeDelta = TimeDelta::minutes(10);

    /// How far the refresh is, if one runs.
    pub fn refresh_progress(&self) -> Option<FeedProgress> {
        self.refresh_progress
    }

    /// Refreshes what is due every now and then, if feeds are refreshed every so many minutes at all.
    pub fn schedule_refresh(&mut self, every: u32, now: DateTime<Utc>) {
        self.refresh_interval =
            TimeDelta::minutes(every.into()).min(BackgroundJobs::MAX_REFRESH_INTERVAL);
        self.next_refresh = (every > 0).then(|| now + self.refresh_interval);
    }

    /// When what is due is refreshed next.
    pub fn next_refresh(&self) -> Option<DateTime<Utc>> {
        self.next_refresh
    }

    /// Whether it is time to refresh what is due; if so, the next time is after a pause.
    pub fn take_due_refresh(&mut self, now: DateTime<Utc>) -> bool {
        let due = self.next_refresh.is_some_and(|next| next <= now);
        if due {
            self.next_refresh = Some(now + self.refresh_interval);
        }
        due
    }

    /// The full text of an entry is fetched; whether it was not on its way already.
    pub fn start_full_text(&mut self, id: EntryId) -> bool {
        self.fetching_full_text.insert(id)
    }

    /// The full text of an entry came, or will not come.
    pub fn finish_full_text(&mut self, id: EntryId, came: bool) {
        self.fetching_full_text.remove(&id);
        if !came {
            self.without_full_text.insert(id);
        }
    }

    /// Whether the full text of an entry is on its way.
    pub fn is_fetching_full_text(&self, id: EntryId) -> bool {
        self.fetching_full_text.contains(&id)
    }

    /// Whether there is no full text of an entry, as far as this run knows.
    pub fn is_without_full_text(&self, id: EntryId) -> bool {
        self.without_full_text.contains(&id)
    }

    /// A refresh of so many feeds began.
    pub fn start_refresh(&mut self, total: usize) {
        self.refresh_progress = Some(FeedProgress { done: 0, total });
    }

    /// So many feeds are done.
    pub fn set_feeds_done(&mut self, done: usize) {
        if let Some(progress) = &mut self.refresh_progress {
            progress.done = done.min(progress.total);
        }
    }

    /// The refresh ended.
    pub fn finish_refresh(&mut self) {
        self.refresh_progress = None;
    }
}
