//! The user's tags: putting them on entries, taking them off, and their time running out.
//!
//! `entry_tags` is the truth. The pages of bits, the column `entries.unlisted` and the counts of tags
//! and feeds follow from it, in the same transaction.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::{
    ReadConnection, StoreError, WriteConnection,
    column_values::json_ids,
    copies, dropped_entries, label_outbox, preferences, queue_places,
    readable_rows::lossy_text,
    state_pages::{self, unlisted_flag},
    tag_bitmaps::{state_of_tag, write_tag_bits},
    write_transaction::WriteTransaction,
};
use crate::model::{EntryId, EntryTag, Tag, TagColor, TagId, TagMark, TagName};

/// Maximum number of tags in a library, reserved ones included.
const MAX_TAGS: i64 = 1_000;

/// Maximum number of tags on an entry.
const MAX_TAGS_PER_ENTRY: i64 = 64;

/// The ids of the marks that are never shown as tags.
pub(super) const INTERNAL_TAGS: [i64; 3] =
    [TagId::REMOVED.0, TagId::DOWNLOADED.0, TagId::UNSEEN_EDIT.0];

/// A change of tags that a limit forbids.
#[derive(Debug, thiserror::Error)]
enum TagLimitError {
    #[error("the library has {MAX_TAGS} tags already; take one off all its articles first")]
    Library,
    #[error("article {0} would have more than {MAX_TAGS_PER_ENTRY} tags")]
    Entry(i64),
}

impl From<TagLimitError> for rusqlite::Error {
    fn from(error: TagLimitError) -> rusqlite::Error {
        rusqlite::Error::ToSqlConversionFailure(Box::new(error))
    }
}

/// Returns the sentence about the limit of tags that refused a change; `None` for another error.
pub(super) fn describe_tag_limit(error: &rusqlite::Error) -> Option<String> {
    let rusqlite::Error::ToSqlConversionFailure(reason) = error else { return None };
    reason.downcast_ref::<TagLimitError>().map(TagLimitError::to_string)
}

/// Gives entries a mark within the caller's transaction. Returns those whose mark has changed by the
/// mark that they had.
pub(super) fn mark_entries(
    db: &Connection,
    name: &TagName,
    mut ids: Vec<EntryId>,
    after: TagMark,
) -> rusqlite::Result<BTreeMap<TagMark, Vec<EntryId>>> {
    let Some(tag) = find_or_add_tag(db, name, after)? else { return Ok(BTreeMap::new()) };
    dropped_entries::retain_kept(db, &mut ids, &mut Vec::new())?;
    // In the order of rows, neighbouring changes are on the same page.
    ids.sort_unstable();
    let mut changed: BTreeMap<TagMark, Vec<EntryId>> = BTreeMap::new();
    for id in ids {
        if let Some(before) = mark_entry(db, tag, id, after)? {
            changed.entry(before).or_default().push(id);
        }
    }
    let mut toggled: Vec<EntryId> = changed
        .iter()
        .filter(|(before, _)| before.is_on() != after.is_on())
        .flat_map(|(_, ids)| ids.iter().copied())
        .collect();
    toggled.sort_unstable();
    store_toggled(db, tag, &toggled, after.is_on())?;
    if tag == TagId::QUEUE && !after.is_on() {
        // What leaves by itself is no change of the user's, and is not brought back.
        queue_places::leave_queue(db, &toggled)?;
    }
    if !changed.is_empty() {
        note_change(db)?;
    }
    Ok(changed)
}

