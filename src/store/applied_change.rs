//! A change that was applied, as the user hears of it: with a title, and without copies.

use rusqlite::{Connection, OptionalExtension};

use super::{copies, readable_rows::lossy_text};
use crate::model::{AppliedChange, Change, EntryId};

/// Returns a change that was applied, with its title and the number of copies among its entries.
pub(super) fn applied_change(db: &Connection, change: Change) -> rusqlite::Result<AppliedChange> {
    let ids = change.all_entry_ids();
    let firsts = copies::firsts_of(db, &ids)?;
    let copies = ids.len() - firsts.len();
    let title = match firsts.first() {
        Some(first) if copies > 0 && firsts.len() == 1 => load_title(db, *first)?,
        _ => load_change_title(db, &change)?,
    };
    Ok(AppliedChange { change, title, copies })
}

fn load_title(db: &Connection, id: EntryId) -> rusqlite::Result<Option<String>> {
    let mut load = db.prepare_cached("SELECT title FROM entries WHERE id = ?1")?;
    load.query_row([id.0], |row| lossy_text(row, 0)).optional()
}

/// Returns whether two changes are of one entry, and of the same.
fn is_of_same_entry(first: &Change, other: &Change) -> bool {
    match (first, other) {
        (Change::StoryLinked { entry, .. }, Change::StoryLinked { entry: other, .. }) => {
            entry == other
        }
        _ => other.entry_ids().len() == 1 && other.entry_ids() == first.entry_ids(),
    }
}

/// Loads the title of the one entry, or the name of the feed, that a change concerns; `None` for
/// several.
fn load_change_title(db: &Connection, change: &Change) -> rusqlite::Result<Option<String>> {
    if let Change::Many(changes) = change
        && let Some(first) = changes.first()
        && changes.iter().all(|other| is_of_same_entry(first, other))
    {
        return load_change_title(db, first);
    }
    let (sql, id) = match change {
        Change::Read { ids, .. }
        | Change::Starred { ids, .. }
        | Change::Tagged { ids, .. }
        | Change::Weighted { ids, .. }
        | Change::Queue { ids, .. } => match ids[..] {
            [id] => ("SELECT title FROM entries WHERE id = ?1", id.0),
            _ => return Ok(None),
        },
        Change::StoryLinked { entry, .. } => ("SELECT title FROM entries WHERE id = ?1", entry.0),
        Change::Unsubscribed { feed, .. }
        | Change::Subscription { feed, .. }
        | Change::Address { feed, .. }
        | Change::Moved { feed, .. } => {
            ("SELECT coalesce(name, title) FROM feeds WHERE id = ?1", feed.0)
        }
        Change::View { .. }
        | Change::Rule { .. }
        | Change::SavedFilter { .. }
        | Change::Dropped { .. }
        | Change::Imported { .. }
        | Change::Many(_) => return Ok(None),
    };
    db.prepare_cached(sql)?.query_row([id], |row| lossy_text(row, 0)).optional()
}
