//! Feeds: what is followed.

use rusqlite::{OptionalExtension, Row, params};

use super::{Reader, Store, StoreError, row};
use crate::model::{Feed, FeedId, FeedKind, Health};

const FEED: &str = "id, kind, url, title, folder, total, unread, failing";

impl Reader {
    /// The feeds in sight, by folder and name.
    pub fn feeds(&self) -> Result<Vec<Feed>, StoreError> {
        let sql = format!(
            "SELECT {FEED} FROM feeds WHERE gone = 0 ORDER BY folder IS NULL, folder, lower(title), id"
        );
        let read = || -> rusqlite::Result<Vec<Feed>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            let feeds = statement.query_map([], feed)?;
            feeds.collect()
        };
        read().map_err(StoreError::during("list the feeds"))
    }

    /// How many entries in sight are starred.
    pub fn starred(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(starred), 0) FROM feeds WHERE gone = 0";
        let count = self.db.query_row(sql, [], |row| row.get(0));
        count.map_err(StoreError::during("count the stars"))
    }

    /// How many entries in sight were published at `day_start` (seconds) or later and are unread.
    pub fn unread_since(&self, day_start: i64) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM entries WHERE published >= ?1 AND read = 0
                   AND feed NOT IN (SELECT id FROM feeds WHERE gone)";
        let count =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([day_start], |row| row.get(0)));
        count.map_err(StoreError::during("count today's articles"))
    }

    /// Whether any feed was ever added: a fresh library has none.
    pub fn is_fresh(&self) -> Result<bool, StoreError> {
        let any = self.db.query_row("SELECT NOT EXISTS (SELECT 1 FROM feeds)", [], |row| row.get(0));
        any.map_err(StoreError::during("be looked at"))
    }
}

fn feed(row: &Row<'_>) -> rusqlite::Result<Feed> {
    let kind: String = row.get(1)?;
    Ok(Feed {
        id: FeedId(row.get(0)?),
        kind: row::kind(&kind),
        url: row.get(2)?,
        title: row.get(3)?,
        folder: row.get(4)?,
        total: row.get(5)?,
        unread: row.get(6)?,
        health: row.get::<_, Option<String>>(7)?.map_or(Health::Fine, Health::Failing),
    })
}

impl Store {
    /// Follows `url`, or finds the feed that already does; a removed one comes back. Tells whether it is new.
    pub fn add_feed(&mut self, kind: FeedKind, url: &str, title: &str) -> Result<(FeedId, bool), StoreError> {
        let add = || -> rusqlite::Result<(FeedId, bool)> {
            let found: Option<(i64, bool)> = self
                .db
                .query_row("SELECT id, gone FROM feeds WHERE url = ?1", [url], |row| {
                    Ok((row.get(0)?, row.get(1)?))
                })
                .optional()?;
            if let Some((id, gone)) = found {
                self.db.execute("UPDATE feeds SET gone = 0 WHERE id = ?1", [id])?;
                return Ok((FeedId(id), gone));
            }
            let sql = "INSERT INTO feeds (kind, url, title) VALUES (?1, ?2, ?3)";
            self.db.execute(sql, params![row::kind_name(kind), url, title])?;
            Ok((FeedId(self.db.last_insert_rowid()), true))
        };
        add().map_err(StoreError::during("add the feed"))
    }

    /// Keeps how the last refresh of a feed went.
    pub fn set_health(&mut self, feed: FeedId, health: &Health) -> Result<(), StoreError> {
        let failing = match health {
            Health::Fine => None,
            Health::Failing(sentence) => Some(sentence),
        };
        let done = self.db.execute("UPDATE feeds SET failing = ?2 WHERE id = ?1", params![feed.0, failing]);
        done.map(drop).map_err(StoreError::during("keep the state of the feed"))
    }

    /// The sample library, while it is in sight.
    pub fn samples(&self) -> Result<Option<FeedId>, StoreError> {
        let sql = "SELECT id FROM feeds WHERE kind = 'samples' AND gone = 0";
        let found = self.db.query_row(sql, [], |row| row.get(0).map(FeedId)).optional();
        found.map_err(StoreError::during("look for the samples"))
    }
}
