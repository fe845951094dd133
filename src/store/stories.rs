//! Stories: which articles are about one event, and the queue of those whose story is to be found.
//!
//! The rows are derived from the texts: a row that is deleted comes back with
//! [`WriteConnection::queue_stories`]. Terms are bytes here; the module `story` reads them.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, Row, params};

use super::{
    ReadConnection, StoreError, WriteConnection,
    story_links::keep_linked_story,
    story_rows::{StoryRow, StoryState, bump_story_state, leave_story, story_state},
    write_transaction::WriteTransaction,
};
use crate::model::{EntryId, StoryId};

/// The age of an article, before the newest one of its feed, from which on it is one of an archive, in
/// seconds: thirty days. The stories of archives are found only if the user asks for them.
const ARCHIVE_AGE_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Maximum number of articles of a story that are listed.
const MAX_LISTED_MEMBERS: usize = 1000;

/// The entries whose story is to be found next.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryQueue {
    /// The entries of which the story is to be found, each once, oldest publication date first.
    pub entries: Vec<EntryId>,
    /// The entries that have no story any more, or none yet because they are articles of an archive.
    pub skipped: Vec<EntryId>,
    /// The number of the last row; once its entry is done, all rows up to it are.
    pub last_row: i64,
}

/// The stories that were found, for one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryUpdate {
    /// Stories whose founder leaves them, with their new numbers, in this order.
    pub renamed: Vec<(StoryId, StoryId)>,
    /// The entries that have no story any more.
    pub removed: Vec<EntryId>,
    /// The articles with their stories.
    pub articles: Vec<StoryRow>,
    /// Other articles that have joined a story.
    pub moved: Vec<(EntryId, StoryId)>,
    /// The last row of the queue that is done.
    pub last_row: i64,
    /// The state of the stories that the update was made for.
    pub state: StoryState,
}

impl ReadConnection {
    /// Returns the state of the stories.
    pub fn story_state(&self) -> Result<StoryState, StoreError> {
        story_state(&self.db).map_err(StoreError::during("read the stories"))
    }

    /// Lists the oldest rows of the queue, at most `max_rows`.
    pub fn list_story_queue(&self, max_rows: usize) -> Result<StoryQueue, StoreError> {
        let read = || -> rusqlite::Result<StoryQueue> {
            let sql = "SELECT q.id, q.entry, e.published, b.entry IS NOT NULL AND b.format <> 'absent',
                       q.any_age OR e.published >= ?2 + (SELECT max(n.published) FROM entries n WHERE n.feed = e.feed)
                       FROM story_queue q LEFT JOIN entries e ON e.id = q.entry
                       LEFT JOIN bodies b ON b.entry = q.entry ORDER BY q.id LIMIT ?1";
            let mut statement = self.db.prepare_cached(sql)?;
            let limit = i64::try_from(max_rows).unwrap_or(i64::MAX);
            let mut rows = statement.query([limit, -ARCHIVE_AGE_SECONDS])?;
            let (mut queue, mut dated) = (StoryQueue::default(), BTreeMap::new());
            while let Some(row) = rows.next()? {
                queue.last_row = row.get(0)?;
                let entry = EntryId(row.get(1)?);
                let published: Option<i64> = row.get(2)?;
                let is_wanted = row.get(3)? && row.get::<_, Option<bool>>(4)?.unwrap_or_default();
                dated.insert(entry, published.filter(|_| is_wanted));
            }
            let (wanted, skipped): (Vec<_>, Vec<_>) =
                dated.into_iter().partition(|(_, published)| published.is_some());
            let by_date: BTreeSet<(Option<i64>, EntryId)> =
                wanted.into_iter().map(|(entry, published)| (published, entry)).collect();
            queue.entries = by_date.into_iter().map(|(_, entry)| entry).collect();
            queue.skipped = skipped.into_iter().map(|(entry, _)| entry).collect();
            Ok(queue)
        };
        read().map_err(StoreError::during("read the queue of the stories"))
    }

    /// Loads the articles published within a span of time, in seconds since 1970, with their stories,
    /// oldest first.
    pub fn load_story_rows(&self, (from, to): (i64, i64)) -> Result<Vec<StoryRow>, StoreError> {
        let read = || -> rusqlite::Result<Vec<StoryRow>> {
            let sql = "SELECT entry, story, published, terms FROM story_articles
                       WHERE published BETWEEN ?1 AND ?2 ORDER BY published, entry";
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map([from, to], story_row)?.collect()
        };
        read().map_err(StoreError::during("read the stories"))
    }

    /// Lists the articles of a story, oldest first; the latest thousand of a larger one.
    pub fn list_story_members(&self, story: StoryId) -> Result<Vec<EntryId>, StoreError> {
        let read = || -> rusqlite::Result<Vec<EntryId>> {
            let sql = "SELECT entry FROM story_articles WHERE story = ?1
                       ORDER BY published DESC, entry DESC LIMIT ?2";
            let mut statement = self.db.prepare_cached(sql)?;
            let limit = i64::try_from(MAX_LISTED_MEMBERS).unwrap_or(i64::MAX);
            let rows = statement.query_map([story.0, limit], |row| row.get(0).map(EntryId))?;
            let mut members = rows.collect::<rusqlite::Result<Vec<EntryId>>>()?;
            members.reverse();
            Ok(members)
        };
        read().map_err(StoreError::during("read the story"))
    }

