//! What a refresh brings: entries, changed entries, and files that are gone. One transaction per batch.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    ReadConnection, StoreError, WriteConnection, column_values,
    compression::{TextCompressor, TextDecompressor},
    full_text, preferences, state_bitmaps,
};
use crate::model::{EntryId, FeedId, NewEntry, PublicationDate};

/// An entry ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryUpsert {
    entry: NewEntry,
    size: u64,
    modified_millis: i64,
    known_id: Option<EntryId>,
    link_key: Option<String>,
}

impl EntryUpsert {
    /// `entry`, of a file of `size` bytes that was `modified` then.
    pub fn new(entry: NewEntry, size: u64, modified: Option<DateTime<Utc>>) -> EntryUpsert {
        EntryUpsert {
            entry,
            size,
            modified_millis: modified.map_or(0, |at| at.timestamp_millis()),
            known_id: None,
            link_key: None,
        }
    }

    /// It was known by another guid, because a file was moved or a publisher changed its mind: `id` is what it was
    /// stored as.
    #[must_use]
    pub fn with_known_id(mut self, id: EntryId) -> EntryUpsert {
        self.known_id = Some(id);
        self
    }

    /// The address of the original without what changes in it: tells the entry where its guid has changed.
    #[must_use]
    pub fn with_link_key(mut self, link_key: Option<String>) -> EntryUpsert {
        self.link_key = link_key;
        self
    }

    /// The digest of its content.
    pub fn digest(&self) -> u64 {
        self.entry.digest
    }

    /// The address of the original.
    pub fn link(&self) -> Option<&str> {
        self.entry.link.as_deref()
    }

    /// What identifies it within its feed.
    pub fn guid(&self) -> &str {
        &self.entry.guid
    }
}

/// What one refresh of one feed brings, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IngestBatch {
    /// The feed.
    pub feed: FeedId,
    /// New and changed entries.
    pub upserts: Vec<EntryUpsert>,
    /// Entries whose files are gone; they are kept, and marked.
    pub missing_files: Vec<EntryId>,
}

/// What a batch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct IngestCounts {
    /// Entries that were not there before.
    pub new: usize,
    /// Entries that were, and changed.
    pub changed: usize,
}

/// A file as the last refresh saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFingerprint {
    /// Its entry.
    pub entry: EntryId,
    /// Its path within the folder.
    pub guid: String,
    /// Digest of its content.
    pub digest: u64,
    /// Bytes.
    pub size: u64,
    /// Milliseconds since 1970.
    pub modified_millis: i64,
    /// It was gone at the last refresh.
    pub was_missing: bool,
}

impl ReadConnection {
    /// The files of a folder as the last refresh saw them.
    pub fn list_file_fingerprints(&self, feed: FeedId) -> Result<Vec<FileFingerprint>, StoreError> {
        let read = || -> rusqlite::Result<Vec<FileFingerprint>> {
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
            files.collect()
        };
        read().map_err(StoreError::during("read what it knows of the folder"))
    }
}

