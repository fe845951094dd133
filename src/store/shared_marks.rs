//! The marks of copies: what the user does to one entry of a group is done to all of them, and a copy
//! that arrives takes over the marks of its group.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::{
    apply_change::apply_in_transaction,
    copies::{self, GroupMember},
    journal_rows, outbox,
    readable_rows::lossy_text,
    tags,
};
use crate::model::{Change, ChangeId, EntryId, TagId, TagMark, TagName};

/// Returns a change of marks for all copies of its entries.
pub(super) fn with_copies(db: &Connection, change: Change) -> rusqlite::Result<Change> {
    expand(change, &|part| {
        Ok(copies::members_of_groups(db, part.entry_ids())?.into_iter().collect())
    })
}

/// Returns a change of marks that was recorded as `row` at a time, for the copies as well that have
/// arrived since, or have taken the mark over since they became copies. Others stay out of it: they had the mark
/// before, and keep it when the change is undone.
pub(super) fn with_later_copies(
    db: &Connection,
    change: Change,
    (row, since): (ChangeId, i64),
) -> rusqlite::Result<Change> {
    let mut joins = Vec::new();
    journal_rows::changes_of_copies_after(db, row)?
        .iter()
        .for_each(|change| change.for_each(&mut |part| joins.push(part.clone())));
    let takes_over = |part: &Change, id| {
        joins.iter().any(|join| join.entry_ids().contains(&id) && is_same_kind(join, part))
    };
    expand(change, &|part| {
        let mut arrived = db.prepare_cached("SELECT arrived FROM entries WHERE id = ?1")?;
        let mut later = Vec::new();
        for id in copies::members_of_groups(db, part.entry_ids())? {
            let at: i64 = arrived.query_row([id.0], |row| row.get(0))?;
            later.extend((at >= since || takes_over(part, id)).then_some(id));
        }
        Ok(later)
    })
}

/// Returns whether two changes are of the same kind of mark.
pub(super) fn is_same_kind(a: &Change, b: &Change) -> bool {
    match (a, b) {
        (Change::Read { .. }, Change::Read { .. })
        | (Change::Starred { .. }, Change::Starred { .. }) => true,
        (Change::Tagged { tag: a, .. }, Change::Tagged { tag: b, .. }) => a.key() == b.key(),
        _ => false,
    }
}

