//! The writes of an exchange with the archive to the library. The exchange waits for each, because it reads what is stored.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use crossbeam_channel::{Sender, bounded};

use super::exchange_error::ExchangeError;
use crate::{
    model::EntryId,
    store::{
        ActsOfRule, ArchiveFeed, ArchiveMarkExchange, ArchiveState, ArchivedBatch, NewArchiveFeed,
        ReleaseCandidates, StoreError, WriteConnection,
    },
};

/// One write of an exchange.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArchiveWrite {
    /// The library takes part in the archive at this address.
    Join(String),
    /// Feeds that the archive has.
    Feeds(Vec<NewArchiveFeed>),
    /// Articles that the archive has sent.
    Articles(ArchivedBatch),
    /// The archive has the articles up to this place of the queue.
    Published(i64),
    /// Marks that were sent and received.
    Marks(ArchiveMarkExchange),
    /// The marks from before the library took part are to be sent.
    OfferMarks,
    /// The archive has these articles as they are, and the library needs them no more.
    Release(ReleaseCandidates),
    /// Articles with these feeds and guids are to be stored although they were released.
    Recall(Vec<(String, String)>),
}

/// The result of a write.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArchiveReply {
    /// The state of reading in the archive.
    pub state: Option<ArchiveState>,
    /// The feeds by their URLs.
    pub feeds: HashMap<String, ArchiveFeed>,
    /// Number of articles that were added.
    pub new_entries: usize,
    /// Number of articles whose content was updated.
    pub changed_entries: usize,
    /// Number of articles whose marks have changed.
    pub changed_marks: usize,
}

/// A write, and where its result is awaited.
#[derive(Debug, Clone)]
pub struct ArchiveJob {
    /// The write.
    pub write: ArchiveWrite,
    /// Receives the result.
    pub reply: Sender<Result<ArchiveReply, StoreError>>,
}

/// Hands a write to the caller of a refresh; returns false if the refresh should end.
pub(in crate::library) type SendArchiveJob<'s> = &'s mut dyn FnMut(ArchiveJob) -> bool;

/// Hands a write to the caller, and waits for its result.
pub(super) fn write(
    send: SendArchiveJob<'_>,
    write: ArchiveWrite,
) -> Result<ArchiveReply, ExchangeError> {
    let (reply, replies) = bounded(1);
    let goes_on = send(ArchiveJob { write, reply });
    // What was handed over is stored, even if nothing is to follow.
    let result = replies.recv().map_err(|_| ExchangeError::Stopped)?;
    if goes_on { Ok(result?) } else { Err(ExchangeError::Stopped) }
}

/// The effects of a write that others than the exchange have to know.
#[derive(Debug, Default)]
pub(in crate::library) struct StoredArchiveWrite {
    /// Lists may have changed.
    pub(in crate::library) affects_lists: bool,
    /// The acts of rules.
    pub(in crate::library) acts: Vec<ActsOfRule>,
    /// The articles that are new.
    pub(in crate::library) new_ids: Vec<EntryId>,
}

/// Stores one write and sends its result.
pub(in crate::library) fn store_archive_write(
    store: &mut WriteConnection,
    job: &ArchiveJob,
    now: DateTime<Utc>,
) -> StoredArchiveWrite {
    let mut stored = StoredArchiveWrite::default();
    let result = apply_write(store, &job.write, now, &mut stored);
    // An exchange that was stopped no longer waits.
    let _ = job.reply.send(result);
    stored
}

fn apply_write(
    store: &mut WriteConnection,
    write: &ArchiveWrite,
    now: DateTime<Utc>,
    stored: &mut StoredArchiveWrite,
) -> Result<ArchiveReply, StoreError> {
    let mut reply = ArchiveReply::default();
    match write {
        ArchiveWrite::Join(address) => reply.state = Some(store.join_archive(address)?),
        ArchiveWrite::Feeds(feeds) => {
            reply.feeds = store.add_archive_feeds(feeds)?;
            stored.affects_lists = true;
        }
        ArchiveWrite::Articles(batch) => {
            let outcome = store.store_archived_articles(batch, now)?;
            (reply.new_entries, reply.changed_entries) = (outcome.new, outcome.changed);
            stored.affects_lists = outcome.new + outcome.changed > 0;
            (stored.acts, stored.new_ids) = (outcome.acts, outcome.new_ids);
        }
        ArchiveWrite::Published(end) => store.delete_published(*end)?,
        ArchiveWrite::Marks(exchange) => {
            reply.changed_marks = store.store_archive_marks(exchange, now)?;
            stored.affects_lists = reply.changed_marks > 0;
        }
        ArchiveWrite::OfferMarks => store.offer_archive_marks()?,
        ArchiveWrite::Release(released) => {
            stored.affects_lists = store.release_to_archive(released, now)? > 0;
        }
        ArchiveWrite::Recall(keys) => store.recall_from_archive(keys)?,
    }
    Ok(reply)
}
