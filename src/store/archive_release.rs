//! Releasing old articles to the archive, which has them as they are: the library keeps the newest ones.
//!
//! A released article keeps its row, by which a refresh recognizes it, as one that was dropped from the trash does. The
//! archive is searched for it like for any other that the library lacks, and taking it brings it back, read as it was.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    ReadConnection, StoreError, WriteConnection, dropped_entries::DropState, journal_rows,
    preferences, trash, write_transaction::WriteTransaction,
};
use crate::model::EntryId;

/// Number of days for which articles stay after they have arrived, and after the last change: one that was taken from the
/// archive is read first, and what was done can be undone.
const DAYS_KEPT: i64 = 30;

/// The articles that may be released, of those published before `?1` that arrived before `?2`: they are read, and the user
/// has done nothing else to them; nothing of them is here alone, and nothing about them waits for the archive.
const RELEASABLE: &str =
    "e.published < ?1 AND e.arrived < ?2 AND e.dropped = 0 AND e.read = 1 AND e.starred = 0
    AND e.unlisted = 0 AND e.restored = 0
    AND e.feed IN (SELECT id FROM feeds WHERE kind = 'web' AND gone = 0
                   AND id NOT IN (SELECT feed FROM account_feeds))
    AND EXISTS (SELECT 1 FROM bodies t WHERE t.entry = e.id AND t.format <> 'absent')
    AND NOT EXISTS (SELECT 1 FROM entry_tags t WHERE t.entry = e.id)
    AND NOT EXISTS (SELECT 1 FROM originals t WHERE t.entry = e.id)
    AND NOT EXISTS (SELECT 1 FROM versions t WHERE t.entry = e.id)
    AND NOT EXISTS (SELECT 1 FROM places t WHERE t.entry = e.id)
    AND NOT EXISTS (SELECT 1 FROM downloads t WHERE t.entry = e.id)
    AND NOT EXISTS (SELECT 1 FROM play_positions t WHERE t.entry = e.id)
    AND NOT EXISTS (SELECT 1 FROM queue_places t WHERE t.entry = e.id)
    AND NOT EXISTS (SELECT 1 FROM story_links t WHERE t.entry = e.id OR t.other = e.id)
    AND NOT EXISTS (SELECT 1 FROM archive_outbox t WHERE t.entry = e.id)
    AND NOT EXISTS (SELECT 1 FROM archive_queue t WHERE t.entry = e.id)";

/// Articles that the archive may be asked about, to release them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseCandidates {
    /// The articles, newest first.
    pub entries: Vec<EntryId>,
    /// They were published before this date, in seconds since 1970.
    pub published_before: i64,
    /// The date of the last one; `None` if no older one is left, so that the next search begins anew.
    pub place: Option<i64>,
}

impl ReadConnection {
    /// Lists articles that may be released so that about `kept` of the newest ones stay, at most `limit`, older than those
    /// that were looked at before; `None` if there are not so many.
    pub fn list_releasable(
        &self,
        kept: u64,
        limit: usize,
        now: DateTime<Utc>,
    ) -> Result<Option<ReleaseCandidates>, StoreError> {
        let read = || -> rusqlite::Result<Option<ReleaseCandidates>> {
            let Some(published_before) = find_oldest_kept(&self.db, kept)? else { return Ok(None) };
            let sql = "SELECT release_place FROM archive_state";
            let place: Option<i64> =
                self.db.query_row(sql, [], |row| row.get(0)).optional()?.flatten();
            let before = place.unwrap_or(published_before).min(published_before);
            let sql = format!(
                "SELECT e.id, e.published FROM entries e INDEXED BY entries_by_date WHERE {RELEASABLE}
                 ORDER BY e.published DESC, e.id DESC LIMIT ?3"
            );
            let found: Vec<(EntryId, i64)> = self
                .db
                .prepare_cached(&sql)?
                .query_map(params![before, latest_change(now), limit], |row| {
                    Ok((EntryId(row.get(0)?), row.get(1)?))
                })?
                .collect::<rusqlite::Result<_>>()?;
            let place = found.last().filter(|_| found.len() == limit).map(|(_, date)| *date);
            let mut entries: Vec<EntryId> = found.into_iter().map(|(id, _)| id).collect();
            if !entries.is_empty() {
                let changed = journal_rows::entries_changed_since(&self.db, latest_change(now))?;
                entries.retain(|id| !changed.contains(id));
            }
            Ok(Some(ReleaseCandidates { entries, published_before, place }))
        };
        read().map_err(StoreError::during("look for articles that the archive has as well"))
    }
}

/// Returns the date of the last article that is kept; `None` if there are no more than so many.
fn find_oldest_kept(db: &Connection, kept: u64) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT coalesce(sum(total - dropped), 0) FROM feeds";
    let stored: u64 = db.query_row(sql, [], |row| row.get(0))?;
    if kept == 0 || stored <= kept {
        return Ok(None);
    }
    // Those that were dropped are counted as well: nearly all of them are older.
    let sql = "SELECT published FROM entries ORDER BY published DESC, id DESC LIMIT 1 OFFSET ?1";
    db.query_row(sql, [kept - 1], |row| row.get(0)).optional()
}

fn latest_change(now: DateTime<Utc>) -> i64 {
    now.checked_sub_signed(TimeDelta::days(DAYS_KEPT)).unwrap_or(DateTime::UNIX_EPOCH).timestamp()
}

impl WriteConnection {
    /// Releases those of the candidates that may still be, and notes up to where they were looked for. Returns their number.
    pub fn release_to_archive(
        &mut self,
        released: &ReleaseCandidates,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut run = || -> rusqlite::Result<usize> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let sql =
                format!("SELECT EXISTS (SELECT 1 FROM entries e WHERE {RELEASABLE} AND e.id = ?3)");
            let mut ids = Vec::new();
            for id in &released.entries {
                let values = params![released.published_before, latest_change(now), id.0];
                if transaction.prepare_cached(&sql)?.query_row(values, |row| row.get(0))? {
                    ids.push(*id);
                }
            }
            if !ids.is_empty() {
                trash::drop_entries(&transaction, &ids, DropState::InArchive)?;
                let sql = "UPDATE archive_state
                           SET released_before = max(coalesce(released_before, ?1), ?1)";
                transaction.execute(sql, [released.published_before])?;
                preferences::bump_generation(&transaction)?;
            }
            transaction.execute("UPDATE archive_state SET release_place = ?1", [released.place])?;
            transaction.commit()?;
            Ok(ids.len())
        };
        run().map_err(StoreError::during("release articles to the archive"))
    }

    /// Has the next article of the archive with one of these feeds and guids stored, although the library has released it.
    pub fn recall_from_archive(&mut self, keys: &[(String, String)]) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let sql = "UPDATE entries SET digest = 0 WHERE guid = ?2 AND dropped = ?3
                       AND feed = (SELECT id FROM feeds WHERE url = ?1)";
            for (feed, guid) in keys {
                let values = params![feed, guid, DropState::InArchive as i64];
                transaction.prepare_cached(sql)?.execute(values)?;
            }
            transaction.commit()
        };
        run().map_err(StoreError::during("take articles from the archive"))
    }
}
