//! Articles that are imported from another reader, with the marks that they have there.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    EntryUpsert, ReadConnection, StoreError, WriteConnection, copies,
    dropped_entries::DropState,
    entry_writer::EntryWriter,
    preferences,
    state_pages::{self, StateBit},
    tags, trash,
    write_transaction::WriteTransaction,
};
use crate::model::{EntryId, FeedId, ImportedMarks, TagId, TagMark, TagName};

/// The effect of storing imported articles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoredImport {
    /// The new articles.
    pub new: Vec<EntryId>,
    /// The articles that are copies of others or are not new after all, with the index of each. Their
    /// marks are those of other articles as well, and are left to a change that can be undone.
    pub unmarked: Vec<(EntryId, usize)>,
}

/// An article that was stored just now.
struct StoredRow {
    id: EntryId,
    index: usize,
}

impl WriteConnection {
    /// Stores new articles of a feed, and gives each the marks that it had in another reader: it is how
    /// they arrive, and no change that can be undone.
    pub fn store_imported(
        &mut self,
        feed: FeedId,
        (upserts, marks): (&[EntryUpsert], &[ImportedMarks]),
        now: DateTime<Utc>,
    ) -> Result<StoredImport, StoreError> {
        let mut run = || -> rusqlite::Result<StoredImport> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let stored = store_new(&transaction, feed, (upserts, marks), now)?;
            preferences::bump_generation(&transaction)?;
            transaction.commit()?;
            Ok(stored)
        };
        run().map_err(StoreError::during("store the articles"))
    }

    /// Stores articles that were deleted in another reader as dropped ones, so that refreshes leave them
    /// out. Returns how many are new.
    pub fn store_imported_tombstones(
        &mut self,
        feed: FeedId,
        upserts: &[EntryUpsert],
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let mut run = || -> rusqlite::Result<usize> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let known = newest_id(&transaction)?;
            let rows = upsert_all(&transaction, feed, upserts, now)?;
            let ids: Vec<EntryId> =
                rows.iter().map(|row| row.id).filter(|id| *id > known).collect();
            trash::drop_entries(&transaction, &ids, DropState::Removed)?;
            preferences::bump_generation(&transaction)?;
            transaction.commit()?;
            Ok(ids.len())
        };
        run().map_err(StoreError::during("store the deleted articles"))
    }

    /// Moves articles that have just been stored to the trash, without a row in the journal: the change
    /// that takes them out again is recorded, so that undoing it moves them there. Articles whose copies
    /// the user has removed are there already. Returns those that are moved.
    pub fn set_aside_imported(
        &mut self,
        ids: &[EntryId],
        now: DateTime<Utc>,
    ) -> Result<Vec<EntryId>, StoreError> {
        let mut run = || -> rusqlite::Result<Vec<EntryId>> {
            let transaction = WriteTransaction::begin(&mut self.db)?;
            let mark = TagMark::set_aside_at(now);
            let moved = tags::mark_entries(&transaction, &TagName::removed(), ids.to_vec(), mark)?;
            transaction.commit()?;
            Ok(moved.into_values().flatten().collect())
        };
        run().map_err(StoreError::during("store the articles"))
    }
}

impl ReadConnection {
    /// Returns whether an article is in the trash because its import was undone: nobody has removed it.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn is_set_aside(&self, id: EntryId) -> Result<bool, StoreError> {
        let sql = "SELECT arrived, until FROM entries JOIN entry_tags ON entry = id AND tag = ?2
                   WHERE id = ?1 AND dropped = 0";
        let read_row = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?));
        let run = || -> rusqlite::Result<bool> {
            let mut find = self.db.prepare_cached(sql)?;
            let found: Option<(i64, Option<i64>)> =
                find.query_row([id.0, TagId::REMOVED.0], read_row).optional()?;
            let arrival = |seconds| DateTime::from_timestamp(seconds, 0).unwrap_or_default();
            Ok(found.is_some_and(|(arrived, until)| {
                TagMark::on_until(until) == TagMark::set_aside_at(arrival(arrived))
            }))
        };
        run().map_err(StoreError::during("read the trash"))
    }
}

fn store_new(
    db: &Connection,
    feed: FeedId,
    (upserts, marks): (&[EntryUpsert], &[ImportedMarks]),
    now: DateTime<Utc>,
) -> rusqlite::Result<StoredImport> {
    let known = newest_id(db)?;
    let rows = upsert_all(db, feed, upserts, now)?;
    let new: Vec<EntryId> = rows.iter().map(|row| row.id).filter(|id| *id > known).collect();
    let copies = copies::members_of_groups(db, &new)?;
    let (own, shared): (Vec<StoredRow>, Vec<StoredRow>) =
        rows.into_iter().partition(|row| row.id > known && !copies.contains(&row.id));
    let with = |is_marked: fn(&ImportedMarks) -> bool| -> Vec<EntryId> {
        let marked = own.iter().filter(|row| is_marked(&marks[row.index]));
        marked.map(|row| row.id).collect()
    };
    set_state(db, &with(|marks| marks.is_read), StateBit::Read)?;
    set_state(db, &with(|marks| marks.is_starred), StateBit::Starred)?;
    let mut tagged: BTreeMap<&TagName, Vec<EntryId>> = BTreeMap::new();
    for row in &own {
        for tag in &marks[row.index].tags {
            tagged.entry(tag).or_default().push(row.id);
        }
    }
    for (tag, ids) in tagged {
        tags::mark_entries(db, tag, ids, TagMark::On)?;
    }
    let unmarked = shared.into_iter().map(|row| (row.id, row.index)).collect();
    Ok(StoredImport { new, unmarked })
}

/// Stores articles; returns the row of each that was not dropped before.
fn upsert_all(
    db: &Connection,
    feed: FeedId,
    upserts: &[EntryUpsert],
    now: DateTime<Utc>,
) -> rusqlite::Result<Vec<StoredRow>> {
    let mut writer = EntryWriter::new(db)?;
    writer.upsert_entries(feed, upserts, now)?;
    writer.finish()?;
    let sql = "SELECT id FROM entries WHERE feed = ?1 AND guid = ?2 AND dropped = 0";
    let mut find = db.prepare_cached(sql)?;
    let mut rows = Vec::with_capacity(upserts.len());
    for (index, upsert) in upserts.iter().enumerate() {
        let read_row = |row: &Row<'_>| row.get(0).map(EntryId);
        let id = find.query_row(params![feed.0, upsert.guid()], read_row).optional()?;
        rows.extend(id.map(|id| StoredRow { id, index }));
    }
    Ok(rows)
}

/// Returns the largest id that an entry has had: those of new ones are larger.
fn newest_id(db: &Connection) -> rusqlite::Result<EntryId> {
    let sql = "SELECT coalesce(max(id), 0) FROM entries";
    db.prepare_cached(sql)?.query_row([], |row| row.get(0).map(EntryId))
}

/// Gives articles a state that they did not have. The triggers count them.
fn set_state(db: &Connection, ids: &[EntryId], bit: StateBit) -> rusqlite::Result<()> {
    let sql = match bit {
        StateBit::Read => "UPDATE entries SET read = 1 WHERE id = ?1 AND read = 0",
        _ => "UPDATE entries SET starred = 1 WHERE id = ?1 AND starred = 0",
    };
    let mut update = db.prepare_cached(sql)?;
    for id in ids {
        update.execute([id.0])?;
    }
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    state_pages::write_bits(db, &ids, bit, true)
}
