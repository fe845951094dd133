//! Storing entries: new ones, changed ones, and marks on entries whose files are missing. One
//! transaction per batch.
//!
//! Start with [`WriteConnection::ingest_batch`]; refreshes of web feeds come through
//! `feed_update.rs`.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::{
    ReadConnection, StoreError, WriteConnection,
    column_values::{self, ABSENT_TEXT_FORMAT},
    compression::{TextCompressor, TextDecompressor},
    copies::{KINDS_WITH_URLS, leave_group, refresh_groups, stored_copy_key},
    dropped_entries::DropState,
    full_text, preferences,
    readable_rows::{collect_readable, readable_row},
    rule_acts::{self, ActsOfRule, PendingAct},
    shared_marks, state_pages, text_copies, trash, unseen_edits, versions,
    write_transaction::WriteTransaction,
};
use crate::model::{EntryBody, EntryId, FeedId, NewEntry, PublicationDate, RuleAct};

/// An entry to be inserted or updated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryUpsert {
    entry: NewEntry,
    size: u64,
    modified_millis: i64,
    known_id: Option<EntryId>,
    link_key: Option<String>,
    archives_text: bool,
    leaves_trash: bool,
    is_update: bool,
    rule_acts: Vec<Arc<RuleAct>>,
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
            leaves_trash: false,
            is_update: false,
            rule_acts: Vec::new(),
        }
    }

    /// Sets the stored entry that this upsert updates, although its guid has changed: a file was
    /// moved, or a publisher changed the guid.
    #[must_use]
    pub fn with_known_id(mut self, id: EntryId) -> EntryUpsert {
        self.known_id = Some(id);
        self.as_update()
    }

    /// Notes that the entry is stored already.
    #[must_use]
    pub fn as_update(mut self) -> EntryUpsert {
        self.is_update = true;
        self
    }

    /// Sets what rules do to the entry when it is stored.
    pub fn set_rule_acts(&mut self, acts: Vec<Arc<RuleAct>>) {
        self.rule_acts = acts;
    }

    /// Returns what rules do to the entry.
    pub fn rule_acts(&self) -> &[Arc<RuleAct>] {
        &self.rule_acts
    }

    /// Returns whether the entry is stored already.
    pub fn is_update(&self) -> bool {
        self.is_update
    }

    /// Returns whether the entry is new or edited, and not one in which a counter has changed.
    pub fn is_new_version(&self) -> bool {
        !self.is_update || self.archives_text
    }

    /// Returns the entry.
    pub fn entry(&self) -> &NewEntry {
        &self.entry
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

    /// Brings the entry back if it was removed: the user asked for it again.
    #[must_use]
    pub fn leaving_trash(mut self) -> EntryUpsert {
        self.leaves_trash = true;
        self
    }

    /// Sets the day of publication of an entry whose time is not known.
    #[must_use]
    pub fn published_on(mut self, day: NaiveDate) -> EntryUpsert {
        self.entry.published = PublicationDate::Day(day);
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

/// The effect of a batch: the number of entries that it inserted and updated, and the acts of rules.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IngestOutcome {
    /// Number of inserted entries.
    pub new: usize,
    /// The inserted entries.
    pub new_ids: Vec<EntryId>,
    /// The entries that had been dropped, and are back.
    pub returned_ids: Vec<EntryId>,
    /// Number of updated entries.
    pub changed: usize,
    /// The acts of rules on them.
    pub acts: Vec<ActsOfRule>,
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
            let (compressor, mut acts) = (&mut TextCompressor::new(), Vec::new());
            let writer = (now, compressor);
            let mut counts =
                upsert_entries(&transaction, batch.feed, &batch.upserts, writer, &mut acts)?;
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

/// Stores entries by feed, as [`upsert_entries`] does those of one.
pub(super) fn upsert_by_feed(
    db: &Connection,
    upserts: &[(FeedId, Vec<EntryUpsert>)],
    now: DateTime<Utc>,
    acts: &mut Vec<PendingAct>,
) -> rusqlite::Result<IngestOutcome> {
    let (mut counts, mut compressor) = (IngestOutcome::default(), TextCompressor::new());
    for (feed, upserts) in upserts {
        let stored = upsert_entries(db, *feed, upserts, (now, &mut compressor), acts)?;
        counts.new += stored.new;
        counts.new_ids.extend(stored.new_ids);
        counts.returned_ids.extend(stored.returned_ids);
        counts.changed += stored.changed;
    }
    Ok(counts)
}

/// Stores entries of a feed within the caller's transaction, and queues them for the index. Adds to
/// `acts` what rules are to do to them.
pub(super) fn upsert_entries(
    db: &Connection,
    feed: FeedId,
    upserts: &[EntryUpsert],
    (now, compressor): (DateTime<Utc>, &mut TextCompressor),
    acts: &mut Vec<PendingAct>,
) -> rusqlite::Result<IngestOutcome> {
    let mut counts = IngestOutcome::default();
    let target = IngestTarget::load(db, feed)?;
    let mut ids = Vec::with_capacity(upserts.len());
    for upsert in upserts {
        let (id, outcome) = upsert_entry(db, target, upsert, (now, compressor))?;
        match outcome {
            UpsertOutcome::Inserted => {
                counts.new += 1;
                counts.new_ids.push(EntryId(id));
            }
            UpsertOutcome::BroughtBack => counts.returned_ids.push(EntryId(id)),
            UpsertOutcome::Updated => counts.changed += 1,
            UpsertOutcome::LeftOut => continue,
        }
        ids.push(id);
        let version = upsert.digest();
        let pending =
            |act: &Arc<RuleAct>| PendingAct { act: Arc::clone(act), entry: EntryId(id), version };
        acts.extend(upsert.rule_acts.iter().map(pending));
        if !upsert.is_new_version() {
            rule_acts::carry_over(db, EntryId(id), version)?;
        }
    }
    if !ids.is_empty() {
        queue_for_index(db, &ids)?;
    }
    if counts.new > 0 {
        count_new_entries(db, feed, counts.new)?;
    }
    counts.new += counts.returned_ids.len();
    Ok(counts)
}

/// The feed that entries are stored in.
#[derive(Clone, Copy)]
struct IngestTarget {
    feed: FeedId,
    /// New entries are stored as read.
    is_muted: bool,
    /// The articles are at URLs, so that other feeds may bring them as well.
    has_urls: bool,
}

impl IngestTarget {
    fn load(db: &Connection, feed: FeedId) -> rusqlite::Result<IngestTarget> {
        let sql = format!("SELECT muted, kind IN {KINDS_WITH_URLS} FROM feeds WHERE id = ?1");
        db.prepare_cached(&sql)?.query_row([feed.0], |row| {
            Ok(IngestTarget { feed, is_muted: row.get(0)?, has_urls: row.get(1)? })
        })
    }

    /// Returns the key by which an entry is recognized in other feeds.
    fn copy_key(self, entry: &NewEntry) -> Option<i64> {
        self.has_urls.then(|| stored_copy_key(entry.link.as_deref(), &entry.guid)).flatten()
    }
}

/// Adds new entries, of which none is starred, to the counts of their feed. Those of a muted feed have
/// been subtracted from its unread ones when they were marked as read.
fn count_new_entries(db: &Connection, feed: FeedId, count: usize) -> rusqlite::Result<usize> {
    let sql = "UPDATE feeds SET total = total + ?2, unread = unread + ?2 WHERE id = ?1";
    db.prepare_cached(sql)?.execute(params![feed.0, count])
}

/// The effect of one upsert.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum UpsertOutcome {
    Inserted,
    Updated,
    /// The entry had been dropped from the trash; it is as a new one, but was counted before.
    BroughtBack,
    /// The user removed the entry, and it was dropped: it stays so.
    LeftOut,
}

/// Queues the texts of entries for the index: in one statement, because each looks up and stores the last id
/// of the queue.
fn queue_for_index(db: &Connection, ids: &[i64]) -> rusqlite::Result<usize> {
    let ids_json = serde_json::to_string(ids).expect("numbers serialize to JSON");
    db.prepare_cached("INSERT INTO text_changes (entry) SELECT value FROM json_each(?1)")?
        .execute([ids_json])
}

/// Inserts an entry, or updates the stored one with the same guid; returns its id. In a muted feed, new
/// entries are stored as read. What the user removed does not come back.
fn upsert_entry(
    db: &Connection,
    target: IngestTarget,
    upsert: &EntryUpsert,
    (now, compressor): (DateTime<Utc>, &mut TextCompressor),
) -> rusqlite::Result<(i64, UpsertOutcome)> {
    let guid = &upsert.entry.guid;
    if let Some(id) = upsert.known_id {
        db.prepare_cached("UPDATE OR IGNORE entries SET guid = ?2 WHERE id = ?1")?
            .execute(params![id.0, guid])?;
    }
    let own_key = target.copy_key(&upsert.entry);
    let key = text_copies::key_of_new(db, own_key)?;
    let (id, outcome) = match insert_entry_row(db, (target.feed, key), upsert, now)? {
        Some(id) => {
            text_copies::note_new(db, EntryId(id), (own_key, key))?;
            (id, UpsertOutcome::Inserted)
        }
        None => update_entry(db, (target.feed, own_key), upsert, now)?,
    };
    if outcome == UpsertOutcome::LeftOut {
        return Ok((id, outcome));
    }
    write_body(db, id, upsert, compressor)?;
    if let Some(article) = &upsert.entry.page_article {
        full_text::insert_page_article(db, id, upsert.entry.link.as_deref(), article, now)?;
    }
    if target.is_muted && outcome != UpsertOutcome::Updated {
        db.prepare_cached("UPDATE entries SET read = 1 WHERE id = ?1")?.execute([id])?;
        state_pages::refresh_bitmaps(db, &[EntryId(id)])?;
    }
    let key = match outcome {
        UpsertOutcome::Inserted => key,
        UpsertOutcome::BroughtBack => text_copies::load_key(db, EntryId(id))?,
        UpsertOutcome::Updated | UpsertOutcome::LeftOut => None,
    };
    match key {
        // Its copies may be in the trash, from which the user has called it.
        Some(key) if upsert.leaves_trash => refresh_groups(db, [key])?,
        Some(key) => shared_marks::join_group(db, EntryId(id), key, now)?,
        None => {}
    }
    Ok((id, outcome))
}

/// Updates the row of the stored entry with the guid of `upsert`, after its text was kept as an earlier
/// version if it changes; returns its id. Read and starred state, and the reading position, stay.
fn update_entry(
    db: &Connection,
    (feed, own_key): (FeedId, Option<i64>),
    upsert: &EntryUpsert,
    now: DateTime<Utc>,
) -> rusqlite::Result<(i64, UpsertOutcome)> {
    let sql = "SELECT id, dropped, copy_key FROM entries WHERE feed = ?1 AND guid = ?2";
    let read_row = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let (id, dropped, old_key): (i64, i64, Option<i64>) =
        db.prepare_cached(sql)?.query_row(params![feed.0, upsert.entry.guid], read_row)?;
    let dropped = DropState::from_column(dropped);
    if dropped == DropState::Removed && !upsert.leaves_trash {
        note_left_out(db, id, upsert)?;
        return Ok((id, UpsertOutcome::LeftOut));
    }
    if dropped != DropState::Kept || upsert.leaves_trash {
        trash::bring_back(db, EntryId(id), dropped, now)?;
    }
    if archive_version(db, id, upsert, now)? {
        full_text::delete_full_text(db, id)?;
    }
    let key = text_copies::key_of_stored(db, EntryId(id), own_key)?;
    let sql = "UPDATE entries SET digest = ?3, size = ?4, modified = ?5, missing = 0, title = ?6, link = ?7,
               author = ?8, tags = ?9, published = ?10, day_only = ?11, link_key = ?12, attached = ?13,
               arrived = coalesce(?14, arrived), copy_key = ?15 WHERE feed = ?1 AND guid = ?2";
    execute_with_columns(db, sql, (feed, key), upsert, None)?;
    let is_kept = dropped == DropState::Kept;
    if old_key != key {
        leave_group(db, EntryId(id))?;
        refresh_groups(db, old_key)?;
        match key {
            Some(key) if is_kept && !upsert.leaves_trash => {
                shared_marks::join_group_as_edited(db, EntryId(id), key, now)?;
            }
            key => refresh_groups(db, key)?,
        }
    }
    Ok((id, if is_kept { UpsertOutcome::Updated } else { UpsertOutcome::BroughtBack }))
}

/// Stores of an entry that was dropped what the next refresh compares, so that it is left out there.
fn note_left_out(db: &Connection, id: i64, upsert: &EntryUpsert) -> rusqlite::Result<()> {
    let sql = "UPDATE entries SET digest = ?2, size = ?3, modified = ?4, missing = 0,
               link_key = coalesce(?5, link_key) WHERE id = ?1";
    let digest = upsert.entry.digest.cast_signed();
    let values = params![id, digest, upsert.size, upsert.modified_millis, upsert.link_key];
    db.prepare_cached(sql)?.execute(values).map(drop)
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
    // A library that was restored had no text.
    if format == ABSENT_TEXT_FORMAT {
        return Ok(false);
    }
    if !upsert.archives_text || title == entry.title && text == entry.body.text {
        return Ok(false);
    }
    let entry_id = EntryId(id);
    let was_read = unseen_edits::note_edit(db, entry_id)?;
    versions::insert_version(db, entry_id, now, (&title, &format, &text, was_read))?;
    if !was_read && versions::is_read_version(db, entry_id, (&entry.title, &entry.body.text))? {
        unseen_edits::take_back_edit(db, entry_id)?;
    }
    Ok(true)
}

/// Inserts the row of an entry and returns its id; `None` if the feed has an entry with this guid.
///
/// Neither looked for before nor returned by SQL: most entries are new, and each statement costs.
fn insert_entry_row(
    db: &Connection,
    source: (FeedId, Option<i64>),
    upsert: &EntryUpsert,
    now: DateTime<Utc>,
) -> rusqlite::Result<Option<i64>> {
    let sql = "INSERT INTO entries (feed, guid, digest, size, modified, title, link, author, tags, published,
               day_only, link_key, attached, arrived, copy_key)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)
               ON CONFLICT (feed, guid) DO NOTHING";
    let row_count = execute_with_columns(db, sql, source, upsert, Some(now))?;
    Ok((row_count > 0).then(|| db.last_insert_rowid()))
}

