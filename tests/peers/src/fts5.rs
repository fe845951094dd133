//! SQLite's FTS5, with an index of prefixes of one to three letters: without it, the first keys of
//! a word would be unbearably slow.

use std::path::Path;

use rusqlite::{Connection, params};

use crate::{ArticleVisitor, Peer};

/// A contentless FTS5 table; row ids follow the order of the dates.
pub struct Fts5Index(Connection);

impl Fts5Index {
    /// Opens the index at `path`, and builds it from `articles` if it is missing.
    pub fn open(path: &Path, articles: ArticleVisitor<'_>) -> Fts5Index {
        let is_new = !path.exists();
        let mut db = Connection::open(path).expect("the index can be opened");
        if is_new {
            build_index(&mut db, articles).expect("the index can be built");
        }
        db.pragma_update(None, "cache_size", -64 * 1024).expect("the cache size can be set");
        Fts5Index(db)
    }
}

fn build_index(db: &mut Connection, articles: ArticleVisitor<'_>) -> rusqlite::Result<()> {
    db.execute_batch(
        "PRAGMA journal_mode = off; PRAGMA synchronous = off;
         CREATE VIRTUAL TABLE words USING fts5(text, content='', prefix='1 2 3', tokenize='unicode61');
         CREATE TABLE days (id INTEGER PRIMARY KEY, day INTEGER NOT NULL);",
    )?;
    let transaction = db.transaction()?;
    {
        let mut insert_words =
            transaction.prepare("INSERT INTO words (rowid, text) VALUES (?1, ?2)")?;
        let mut insert_day = transaction.prepare("INSERT INTO days (id, day) VALUES (?1, ?2)")?;
        let mut id = 0_i64;
        articles(&mut |article| {
            id += 1;
            insert_words.execute(params![id, article.text]).expect("a row can be written");
            insert_day.execute(params![id, article.day]).expect("a row can be written");
        });
    }
    transaction.execute("INSERT INTO words (words) VALUES ('optimize')", [])?;
    transaction.commit()
}

impl Peer for Fts5Index {
    fn name(&self) -> &'static str {
        "FTS5"
    }

    fn search(&self, words: &[&str]) -> u64 {
        let quoted = words.iter().map(|word| format!("\"{word}\""));
        let filter = quoted.collect::<Vec<_>>().join(" ") + "*";
        if words.is_empty() {
            return 0;
        }
        let newest = "SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid DESC LIMIT 50";
        let by_day = "SELECT day, count(*) FROM words JOIN days ON days.id = words.rowid WHERE words MATCH ?1 GROUP BY day";
        let rows = self.0.prepare_cached(newest).and_then(|mut statement| {
            statement
                .query_map([&filter], |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()
        });
        let days = self.0.prepare_cached(by_day).and_then(|mut statement| {
            statement
                .query_map([&filter], |row| row.get(1))?
                .collect::<rusqlite::Result<Vec<u64>>>()
        });
        std::hint::black_box(rows.expect("FTS5 can search"));
        // The count is the sum over the days: a separate query for it would only cost more.
        days.expect("FTS5 can search").into_iter().sum()
    }
}