    /// Loads the rows of the story of an article, its own among them: the latest 64 of a larger story.
    pub fn load_story_of(&self, entry: EntryId) -> Result<Vec<StoryRow>, StoreError> {
        let read = || -> rusqlite::Result<Vec<StoryRow>> {
            let sql = "SELECT entry, story, published, terms FROM story_articles
                       WHERE story = (SELECT story FROM story_articles WHERE entry = ?1)
                       ORDER BY entry = ?1 DESC, published DESC, entry DESC LIMIT 64";
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map([entry.0], story_row)?.collect()
        };
        read().map_err(StoreError::during("read the story"))
    }

    /// Counts the articles whose story is still to be found; one whose text changed twice counts twice.
    pub fn count_story_queue(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce((SELECT max(id) FROM story_queue) - (SELECT min(id) FROM story_queue) + 1, 0)";
        let count = self.db.query_row(sql, [], |row| row.get(0));
        count.map_err(StoreError::during("count the articles without a story"))
    }

    /// Counts the articles in stories, and the stories of at least two.
    pub fn count_stories(&self) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT coalesce(sum(members), 0), count(*) FROM
                   (SELECT count(*) AS members FROM story_articles GROUP BY story HAVING members > 1)";
        let counts = self.db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        counts.map_err(StoreError::during("count the stories"))
    }
}

/// Reads a row of `entry, story, published, terms`.
fn story_row(row: &Row<'_>) -> rusqlite::Result<StoryRow> {
    Ok(StoryRow {
        entry: EntryId(row.get(0)?),
        story: StoryId(row.get(1)?),
        published: row.get(2)?,
        terms: row.get(3)?,
    })
}

impl WriteConnection {
    /// Stores the stories that were found, in one transaction, and returns the new state; `None`, and
    /// stores nothing, if a story has changed since the update was made.
    pub fn apply_story_update(
        &mut self,
        update: &StoryUpdate,
    ) -> Result<Option<StoryState>, StoreError> {
        let mut run = || -> rusqlite::Result<Option<StoryState>> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            if story_state(&transaction)? != update.state {
                return Ok(None);
            }
            write_update(&transaction, update)?;
            let state = bump_story_state(&transaction)?;
            transaction.commit()?;
            Ok(Some(state))
        };
        run().map_err(StoreError::during("save the stories"))
    }

    /// Forgets the stories of the articles published since `since`, in seconds since 1970, or of all,
    /// and queues these articles, so that their stories are found anew.
    pub fn queue_stories(&mut self, since: Option<i64>) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let since = since.unwrap_or(i64::MIN);
            rename_left_stories(&transaction, since)?;
            transaction.execute("DELETE FROM story_articles WHERE published >= ?1", [since])?;
            let sql = "INSERT INTO story_queue (entry, any_age) SELECT id, 1 FROM entries
                       WHERE published >= ?1 AND dropped = 0 ORDER BY published, id";
            transaction.execute(sql, [since])?;
            bump_story_state(&transaction)?;
            transaction.commit()
        };
        run().map_err(StoreError::during("queue the articles for the stories"))
    }
}

/// Gives the stories that articles since `since` have founded the number of an earlier member.
fn rename_left_stories(db: &Connection, since: i64) -> rusqlite::Result<()> {
    db.execute(
        "UPDATE story_articles SET story = (SELECT min(o.entry) FROM story_articles o
             WHERE o.story = story_articles.story AND o.published < ?1)
         WHERE published < ?1
         AND (SELECT f.published FROM story_articles f WHERE f.entry = story_articles.story) >= ?1",
        [since],
    )
    .map(drop)
}

/// Writes an update within a transaction.
fn write_update(db: &Connection, update: &StoryUpdate) -> rusqlite::Result<()> {
    let sql = "UPDATE story_articles SET story = ?2 WHERE story = ?1 AND entry <> ?1";
    let mut rename = db.prepare_cached(sql)?;
    for (before, after) in &update.renamed {
        rename.execute([before.0, after.0])?;
    }
    let mut remove = db.prepare_cached("DELETE FROM story_articles WHERE entry = ?1")?;
    for entry in &update.removed {
        leave_story(db, *entry)?;
        remove.execute([entry.0])?;
    }
    let sql = "INSERT INTO story_articles (entry, story, published, terms) VALUES (?1, ?2, ?3, ?4)
               ON CONFLICT (entry) DO UPDATE SET
               story = excluded.story, published = excluded.published, terms = excluded.terms";
    let mut insert = db.prepare_cached(sql)?;
    for StoryRow { entry, story, published, terms } in &update.articles {
        if story.0 != entry.0 {
            leave_story(db, *entry)?;
        }
        insert.execute(params![entry.0, story.0, published, terms])?;
    }
    let mut join = db.prepare_cached("UPDATE story_articles SET story = ?2 WHERE entry = ?1")?;
    for (entry, story) in &update.moved {
        join.execute([entry.0, story.0])?;
    }
    for StoryRow { entry, .. } in &update.articles {
        keep_linked_story(db, *entry)?;
    }
    db.prepare_cached("DELETE FROM story_queue WHERE id <= ?1")?.execute([update.last_row])?;
    Ok(())
}