/// Returns the id of a tag. One that does not exist yet is added if entries are to get it.
fn find_or_add_tag(
    db: &Connection,
    name: &TagName,
    after: TagMark,
) -> rusqlite::Result<Option<TagId>> {
    let mut find = db.prepare_cached("SELECT id FROM tags WHERE key = ?1")?;
    let found = find.query_row([name.key()], |row| row.get(0).map(TagId)).optional()?;
    if found.is_some() || !after.is_on() {
        return Ok(found);
    }
    let count_tags = || db.query_row("SELECT count(*) FROM tags", [], |row| row.get::<_, i64>(0));
    if count_tags()? >= MAX_TAGS {
        // The journal knows tags by their names: one that no entry has can be added again.
        let unused = "DELETE FROM tags WHERE articles = 0 AND id > ?1";
        db.execute(unused, [TagId::REMOVED.0])?;
    }
    if count_tags()? >= MAX_TAGS {
        return Err(TagLimitError::Library.into());
    }
    // Colours are given in turn, so that neighbours differ.
    let sql = "INSERT INTO tags (name, key, color)
               SELECT ?1, ?2, coalesce(max(id), 0) % ?3 FROM tags";
    db.execute(sql, params![name.as_str(), name.key(), TagColor::COUNT])?;
    Ok(Some(TagId(db.last_insert_rowid())))
}

/// Gives an entry a mark and returns the one that it had; `None` if nothing changes. An entry that is in
/// the trash keeps its day there.
fn mark_entry(
    db: &Connection,
    tag: TagId,
    id: EntryId,
    after: TagMark,
) -> rusqlite::Result<Option<TagMark>> {
    if !after.is_on() {
        let sql = "DELETE FROM entry_tags WHERE entry = ?1 AND tag = ?2 RETURNING until";
        let mut delete = db.prepare_cached(sql)?;
        let until = delete.query_row([id.0, tag.0], |row| row.get(0)).optional()?;
        return Ok(until.map(TagMark::on_until));
    }
    let sql =
        "INSERT INTO entry_tags (entry, tag, until) SELECT id, ?2, ?3 FROM entries WHERE id = ?1
               ON CONFLICT (entry, tag) DO NOTHING";
    if db.prepare_cached(sql)?.execute(params![id.0, tag.0, after.until()])? > 0 {
        return Ok(Some(TagMark::Off));
    }
    let mut load =
        db.prepare_cached("SELECT until FROM entry_tags WHERE entry = ?1 AND tag = ?2")?;
    let until = load.query_row([id.0, tag.0], |row| row.get(0)).optional()?;
    let is_changed = |before: &TagMark| *before != after && tag != TagId::REMOVED;
    let before = until.map(TagMark::on_until).filter(is_changed);
    if before.is_some() {
        let sql = "UPDATE entry_tags SET until = ?3 WHERE entry = ?1 AND tag = ?2";
        db.prepare_cached(sql)?.execute(params![id.0, tag.0, after.until()])?;
    }
    Ok(before)
}

/// Stores what follows from a tag on `ids`, in ascending order, which got it or lost it.
fn store_toggled(
    db: &Connection,
    tag: TagId,
    ids: &[EntryId],
    is_set: bool,
) -> rusqlite::Result<()> {
    let step = if is_set { 1 } else { -1 };
    let count = i64::try_from(ids.len()).unwrap_or(i64::MAX);
    db.prepare_cached("UPDATE tags SET articles = articles + ?2 WHERE id = ?1")?
        .execute([tag.0, step * count])?;
    if is_set {
        check_entry_limit(db, ids)?;
    }
    let Some(bit) = state_of_tag(tag) else { return write_tag_bits(db, tag, ids, is_set) };
    let sql = if is_set {
        "UPDATE entries SET unlisted = unlisted | ?2 WHERE id = ?1"
    } else {
        "UPDATE entries SET unlisted = unlisted & ~?2 WHERE id = ?1"
    };
    let mut update = db.prepare_cached(sql)?;
    for id in ids {
        update.execute([id.0, unlisted_flag(bit)])?;
    }
    state_pages::write_bits(db, ids, bit, is_set)?;
    copies::refresh_groups_of(db, ids)
}

/// Fails if one of `ids` has too many tags. In a library with few tags, none has.
fn check_entry_limit(db: &Connection, ids: &[EntryId]) -> rusqlite::Result<()> {
    let tag_count: i64 = db.query_row("SELECT count(*) FROM tags", [], |row| row.get(0))?;
    if tag_count <= MAX_TAGS_PER_ENTRY {
        return Ok(());
    }
    let mut count = db.prepare_cached("SELECT count(*) FROM entry_tags WHERE entry = ?1")?;
    for id in ids {
        if count.query_row([id.0], |row| row.get::<_, i64>(0))? > MAX_TAGS_PER_ENTRY {
            return Err(TagLimitError::Entry(id.0).into());
        }
    }
    Ok(())
}

