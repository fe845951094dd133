//! Earlier versions of edited entries, at most [`MAX_VERSIONS`] of each.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

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
}

impl ReadConnection {
    /// Lists the earlier versions of an entry, newest first.
    pub fn list_versions(&self, entry: EntryId) -> Result<Vec<EntryVersion>, StoreError> {
        let read = || -> rusqlite::Result<Vec<EntryVersion>> {
            let sql = "SELECT at, title, format, text FROM versions WHERE entry = ?1 ORDER BY at DESC, rowid DESC";
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
                })
            })?;
            collect_readable(versions)
        };
        read().map_err(StoreError::during("read the older versions"))
    }
}

/// Stores an earlier version of an entry, unless the same one is stored already, and deletes the
/// oldest beyond [`MAX_VERSIONS`].
pub(super) fn insert_version(
    db: &Connection,
    id: i64,
    now: DateTime<Utc>,
    (title, format, text): (&str, &str, &str),
) -> rusqlite::Result<()> {
    let insert = "INSERT INTO versions (entry, at, title, format, text) SELECT ?1, ?2, ?3, ?4, ?5
                  WHERE NOT EXISTS (SELECT 1 FROM versions WHERE entry = ?1 AND title = ?3 AND text = ?5)";
    db.prepare_cached(insert)?.execute(params![id, now.timestamp(), title, format, text])?;
    let prune = "DELETE FROM versions WHERE entry = ?1 AND rowid NOT IN
                 (SELECT rowid FROM versions WHERE entry = ?1 ORDER BY at DESC, rowid DESC LIMIT ?2)";
    db.prepare_cached(prune)?.execute(params![id, MAX_VERSIONS])?;
    Ok(())
}
