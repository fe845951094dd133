//! Storing entries: new ones, changed ones, and marks on entries whose files are missing. One
//! transaction per batch.
//!
//! Start with [`WriteConnection::ingest_batch`]; refreshes of web feeds come through
//! `feed_update.rs`.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    ReadConnection, StoreError, WriteConnection, column_values,
    compression::{TextCompressor, TextDecompressor},
    full_text, preferences,
    readable_rows::{collect_readable, readable_row},
    state_pages, versions,
    write_transaction::WriteTransaction,
};
use crate::model::{EntryBody, EntryId, FeedId, NewEntry};

/// An entry to be inserted or updated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryUpsert {
    entry: NewEntry,
    size: u64,
    modified_millis: i64,
    known_id: Option<EntryId>,
    link_key: Option<String>,
    archives_text: bool,
}

impl EntryUpsert {
    /// Creates an upsert of `entry`; `size` (in bytes) and `modified` are those of its file.
    pub fn new(entry: NewEntry, size: u64, modified: Option<DateTime<Utc>>) -> EntryUpsert {
        EntryUpsert {
            entry,
            size,
            modified_millis: modified.map_or(0, |at| at.timestamp_millis()),
            known_id: None,
            link_key: None,
            archives_text: true,
        }
    }

    /// Sets the stored entry that this upsert updates, although its guid has changed: a file was
    /// moved, or a publisher changed the guid.
    #[must_use]
    pub fn with_known_id(mut self, id: EntryId) -> EntryUpsert {
        self.known_id = Some(id);
        self
    }

    /// Sets the link key: the URL of the article without its changing parts. It identifies an entry
    /// whose guid has changed.
    #[must_use]
    pub fn with_link_key(mut self, link_key: Option<String>) -> EntryUpsert {
        self.link_key = link_key;
        self
    }

    /// Replaces the stored text without keeping it as an earlier version: what changed is a counter
    /// or an advertisement.
    #[must_use]
    pub fn without_archiving(mut self) -> EntryUpsert {
        self.archives_text = false;
        self
    }

    /// Returns the digest of the content.
    pub fn digest(&self) -> u64 {
        self.entry.digest
    }

    /// Returns the URL of the article's web page.
    pub fn link(&self) -> Option<&str> {
        self.entry.link.as_deref()
    }

    /// Returns the text of the entry.
    pub fn body(&self) -> &EntryBody {
        &self.entry.body
    }

    /// Returns the guid that identifies the entry in its feed.
    pub fn guid(&self) -> &str {
        &self.entry.guid
    }
}

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

/// The number of entries that a batch inserted and updated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IngestCounts {
    /// Number of inserted entries.
    pub new: usize,
    /// Number of updated entries.
    pub changed: usize,
}

/// The state of an article file at the last refresh.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFingerprint {
    /// The entry of the file.
    pub entry: EntryId,
    /// The guid of the entry: the path within the folder.
    pub guid: String,
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
        visit: &mut dyn FnMut(&FileFingerprint),
    ) -> Result<(), StoreError> {
        let mut read = || -> rusqlite::Result<()> {
            let sql =
                "SELECT id, guid, digest, size, modified, missing FROM entries WHERE feed = ?1";
            let mut statement = self.db.prepare_cached(sql)?;
            let files = statement.query_map([feed.0], |row| {
                Ok(FileFingerprint {
                    entry: EntryId(row.get(0)?),
                    guid: row.get(1)?,
                    digest: row.get::<_, i64>(2)?.cast_unsigned(),
                    size: row.get(3)?,
                    modified_millis: row.get(4)?,
                    was_missing: row.get(5)?,
                })
            })?;
            // A file whose name is damaged is read again.
            collect_readable(files.map(|file| file.map(|file| visit(&file))))
        };
        read().map_err(StoreError::during("read the known files of the folder"))
    }
}

