//! Stories: which articles are about one event, and the queue of those whose story is to be found.
//!
//! The rows are derived from the texts: a row that is deleted comes back with
//! [`WriteConnection::queue_stories`]. Terms are bytes here; the module `story` reads them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::{
    ReadConnection, StoreError, WriteConnection,
    preferences::bump_generation,
    story_links::keep_linked_story,
    story_rows::{NO_TERMS, StoryRow, StoryState, bump_story_state, leave_story, story_state},
    text_copy_joins::join_by_text,
    write_transaction::WriteTransaction,
};
use crate::model::{EntryId, FeedId, StoryId};

/// The age of an article, before the newest one of its feed, from which on it is one of an archive, in
/// seconds: thirty days. The stories of archives are found only if the user asks for them.
const ARCHIVE_AGE_SECONDS: i64 = 30 * 24 * 60 * 60;

/// Maximum number of articles of a story that are listed.
const MAX_LISTED_MEMBERS: usize = 1000;

/// Number of the latest arrivals whose terms are kept although their stories are old: of a feed that is
/// subscribed later, the articles of the last thirty days find the stories of the others.
const KEPT_ARRIVALS: i64 = 5_000;

/// An entry in the queue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedStory {
    /// The entry.
    pub entry: EntryId,
    /// The date of publication, in seconds since 1970; `None` for an entry that has no story any more, or none
    /// yet because it is an article of an archive.
    pub published: Option<i64>,
    /// The numbers of its rows in the queue.
    pub rows: Vec<i64>,
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
    /// Articles that are copies by their texts, each with one of another feed.
    pub copies: Vec<(EntryId, EntryId)>,
    /// The rows of the queue that are done.
    pub done_rows: Vec<i64>,
    /// Stories whose last article is older than this time, in seconds since 1970, need no terms any more.
    pub old_before: Option<i64>,
    /// The state of the stories that the update was made for.
    pub state: StoryState,
    /// The time of the update, for the journal.
    pub found_at: DateTime<Utc>,
}

impl ReadConnection {
    /// Returns the state of the stories.
    pub fn story_state(&self) -> Result<StoryState, StoreError> {
        story_state(&self.db).map_err(StoreError::during("read the stories"))
    }

