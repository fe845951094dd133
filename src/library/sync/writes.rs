//! The writes of a sync to the library. The sync waits for each, because it reads what is stored.

use chrono::{DateTime, Utc};
use crossbeam_channel::Sender;

use crate::{
    model::{
        Account, AccountId, AccountSyncState, EntryId, FeedId, RefreshProgress, RemoteFeed,
        UnsentFeedChange, WantedLabel, WantedMark,
    },
    store::{ActsOfRule, SettledLists, StoreError, SyncedArticles, WriteConnection},
};

/// One write of a sync.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SyncWrite {
    /// The subscriptions of the account.
    Feeds(Box<Account>, Vec<RemoteFeed>),
    /// Articles that the server has sent.
    Articles(SyncedArticles),
    /// The marks of the server.
    Marks(AccountId, Vec<WantedMark>),
    /// The outbox of the account is about to be sent.
    Sending(AccountId),
    /// Marks that the server has confirmed.
    Sent(AccountId, Vec<WantedMark>),
    /// Marks of the outbox that the server has already; the second ones have come to it from others.
    Known(AccountId, Vec<WantedMark>, Vec<WantedMark>),
    /// The tags that the server's labels mean.
    Labels(AccountId, Vec<WantedLabel>),
    /// Tags that the server has confirmed.
    LabelsSent(AccountId, Vec<WantedLabel>),
    /// The server has labels, or none.
    HasLabels(AccountId, bool),
    /// The server is about to be told of a subscription.
    FeedTried(UnsentFeedChange),
    /// The server is subscribed to a feed, which it calls so.
    FeedLinked(Box<Account>, FeedId, RemoteFeed),
    /// The server has carried out a change of a subscription.
    FeedConfirmed(UnsentFeedChange),
    /// The server refuses a change of a subscription.
    FeedReverted(UnsentFeedChange),
    /// The lists of the server, with which there is nothing to do.
    Settled(AccountId, SettledLists),
    /// The state of the account after the sync.
    State(AccountId, AccountSyncState),
}

/// A write, and where its result is awaited.
#[derive(Debug, Clone)]
pub struct SyncJob {
    /// The write.
    pub write: SyncWrite,
    /// Receives the result.
    pub reply: Sender<Result<SyncReply, StoreError>>,
}

/// A step of a sync: something to store, or progress to report.
#[derive(Debug, Clone)]
pub enum SyncOutput {
    /// A write to the library.
    Write(SyncJob),
    /// Progress to report.
    Progress(RefreshProgress),
}

/// The result of a write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncReply {
    /// Number of articles that were added.
    pub new_entries: usize,
    /// Number of articles whose content was updated.
    pub changed_entries: usize,
    /// Number of marks that have changed, those of copies left out.
    pub changed_marks: usize,
    /// Lists may have changed.
    pub affects_lists: bool,
}

/// The effects of a write that others than the sync have to know.
#[derive(Debug, Default)]
pub(in crate::library) struct StoredSync {
    /// Lists may have changed.
    pub(in crate::library) affects_lists: bool,
    /// The acts of rules.
    pub(in crate::library) acts: Vec<ActsOfRule>,
    /// The articles that are new.
    pub(in crate::library) new_ids: Vec<EntryId>,
}

/// Stores one write and sends its result.
pub(in crate::library) fn store_sync_write(
    store: &mut WriteConnection,
    job: &SyncJob,
    now: DateTime<Utc>,
) -> StoredSync {
    let mut stored = StoredSync::default();
    let result = apply_write(store, &job.write, now, &mut stored);
    stored.affects_lists = result.as_ref().is_ok_and(|reply| reply.affects_lists);
    // A sync that was stopped no longer waits.
    let _ = job.reply.send(result);
    stored
}

fn apply_write(
    store: &mut WriteConnection,
    write: &SyncWrite,
    now: DateTime<Utc>,
    stored: &mut StoredSync,
) -> Result<SyncReply, StoreError> {
    let mut reply = SyncReply::default();
    match write {
        SyncWrite::Feeds(account, feeds) => {
            reply.affects_lists = store.store_account_feeds(account, feeds, now)?;
        }
        SyncWrite::Articles(articles) => {
            let outcome = store.store_synced_articles(articles, now)?;
            (reply.new_entries, reply.changed_entries) = (outcome.new, outcome.changed);
            reply.affects_lists = true;
            (stored.acts, stored.new_ids) = (outcome.acts, outcome.new_ids);
        }
        SyncWrite::Marks(account, marks) => {
            reply.changed_marks = store.apply_synced_marks(*account, marks, now)?;
            reply.affects_lists = reply.changed_marks > 0;
        }
        SyncWrite::Sending(account) => store.begin_sending(*account)?,
        SyncWrite::Sent(account, marks) => store.delete_sent_marks(*account, marks)?,
        SyncWrite::Known(account, marks, by_others) => {
            store.settle_known_marks(*account, marks, by_others, now)?;
        }
        SyncWrite::Labels(account, labels) => {
            reply.changed_marks = store.apply_synced_labels(*account, labels, now)?;
            reply.affects_lists = reply.changed_marks > 0;
        }
        SyncWrite::LabelsSent(account, labels) => store.delete_sent_labels(*account, labels)?,
        SyncWrite::HasLabels(account, has_labels) => {
            store.set_account_labels(*account, *has_labels)?;
        }
        SyncWrite::FeedTried(change) => store.note_feed_change_tried(change)?,
        SyncWrite::FeedLinked(account, feed, listed) => {
            store.link_account_feed(account, *feed, listed, now)?;
            reply.affects_lists = true;
        }
        SyncWrite::FeedConfirmed(change) => store.confirm_feed_change(change, now)?,
        SyncWrite::FeedReverted(change) => {
            store.revert_feed_change(change, now)?;
            reply.affects_lists = true;
        }
        SyncWrite::Settled(account, settled) => store.settle_sync(*account, *settled)?,
        SyncWrite::State(account, state) => store.set_sync_state(*account, state)?,
    }
    Ok(reply)
}
