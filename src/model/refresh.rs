//! The progress and the result of a refresh.

use super::{AccountId, Failure, FeedId, FeedMove, RuleNotification, SyncSummary};

/// A step of a running refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefreshProgress {
    /// This number of refreshes waits for the running one.
    Waiting(usize),
    /// The refresh has begun, with this number of feeds.
    Started(usize),
    /// This number of feeds is done.
    FeedsDone(usize),
    /// These feeds have not answered yet.
    Unanswered(Vec<FeedId>),
    /// These accounts are being synced.
    Syncing(Vec<AccountId>),
    /// Feeds and files failed since the last report, and the state of the feeds is stored. The
    /// summary has these failures, too.
    FeedsFailed(Vec<Failure>),
    /// This many of the articles that an account lacks were fetched.
    ArticlesFetched {
        /// The name of the account.
        account: String,
        /// Number of articles that have arrived.
        done: usize,
        /// Number of articles to fetch.
        total: usize,
    },
    /// This many of the marks that a server takes one at a time were sent.
    MarksSent {
        /// The name of the account.
        account: String,
        /// Number of marks that the server has confirmed.
        done: usize,
        /// Number of marks to send.
        total: usize,
    },
    /// Articles were stored: lists may have changed.
    ArticlesArrived,
    /// The refresh has ended.
    Finished(RefreshSummary),
}

/// The result of a refresh.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RefreshSummary {
    /// Number of new articles.
    pub new_entries: usize,
    /// Number of changed articles.
    pub changed_entries: usize,
    /// Number of feeds and folders that the refresh covered.
    pub requested_feeds: usize,
    /// There was no network, so that no feed could be fetched and no feed is at fault.
    pub is_offline: bool,
    /// The user asked for the refresh; others begin by themselves.
    pub was_requested: bool,
    /// The user stopped the refresh before its end.
    pub was_stopped: bool,
    /// Feeds and files that could not be read, and accounts that could not be synced.
    pub failures: Vec<Failure>,
    /// Mistakes of rules, which were left out, and rules that could not act.
    pub wrong_rules: Vec<Failure>,
    /// Programs of rules and of hooks that failed; the reader runs them after the refresh.
    pub failed_programs: Vec<Failure>,
    /// Problems of files that were read in spite of them.
    pub warnings: Vec<Failure>,
    /// The results of the accounts that were synced.
    pub syncs: Vec<SyncSummary>,
    /// Feeds that their publishers moved.
    pub moves: Vec<FeedMove>,
    /// The notifications of rules, which the reader sends while the refresh runs.
    pub notifications: Vec<RuleNotification>,
}

impl RefreshSummary {
    /// Returns everything that failed: with less than all of its feeds, rules and programs, a refresh has
    /// done less than it was asked for.
    pub fn all_failures(&self) -> impl Iterator<Item = &Failure> {
        self.failures.iter().chain(&self.wrong_rules).chain(&self.failed_programs)
    }
}
