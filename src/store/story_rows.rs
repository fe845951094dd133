//! The rows of stories, as `stories.rs` and `story_links.rs` change them.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::column_values::json_ids;
use crate::model::{EntryId, FeedId, StoryId};

/// The terms of an article of which the story is known and nothing else: none.
pub(super) const NO_TERMS: [u8; 1] = [0];

/// An article and its story, as they are stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryRow {
    /// The entry.
    pub entry: EntryId,
    /// The feed that has brought it.
    pub feed: FeedId,
    /// The story, if only of this article.
    pub story: StoryId,
    /// The date of publication, in seconds since 1970.
    pub published: i64,
    /// The strongest terms.
    pub terms: Vec<u8>,
}

/// A number that changes whenever a story does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct StoryState(i64);

/// Returns the state of the stories.
pub(super) fn story_state(db: &Connection) -> rusqlite::Result<StoryState> {
    let sql =
        "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM kept WHERE name = 'story_state'), 0)";
    db.prepare_cached(sql)?.query_row([], |row| row.get(0).map(StoryState))
}

/// Notes that a story has changed.
pub(super) fn bump_story_state(db: &Connection) -> rusqlite::Result<StoryState> {
    let sql = "INSERT INTO kept (name, value) VALUES ('story_state', '1')
               ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1";
    db.prepare_cached(sql)?.execute([])?;
    story_state(db)
}

/// Returns the stories of those of `ids` that share theirs with another article.
pub(super) fn list_stories(
    db: &Connection,
    ids: &[EntryId],
) -> rusqlite::Result<BTreeMap<EntryId, StoryId>> {
    let sql = "SELECT a.entry, a.story FROM json_each(?1) AS ids
               CROSS JOIN story_articles a ON a.entry = ids.value
               WHERE EXISTS (SELECT 1 FROM story_articles o
                   WHERE o.story = a.story AND o.entry <> a.entry)";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement
        .query_map([json_ids(ids)], |row| Ok((EntryId(row.get(0)?), StoryId(row.get(1)?))))?;
    rows.collect()
}

/// Gives the story that an entry has founded the number of another member, before the entry leaves it.
pub(super) fn leave_story(db: &Connection, founder: EntryId) -> rusqlite::Result<()> {
    let sql = "UPDATE story_articles SET story = (SELECT min(o.entry) FROM story_articles o
                   WHERE o.story = ?1 AND o.entry <> ?1)
               WHERE story = ?1 AND entry <> ?1";
    db.prepare_cached(sql)?.execute([founder.0]).map(drop)
}