impl WriteConnection {
    /// Stores a batch, whole or not at all.
    pub fn ingest_batch(
        &mut self,
        batch: &IngestBatch,
        now: DateTime<Utc>,
    ) -> Result<IngestCounts, StoreError> {
        let mut run = || -> rusqlite::Result<IngestCounts> {
            let transaction = self.db.transaction()?;
            let done = upsert_entries(&transaction, batch.feed, &batch.upserts, now)?;
            for id in &batch.missing_files {
                transaction
                    .prepare_cached("UPDATE entries SET missing = 1 WHERE id = ?1")?
                    .execute([id.0])?;
            }
            preferences::bump_generation(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(StoreError::during("store the articles"))
    }
}

/// Stores entries of a feed within a transaction.
pub(super) fn upsert_entries(
    db: &Connection,
    feed: FeedId,
    arrivals: &[EntryUpsert],
    now: DateTime<Utc>,
) -> rusqlite::Result<IngestCounts> {
    let mut done = IngestCounts::default();
    let muted = db
        .prepare_cached("SELECT muted FROM feeds WHERE id = ?1")?
        .query_row([feed.0], |row| row.get(0))?;
    let mut packer = TextCompressor::new();
    for arrival in arrivals {
        match upsert_entry(db, feed, arrival, (now, &mut packer), muted)? {
            UpsertOutcome::Inserted => done.new += 1,
            UpsertOutcome::Updated => done.changed += 1,
        }
    }
    Ok(done)
}

enum UpsertOutcome {
    Inserted,
    Updated,
}

fn upsert_entry(
    db: &Connection,
    feed: FeedId,
    arrival: &EntryUpsert,
    (now, packer): (DateTime<Utc>, &mut TextCompressor),
    muted: bool,
) -> rusqlite::Result<UpsertOutcome> {
    let guid = &arrival.entry.guid;
    if let Some(id) = arrival.known_id {
        db.prepare_cached("UPDATE OR IGNORE entries SET guid = ?2 WHERE id = ?1")?
            .execute(params![id.0, guid])?;
    }
    let known = db
        .prepare_cached("SELECT id FROM entries WHERE feed = ?1 AND guid = ?2")?
        .query_row(params![feed.0, guid], |row| row.get::<_, i64>(0))
        .optional()?;
    if let Some(id) = known
        && archive_version(db, id, arrival, now)?
    {
        full_text::delete_full_text(db, id)?;
    }
    let id = write_entry_row(db, feed, arrival, now)?;
    write_body(db, id, arrival, packer)?;
    if let Some(article) = &arrival.entry.page_article {
        full_text::insert_page_article(db, id, arrival.entry.link.as_deref(), article, now)?;
    }
    if muted && known.is_none() {
        db.prepare_cached("UPDATE entries SET read = 1 WHERE id = ?1")?.execute([id])?;
        state_bitmaps::refresh_bitmaps(db, &[id])?;
    }
    Ok(if known.is_some() { UpsertOutcome::Updated } else { UpsertOutcome::Inserted })
}

/// What an entry said before it was edited stays readable. Tells whether it says something else now.
fn archive_version(
    db: &Connection,
    id: i64,
    arrival: &EntryUpsert,
    now: DateTime<Utc>,
) -> rusqlite::Result<bool> {
    let sql = "SELECT e.title, b.format, b.text FROM entries e JOIN bodies b ON b.entry = e.id WHERE e.id = ?1";
    let before = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(String, String, String)> {
        Ok((row.get(0)?, row.get(1)?, TextDecompressor::new().decompress(row.get_ref(2)?)?))
    };
    let Some((title, format, text)) = db.prepare_cached(sql)?.query_row([id], before).optional()?
    else {
        return Ok(false);
    };
    let entry = &arrival.entry;
    if title == entry.title && text == entry.body.text {
        return Ok(false);
    }
    let sql = "INSERT INTO versions (entry, at, title, format, text) VALUES (?1, ?2, ?3, ?4, ?5)";
    db.prepare_cached(sql)?.execute(params![id, now.timestamp(), title, format, text])?;
    Ok(true)
}

/// Writes what the entry is now; number, state and place stay. Gives its number.
fn write_entry_row(
    db: &Connection,
    feed: FeedId,
    arrival: &EntryUpsert,
    now: DateTime<Utc>,
) -> rusqlite::Result<i64> {
    let entry = &arrival.entry;
    let sql = "INSERT INTO entries (feed, guid, digest, size, modified, title, link, author, tags, published,
               day_only, link_key, attached, arrived)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
               ON CONFLICT (feed, guid) DO UPDATE SET digest = excluded.digest, size = excluded.size,
               modified = excluded.modified, missing = 0, title = excluded.title, link = excluded.link,
               author = excluded.author, tags = excluded.tags, published = excluded.published,
               day_only = excluded.day_only, link_key = excluded.link_key, attached = excluded.attached
               RETURNING id";
    let attached = (!entry.attachments.is_empty()).then(|| {
        serde_json::to_string(&entry.attachments).expect("texts and numbers are always JSON")
    });
    let values = params![
        feed.0,
        entry.guid,
        arrival.entry.digest.cast_signed(),
        arrival.size,
        arrival.modified_millis,
        entry.title,
        entry.link,
        entry.author,
        entry.tags.join(" "),
        column_values::publication_seconds(entry.published),
        matches!(entry.published, PublicationDate::Day(_)),
        arrival.link_key,
        attached,
        now.timestamp(),
    ];
    db.prepare_cached(sql)?.query_row(values, |row| row.get(0))
}

fn write_body(
    db: &Connection,
    id: i64,
    arrival: &EntryUpsert,
    packer: &mut TextCompressor,
) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO bodies (entry, format, text) VALUES (?1, ?2, ?3)
               ON CONFLICT (entry) DO UPDATE SET format = excluded.format, text = excluded.text";
    let body = &arrival.entry.body;
    db.prepare_cached(sql)?.execute(params![
        id,
        column_values::body_format_name(body.format),
        packer.compress(&body.text)
    ])
}
