//! Interns the words of a new segment: each distinct word gets an id in the order of first
//! occurrence.
//!
//! A single text may have millions of words. The hash table is emptied into a sorted run when it
//! is full, which takes half as much memory, and the runs are merged at the end. A word that occurs
//! again after that gets another id, an alias.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
    hash::BuildHasher,
};

use hashbrown::{DefaultHashBuilder, HashTable};

use super::segment::term_key::BigramClass;

/// A map from words to terms.
#[derive(Debug)]
pub(super) struct TermTable {
    /// Maximum number of terms in the hash table.
    max_hashed: usize,
    hasher: DefaultHashBuilder,
    /// Finds the words of `hashed` by their hashes.
    slots: HashTable<TermSlot>,
    /// The words in the hash table, in the order of their first occurrence.
    hashed: TermList,
    /// The terms that were in the hash table before.
    runs: Vec<SortedTerms>,
    /// Number of terms in `runs`.
    run_len: usize,
}

/// A word of the hash table. The frequent words, of which a text consists mostly, stay in the processor's
/// cache, wherever they are; with all words in the table itself, it was four times as large.
#[derive(Debug, Clone, Copy)]
struct TermSlot {
    hash: u32,
    /// Position of the word in the list.
    index: u32,
}

/// Words with their classes, one after the other in one allocation.
#[derive(Debug, Default)]
struct TermList {
    bytes: Vec<u8>,
    /// End of each word in `bytes`.
    ends: Vec<u32>,
    classes: Vec<BigramClass>,
}

/// The id and the bigram class of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InternedTerm {
    pub(super) id: u32,
    pub(super) bigram_class: BigramClass,
}

/// All words in ascending order, in one allocation.
#[derive(Debug, Default)]
pub(super) struct SortedTerms {
    /// Id of each word, by position.
    ids: Vec<u32>,
    /// The other ids of words, each with the position of its word.
    aliases: Vec<(u32, u32)>,
    bytes: Vec<u8>,
    /// End of each word in `bytes`, by position.
    term_ends: Vec<u32>,
}

/// Returns the first eight bytes as a big-endian number, padded with zeros at the end.
fn first_eight_bytes(bytes: &[u8]) -> u64 {
    if let Some(eight) = bytes.first_chunk() {
        return u64::from_be_bytes(*eight);
    }
    let missing = 64 - 8 * bytes.len();
    match (bytes.first_chunk(), bytes.last_chunk()) {
        // The last four bytes at their own position; they may overlap the first four, and the
        // overlapping bytes are equal.
        (Some(first), Some(last)) => {
            u64::from(u32::from_be_bytes(*first)) << 32
                | u64::from(u32::from_be_bytes(*last)) << missing
        }
        _ => bytes
            .iter()
            .zip([56, 48, 40])
            .fold(0, |all, (byte, shift)| all | u64::from(*byte) << shift),
    }
}

impl TermSlot {
    /// Returns the hash that the table uses, which is made of the part that the slot keeps.
    fn table_hash(hash: u32) -> u64 {
        // The table takes its place from the lowest bits and a mark from the highest.
        u64::from(hash).wrapping_mul(0x9e37_79b9_7f4a_7c15)
    }
}

impl TermList {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn get(&self, index: u32) -> &[u8] {
        let index = index as usize;
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start as usize..self.ends[index] as usize]
    }

    fn push(&mut self, word: &str, class: BigramClass) {
        self.bytes.extend_from_slice(word.as_bytes());
        self.ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        self.classes.push(class);
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.classes.clear();
    }
}

impl TermTable {
    /// Creates a table that begins a new run after `max_hashed` terms.
    pub(super) fn new(max_hashed: usize) -> TermTable {
        TermTable {
            max_hashed,
            hasher: DefaultHashBuilder::default(),
            slots: HashTable::new(),
            hashed: TermList::default(),
            runs: Vec::new(),
            run_len: 0,
        }
    }

    /// Returns the number of ids.
    pub(super) fn len(&self) -> usize {
        self.run_len + self.hashed.len()
    }

    /// Returns the term of `word`; adds the word if it is new.
    pub(super) fn intern(&mut self, word: &str) -> InternedTerm {
        if self.hashed.len() >= self.max_hashed {
            self.end_run();
        }
        let hash = (self.hasher.hash_one(word.as_bytes()) >> 32) as u32;
        let hashed = &self.hashed;
        let is_word =
            |slot: &TermSlot| slot.hash == hash && hashed.get(slot.index) == word.as_bytes();
        let index = match self.slots.find(TermSlot::table_hash(hash), is_word) {
            Some(slot) => slot.index,
            None => self.add_word(word, hash),
        };
        let run_len = u32::try_from(self.run_len).unwrap_or(u32::MAX);
        InternedTerm { id: run_len + index, bigram_class: self.hashed.classes[index as usize] }
    }

    /// Adds a new word and returns its index.
    fn add_word(&mut self, word: &str, hash: u32) -> u32 {
        let index = u32::try_from(self.hashed.len()).unwrap_or(u32::MAX);
        self.hashed.push(word, BigramClass::of_word(word));
        self.slots.insert_unique(TermSlot::table_hash(hash), TermSlot { hash, index }, |slot| {
            TermSlot::table_hash(slot.hash)
        });
        index
    }

    /// Moves the terms out of the hash table, which keeps its size.
    fn end_run(&mut self) {
        self.slots.clear();
        self.runs.push(SortedTerms::from_list(&self.hashed, self.run_len));
        self.run_len = self.len();
        self.hashed.clear();
    }

    /// Sorts the words.
    pub(super) fn into_sorted(mut self) -> SortedTerms {
        // The hash table is large.
        self.slots = HashTable::new();
        self.end_run();
        let mut runs = std::mem::take(&mut self.runs);
        drop(self);
        if runs.len() > 1 { SortedTerms::merge(&runs) } else { runs.pop().unwrap_or_default() }
    }
}

