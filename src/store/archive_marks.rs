//! Marks that a library and its shared archive tell each other. An article is named by the URL of its feed and its guid,
//! which both know.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    StoreError, WriteConnection,
    applied_change::applied_change,
    archive_outbox::{ArchiveMark, WaitingArchiveMark, is_shared_tag, is_waiting},
    journal, preferences, tags,
    write_transaction::WriteTransaction,
};
use crate::model::{Change, EntryId, TagMark, TagName};

/// Maximum number of marks that are kept of articles that are not here.
const MAX_KNOWN_MARKS: i64 = 2_000_000;

/// The marks of one exchange with an archive.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ArchiveMarkExchange {
    /// Marks that the archive has been told.
    pub sent: Vec<WaitingArchiveMark>,
    /// Marks that it has sent.
    pub received: Vec<ArchiveMark>,
    /// The last change that they cover.
    pub cursor: i64,
}

impl WriteConnection {
    /// Stores the result of an exchange of marks in one transaction: what was sent waits no longer, unless the user has
    /// changed it meanwhile, and what has come is applied, unless the user's own act waits. Returns the number of
    /// articles that have changed.
    pub fn store_archive_marks(
        &mut self,
        exchange: &ArchiveMarkExchange,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut run = || -> rusqlite::Result<usize> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let sql = "DELETE FROM archive_outbox WHERE entry = ?1 AND mark = ?2 AND wanted = ?3";
            for WaitingArchiveMark { entry, mark } in &exchange.sent {
                transaction.prepare_cached(sql)?.execute(params![
                    entry.0,
                    mark.mark,
                    mark.wanted
                ])?;
            }
            let mut marks = Vec::new();
            for mark in &exchange.received {
                match find_entry(&transaction, mark)? {
                    Some(entry) => marks.push((entry, mark.mark.clone(), mark.wanted)),
                    None => keep_mark(&transaction, mark)?,
                }
            }
            let changed = apply_marks(&transaction, marks, now)?;
            transaction.execute("UPDATE archive_state SET mark_cursor = ?1", [exchange.cursor])?;
            transaction.commit()?;
            Ok(changed)
        };
        run().map_err(StoreError::during("store the marks of the archive"))
    }
}

fn find_entry(db: &Connection, mark: &ArchiveMark) -> rusqlite::Result<Option<EntryId>> {
    let sql = "SELECT e.id FROM entries e JOIN feeds f ON f.id = e.feed
               WHERE f.url = ?1 AND e.guid = ?2 AND f.kind = 'web' AND e.dropped = 0";
    let values = params![mark.feed, mark.guid];
    db.prepare_cached(sql)?.query_row(values, |row| row.get(0).map(EntryId)).optional()
}

/// Keeps a mark of an article that is not here yet.
fn keep_mark(db: &Connection, mark: &ArchiveMark) -> rusqlite::Result<()> {
    let sql = "INSERT INTO archive_marks (feed, guid, mark, wanted)
               SELECT ?1, ?2, ?3, ?4 WHERE (SELECT count(*) FROM archive_marks) < ?5
               ON CONFLICT DO UPDATE SET wanted = excluded.wanted";
    let values = params![mark.feed, mark.guid, mark.mark, mark.wanted, MAX_KNOWN_MARKS];
    db.prepare_cached(sql)?.execute(values).map(drop)
}

/// Gives articles that have just arrived the marks that were known before.
pub(super) fn apply_known_marks(
    db: &Connection,
    ids: &[EntryId],
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let sql = "DELETE FROM archive_marks WHERE (feed, guid) =
                   (SELECT f.url, e.guid FROM entries e JOIN feeds f ON f.id = e.feed WHERE e.id = ?1)
               RETURNING mark, wanted";
    let mut marks = Vec::new();
    for id in ids {
        let mut statement = db.prepare_cached(sql)?;
        let mut rows = statement.query([id.0])?;
        while let Some(row) = rows.next()? {
            marks.push((*id, row.get(0)?, row.get(1)?));
        }
    }
    apply_marks(db, marks, now).map(drop)
}

/// Applies marks of the archive, as a change in the journal for each kind; those whose opposite waits in the outbox are
/// left out. Returns the number of articles that have changed.
fn apply_marks(
    db: &Connection,
    marks: Vec<(EntryId, String, bool)>,
    now: DateTime<Utc>,
) -> rusqlite::Result<usize> {
    let mut by_kind: BTreeMap<(String, bool), Vec<EntryId>> = BTreeMap::new();
    for (entry, mark, wanted) in marks {
        let is_tag_without_room = wanted && mark.starts_with("tag:") && tags::room(db, entry)? == 0;
        if !is_waiting(db, entry, &mark)? && !is_tag_without_room {
            by_kind.entry((mark, wanted)).or_default().push(entry);
        }
    }
    let mut count = 0;
    for ((mark, wanted), mut ids) in by_kind {
        ids.sort_unstable();
        ids.dedup();
        let Some(change) = to_change(&mark, wanted, &ids) else { continue };
        let applied = journal::apply_sync_change(db, change, now)?;
        count += applied_change(db, applied)?.changed_entry_count();
    }
    if count > 0 {
        preferences::bump_generation(db)?;
    }
    Ok(count)
}

/// Returns a mark as a change; `None` for one that this version does not know, or that means something else here.
fn to_change(mark: &str, wanted: bool, ids: &[EntryId]) -> Option<Change> {
    match mark {
        "read" => Some(Change::set_read(ids, wanted)),
        "starred" => Some(Change::set_starred(ids, wanted)),
        _ => {
            let tag = TagName::parse(mark.strip_prefix("tag:")?).ok().filter(is_shared_tag)?;
            let after = if wanted { TagMark::On } else { TagMark::Off };
            Some(Change::set_tag(ids, tag, after))
        }
    }
}
