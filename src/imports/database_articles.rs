//! The articles of another reader's database, feed by feed and some at a time.

use std::collections::VecDeque;

use rusqlite::{Row, params};

use super::database::ForeignDatabase;
use crate::model::{ArticleOrigin, Failure, ImportedArticle, ImportedBatch};

/// Number of articles that are read at a time.
const BATCH_ARTICLES: i64 = 1000;

/// Maximum length of a stored text. Of a shorter one, as much is read as feeds may have.
pub(super) const MAX_STORED_BYTES: i64 = 64 << 20;

/// Converts a row to an article.
type ReadArticle = Box<dyn Fn(&Row<'_>) -> rusqlite::Result<ImportedArticle>>;

/// The articles of a database.
pub struct DatabaseArticles {
    database: ForeignDatabase,
    /// The articles of the feed `?1` behind the row `?2`, at most `?3` of them. The first column is the
    /// number of the row.
    sql: String,
    read_article: ReadArticle,
    /// The keys of the feeds that are not read yet.
    feeds: VecDeque<(String, ArticleOrigin)>,
    /// The last row of the first feed that was read.
    last_row: i64,
}

impl DatabaseArticles {
    /// Creates the articles of `feeds`. `sql` selects those of the feed `?1` whose number, the first
    /// column, is more than `?2`, in that order, at most `?3`, without texts of more than `?4` bytes.
    pub(super) fn new(
        database: ForeignDatabase,
        feeds: VecDeque<(String, ArticleOrigin)>,
        sql: String,
        read_article: ReadArticle,
    ) -> DatabaseArticles {
        DatabaseArticles { database, sql, read_article, feeds, last_row: i64::MIN }
    }

    /// Reads the next articles of a feed; none if there are no more.
    fn read_batch(&mut self, key: &str) -> rusqlite::Result<Vec<ImportedArticle>> {
        let mut statement = self.database.connection().prepare_cached(&self.sql)?;
        let values = params![key, self.last_row, BATCH_ARTICLES, MAX_STORED_BYTES];
        let mut rows = statement.query(values)?;
        let mut articles = Vec::new();
        while let Some(row) = rows.next()? {
            self.last_row = row.get(0)?;
            articles.push((self.read_article)(row)?);
        }
        Ok(articles)
    }
}

impl Iterator for DatabaseArticles {
    type Item = Result<ImportedBatch, Failure>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (key, origin) = self.feeds.front()?.clone();
            match self.read_batch(&key) {
                Ok(articles) if articles.is_empty() => {
                    self.feeds.pop_front();
                    self.last_row = i64::MIN;
                }
                Ok(articles) => return Some(Ok(ImportedBatch { origin, articles })),
                Err(error) => {
                    self.feeds.clear();
                    return Some(Err(self.database.failure(&error)));
                }
            }
        }
    }
}
