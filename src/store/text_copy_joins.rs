//! Entries that become copies of others because of their texts.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::{
    copies::{MAX_GROUP_SIZE, leave_group},
    shared_marks,
    text_copies::{key_by_text, load_joined, load_key, set_joined},
};
use crate::model::{EntryId, FeedId};

/// Makes an entry, with those that share its address, a copy of another one, and shares the marks; what changes
/// is recorded, so that it can be undone. Does nothing if a feed would have two of the copies: what a publisher
/// brings twice is two articles.
pub(super) fn join_by_text(
    db: &Connection,
    (entry, other): (EntryId, EntryId),
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let (own_key, other_key) = (load_key(db, entry)?, load_key(db, other)?);
    let joining = list_members(db, entry, own_key)?;
    let others = list_members(db, other, other_key)?;
    let feeds: BTreeSet<FeedId> = joining.iter().chain(&others).map(|(_, feed)| *feed).collect();
    let count = joining.len() + others.len();
    if count > MAX_GROUP_SIZE || feeds.len() < count || own_key.is_some() && own_key == other_key {
        return Ok(());
    }
    let key = if let Some(key) = other_key {
        key
    } else {
        let key = key_by_text(other);
        set_joined(db, other, (None, key))?;
        key
    };
    for (member, _) in joining {
        let own = load_joined(db, member)?.map_or(own_key, |(own, _)| own);
        leave_group(db, member)?;
        set_joined(db, member, (own, key))?;
        shared_marks::join_group_as_edited(db, member, key, now)?;
    }
    Ok(())
}

/// Returns the entries with a key, and their feeds; the entry alone if it has no key. Those that were dropped
/// are none.
fn list_members(
    db: &Connection,
    entry: EntryId,
    key: Option<i64>,
) -> rusqlite::Result<Vec<(EntryId, FeedId)>> {
    let sql =
        "SELECT id, feed FROM entries WHERE (copy_key = ?1 OR id = ?2) AND dropped = 0 ORDER BY id";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement
        .query_map(params![key, entry.0], |row| Ok((EntryId(row.get(0)?), FeedId(row.get(1)?))))?;
    rows.collect()
}
