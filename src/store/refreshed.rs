//! What a refresh of a feed document brings: entries first, then what to ask with next time, in one transaction. A
//! program killed in between has neither, and asks for everything again.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Arrival, Ingested, Reader, Store, StoreError, ingest, kept, row};
use crate::model::{Body, EntryId, FeedClock, FeedId, Health, Stamp, Validators};

/// What one refresh of one feed document came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedNews {
    /// The feed.
    pub feed: FeedId,
    /// New and changed entries.
    pub arrivals: Vec<Arrival>,
    /// What the document says of the feed, if it was read.
    pub about: Option<About>,
    /// How it went.
    pub health: Health,
    /// When it was asked, and when it is next.
    pub clock: FeedClock,
    /// What to ask with next time.
    pub validators: Validators,
    /// The address it has from now on, if it has moved for good.
    pub url: Option<String>,
}

/// What a feed document says of its feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// Its name.
    pub title: Option<String>,
    /// The address of its site.
    pub site: Option<String>,
}

/// An entry as it is stored, for comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownEntry {
    /// Its number.
    pub id: EntryId,
    /// Digest of what it said.
    pub digest: u64,
    /// When it was published.
    pub published: Stamp,
}

/// What an entry said before it was edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// When it was replaced.
    pub until: DateTime<Utc>,
    /// The headline.
    pub title: String,
    /// The text.
    pub body: Body,
}

impl Reader {
    /// The entry of `feed` with this guid or, if there is none, one whose original is at this address.
    pub fn known_entry(
        &self,
        feed: FeedId,
        guid: &str,
        link_key: Option<&str>,
    ) -> Result<Option<KnownEntry>, StoreError> {
        let find = |sql: &str, value: &str| {
            let known = |row: &rusqlite::Row<'_>| {
                Ok(KnownEntry {
                    id: EntryId(row.get(0)?),
                    digest: row.get::<_, i64>(1)?.cast_unsigned(),
                    published: row::stamp(row.get(2)?, row.get(3)?),
                })
            };
            self.db.prepare_cached(sql)?.query_row(params![feed.0, value], known).optional()
        };
        let by_guid = "SELECT id, digest, published, day_only FROM entries WHERE feed = ?1 AND guid = ?2";
        let by_link = "SELECT id, digest, published, day_only FROM entries WHERE feed = ?1 AND link_key = ?2";
        let found = match (find(by_guid, guid), link_key) {
            (Ok(None), Some(key)) => find(by_link, key),
            (found, _) => found,
        };
        found.map_err(StoreError::during("look for the article"))
    }

    /// What an entry said before it was edited, the latest first.
    pub fn versions(&self, entry: EntryId) -> Result<Vec<Version>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Version>> {
            let sql =
                "SELECT at, title, format, text FROM versions WHERE entry = ?1 ORDER BY at DESC, rowid DESC";
            let mut statement = self.db.prepare_cached(sql)?;
            let versions = statement.query_map([entry.0], |row| {
                let format: String = row.get(2)?;
                Ok(Version {
                    until: row::time(row.get(0)?).unwrap_or_default(),
                    title: row.get(1)?,
                    body: Body { format: row::format(&format), text: row.get(3)? },
                })
            })?;
            versions.collect()
        };
        read().map_err(StoreError::during("read the older versions"))
    }

    /// What to ask a feed with.
    pub fn validators(&self, feed: FeedId) -> Result<Validators, StoreError> {
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

impl Store {
    /// Stores what refreshes brought, all of it or nothing.
    pub fn ingest_feeds(&mut self, news: &[FeedNews]) -> Result<Ingested, StoreError> {
        let mut run = || -> rusqlite::Result<Ingested> {
            let transaction = self.db.transaction()?;
            let mut done = Ingested::default();
            for news in news {
                let asked = news.clock.checked.unwrap_or(DateTime::UNIX_EPOCH);
                let stored = ingest::arrivals(&transaction, news.feed, &news.arrivals, asked)?;
                done.new += stored.new;
                done.changed += stored.changed;
                feed(&transaction, news)?;
            }
            if done != Ingested::default() {
                kept::next_generation(&transaction)?;
            }
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(StoreError::during("store the articles"))
    }
}

/// Keeps what is known of the feed. An address that another feed already has is not taken over.
fn feed(db: &Connection, news: &FeedNews) -> rusqlite::Result<()> {
    let sql = "UPDATE feeds SET failing = ?2, checked = ?3, next = ?4, not_before = ?5,
               last_new = coalesce(?6, last_new), failures = ?7, stopped = ?8, etag = ?9, last_modified = ?10,
               digest = ?11, moved = ?12, moved_times = ?13 WHERE id = ?1";
    let failing = match &news.health {
        Health::Fine => None,
        Health::Failing(sentence) => Some(sentence),
    };
    let (clock, asked) = (&news.clock, &news.validators);
    let seconds = |at: Option<DateTime<Utc>>| at.map(|at| at.timestamp());
    let moved = asked.moved.as_ref();
    db.prepare_cached(sql)?.execute(params![
        news.feed.0,
        failing,
        seconds(clock.checked),
        seconds(clock.next),
        seconds(clock.not_before),
        seconds(clock.last_new),
        clock.failures,
        clock.stopped,
        asked.etag,
        asked.last_modified,
        asked.digest.map(u64::cast_signed),
        moved.map(|(url, _)| url),
        moved.map_or(0, |(_, times)| *times),
    ])?;
    if let Some(about) = &news.about {
        let sql = "UPDATE feeds SET title = coalesce(?2, title), site = coalesce(?3, site) WHERE id = ?1";
        db.prepare_cached(sql)?.execute(params![news.feed.0, about.title, about.site])?;
    }
    if let Some(url) = &news.url {
        db.prepare_cached("UPDATE OR IGNORE feeds SET url = ?2 WHERE id = ?1")?
            .execute(params![news.feed.0, url])?;
    }
    Ok(())
}
