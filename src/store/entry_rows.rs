//! Entries as lists show them: each with its tags and with the other feeds that have brought it.

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension};

use super::{
    ReadConnection, StoreError, column_values, copies, entries, readable_rows::readable_row,
    story_lists, tags,
};
use crate::model::{Entry, EntryId, TagId};

impl ReadConnection {
    /// Loads the entries `ids`, in this order. Entries that were deleted or cannot be read are left
    /// out.
    pub fn load_entries(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        // Without a transaction, each of the hundreds of statements takes SQLite's read lock for itself.
        let load = || load_rows(&self.db, ids).map_err(StoreError::during("read the articles"));
        if self.db.is_autocommit() { self.with_snapshot(load) } else { load() }
    }

    /// Loads the entries `ids`, as [`ReadConnection::load_entries`] does, those of `in_stories` with their stories.
    pub fn load_entries_with_stories(
        &self,
        ids: &[EntryId],
        in_stories: &[EntryId],
    ) -> Result<Vec<Entry>, StoreError> {
        if in_stories.is_empty() {
            return self.load_entries(ids);
        }
        let load = || -> Result<Vec<Entry>, StoreError> {
            let mut entries = self.load_entries(ids)?;
            let stories = story_lists::load_story_summaries(&self.db, in_stories)
                .map_err(StoreError::during("read the stories"))?;
            for entry in &mut entries {
                entry.story = stories.get(&entry.id).copied();
            }
            Ok(entries)
        };
        if self.db.is_autocommit() { self.with_snapshot(load) } else { load() }
    }

    /// Loads one entry; `None` if it does not exist.
    pub fn load_entry(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        Ok(self.load_entries(&[id])?.pop())
    }
}

fn load_rows(db: &Connection, ids: &[EntryId]) -> rusqlite::Result<Vec<Entry>> {
    let mut entries = load_without_tags(db, ids)?;
    // Most entries have neither tags nor copies: one statement finds those of all that have.
    let mut ids: Vec<EntryId> = entries.iter().map(|entry| entry.id).collect();
    ids.sort_unstable();
    ids.dedup();
    let (tags, other_feeds) =
        (tags::load_entry_tags(db, &ids)?, copies::list_other_feeds(db, &ids)?);
    for entry in &mut entries {
        entry.tags = values_of(&tags, entry.id);
        entry.other_feeds = values_of(&other_feeds, entry.id);
        if entry.tags.iter().any(|tag| tag.id == TagId::QUEUE) {
            entry.queued_seconds = load_duration(db, entry.id)?;
        }
    }
    Ok(entries)
}

/// Loads entries without their tags and their other feeds, each with a statement of its own: a damaged
/// page ends a statement.
fn load_without_tags(db: &Connection, ids: &[EntryId]) -> rusqlite::Result<Vec<Entry>> {
    let columns = column_values::ENTRY_COLUMNS;
    let sql = format!("SELECT {columns} FROM entries WHERE id = ?1 AND dropped = 0");
    let mut statement = db.prepare_cached(&sql)?;
    let mut load = |id: &EntryId| {
        readable_row(statement.query_row([id.0], column_values::entry_from_row).optional())
    };
    ids.iter().filter_map(|id| load(id).transpose()).collect()
}

/// Loads the duration of the first attached file that has one.
fn load_duration(db: &Connection, id: EntryId) -> rusqlite::Result<Option<u32>> {
    let attachments = entries::load_attachments(db, id)?;
    Ok(attachments.files.iter().find_map(|file| file.seconds))
}

fn values_of<T: Clone>(by_entry: &BTreeMap<EntryId, Vec<T>>, id: EntryId) -> Vec<T> {
    by_entry.get(&id).cloned().unwrap_or_default()
}