impl SortedTerms {
    /// Sorts the words of a list, whose first has the id `first_id`.
    fn from_list(list: &TermList, first_id: usize) -> SortedTerms {
        let with_start = |index: u32| (first_eight_bytes(list.get(index)), index);
        let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
        let mut order: Vec<(u64, u32)> = (0..count).map(with_start).collect();
        order.sort_unstable_by(|(start, index), (other_start, other)| {
            let compare_words = || list.get(*index).cmp(list.get(*other));
            start.cmp(other_start).then_with(compare_words)
        });
        let first_id = u32::try_from(first_id).unwrap_or(u32::MAX);
        let mut sorted = SortedTerms {
            ids: Vec::with_capacity(list.len()),
            aliases: Vec::new(),
            bytes: Vec::with_capacity(list.bytes.len()),
            term_ends: Vec::with_capacity(list.len()),
        };
        for (_, index) in order {
            sorted.push(list.get(index), first_id + index);
        }
        sorted
    }

    /// Merges runs. Of a word in several runs, the ids of the later ones become aliases.
    fn merge(runs: &[SortedTerms]) -> SortedTerms {
        let mut merged = SortedTerms::default();
        let head = |run: usize, position: usize| {
            let id = runs[run].ids.get(position)?;
            Some(Reverse((runs[run].term(position), run, position, *id)))
        };
        let mut heads: BinaryHeap<_> = (0..runs.len()).filter_map(|run| head(run, 0)).collect();
        while let Some(mut first) = heads.peek_mut() {
            let Reverse((word, run, position, id)) = *first;
            match merged.ids.len().checked_sub(1) {
                Some(last) if merged.term(last) == word => {
                    merged.aliases.push((id, u32::try_from(last).unwrap_or(u32::MAX)));
                }
                _ => merged.push(word, id),
            }
            match head(run, position + 1) {
                Some(next) => *first = next,
                None => drop(PeekMut::pop(first)),
            }
        }
        merged
    }

    fn push(&mut self, word: &[u8], id: u32) {
        self.bytes.extend_from_slice(word);
        self.term_ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        self.ids.push(id);
    }

    /// Iterates over the words in ascending order, each with the first of its ids.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], u32)> {
        self.ids.iter().enumerate().map(|(position, id)| (self.term(position), *id))
    }

    /// Returns the word at `position`.
    pub(super) fn term(&self, position: usize) -> &[u8] {
        let start = position.checked_sub(1).map_or(0, |before| self.term_ends[before]);
        &self.bytes[start as usize..self.term_ends[position] as usize]
    }

    /// Returns the first id of each word by its ids; empty if no word has several.
    pub(super) fn first_ids(&self) -> Vec<u32> {
        if self.aliases.is_empty() {
            return Vec::new();
        }
        let positions = self.positions_by_id();
        positions.into_iter().map(|position| self.ids[position as usize]).collect()
    }

    /// Returns the position of each word by its ids.
    pub(super) fn positions_by_id(&self) -> Vec<u32> {
        let mut positions = vec![0; self.ids.len() + self.aliases.len()];
        for (id, position) in self.ids.iter().zip(0..) {
            positions[*id as usize] = position;
        }
        for (id, position) in &self.aliases {
            positions[*id as usize] = *position;
        }
        positions
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{TermTable, first_eight_bytes};

    #[test]
    fn term_table_interns_each_word_once() {
        let mut words = TermTable::new(usize::MAX);
        let long = "a".repeat(24);
        let some = ["the", "", "the\0", &long[..23], &long, "städte", "the", &long, &long[..23]];
        assert_eq!(some.map(|word| words.intern(word).id), [0, 1, 2, 3, 4, 5, 0, 4, 3]);
        let sorted = words.into_sorted();
        let expected = [
            ("", 1),
            (&long[..23], 3),
            (long.as_str(), 4),
            ("städte", 5),
            ("the", 0),
            ("the\0", 2),
        ];
        assert!(sorted.iter().eq(expected.map(|(word, id)| (word.as_bytes(), id))));
        assert_eq!(sorted.positions_by_id(), [4, 0, 5, 1, 2, 3]);
    }

    proptest! {
        #[test]
        fn first_eight_bytes_sort_like_their_words(one in "\\PC{0,12}", other in "\\PC{0,12}") {
            let starts = first_eight_bytes(one.as_bytes()).cmp(&first_eight_bytes(other.as_bytes()));
            prop_assert!(starts.is_eq() || starts == one.cmp(&other), "{one:?} {other:?}");
        }

        #[test]
        fn term_table_merges_runs(words in prop::collection::vec("[a-c]{0,3}|d{24,26}", 0..60), max_hashed in 1_usize..20) {
            let (mut table, mut whole) = (TermTable::new(max_hashed), TermTable::new(usize::MAX));
            let ids: Vec<u32> = words.iter().map(|word| table.intern(word).id).collect();
            for word in &words {
                let _ = whole.intern(word);
            }
            let id_count = table.len();
            let (sorted, expected) = (table.into_sorted(), whole.into_sorted());
            prop_assert!(sorted.iter().map(|(word, _)| word).eq(expected.iter().map(|(word, _)| word)));
            let positions = sorted.positions_by_id();
            prop_assert_eq!(positions.len(), id_count);
            for (word, id) in words.iter().zip(ids) {
                let position = positions[id as usize] as usize;
                prop_assert_eq!(sorted.term(position), word.as_bytes());
                let first_id = sorted.first_ids().get(id as usize).copied().unwrap_or(id);
                prop_assert_eq!(first_id, sorted.ids[position]);
            }
        }
    }
}
