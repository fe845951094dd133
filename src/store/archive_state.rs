//! The part that the library takes in a shared archive: how far it has read there, and the articles that are to be
//! published. The marks are in `archive_marks.rs`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    EntryUpsert, IngestOutcome, ReadConnection, StoreError, WriteConnection, archive_marks,
    archive_offers, column_values, dropped_entries::DropState, entry_writer::upsert_by_feed,
    preferences, rule_acts, write_transaction::WriteTransaction,
};
use crate::model::{ArchiveSharing, EntryId, FeedId, FeedKind, FeedNetwork, FetchOptions};

/// The state of a library's reading in a shared archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveState {
    /// The address of the archive.
    pub address: String,
    /// The name of this library in leases.
    pub reader: String,
    /// The last arrival that was taken; `None` before the first.
    pub article_cursor: Option<i64>,
    /// The arrival after which the library has taken all; `None` before the first.
    pub first_arrival: Option<i64>,
    /// The date, in seconds since 1970, from which on it has taken what had arrived until then; `None` for nothing.
    pub published_from: Option<i64>,
    /// The date, in seconds since 1970, before which articles were released to the archive; `None` if none was.
    pub released_before: Option<i64>,
    /// The last change of marks that was taken.
    pub mark_cursor: i64,
    /// The marks from before the library took part were offered to the archive.
    pub marks_offered: bool,
}

/// Articles that an archive has sent.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArchivedBatch {
    /// New and changed articles of each feed.
    pub upserts: Vec<(FeedId, Vec<EntryUpsert>)>,
    /// The arrivals that they cover; `None` if they were asked for one by one.
    pub span: Option<ArrivalSpan>,
}

/// Arrivals that a library has taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrivalSpan {
    /// The first arrival of a library that begins with them: [`ArchiveState::first_arrival`].
    pub start: i64,
    /// The date from which on such a library takes earlier ones: [`ArchiveState::published_from`].
    pub published_from: Option<i64>,
    /// The last arrival.
    pub end: i64,
}

/// A feed that an archive has, and the library as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveFeed {
    /// The feed.
    pub feed: FeedId,
    /// The user is subscribed to it.
    pub is_subscribed: bool,
}

/// A feed of an archive that the library may lack.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewArchiveFeed {
    /// The URL.
    pub url: String,
    /// The title.
    pub title: String,
    /// This reader can fetch the feed by itself. Otherwise it is added as paused: its articles come from the archive.
    pub is_fetchable: bool,
}

/// Articles that are to be published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PublicationQueue {
    /// The articles.
    pub entries: Vec<EntryId>,
    /// The place behind them, for [`WriteConnection::delete_published`].
    pub end: i64,
}

/// The folder of feeds that only the archive has brought.
const ARCHIVE_FOLDER: &str = "Archive";

impl ReadConnection {
    /// Loads how far the library has read in its archive; `None` if it takes part in none.
    pub fn load_archive_state(&self) -> Result<Option<ArchiveState>, StoreError> {
        read_state(&self.db).map_err(StoreError::during("read the state of the archive"))
    }

    /// Lists the first articles that are to be published, at most `limit`.
    pub fn list_to_publish(&self, limit: usize) -> Result<PublicationQueue, StoreError> {
        let read = || -> rusqlite::Result<PublicationQueue> {
            let sql = "SELECT id, entry FROM archive_queue ORDER BY id LIMIT ?1";
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query([limit])?;
            let mut queue = PublicationQueue::default();
            while let Some(row) = rows.next()? {
                queue.end = row.get(0)?;
                let entry = EntryId(row.get(1)?);
                if !queue.entries.contains(&entry) {
                    queue.entries.push(entry);
                }
            }
            Ok(queue)
        };
        read().map_err(StoreError::during("list the articles to publish"))
    }

