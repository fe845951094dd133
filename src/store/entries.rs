//! Queries about entries: ids of a list, list rows, bodies, attachments, reading positions.

use std::collections::HashSet;

use chrono::NaiveDate;
use rusqlite::{Connection, OptionalExtension, Row, types::Value};

use super::{
    ReadConnection, StateBitmaps, StoreError,
    column_values::{self, date_kind, publication_seconds},
    compression::TextDecompressor,
    readable_rows::{is_unreadable_row, lossy_text, readable_row},
};
use crate::model::{
    Attachments, CopyListing, EntryBody, EntryId, FeedId, KeptEntries, ListDefinition,
    PublicationDate, ReadingPosition, ViewScope,
};

/// SQL condition that leaves out the entries of unsubscribed feeds. They stay stored so that undo
/// can bring them back.
const NOT_UNSUBSCRIBED: &str = "feed NOT IN (SELECT id FROM feeds WHERE gone)";

impl ReadConnection {
    /// Lists the ids of a list, newest first, at most `limit`. The filter of the list is not
    /// applied.
    ///
    /// `day_start` is the start of the local day, in seconds since 1970. Entries in `kept` stay in
    /// the list, as [`KeptEntries::lists`] says.
    pub fn list_entry_ids(
        &self,
        list: &ListDefinition,
        day_start: i64,
        kept: &KeptEntries,
        limit: usize,
    ) -> Result<Vec<EntryId>, StoreError> {
        let hides_read = list.unread_only || list.scope == ViewScope::Unread;
        let is_starred = list.scope == ViewScope::Starred;
        let needs_states = hides_read || is_starred || self.has_unlisted_entries()?;
        let states =
            if needs_states { self.load_state_bitmaps()? } else { StateBitmaps::default() };
        let is_listed = |id: EntryId| kept.lists(list, id, states.get(id.0));
        self.list_ids_by_date((&list.scope, day_start), is_listed, limit)
    }

    /// Lists the ids of the entries of a scope in any state, newest first.
    ///
    /// `day_start` is the start of the local day, in seconds since 1970.
    pub fn list_scope_ids(
        &self,
        scope: &ViewScope,
        day_start: i64,
    ) -> Result<Vec<EntryId>, StoreError> {
        self.list_ids_by_date((scope, day_start), |_| true, usize::MAX)
    }

    fn list_ids_by_date(
        &self,
        (scope, day_start): (&ViewScope, i64),
        is_listed: impl Fn(EntryId) -> bool,
        limit: usize,
    ) -> Result<Vec<EntryId>, StoreError> {
        let (condition, value) = scope_condition(scope, day_start);
        let read = |table: &str| -> rusqlite::Result<Vec<(i64, EntryId)>> {
            let mut statement = self.db.prepare_cached(&format!(
                "SELECT published, id FROM {table} WHERE {condition} AND {NOT_UNSUBSCRIBED}
                 ORDER BY published DESC, id DESC"
            ))?;
            let rows =
                statement.query_map([&value], |row| Ok((row.get(0)?, EntryId(row.get(1)?))))?;
            rows.filter(|row| row.as_ref().map_or(true, |(_, id)| is_listed(*id)))
                .take(limit)
                .collect()
        };
        let rows = read("entries").and_then(|rows| {
            // Exchanged pages of a database index double and reorder rows without an error.
            let is_sorted = rows.is_sorted_by(|one, next| one > next);
            if is_sorted { Ok(rows) } else { read("entries NOT INDEXED") }
        });
        let rows = rows.map_err(StoreError::during("list the articles"))?;
        Ok(rows.into_iter().map(|(_, id)| id).collect())
    }

