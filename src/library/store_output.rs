//! Storage of the output of a refresh.

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

/// The effect of a stored [`RefreshWrite`] on the lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredOutput {
    /// No list has changed.
    Nothing,
    /// Articles were added or changed.
    NewArticles,
    /// The samples were added.
    Samples,
}

/// Stores one write of a refresh.
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
            let is_unchanged = counts == IngestCounts::default();
            Ok(if is_unchanged { StoredOutput::Nothing } else { StoredOutput::NewArticles })
        }
        RefreshWrite::FullText(page) => page.save(store).map(|()| StoredOutput::NewArticles),
        RefreshWrite::Samples(upserts) => {
            store_samples(store, upserts, now).map(|()| StoredOutput::Samples)
        }
    }
}

/// Refreshes the library and calls `report` for each step of progress. Feeds are fetched on a pool
/// of threads; new articles are stored on the calling thread.
///
/// # Errors
///
/// Ends the refresh and fails if something cannot be stored.
pub fn refresh_now(
    store: &mut WriteConnection,
    location: &LibraryLocation,
    sources: &FeedSources,
    scope: RefreshScope,
    report: &mut dyn FnMut(RefreshProgress),
) -> Result<RefreshSummary, StoreError> {
    let mut store_error = None;
    let mut handle_output = |output| {
        match output {
            RefreshOutput::Progress(progress) => report(progress),
            RefreshOutput::Write(write) => {
                store_error = store_output(store, write, utc_now()).err();
            }
        }
        store_error.is_none()
    };
    let stop = AtomicBool::new(false);
    let summary = refresh_library(location, sources, scope, &stop, &mut handle_output);
    store_error.map_or(Ok(summary), Err)
}
