//! Earlier versions of edited entries, at most [`MAX_VERSIONS`] of each.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{ReadConnection, StoreError, column_values, readable_rows::collect_readable};
use crate::model::{EntryBody, EntryId};

/// Maximum number of earlier versions of an entry; of more, the newest stay.
const MAX_VERSIONS: u32 = 20;

/// An earlier version of an edited entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryVersion {
    /// Time at which a newer version replaced this one.
    pub replaced_at: DateTime<Utc>,
    /// The title.
    pub title: String,
    /// The body.
    pub body: EntryBody,
    /// The user had read this version when it was replaced.
    pub was_read: bool,
}

impl ReadConnection {
    /// Returns whether an entry has earlier versions.
    pub fn has_versions(&self, entry: EntryId) -> Result<bool, StoreError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM versions WHERE entry = ?1)";
        let load = self.db.prepare_cached(sql);
        let found = load.and_then(|mut sql| sql.query_row([entry.0], |row| row.get(0)));
        found.map_err(StoreError::during("read the older versions"))
    }

    /// Lists the earlier versions of an entry, newest first.
    pub fn list_versions(&self, entry: EntryId) -> Result<Vec<EntryVersion>, StoreError> {
        let read = || -> rusqlite::Result<Vec<EntryVersion>> {
            let sql = "SELECT at, title, format, text, read FROM versions WHERE entry = ?1 ORDER BY at DESC, rowid DESC";
            let mut statement = self.db.prepare_cached(sql)?;
            let versions = statement.query_map([entry.0], |row| {
                let format: String = row.get(2)?;
                Ok(EntryVersion {
                    replaced_at: column_values::time_from_seconds(row.get(0)?).unwrap_or_default(),
                    title: row.get(1)?,
                    body: EntryBody {
                        format: column_values::parse_body_format(&format),
                        text: row.get(3)?,
                    },
                    was_read: row.get(4)?,
                })
            })?;
            collect_readable(versions)
        };
        read().map_err(StoreError::during("read the older versions"))
    }
}

/// Stores an earlier version of an entry, with whether the user had read it, and deletes the oldest
/// beyond [`MAX_VERSIONS`]. One that is stored already was replaced once more.
pub(super) fn insert_version(
    db: &Connection,
    id: EntryId,
    now: DateTime<Utc>,
    (title, format, text, was_read): (&str, &str, &str, bool),
) -> rusqlite::Result<()> {
    // Its row becomes the newest, although times of one second are the same.
    let replaced =
        "DELETE FROM versions WHERE entry = ?1 AND title = ?2 AND text = ?3 RETURNING read";
    let mut delete = db.prepare_cached(replaced)?;
    let known: Option<bool> =
        delete.query_row(params![id.0, title, text], |row| row.get(0)).optional()?;
    let was_read = was_read || known.unwrap_or(false);
    let insert = "INSERT INTO versions (entry, at, title, format, text, read)
                  VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let values = params![id.0, now.timestamp(), title, format, text, was_read];
    db.prepare_cached(insert)?.execute(values)?;
    let prune = "DELETE FROM versions WHERE entry = ?1 AND rowid NOT IN
                 (SELECT rowid FROM versions WHERE entry = ?1 ORDER BY at DESC, rowid DESC LIMIT ?2)";
    db.prepare_cached(prune)?.execute(params![id.0, MAX_VERSIONS])?;
    Ok(())
}

/// Returns whether a text is the version that the user has read last.
pub(super) fn is_read_version(
    db: &Connection,
    id: EntryId,
    (title, text): (&str, &str),
) -> rusqlite::Result<bool> {
    let sql = "SELECT title = ?2 AND text = ?3 FROM versions WHERE entry = ?1 AND read
               ORDER BY at DESC, rowid DESC LIMIT 1";
    let found = db.prepare_cached(sql)?.query_row(params![id.0, title, text], |row| row.get(0));
    Ok(found.optional()?.unwrap_or(false))
}
