//! Storing the result of a feed refresh: entries, metadata and validators in one transaction.
//!
//! If the program is killed during the transaction, neither the entries nor the validators are
//! stored, so the next request fetches the whole document again.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::{
    EntryUpsert, IngestOutcome, ReadConnection, StoreError, WriteConnection, column_values,
    entry_writer::EntryWriter, journal, preferences, rule_acts,
    write_transaction::WriteTransaction,
};
use crate::model::{FeedHealth, FeedId, FeedNetwork, FeedRefreshState, Validators};

/// The result of refreshing one feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedUpdate {
    /// The feed.
    pub feed: FeedId,
    /// New and changed entries.
    pub upserts: Vec<EntryUpsert>,
    /// Metadata of the feed; `None` if no document was read.
    pub metadata: Option<FeedMetadata>,
    /// Health of the feed after the refresh.
    pub health: FeedHealth,
    /// Times of the last and the next request.
    pub refresh_state: FeedRefreshState,
    /// Validators for the next request.
    pub validators: Validators,
    /// The new URL of a feed that moved permanently.
    pub moved_to: Option<String>,
    /// The network in which the feed was found; stored the first time it is known.
    pub network: FeedNetwork,
}

/// Metadata of a feed from its document.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedMetadata {
    /// The title of the feed.
    pub title: Option<String>,
    /// The URL of the website.
    pub site_url: Option<String>,
}

impl ReadConnection {
    /// Loads the validators for the next request of a feed.
    pub fn load_validators(&self, feed: FeedId) -> Result<Validators, StoreError> {
        let sql = "SELECT etag, last_modified, digest, moved, moved_times FROM feeds WHERE id = ?1";
        let read = |row: &rusqlite::Row<'_>| {
            let moved: Option<String> = row.get(3)?;
            let redirect_count: u32 = row.get(4)?;
            Ok(Validators {
                etag: row.get(0)?,
                last_modified: row.get(1)?,
                digest: row.get::<_, Option<i64>>(2)?.map(i64::cast_unsigned),
                moved: moved.map(|url| (url, redirect_count)),
            })
        };
        let found = self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([feed.0], read));
        found.map_err(StoreError::during("read the validators of the feed"))
    }
}

impl WriteConnection {
    /// Stores the results of several refreshes in one transaction.
    pub fn ingest_feed_updates(
        &mut self,
        updates: &[FeedUpdate],
    ) -> Result<IngestOutcome, StoreError> {
        let mut run = || -> rusqlite::Result<IngestOutcome> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let mut writer = EntryWriter::new(&transaction)?;
            let mut acted_at = DateTime::UNIX_EPOCH;
            for update in updates {
                let now = update.refresh_state.last_checked.unwrap_or(DateTime::UNIX_EPOCH);
                writer.upsert_entries(update.feed, &update.upserts, now)?;
                acted_at = acted_at.max(now);
                write_feed_row(&transaction, update)?;
            }
            let (mut counts, acts) = writer.finish()?;
            counts.acts = rule_acts::apply_acts(&transaction, &acts, acted_at)?;
            // A refresh without new entries leaves the lists as they are.
            if counts != IngestOutcome::default() {
                preferences::bump_generation(&transaction)?;
            }
            transaction.commit()?;
            Ok(counts)
        };
        run().map_err(StoreError::during("store the articles"))
    }
}

/// Writes refresh state, validators, metadata and new URL of the feed. A URL that another feed
/// already has is ignored: [`WriteConnection::plan_feed_merge`] makes one of the two.
fn write_feed_row(db: &Connection, update: &FeedUpdate) -> rusqlite::Result<()> {
    let sql = "UPDATE feeds SET failing = ?2, checked = ?3, next = ?4, not_before = ?5,
               last_new = coalesce(?6, last_new), failures = ?7, stopped = ?8, etag = ?9, last_modified = ?10,
               digest = ?11, moved = ?12, moved_times = ?13,
               network = coalesce(network, ?14), publisher_next = ?15, skips = ?16 WHERE id = ?1";
    let failing = match &update.health {
        FeedHealth::Healthy => None,
        FeedHealth::Failing(sentence) => Some(sentence),
    };
    let (state, validators) = (&update.refresh_state, &update.validators);
    let to_seconds = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp());
    let moved = validators.moved.as_ref();
    db.prepare_cached(sql)?.execute(params![
        update.feed.0,
        failing,
        to_seconds(state.last_checked),
        to_seconds(state.next_check),
        to_seconds(state.not_before),
        to_seconds(state.last_new_entry),
        state.consecutive_failures,
        state.stopped,
        validators.etag,
        validators.last_modified,
        validators.digest.map(u64::cast_signed),
        moved.map(|(url, _)| url),
        moved.map_or(0, |(_, redirect_count)| *redirect_count),
        column_values::network_value(&update.network),
        to_seconds(state.publisher_next),
        state.skipped.bits(),
    ])?;
    if let Some(metadata) = &update.metadata {
        let sql =
            "UPDATE feeds SET title = coalesce(?2, title), site = coalesce(?3, site) WHERE id = ?1";
        db.prepare_cached(sql)?.execute(params![
            update.feed.0,
            metadata.title,
            metadata.site_url
        ])?;
    }
    if let Some(url) = &update.moved_to {
        let now = update.refresh_state.last_checked.unwrap_or(DateTime::UNIX_EPOCH);
        journal::apply_move(db, (update.feed, url), now)?;
    }
    Ok(())
}