    /// Returns whether an article of the archive may be taken into the library: it is not here, and was not unless it was
    /// released, and the user has not unsubscribed from its feed.
    pub fn may_take_article(&self, feed: &str, guid: &str) -> Result<bool, StoreError> {
        let sql =
            "SELECT NOT EXISTS (SELECT 1 FROM feeds f WHERE f.url = ?1 AND (f.gone OR EXISTS (
                       SELECT 1 FROM entries e WHERE e.feed = f.id AND e.guid = ?2 AND e.dropped <> 3)))";
        let found = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([feed, guid], |row| row.get(0)));
        found.map_err(StoreError::during("look for an article of the archive"))
    }

    /// Finds an article by its feed and guid, as an archive knows it.
    pub fn find_archived_article(
        &self,
        feed: &str,
        guid: &str,
    ) -> Result<Option<EntryId>, StoreError> {
        let sql = "SELECT e.id FROM feeds f JOIN entries e ON e.feed = f.id
                   WHERE f.url = ?1 AND e.guid = ?2 AND e.dropped = 0";
        let read = |row: &Row<'_>| row.get(0).map(EntryId);
        let found = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([feed, guid], read).optional());
        found.map_err(StoreError::during("look for an article of the archive"))
    }

    /// Counts what waits for the archive: articles and marks.
    pub fn count_archive_outbox(&self) -> Result<(usize, usize), StoreError> {
        let sql =
            "SELECT (SELECT count(*) FROM archive_queue), (SELECT count(*) FROM archive_outbox)";
        let count = self.db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        count.map_err(StoreError::during("count what waits for the archive"))
    }

    /// Returns the guid of an article.
    pub fn find_guid(&self, entry: EntryId) -> Result<Option<String>, StoreError> {
        let sql = "SELECT guid FROM entries WHERE id = ?1 AND dropped = 0";
        let read = |row: &Row<'_>| row.get(0);
        let found = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([entry.0], read).optional());
        found.map_err(StoreError::during("read the id of the article"))
    }
}

fn read_state(db: &Connection) -> rusqlite::Result<Option<ArchiveState>> {
    let sql = "SELECT address, reader, article_cursor, first_arrival, published_from, mark_cursor, marks_offered,
               released_before FROM archive_state";
    let read_row = |row: &Row<'_>| {
        Ok(ArchiveState {
            address: row.get(0)?,
            reader: row.get(1)?,
            article_cursor: row.get(2)?,
            first_arrival: row.get(3)?,
            published_from: row.get(4)?,
            mark_cursor: row.get(5)?,
            marks_offered: row.get(6)?,
            released_before: row.get(7)?,
        })
    };
    db.prepare_cached(sql)?.query_row([], read_row).optional()
}

