//! What a refresh brings: entries, changed entries, and files that are gone. One transaction per batch.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{
    Reader, Store, StoreError, kept, originals,
    packed::{Packer, Unpacker},
    row, states,
};
use crate::model::{EntryId, FeedId, NewEntry, Stamp};

/// An entry ready to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrival {
    entry: NewEntry,
    size: u64,
    modified: i64,
    replaces: Option<EntryId>,
    link_key: Option<String>,
}

impl Arrival {
    /// `entry`, of a file of `size` bytes that was `modified` then.
    pub fn new(entry: NewEntry, size: u64, modified: Option<DateTime<Utc>>) -> Arrival {
        Arrival {
            entry,
            size,
            modified: modified.map_or(0, |at| at.timestamp_millis()),
            replaces: None,
            link_key: None,
        }
    }

    /// It was known by another guid, because a file was moved or a publisher changed its mind: `id` is what it was
    /// stored as.
    #[must_use]
    pub fn known_as(mut self, id: EntryId) -> Arrival {
        self.replaces = Some(id);
        self
    }

    /// The address of the original without what changes in it: tells the entry where its guid has changed.
    #[must_use]
    pub fn found_at(mut self, link_key: Option<String>) -> Arrival {
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
pub struct Batch {
    /// The feed.
    pub feed: FeedId,
    /// New and changed entries.
    pub arrivals: Vec<Arrival>,
    /// Entries whose files are gone; they are kept, and marked.
    pub missing: Vec<EntryId>,
}

/// What a batch did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ingested {
    /// Entries that were not there before.
    pub new: usize,
    /// Entries that were, and changed.
    pub changed: usize,
}

/// A file as the last refresh saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownFile {
    /// Its entry.
    pub id: EntryId,
    /// Its path within the folder.
    pub guid: String,
    /// Digest of its content.
    pub digest: u64,
    /// Bytes.
    pub size: u64,
    /// Milliseconds since 1970.
    pub modified: i64,
    /// It was gone at the last refresh.
    pub missing: bool,
}

impl Reader {
    /// The files of a folder as the last refresh saw them.
    pub fn known_files(&self, feed: FeedId) -> Result<Vec<KnownFile>, StoreError> {
        let read = || -> rusqlite::Result<Vec<KnownFile>> {
            let sql = "SELECT id, guid, digest, size, modified, missing FROM entries WHERE feed = ?1";
            let mut statement = self.db.prepare_cached(sql)?;
            let files = statement.query_map([feed.0], |row| {
                Ok(KnownFile {
                    id: EntryId(row.get(0)?),
                    guid: row.get(1)?,
                    digest: row.get::<_, i64>(2)?.cast_unsigned(),
                    size: row.get(3)?,
                    modified: row.get(4)?,
                    missing: row.get(5)?,
                })
            })?;
            files.collect()
        };
        read().map_err(StoreError::during("read what it knows of the folder"))
    }
}

impl Store {
    /// Stores a batch, whole or not at all.
    pub fn ingest(&mut self, batch: &Batch, now: DateTime<Utc>) -> Result<Ingested, StoreError> {
        let mut run = || -> rusqlite::Result<Ingested> {
            let transaction = self.db.transaction()?;
            let done = arrivals(&transaction, batch.feed, &batch.arrivals, now)?;
            for id in &batch.missing {
                transaction
                    .prepare_cached("UPDATE entries SET missing = 1 WHERE id = ?1")?
                    .execute([id.0])?;
            }
            kept::next_generation(&transaction)?;
            transaction.commit()?;
            Ok(done)
        };
        run().map_err(StoreError::during("store the articles"))
    }
}

/// Stores entries of a feed within a transaction.
pub(super) fn arrivals(
    db: &Connection,
    feed: FeedId,
    arrivals: &[Arrival],
    now: DateTime<Utc>,
) -> rusqlite::Result<Ingested> {
    let mut done = Ingested::default();
    let muted =
        db.prepare_cached("SELECT muted FROM feeds WHERE id = ?1")?.query_row([feed.0], |row| row.get(0))?;
    let mut packer = Packer::new();
    for arrival in arrivals {
        match store(db, feed, arrival, (now, &mut packer), muted)? {
            Stored::New => done.new += 1,
            Stored::Changed => done.changed += 1,
        }
    }
    Ok(done)
}

