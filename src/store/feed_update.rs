//! What a refresh of a feed document brings: entries first, then what to ask with next time, in one transaction. A
//! program killed in between has neither, and asks for everything again.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    EntryUpsert, IngestCounts, ReadConnection, StoreError, WriteConnection, column_values, ingest,
    preferences,
};
use crate::model::{
    EntryBody, EntryId, FeedHealth, FeedId, FeedRefreshState, PublicationDate, Validators,
};

/// What one refresh of one feed document came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedUpdate {
    /// The feed.
    pub feed: FeedId,
    /// New and changed entries.
    pub upserts: Vec<EntryUpsert>,
    /// What the document says of the feed, if it was read.
    pub metadata: Option<FeedMetadata>,
    /// How it went.
    pub health: FeedHealth,
    /// When it was asked, and when it is next.
    pub refresh_state: FeedRefreshState,
    /// What to ask with next time.
    pub validators: Validators,
    /// The address it has from now on, if it has moved for good.
    pub moved_to: Option<String>,
}

/// What a feed document says of its feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedMetadata {
    /// Its name.
    pub title: Option<String>,
    /// The address of its site.
    pub site_url: Option<String>,
}

/// An entry as it is stored, for comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryFingerprint {
    /// Its number.
    pub id: EntryId,
    /// Digest of what it said.
    pub digest: u64,
    /// When it was published.
    pub published: PublicationDate,
}

/// What an entry said before it was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryVersion {
    /// When it was replaced.
    pub replaced_at: DateTime<Utc>,
    /// The headline.
    pub title: String,
    /// The text.
    pub body: EntryBody,
}

impl ReadConnection {
    /// The entry of `feed` with this guid or, if there is none, one whose original is at this address.
    pub fn find_entry_fingerprint(
        &self,
        feed: FeedId,
        guid: &str,
        link_key: Option<&str>,
    ) -> Result<Option<EntryFingerprint>, StoreError> {
        let find = |sql: &str, value: &str| {
            let known = |row: &rusqlite::Row<'_>| {
                Ok(EntryFingerprint {
                    id: EntryId(row.get(0)?),
                    digest: row.get::<_, i64>(1)?.cast_unsigned(),
                    published: column_values::publication_date_from_columns(
                        row.get(2)?,
                        row.get(3)?,
                    ),
                })
            };
            self.db.prepare_cached(sql)?.query_row(params![feed.0, value], known).optional()
        };
        let by_guid =
            "SELECT id, digest, published, day_only FROM entries WHERE feed = ?1 AND guid = ?2";
        let by_link =
            "SELECT id, digest, published, day_only FROM entries WHERE feed = ?1 AND link_key = ?2";
        let found = match (find(by_guid, guid), link_key) {
            (Ok(None), Some(key)) => find(by_link, key),
            (found, _) => found,
        };
        found.map_err(StoreError::during("look for the article"))
    }

    /// What an entry said before it was edited, the latest first.
    pub fn list_versions(&self, entry: EntryId) -> Result<Vec<EntryVersion>, StoreError> {
        let read = || -> rusqlite::Result<Vec<EntryVersion>> {
            let sql = "SELECT at, title, format, text FROM versions WHERE entry = ?1 ORDER BY at DESC, rowid DESC";
            let mut statement = self.db.prepare_cached(sql)?;
            let versions = statement.query_map([entry.0], |row| {
                let format: String = row.get(2)?;
                Ok(EntryVersion {
                    replaced_at: column_values::time_from_seconds(row.get(0)?).unwrap_or_default(),
                    title: row.get(1)?,
                    body: EntryBody {
                        format: column_values::parse_body_format(&format),
                        text: row.get(3)?,
                    },
                })
            })?;
            versions.collect()
        };
        read().map_err(StoreError::during("read the older versions"))
    }

    /// What to ask a feed with.
    pub fn load_validators(&self, feed: FeedId) -> Result<Validators, StoreError> {
        let sql = "SELECT etag, last_modified, digest, moved, moved_times FROM feeds WHERE id = ?1";
        let read = |row: &rusqlite::Row<'_>| {
            let moved: Option<String> = row.get(3)?;
            let times: u32 = row.get(4)?;
            Ok(Validators {
                etag: row.get(0)?,
                last_modified: row.get(1)?,
                digest: row.get::<_, Option<i64>>(2)?.map(i64::cast_unsigned),
                moved: moved.map(|url| (url, times)),
            })
        };
        let found = self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([feed.0], read));
        found.map_err(StoreError::during("read how to ask the feed"))
    }
}

impl WriteConnection {
    /// Stores what refreshes brought, all of it or nothing.
    pub fn ingest_feed_updates(&mut self, news: &[FeedUpdate]) -> Result<IngestCounts, StoreError> {
        let mut run = || -> rusqlite::Result<IngestCounts> {
            let transaction = self.db.transaction()?;
            let mut done = IngestCounts::default();
            for news in news {
                let asked = news.refresh_state.last_checked.unwrap_or(DateTime::UNIX_EPOCH);
                let stored = ingest::upsert_entries(&transaction, news.feed, &news.upserts, asked)?;
                done.new += stored.new;
                done.changed += stored.changed;
                write_feed_row(&transaction, news)?;
            }
            if done != IngestCounts::default() {
                preferences::bump_generation(&transaction)?;
            }
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(StoreError::during("store the articles"))
    }
}

/// Keeps what is known of the feed. An address that another feed already has is not taken over.
fn write_feed_row(db: &Connection, news: &FeedUpdate) -> rusqlite::Result<()> {
    let sql = "UPDATE feeds SET failing = ?2, checked = ?3, next = ?4, not_before = ?5,
               last_new = coalesce(?6, last_new), failures = ?7, stopped = ?8, etag = ?9, last_modified = ?10,
               digest = ?11, moved = ?12, moved_times = ?13 WHERE id = ?1";
    let failing = match &news.health {
        FeedHealth::Healthy => None,
        FeedHealth::Failing(sentence) => Some(sentence),
    };
    let (clock, asked) = (&news.refresh_state, &news.validators);
    let seconds = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp());
    let moved = asked.moved.as_ref();
    db.prepare_cached(sql)?.execute(params![
        news.feed.0,
        failing,
        seconds(clock.last_checked),
        seconds(clock.next_check),
        seconds(clock.not_before),
        seconds(clock.last_new_entry),
        clock.consecutive_failures,
        clock.stopped,
        asked.etag,
        asked.last_modified,
        asked.digest.map(u64::cast_signed),
        moved.map(|(url, _)| url),
        moved.map_or(0, |(_, times)| *times),
    ])?;
    if let Some(about) = &news.metadata {
        let sql =
            "UPDATE feeds SET title = coalesce(?2, title), site = coalesce(?3, site) WHERE id = ?1";
        db.prepare_cached(sql)?.execute(params![news.feed.0, about.title, about.site_url])?;
    }
    if let Some(url) = &news.moved_to {
        db.prepare_cached("UPDATE OR IGNORE feeds SET url = ?2 WHERE id = ?1")?
            .execute(params![news.feed.0, url])?;
    }
    Ok(())
}
