//! Full texts: articles extracted from web pages, stored next to the texts of the feeds.

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::{
    ReadConnection, StoreError, WriteConnection, column_values, preferences,
    readable_rows::{is_unreadable_row, lossy_text, readable_row},
    write_transaction::WriteTransaction,
};
use crate::model::{EntryId, FeedId, FullTextArticle, PageArticle};

/// Inserts or replaces the full text of an entry.
const INSERT_FULL_TEXT: &str =
    "INSERT OR REPLACE INTO originals (entry, at, url, html, shown) VALUES (?1, ?2, ?3, ?4, ?5)";

impl ReadConnection {
    /// Loads the full text of an entry; `None` if its page was not fetched, or if it is damaged: the
    /// feed's text can still be read.
    pub fn load_full_text(&self, id: EntryId) -> Result<Option<FullTextArticle>, StoreError> {
        let found = readable_row(self.query_full_text(id));
        found.map_err(StoreError::during("read the full text"))
    }

    /// Returns true if the full text of an entry cannot be read because it is damaged.
    pub fn is_full_text_damaged(&self, id: EntryId) -> bool {
        self.query_full_text(id).is_err_and(|error| is_unreadable_row(&error))
    }

    /// Queries the full text of an entry. One that the entry's mark states and that is missing, because
    /// a damaged page hides it, is a row of NULLs, which cannot be read.
    fn query_full_text(&self, id: EntryId) -> rusqlite::Result<Option<FullTextArticle>> {
        let sql = "SELECT o.url, o.html, o.shown, o.at FROM entries e
                   LEFT JOIN originals o ON o.entry = e.id
                   WHERE e.id = ?1 AND (e.has_full_text OR o.entry IS NOT NULL)";
        let read_article = |row: &rusqlite::Row<'_>| {
            let fetched_at = column_values::time_from_seconds(row.get(3)?).unwrap_or_default();
            Ok(FullTextArticle {
                url: row.get(0)?,
                html: row.get(1)?,
                shown: row.get(2)?,
                fetched_at,
            })
        };
        self.db.prepare_cached(sql)?.query_row([id.0], read_article).optional()
    }
}

/// A saved page without a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageWithoutText {
    /// The article.
    pub id: EntryId,
    /// The title.
    pub title: String,
    /// The URL of the page.
    pub url: String,
}

impl ReadConnection {
    /// Lists the saved pages that have neither a text nor a full text, the newest first: those of imported
    /// lists.
    pub fn list_pages_without_text(&self) -> Result<Vec<PageWithoutText>, StoreError> {
        let sql = "SELECT e.id, e.title, e.link FROM entries e JOIN feeds f ON f.id = e.feed
                   WHERE f.kind = 'saved' AND f.gone = 0 AND e.dropped = 0 AND e.unlisted = 0
                   AND e.link IS NOT NULL AND NOT EXISTS (SELECT 1 FROM originals o WHERE o.entry = e.id)
                   ORDER BY e.published DESC, e.id DESC";
        let read_row = |row: &rusqlite::Row<'_>| {
            let (title, url) = (lossy_text(row, 1)?, lossy_text(row, 2)?);
            Ok(PageWithoutText { id: EntryId(row.get(0)?), title, url })
        };
        let read = || -> rusqlite::Result<Vec<PageWithoutText>> {
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map([], read_row)?.collect()
        };
        let mut pages = read().map_err(StoreError::during("list the saved pages"))?;
        let mut problem = None;
        pages.retain(|page| match self.load_body(page.id) {
            Ok(body) => body.is_some_and(|body| body.text.is_empty()),
            Err(error) => {
                problem.get_or_insert(error);
                false
            }
        });
        problem.map_or(Ok(pages), Err)
    }
}

impl WriteConnection {
    /// Stores the full text of an entry. If it is shown, searches look in it instead of the feed's
    /// text.
    pub fn save_full_text(
        &mut self,
        id: EntryId,
        article: &FullTextArticle,
    ) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            // The entry may have been deleted since the page was requested.
            let sql = "INSERT OR REPLACE INTO originals (entry, at, url, html, shown)
                       SELECT ?1, ?2, ?3, ?4, ?5 WHERE EXISTS (SELECT 1 FROM entries WHERE id = ?1 AND dropped = 0)";
            transaction.prepare_cached(sql)?.execute(params![
                id.0,
                article.fetched_at.timestamp(),
                article.url,
                article.html,
                article.shown
            ])?;
            preferences::bump_generation(&transaction)?;
            transaction.commit()
        };
        run().map_err(StoreError::during("save the full text"))
    }

    /// Stores the full text of the entry with this `guid` in `feed`; does nothing if there is no
    /// such entry.
    pub fn save_full_text_by_guid(
        &mut self,
        feed: FeedId,
        guid: &str,
        article: &FullTextArticle,
    ) -> Result<(), StoreError> {
        let sql = "SELECT id FROM entries WHERE feed = ?1 AND guid = ?2";
        let found = self.db.query_row(sql, params![feed.0, guid], |row| row.get(0)).optional();
        match found.map_err(StoreError::during("look for the article"))? {
            Some(id) => self.save_full_text(EntryId(id), article),
            None => Ok(()),
        }
    }

    /// Sets whether the full text is shown instead of the feed's text.
    pub fn set_full_text_shown(&mut self, id: EntryId, shown: bool) -> Result<(), StoreError> {
        let sql = "UPDATE originals SET shown = ?2 WHERE entry = ?1";
        let written = self
            .db
            .execute(sql, params![id.0, shown])
            .and_then(|_| preferences::bump_generation(&self.db));
        written.map(drop).map_err(StoreError::during("save which text is shown"))
    }
}

/// Deletes the full text of an entry. When a feed edits an entry, its page has changed too; the
/// page is fetched again on request.
pub(super) fn delete_full_text(db: &rusqlite::Connection, entry: i64) -> rusqlite::Result<usize> {
    db.prepare_cached("DELETE FROM originals WHERE entry = ?1")?.execute([entry])
}

/// Stores the article of a saved web page next to the whole page.
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