enum Stored {
    New,
    Changed,
}

fn store(
    db: &Connection,
    feed: FeedId,
    arrival: &Arrival,
    (now, packer): (DateTime<Utc>, &mut Packer),
    muted: bool,
) -> rusqlite::Result<Stored> {
    let guid = &arrival.entry.guid;
    if let Some(id) = arrival.replaces {
        db.prepare_cached("UPDATE OR IGNORE entries SET guid = ?2 WHERE id = ?1")?
            .execute(params![id.0, guid])?;
    }
    let known = db
        .prepare_cached("SELECT id FROM entries WHERE feed = ?1 AND guid = ?2")?
        .query_row(params![feed.0, guid], |row| row.get::<_, i64>(0))
        .optional()?;
    if let Some(id) = known
        && keep_version(db, id, arrival, now)?
    {
        originals::forget(db, id)?;
    }
    let id = upsert(db, feed, arrival, now)?;
    body(db, id, arrival, packer)?;
    if let Some(article) = &arrival.entry.article {
        originals::store(db, id, arrival.entry.link.as_deref(), article, now)?;
    }
    if muted && known.is_none() {
        db.prepare_cached("UPDATE entries SET read = 1 WHERE id = ?1")?.execute([id])?;
        states::note(db, &[id])?;
    }
    Ok(if known.is_some() { Stored::Changed } else { Stored::New })
}

/// What an entry said before it was edited stays readable. Tells whether it says something else now.
fn keep_version(db: &Connection, id: i64, arrival: &Arrival, now: DateTime<Utc>) -> rusqlite::Result<bool> {
    let sql =
        "SELECT e.title, b.format, b.text FROM entries e JOIN bodies b ON b.entry = e.id WHERE e.id = ?1";
    let before = |row: &rusqlite::Row<'_>| -> rusqlite::Result<(String, String, String)> {
        Ok((row.get(0)?, row.get(1)?, Unpacker::new().unpack(row.get_ref(2)?)?))
    };
    let Some((title, format, text)) = db.prepare_cached(sql)?.query_row([id], before).optional()? else {
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
fn upsert(db: &Connection, feed: FeedId, arrival: &Arrival, now: DateTime<Utc>) -> rusqlite::Result<i64> {
    let entry = &arrival.entry;
    let sql = "INSERT INTO entries (feed, guid, digest, size, modified, title, link, author, tags, published,
               day_only, link_key, attached, arrived)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)
               ON CONFLICT (feed, guid) DO UPDATE SET digest = excluded.digest, size = excluded.size,
               modified = excluded.modified, missing = 0, title = excluded.title, link = excluded.link,
               author = excluded.author, tags = excluded.tags, published = excluded.published,
               day_only = excluded.day_only, link_key = excluded.link_key, attached = excluded.attached
               RETURNING id";
    let attached = (!entry.attached.is_empty())
        .then(|| serde_json::to_string(&entry.attached).expect("texts and numbers are always JSON"));
    let values = params![
        feed.0,
        entry.guid,
        arrival.entry.digest.cast_signed(),
        arrival.size,
        arrival.modified,
        entry.title,
        entry.link,
        entry.author,
        entry.tags.join(" "),
        row::seconds(entry.published),
        matches!(entry.published, Stamp::Day(_)),
        arrival.link_key,
        attached,
        now.timestamp(),
    ];
    db.prepare_cached(sql)?.query_row(values, |row| row.get(0))
}

fn body(db: &Connection, id: i64, arrival: &Arrival, packer: &mut Packer) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO bodies (entry, format, text) VALUES (?1, ?2, ?3)
               ON CONFLICT (entry) DO UPDATE SET format = excluded.format, text = excluded.text";
    let body = &arrival.entry.body;
    db.prepare_cached(sql)?.execute(params![id, row::format_name(body.format), packer.pack(&body.text)])
}
