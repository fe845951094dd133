//! Feeds: what is followed.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{ReadConnection, StoreError, WriteConnection, column_values};
use crate::model::{Feed, FeedHealth, FeedId, FeedKind, FeedRefreshState, Subscription};

const FEED_COLUMNS: &str = "id, kind, url, title, folder, total, unread, failing, name, site, tags, every, paused, muted, \
    fetch, checked, next, not_before, last_new, failures, stopped";

impl ReadConnection {
    /// The feeds that were removed: their entries are stored, and out of sight.
    pub fn list_unsubscribed_feed_ids(&self) -> Result<Vec<FeedId>, StoreError> {
        let read = || -> rusqlite::Result<Vec<FeedId>> {
            let mut statement = self.db.prepare_cached("SELECT id FROM feeds WHERE gone")?;
            statement.query_map([], |row| row.get(0).map(FeedId))?.collect()
        };
        read().map_err(StoreError::during("read which feeds are gone"))
    }

    /// The feeds in sight, by folder and name.
    pub fn list_feeds(&self) -> Result<Vec<Feed>, StoreError> {
        let sql = format!(
            "SELECT {FEED_COLUMNS} FROM feeds WHERE gone = 0 ORDER BY folder IS NULL, folder, lower(coalesce(name, title)), id"
        );
        let read = || -> rusqlite::Result<Vec<Feed>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            let feeds = statement.query_map([], feed_from_row)?;
            feeds.collect()
        };
        read().map_err(StoreError::during("list the feeds"))
    }

    /// How many entries in sight are starred.
    pub fn count_starred(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(starred), 0) FROM feeds WHERE gone = 0";
        let count = self.db.query_row(sql, [], |row| row.get(0));
        count.map_err(StoreError::during("count the stars"))
    }

    /// How many entries in sight were published at `day_start` (seconds) or later and are unread.
    pub fn count_unread_since(&self, day_start: i64) -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM entries WHERE published >= ?1 AND read = 0
                   AND feed NOT IN (SELECT id FROM feeds WHERE gone)";
        let count = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([day_start], |row| row.get(0)));
        count.map_err(StoreError::during("count today's articles"))
    }

    /// Whether any feed was ever added: a fresh library has none.
    pub fn is_new_library(&self) -> Result<bool, StoreError> {
        let any =
            self.db.query_row("SELECT NOT EXISTS (SELECT 1 FROM feeds)", [], |row| row.get(0));
        any.map_err(StoreError::during("be looked at"))
    }
}

fn feed_from_row(row: &Row<'_>) -> rusqlite::Result<Feed> {
    let kind: String = row.get(1)?;
    Ok(Feed {
        id: FeedId(row.get(0)?),
        kind: column_values::parse_feed_kind(&kind),
        url: row.get(2)?,
        title: row.get(3)?,
        site_url: row.get(9)?,
        subscription: subscription_from_row(row)?,
        entry_count: row.get(5)?,
        unread_count: row.get(6)?,
        health: row.get::<_, Option<String>>(7)?.map_or(FeedHealth::Healthy, FeedHealth::Failing),
        refresh_state: refresh_state_from_row(row)?,
    })
}

/// Options that a later version wrote, and this one cannot read, are left alone.
fn subscription_from_row(row: &Row<'_>) -> rusqlite::Result<Subscription> {
    let tags: String = row.get(10)?;
    let fetch: String = row.get(14)?;
    Ok(Subscription {
        name: row.get(8)?,
        folder: row.get(4)?,
        tags: tags.split(TAG_SEPARATOR).filter(|tag| !tag.is_empty()).map(str::to_owned).collect(),
        refresh_minutes: row.get(11)?,
        paused: row.get(12)?,
        muted: row.get(13)?,
        fetch: serde_json::from_str(&fetch).unwrap_or_default(),
    })
}

fn refresh_state_from_row(row: &Row<'_>) -> rusqlite::Result<FeedRefreshState> {
    Ok(FeedRefreshState {
        last_checked: column_values::time_from_seconds(row.get(15)?),
        next_check: column_values::time_from_seconds(row.get(16)?),
        not_before: column_values::time_from_seconds(row.get(17)?),
        last_new_entry: column_values::time_from_seconds(row.get(18)?),
        consecutive_failures: row.get(19)?,
        stopped: row.get(20)?,
    })
}

/// Parts the tags of a feed; no tag has a line feed.
const TAG_SEPARATOR: char = '\n';

/// How a feed is followed from now on.
pub(super) fn write_subscription(
    db: &Connection,
    feed: i64,
    new: &Subscription,
) -> rusqlite::Result<usize> {
    let sql =
        "UPDATE feeds SET name = ?2, folder = ?3, tags = ?4, every = ?5, paused = ?6, muted = ?7, fetch = ?8
               WHERE id = ?1";
    let fetch = serde_json::to_string(&new.fetch).expect("texts are always JSON");
    let tags = new.tags.join(&TAG_SEPARATOR.to_string());
    let values = params![
        feed,
        new.name,
        new.folder,
        tags,
        new.refresh_minutes,
        new.paused,
        new.muted,
        fetch
    ];
    db.prepare_cached(sql)?.execute(values)
}

impl WriteConnection {
    /// Follows `url`, or finds the feed that already does; a removed one comes back. Tells whether it is new.
    pub fn add_feed(
        &mut self,
        kind: FeedKind,
        url: &str,
        title: &str,
    ) -> Result<(FeedId, bool), StoreError> {
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
            self.db.execute(sql, params![column_values::feed_kind_name(kind), url, title])?;
            Ok((FeedId(self.db.last_insert_rowid()), true))
        };
        add().map_err(StoreError::during("add the feed"))
    }

    /// Follows `url` as `subscription` says, or finds the feed that already does. Tells whether it is new.
    pub fn subscribe(
        &mut self,
        kind: FeedKind,
        url: &str,
        title: &str,
        subscription: &Subscription,
    ) -> Result<(FeedId, bool), StoreError> {
        let (feed, is_new) = self.add_feed(kind, url, title)?;
        if is_new {
            let done = write_subscription(&self.db, feed.0, subscription);
            done.map_err(StoreError::during("add the feed"))?;
        }
        Ok((feed, is_new))
    }

    /// Keeps how the last refresh of a feed went.
    pub fn set_feed_health(&mut self, feed: FeedId, health: &FeedHealth) -> Result<(), StoreError> {
        let failing = match health {
            FeedHealth::Healthy => None,
            FeedHealth::Failing(sentence) => Some(sentence),
        };
        let done = self
            .db
            .execute("UPDATE feeds SET failing = ?2 WHERE id = ?1", params![feed.0, failing]);
        done.map(drop).map_err(StoreError::during("keep the state of the feed"))
    }

    /// The sample library, while it is in sight.
    pub fn find_samples_feed(&self) -> Result<Option<FeedId>, StoreError> {
        let sql = "SELECT id FROM feeds WHERE kind = 'samples' AND gone = 0";
        let found = self.db.query_row(sql, [], |row| row.get(0).map(FeedId)).optional();
        found.map_err(StoreError::during("look for the samples"))
    }
}
