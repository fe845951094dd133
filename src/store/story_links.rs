//! The user's choices about stories: which articles are in one, and which are not. Unlike the stories,
//! they are part of backups.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    ReadConnection, StoreError,
    story_rows::{NO_TERMS, bump_story_state, leave_story},
    text_copies::part_by_text,
};
use crate::model::{Change, EntryId, StoryLink};

/// Maximum number of choices that are loaded, the latest articles first. Each is a command of the
/// user's.
const MAX_LOADED_LINKS: i64 = 100_000;

impl ReadConnection {
    /// Loads the user's choices about stories.
    pub fn load_story_links(&self) -> Result<Vec<(EntryId, EntryId, StoryLink)>, StoreError> {
        let read = || -> rusqlite::Result<Vec<(EntryId, EntryId, StoryLink)>> {
            let sql = "SELECT entry, other, same FROM story_links ORDER BY entry DESC LIMIT ?1";
            let mut statement = self.db.prepare_cached(sql)?;
            let rows = statement.query_map([MAX_LOADED_LINKS], |row| {
                Ok((EntryId(row.get(0)?), EntryId(row.get(1)?), link_of_column(row.get(2)?)))
            })?;
            rows.collect()
        };
        read().map_err(StoreError::during("read the stories"))
    }
}

fn link_of_column(same: bool) -> StoryLink {
    if same { StoryLink::Same } else { StoryLink::Different }
}

/// Returns a pair of entries in the order in which it is stored.
fn stored_pair(entry: EntryId, other: EntryId) -> [i64; 2] {
    [entry.0.min(other.0), entry.0.max(other.0)]
}

/// Puts an article into the story of others, or takes it out of it, within a transaction. Others about
/// which the choice was a different one become changes of their own, so that undo restores each.
pub(super) fn link_story(
    db: &Connection,
    entry: EntryId,
    others: Vec<EntryId>,
    after: StoryLink,
) -> rusqlite::Result<Change> {
    let parted = others.clone();
    let mut others_by_choice: BTreeMap<u8, (StoryLink, Vec<EntryId>)> = BTreeMap::new();
    for other in others.into_iter().filter(|other| *other != entry) {
        let before = set_link(db, stored_pair(entry, other), after)?;
        if before != after {
            others_by_choice.entry(before as u8).or_insert((before, Vec::new())).1.push(other);
        }
    }
    let mut changes = Vec::new();
    for (before, others) in others_by_choice.into_values() {
        move_article(db, entry, &others, (before, after))?;
        changes.push(Change::StoryLinked { entry, others, before, after });
    }
    match after {
        StoryLink::Different => part_by_text(db, entry, &parted)?,
        // It may be a copy again.
        StoryLink::None => queue_story(db, entry)?,
        StoryLink::Same => {}
    }
    bump_story_state(db)?;
    Ok(match changes.len() {
        0 => Change::link_story(entry, &[], after),
        1 => changes.remove(0),
        _ => Change::Many(changes),
    })
}

/// Puts an entry into the queue of those whose stories are to be found.
fn queue_story(db: &Connection, entry: EntryId) -> rusqlite::Result<()> {
    let sql = "INSERT INTO story_queue (entry, any_age) VALUES (?1, 1)";
    db.prepare_cached(sql)?.execute([entry.0]).map(drop)
}

/// Stores a choice about a pair of entries, and returns the one before.
fn set_link(db: &Connection, pair: [i64; 2], after: StoryLink) -> rusqlite::Result<StoryLink> {
    let sql = "SELECT same FROM story_links WHERE entry = ?1 AND other = ?2";
    let before = db.prepare_cached(sql)?.query_row(pair, |row| row.get(0)).optional()?;
    if after == StoryLink::None {
        let sql = "DELETE FROM story_links WHERE entry = ?1 AND other = ?2";
        db.prepare_cached(sql)?.execute(pair)?;
    } else {
        let sql = "INSERT INTO story_links (entry, other, same) VALUES (?1, ?2, ?3)
                   ON CONFLICT (entry, other) DO UPDATE SET same = excluded.same";
        let is_same = after == StoryLink::Same;
        db.prepare_cached(sql)?.execute(params![pair[0], pair[1], is_same])?;
    }
    Ok(before.map_or(StoryLink::None, link_of_column))
}

/// Moves an article as a change of choices demands. The undoing of a choice puts it back.
fn move_article(
    db: &Connection,
    entry: EntryId,
    others: &[EntryId],
    (before, after): (StoryLink, StoryLink),
) -> rusqlite::Result<()> {
    let joins = match (before, after) {
        (_, StoryLink::Same) | (StoryLink::Different, StoryLink::None) => true,
        (_, StoryLink::Different | StoryLink::None) => false,
    };
    let Some(other) = others.iter().min() else { return Ok(()) };
    if joins {
        add_missing_row(db, *other)?;
        add_missing_row(db, entry)?;
    }
    let target = if joins { story_of(db, *other)? } else { Some(entry.0) };
    if let Some(target) = target.filter(|target| !joins || *target != entry.0) {
        leave_story(db, entry)?;
        let sql = "UPDATE story_articles SET story = ?2 WHERE entry = ?1";
        db.prepare_cached(sql)?.execute([entry.0, target])?;
    }
    Ok(())
}

/// Adds the row of an article whose story was not looked for: one of an archive.
fn add_missing_row(db: &Connection, entry: EntryId) -> rusqlite::Result<()> {
    let sql = "INSERT OR IGNORE INTO story_articles (entry, feed, story, published, terms)
               SELECT id, feed, id, published, ?2 FROM entries WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![entry.0, NO_TERMS]).map(drop)
}

fn story_of(db: &Connection, entry: EntryId) -> rusqlite::Result<Option<i64>> {
    let sql = "SELECT story FROM story_articles WHERE entry = ?1";
    db.prepare_cached(sql)?.query_row([entry.0], |row| row.get(0)).optional()
}

/// Puts an article whose story was found anew back into the story of an article that the user has put
/// it together with, which may be of other days.
pub(super) fn keep_linked_story(db: &Connection, entry: EntryId) -> rusqlite::Result<()> {
    let sql = "SELECT a.story FROM story_articles a WHERE a.entry IN (
                   SELECT other FROM story_links WHERE entry = ?1 AND same
                   UNION ALL SELECT entry FROM story_links WHERE other = ?1 AND same)
               ORDER BY a.entry LIMIT 1";
    let linked: Option<i64> =
        db.prepare_cached(sql)?.query_row([entry.0], |row| row.get(0)).optional()?;
    if let Some(story) = linked.filter(|story| *story != entry.0) {
        leave_story(db, entry)?;
        let sql = "UPDATE story_articles SET story = ?2 WHERE entry = ?1";
        db.prepare_cached(sql)?.execute([entry.0, story])?;
    }
    Ok(())
}