/// Executes a statement on the columns of an entry: feed, guid and the key of copies, the columns that an update changes,
/// and the time of arrival, if it is to be set.
fn execute_with_columns(
    db: &Connection,
    sql: &str,
    (feed, key): (FeedId, Option<i64>),
    upsert: &EntryUpsert,
    arrived: Option<DateTime<Utc>>,
) -> rusqlite::Result<usize> {
    let entry = &upsert.entry;
    let attachments_json = (!entry.attachments.is_empty()).then(|| {
        serde_json::to_string(&entry.attachments).expect("strings and numbers serialize to JSON")
    });
    let tags = column_values::categories_column(&entry.tags);
    let arrived = arrived.map(|at| at.timestamp());
    let values: [&dyn ToSql; 15] = [
        &feed.0,
        &entry.guid,
        &entry.digest.cast_signed(),
        &upsert.size,
        &upsert.modified_millis,
        &entry.title,
        &entry.link,
        &entry.author,
        &tags,
        &column_values::publication_seconds(entry.published),
        &column_values::date_kind(entry.published),
        &upsert.link_key,
        &attachments_json,
        &arrived,
        &key,
    ];
    db.prepare_cached(sql)?.execute(&values[..])
}

/// Writes the body of an entry, compressed.
fn write_body(
    db: &Connection,
    id: i64,
    upsert: &EntryUpsert,
    compressor: &mut TextCompressor,
) -> rusqlite::Result<()> {
    let sql = "INSERT INTO bodies (entry, format, text) VALUES (?1, ?2, ?3)
               ON CONFLICT (entry) DO UPDATE SET format = excluded.format, text = excluded.text";
    let body = &upsert.entry.body;
    db.prepare_cached(sql)?.execute(params![
        id,
        column_values::body_format_name(body.format),
        compressor.compress(&body.text)
    ])?;
    Ok(())
}
