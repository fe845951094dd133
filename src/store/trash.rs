//! The trash: dropping the articles whose time in it is over, and what they leave behind.
//!
//! A dropped article keeps its row with the guid, the link key and the digest, by which a refresh
//! recognizes it, and its tag `removed`, by which lists leave it out. Its texts and tags are deleted.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, params};

use super::{
    ReadConnection, StoreError, WriteConnection, column_values, copies,
    dropped_entries::DropState,
    feeds, journal,
    journal_rows::record_change,
    preferences,
    readable_rows::{collect_readable, lossy_text},
    state_pages, tags,
    write_transaction::WriteTransaction,
};
use crate::model::{
    Actor, Change, EntryId, FeedId, RemovedEntry, TRASH_DAYS, TagId, TagMark, TagName, TrashSize,
};

/// Maximum number of articles that are dropped in one transaction: a key must not wait for it.
const ARTICLES_PER_STEP: usize = 200;

/// The articles of the trash whose time is over at `?1`, at most `?2`.
const EXPIRED_SQL: &str = "SELECT entry FROM entry_tags
    WHERE tag = 3 AND until IS NOT NULL AND until <= ?1 ORDER BY until, entry LIMIT ?2";

/// The articles of the trash whose time is over at `?1`, at most `?2`, without those of unsubscribed
/// feeds: these are neither listed nor counted, and come back into the trash with their feed.
const LISTED_SQL: &str = "SELECT t.entry FROM entry_tags t
    JOIN entries e ON e.id = t.entry JOIN feeds f ON f.id = e.feed AND NOT f.gone
    WHERE t.tag = 3 AND t.until IS NOT NULL AND t.until <= ?1 ORDER BY t.until, t.entry LIMIT ?2";

/// The articles of feeds that are unsubscribed since `?1` or longer, at most `?2`. Starred ones stay.
const LEFT_BEHIND_SQL: &str = "SELECT id FROM entries
    WHERE feed IN (SELECT id FROM feeds WHERE gone AND gone_since <= ?1 AND total > dropped)
    AND dropped = 0 AND starred = 0 LIMIT ?2";

impl WriteConnection {
    /// Drops articles whose time in the trash is over, and those of feeds that have been unsubscribed
    /// for as long; at most 200, so that no key waits for it. Returns how many: none if all are.
    pub fn drop_expired_entries(&mut self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        self.note_unsubscribed_feeds(now)?;
        let dropped = self.drop_step((EXPIRED_SQL, now.timestamp()), DropState::Removed, None)?;
        if dropped > 0 {
            return Ok(dropped);
        }
        let since = now.checked_sub_signed(TimeDelta::days(TRASH_DAYS)).unwrap_or(now);
        self.drop_step((LEFT_BEHIND_SQL, since.timestamp()), DropState::WithFeed, None)
    }

    /// Drops articles of the trash, at most 200, whether their time is over or not. Returns how many:
    /// none if the trash is empty. The journal names the steps that began at `started` as one change.
    pub fn empty_trash_step(&mut self, started: DateTime<Utc>) -> Result<usize, StoreError> {
        self.drop_step((LISTED_SQL, i64::MAX), DropState::Removed, Some(started))
    }

