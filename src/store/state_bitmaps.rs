//! Read and starred states as pages of bits next to the entries, so that the states of a million
//! entries load at once.

use super::{
    ReadConnection, StoreError,
    state_pages::{PAGE_BYTES, set_bit},
};
use crate::model::{EntryId, EntryState};

/// Number of pages, each of 4,096 entries, beyond which a page or an entry has a damaged number: its
/// bits would take all of the memory.
const MAX_PAGES: usize = 1 << 16;

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
        let byte = usize::try_from(id.0).map_or(usize::MAX, |id| id / 8);
        if byte >= MAX_PAGES * PAGE_BYTES {
            return;
        }
        let mut state = self.get(id.0);
        change(&mut state);
        for (bits, is_set) in [(&mut self.read, state.read), (&mut self.starred, state.starred)] {
            bits.resize(bits.len().max(byte + 1), 0);
            set_bit(bits, id.0, is_set);
        }
    }

    /// Counts the entries that are read and those that are starred.
    fn count_marks(&self) -> (u64, u64) {
        let count = |bits: &[u8]| bits.iter().map(|byte| u64::from(byte.count_ones())).sum();
        (count(&self.read), count(&self.starred))
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
    ///
    /// If the bitmaps have another number of marks than the feeds state, a page of them is damaged,
    /// and the states come from the entries themselves, which takes longer.
    pub fn load_state_bitmaps(&self) -> Result<StateBitmaps, StoreError> {
        let read = || -> rusqlite::Result<StateBitmaps> {
            let states = self.read_bitmap_pages()?;
            let sql =
                "SELECT coalesce(sum(total - unread), 0), coalesce(sum(starred), 0) FROM feeds";
            let expected = self.db.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)));
            match expected {
                Ok(counts) if counts == states.count_marks() => Ok(states),
                _ => self.read_marks_of_entries(),
            }
        };
        read().map_err(StoreError::during("read the read and starred states"))
    }

    fn read_bitmap_pages(&self) -> rusqlite::Result<StateBitmaps> {
        let mut statement =
            self.db.prepare_cached("SELECT page, read, starred FROM states ORDER BY page")?;
        let mut rows = statement.query([])?;
        let mut states = StateBitmaps::default();
        while let Some(row) = rows.next()? {
            let page = usize::try_from(row.get::<_, i64>(0)?).unwrap_or(usize::MAX);
            if page >= MAX_PAGES {
                continue;
            }
            for (bits, column) in [(&mut states.read, 1), (&mut states.starred, 2)] {
                bits.resize(page * PAGE_BYTES, 0);
                bits.extend_from_slice(row.get_ref(column)?.as_blob().unwrap_or_default());
            }
        }
        Ok(states)
    }

    /// Reads the marks from the table itself, not from one of its indexes, which may be damaged.
    fn read_marks_of_entries(&self) -> rusqlite::Result<StateBitmaps> {
        let sql =
            "SELECT id, read, starred FROM entries NOT INDEXED WHERE read <> 0 OR starred <> 0";
        let mut statement = self.db.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        let mut states = StateBitmaps::default();
        while let Some(row) = rows.next()? {
            let (read, starred) = (row.get(1)?, row.get(2)?);
            states.update(EntryId(row.get(0)?), |state| *state = EntryState { read, starred });
        }
        Ok(states)
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::{
        model::{Change, FeedKind},
        store::{LibraryLocation, WriteConnection},
    };

    #[test]
    fn marks_of_damaged_bitmaps_are_read_from_the_entries() {
        let location = LibraryLocation::Memory("damaged-bitmaps".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        store.add_feed(FeedKind::Folder, "file:///none", "None").unwrap();
        let insert = "INSERT INTO entries
            (feed, guid, digest, size, modified, title, tags, published, day_only)
            VALUES (1, ?1, 0, 0, 0, ?1, '', 0, 0)";
        for guid in ["one", "two", "three"] {
            store.db.execute(insert, [guid]).unwrap();
        }
        store.db.execute("UPDATE feeds SET total = 3, unread = 3", []).unwrap();
        let read = Change::Read { ids: vec![EntryId(1), EntryId(3)], read: true };
        let starred = Change::Starred { ids: vec![EntryId(2)], starred: true };
        for change in [read, starred] {
            store.apply_change(&change, DateTime::UNIX_EPOCH).unwrap();
        }
        let reader = ReadConnection::open(&location).unwrap();
        let expected = reader.load_state_bitmaps().unwrap();
        assert!(expected.get(1).read && expected.get(2).starred && !expected.get(2).read);
        for damage in [
            "UPDATE states SET read = zeroblob(512)",
            "UPDATE states SET starred = x'ff'",
            "UPDATE states SET page = 1",
            "UPDATE states SET page = 1 << 60",
            "DELETE FROM states",
        ] {
            store.db.execute_batch(damage).unwrap();
            let states = reader.load_state_bitmaps().unwrap();
            for id in 0..5 {
                assert_eq!(states.get(id), expected.get(id), "{damage}: {id}");
            }
        }
    }
}
