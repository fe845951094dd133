//! Storing entries: new ones, changed ones, and marks on entries whose files are missing. One
//! transaction per batch.
//!
//! Start with [`WriteConnection::ingest_batch`]; refreshes of web feeds come through
//! `feed_update.rs`.

use chrono::{DateTime, Utc};

use super::{
    EntryUpsert, IngestOutcome, ReadConnection, StoreError, WriteConnection,
    entry_writer::EntryWriter, preferences, readable_rows::collect_readable, rule_acts,
    write_transaction::WriteTransaction,
};
use crate::model::{EntryId, FeedId};

/// The changes of one feed that are stored together: a whole refresh, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestBatch {
    /// The feed.
    pub feed: FeedId,
    /// New and changed entries.
    pub upserts: Vec<EntryUpsert>,
    /// Entries whose files no longer exist. They stay stored and are marked as missing.
    pub missing_files: Vec<EntryId>,
}

/// The state of an article file at the last refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFingerprint<'g> {
    /// The entry of the file.
    pub entry: EntryId,
    /// The guid of the entry: the path within the folder.
    pub guid: &'g str,
    /// Digest of the content.
    pub digest: u64,
    /// Size in bytes.
    pub size: u64,
    /// Modification time, in milliseconds since 1970; 0 if unknown.
    pub modified_millis: i64,
    /// The file did not exist at the last refresh.
    pub was_missing: bool,
}

impl ReadConnection {
    /// Hands each file of a folder feed as it was at the last refresh to `visit`.
    pub fn for_each_file_fingerprint(
        &self,
        feed: FeedId,
        visit: &mut dyn FnMut(&FileFingerprint<'_>),
    ) -> Result<(), StoreError> {
        let mut read = || -> rusqlite::Result<()> {
            let mut statement = self.db.prepare_cached(self.fingerprints_sql(feed)?)?;
            let files = statement.query_map([feed.0], |row| {
                visit(&FileFingerprint {
                    entry: EntryId(row.get(0)?),
                    guid: row.get_ref(1)?.as_str()?,
                    digest: row.get::<_, i64>(2)?.cast_unsigned(),
                    size: row.get(3)?,
                    modified_millis: row.get(4)?,
                    was_missing: row.get(5)?,
                });
                Ok(())
            })?;
            // A file whose name is damaged is read again.
            collect_readable(files)
        };
        read().map_err(StoreError::during("read the known files of the folder"))
    }

    /// Returns the statement that reads the fingerprints of a feed. The rows of a feed that has many are
    /// read as they are stored: by an index, which orders them by date, each took a read of a page.
    fn fingerprints_sql(&self, feed: FeedId) -> rusqlite::Result<&'static str> {
        let sql = "SELECT total * 8 > (SELECT max(id) FROM entries) FROM feeds WHERE id = ?1";
        let has_many: Option<bool> = self.db.query_row(sql, [feed.0], |row| row.get(0))?;
        Ok(if has_many.unwrap_or_default() {
            "SELECT id, guid, digest, size, modified, missing FROM entries NOT INDEXED WHERE feed = ?1"
        } else {
            "SELECT id, guid, digest, size, modified, missing FROM entries WHERE feed = ?1"
        })
    }
}

impl WriteConnection {
    /// Stores a batch in one transaction.
    pub fn ingest_batch(
        &mut self,
        batch: &IngestBatch,
        now: DateTime<Utc>,
    ) -> Result<IngestOutcome, StoreError> {
        let mut run = || -> rusqlite::Result<IngestOutcome> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let mut writer = EntryWriter::new(&transaction)?;
            writer.upsert_entries(batch.feed, &batch.upserts, now)?;
            let (mut counts, acts) = writer.finish()?;
            counts.acts = rule_acts::apply_acts(&transaction, &acts, now)?;
            for id in &batch.missing_files {
                transaction
                    .prepare_cached("UPDATE entries SET missing = 1 WHERE id = ?1")?
                    .execute([id.0])?;
            }
            preferences::bump_generation(&transaction)?;
            transaction.commit()?;
            Ok(counts)
        };
        run().map_err(StoreError::during("store the articles"))
    }
}
