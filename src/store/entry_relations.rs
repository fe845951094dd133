//! The relations of entries to others, with what identifies them to other programs.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{
    ReadConnection, StoreError, column_values::json_ids, readable_rows::lossy_text, story_rows,
};
use crate::model::{EntryId, StoryId};

/// The relations of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryRelations {
    /// The publisher's id, or the path of the file within its folder.
    pub guid: String,
    /// The story that the entry shares with others.
    pub story: Option<StoryId>,
    /// The other entries that are the same article, in the order in which they were stored.
    pub copies: Vec<EntryId>,
}

impl ReadConnection {
    /// Loads the relations of entries.
    pub fn load_relations(
        &self,
        ids: &[EntryId],
    ) -> Result<BTreeMap<EntryId, EntryRelations>, StoreError> {
        load_relations(&self.db, ids).map_err(StoreError::during("read the articles"))
    }
}

fn load_relations(
    db: &Connection,
    ids: &[EntryId],
) -> rusqlite::Result<BTreeMap<EntryId, EntryRelations>> {
    let mut relations: BTreeMap<EntryId, EntryRelations> = BTreeMap::new();
    let sql =
        "SELECT e.id, e.guid FROM json_each(?1) AS ids CROSS JOIN entries e ON e.id = ids.value";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([json_ids(ids)])?;
    while let Some(row) = rows.next()? {
        let guid = lossy_text(row, 1)?;
        relations
            .insert(EntryId(row.get(0)?), EntryRelations { guid, ..EntryRelations::default() });
    }
    for (id, story) in story_rows::list_stories(db, ids)? {
        relations.entry(id).or_default().story = Some(story);
    }
    // CROSS JOIN keeps SQLite from going through all entries.
    let sql = "WITH asked AS (SELECT e.id, coalesce(e.copy_of, e.id) AS first
                   FROM json_each(?1) AS ids CROSS JOIN entries e ON e.id = ids.value)
               SELECT asked.id, e.id FROM asked CROSS JOIN entries e
                   ON e.copy_of = asked.first AND e.id <> asked.id
               UNION ALL SELECT id, first FROM asked WHERE first <> id
               ORDER BY 1, 2";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([json_ids(ids)])?;
    while let Some(row) = rows.next()? {
        relations.entry(EntryId(row.get(0)?)).or_default().copies.push(EntryId(row.get(1)?));
    }
    Ok(relations)
}