/// Returns those of several entries that do not have a tag.
pub(super) fn without_tag(
    db: &Connection,
    ids: &[EntryId],
    tag: TagId,
) -> rusqlite::Result<Vec<EntryId>> {
    filter_by_tag(db, ids, tag, false)
}

/// Returns those of several entries that have a tag.
pub(super) fn with_tag(
    db: &Connection,
    ids: &[EntryId],
    tag: TagId,
) -> rusqlite::Result<Vec<EntryId>> {
    filter_by_tag(db, ids, tag, true)
}

fn filter_by_tag(
    db: &Connection,
    ids: &[EntryId],
    tag: TagId,
    is_wanted: bool,
) -> rusqlite::Result<Vec<EntryId>> {
    let sql = "SELECT EXISTS (SELECT 1 FROM entry_tags WHERE entry = ?1 AND tag = ?2)";
    let mut has_tag = db.prepare_cached(sql)?;
    let mut found = Vec::new();
    for id in ids {
        if has_tag.query_row([id.0, tag.0], |row| row.get::<_, bool>(0))? == is_wanted {
            found.push(*id);
        }
    }
    Ok(found)
}

/// Returns the number of tags that an entry may get.
pub(super) fn room(db: &Connection, id: EntryId) -> rusqlite::Result<usize> {
    let mut count = db.prepare_cached("SELECT count(*) FROM entry_tags WHERE entry = ?1")?;
    let count: i64 = count.query_row([id.0], |row| row.get(0))?;
    Ok(usize::try_from(MAX_TAGS_PER_ENTRY - count).unwrap_or(0))
}

/// Row name of the generation of the library in which a tag was changed last.
const CHANGED_GENERATION_KEY: &str = "tags_changed";

/// Notes that tags change in the generation that the caller's transaction begins when it ends.
fn note_change(db: &Connection) -> rusqlite::Result<usize> {
    let sql = "INSERT INTO kept (name, value) VALUES (?1, ?2)
               ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    let next = preferences::read_generation(db)? + 1;
    db.prepare_cached(sql)?.execute([CHANGED_GENERATION_KEY, &next.to_string()])
}

impl WriteConnection {
    /// Takes off the tags whose time is over, as no change of the user's: undo does not bring them
    /// back. Returns whether there were any. That of the trash stays: its articles are dropped.
    pub fn expire_tags(&mut self, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut run = || -> rusqlite::Result<bool> {
            let sql = "SELECT EXISTS (SELECT 1 FROM entry_tags WHERE until <= ?1 AND tag <> 3)";
            if !self.db.prepare_cached(sql)?.query_row([now.timestamp()], |row| row.get(0))? {
                return Ok(false);
            }
            let transaction = WriteTransaction::begin(&mut self.db)?;
            for (name, ids) in find_expired(&transaction, now)? {
                label_outbox::note_tag(&transaction, &ids, &name, false)?;
                mark_entries(&transaction, &name, ids, TagMark::Off)?;
            }
            preferences::bump_generation(&transaction)?;
            transaction.commit()?;
            Ok(true)
        };
        run().map_err(StoreError::during("take off the tags whose time is over"))
    }
}

/// Returns the entries of each tag whose time is over.
fn find_expired(
    db: &Connection,
    now: DateTime<Utc>,
) -> rusqlite::Result<BTreeMap<TagName, Vec<EntryId>>> {
    let sql = "SELECT tags.name, entry FROM entry_tags JOIN tags ON tags.id = tag
         WHERE until <= ?1 AND tag <> 3";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([now.timestamp()])?;
    let mut expired: BTreeMap<TagName, Vec<EntryId>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let name = TagName::from_stored(row.get(0)?);
        expired.entry(name).or_default().push(EntryId(row.get(1)?));
    }
    Ok(expired)
}

