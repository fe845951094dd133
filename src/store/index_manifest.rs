//! The manifest of the search index: the list of valid segments, and the queue of text changes that
//! are not indexed yet.
//!
//! The index itself is files next to the library and may be deleted at any time. A segment file is
//! used only if the manifest lists it.

use rusqlite::{OptionalExtension, params};

use super::{
    ReadConnection, StoreError, WriteConnection, compression, preferences,
    write_transaction::WriteTransaction,
};
use crate::model::EntryId;

/// Entries whose text was added, changed or deleted since the last indexing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextChanges {
    /// The entries, each once, oldest publication date first.
    pub entries: Vec<EntryId>,
    /// The id of the last change in this list. Once it is indexed, all changes up to this id are
    /// removed from the queue.
    pub last_change: i64,
}

/// A segment in the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentRecord {
    /// The segment number, which is also the name of the segment's folder.
    pub number: i64,
    /// The random id that the files of the segment state; `None` for a segment of an earlier version.
    pub id: Option<i64>,
    /// Number of documents in the segment, deleted ones included.
    pub doc_count: u32,
    /// Bit set of deleted documents, one bit per document; documents past the end of the bytes are
    /// not deleted.
    pub tombstones: Vec<u8>,
}

/// A change of the manifest, applied in one transaction.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ManifestUpdate {
    /// A new segment whose files are completely written.
    pub added: Option<SegmentRecord>,
    /// Segments that were merged into the new one, by number.
    pub replaced: Vec<i64>,
    /// New tombstones of existing segments, by segment number.
    pub tombstones: Vec<(i64, Vec<u8>)>,
    /// The id of the last text change that is indexed now.
    pub last_change: i64,
}

/// The oldest text changes, each with the publication date of its entry and the lengths of body and
/// full text in bytes; of a compressed body, the first four bytes hold the length.
const OLDEST_CHANGES_SQL: &str = "SELECT c.id, c.entry, coalesce(e.published, 0),
    CASE typeof(b.text) WHEN 'blob' THEN substr(b.text, 1, 4) ELSE octet_length(b.text) END,
    (SELECT octet_length(o.html) FROM originals o WHERE o.entry = c.entry)
    FROM text_changes c LEFT JOIN entries e ON e.id = c.entry LEFT JOIN bodies b ON b.entry = c.entry
    ORDER BY c.id LIMIT ?1";

impl ReadConnection {
    /// Lists the oldest changes that are not indexed yet: at most `max_changes`, and no further
    /// ones once their texts add up to `max_bytes` bytes.
    pub fn list_oldest_text_changes(
        &self,
        max_changes: usize,
        max_bytes: usize,
    ) -> Result<TextChanges, StoreError> {
        let read = || -> rusqlite::Result<TextChanges> {
            let mut statement = self.db.prepare_cached(OLDEST_CHANGES_SQL)?;
            let mut rows = statement.query([i64::try_from(max_changes).unwrap_or(i64::MAX)])?;
            let (mut last, mut taken_bytes, mut entries) = (0, 0, Vec::new());
            while let Some(row) = rows.next()?.filter(|_| taken_bytes < max_bytes) {
                last = row.get(0)?;
                entries.push((row.get::<_, i64>(2)?, EntryId(row.get(1)?)));
                taken_bytes += compression::uncompressed_len(row.get_ref(3)?)
                    + compression::uncompressed_len(row.get_ref(4)?);
            }
            entries.sort_unstable();
            entries.dedup();
            Ok(TextChanges {
                entries: entries.into_iter().map(|(_, id)| id).collect(),
                last_change: last,
            })
        };
        read().map_err(StoreError::during("read the changes for the index"))
    }

