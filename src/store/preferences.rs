//! What the reader remembers of itself: places, selection, widths, theme, saved filters.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::params;

use super::{ReadConnection, StoreError, WriteConnection};
use crate::model::{EntryId, ReadingPosition};

/// Everything kept, as the program finds it at start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preferences {
    /// Named values.
    pub values: BTreeMap<String, String>,
    /// Saved filters, the oldest first.
    pub saved_filters: Vec<String>,
}

impl ReadConnection {
    /// Everything kept.
    pub fn load_preferences(&self) -> Result<Preferences, StoreError> {
        let read = || -> rusqlite::Result<Preferences> {
            let mut values = self.db.prepare("SELECT name, value FROM kept")?;
            let values = values
                .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
                .collect::<Result<_, _>>()?;
            let mut filters =
                self.db.prepare("SELECT text FROM saved_filters ORDER BY at, text")?;
            let saved_filters =
                filters.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
            Ok(Preferences { values, saved_filters })
        };
        read().map_err(StoreError::during("read what it kept"))
    }
}

impl WriteConnection {
    /// Keeps a named value.
    pub fn save_preference(&mut self, name: &str, value: &str) -> Result<(), StoreError> {
        let sql = "INSERT INTO kept (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = excluded.value";
        let done = self.db.prepare_cached(sql).and_then(|mut sql| sql.execute([name, value]));
        done.map(drop).map_err(StoreError::during("keep a value"))
    }

    /// Keeps where the reader was in an article.
    pub fn save_reading_position(
        &mut self,
        id: EntryId,
        place: ReadingPosition,
    ) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO places (entry, piece, line) SELECT id, ?2, ?3 FROM entries WHERE id = ?1
                   ON CONFLICT (entry) DO UPDATE SET piece = excluded.piece, line = excluded.line";
        let values = params![id.0, place.block, place.line];
        let done = self.db.prepare_cached(sql).and_then(|mut sql| sql.execute(values));
        done.map(drop).map_err(StoreError::during("keep the place in the article"))
    }

    /// Saves a filter; one that is saved already stays where it is.
    pub fn save_filter(&mut self, text: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let sql =
            "INSERT INTO saved_filters (text, at) VALUES (?1, ?2) ON CONFLICT (text) DO NOTHING";
        let done = self.db.execute(sql, params![text, now.timestamp_millis()]);
        done.map(drop).map_err(StoreError::during("save the filter"))
    }

    /// Forgets a saved filter.
    pub fn delete_filter(&mut self, text: &str) -> Result<(), StoreError> {
        let done = self.db.execute("DELETE FROM saved_filters WHERE text = ?1", [text]);
        done.map(drop).map_err(StoreError::during("forget the filter"))
    }
}

/// The name under which the generation of the library is kept.
const GENERATION_KEY: &str = "generation";

/// Notes, within a transaction that changes what lists show, that it did.
pub(super) fn bump_generation(db: &rusqlite::Connection) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO kept (name, value) VALUES (?1, '1') ON CONFLICT (name) DO UPDATE SET value = value + 1";
    db.prepare_cached(sql)?.execute([GENERATION_KEY])
}

fn read_generation(db: &rusqlite::Connection) -> Result<i64, StoreError> {
    let sql = "SELECT coalesce((SELECT CAST(value AS INTEGER) FROM kept WHERE name = ?1), 0)";
    let number = db
        .prepare_cached(sql)
        .and_then(|mut sql| sql.query_row([GENERATION_KEY], |row| row.get(0)));
    number.map_err(StoreError::during("be looked at"))
}

impl ReadConnection {
    /// A number that grows with every change to entries or feeds, whichever instance made it.
    pub fn generation(&self) -> Result<i64, StoreError> {
        read_generation(&self.db)
    }
}

impl WriteConnection {
    /// A number that grows with every change to entries or feeds, whichever instance made it.
    pub fn generation(&self) -> Result<i64, StoreError> {
        read_generation(&self.db)
    }
}