    /// Calls `visit` with the id, the feed and the title of every entry. Ends early at a damaged
    /// page: an order may be incomplete, but a list must not fail for it.
    pub fn for_each_title(
        &self,
        mut visit: impl FnMut(EntryId, FeedId, String),
    ) -> Result<(), StoreError> {
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self.db.prepare_cached("SELECT id, feed, title FROM entries")?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let title = lossy_text(row, 2).unwrap_or_default();
                visit(EntryId(row.get(0)?), FeedId(row.get(1)?), title);
            }
            Ok(())
        };
        match read() {
            Err(error) if is_unreadable_row(&error) => Ok(()),
            result => result.map_err(StoreError::during("sort the articles")),
        }
    }

    /// Counts the entries of all subscribed feeds, without the unlisted ones.
    pub fn count_entries(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(total - unlisted), 0) FROM feeds WHERE gone = 0";
        let count =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([], |row| row.get(0)));
        count.map_err(StoreError::during("count the articles"))
    }

    /// Counts the entries in the list of all articles: without the unlisted ones, and without the copies
    /// if they are folded.
    pub fn count_listed_entries(&self, copies: CopyListing) -> Result<u64, StoreError> {
        let count = self.count_entries()?;
        let folded = match copies {
            CopyListing::Show => 0,
            CopyListing::Fold => self.count_folded_entries()?,
        };
        Ok(count.saturating_sub(folded))
    }

    /// Counts the entries of all subscribed feeds that searches can find, the unlisted ones included:
    /// all but those that were dropped from the trash.
    pub fn count_searchable_entries(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(total - dropped), 0) FROM feeds WHERE gone = 0";
        let count =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([], |row| row.get(0)));
        count.map_err(StoreError::during("count the articles"))
    }

    /// Counts the unlisted entries of all subscribed feeds: those that are hidden or removed.
    pub fn count_unlisted_entries(&self) -> Result<u64, StoreError> {
        let sql = "SELECT coalesce(sum(unlisted), 0) FROM feeds WHERE gone = 0";
        let count =
            self.db.prepare_cached(sql).and_then(|mut sql| sql.query_row([], |row| row.get(0)));
        count.map_err(StoreError::during("count the articles"))
    }

    fn has_unlisted_entries(&self) -> Result<bool, StoreError> {
        Ok(self.count_unlisted_entries()? > 0)
    }

    /// Runs SQLite's `integrity_check`, which compares the tables with their indexes too, and returns
    /// its messages, at most 20; empty if the file is sound.
    pub fn check_integrity(&self) -> Result<Vec<String>, StoreError> {
        let check = || -> rusqlite::Result<Vec<String>> {
            let mut statement = self.db.prepare("PRAGMA integrity_check(20)")?;
            let lines = statement.query_map([], |row| row.get::<_, String>(0))?;
            lines
                .filter(|line| line.as_ref().is_ok_and(|line| line != "ok") || line.is_err())
                .collect()
        };
        check().map_err(StoreError::during("be checked"))
    }

    /// Lists the ids of the entries that were published before `day`, which begins `day_start`
    /// seconds after 1970 in the user's time zone.
    pub fn list_entries_before(
        &self,
        day: NaiveDate,
        day_start: i64,
    ) -> Result<HashSet<EntryId>, StoreError> {
        // A date without a time is stored as midnight UTC, wherever the user is.
        let midnight = publication_seconds(PublicationDate::Day(day));
        let sql =
            "SELECT id FROM entries WHERE published < CASE day_only WHEN ?3 THEN ?2 ELSE ?1 END";
        let read = || -> rusqlite::Result<HashSet<EntryId>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let kind = date_kind(PublicationDate::Day(day));
            let rows = statement.query_map([day_start, midnight, kind], |row| row.get(0))?;
            rows.map(|id| id.map(EntryId)).collect()
        };
        read().map_err(StoreError::during("list the older articles"))
    }

    /// Loads the body of an entry; `None` if the entry does not exist.
    pub fn load_body(&self, id: EntryId) -> Result<Option<EntryBody>, StoreError> {
        let sql = "SELECT format, text FROM bodies WHERE entry = ?1";
        let read_body = |row: &rusqlite::Row<'_>| {
            let format: String = row.get(0)?;
            Ok(EntryBody {
                format: column_values::parse_body_format(&format),
                text: TextDecompressor::new().decompress(row.get_ref(1)?)?,
            })
        };
        let found = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([id.0], read_body).optional());
        found.map_err(StoreError::during("read the article"))
    }

    /// Loads the attachments of an entry; empty if there are none or the stored JSON cannot be
    /// read.
    pub fn load_attachments(&self, id: EntryId) -> Result<Attachments, StoreError> {
        load_attachments(&self.db, id).map_err(StoreError::during("read the attachments"))
    }

    /// Loads the reading position in an article; the beginning if none is stored.
    pub fn load_reading_position(&self, id: EntryId) -> Result<ReadingPosition, StoreError> {
        let sql = "SELECT piece, line FROM places WHERE entry = ?1";
        let read_position =
            |row: &rusqlite::Row<'_>| Ok(ReadingPosition { block: row.get(0)?, line: row.get(1)? });
        let found = self
            .db
            .prepare_cached(sql)
            .and_then(|mut sql| sql.query_row([id.0], read_position).optional());
        Ok(found.map_err(StoreError::during("read the reading position"))?.unwrap_or_default())
    }
}