/// Adds to each mark the entries that `others` returns for it.
fn expand(
    change: Change,
    others: &dyn Fn(&Change) -> rusqlite::Result<Vec<EntryId>>,
) -> rusqlite::Result<Change> {
    let added = if change.entry_ids().is_empty() { Vec::new() } else { others(&change)? };
    let add = |mut ids: Vec<EntryId>| -> Vec<EntryId> {
        ids.extend(added);
        ids.sort_unstable();
        ids.dedup();
        ids
    };
    Ok(match change {
        Change::Read { ids, read } => Change::Read { ids: add(ids), read },
        Change::Starred { ids, starred } => Change::Starred { ids: add(ids), starred },
        Change::Tagged { tag, ids, before, after } => {
            Change::Tagged { tag, ids: add(ids), before, after }
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

/// Gives an entry that has just been stored the marks of its copies, and finds its place among them. One
/// whose copies the user has removed, and that were dropped, arrives in the trash.
pub(super) fn join_group(
    db: &Connection,
    id: EntryId,
    key: i64,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    let Some(group) = copies::load_group_of_new(db, id, key)? else { return Ok(()) };
    if let Some((joining, others)) = group.split_article(id) {
        apply_marks(db, list_marks_to_take_over(db, id, &others)?)?;
        if others.is_empty() && is_any_removed_by_user(db, &group.dropped_copies(&joining))? {
            tags::mark_entries(db, &TagName::removed(), vec![id], TagMark::removed_at(now))?;
        }
    }
    copies::refresh_groups(db, [key])
}

/// Returns whether one of several removed entries was not removed by a rule.
fn is_any_removed_by_user(db: &Connection, members: &[GroupMember]) -> rusqlite::Result<bool> {
    for member in members {
        if !has_acted(db, member.id, "remove")? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Shares the marks of a stored entry, whose key has changed to that of a group, with the group, and
/// finds its place there. What changes is recorded, so that it can be undone.
pub(super) fn join_group_as_edited(
    db: &Connection,
    id: EntryId,
    key: i64,
    now: DateTime<Utc>,
) -> rusqlite::Result<()> {
    if let Some(group) = copies::load_group_of_new(db, id, key)?
        && let Some((joining, others)) = group.split_article(id)
    {
        let mut marks = list_marks_to_take_over(db, id, &others)?;
        for other in &others {
            marks.extend(list_marks_to_take_over(db, other.id, &[joining])?);
        }
        let effective = apply_marks(db, marks)?;
        journal_rows::record_change_of_copies(db, &effective, now)?;
    }
    copies::refresh_groups(db, [key])
}

/// Applies marks, and notes them for the servers of their articles. Returns the part that had an effect.
fn apply_marks(db: &Connection, marks: Vec<Change>) -> rusqlite::Result<Change> {
    let effective = apply_in_transaction(db, Change::Many(marks))?;
    outbox::note_change(db, &effective)?;
    Ok(effective)
}

/// Returns the marks that any of several entries has from the user, as changes of the entry `id`.
fn list_marks_to_take_over(
    db: &Connection,
    id: EntryId,
    others: &[GroupMember],
) -> rusqlite::Result<Vec<Change>> {
    let Some(first) = copies::find_first(others) else { return Ok(Vec::new()) };
    let ids = [id];
    let is_starred = others.iter().any(|other| other.is_starred);
    let is_read = first.is_read && is_read_by_user(db, others)?;
    let star = is_starred.then(|| Change::set_starred(&ids, true));
    let read = is_read.then(|| Change::set_read(&ids, true));
    let mut marks: Vec<Change> = star.into_iter().chain(read).collect();
    // An entry that has its own tags already may have no room for more.
    let room = tags::room(db, id)?;
    let shared = load_shared_tags(db, *first, others)?.into_iter().take(room);
    marks.extend(shared.map(|(tag, mark)| Change::set_tag(&ids, tag, mark)));
    Ok(marks)
}

/// Returns the tags that any of several entries has, and not from a rule that hides or removes that one
/// alone. Of different times, that of the first entry counts.
fn load_shared_tags(
    db: &Connection,
    first: GroupMember,
    members: &[GroupMember],
) -> rusqlite::Result<BTreeMap<TagName, TagMark>> {
    let mut shared = BTreeMap::new();
    for member in std::iter::once(&first).chain(members) {
        for (tag, mark) in load_marks(db, member.id)? {
            let is_of_rule = tag.is_hidden() && has_acted(db, member.id, "hide")?
                || tag.is_removed() && has_acted(db, member.id, "remove")?;
            if !is_of_rule {
                shared.entry(tag).or_insert(mark);
            }
        }
    }
    Ok(shared)
}

/// Returns whether one of several read entries was not made read by its feed, which is muted, nor by a
/// rule.
fn is_read_by_user(db: &Connection, members: &[GroupMember]) -> rusqlite::Result<bool> {
    for member in members.iter().filter(|member| !member.is_muted) {
        if !has_acted(db, member.id, "mark read")? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns whether a rule has done `action` to an entry: the beginning of the words that describe it.
fn has_acted(db: &Connection, id: EntryId, action: &str) -> rusqlite::Result<bool> {
    let sql =
        "SELECT actions FROM acting_rules r JOIN rule_acts a ON a.rule = r.id AND a.entry = ?1
         WHERE a.undone = 0";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([id.0])?;
    while let Some(row) = rows.next()? {
        let description = lossy_text(row, 0)?;
        if description.split(", ").any(|word| word.starts_with(action)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Loads the tags of an entry, that of the trash included. A downloaded file and an edit
/// are those of the entry alone.
fn load_marks(db: &Connection, id: EntryId) -> rusqlite::Result<Vec<(TagName, TagMark)>> {
    let sql = "SELECT name, until FROM entry_tags JOIN tags ON tags.id = tag
               WHERE entry = ?1 AND tag NOT IN (?2, ?3)";
    let mut statement = db.prepare_cached(sql)?;
    let own = [TagId::DOWNLOADED.0, TagId::UNSEEN_EDIT.0];
    let marks = statement.query_map(params![id.0, own[0], own[1]], |row| {
        Ok((TagName::from_stored(lossy_text(row, 0)?), TagMark::on_until(row.get(1)?)))
    })?;
    marks.collect()
}