    /// Lists the entries of the newest `max_changes` changes that are not indexed yet: each entry
    /// once, with the id of its last change.
    pub fn list_newest_text_changes(
        &self,
        max_changes: usize,
    ) -> Result<Vec<(EntryId, i64)>, StoreError> {
        let read = || -> rusqlite::Result<Vec<(EntryId, i64)>> {
            let sql =
                "SELECT entry, max(id) FROM (SELECT entry, id FROM text_changes ORDER BY id DESC LIMIT ?1)
                       GROUP BY entry";
            let mut statement = self.db.prepare_cached(sql)?;
            let limit = i64::try_from(max_changes).unwrap_or(i64::MAX);
            statement.query_map([limit], |row| Ok((EntryId(row.get(0)?), row.get(1)?)))?.collect()
        };
        read().map_err(StoreError::during("read the changes for the index"))
    }

    /// Lists the ids of all entries of subscribed feeds from the table itself, not from one of its
    /// indexes, which may be damaged.
    pub fn list_subscribed_entry_ids(&self) -> Result<Vec<EntryId>, StoreError> {
        let read = || -> rusqlite::Result<Vec<EntryId>> {
            let sql = "SELECT id FROM entries NOT INDEXED
                       WHERE dropped = 0 AND feed NOT IN (SELECT id FROM feeds WHERE gone)";
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map([], |row| row.get(0).map(EntryId))?.collect()
        };
        read().map_err(StoreError::during("list the articles"))
    }

    /// Lists the ids of all entries that have a text, those of unsubscribed feeds included.
    pub fn list_all_entry_ids(&self) -> Result<Vec<EntryId>, StoreError> {
        let read = || -> rusqlite::Result<Vec<EntryId>> {
            let mut statement =
                self.db.prepare_cached("SELECT id FROM entries WHERE dropped = 0")?;
            statement.query_map([], |row| row.get(0).map(EntryId))?.collect()
        };
        read().map_err(StoreError::during("list the articles"))
    }

    /// Counts the changes that are not indexed yet.
    pub fn count_text_changes(&self) -> Result<u64, StoreError> {
        // Ids are consecutive and removed from the front, so the difference is the count. Counting
        // a million rows takes too long.
        let sql = "SELECT coalesce((SELECT max(id) FROM text_changes) - (SELECT min(id) FROM text_changes) + 1, 0)";
        let count = self.db.query_row(sql, [], |row| row.get(0));
        count.map_err(StoreError::during("count the changes for the index"))
    }

    /// Lists the valid segments by number.
    pub fn list_segments(&self) -> Result<Vec<SegmentRecord>, StoreError> {
        let read = || -> rusqlite::Result<Vec<SegmentRecord>> {
            let mut statement = self.db.prepare_cached(
                "SELECT number, key, articles, dead FROM segments ORDER BY number",
            )?;
            let segment = |row: &rusqlite::Row<'_>| {
                Ok(SegmentRecord {
                    number: row.get(0)?,
                    id: row.get(1)?,
                    doc_count: row.get(2)?,
                    tombstones: row.get(3)?,
                })
            };
            statement.query_map([], segment)?.collect()
        };
        read().map_err(StoreError::during("read the list of index segments"))
    }

    /// Returns a random id for a new segment.
    pub fn new_segment_id(&self) -> Result<i64, StoreError> {
        let id = self.db.query_row("SELECT random()", [], |row| row.get(0));
        id.map_err(StoreError::during("make an id for an index segment"))
    }

    /// Returns a number that no segment has had.
    pub fn next_segment_number(&self) -> Result<i64, StoreError> {
        let sql = "SELECT seq + 1 FROM sqlite_sequence WHERE name = 'segments'";
        let next = self.db.query_row(sql, [], |row| row.get(0)).optional();
        Ok(next.map_err(StoreError::during("number an index segment"))?.unwrap_or(1))
    }
}

