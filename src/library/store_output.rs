//! Storing what a refresh brings.

use std::sync::atomic::AtomicBool;

use chrono::{DateTime, Utc};

use super::{
    clock::utc_now,
    feed_source::FeedSources,
    refresh_run::{RefreshOutput, RefreshWrite, refresh_library},
    samples::store_samples,
};
use crate::{
    model::{RefreshProgress, RefreshScope, RefreshSummary},
    store::{IngestCounts, LibraryLocation, StoreError, WriteConnection},
};

/// The effect of a stored [`RefreshWrite`] on lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredOutput {
    /// No list has changed.
    Nothing,
    /// Articles were added or changed.
    NewArticles,
    /// The samples were added.
    Samples,
}

/// Stores a part of what a refresh brings.
pub fn store_output(
    store: &mut WriteConnection,
    write: RefreshWrite,
    now: DateTime<Utc>,
) -> Result<StoredOutput, StoreError> {
    match write {
        RefreshWrite::FolderBatch(batch) => {
            store.ingest_batch(&batch, now).map(|_| StoredOutput::NewArticles)
        }
        RefreshWrite::FolderHealth(feed, health) => {
            store.set_feed_health(feed, &health).map(|()| StoredOutput::Nothing)
        }
        RefreshWrite::FeedUpdates(updates) => {
            let counts = store.ingest_feed_updates(&updates)?;
            let unchanged = counts == IngestCounts::default();
            Ok(if unchanged { StoredOutput::Nothing } else { StoredOutput::NewArticles })
        }
        RefreshWrite::FullText(page) => page.save(store).map(|()| StoredOutput::NewArticles),
        RefreshWrite::Samples(upserts) => {
            store_samples(store, upserts, now).map(|()| StoredOutput::Samples)
        }
    }
}

/// Refreshes the library and stores what is new, all on the calling thread and its pool; `report` is told of progress.
///
/// # Errors
/// Fails, and ends the refresh, when something cannot be stored.
pub fn refresh_now(
    store: &mut WriteConnection,
    location: &LibraryLocation,
    sources: &FeedSources,
    scope: RefreshScope,
    report: &mut dyn FnMut(RefreshProgress),
) -> Result<RefreshSummary, StoreError> {
    let mut failed = None;
    let mut send = |output| {
        match output {
            RefreshOutput::Progress(progress) => report(progress),
            RefreshOutput::Write(write) => failed = store_output(store, write, utc_now()).err(),
        }
        failed.is_none()
    };
    let summary = refresh_library(location, sources, scope, &AtomicBool::new(false), &mut send);
    failed.map_or(Ok(summary), Err)
}