    /// Moves the articles of a feed to the trash, as a change of its own, and returns those that were not
    /// there. Their copies in other feeds stay where they are.
    pub fn remove_entries_of_feed(
        &mut self,
        feed: FeedId,
        (actor, now): (&Actor, DateTime<Utc>),
    ) -> Result<Vec<EntryId>, StoreError> {
        let mut run = || -> rusqlite::Result<Vec<EntryId>> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let after = TagMark::removed_at(now);
            let ids = list_kept_entries(&transaction, feed)?;
            let moved = tags::mark_entries(&transaction, &TagName::removed(), ids, after)?;
            let ids: Vec<EntryId> = moved.into_values().flatten().collect();
            if !ids.is_empty() {
                let (tag, before) = (TagName::removed(), TagMark::Off);
                let change = Change::Tagged { tag, ids: ids.clone(), before, after };
                journal::forget_undone(&transaction)?;
                record_change(&transaction, actor, &change, now)?;
                preferences::bump_generation(&transaction)?;
            }
            transaction.commit()?;
            Ok(ids)
        };
        run().map_err(StoreError::during("move articles to the trash"))
    }

    /// Notes since when feeds are unsubscribed, of which this is not known: undo and redo do not.
    fn note_unsubscribed_feeds(&mut self, now: DateTime<Utc>) -> Result<(), StoreError> {
        let run = || -> rusqlite::Result<()> {
            let sql = "SELECT EXISTS (SELECT 1 FROM feeds WHERE gone AND gone_since IS NULL)";
            if self.db.query_row(sql, [], |row| row.get(0))? {
                feeds::note_unsubscribed(&self.db, now)?;
            }
            Ok(())
        };
        run().map_err(StoreError::during("save the state of the feeds"))
    }

    /// Drops the articles that `sql` finds, in one transaction. If the user began it, the journal says
    /// so.
    fn drop_step(
        &mut self,
        (sql, until): (&str, i64),
        state: DropState,
        started_by_user: Option<DateTime<Utc>>,
    ) -> Result<usize, StoreError> {
        let mut run = || -> rusqlite::Result<usize> {
            // The write lock is taken only if there is something to drop.
            if find_ids(&self.db, sql, until)?.is_empty() {
                return Ok(0);
            }
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let ids = find_ids(&transaction, sql, until)?;
            drop_entries(&transaction, &ids, state)?;
            if let Some(started) = started_by_user {
                journal::record_dropped(&transaction, ids.len(), started)?;
            }
            preferences::bump_generation(&transaction)?;
            transaction.commit()?;
            Ok(ids.len())
        };
        run().map_err(StoreError::during("drop articles from the trash"))
    }
}

fn find_ids(db: &Connection, sql: &str, until: i64) -> rusqlite::Result<Vec<EntryId>> {
    let limit = i64::try_from(ARTICLES_PER_STEP).unwrap_or(i64::MAX);
    let mut statement = db.prepare_cached(sql)?;
    statement.query_map([until, limit], |row| row.get(0).map(EntryId))?.collect()
}

/// Lists the articles of a feed that were not dropped.
fn list_kept_entries(db: &Connection, feed: FeedId) -> rusqlite::Result<Vec<EntryId>> {
    let sql = "SELECT id FROM entries WHERE feed = ?1 AND dropped = 0 ORDER BY id";
    db.prepare_cached(sql)?.query_map([feed.0], |row| row.get(0).map(EntryId))?.collect()
}

/// Deletes everything of entries but what a refresh recognizes them by.
pub(super) fn drop_entries(
    db: &Connection,
    ids: &[EntryId],
    state: DropState,
) -> rusqlite::Result<()> {
    for (name, tagged) in find_tags(db, ids)? {
        tags::mark_entries(db, &name, tagged, TagMark::Off)?;
    }
    tags::mark_entries(db, &TagName::removed(), ids.to_vec(), TagMark::On)?;
    for id in ids {
        let sql = "UPDATE entry_tags SET until = NULL WHERE entry = ?1 AND tag = ?2";
        db.prepare_cached(sql)?.execute([id.0, TagId::REMOVED.0])?;
        for table in [
            "bodies",
            "originals",
            "versions",
            "places",
            "downloads",
            "play_positions",
            "queue_places",
        ] {
            let sql = format!("DELETE FROM {table} WHERE entry = ?1");
            db.prepare_cached(&sql)?.execute([id.0])?;
        }
        let sql =
            "UPDATE entries SET dropped = ?2, title = '', link = NULL, author = NULL, tags = '',
                   attached = NULL WHERE id = ?1";
        db.prepare_cached(sql)?.execute(params![id.0, state as i64])?;
        if state == DropState::WithFeed {
            forget_source(db, *id)?;
        }
    }
    copies::refresh_groups_of(db, ids)
}

/// Makes the next refresh of an entry's feed take the entry for a changed one.
fn forget_source(db: &Connection, id: EntryId) -> rusqlite::Result<()> {
    let sql = "UPDATE entries SET digest = 0, size = 0, modified = 0 WHERE id = ?1";
    db.prepare_cached(sql)?.execute([id.0])?;
    let sql = "UPDATE feeds SET etag = NULL, last_modified = NULL, digest = NULL
               WHERE id = (SELECT feed FROM entries WHERE id = ?1)";
    db.prepare_cached(sql)?.execute([id.0]).map(drop)
}

/// Returns the tags of entries, other than that of the trash, each with its entries.
fn find_tags(
    db: &Connection,
    ids: &[EntryId],
) -> rusqlite::Result<BTreeMap<TagName, Vec<EntryId>>> {
    let sql =
        "SELECT name FROM entry_tags JOIN tags ON tags.id = tag WHERE entry = ?1 AND tag <> ?2";
    let mut statement = db.prepare_cached(sql)?;
    let mut entries_by_tag: BTreeMap<TagName, Vec<EntryId>> = BTreeMap::new();
    for id in ids {
        let mut rows = statement.query([id.0, TagId::REMOVED.0])?;
        while let Some(row) = rows.next()? {
            let name = TagName::from_stored(lossy_text(row, 0)?);
            entries_by_tag.entry(name).or_default().push(*id);
        }
    }
    Ok(entries_by_tag)
}

