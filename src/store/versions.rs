//! Earlier versions of edited entries, at most [`MAX_VERSIONS`] of each.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::{
    ReadConnection, StoreError, column_values,
    readable_rows::collect_readable,
    version_texts::{StoredText, text_digest, unpack_all},
};
use crate::model::{EntryBody, EntryId};

/// Maximum number of earlier versions of an entry; of more, the newest stay.
const MAX_VERSIONS: usize = 20;

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

    /// Lists the earlier versions of an entry, newest first. Those that cannot be read are left out.
    pub fn list_versions(&self, entry: EntryId) -> Result<Vec<EntryVersion>, StoreError> {
        let rows = load_rows(&self.db, entry);
        let rows = rows.map_err(StoreError::during("read the older versions"))?;
        let versions = rows.into_iter().filter_map(|row| {
            Some(EntryVersion {
                replaced_at: column_values::time_from_seconds(row.at).unwrap_or_default(),
                title: row.title,
                body: EntryBody {
                    format: column_values::parse_body_format(&row.format),
                    text: row.text?,
                },
                was_read: row.was_read,
            })
        });
        Ok(versions.collect())
    }
}

/// The row of a version, with its text.
struct VersionRow {
    row: i64,
    at: Option<i64>,
    title: String,
    format: String,
    was_read: bool,
    stored: StoredText,
    /// `None` if it cannot be read.
    text: Option<String>,
}

/// Loads the versions of an entry, newest first.
fn load_rows(db: &Connection, entry: EntryId) -> rusqlite::Result<Vec<VersionRow>> {
    let sql = "SELECT rowid, at, title, format, read, text, packed, base FROM versions
               WHERE entry = ?1 ORDER BY at DESC, rowid DESC";
    let mut statement = db.prepare_cached(sql)?;
    let rows = statement.query_map([entry.0], |row| {
        let stored = StoredText { plain: row.get(5)?, packed: row.get(6)?, base: row.get(7)? };
        Ok(VersionRow {
            row: row.get(0)?,
            at: row.get(1)?,
            title: row.get(2)?,
            format: row.get(3)?,
            was_read: row.get(4)?,
            stored,
            text: None,
        })
    })?;
    let mut rows: Vec<VersionRow> = collect_readable(rows)?;
    let stored: Vec<&StoredText> = rows.iter().map(|row| &row.stored).collect();
    for (row, text) in unpack_all(&stored).into_iter().enumerate() {
        rows[row].text = text;
    }
    Ok(rows)
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
    let mut known = load_rows(db, id)?;
    let is_same = |row: &VersionRow| row.title == title && row.text.as_deref() == Some(text);
    let replaced: Vec<i64> = known.iter().filter(|row| is_same(row)).map(|row| row.row).collect();
    let was_read = was_read || known.iter().any(|row| is_same(row) && row.was_read);
    known.retain(|row| !is_same(row));
    delete_rows(db, &replaced)?;
    let insert = "INSERT INTO versions (entry, at, title, format, read, text, packed, base)
                  VALUES (?1, ?2, ?3, ?4, ?5, '', NULL, NULL)";
    let values = params![id.0, now.timestamp(), title, format, was_read];
    db.prepare_cached(insert)?.execute(values)?;
    let row = db.last_insert_rowid();
    known.insert(
        0,
        VersionRow {
            row,
            at: Some(now.timestamp()),
            title: title.to_owned(),
            format: format.to_owned(),
            was_read,
            stored: StoredText { plain: String::new(), packed: None, base: None },
            text: Some(text.to_owned()),
        },
    );
    known.sort_by_key(|version| Reverse((version.at, version.row)));
    let dropped = known.split_off(known.len().min(MAX_VERSIONS));
    delete_rows(db, &dropped.iter().map(|version| version.row).collect::<Vec<_>>())?;
    pack_rows(db, &known, row)
}

fn delete_rows(db: &Connection, rows: &[i64]) -> rusqlite::Result<()> {
    let mut delete = db.prepare_cached("DELETE FROM versions WHERE rowid = ?1")?;
    rows.iter().try_for_each(|row| delete.execute([row]).map(drop))
}

/// Packs the versions of an entry, newest first, whose next newer one is another than before: the row `new` and its
/// neighbours, and those that an earlier version of the program has stored.
fn pack_rows(db: &Connection, versions: &[VersionRow], new: i64) -> rusqlite::Result<()> {
    let sql = "UPDATE versions SET text = ?2, packed = ?3, base = ?4 WHERE rowid = ?1";
    let mut newer: Option<&str> = None;
    for version in versions {
        let Some(text) = &version.text else { continue };
        let base = newer.map(text_digest);
        if version.row == new || version.stored.base != base {
            let [plain, packed, base] = StoredText::pack(text, newer).into_values();
            db.prepare_cached(sql)?.execute(params![version.row, plain, packed, base])?;
        }
        newer = Some(text);
    }
    Ok(())
}

