//! The user's tags as pages of bits, so that a filter by tag costs what one by stars costs.
//!
//! The tags `hidden` and `removed` are states: their bits are in [`StateBitmaps`](super::StateBitmaps).

use std::collections::BTreeMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::{
    ReadConnection, StoreError,
    state_bitmaps::MAX_PAGES,
    state_pages::{ENTRIES_PER_PAGE, PAGE_BYTES, StateBit, set_bit, split_into_pages},
};
use crate::model::{EntryId, TagId};

/// Returns the state that a tag is; `None` for a tag with pages of its own.
pub(super) fn state_of_tag(tag: TagId) -> Option<StateBit> {
    match tag {
        TagId::HIDDEN => Some(StateBit::Hidden),
        TagId::REMOVED => Some(StateBit::Removed),
        _ => None,
    }
}

/// The tags of all stored entries, without `hidden` and `removed`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TagBitmaps {
    /// Only the pages with entries: most tags are on few.
    pages: BTreeMap<(TagId, i64), Vec<u8>>,
}

impl TagBitmaps {
    /// Returns whether an entry has a tag.
    pub fn contains(&self, tag: TagId, id: EntryId) -> bool {
        let bits = self.pages.get(&(tag, id.0 / ENTRIES_PER_PAGE));
        let at = id.0.rem_euclid(ENTRIES_PER_PAGE);
        let byte = bits.and_then(|bits| bits.get(usize::try_from(at / 8).ok()?));
        byte.is_some_and(|byte| byte >> (at % 8) & 1 == 1)
    }

    /// Puts a tag on an entry, or takes it off.
    pub fn set(&mut self, tag: TagId, id: EntryId, is_set: bool) {
        let page = self.pages.entry((tag, id.0 / ENTRIES_PER_PAGE));
        let bits = page.or_insert_with(|| vec![0; PAGE_BYTES]);
        set_bit(bits, id.0.rem_euclid(ENTRIES_PER_PAGE), is_set);
    }

    /// Iterates over every tag of every entry.
    pub fn iter(&self) -> impl Iterator<Item = (TagId, EntryId)> {
        self.pages.iter().flat_map(|((tag, page), bits)| {
            ids_of_bits(*page, bits.iter().copied().enumerate()).map(|id| (*tag, id))
        })
    }

    /// Iterates over the tags and entries that are not the same as in `before`.
    pub fn changed_since<'t>(
        &'t self,
        before: &'t TagBitmaps,
    ) -> impl Iterator<Item = (TagId, EntryId)> {
        let is_new = |key: &&(TagId, i64)| !before.pages.contains_key(key);
        let keys = before.pages.keys().chain(self.pages.keys().filter(is_new));
        let changed = keys.filter(|key| self.pages.get(key) != before.pages.get(key)).map(|key| {
            let changed_byte = |at| (at, self.byte_at(*key, at) ^ before.byte_at(*key, at));
            (key, (0..PAGE_BYTES).map(changed_byte))
        });
        changed.flat_map(|((tag, page), bytes)| ids_of_bits(*page, bytes).map(|id| (*tag, id)))
    }

    fn byte_at(&self, key: (TagId, i64), at: usize) -> u8 {
        self.pages.get(&key).and_then(|bits| bits.get(at)).copied().unwrap_or(0)
    }

    /// Counts the entries of each tag.
    fn count_entries(&self) -> BTreeMap<TagId, u64> {
        let mut counts = BTreeMap::new();
        for ((tag, _), bits) in &self.pages {
            let count: u64 = bits.iter().map(|byte| u64::from(byte.count_ones())).sum();
            *counts.entry(*tag).or_default() += count;
        }
        counts.retain(|_, count| *count > 0);
        counts
    }
}

/// Returns whether a page has the number of one, and not a damaged number.
fn is_valid_page(page: i64) -> bool {
    usize::try_from(page).is_ok_and(|page| page < MAX_PAGES)
}

/// Iterates over the entries of a page whose bits are set in `bytes`, which have their positions.
fn ids_of_bits(
    page: i64,
    bytes: impl Iterator<Item = (usize, u8)>,
) -> impl Iterator<Item = EntryId> {
    bytes.filter(|(_, byte)| *byte != 0).flat_map(move |(at, byte)| {
        let set_bits = (0..8).filter(move |bit| byte >> bit & 1 == 1);
        let in_page = set_bits.filter_map(move |bit| i64::try_from(at * 8 + bit).ok());
        in_page.map(move |at| EntryId(page * ENTRIES_PER_PAGE + at))
    })
}

