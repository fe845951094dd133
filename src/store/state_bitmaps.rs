//! What is read and starred, in pages of bits beside the entries, so that a million of them is read at once.

use rusqlite::{Connection, OptionalExtension, params};

use super::{ReadConnection, StoreError};
use crate::model::{EntryId, EntryState};

/// Entries of a page.
const ENTRIES_PER_PAGE: i64 = 4096;

/// Bytes of the bits of a page.
const PAGE_BYTES: usize = 512;

/// What is read and starred of everything stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StateBitmaps {
    read: Vec<u8>,
    starred: Vec<u8>,
}

impl StateBitmaps {
    /// The state of the entry with this number.
    pub fn get(&self, id: i64) -> EntryState {
        let bit = |bits: &[u8]| {
            let byte = usize::try_from(id / 8).ok().and_then(|byte| bits.get(byte));
            byte.is_some_and(|byte| byte >> (id % 8) & 1 == 1)
        };
        EntryState { read: bit(&self.read), starred: bit(&self.starred) }
    }

    /// Notes that an entry is read or starred, or no longer.
    pub fn update(&mut self, id: EntryId, set: impl Fn(&mut EntryState)) {
        let mut state = self.get(id.0);
        set(&mut state);
        for (bits, set) in [(&mut self.read, state.read), (&mut self.starred, state.starred)] {
            let needed = usize::try_from(id.0 / 8).map_or(0, |byte| byte + 1);
            bits.resize(bits.len().max(needed), 0);
            set_bit(bits, id.0, set);
        }
    }

    /// The entries of which something else was said in `before`.
    pub fn changed_since<'s>(&'s self, before: &'s StateBitmaps) -> impl Iterator<Item = EntryId> {
        let byte = |bits: &[u8], at: usize| bits.get(at).copied().unwrap_or(0);
        let pairs = [(&self.read, &before.read), (&self.starred, &before.starred)];
        let length = pairs.iter().map(|(now, then)| now.len().max(then.len())).max().unwrap_or(0);
        let changed = (0..length).map(move |at| {
            (at, pairs.iter().fold(0, |all, (now, then)| all | (byte(now, at) ^ byte(then, at))))
        });
        // Of a million entries few ever differ: a byte of eight that do not is passed over.
        changed.filter(|(_, bits)| *bits != 0).flat_map(|(at, bits)| {
            let ids = (0..8).filter(move |bit| bits >> bit & 1 == 1);
            ids.filter_map(move |bit| i64::try_from(at * 8 + bit).ok()).map(EntryId)
        })
    }
}

impl ReadConnection {
    /// What is read and starred of everything stored.
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
        read().map_err(StoreError::during("read what is read"))
    }
}

/// Brings the bits of `ids` up to what their entries say, within the transaction that changed them.
pub(super) fn refresh_bitmaps(db: &Connection, ids: &[i64]) -> rusqlite::Result<()> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    for of_page in ids.chunk_by(|one, other| one / ENTRIES_PER_PAGE == other / ENTRIES_PER_PAGE) {
        let page = of_page[0] / ENTRIES_PER_PAGE;
        let (mut read, mut starred) = load_page(db, page)?;
        for id in of_page {
            let sql = "SELECT read, starred FROM entries WHERE id = ?1";
            let state = |row: &rusqlite::Row<'_>| Ok((row.get(0)?, row.get(1)?));
            let state = db.prepare_cached(sql)?.query_row([id], state).optional()?;
            let (is_read, is_starred) = state.unwrap_or_default();
            set_bit(&mut read, id % ENTRIES_PER_PAGE, is_read);
            set_bit(&mut starred, id % ENTRIES_PER_PAGE, is_starred);
        }
        let sql = "INSERT OR REPLACE INTO states (page, read, starred) VALUES (?1, ?2, ?3)";
        db.prepare_cached(sql)?.execute(params![page, read, starred])?;
    }
    Ok(())
}

/// Makes all pages anew; for a library that had none.
pub(super) fn rebuild_bitmaps(db: &Connection) -> rusqlite::Result<()> {
    let mut statement = db.prepare("SELECT id FROM entries WHERE read = 1 OR starred = 1")?;
    let ids: Vec<i64> = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    refresh_bitmaps(db, &ids)
}

fn load_page(db: &Connection, page: i64) -> rusqlite::Result<(Vec<u8>, Vec<u8>)> {
    let found = db
        .prepare_cached("SELECT read, starred FROM states WHERE page = ?1")?
        .query_row([page], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (mut read, mut starred): (Vec<u8>, Vec<u8>) = found.unwrap_or_default();
    read.resize(PAGE_BYTES, 0);
    starred.resize(PAGE_BYTES, 0);
    Ok((read, starred))
}

fn set_bit(bits: &mut [u8], at: i64, set: bool) {
    if let Some(byte) = usize::try_from(at / 8).ok().and_then(|byte| bits.get_mut(byte)) {
        *byte = *byte & !(1 << (at % 8)) | u8::from(set) << (at % 8);
    }
}
