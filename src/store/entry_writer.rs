//! Storing entries within the transaction of the caller: their rows and texts, their places among copies, the
//! counts of their feeds, and the queues of what has to be done with them next.
//!
//! Start with [`EntryWriter`].

use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, ToSql, params};

use super::{
    EntryUpsert, IngestOutcome,
    column_values::{self, ABSENT_TEXT_FORMAT, json_ids},
    compression::{TextCompressor, TextDecompressor},
    copies::{KINDS_WITH_URLS, leave_group, refresh_groups, stored_copy_key},
    dropped_entries::DropState,
    full_text,
    readable_rows::readable_row,
    rule_acts::{self, PendingAct},
    shared_marks, state_pages, text_copies, trash, unseen_edits, versions,
};
use crate::model::{EntryId, FeedId, NewEntry, RuleAct};

/// Stores entries of one or several feeds, in three steps: [`EntryWriter::new`], [`EntryWriter::upsert_entries`] for
/// each feed, [`EntryWriter::finish`].
///
/// The queues get their rows in the last step, with one statement for all entries: each looks up and stores the last
/// id of its queue. As a trigger, it would be part of each INSERT, and SQLite would keep a copy of every page that it
/// changes, in case the trigger fails.
pub(super) struct EntryWriter<'d> {
    db: &'d Connection,
    compressor: TextCompressor,
    /// Groups of copies by text have keys of their own. New entries add none.
    has_text_copies: bool,
    counts: IngestOutcome,
    acts: Vec<PendingAct>,
    /// The entries that were stored.
    stored_ids: Vec<EntryId>,
    /// Those of them that had no text before.
    new_text_ids: Vec<EntryId>,
}

/// Stores entries by feed. Returns what rules are to do to them, too.
pub(super) fn upsert_by_feed(
    db: &Connection,
    upserts: &[(FeedId, Vec<EntryUpsert>)],
    now: DateTime<Utc>,
) -> rusqlite::Result<(IngestOutcome, Vec<PendingAct>)> {
    let mut writer = EntryWriter::new(db)?;
    for (feed, upserts) in upserts {
        writer.upsert_entries(*feed, upserts, now)?;
    }
    writer.finish()
}

