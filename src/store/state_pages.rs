//! The `states` table: pages of bits with the read, starred, hidden and removed states of the entries,
//! and those that are copies.
//!
//! The table has one row for [`ENTRIES_PER_PAGE`] entries. Bit `id % 8` of byte `id / 8`
//! belongs to the entry with this id.

use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::model::{EntryId, EntryState};

/// Number of entries in a page.
pub(super) const ENTRIES_PER_PAGE: i64 = 4096;

/// Length of one bitmap of a page, in bytes: [`ENTRIES_PER_PAGE`] / 8.
pub(super) const PAGE_BYTES: usize = 512;

/// One of the states that a page has a bitmap of; the number of the bitmap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StateBit {
    /// The entry is read.
    Read = 0,
    /// The entry is starred.
    Starred = 1,
    /// The entry has the tag `hidden`.
    Hidden = 2,
    /// The entry is in the trash.
    Removed = 3,
    /// The entry is a copy of another one.
    Copy = 4,
}

/// The columns of the bitmaps, in the order of [`StateBit`].
pub(super) const STATE_COLUMNS: &str = "read, starred, hidden, removed, copy";

/// Number of bitmaps in a page.
pub(super) const STATE_COUNT: usize = 5;

/// The bitmaps of a page, in the order of [`StateBit`].
type StatePage = [Vec<u8>; STATE_COUNT];

/// Returns the bits of a state, in the order of [`StateBit`].
pub(super) fn bits_of_state(state: EntryState) -> [bool; STATE_COUNT] {
    [state.read, state.starred, state.hidden, state.removed, state.copy]
}

/// Returns the state with these bits, in the order of [`StateBit`].
pub(super) fn state_of_bits(
    [read, starred, hidden, removed, copy]: [bool; STATE_COUNT],
) -> EntryState {
    EntryState { read, starred, hidden, removed, copy }
}

/// The values of the column `unlisted` for one reason to leave an entry out; both are added.
const HIDDEN: i64 = 1;
const REMOVED: i64 = 2;

/// Returns the part of the column `unlisted` that a state has; 0 for a state that leaves nothing out.
pub(super) fn unlisted_flag(bit: StateBit) -> i64 {
    match bit {
        StateBit::Hidden => HIDDEN,
        StateBit::Removed => REMOVED,
        StateBit::Read | StateBit::Starred | StateBit::Copy => 0,
    }
}

/// The columns that [`state_of_columns`] reads, in order.
pub(super) const STATE_OF_ENTRY_COLUMNS: &str = "read, starred, unlisted, copy_of IS NOT NULL";

/// Reads a state from a row with [`STATE_OF_ENTRY_COLUMNS`] from the column `first` on.
pub(super) fn state_of_columns(row: &Row<'_>, first: usize) -> rusqlite::Result<EntryState> {
    let unlisted: i64 = row.get(first + 2)?;
    Ok(EntryState {
        read: row.get(first)?,
        starred: row.get(first + 1)?,
        hidden: unlisted & HIDDEN != 0,
        removed: unlisted & REMOVED != 0,
        copy: row.get(first + 3)?,
    })
}

/// Sets or clears one bit of each of `ids`, which are in ascending order, within the transaction that
/// changed the entries.
pub(super) fn write_bits(
    db: &Connection,
    ids: &[EntryId],
    bit: StateBit,
    is_set: bool,
) -> rusqlite::Result<()> {
    for (page, page_ids) in split_into_pages(ids) {
        let mut bitmaps = load_page(db, page)?;
        for id in page_ids {
            set_bit(&mut bitmaps[bit as usize], id.0 % ENTRIES_PER_PAGE, is_set);
        }
        store_page(db, page, &bitmaps)?;
    }
    Ok(())
}

/// Splits ids in ascending order into those of each page.
pub(super) fn split_into_pages(ids: &[EntryId]) -> impl Iterator<Item = (i64, &[EntryId])> {
    let page_of = |id: &EntryId| id.0 / ENTRIES_PER_PAGE;
    let pages = ids.chunk_by(move |one, other| page_of(one) == page_of(other));
    pages.map(move |page_ids| (page_of(&page_ids[0]), page_ids))
}

/// Updates the bits of `ids` from their entries, within the transaction that changed the entries.
pub(super) fn refresh_bitmaps(db: &Connection, ids: &[EntryId]) -> rusqlite::Result<()> {
    let mut sorted = ids.to_vec();
    sorted.sort_unstable();
    for (page, page_ids) in split_into_pages(&sorted) {
        let mut bitmaps = load_page(db, page)?;
        for id in page_ids {
            let sql = format!("SELECT {STATE_OF_ENTRY_COLUMNS} FROM entries WHERE id = ?1");
            let read_state = |row: &Row<'_>| state_of_columns(row, 0);
            let state = db.prepare_cached(&sql)?.query_row([id.0], read_state).optional()?;
            // A deleted entry counts as unread and not starred.
            let bits = bits_of_state(state.unwrap_or_default());
            for (bitmap, is_set) in bitmaps.iter_mut().zip(bits) {
                set_bit(bitmap, id.0 % ENTRIES_PER_PAGE, is_set);
            }
        }
        store_page(db, page, &bitmaps)?;
    }
    Ok(())
}

/// Fills all pages; for a library that is migrated from a version without them, or that was salvaged.
pub(super) fn rebuild_bitmaps(db: &Connection) -> rusqlite::Result<()> {
    let sql = "SELECT id FROM entries
               WHERE read = 1 OR starred = 1 OR unlisted <> 0 OR copy_of IS NOT NULL";
    let mut statement = db.prepare(sql)?;
    let ids: Vec<EntryId> =
        statement.query_map([], |row| row.get(0).map(EntryId))?.collect::<Result<_, _>>()?;
    refresh_bitmaps(db, &ids)
}

/// Loads the bitmaps of a page; zeros if the page is not stored.
fn load_page(db: &Connection, page: i64) -> rusqlite::Result<StatePage> {
    let sql = format!("SELECT {STATE_COLUMNS} FROM states WHERE page = ?1");
    let read_page =
        |row: &Row<'_>| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?]);
    let stored = db.prepare_cached(&sql)?.query_row([page], read_page).optional()?;
    let mut bitmaps: StatePage = stored.unwrap_or_default();
    for bitmap in &mut bitmaps {
        bitmap.resize(PAGE_BYTES, 0);
    }
    Ok(bitmaps)
}

fn store_page(db: &Connection, page: i64, bitmaps: &StatePage) -> rusqlite::Result<()> {
    let sql = format!(
        "INSERT OR REPLACE INTO states (page, {STATE_COLUMNS}) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    );
    let [read, starred, hidden, removed, copy] = bitmaps;
    let values = params![page, read, starred, hidden, removed, copy];
    db.prepare_cached(&sql)?.execute(values).map(drop)
}

/// Sets or clears bit `at`; ignores positions past the end.
pub(super) fn set_bit(bits: &mut [u8], at: i64, is_set: bool) {
    if let Some(byte) = usize::try_from(at / 8).ok().and_then(|byte| bits.get_mut(byte)) {
        *byte = *byte & !(1 << (at % 8)) | u8::from(is_set) << (at % 8);
    }
}