impl WriteConnection {
    /// Takes part in the archive at an address. In another one than before, the library begins anew: all of its
    /// articles are to be published, and the marks of the archive count.
    pub fn join_archive(&mut self, address: &str) -> Result<ArchiveState, StoreError> {
        let mut run = || -> rusqlite::Result<ArchiveState> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let known = read_state(&transaction)?.filter(|state| state.address == address);
            if let Some(state) = known {
                return Ok(state);
            }
            transaction.execute_batch(
                "DELETE FROM archive_state; DELETE FROM archive_queue; DELETE FROM archive_outbox;
                 DELETE FROM archive_marks;",
            )?;
            // What was released to the other one is taken like what has never been here.
            let sql = "UPDATE entries SET digest = 0 WHERE dropped = ?1";
            transaction.execute(sql, [DropState::InArchive as i64])?;
            let sql = "INSERT INTO archive_state (id, address, reader)
                       VALUES (1, ?1, lower(hex(randomblob(16))))";
            transaction.execute(sql, [address])?;
            let sql = "INSERT INTO archive_queue (entry) SELECT b.entry FROM bodies b
                       JOIN entries e ON e.id = b.entry JOIN feeds f ON f.id = e.feed
                       WHERE f.kind = ?1 AND f.gone = 0 AND b.format <> 'absent' ORDER BY e.published, e.id";
            transaction.execute(sql, [column_values::feed_kind_name(FeedKind::Web)])?;
            let state = read_state(&transaction)?.ok_or(rusqlite::Error::QueryReturnedNoRows)?;
            transaction.commit()?;
            Ok(state)
        };
        run().map_err(StoreError::during("take part in the archive"))
    }

    /// Offers the archive the marks from before the library took part in it. Its own are here by then, and whatever it says
    /// of an article counts more: only marks that it has never heard of are news to it.
    pub fn offer_archive_marks(&mut self) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            archive_offers::offer_marks(&transaction, None)?;
            transaction.execute("UPDATE archive_state SET marks_offered = 1", [])?;
            transaction.commit()
        };
        run().map_err(StoreError::during("offer the archive the marks of the library"))
    }

    /// Finds the feeds with the URLs of these, and subscribes to those that the library does not have, in a folder of their own.
    /// Those that the user has unsubscribed from stay so.
    pub fn add_archive_feeds(
        &mut self,
        feeds: &[NewArchiveFeed],
    ) -> Result<HashMap<String, ArchiveFeed>, StoreError> {
        let mut run = || -> rusqlite::Result<HashMap<String, ArchiveFeed>> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let mut found = HashMap::new();
            for feed in feeds {
                found.insert(feed.url.clone(), find_or_add_feed(&transaction, feed)?);
            }
            transaction.commit()?;
            Ok(found)
        };
        run().map_err(StoreError::during("add the feeds of the archive"))
    }

    /// Stores articles of an archive, and the marks that were known before, in one transaction. They are not published
    /// again.
    pub fn store_archived_articles(
        &mut self,
        batch: &ArchivedBatch,
        now: DateTime<Utc>,
    ) -> Result<IngestOutcome, StoreError> {
        let mut run = || -> rusqlite::Result<IngestOutcome> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let queued = "SELECT coalesce(max(id), 0) FROM archive_queue";
            let queued: i64 = transaction.query_row(queued, [], |row| row.get(0))?;
            let (mut counts, acts) = upsert_by_feed(&transaction, &batch.upserts, now)?;
            transaction.execute("DELETE FROM archive_queue WHERE id > ?1", [queued])?;
            archive_marks::apply_known_marks(&transaction, &counts.new_ids, now)?;
            archive_marks::apply_known_marks(&transaction, &counts.returned_ids, now)?;
            counts.acts = rule_acts::apply_acts(&transaction, &acts, now)?;
            if let Some(ArrivalSpan { start, published_from, end }) = batch.span {
                let sql = "UPDATE archive_state
                           SET first_arrival = coalesce(first_arrival, ?1), article_cursor = ?3,
                           published_from = iif(first_arrival IS NULL, ?2, published_from)";
                transaction.execute(sql, params![start, published_from, end])?;
            }
            if counts != IngestOutcome::default() {
                preferences::bump_generation(&transaction)?;
            }
            transaction.commit()?;
            Ok(counts)
        };
        run().map_err(StoreError::during("store the articles of the archive"))
    }

    /// Notes that the archive has the articles up to a place of the queue.
    pub fn delete_published(&mut self, end: i64) -> Result<(), StoreError> {
        let deleted = self.db.execute("DELETE FROM archive_queue WHERE id <= ?1", params![end]);
        deleted.map(drop).map_err(StoreError::during("note what the archive has"))
    }
}

fn find_or_add_feed(db: &Connection, feed: &NewArchiveFeed) -> rusqlite::Result<ArchiveFeed> {
    let NewArchiveFeed { url, title, is_fetchable } = feed;
    let sql = "SELECT id, gone FROM feeds WHERE url = ?1";
    let read_row = |row: &Row<'_>| {
        Ok(ArchiveFeed { feed: FeedId(row.get(0)?), is_subscribed: !row.get::<_, bool>(1)? })
    };
    if let Some(found) = db.prepare_cached(sql)?.query_row([url], read_row).optional()? {
        return Ok(found);
    }
    // Who cannot fetch a feed still tells the marks of its articles.
    let sharing = if *is_fetchable { ArchiveSharing::Public } else { ArchiveSharing::Share };
    let fetch = FetchOptions { sharing, ..FetchOptions::default() };
    let fetch = serde_json::to_string(&fetch).expect("strings serialize to JSON");
    let sql = "INSERT INTO feeds (kind, url, title, folder, network, paused, fetch)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
    let kind = column_values::feed_kind_name(FeedKind::Web);
    // Whoever published it, a feed that others bring must not lead into the user's own network.
    let network = column_values::network_value(&FeedNetwork::Public);
    db.prepare_cached(sql)?.execute(params![
        kind,
        url,
        title,
        ARCHIVE_FOLDER,
        network,
        !is_fetchable,
        fetch
    ])?;
    Ok(ArchiveFeed { feed: FeedId(db.last_insert_rowid()), is_subscribed: true })
}