/// Returns the SQL condition of a scope, and the value of its parameter `?1`.
pub(super) fn scope_condition(scope: &ViewScope, day_start: i64) -> (&'static str, Value) {
    match scope {
        ViewScope::All | ViewScope::Unread => ("?1 = ?1", Value::Integer(0)),
        ViewScope::Starred => ("starred = 1 AND ?1 = ?1", Value::Integer(0)),
        ViewScope::Today => ("published >= ?1", Value::Integer(day_start)),
        ViewScope::Feed(feed) => ("feed = ?1", Value::Integer(feed.0)),
        ViewScope::Folder(folder) => {
            ("feed IN (SELECT id FROM feeds WHERE folder = ?1)", Value::Text(folder.clone()))
        }
        ViewScope::Account(name) => (
            "feed IN (SELECT id FROM feeds
             WHERE folder = ?1 OR substr(folder, 1, length(?1) + 3) = ?1 || ' / ')",
            Value::Text(name.clone()),
        ),
    }
}

/// Loads the attachments of an entry, as [`ReadConnection::load_attachments`] does.
pub(super) fn load_attachments(db: &Connection, id: EntryId) -> rusqlite::Result<Attachments> {
    let mut load = db.prepare_cached("SELECT attached FROM entries WHERE id = ?1")?;
    let read_json = |row: &Row<'_>| row.get::<_, Option<String>>(0);
    let json = readable_row(load.query_row([id.0], read_json).optional())?.flatten();
    Ok(json.and_then(|json| serde_json::from_str(&json).ok()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::FeedKind,
        store::{LibraryLocation, WriteConnection},
    };

    /// Makes `entries_by_date` an index in another direction, without sorting it again.
    fn rewrite_index(direction: &str) -> String {
        format!(
            "PRAGMA writable_schema = 1;
             UPDATE sqlite_schema SET sql = 'CREATE INDEX entries_by_date ON entries
             (published {direction}, id DESC, feed)' WHERE name = 'entries_by_date';
             PRAGMA writable_schema = reset;"
        )
    }

    #[test]
    fn list_of_damaged_database_index_comes_from_the_table() {
        let location = LibraryLocation::Memory("damaged-order".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        store.add_feed(FeedKind::Folder, "file:///none", "None").unwrap();
        let add_entries = "INSERT INTO entries
             (feed, guid, digest, size, modified, title, tags, published, day_only)
             SELECT 1, value, 0, 0, 0, 'One', '', value, 0 FROM json_each('[3, 1, 4, 2]')";
        for statement in [&*rewrite_index("ASC"), add_entries, &*rewrite_index("DESC")] {
            store.db.execute_batch(statement).unwrap();
        }
        let reader = ReadConnection::open(&location).unwrap();
        let list = ListDefinition { scope: ViewScope::All, ..ListDefinition::default() };
        let ids = reader.list_entry_ids(&list, 0, &KeptEntries::default(), usize::MAX).unwrap();
        assert_eq!(ids, [3, 1, 4, 2].map(EntryId));
    }
}