/// Returns whether a text is the version that the user has read last.
pub(super) fn is_read_version(
    db: &Connection,
    id: EntryId,
    (title, text): (&str, &str),
) -> rusqlite::Result<bool> {
    let read = load_rows(db, id)?.into_iter().find(|version| version.was_read);
    Ok(read.is_some_and(|version| version.title == title && version.text.as_deref() == Some(text)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        model::{BodyFormat, FeedKind},
        store::{LibraryLocation, WriteConnection},
    };

    /// A library with an entry without a text, whose versions are stored.
    fn library(name: &str) -> (WriteConnection, ReadConnection) {
        let location = LibraryLocation::Memory(format!("versions-{name}"));
        let mut store = WriteConnection::open(&location).unwrap();
        let feed = store.add_feed(FeedKind::Web, "https://a.example/", "Feed").unwrap().feed;
        let sql = "INSERT OR IGNORE INTO entries
                   (id, feed, guid, digest, size, modified, title, tags, published, day_only)
                   VALUES (1, ?1, 'a', 0, 0, 0, 'Title', '', 0, 0)";
        store.db.execute(sql, [feed.0]).unwrap();
        store.db.execute("DELETE FROM versions", []).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        (store, reader)
    }

    fn store_version(store: &WriteConnection, at: i64, title: &str, text: &str) {
        let at = DateTime::from_timestamp(at, 0).unwrap();
        let format = column_values::body_format_name(BodyFormat::Html);
        insert_version(&store.db, EntryId(1), at, (title, format, text, false)).unwrap();
    }

    fn texts(reader: &ReadConnection) -> Vec<(String, String)> {
        let versions = reader.list_versions(EntryId(1)).unwrap().into_iter();
        versions.map(|version| (version.title, version.body.text)).collect()
    }

    fn edit() -> impl Strategy<Value = (i64, u8, String)> {
        let text = prop_oneof!["(fire|ferry|mill|storm|bridge| |é){0,120}", "[abc]{100,104}"];
        (0..3i64, 0..2u8, text)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Whatever versions are stored, in whatever order, also by a version of the program that did not pack them,
        /// and although SQLite has given them other row numbers: they are read as they were.
        #[test]
        fn versions_are_read_as_they_were_stored(
            edits in proptest::collection::vec(edit(), 1..30),
            unpacked in proptest::collection::vec(any::<bool>(), 30),
        ) {
            let (store, reader) = library("property");
            let mut expected: Vec<(i64, String, String)> = Vec::new();
            for ((number, (back, title, text)), is_unpacked) in (100..).zip(edits).zip(unpacked) {
                let at = 10 * (number - back);
                let title = format!("Title {title}");
                let is_known = expected.iter().any(|(_, known, body)| (known, body) == (&title, &text));
                if is_unpacked && !is_known && expected.len() < MAX_VERSIONS {
                    let sql = "INSERT INTO versions (entry, at, title, format, text)
                               VALUES (1, ?1, ?2, 'html', ?3)";
                    store.db.execute(sql, params![at, title, text]).unwrap();
                } else {
                    store_version(&store, at, &title, &text);
                    expected.retain(|(_, known, body)| (known, body) != (&title, &text));
                }
                expected.insert(0, (at, title, text));
                expected.sort_by_key(|(at, ..)| Reverse(*at));
                expected.truncate(MAX_VERSIONS);
            }
            let sql = "UPDATE versions SET rowid = rowid + 1000";
            store.db.execute(sql, []).unwrap();
            let expected: Vec<_> = expected.into_iter().map(|(_, title, text)| (title, text)).collect();
            prop_assert_eq!(texts(&reader), expected);
        }
    }

    #[test]
    fn twenty_versions_of_a_long_text_take_little_more_than_one() {
        let (store, reader) = library("sizes");
        let words: Vec<String> = (0..500).map(|n| format!("word{}", n * 7919 % 1000)).collect();
        let text = words.join(" ");
        for number in 0..20 {
            store_version(
                &store,
                number,
                "Title",
                &text.replace("word919", &format!("edit {number}")),
            );
        }
        let sql =
            "SELECT sum(octet_length(text) + coalesce(octet_length(packed), 0)) FROM versions";
        let stored: usize = store.db.query_row(sql, [], |row| row.get(0)).unwrap();
        assert!(stored < text.len(), "{stored} bytes for 20 of {}", text.len());
        assert_eq!(texts(&reader).len(), 20);
    }
}
