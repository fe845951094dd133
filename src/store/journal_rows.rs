//! The rows of the journal: writing and parsing them.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::{apply_change::is_no_op, readable_rows::lossy_text};
use crate::model::{Actor, Change, ChangeId, EntryId};

/// Records a change of `actor` within the caller's transaction.
pub(super) fn record_change(
    db: &Connection,
    actor: &Actor,
    change: &Change,
    now: DateTime<Utc>,
) -> rusqlite::Result<usize> {
    let json = serde_json::to_string(change).expect("a change serializes to JSON");
    let sql = "INSERT INTO journal (at, change, actor) VALUES (?1, ?2, ?3)";
    db.prepare_cached(sql)?.execute(params![now.timestamp(), json, actor.to_stored()])
}

/// Parses the stored form of a change; `None` if a newer version wrote it, or if it is damaged.
pub(super) fn parse_change(json: &str) -> Option<Change> {
    serde_json::from_str(json).ok()
}

/// Records marks that an entry and its copies have taken over from each other, within the caller's
/// transaction, unless there are none.
pub(super) fn record_change_of_copies(
    db: &Connection,
    change: &Change,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    if !is_no_op(change) {
        record_change(db, &Actor::Copy, change, now)?;
    }
    Ok(())
}

/// Returns the changes that [`record_change_of_copies`] has recorded after the change `after`.
pub(super) fn changes_of_copies_after(
    db: &Connection,
    after: ChangeId,
) -> rusqlite::Result<Vec<Change>> {
    changes_after(db, "id > ?1 AND actor = ?2", &Actor::Copy, after)
}

/// Returns the changes that syncs have brought after the change `after`, without those that were undone.
pub(super) fn changes_of_syncs_after(
    db: &Connection,
    after: ChangeId,
) -> rusqlite::Result<Vec<Change>> {
    changes_after(db, "id > ?1 AND actor = ?2 AND undone = 0", &Actor::Sync, after)
}

/// Returns the entries of all changes since a time, in seconds since 1970.
pub(super) fn entries_changed_since(
    db: &Connection,
    since: i64,
) -> rusqlite::Result<HashSet<EntryId>> {
    let mut statement = db.prepare_cached("SELECT change FROM journal WHERE at >= ?1")?;
    let mut rows = statement.query([since])?;
    let mut entries = HashSet::new();
    while let Some(row) = rows.next()? {
        if let Some(change) = parse_change(&lossy_text(row, 0)?) {
            change.for_each(&mut |part| entries.extend(part.entry_ids().iter().copied()));
        }
    }
    Ok(entries)
}

fn changes_after(
    db: &Connection,
    condition: &'static str,
    actor: &Actor,
    after: ChangeId,
) -> rusqlite::Result<Vec<Change>> {
    let mut statement =
        db.prepare_cached(&format!("SELECT change FROM journal WHERE {condition}"))?;
    let rows =
        statement.query_map(params![after.0, actor.to_stored()], |row| lossy_text(row, 0))?;
    rows.filter_map(|json| json.map(|json| parse_change(&json)).transpose()).collect()
}
