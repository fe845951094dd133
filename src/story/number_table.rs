//! Numbers that are found by keys.

use hashbrown::{HashTable, hash_table::Entry};

/// Numbers with a key each, which is not stored here, but returned by a function of the number: 5 bytes a slot of the
/// table, where a map with its keys has 9 to 17.
#[derive(Debug, Default)]
pub(super) struct NumberTable(HashTable<u32>);

impl NumberTable {
    /// Creates a table with room for a number of keys.
    pub(super) fn with_capacity(count: usize) -> NumberTable {
        NumberTable(HashTable::with_capacity(count))
    }

    /// Returns the number with a key.
    pub(super) fn get(&self, key: u64, key_of: impl Fn(u32) -> u64) -> Option<u32> {
        self.0.find(hash_key(key), |number| key_of(*number) == key).copied()
    }

    /// Adds a number with its key; returns the one before with that key, whose place it takes.
    pub(super) fn insert(
        &mut self,
        (key, number): (u64, u32),
        key_of: impl Fn(u32) -> u64,
    ) -> Option<u32> {
        let is_same = |other: &u32| key_of(*other) == key;
        match self.0.entry(hash_key(key), is_same, |other| hash_key(key_of(*other))) {
            Entry::Occupied(mut known) => Some(std::mem::replace(known.get_mut(), number)),
            Entry::Vacant(free) => {
                free.insert(number);
                None
            }
        }
    }

    /// Removes the number with a key, and returns it.
    pub(super) fn remove(&mut self, key: u64, key_of: impl Fn(u32) -> u64) -> Option<u32> {
        let found = self.0.find_entry(hash_key(key), |number| key_of(*number) == key);
        found.ok().map(|found| found.remove().0)
    }
}

/// Returns the hash of a key. The keys are digests or ids that count up, whose lower bits, which choose the slot, are
/// spread as they are; the product fills the upper ones, which tell the keys of neighbouring slots apart.
fn hash_key(key: u64) -> u64 {
    key.wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_found_by_their_keys() {
        let keys: Vec<u64> = (0..1000).map(|number| number * 3 + 7).collect();
        let key_of = |number: u32| keys[number as usize];
        let mut table = NumberTable::default();
        for number in 0..1000 {
            assert_eq!(table.insert((key_of(number), number), key_of), None);
        }
        assert_eq!(table.insert((10, 1), key_of), Some(1));
        assert_eq!((table.get(7, key_of), table.get(8, key_of)), (Some(0), None));
        assert_eq!((table.remove(7, key_of), table.remove(7, key_of)), (Some(0), None));
        assert!((1..1000).all(|number| table.get(key_of(number), key_of) == Some(number)));
    }
}
