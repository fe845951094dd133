//! Copies by text: entries that are one article although their addresses differ, as a teaser and its full text,
//! or the report of an agency in several feeds.
//!
//! Such an entry has the key of the group that it has joined in place of its own, so that all that is said about
//! copies in `copies.rs` and `shared_marks.rs` is true of it. Joining is in `text_copy_joins.rs`.

use rusqlite::{Connection, OptionalExtension, params};

use super::copies::{leave_group, refresh_groups};
use crate::{model::EntryId, text::stable_digest};

/// The first part of the digest that is the key of an entry without an address.
const KEY_PREFIX: &[u8] = b"text of entry";

/// Returns whether there are copies by text.
pub(super) fn has_any(db: &Connection) -> rusqlite::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM text_copies)";
    db.prepare_cached(sql)?.query_row([], |row| row.get(0))
}

/// Returns the key of a new entry, whose address has the key `own`: that of the group which an entry with the
/// same address has joined.
pub(super) fn key_of_new(db: &Connection, own: Option<i64>) -> rusqlite::Result<Option<i64>> {
    let Some(own) = own else { return Ok(None) };
    let sql = "SELECT copy_key FROM text_copies WHERE own_key = ?1 ORDER BY entry LIMIT 1";
    let joined = db.prepare_cached(sql)?.query_row([own], |row| row.get(0)).optional()?;
    Ok(joined.or(Some(own)))
}

/// Notes that a new entry has the key of a group that others with its address have joined; the first of the pair
/// is the key of its address.
pub(super) fn note_new(
    db: &Connection,
    entry: EntryId,
    (own, key): (Option<i64>, Option<i64>),
) -> rusqlite::Result<()> {
    key.filter(|key| Some(*key) != own).map_or(Ok(()), |key| set_joined(db, entry, (own, key)))
}

/// Returns the key of a stored entry, whose address has the key `own` now: that of the group which it has
/// joined, unless the address is another one.
pub(super) fn key_of_stored(
    db: &Connection,
    entry: EntryId,
    own: Option<i64>,
) -> rusqlite::Result<Option<i64>> {
    let Some((old_own, joined)) = load_joined(db, entry)? else { return Ok(own) };
    if old_own == own {
        return Ok(Some(joined));
    }
    forget_joined(db, entry)?;
    Ok(own)
}

/// Returns the key of the address of an entry that has joined a group, and the key of the group.
pub(super) fn load_joined(
    db: &Connection,
    entry: EntryId,
) -> rusqlite::Result<Option<(Option<i64>, i64)>> {
    let sql = "SELECT own_key, copy_key FROM text_copies WHERE entry = ?1";
    let mut find = db.prepare_cached(sql)?;
    find.query_row([entry.0], |row| Ok((row.get(0)?, row.get(1)?))).optional()
}

fn forget_joined(db: &Connection, entry: EntryId) -> rusqlite::Result<usize> {
    db.prepare_cached("DELETE FROM text_copies WHERE entry = ?1")?.execute([entry.0])
}

/// Returns the key of an entry, by which its copies are found.
pub(super) fn load_key(db: &Connection, entry: EntryId) -> rusqlite::Result<Option<i64>> {
    let mut find = db.prepare_cached("SELECT copy_key FROM entries WHERE id = ?1")?;
    Ok(find.query_row([entry.0], |row| row.get(0)).optional()?.flatten())
}

/// Puts an entry into the group of a key; the first of a pair is the key of its address.
pub(super) fn set_joined(
    db: &Connection,
    entry: EntryId,
    (own, key): (Option<i64>, i64),
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO text_copies (entry, own_key, copy_key) VALUES (?1, ?2, ?3)
               ON CONFLICT (entry) DO UPDATE SET copy_key = excluded.copy_key";
    db.prepare_cached(sql)?.execute(params![entry.0, own, key])?;
    set_key(db, entry, Some(key))
}

fn set_key(db: &Connection, entry: EntryId, key: Option<i64>) -> rusqlite::Result<()> {
    let mut update = db.prepare_cached("UPDATE entries SET copy_key = ?2 WHERE id = ?1")?;
    update.execute(params![entry.0, key]).map(drop)
}

/// Returns the key of an entry that has none of its own.
pub(super) fn key_by_text(entry: EntryId) -> i64 {
    stable_digest(&[KEY_PREFIX, &entry.0.to_le_bytes()]).cast_signed()
}

/// Parts an entry from those of `others` that are its copies by their texts, because the user says that it is
/// another article. These stay together, and copies by address stay as they are.
pub(super) fn part_by_text(
    db: &Connection,
    entry: EntryId,
    others: &[EntryId],
) -> rusqlite::Result<()> {
    let Some(key) = load_key(db, entry)? else { return Ok(()) };
    let mut leaving = Vec::new();
    if let Some((own, _)) = load_joined(db, entry)? {
        leaving.push((entry, own));
    } else {
        for other in others {
            let joined = load_joined(db, *other)?.filter(|(_, joined)| *joined == key);
            leaving.extend(joined.map(|(own, _)| (*other, own)));
        }
    }
    let Some((first, first_own)) = leaving.first().copied() else { return Ok(()) };
    let new_key = if leaving.len() > 1 {
        Some(first_own.unwrap_or_else(|| key_by_text(first)))
    } else {
        first_own
    };
    for (member, own) in leaving {
        leave_group(db, member)?;
        if let Some(new_key) = new_key.filter(|new_key| Some(*new_key) != own) {
            set_joined(db, member, (own, new_key))?;
        } else {
            forget_joined(db, member)?;
            set_key(db, member, own)?;
        }
    }
    refresh_groups(db, new_key.into_iter().chain([key]))
}