/// Takes an entry out of the trash, or makes a dropped one a new one without a text, within the
/// caller's transaction.
pub(super) fn bring_back(
    db: &Connection,
    id: EntryId,
    state: DropState,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    if state != DropState::Kept {
        // What was released to the archive was read, and comes back so.
        let is_read = state == DropState::InArchive;
        let sql =
            "UPDATE entries SET dropped = 0, read = ?3, starred = 0, arrived = ?2 WHERE id = ?1";
        db.prepare_cached(sql)?.execute(params![id.0, now.timestamp(), is_read])?;
        state_pages::refresh_bitmaps(db, &[id])?;
    }
    tags::mark_entries(db, &TagName::removed(), vec![id], TagMark::Off).map(drop)
}

impl ReadConnection {
    /// Lists the articles of the trash that `is:removed` finds: those of subscribed feeds. What is
    /// dropped next comes first.
    pub fn list_trash(&self) -> Result<Vec<RemovedEntry>, StoreError> {
        let sql = "SELECT e.id, e.title, coalesce(f.name, f.title), t.until
                   FROM entry_tags t JOIN entries e ON e.id = t.entry JOIN feeds f ON f.id = e.feed
                   WHERE t.tag = 3 AND t.until IS NOT NULL AND NOT f.gone ORDER BY t.until, t.entry";
        let read = || -> rusqlite::Result<Vec<RemovedEntry>> {
            let mut statement = self.db.prepare_cached(sql)?;
            collect_readable(statement.query_map([], |row| {
                Ok(RemovedEntry {
                    id: EntryId(row.get(0)?),
                    title: lossy_text(row, 1)?,
                    feed: lossy_text(row, 2)?,
                    dropped_at: column_values::time_from_seconds(row.get(3)?).unwrap_or_default(),
                })
            })?)
        };
        read().map_err(StoreError::during("list the trash"))
    }

    /// Lists read articles that were published and arrived before `before`, the oldest first, at most
    /// `limit`: those of subscribed feeds that are neither starred, hidden, nor to be read later. The
    /// samples stay.
    pub fn list_outdated_entries(
        &self,
        before: DateTime<Utc>,
        limit: usize,
    ) -> Result<Vec<EntryId>, StoreError> {
        let sql = "SELECT id FROM entries WHERE published < ?1 AND arrived < ?1 AND read = 1
                   AND starred = 0 AND unlisted = 0 AND restored = 0
                   AND feed NOT IN (SELECT id FROM feeds WHERE gone OR kind = 'samples')
                   AND NOT EXISTS (SELECT 1 FROM entry_tags WHERE entry = entries.id AND tag IN (?2, ?3))
                   ORDER BY published, id LIMIT ?4";
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let read = || -> rusqlite::Result<Vec<EntryId>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let values = [before.timestamp(), TagId::LATER.0, TagId::QUEUE.0, limit];
            statement.query_map(values, |row| row.get(0).map(EntryId))?.collect()
        };
        read().map_err(StoreError::during("look for old articles"))
    }

    /// Returns the number of articles that [`ReadConnection::list_trash`] lists, and the length of
    /// their texts.
    pub fn measure_trash(&self) -> Result<TrashSize, StoreError> {
        let sql = "SELECT count(*), coalesce(sum(
                   coalesce((SELECT octet_length(text) FROM bodies b WHERE b.entry = t.entry), 0) +
                   coalesce((SELECT octet_length(html) FROM originals o WHERE o.entry = t.entry), 0) +
                   coalesce((SELECT sum(octet_length(text) + coalesce(octet_length(packed), 0)) FROM versions v WHERE v.entry = t.entry), 0)), 0)
                   FROM entry_tags t JOIN entries e ON e.id = t.entry
                   JOIN feeds f ON f.id = e.feed AND NOT f.gone
                   WHERE t.tag = 3 AND t.until IS NOT NULL";
        let size = self
            .db
            .query_row(sql, [], |row| Ok(TrashSize { articles: row.get(0)?, bytes: row.get(1)? }));
        size.map_err(StoreError::during("measure the trash"))
    }
}
