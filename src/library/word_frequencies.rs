//! The frequencies of the words of the index, in a form that is looked up without reading a file.

use hashbrown::HashMap;

use crate::{index::Segment, story::term_hash};

/// Number of documents for each of which the frequency from which on a word is kept grows by one: a library of
/// a million articles has millions of words, most of which are in a few.
const DOCUMENTS_PER_FREQUENCY: u32 = 65_536;

/// Number of words that are read between two calls of `go_on`.
const WORDS_PER_STEP: u32 = 1 << 10;

/// Number of documents for how often the words of some segments occur. A rare word that is left out counts as
/// one of a single document, which weighs next to the same.
#[derive(Debug, Default)]
pub(super) struct WordFrequencies {
    table: FrequencyTable,
    document_count: u32,
}

impl WordFrequencies {
    /// Reads the dictionaries of segments. One that cannot be read is left out: the index is repaired
    /// elsewhere. Calls `go_on` now and then: a large dictionary takes some tenths of a second.
    pub(super) fn of_segments(segments: &[Segment], go_on: &dyn Fn() -> bool) -> WordFrequencies {
        let (mut by_hash, mut document_count) = (HashMap::new(), 0);
        let mut read_count = 0_u32;
        for segment in segments {
            let minimum = 2 + segment.max_doc() / DOCUMENTS_PER_FREQUENCY;
            let add = |word: &str, frequency| {
                read_count = read_count.wrapping_add(1);
                if read_count.is_multiple_of(WORDS_PER_STEP) {
                    go_on();
                }
                if frequency >= minimum {
                    *by_hash.entry(term_hash(word)).or_default() += frequency;
                }
            };
            if segment.for_each_document_frequency(add).is_ok() {
                document_count += segment.max_doc();
            }
        }
        WordFrequencies { table: FrequencyTable::new(&by_hash), document_count }
    }

    /// Returns the number of documents.
    pub(super) fn document_count(&self) -> u32 {
        self.document_count
    }

    /// Returns the number of documents that have a folded word.
    pub(super) fn document_frequency(&self, word: &str) -> u32 {
        self.table.get(term_hash(word))
    }
}

/// Frequencies by hashes, which are spread evenly, and so are places in the table as they are. A word is found with one
/// step to memory, where a map takes two: the look-ups took most of the time in which the terms of an article are found.
/// 400,000 words take 4 MiB.
#[derive(Debug, Default)]
struct FrequencyTable {
    /// Hashes and frequencies, each at its place or behind it; a frequency of zero is a free slot. The last one is free.
    slots: Vec<(u32, u32)>,
    /// Number of places.
    place_count: usize,
}

impl FrequencyTable {
    /// Creates a table that is three quarters full.
    fn new(by_hash: &HashMap<u32, u32>) -> FrequencyTable {
        let place_count = by_hash.len() * 4 / 3 + 1;
        let mut table = FrequencyTable { slots: vec![(0, 0); place_count], place_count };
        for (hash, frequency) in by_hash {
            let mut at = table.place_of(*hash);
            while table.slots.get(at).is_some_and(|(_, known)| *known > 0) {
                at += 1;
            }
            if at == table.slots.len() {
                table.slots.push((0, 0));
            }
            table.slots[at] = (*hash, *frequency);
        }
        table.slots.push((0, 0));
        table
    }

    /// Returns the frequency of a hash; zero for an unknown one.
    fn get(&self, hash: u32) -> u32 {
        let behind = self.slots.get(self.place_of(hash)..).unwrap_or_default();
        let mut slots = behind.iter().take_while(|(_, frequency)| *frequency > 0);
        slots.find(|(known, _)| *known == hash).map_or(0, |(_, frequency)| *frequency)
    }

    /// Returns the place of a hash: as far in the table as the hash is among all numbers.
    fn place_of(&self, hash: u32) -> usize {
        let place = (u64::from(hash) * self.place_count as u64) >> u32::BITS;
        usize::try_from(place).expect("it is less than the number of places")
    }
}

#[cfg(test)]
mod tests {
    use hashbrown::HashMap;
    use proptest::prelude::*;

    use super::FrequencyTable;

    proptest! {
        #[test]
        fn frequencies_are_found_by_their_hashes(
            frequencies in prop::collection::hash_map(any::<u32>(), 1..u32::MAX, 0..200),
            last in prop::collection::vec(u32::MAX - 9..=u32::MAX, 0..9),
            others in prop::collection::vec(any::<u32>(), 20),
        ) {
            let frequencies: HashMap<u32, u32> =
                frequencies.into_iter().chain(last.into_iter().map(|hash| (hash, 7))).collect();
            let table = FrequencyTable::new(&frequencies);
            for hash in frequencies.keys().chain(&others) {
                prop_assert_eq!(table.get(*hash), frequencies.get(hash).copied().unwrap_or(0));
            }
            prop_assert_eq!(FrequencyTable::default().get(5), 0);
        }
    }
}
