//! Questions about entries.

use rusqlite::{OptionalExtension, params, types::Value};

use super::{ReadConnection, StoreError, column_values, compression::TextDecompressor};
use crate::model::{Attachments, Entry, EntryBody, EntryId, ReadingPosition, View, ViewScope};

/// Entries of removed feeds stay stored, and out of sight.
const NOT_UNSUBSCRIBED: &str = "feed NOT IN (SELECT id FROM feeds WHERE gone)";

impl ReadConnection {
    /// The first `most` entries of a view without its filter, in the view's order.
    ///
    /// `day_start` is when today began, in seconds; entries of `keep` stay in a list of unread ones though they were
    /// read, so that nothing vanishes while it is looked at.
    pub fn list_entry_ids(
        &self,
        view: &View,
        day_start: i64,
        keep: &[EntryId],
        most: usize,
    ) -> Result<Vec<EntryId>, StoreError> {
        let (condition, value) = scope_condition(&view.scope, day_start);
        let unread = view.unread_only || view.scope == ViewScope::Unread;
        let unread = if unread {
            "(read = 0 OR id IN (SELECT value FROM json_each(?2)))"
        } else {
            "?2 = ?2"
        };
        let sql = format!(
            "SELECT id FROM entries WHERE {condition} AND {unread} AND {NOT_UNSUBSCRIBED}
             ORDER BY published DESC, id DESC LIMIT ?3"
        );
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let ids = || -> rusqlite::Result<Vec<EntryId>> {
            let mut statement = self.db.prepare_cached(&sql)?;
            let rows = statement.query_map(params![value, ids_to_json(keep), most], |row| {
                row.get(0).map(EntryId)
            })?;
            rows.collect()
        };
        ids().map_err(StoreError::during("list the articles"))
    }

    /// How many entries are in sight.
    pub fn count_entries(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(total), 0) FROM feeds WHERE gone = 0";
        let count = self.db.query_row(sql, [], |row| row.get(0));
        count.map_err(StoreError::during("count the articles"))
    }

    /// What SQLite finds wrong in the file, in its words; empty if nothing.
    pub fn check_integrity(&self) -> Result<Vec<String>, StoreError> {
        let check = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.db.prepare("PRAGMA quick_check(20)")?;
            let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
            lines
                .filter(|line| line.as_ref().is_ok_and(|line| line != "ok") || line.is_err())
                .collect()
        };
        check().map_err(StoreError::during("be checked"))
    }

    /// The rows of `ids`, in their order; one that does not exist any more, or cannot be read, is left out.
    pub fn load_entries(&self, ids: &[EntryId]) -> Result<Vec<Entry>, StoreError> {
        let sql = format!("SELECT {} FROM entries WHERE id = ?1", column_values::ENTRY_COLUMNS);
        let mut statement =
            self.db.prepare_cached(&sql).map_err(StoreError::during("read the articles"))?;
        let rows = ids
            .iter()
            .filter_map(|id| statement.query_row([id.0], column_values::entry_from_row).ok());
        Ok(rows.collect())
    }

    /// One entry.
    pub fn load_entry(&self, id: EntryId) -> Result<Option<Entry>, StoreError> {
        Ok(self.load_entries(&[id])?.pop())
    }

    /// The text of an entry.
    pub fn load_body(&self, id: EntryId) -> Result<Option<EntryBody>, StoreError> {
        let sql = "SELECT format, text FROM bodies WHERE entry = ?1";
        let body = |row: &rusqlite::Row<'_>| {
            let format: String = row.get(0)?;
            Ok(EntryBody {
                format: column_values::parse_body_format(&format),
                text: TextDecompressor::new().decompress(row.get_ref(1)?)?,
            })
        };
        let found =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([id.0], body).optional());
        found.map_err(StoreError::during("read the article"))
    }

    /// What came with an entry beside its text; what cannot be read is nothing.
    pub fn load_attachments(&self, id: EntryId) -> Result<Attachments, StoreError> {
        let sql = "SELECT attached FROM entries WHERE id = ?1";
        let read = |row: &rusqlite::Row<'_>| row.get::<_, Option<String>>(0);
        let found =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([id.0], read).optional());
        let text = found.map_err(StoreError::during("read what came with the article"))?.flatten();
        Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Where the reader was in an article.
    pub fn load_reading_position(&self, id: EntryId) -> Result<ReadingPosition, StoreError> {
        let sql = "SELECT piece, line FROM places WHERE entry = ?1";
        let place =
            |row: &rusqlite::Row<'_>| Ok(ReadingPosition { block: row.get(0)?, line: row.get(1)? });
        let found = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row(params![id.0], place).optional());
        Ok(found.map_err(StoreError::during("read the place in the article"))?.unwrap_or_default())
    }
}

/// The condition of a scope over `?1`, and the value of that.
fn scope_condition(scope: &ViewScope, day_start: i64) -> (&'static str, Value) {
    match scope {
        ViewScope::All | ViewScope::Unread => ("?1 = ?1", Value::Integer(0)),
        ViewScope::Starred => ("starred = 1 AND ?1 = ?1", Value::Integer(0)),
        ViewScope::Today => ("published >= ?1", Value::Integer(day_start)),
        ViewScope::Feed(feed) => ("feed = ?1", Value::Integer(feed.0)),
        ViewScope::Folder(folder) => {
            ("feed IN (SELECT id FROM feeds WHERE folder = ?1)", Value::Text(folder.clone()))
        }
    }
}

fn ids_to_json(ids: &[EntryId]) -> String {
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    format!("[{}]", ids.join(","))
}
