//! Read and starred states as pages of bits next to the entries, so that the states of a million
//! entries load at once.

use super::{
    ReadConnection, StoreError,
    state_pages::{PAGE_BYTES, set_bit},
};
use crate::model::{EntryId, EntryState};

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
