//! The `states` table: pages of bits with the read and starred states of the entries.
//!
//! The table has one row for [`ENTRIES_PER_PAGE`] entries. Bit `id % 8` of byte `id / 8`
//! belongs to the entry with this id.

use rusqlite::{Connection, OptionalExtension, params};

use crate::model::EntryId;

/// Number of entries in a page.
const ENTRIES_PER_PAGE: i64 = 4096;

/// Length of one bitmap of a page, in bytes: [`ENTRIES_PER_PAGE`] / 8.
pub(super) const PAGE_BYTES: usize = 512;

/// One of the states that a page has a bitmap of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StateBit {
    /// The entry is read.
    Read,
    /// The entry is starred.
    Starred,
}

/// Sets or clears one bit of each of `ids`, which are in ascending order, within the transaction that
/// changed the entries.
pub(super) fn write_bits(
    db: &Connection,
    ids: &[EntryId],
    bit: StateBit,
    is_set: bool,
) -> rusqlite::Result<()> {
    let page_of = |id: &EntryId| id.0 / ENTRIES_PER_PAGE;
    for page_ids in ids.chunk_by(|one, other| page_of(one) == page_of(other)) {
        let page = page_of(&page_ids[0]);
        let (mut read, mut starred) = load_page(db, page)?;
        let bits = if bit == StateBit::Read { &mut read } else { &mut starred };
        for id in page_ids {
            set_bit(bits, id.0 % ENTRIES_PER_PAGE, is_set);
        }
        store_page(db, page, &read, &starred)?;
    }
    Ok(())
}

/// Updates the bits of `ids` from their entries, within the transaction that changed the entries.
pub(super) fn refresh_bitmaps(db: &Connection, ids: &[EntryId]) -> rusqlite::Result<()> {
    let mut sorted: Vec<i64> = ids.iter().map(|id| id.0).collect();
    sorted.sort_unstable();
    let is_same_page = |one: &i64, other: &i64| one / ENTRIES_PER_PAGE == other / ENTRIES_PER_PAGE;
    for page_ids in sorted.chunk_by(is_same_page) {
        let page = page_ids[0] / ENTRIES_PER_PAGE;
        let (mut read, mut starred) = load_page(db, page)?;
        for id in page_ids {
            let sql = "SELECT read, starred FROM entries WHERE id = ?1";
            let read_flags = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let flags = db.prepare_cached(sql)?.query_row([id], read_flags).optional()?;
            // A deleted entry counts as unread and not starred.
            let (is_read, is_starred) = flags.unwrap_or_default();
            set_bit(&mut read, id % ENTRIES_PER_PAGE, is_read);
            set_bit(&mut starred, id % ENTRIES_PER_PAGE, is_starred);
        }
        store_page(db, page, &read, &starred)?;
    }
    Ok(())
}

/// Fills all pages; for a library that is migrated from a version without them.
pub(super) fn rebuild_bitmaps(db: &Connection) -> rusqlite::Result<()> {
    let mut statement = db.prepare("SELECT id FROM entries WHERE read = 1 OR starred = 1")?;
    let ids: Vec<EntryId> =
        statement.query_map([], |row| row.get(0).map(EntryId))?.collect::<Result<_, _>>()?;
    refresh_bitmaps(db, &ids)
}

/// Loads the read and starred bits of a page; zeros if the page is not stored.
fn load_page(db: &Connection, page: i64) -> rusqlite::Result<(Vec<u8>, Vec<u8>)> {
    let stored = db
        .prepare_cached("SELECT read, starred FROM states WHERE page = ?1")?
        .query_row([page], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (mut read, mut starred): (Vec<u8>, Vec<u8>) = stored.unwrap_or_default();
    read.resize(PAGE_BYTES, 0);
    starred.resize(PAGE_BYTES, 0);
    Ok((read, starred))
}

fn store_page(db: &Connection, page: i64, read: &[u8], starred: &[u8]) -> rusqlite::Result<()> {
    let sql = "INSERT OR REPLACE INTO states (page, read, starred) VALUES (?1, ?2, ?3)";
    db.prepare_cached(sql)?.execute(params![page, read, starred]).map(drop)
}

/// Sets or clears bit `at`; ignores positions past the end.
pub(super) fn set_bit(bits: &mut [u8], at: i64, is_set: bool) {
    if let Some(byte) = usize::try_from(at / 8).ok().and_then(|byte| bits.get_mut(byte)) {
        *byte = *byte & !(1 << (at % 8)) | u8::from(is_set) << (at % 8);
    }
}