impl WriteConnection {
    /// Stores a batch in one transaction.
    pub fn ingest_batch(
        &mut self,
        batch: &IngestBatch,
        now: DateTime<Utc>,
    ) -> Result<IngestCounts, StoreError> {
        let mut run = || -> rusqlite::Result<IngestCounts> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let counts = upsert_entries(&transaction, batch.feed, &batch.upserts, now)?;
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

/// Stores entries of a feed within the caller's transaction.
pub(super) fn upsert_entries(
    db: &Connection,
    feed: FeedId,
    upserts: &[EntryUpsert],
    now: DateTime<Utc>,
) -> rusqlite::Result<IngestCounts> {
    let mut counts = IngestCounts::default();
    let muted = db
        .prepare_cached("SELECT muted FROM feeds WHERE id = ?1")?
        .query_row([feed.0], |row| row.get(0))?;
    let mut compressor = TextCompressor::new();
    for upsert in upserts {
        match upsert_entry(db, feed, upsert, (now, &mut compressor), muted)? {
            UpsertOutcome::Inserted => counts.new += 1,
            UpsertOutcome::Updated => counts.changed += 1,
        }
    }
    Ok(counts)
}

/// The effect of one upsert.
enum UpsertOutcome {
    Inserted,
    Updated,
}

/// Inserts an entry, or updates the stored one with the same guid. In a muted feed, new entries are
/// stored as read.
fn upsert_entry(
    db: &Connection,
    feed: FeedId,
    upsert: &EntryUpsert,
    (now, compressor): (DateTime<Utc>, &mut TextCompressor),
    muted: bool,
) -> rusqlite::Result<UpsertOutcome> {
    let guid = &upsert.entry.guid;
    if let Some(id) = upsert.known_id {
        db.prepare_cached("UPDATE OR IGNORE entries SET guid = ?2 WHERE id = ?1")?
            .execute(params![id.0, guid])?;
    }
    let stored_id = db
        .prepare_cached("SELECT id FROM entries WHERE feed = ?1 AND guid = ?2")?
        .query_row(params![feed.0, guid], |row| row.get::<_, i64>(0))
        .optional()?;
    if let Some(id) = stored_id
        && archive_version(db, id, upsert, now)?
    {
        full_text::delete_full_text(db, id)?;
    }
    let id = write_entry_row(db, feed, upsert, now)?;
    write_body(db, id, upsert, compressor)?;
    if let Some(article) = &upsert.entry.page_article {
        full_text::insert_page_article(db, id, upsert.entry.link.as_deref(), article, now)?;
    }
    if muted && stored_id.is_none() {
        db.prepare_cached("UPDATE entries SET read = 1 WHERE id = ?1")?.execute([id])?;
        state_pages::refresh_bitmaps(db, &[EntryId(id)])?;
    }
    Ok(if stored_id.is_some() { UpsertOutcome::Updated } else { UpsertOutcome::Inserted })
}

/// Stores the current title and body as an earlier version if `upsert` changes them. Returns
/// whether it does.
fn archive_version(
    db: &Connection,
    id: i64,
    upsert: &EntryUpsert,
    now: DateTime<Utc>,
) -> rusqlite::Result<bool> {
    let sql = "SELECT e.title, b.format, b.text FROM entries e JOIN bodies b ON b.entry = e.id WHERE e.id = ?1";
    let read_stored = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(String, String, String)> {
        Ok((row.get(0)?, row.get(1)?, TextDecompressor::new().decompress(row.get_ref(2)?)?))
    };
    // A damaged text is replaced, and is no version worth keeping.
    let stored = readable_row(db.prepare_cached(sql)?.query_row([id], read_stored).optional())?;
    let Some((title, format, text)) = stored else { return Ok(false) };
    let entry = &upsert.entry;
    if !upsert.archives_text || title == entry.title && text == entry.body.text {
        return Ok(false);
    }
    versions::insert_version(db, id, now, (&title, &format, &text))?;
    Ok(true)
}

/// Writes the row of an entry and returns its id. Of a stored entry, the id, read and starred
/// state, and reading position stay.
fn write_entry_row(
    db: &Connection,
    feed: FeedId,
    upsert: &EntryUpsert,
    now: DateTime<Utc>,
) -> rusqlite::Result<i64> {
    let entry = &upsert.entry;
    let sql = "INSERT INTO entries (feed, guid, digest, size, modified, title, link, author, tags, published,
               day_only, link_key, attached, arrived)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
               ON CONFLICT (feed, guid) DO UPDATE SET digest = excluded.digest, size = excluded.size,
               modified = excluded.modified, missing = 0, title = excluded.title, link = excluded.link,
               author = excluded.author, tags = excluded.tags, published = excluded.published,
               day_only = excluded.day_only, link_key = excluded.link_key, attached = excluded.attached
               RETURNING id";
    let attachments_json = (!entry.attachments.is_empty()).then(|| {
        serde_json::to_string(&entry.attachments).expect("strings and numbers serialize to JSON")
    });
    let values = params![
        feed.0,
        entry.guid,
        entry.digest.cast_signed(),
        upsert.size,
        upsert.modified_millis,
        entry.title,
        entry.link,
        entry.author,
        entry.tags.join(" "),
        column_values::publication_seconds(entry.published),
        column_values::date_kind(entry.published),
        upsert.link_key,
        attachments_json,
        now.timestamp(),
    ];
    db.prepare_cached(sql)?.query_row(values, |row| row.get(0))
}

/// Writes the body of an entry, compressed.
fn write_body(
    db: &Connection,
    id: i64,
    upsert: &EntryUpsert,
    compressor: &mut TextCompressor,
) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO bodies (entry, format, text) VALUES (?1, ?2, ?3)
               ON CONFLICT (entry) DO UPDATE SET format = excluded.format, text = excluded.text";
    let body = &upsert.entry.body;
    db.prepare_cached(sql)?.execute(params![
        id,
        column_values::body_format_name(body.format),
        compressor.compress(&body.text)
    ])
}
