//! The entries that were dropped from the trash, of which only the row is left.

use rusqlite::Connection;

use crate::model::EntryId;

/// The way in which an article was dropped, if it was; the number is the value of the column `dropped`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DropState {
    /// The article is kept, or in the trash.
    Kept = 0,
    /// The user removed the article: it never comes back.
    Removed = 1,
    /// The article was dropped with its unsubscribed feed, which may bring it back.
    WithFeed = 2,
    /// The library has released the article to the archive, from which it can be taken again.
    InArchive = 3,
}

impl DropState {
    /// Returns the state of a value of the column `dropped`.
    pub(super) fn from_column(value: i64) -> DropState {
        match value {
            0 => DropState::Kept,
            2 => DropState::WithFeed,
            3 => DropState::InArchive,
            _ => DropState::Removed,
        }
    }
}

/// Returns whether any of the entries was not dropped.
pub(super) fn has_kept(db: &Connection, ids: &[EntryId]) -> rusqlite::Result<bool> {
    for id in ids {
        if !is_dropped(db, *id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Moves the entries that were dropped to `lost`: no mark brings them back.
pub(super) fn retain_kept(
    db: &Connection,
    ids: &mut Vec<EntryId>,
    lost: &mut Vec<EntryId>,
) -> rusqlite::Result<()> {
    let sql = "SELECT EXISTS (SELECT 1 FROM entries WHERE dropped <> 0)";
    if !db.prepare_cached(sql)?.query_row([], |row| row.get(0))? {
        return Ok(());
    }
    let mut kept = Vec::with_capacity(ids.len());
    for id in ids.drain(..) {
        if is_dropped(db, id)? { lost.push(id) } else { kept.push(id) }
    }
    *ids = kept;
    Ok(())
}

fn is_dropped(db: &Connection, id: EntryId) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM entries WHERE id = ?1 AND dropped <> 0)";
    db.prepare_cached(sql)?.query_row([id.0], |row| row.get(0))
}
