//! The order of the queue: a place for each episode that the user has moved, or that was before one.
//!
//! Episodes without a place follow those that have one. A place is deleted with the tag `queue`.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{ReadConnection, StoreError, copies};
use crate::model::{Change, EntryId, QueuePlace};

impl ReadConnection {
    /// Loads the places of the episodes that have one, from 0.
    pub fn load_queue_places(&self) -> Result<HashMap<EntryId, u32>, StoreError> {
        let read = || -> rusqlite::Result<HashMap<EntryId, u32>> {
            let mut statement = self.db.prepare_cached("SELECT entry, place FROM queue_places")?;
            statement.query_map([], |row| Ok((EntryId(row.get(0)?), row.get(1)?)))?.collect()
        };
        read().map_err(StoreError::during("read the order of the queue"))
    }
}

/// Gives episodes, and the copies of each, their places. Returns those that had others.
pub(super) fn move_episodes(
    db: &Connection,
    places: Vec<QueuePlace>,
) -> rusqlite::Result<Vec<QueuePlace>> {
    let mut moved = Vec::new();
    for QueuePlace { entry, after, .. } in places {
        let mut members = copies::members_of_groups(db, &[entry])?;
        members.insert(entry);
        for entry in members {
            let before = find_place(db, entry)?;
            if before != after && set_place(db, entry, after)? > 0 {
                moved.push(QueuePlace { entry, before, after });
            }
        }
    }
    Ok(moved)
}

/// Takes the places of episodes that leave the queue, as a part of that change; `None` if none has one.
pub(super) fn leave_queue(db: &Connection, ids: &[EntryId]) -> rusqlite::Result<Option<Change>> {
    let mut places = Vec::new();
    for entry in ids.iter().copied() {
        if let Some(before) = find_place(db, entry)? {
            set_place(db, entry, None)?;
            places.push(QueuePlace { entry, before: Some(before), after: None });
        }
    }
    let ids = places.iter().map(|place| place.entry).collect();
    Ok((!places.is_empty()).then_some(Change::Queue { ids, places }))
}

fn find_place(db: &Connection, entry: EntryId) -> rusqlite::Result<Option<u32>> {
    let mut find = db.prepare_cached("SELECT place FROM queue_places WHERE entry = ?1")?;
    find.query_row([entry.0], |row| row.get(0)).optional()
}

/// Stores a place, or deletes it. Returns 0 for an entry that is not in the queue, and has none.
fn set_place(db: &Connection, entry: EntryId, place: Option<u32>) -> rusqlite::Result<usize> {
    let sql = match place {
        None => "DELETE FROM queue_places WHERE entry = ?1 AND ?2 IS NULL",
        Some(_) => {
            "INSERT INTO queue_places (entry, place)
             SELECT entry, ?2 FROM entry_tags WHERE entry = ?1 AND tag = -1
             ON CONFLICT (entry) DO UPDATE SET place = excluded.place"
        }
    };
    db.prepare_cached(sql)?.execute(params![entry.0, place])
}
