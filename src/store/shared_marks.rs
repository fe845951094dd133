//! The marks of copies: what the user does to one entry of a group is done to all of them, and a copy
//! that arrives takes over the marks of its group.

use rusqlite::{Connection, params};

use super::{
    copies::{self, GroupMember},
    outbox,
    readable_rows::lossy_text,
    state_pages, tags,
};
use crate::model::{Change, EntryId, RemoteMark, TagMark, TagName};

/// Returns a change of marks for all copies of its entries.
pub(super) fn with_copies(db: &Connection, change: Change) -> rusqlite::Result<Change> {
    expand(change, &|ids| Ok(copies::members_of_groups(db, ids)?.into_iter().collect()))
}

/// Returns a change of marks that was recorded at a time, for the copies that have arrived since as well.
/// Others stay out of it: they had the mark before, and keep it when the change is undone.
pub(super) fn with_later_copies(
    db: &Connection,
    change: Change,
    since: i64,
) -> rusqlite::Result<Change> {
    let mut arrived = db.prepare_cached("SELECT arrived FROM entries WHERE id = ?1")?;
    let arrived = std::cell::RefCell::new(&mut arrived);
    expand(change, &|ids| {
        let mut later = Vec::new();
        for id in copies::members_of_groups(db, ids)? {
            let at: i64 = arrived.borrow_mut().query_row([id.0], |row| row.get(0))?;
            later.extend((at >= since).then_some(id));
        }
        Ok(later)
    })
}

/// Adds to each mark the entries that `others` returns for its own.
fn expand(
    change: Change,
    others: &dyn Fn(&[EntryId]) -> rusqlite::Result<Vec<EntryId>>,
) -> rusqlite::Result<Change> {
    let add = |mut ids: Vec<EntryId>| -> rusqlite::Result<Vec<EntryId>> {
        ids.extend(others(&ids)?);
        ids.sort_unstable();
        ids.dedup();
        Ok(ids)
    };
    Ok(match change {
        Change::Read { ids, read } => Change::Read { ids: add(ids)?, read },
        Change::Starred { ids, starred } => Change::Starred { ids: add(ids)?, starred },
        Change::Tagged { tag, ids, before, after } => {
            Change::Tagged { tag, ids: add(ids)?, before, after }
        }
        Change::Many(changes) => {
            let expanded: rusqlite::Result<Vec<Change>> =
                changes.into_iter().map(|change| expand(change, others)).collect();
            Change::Many(expanded?)
        }
        change => change,
    })
}

/// Returns a change of a rule for the copies of its entries as far as it shows them: stars and tags. What
/// makes an article of one feed read, hides or removes it, says nothing about the others.
pub(super) fn with_copies_of_rule(db: &Connection, change: Change) -> rusqlite::Result<Change> {
    Ok(match change {
        Change::Many(changes) => {
            let expanded: rusqlite::Result<Vec<Change>> =
                changes.into_iter().map(|change| with_copies_of_rule(db, change)).collect();
            Change::Many(expanded?)
        }
        Change::Read { .. } => change,
        Change::Tagged { ref tag, .. } if tag.is_hidden() || tag.is_removed() => change,
        change => with_copies(db, change)?,
    })
}

/// Gives an entry that has just been stored the marks of its copies, and finds its place among them.
pub(super) fn join_group(db: &Connection, id: EntryId, key: i64) -> rusqlite::Result<()> {
    let Some(group) = copies::load_group_of_new(db, id, key)? else { return Ok(()) };
    if let Some((_, others)) = group.split_article(id) {
        take_over(db, id, &others)?;
    }
    copies::refresh_groups(db, [key])
}

/// Shares the marks of a stored entry, whose key has changed to that of a group, with the group, and
/// finds its place there.
pub(super) fn join_group_as_edited(db: &Connection, id: EntryId, key: i64) -> rusqlite::Result<()> {
    if let Some(group) = copies::load_group_of_new(db, id, key)?
        && let Some((joining, others)) = group.split_article(id)
    {
        take_over(db, id, &others)?;
        for other in &others {
            take_over(db, other.id, &[joining])?;
        }
    }
    copies::refresh_groups(db, [key])
}

/// Gives an entry the marks of others, and notes them for its server.
fn take_over(db: &Connection, id: EntryId, others: &[GroupMember]) -> rusqlite::Result<()> {
    let Some(first) = copies::find_first(others) else { return Ok(()) };
    let sql = "UPDATE entries SET starred = 1 WHERE id = ?1 AND starred = 0
               AND EXISTS (SELECT 1 FROM entries WHERE id = ?2 AND starred = 1)";
    let is_starred = db.prepare_cached(sql)?.execute([id.0, first.id.0])? > 0;
    if is_starred {
        outbox::note_marks(db, &[id], RemoteMark::Starred, true)?;
    }
    let is_read = first.is_read && is_read_by_user(db, others)? && {
        let sql = "UPDATE entries SET read = 1 WHERE id = ?1 AND read = 0";
        db.prepare_cached(sql)?.execute([id.0])? > 0
    };
    if is_read {
        outbox::note_marks(db, &[id], RemoteMark::Read, true)?;
    }
    if is_starred || is_read {
        state_pages::refresh_bitmaps(db, &[id])?;
    }
    let is_hidden_by_rule = has_acted(db, first.id, &["hide", "remove"])?;
    for (tag, mark) in load_marks(db, first.id)? {
        if !(is_hidden_by_rule && (tag.is_hidden() || tag.is_removed())) {
            tags::mark_entries(db, &tag, vec![id], mark)?;
        }
    }
    Ok(())
}

/// Returns whether one of several read entries was not made read by its feed, which is muted, nor by a
/// rule.
fn is_read_by_user(db: &Connection, members: &[GroupMember]) -> rusqlite::Result<bool> {
    for member in members.iter().filter(|member| !member.is_muted) {
        if !has_acted(db, member.id, &["mark read"])? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether a rule has done one of `actions` to an entry; those are the beginnings of the words
/// that describe them.
fn has_acted(db: &Connection, id: EntryId, actions: &[&str]) -> rusqlite::Result<bool> {
    let sql =
        "SELECT actions FROM acting_rules r JOIN rule_acts a ON a.rule = r.id AND a.entry = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let description = lossy_text(row, 0)?;
        let is_one = |word: &str| actions.iter().any(|action| word.starts_with(action));
        if description.split(", ").any(is_one) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn load_marks(db: &Connection, id: EntryId) -> rusqlite::Result<Vec<(TagName, TagMark)>> {
    let sql = "SELECT name, until FROM entry_tags JOIN tags ON tags.id = tag WHERE entry = ?1";
    let mut statement = db.prepare_cached(sql)?;
    let marks = statement.query_map(params![id.0], |row| {
        Ok((TagName::from_stored(lossy_text(row, 0)?), TagMark::on_until(row.get(1)?)))
    })?;
    marks.collect()
}
