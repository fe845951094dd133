//! Read and starred states as pages of bits next to the entries, so that the states of a million
//! entries load at once.
//!
//! The `states` table has one row for [`ENTRIES_PER_PAGE`] entries. Bit `id % 8` of byte `id / 8`
//! belongs to the entry with this id.

use rusqlite::{Connection, OptionalExtension, params};

use super::{ReadConnection, StoreError};
use crate::model::{EntryId, EntryState};

/// Number of entries in a page.
const ENTRIES_PER_PAGE: i64 = 4096;

/// Length of one bitmap of a page, in bytes: [`ENTRIES_PER_PAGE`] / 8.
const PAGE_BYTES: usize = 512;

/// The read and starred states of all stored entries.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StateBitmaps {
    read: Vec<u8>,
    starred: Vec<u8>,
}

impl StateBitmaps {
    /// Returns the state of the entry with this id; unread and not starred if the id is unknown.
    pub fn get(&self, id: i64) -> EntryState {
        let is_set = |bits: &[u8]| {
            let byte = usize::try_from(id / 8).ok().and_then(|at| bits.get(at));
            byte.is_some_and(|byte| byte >> (id % 8) & 1 == 1)
        };
        EntryState { read: is_set(&self.read), starred: is_set(&self.starred) }
    }

    /// Changes the state of an entry by calling `change` with the current one.
    pub fn update(&mut self, id: EntryId, change: impl Fn(&mut EntryState)) {
        let mut state = self.get(id.0);
        change(&mut state);
        for (bits, is_set) in [(&mut self.read, state.read), (&mut self.starred, state.starred)] {
            let needed = usize::try_from(id.0 / 8).map_or(0, |byte| byte + 1);
            bits.resize(bits.len().max(needed), 0);
            set_bit(bits, id.0, is_set);
        }
    }

    /// Returns the entries whose state differs from that in `before`.
    pub fn changed_since<'s>(&'s self, before: &'s StateBitmaps) -> impl Iterator<Item = EntryId> {
        let byte_at = |bits: &[u8], at: usize| bits.get(at).copied().unwrap_or(0);
        let bitmaps = [(&self.read, &before.read), (&self.starred, &before.starred)];
        let len = bitmaps.iter().map(|(now, then)| now.len().max(then.len())).max().unwrap_or(0);
        let changed_bits = move |at: usize| {
            bitmaps.iter().fold(0, |all, (now, then)| all | (byte_at(now, at) ^ byte_at(then, at)))
        };
        // Few of a million entries ever differ: bytes of eight equal entries are skipped.
        let changed_bytes =
            (0..len).map(move |at| (at, changed_bits(at))).filter(|(_, bits)| *bits != 0);
        changed_bytes.flat_map(|(at, bits)| {
            let set_bits = (0..8).filter(move |bit| bits >> bit & 1 == 1);
            set_bits.filter_map(move |bit| i64::try_from(at * 8 + bit).ok()).map(EntryId)
        })
    }
}

impl ReadConnection {
    /// Loads the read and starred states of all stored entries.
    pub fn load_state_bitmaps(&self) -> Result<StateBitmaps, StoreError> {
        let read = || -> rusqlite::Result<StateBitmaps> {
            let mut statement =
                self.db.prepare_cached("SELECT page, read, starred FROM states ORDER BY page")?;
            let mut rows = statement.query([])?;
            let mut states = StateBitmaps::default();
            while let Some(row) = rows.next()? {
                let start = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(0) * PAGE_BYTES;
                for (bits, column) in [(&mut states.read, 1), (&mut states.starred, 2)] {
                    bits.resize(start, 0);
                    bits.extend_from_slice(row.get_ref(column)?.as_blob().unwrap_or_default());
                }
            }
            Ok(states)
        };
        read().map_err(StoreError::during("read the read and starred states"))
    }
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
        let sql = "INSERT OR REPLACE INTO states (page, read, starred) VALUES (?1, ?2, ?3)";
        db.prepare_cached(sql)?.execute(params![page, read, starred])?;
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

/// Sets or clears bit `at`; ignores positions past the end.
fn set_bit(bits: &mut [u8], at: i64, is_set: bool) {
    if let Some(byte) = usize::try_from(at / 8).ok().and_then(|byte| bits.get_mut(byte)) {
        *byte = *byte & !(1 << (at % 8)) | u8::from(is_set) << (at % 8);
    }
}