impl WriteConnection {
    /// Applies a change of the manifest in one transaction; returns the generation that it made.
    ///
    /// Afterwards the files of replaced segments may be deleted: even after a power failure, no
    /// library that lists them comes back.
    pub fn apply_manifest_update(&mut self, new: &ManifestUpdate) -> Result<i64, StoreError> {
        let mut run = || -> rusqlite::Result<i64> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            for (number, dead) in &new.tombstones {
                let sql = "UPDATE segments SET dead = ?2 WHERE number = ?1";
                transaction.prepare_cached(sql)?.execute(params![number, dead])?;
            }
            for number in &new.replaced {
                transaction.execute("DELETE FROM segments WHERE number = ?1", [number])?;
            }
            if let Some(SegmentRecord { number, id, doc_count: articles, tombstones: dead }) =
                &new.added
            {
                let sql =
                    "INSERT INTO segments (number, key, articles, dead) VALUES (?1, ?2, ?3, ?4)";
                transaction.execute(sql, params![number, id, articles, dead])?;
            }
            transaction.execute("DELETE FROM text_changes WHERE id <= ?1", [new.last_change])?;
            let generation = preferences::bump_generation(&transaction)?;
            transaction.commit()?;
            if !new.replaced.is_empty() {
                // Syncs the write-ahead log to the disk. Passive: it does not wait for readers.
                self.db.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()))?;
            }
            Ok(generation)
        };
        run().map_err(StoreError::during("update the list of index segments"))
    }

    /// Removes all segments from the manifest and queues every entry for indexing, oldest first.
    pub fn queue_full_reindex(&mut self) -> Result<(), StoreError> {
        let mut run = || -> rusqlite::Result<()> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            transaction.execute_batch(
                "DELETE FROM segments; DELETE FROM text_changes;
                 INSERT INTO text_changes (entry)
                 SELECT id FROM entries WHERE dropped = 0 ORDER BY published, id;",
            )?;
            preferences::bump_generation(&transaction)?;
            transaction.commit()
        };
        run().map_err(StoreError::during("queue the articles for indexing"))
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{
        model::{Attachments, BodyFormat, EntryBody, FeedKind, NewEntry, PublicationDate},
        store::{EntryUpsert, IngestBatch, LibraryLocation},
    };

    fn upsert(guid: &str) -> EntryUpsert {
        let entry = NewEntry {
            guid: guid.to_owned(),
            digest: 1,
            title: guid.to_owned(),
            link: None,
            author: None,
            published: PublicationDate::Instant(DateTime::UNIX_EPOCH),
            tags: Vec::new(),
            body: EntryBody { format: BodyFormat::Plain, text: guid.to_owned() },
            attachments: Attachments::default(),
            page_article: None,
        };
        EntryUpsert::new(entry, 0, None)
    }

    #[test]
    fn failed_queue_full_reindex_changes_nothing() {
        let location = LibraryLocation::Memory("queue-full-reindex".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let feed = store.add_feed(FeedKind::Folder, "file:///none", "None").unwrap().feed;
        let batch =
            |guid| IngestBatch { feed, upserts: vec![upsert(guid)], missing_files: Vec::new() };
        store.ingest_batch(&batch("one"), DateTime::UNIX_EPOCH).unwrap();
        let segment =
            SegmentRecord { number: 1, id: Some(5), doc_count: 1, tombstones: Vec::new() };
        let update = ManifestUpdate { added: Some(segment.clone()), ..ManifestUpdate::default() };
        store.apply_manifest_update(&update).unwrap();
        let generation = reader.generation().unwrap();

        // The last statement fails, after the segments have been deleted.
        store
            .db
            .execute_batch(
                "CREATE TEMP TRIGGER refuse BEFORE INSERT ON main.text_changes
                 BEGIN SELECT RAISE(ABORT, 'refused'); END",
            )
            .unwrap();
        assert!(store.queue_full_reindex().is_err());
        assert_eq!(reader.generation().unwrap(), generation);
        assert_eq!(reader.list_segments().unwrap(), [segment]);

        store.db.execute_batch("DROP TRIGGER refuse").unwrap();
        store.ingest_batch(&batch("two"), DateTime::UNIX_EPOCH).unwrap();
        store.queue_full_reindex().unwrap();
        assert_eq!(reader.list_segments().unwrap(), []);
        assert_eq!(reader.count_text_changes().unwrap(), 2);
    }
}