    /// Lists the entries of the oldest rows of the queue, at most `max_rows`: first those without a story,
    /// then the others by their dates of publication, the oldest first. Calls `pause` between two rows.
    pub fn list_story_queue(
        &self,
        max_rows: usize,
        pause: &dyn Fn(),
    ) -> Result<Vec<QueuedStory>, StoreError> {
        let read = || -> rusqlite::Result<Vec<QueuedStory>> {
            let sql = "SELECT q.id, q.entry, e.published, b.entry IS NOT NULL AND b.format <> 'absent',
                       q.any_age OR e.published >= ?2 + (SELECT max(n.published) FROM entries n WHERE n.feed = e.feed)
                       FROM story_queue q LEFT JOIN entries e ON e.id = q.entry
                       LEFT JOIN bodies b ON b.entry = q.entry ORDER BY q.id LIMIT ?1";
            let mut statement = self.db.prepare_cached(sql)?;
            let limit = i64::try_from(max_rows).unwrap_or(i64::MAX);
            let mut rows = statement.query([limit, -ARCHIVE_AGE_SECONDS])?;
            let mut queue: BTreeMap<EntryId, QueuedStory> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                pause();
                let entry = EntryId(row.get(1)?);
                let unknown = QueuedStory { entry, published: None, rows: Vec::new() };
                let queued = queue.entry(entry).or_insert(unknown);
                queued.rows.push(row.get(0)?);
                let is_wanted = row.get(3)? && row.get::<_, Option<bool>>(4)?.unwrap_or_default();
                let published: Option<i64> = row.get(2)?;
                queued.published = queued.published.or(published.filter(|_| is_wanted));
            }
            let mut queue: Vec<QueuedStory> = queue.into_values().collect();
            queue.sort_by_key(|queued| (queued.published, queued.entry));
            Ok(queue)
        };
        read().map_err(StoreError::during("read the queue of the stories"))
    }

    /// Calls `visit` with the rows of the queue, but for the first `skipped` ones, and the dates of publication of their
    /// entries, in seconds since 1970. Rows of entries that are gone are left out.
    pub fn for_each_queued_date(
        &self,
        skipped: usize,
        mut visit: impl FnMut(i64, i64),
    ) -> Result<(), StoreError> {
        let mut read = || -> rusqlite::Result<()> {
            let sql =
                "SELECT q.id, (SELECT published FROM entries WHERE id = q.entry) FROM story_queue q
                       ORDER BY q.id LIMIT -1 OFFSET ?1";
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query([i64::try_from(skipped).unwrap_or(i64::MAX)])?;
            while let Some(row) = rows.next()? {
                if let Some(published) = row.get(1)? {
                    visit(row.get(0)?, published);
                }
            }
            Ok(())
        };
        read().map_err(StoreError::during("read the queue of the stories"))
    }

    /// Returns the latest date of publication until `now` of the articles whose terms are kept; all in seconds
    /// since 1970.
    pub fn newest_story_date(&self, now: i64) -> Result<Option<i64>, StoreError> {
        let sql =
            "SELECT max(published) FROM story_articles WHERE published <= ?1 AND length(terms) > 1";
        let newest = self.db.query_row(sql, [now], |row| row.get(0));
        newest.map_err(StoreError::during("read the stories"))
    }

    /// Calls `visit` with the articles published within a span of time, in seconds since 1970, whose terms are
    /// kept, oldest first.
    pub fn for_each_story_row(
        &self,
        (from, to): (i64, i64),
        mut visit: impl FnMut(StoryRow),
    ) -> Result<(), StoreError> {
        let mut read = || -> rusqlite::Result<()> {
            let sql = "SELECT entry, feed, story, published, terms FROM story_articles
                       WHERE published BETWEEN ?1 AND ?2 AND length(terms) > 1 ORDER BY published, entry";
            let mut statement = self.db.prepare_cached(sql)?;
            let mut rows = statement.query([from, to])?;
            while let Some(row) = rows.next()? {
                visit(story_row(row)?);
            }
            Ok(())
        };
        read().map_err(StoreError::during("read the stories"))
    }

    /// Counts the articles published within a span of time, in seconds since 1970, whose terms are kept.
    pub fn count_story_rows(&self, (from, to): (i64, i64)) -> Result<usize, StoreError> {
        let sql = "SELECT count(*) FROM story_articles WHERE published BETWEEN ?1 AND ?2 AND length(terms) > 1";
        let count = self.db.query_row(sql, [from, to], |row| row.get(0));
        count.map_err(StoreError::during("read the stories"))
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
            let sql = "SELECT entry, feed, story, published, terms FROM story_articles
                       WHERE story = (SELECT story FROM story_articles WHERE entry = ?1)
                       ORDER BY entry = ?1 DESC, published DESC, entry DESC LIMIT 64";
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map([entry.0], story_row)?.collect()
        };
        read().map_err(StoreError::during("read the story"))
    }

    /// Counts the articles whose story is still to be found; one whose text changed twice counts twice.
    pub fn count_story_queue(&self) -> Result<u64, StoreError> {
        let count = self.db.query_row("SELECT count(*) FROM story_queue", [], |row| row.get(0));
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

/// Reads a row of `entry, feed, story, published, terms`.
fn story_row(row: &Row<'_>) -> rusqlite::Result<StoryRow> {
    Ok(StoryRow {
        entry: EntryId(row.get(0)?),
        feed: FeedId(row.get(1)?),
        story: StoryId(row.get(2)?),
        published: row.get(3)?,
        terms: row.get(4)?,
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
    let sql = "INSERT INTO story_articles (entry, feed, story, published, terms) VALUES (?1, ?2, ?3, ?4, ?5)
               ON CONFLICT (entry) DO UPDATE SET feed = excluded.feed,
               story = excluded.story, published = excluded.published, terms = excluded.terms";
    let mut insert = db.prepare_cached(sql)?;
    for StoryRow { entry, feed, story, published, terms } in &update.articles {
        if story.0 != entry.0 {
            leave_story(db, *entry)?;
        }
        insert.execute(params![entry.0, feed.0, story.0, published, terms])?;
    }
    let mut join = db.prepare_cached("UPDATE story_articles SET story = ?2 WHERE entry = ?1")?;
    for (entry, story) in &update.moved {
        join.execute([entry.0, story.0])?;
    }
    for StoryRow { entry, .. } in &update.articles {
        keep_linked_story(db, *entry)?;
    }
    for (entry, other) in &update.copies {
        join_by_text(db, (*entry, *other), update.found_at)?;
    }
    if !update.copies.is_empty() {
        bump_generation(db)?;
    }
    let mut delete = db.prepare_cached("DELETE FROM story_queue WHERE id = ?1")?;
    for row in &update.done_rows {
        delete.execute([row])?;
    }
    update.old_before.map_or(Ok(()), |time| forget_old_terms(db, time))
}

/// Forgets the terms of the stories whose last article is older than a time, in seconds since 1970: no
/// article to come will join them. The articles keep their stories.
fn forget_old_terms(db: &Connection, old_before: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE story_articles SET terms = ?3
               WHERE published < ?1 AND length(terms) > 1
               AND entry <= (SELECT max(entry) FROM story_articles) - ?2
               AND NOT EXISTS (SELECT 1 FROM story_articles o
                   WHERE o.story = story_articles.story AND o.published >= ?1)";
    db.prepare_cached(sql)?.execute(params![old_before, KEPT_ARRIVALS, NO_TERMS]).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::LibraryLocation;

    /// A library of 5,010 articles, each published a second after the one before, and each a story of its own.
    fn store_of_single_articles(name: &str) -> WriteConnection {
        let store = WriteConnection::open(&LibraryLocation::Memory(name.to_owned())).unwrap();
        let sql = "INSERT INTO feeds (kind, url, title) VALUES ('web', 'https://a.example/', 'A');
            WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 5010)
            INSERT INTO entries (feed, guid, digest, size, modified, title, tags, published, day_only)
                SELECT 1, n, 0, 0, 0, '', '', n, 0 FROM n;
            INSERT INTO story_articles (entry, story, published, terms)
                SELECT id, id, published, x'000100000001' FROM entries;";
        store.db.execute_batch(sql).unwrap();
        store
    }

    fn list_without_terms(store: &WriteConnection) -> Vec<i64> {
        let sql = "SELECT entry FROM story_articles WHERE length(terms) = 1 ORDER BY entry";
        let mut statement = store.db.prepare(sql).unwrap();
        statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn terms_of_stories_that_are_over_are_forgotten() {
        let mut store = store_of_single_articles("old-stories");
        let sql = "UPDATE story_articles SET story = 1 WHERE entry IN (2, 5010);
            UPDATE story_articles SET story = 3 WHERE entry = 4;";
        store.db.execute_batch(sql).unwrap();
        let state = story_state(&store.db).unwrap();
        let update = StoryUpdate { old_before: Some(5000), state, ..StoryUpdate::default() };
        assert!(store.apply_story_update(&update).unwrap().is_some());
        // The story of 1 and 2 goes on, and the 5,000 latest arrivals keep their terms in any case.
        assert_eq!(list_without_terms(&store), (3..=10).collect::<Vec<i64>>());
        let sql = "SELECT story FROM story_articles WHERE entry = 4";
        assert_eq!(store.db.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 3);
    }

    #[test]
    fn queue_is_in_the_order_of_dates() {
        let location = LibraryLocation::Memory("story-queue".to_owned());
        let store = WriteConnection::open(&location).unwrap();
        let sql = "INSERT INTO feeds (kind, url, title) VALUES ('web', 'https://a.example/', 'A');
            INSERT INTO entries (feed, guid, digest, size, modified, title, tags, published, day_only)
                VALUES (1, '1', 0, 0, 0, '', '', 300, 0), (1, '2', 0, 0, 0, '', '', 100, 0),
                       (1, '3', 0, 0, 0, '', '', 200, 0);
            INSERT INTO bodies (entry, format, text) VALUES (1, 'plain', ''), (2, 'plain', '');
            INSERT INTO story_queue (entry) VALUES (1), (2), (1), (3);";
        store.db.execute_batch(sql).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let queued = |entry, published, rows: &[i64]| QueuedStory {
            entry: EntryId(entry),
            published,
            rows: rows.to_vec(),
        };
        // The third has no text, and so no story.
        let queue =
            [queued(3, None, &[4]), queued(2, Some(100), &[2]), queued(1, Some(300), &[1, 3])];
        assert_eq!(reader.list_story_queue(10, &|| ()).unwrap(), queue);
        let mut dates = Vec::new();
        reader.for_each_queued_date(1, |row, published| dates.push((row, published))).unwrap();
        assert_eq!(dates, [(2, 100), (3, 300), (4, 200)]);
    }
}