impl ReadConnection {
    /// Lists the tags of the library, sorted by name: reserved ones too, but not the internal marks.
    pub fn list_tags(&self) -> Result<Vec<Tag>, StoreError> {
        let read = || -> rusqlite::Result<Vec<Tag>> {
            let sql = "SELECT id, name, color FROM tags WHERE id NOT IN (?1, ?2, ?3) ORDER BY key";
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_map(INTERNAL_TAGS, tag_from_row)?.collect()
        };
        read().map_err(StoreError::during("list the tags"))
    }

    /// Counts the articles of each tag in lists: those of subscribed feeds that are not unlisted.
    /// `hidden` counts the hidden ones. Tags without articles are left out.
    pub fn count_tagged_entries(&self) -> Result<BTreeMap<TagId, u64>, StoreError> {
        let read = || -> rusqlite::Result<BTreeMap<TagId, u64>> {
            let sql = "SELECT tag, count(*) FROM entry_tags JOIN entries ON entries.id = entry
                       WHERE (unlisted = 0 OR tag = ?1 AND unlisted = 1)
                       AND feed NOT IN (SELECT id FROM feeds WHERE gone) GROUP BY tag";
            let mut statement = self.db.prepare_cached(sql)?;
            let counts = statement
                .query_map([TagId::HIDDEN.0], |row| Ok((TagId(row.get(0)?), row.get(1)?)))?;
            counts.collect()
        };
        read().map_err(StoreError::during("count the articles of the tags"))
    }

    /// Returns the generation of the library in which a tag was changed last; 0 if none ever was.
    pub fn tags_changed_generation(&self) -> Result<i64, StoreError> {
        let sql = "SELECT CAST(value AS INTEGER) FROM kept WHERE name = ?1";
        let read = || -> rusqlite::Result<Option<i64>> {
            let mut statement = self.db.prepare_cached(sql)?;
            statement.query_row([CHANGED_GENERATION_KEY], |row| row.get(0)).optional()
        };
        Ok(read().map_err(StoreError::during("read the tags"))?.unwrap_or_default())
    }

    /// Returns the numbers of tags on articles: those that the tags state, and those that are found
    /// one by one. They differ where a damaged page hides some.
    pub fn count_tags_twice(&self) -> Result<(u64, u64), StoreError> {
        let sql = "SELECT (SELECT coalesce(sum(articles), 0) FROM tags),
                   (SELECT count(*) FROM entry_tags)";
        let counts = self.db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
        counts.map_err(StoreError::during("count the tags"))
    }
}

fn tag_from_row(row: &Row<'_>) -> rusqlite::Result<Tag> {
    Ok(Tag {
        id: TagId(row.get(0)?),
        name: TagName::from_stored(lossy_text(row, 1)?),
        color: TagColor::from_number(row.get(2)?),
    })
}

/// Loads the tags of those of `ids` that have any, sorted by name; the internal marks are
/// none.
pub(super) fn load_entry_tags(
    db: &Connection,
    ids: &[EntryId],
) -> rusqlite::Result<BTreeMap<EntryId, Vec<EntryTag>>> {
    // CROSS JOIN keeps SQLite from going through all tags on entries.
    let sql = "SELECT tags.id, name, color, until, entry FROM json_each(?1) AS asked
               CROSS JOIN entry_tags ON entry = asked.value JOIN tags ON tags.id = tag
               WHERE tag NOT IN (?2, ?3, ?4) ORDER BY tags.key";
    let mut statement = db.prepare_cached(sql)?;
    let [removed, downloaded, edited] = INTERNAL_TAGS;
    let mut rows = statement.query(params![json_ids(ids), removed, downloaded, edited])?;
    let mut tags: BTreeMap<EntryId, Vec<EntryTag>> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let Tag { id, name, color } = tag_from_row(row)?;
        let tag = EntryTag { id, name, color, until: row.get(3)? };
        tags.entry(EntryId(row.get(4)?)).or_default().push(tag);
    }
    Ok(tags)
}