impl<'d> EntryWriter<'d> {
    /// Creates a writer within a transaction.
    pub(super) fn new(db: &'d Connection) -> rusqlite::Result<EntryWriter<'d>> {
        Ok(EntryWriter {
            db,
            compressor: TextCompressor::new(),
            has_text_copies: text_copies::has_any(db)?,
            counts: IngestOutcome::default(),
            acts: Vec::new(),
            stored_ids: Vec::new(),
            new_text_ids: Vec::new(),
        })
    }

    /// Stores entries of a feed.
    pub(super) fn upsert_entries(
        &mut self,
        feed: FeedId,
        upserts: &[EntryUpsert],
        now: DateTime<Utc>,
    ) -> rusqlite::Result<()> {
        let target = IngestTarget::load(self.db, feed)?;
        let known = self.counts.new_ids.len();
        for upsert in upserts {
            let (id, outcome) = self.upsert_entry(target, upsert, now)?;
            match outcome {
                UpsertOutcome::Inserted => self.counts.new_ids.push(EntryId(id)),
                UpsertOutcome::BroughtBack => self.counts.returned_ids.push(EntryId(id)),
                UpsertOutcome::Updated => self.counts.changed += 1,
                UpsertOutcome::LeftOut => continue,
            }
            self.stored_ids.push(EntryId(id));
            self.note_acts(EntryId(id), upsert)?;
        }
        let count = self.counts.new_ids.len() - known;
        if count > 0 {
            count_new_entries(self.db, feed, count)?;
        }
        Ok(())
    }

    /// Queues the texts of all entries. Returns the counts, and what rules are to do to the entries.
    pub(super) fn finish(mut self) -> rusqlite::Result<(IngestOutcome, Vec<PendingAct>)> {
        let queue = |sql: &str, ids: &[EntryId]| -> rusqlite::Result<()> {
            if ids.is_empty() {
                return Ok(());
            }
            self.db.prepare_cached(sql)?.execute([json_ids(ids)]).map(drop)
        };
        queue(
            "INSERT INTO text_changes (entry) SELECT value FROM json_each(?1)",
            &self.stored_ids,
        )?;
        // Triggers queue texts that have changed.
        queue(
            "INSERT INTO story_queue (entry) SELECT value FROM json_each(?1)",
            &self.new_text_ids,
        )?;
        queue(
            "INSERT INTO archive_queue (entry) SELECT value FROM json_each(?1)
             WHERE EXISTS (SELECT 1 FROM archive_state)",
            &self.new_text_ids,
        )?;
        self.counts.new = self.counts.new_ids.len() + self.counts.returned_ids.len();
        Ok((self.counts, self.acts))
    }

    fn note_acts(&mut self, entry: EntryId, upsert: &EntryUpsert) -> rusqlite::Result<()> {
        let version = upsert.digest();
        let pending = |act: &Arc<RuleAct>| PendingAct { act: Arc::clone(act), entry, version };
        self.acts.extend(upsert.rule_acts.iter().map(pending));
        if upsert.is_new_version() {
            Ok(())
        } else {
            rule_acts::carry_over(self.db, entry, version).map(drop)
        }
    }

    /// Inserts an entry, or updates the stored one with the same guid; returns its id. In a muted feed, new
    /// entries are stored as read. What the user removed does not come back.
    fn upsert_entry(
        &mut self,
        target: IngestTarget,
        upsert: &EntryUpsert,
        now: DateTime<Utc>,
    ) -> rusqlite::Result<(i64, UpsertOutcome)> {
        let db = self.db;
        let guid = &upsert.entry.guid;
        if let Some(id) = upsert.known_id {
            db.prepare_cached("UPDATE OR IGNORE entries SET guid = ?2 WHERE id = ?1")?
                .execute(params![id.0, guid])?;
        }
        let own_key = target.copy_key(&upsert.entry);
        let key =
            if self.has_text_copies { text_copies::key_of_new(db, own_key)? } else { own_key };
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
        self.write_body(id, upsert)?;
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

    /// Writes the text of an entry, compressed.
    fn write_body(&mut self, id: i64, upsert: &EntryUpsert) -> rusqlite::Result<()> {
        let body = &upsert.entry.body;
        let text = self.compressor.compress(&body.text);
        let values: [&dyn ToSql; 3] = [&id, &column_values::body_format_name(body.format), &text];
        // Most texts are new, and an upsert costs what the triggers of its update cost.
        let sql = "INSERT INTO bodies (entry, format, text) VALUES (?1, ?2, ?3) ON CONFLICT (entry) DO NOTHING";
        if self.db.prepare_cached(sql)?.execute(values)? > 0 {
            self.new_text_ids.push(EntryId(id));
            return Ok(());
        }
        let sql = "UPDATE bodies SET format = ?2, text = ?3 WHERE entry = ?1";
        self.db.prepare_cached(sql)?.execute(values).map(drop)
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::{Attachments, BodyFormat, EntryBody, FeedKind, PublicationDate, Subscription},
        store::{LibraryLocation, WriteConnection},
    };

    const QUEUES: [&str; 3] = ["text_changes", "story_queue", "archive_queue"];

    fn upsert(guid: &str, text: &str) -> EntryUpsert {
        let body = EntryBody { format: BodyFormat::Plain, text: text.to_owned() };
        let published = PublicationDate::Instant(DateTime::UNIX_EPOCH);
        let entry = NewEntry {
            guid: guid.to_owned(),
            digest: 0,
            title: String::new(),
            link: None,
            author: None,
            published,
            tags: Vec::new(),
            body,
            attachments: Attachments::default(),
            page_article: None,
        };
        EntryUpsert::new(entry, 0, None)
    }

    /// Returns the guids in each queue, and empties it.
    fn take_queues(db: &Connection) -> [Vec<String>; 3] {
        QUEUES.map(|queue| {
            let sql = format!(
                "SELECT guid FROM {queue} q JOIN entries e ON e.id = q.entry ORDER BY q.id"
            );
            let guids: rusqlite::Result<_> =
                db.prepare(&sql).unwrap().query_map([], |row| row.get(0)).unwrap().collect();
            db.execute(&format!("DELETE FROM {queue}"), []).unwrap();
            guids.unwrap()
        })
    }

    #[test]
    fn each_text_that_is_new_or_changed_is_queued_once() {
        let location = LibraryLocation::Memory("entry-writer-queues".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let mut subscribe = |url: &str| {
            let subscription = Subscription::default();
            store.subscribe(FeedKind::Web, url, "A", &subscription).unwrap().feed
        };
        let feeds = [subscribe("https://a.example/"), subscribe("https://b.example/")];
        let db = &store.db;
        let write = |texts: [&[(&str, &str)]; 2]| {
            let upserts = |texts: &[(&str, &str)]| {
                texts.iter().map(|(guid, text)| upsert(guid, text)).collect::<Vec<_>>()
            };
            let by_feed = [(feeds[0], upserts(texts[0])), (feeds[1], upserts(texts[1]))];
            upsert_by_feed(db, &by_feed, DateTime::UNIX_EPOCH).unwrap().0
        };
        let outcome = write([&[("1", "one"), ("2", "two")], &[("3", "three")]]);
        assert_eq!((outcome.new, outcome.changed), (3, 0));
        assert_eq!(take_queues(db).map(|queue| queue.join(" ")), ["1 2 3", "1 2 3", ""]);
        db.execute("INSERT INTO archive_state (id, address, reader) VALUES (1, '', '')", [])
            .unwrap();
        let outcome = write([&[("2", "second")], &[("4", "four")]]);
        assert_eq!((outcome.new, outcome.changed), (1, 1));
        assert_eq!(take_queues(db).map(|queue| queue.join(" ")), ["2 4"; 3]);
        // The text of an article that was dropped is gone.
        db.execute_batch("DELETE FROM bodies WHERE entry = 1").unwrap();
        take_queues(db);
        write([&[("1", "one again")], &[]]);
        assert_eq!(take_queues(db).map(|queue| queue.join(" ")), ["1"; 3]);
    }
}