/// Sets or clears the bits of `ids`, which are in ascending order, in the pages of a tag, within the
/// transaction that changed the tag.
pub(super) fn write_tag_bits(
    db: &Connection,
    tag: TagId,
    ids: &[EntryId],
    is_set: bool,
) -> rusqlite::Result<()> {
    for (page, page_ids) in split_into_pages(ids) {
        let mut load =
            db.prepare_cached("SELECT bits FROM tag_pages WHERE tag = ?1 AND page = ?2")?;
        let stored = load.query_row([tag.0, page], |row| row.get::<_, Vec<u8>>(0)).optional()?;
        let mut bits = stored.unwrap_or_default();
        bits.resize(PAGE_BYTES, 0);
        for id in page_ids {
            set_bit(&mut bits, id.0 % ENTRIES_PER_PAGE, is_set);
        }
        let sql = "INSERT OR REPLACE INTO tag_pages (tag, page, bits) VALUES (?1, ?2, ?3)";
        db.prepare_cached(sql)?.execute(params![tag.0, page, bits])?;
    }
    Ok(())
}

/// Makes all pages anew from the tags of the entries.
pub(super) fn rebuild_tag_pages(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("DELETE FROM tag_pages")?;
    let mut statement = db.prepare("SELECT tag, entry FROM entry_tags ORDER BY tag, entry")?;
    let rows = statement.query_map([], |row| Ok((TagId(row.get(0)?), EntryId(row.get(1)?))))?;
    let tags: Vec<(TagId, EntryId)> = rows.collect::<rusqlite::Result<_>>()?;
    for of_tag in tags.chunk_by(|one, other| one.0 == other.0) {
        if state_of_tag(of_tag[0].0).is_none() {
            let ids: Vec<EntryId> = of_tag.iter().map(|(_, id)| *id).collect();
            write_tag_bits(db, of_tag[0].0, &ids, true)?;
        }
    }
    Ok(())
}

impl ReadConnection {
    /// Loads the tags of all stored entries.
    ///
    /// If the bitmaps have another number of entries than the tags state, a page of them is damaged,
    /// and the tags come from the entries themselves, which takes longer.
    pub fn load_tag_bitmaps(&self) -> Result<TagBitmaps, StoreError> {
        let read = || -> rusqlite::Result<TagBitmaps> {
            let bitmaps = self.read_tag_pages()?;
            match self.stated_tag_counts() {
                Ok(counts) if counts == bitmaps.count_entries() => Ok(bitmaps),
                _ => self.read_tags_of_entries(),
            }
        };
        read().map_err(StoreError::during("read the tags of the articles"))
    }

    /// Returns the numbers of entries that the tags state.
    fn stated_tag_counts(&self) -> rusqlite::Result<BTreeMap<TagId, u64>> {
        let mut statement =
            self.db.prepare_cached("SELECT id, articles FROM tags WHERE articles <> 0")?;
        let counts = statement.query_map([], |row| Ok((TagId(row.get(0)?), row.get(1)?)))?;
        counts
            .filter(|count| count.as_ref().map_or(true, |(tag, _)| state_of_tag(*tag).is_none()))
            .collect()
    }

    fn read_tag_pages(&self) -> rusqlite::Result<TagBitmaps> {
        let mut statement = self.db.prepare_cached("SELECT tag, page, bits FROM tag_pages")?;
        let mut rows = statement.query([])?;
        let mut bitmaps = TagBitmaps::default();
        while let Some(row) = rows.next()? {
            let page: i64 = row.get(1)?;
            let mut bits = row.get_ref(2)?.as_blob().unwrap_or_default().to_vec();
            bits.resize(PAGE_BYTES, 0);
            if is_valid_page(page) && bits.iter().any(|byte| *byte != 0) {
                bitmaps.pages.insert((TagId(row.get(0)?), page), bits);
            }
        }
        Ok(bitmaps)
    }

    fn read_tags_of_entries(&self) -> rusqlite::Result<TagBitmaps> {
        let mut statement = self.db.prepare_cached("SELECT tag, entry FROM entry_tags")?;
        let mut rows = statement.query([])?;
        let mut bitmaps = TagBitmaps::default();
        while let Some(row) = rows.next()? {
            let (tag, id) = (TagId(row.get(0)?), EntryId(row.get(1)?));
            if state_of_tag(tag).is_none() && is_valid_page(id.0 / ENTRIES_PER_PAGE) {
                bitmaps.set(tag, id, true);
            }
        }
        Ok(bitmaps)
    }
}
