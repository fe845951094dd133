//! The stories of articles, as lists and filters ask for them.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::{ReadConnection, StoreError, WriteConnection, column_values::json_ids};
use crate::model::{CopyListing, EntryId, StoryId, StorySummary};

/// Maximum number of articles of a story that are found, the latest ones: as many as `story show` lists.
const MAX_FOUND_ARTICLES: i64 = 1000;

/// SQL condition for entries `e` that lists have.
const IS_LISTED: &str =
    "NOT e.unlisted AND NOT e.dropped AND e.feed NOT IN (SELECT id FROM feeds WHERE gone)";

impl ReadConnection {
    /// Lists the articles of the story of one, newest first, itself among them; of a story with more than a
    /// thousand, the latest. An article without a story is one of its own.
    pub fn list_story_of(&self, id: EntryId) -> Result<Vec<EntryId>, StoreError> {
        list_story_of(&self.db, id).map_err(StoreError::during("read the story"))
    }

    /// Lists the articles of the story of one that lists have, newest first, as
    /// [`ReadConnection::list_story_of`] does; copies as `copies` says.
    pub fn list_story_rows(
        &self,
        id: EntryId,
        copies: CopyListing,
    ) -> Result<Vec<EntryId>, StoreError> {
        let read = || -> rusqlite::Result<Vec<EntryId>> {
            let ids = list_story_of(&self.db, id)?;
            let sql = format!(
                "SELECT e.id FROM json_each(?1) AS ids CROSS JOIN entries e ON e.id = ids.value
                 WHERE {IS_LISTED} AND (?2 OR e.copy_of IS NULL) ORDER BY ids.key"
            );
            let mut statement = self.db.prepare_cached(&sql)?;
            let shows_copies = copies == CopyListing::Show;
            let rows = statement.query_map((json_ids(&ids), shows_copies), |row| row.get(0))?;
            rows.map(|id| id.map(EntryId)).collect()
        };
        read().map_err(StoreError::during("read the story"))
    }
}

impl WriteConnection {
    /// Lists the articles of the story of one, as [`ReadConnection::list_story_of`] does.
    pub fn list_story_of(&self, id: EntryId) -> Result<Vec<EntryId>, StoreError> {
        list_story_of(&self.db, id).map_err(StoreError::during("read the story"))
    }
}

fn list_story_of(db: &Connection, id: EntryId) -> rusqlite::Result<Vec<EntryId>> {
    let sql = "SELECT entry FROM story_articles
               WHERE story = (SELECT story FROM story_articles WHERE entry = ?1)
               ORDER BY published DESC, entry DESC LIMIT ?2";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([id.0, MAX_FOUND_ARTICLES], |row| row.get(0).map(EntryId))?;
    let mut ids = rows.collect::<rusqlite::Result<Vec<EntryId>>>()?;
    if !ids.contains(&id) {
        ids.push(id);
    }
    Ok(ids)
}

/// Returns what rows tell of the stories of `ids`. Left out are articles that share their story with none but
/// their copies and unlisted ones.
pub(super) fn load_story_summaries(
    db: &Connection,
    ids: &[EntryId],
) -> rusqlite::Result<BTreeMap<EntryId, StorySummary>> {
    let sql = format!(
        "SELECT a.entry, a.story, count(DISTINCT e.feed) - 1, sum(e.copy_of IS NULL AND NOT e.read)
         FROM json_each(?1) AS ids CROSS JOIN story_articles a ON a.entry = ids.value
         CROSS JOIN story_articles o ON o.story = a.story CROSS JOIN entries e ON e.id = o.entry
         WHERE {IS_LISTED} GROUP BY a.entry HAVING sum(e.copy_of IS NULL) > 1"
    );
    let mut statement = db.prepare_cached(&sql)?;
    let rows = statement.query_map([json_ids(ids)], |row| {
        let (story, other_feeds, unread) = (StoryId(row.get(1)?), row.get(2)?, row.get(3)?);
        Ok((EntryId(row.get(0)?), StorySummary { story, other_feeds, unread }))
    })?;
    rows.collect()
}
