//! Texts taken from the pages of originals, beside what the feeds brought.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::{ReadConnection, StoreError, WriteConnection, column_values, preferences};
use crate::model::{EntryId, FeedId, FullTextArticle, PageArticle};

const INSERT_FULL_TEXT: &str =
    "INSERT OR REPLACE INTO originals (entry, at, url, html, shown) VALUES (?1, ?2, ?3, ?4, ?5)";

impl ReadConnection {
    /// The text of an entry's original, if its page was fetched.
    pub fn load_full_text(&self, id: EntryId) -> Result<Option<FullTextArticle>, StoreError> {
        let sql = "SELECT url, html, shown, at FROM originals WHERE entry = ?1";
        let read = |row: &rusqlite::Row<'_>| {
            let at = column_values::time_from_seconds(row.get(3)?).unwrap_or_default();
            Ok(FullTextArticle {
                url: row.get(0)?,
                html: row.get(1)?,
                shown: row.get(2)?,
                fetched_at: at,
            })
        };
        let found =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([id.0], read).optional());
        found.map_err(StoreError::during("read the full text"))
    }
}

impl WriteConnection {
    /// Keeps the text of an entry's original; by that it is found from now on, if it is shown.
    pub fn save_full_text(
        &mut self,
        id: EntryId,
        original: &FullTextArticle,
    ) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = self.db.transaction()?;
            // An entry that is gone needs no text.
            let sql = "INSERT OR REPLACE INTO originals (entry, at, url, html, shown)
                       SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM entries WHERE id = ?1)";
            transaction.prepare_cached(sql)?.execute(params![
                id.0,
                original.fetched_at.timestamp(),
                original.url,
                original.html,
                original.shown
            ])?;
            preferences::bump_generation(&transaction)?;
            transaction.commit()
        };
        run().map_err(StoreError::during("keep the full text"))
    }

    /// The same, for the entry that `guid` identifies within `feed`.
    pub fn save_full_text_by_guid(
        &mut self,
        feed: FeedId,
        guid: &str,
        original: &FullTextArticle,
    ) -> Result<(), StoreError> {
        let sql = "SELECT id FROM entries WHERE feed = ?1 AND guid = ?2";
        let id = self.db.query_row(sql, params![feed.0, guid], |row| row.get(0)).optional();
        match id.map_err(StoreError::during("look for the article"))? {
            Some(id) => self.save_full_text(EntryId(id), original),
            None => Ok(()),
        }
    }

    /// Has the full text read in place of what the feed brought, or no longer.
    pub fn set_full_text_shown(&mut self, id: EntryId, shown: bool) -> Result<(), StoreError> {
        let sql = "UPDATE originals SET shown = ?2 WHERE entry = ?1";
        let done = self
            .db
            .execute(sql, params![id.0, shown])
            .and_then(|_| preferences::bump_generation(&self.db));
        done.map(drop).map_err(StoreError::during("keep which text is read"))
    }
}

/// An edited entry has an edited original: it is fetched anew when it is wanted.
pub(super) fn delete_full_text(db: &rusqlite::Connection, entry: i64) -> rusqlite::Result<usize> {
    db.prepare_cached("DELETE FROM originals WHERE entry = ?1")?.execute([entry])
}

/// The article in a page that is a file, beside the page.
pub(super) fn insert_page_article(
    db: &rusqlite::Connection,
    entry: i64,
    link: Option<&str>,
    article: &PageArticle,
    now: DateTime<Utc>,
) -> rusqlite::Result<usize> {
    let values =
        params![entry, now.timestamp(), link.unwrap_or_default(), article.html, article.shown];
    db.prepare_cached(INSERT_FULL_TEXT)?.execute(values)
}
