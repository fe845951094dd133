//! Background work as the user sees it, and the schedule of automatic refreshes.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};

use crate::model::{AccountId, DownloadProgress, EntryId, FeedId};

/// The progress of a refresh.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FeedProgress {
    /// Feeds that are done.
    pub done: usize,
    /// All feeds of the refresh.
    pub total: usize,
}

/// The articles that a sync has fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncProgress {
    /// The name of the account.
    pub account: String,
    /// Number of articles that have arrived.
    pub done: usize,
    /// Number of articles to fetch.
    pub total: usize,
}

/// The background work that the user sees.
#[derive(Debug, Default)]
pub struct BackgroundJobs {
    refresh_progress: Option<FeedProgress>,
    /// Feeds of the running refresh that have not answered yet.
    unanswered_feeds: BTreeSet<FeedId>,
    /// Accounts whose syncs have not ended.
    syncing_accounts: Vec<AccountId>,
    /// The sync that fetched articles last, until all of them have arrived.
    sync_progress: Option<SyncProgress>,
    /// The progress of downloads, while there are any.
    download_progress: Option<DownloadProgress>,
    /// Refreshes that wait for the running one.
    waiting_refreshes: usize,
    next_refresh: Option<DateTime<Utc>>,
    refresh_interval: TimeDelta,
    /// Time between two refreshes of a feed without an interval of its own.
    feed_interval: TimeDelta,
    /// Entries whose full text is being fetched.
    fetching_full_text: BTreeSet<EntryId>,
    /// Entries whose full text could not be fetched in this run.
    without_full_text: BTreeSet<EntryId>,
}

impl BackgroundJobs {
    /// Maximum time between two refreshes of due feeds.
    pub const MAX_REFRESH_INTERVAL: TimeDelta = TimeDelta::minutes(10);

    /// Returns the progress of the refresh, if one runs.
    pub fn refresh_progress(&self) -> Option<FeedProgress> {
        self.refresh_progress
    }

    /// Returns whether a feed is being refreshed.
    pub fn is_refreshing(&self, feed: FeedId) -> bool {
        self.unanswered_feeds.contains(&feed)
    }

    /// Sets the feeds of the running refresh that have not answered yet.
    pub fn set_unanswered_feeds(&mut self, feeds: Vec<FeedId>) {
        self.unanswered_feeds = feeds.into_iter().collect();
    }

    /// Sets the accounts whose syncs have not ended.
    pub fn set_syncing(&mut self, accounts: Vec<AccountId>) {
        self.syncing_accounts = accounts;
    }

    /// Returns whether an account is being synced.
    pub fn is_syncing(&self, account: AccountId) -> bool {
        self.syncing_accounts.contains(&account)
    }

    /// Returns the accounts whose syncs have not ended.
    pub fn syncing_accounts(&self) -> &[AccountId] {
        &self.syncing_accounts
    }

    /// Sets the number of articles that the sync of an account has fetched.
    pub fn set_sync_progress(&mut self, progress: SyncProgress) {
        self.sync_progress = Some(progress).filter(|progress| progress.done < progress.total);
    }

    /// Returns how many articles the sync of an account has fetched; `None` while no sync fetches any.
    pub fn sync_progress(&self) -> Option<&SyncProgress> {
        self.sync_progress.as_ref()
    }

    /// Sets the progress of downloads; `None` once all have ended.
    pub fn set_download_progress(&mut self, progress: Option<DownloadProgress>) {
        self.download_progress = progress;
    }

    /// Returns the progress of downloads, while there are any.
    pub fn download_progress(&self) -> Option<DownloadProgress> {
        self.download_progress
    }

    /// Returns the number of refreshes that wait for the running one.
    pub fn waiting_refreshes(&self) -> usize {
        self.waiting_refreshes
    }

    /// Sets the number of refreshes that wait for the running one.
    pub fn set_waiting_refreshes(&mut self, count: usize) {
        self.waiting_refreshes = count;
    }

    /// Schedules refreshes of due feeds; 0 minutes schedules none.
    pub fn schedule_refresh(&mut self, every: u32, now: DateTime<Utc>) {
        self.feed_interval = TimeDelta::minutes(every.into());
        self.refresh_interval = self.feed_interval.min(BackgroundJobs::MAX_REFRESH_INTERVAL);
        self.next_refresh = (every > 0).then(|| now + self.refresh_interval);
    }

    /// Returns the time between two refreshes of a feed without an interval of its own.
    pub fn feed_interval(&self) -> TimeDelta {
        self.feed_interval
    }

    /// Returns the time of the next automatic refresh.
    pub fn next_refresh(&self) -> Option<DateTime<Utc>> {
        self.next_refresh
    }

    /// Returns whether an automatic refresh is due; if so, schedules the next.
    pub fn take_due_refresh(&mut self, now: DateTime<Utc>) -> bool {
        // A time later than an interval is that of a clock that has been set back since.
        let is_due = |next: DateTime<Utc>| next <= now || next - now > self.refresh_interval;
        let due = self.next_refresh.is_some_and(is_due);
        if due {
            self.next_refresh = Some(now + self.refresh_interval);
        }
        due
    }

    /// Notes that fetching the full text of an entry began. Returns false if it is being fetched
    /// already.
    pub fn start_full_text(&mut self, id: EntryId) -> bool {
        self.fetching_full_text.insert(id)
    }

    /// Notes that the full text of an entry arrived.
    pub fn finish_full_text(&mut self, id: EntryId) {
        self.fetching_full_text.remove(&id);
    }

    /// Notes that the full text of an entry could not be fetched.
    pub fn fail_full_text(&mut self, id: EntryId) {
        self.fetching_full_text.remove(&id);
        self.without_full_text.insert(id);
    }

    /// Returns whether the full text of an entry is being fetched.
    pub fn is_fetching_full_text(&self, id: EntryId) -> bool {
        self.fetching_full_text.contains(&id)
    }

    /// Returns whether fetching the full text of an entry failed in this run.
    pub fn is_without_full_text(&self, id: EntryId) -> bool {
        self.without_full_text.contains(&id)
    }

    /// Notes that a refresh of this many feeds began.
    pub fn start_refresh(&mut self, total: usize) {
        self.refresh_progress = Some(FeedProgress { done: 0, total });
    }

    /// Sets the number of feeds that are done.
    pub fn set_feeds_done(&mut self, done: usize) {
        if let Some(progress) = &mut self.refresh_progress {
            progress.done = done.min(progress.total);
        }
    }

    /// Notes that the refresh ended.
    pub fn finish_refresh(&mut self) {
        self.refresh_progress = None;
        self.unanswered_feeds.clear();
        self.syncing_accounts.clear();
        self.sync_progress = None;
    }
}
