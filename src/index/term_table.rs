//! Interns the words of a new segment: each distinct word gets an id in the order of first
//! occurrence.
//!
//! A single text may have millions of words. The hash tables are emptied into a sorted run when they
//! are full, which takes half as much memory, and the runs are merged at the end. A word that occurs
//! again after that gets another id, an alias.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, binary_heap::PeekMut},
};

use hashbrown::HashMap;

use super::segment::term_key::BigramClass;

/// A map from words to terms.
#[derive(Debug)]
pub(super) struct TermTable {
    /// Maximum number of terms in the hash tables.
    max_hashed: usize,
    /// Most words are short. They are stored inline, next to their term: following a pointer to
    /// each word is what takes the time.
    short_terms: HashMap<ShortTerm, InternedTerm>,
    long_terms: HashMap<String, InternedTerm>,
    /// The terms that were in the hash tables before.
    runs: Vec<SortedTerms>,
    /// Number of terms in `runs`.
    run_len: usize,
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

/// Size of a [`ShortTerm`] in bytes; the last byte holds the length, so its word must be shorter.
const SHORT_TERM_BYTES: usize = 24;

/// A word, zero padding, and the length of the word in the last byte, as big-endian numbers: short
/// terms sort like their words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ShortTerm([u64; SHORT_TERM_BYTES / 8]);

impl ShortTerm {
    /// Returns `None` if the word is too long.
    fn encode(word: &str) -> Option<ShortTerm> {
        let (bytes, length) = (word.as_bytes(), word.len());
        let eight_bytes_at = |start: usize| bytes.get(start..).map_or(0, first_eight_bytes);
        (length < SHORT_TERM_BYTES).then(|| {
            ShortTerm([eight_bytes_at(0), eight_bytes_at(8), eight_bytes_at(16) | length as u64])
        })
    }

    /// Appends the word to `out`.
    fn decode_into(self, out: &mut Vec<u8>) {
        let [one, two, three] = self.0.map(u64::to_be_bytes);
        let start = out.len();
        out.extend([one, two, three].as_flattened());
        out.truncate(start + usize::from(three[7]));
    }
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

impl TermTable {
    /// Creates a table that begins a new run after `max_hashed` terms.
    pub(super) fn new(max_hashed: usize) -> TermTable {
        TermTable {
            max_hashed,
            short_terms: HashMap::new(),
            long_terms: HashMap::new(),
            runs: Vec::new(),
            run_len: 0,
        }
    }

    /// Returns the number of ids.
    pub(super) fn len(&self) -> usize {
        self.run_len + self.hashed_len()
    }

    fn hashed_len(&self) -> usize {
        self.short_terms.len() + self.long_terms.len()
    }

    /// Returns the term of `word`; adds the word if it is new.
    pub(super) fn intern(&mut self, word: &str) -> InternedTerm {
        if self.hashed_len() >= self.max_hashed {
            self.end_run();
        }
        let id = u32::try_from(self.len()).unwrap_or(u32::MAX);
        let new = || InternedTerm { id, bigram_class: BigramClass::of_word(word) };
        match ShortTerm::encode(word) {
            Some(short) => *self.short_terms.entry(short).or_insert_with(new),
            None => *self.long_terms.entry_ref(word).or_insert_with(new),
        }
    }

    /// Moves the terms out of the hash tables, which keep their size.
    fn end_run(&mut self) {
        self.run_len = self.len();
        let short_terms = self.short_terms.drain().map(|(word, term)| (word, term.id)).collect();
        let long_terms = self.long_terms.drain().map(|(word, term)| (word, term.id)).collect();
        self.runs.push(SortedTerms::from_terms(short_terms, long_terms));
    }

    /// Sorts the words.
    pub(super) fn into_sorted(mut self) -> SortedTerms {
        self.end_run();
        let mut runs = std::mem::take(&mut self.runs);
        // The hash tables are large.
        drop(self);
        if runs.len() > 1 { SortedTerms::merge(&runs) } else { runs.pop().unwrap_or_default() }
    }
}

impl SortedTerms {
    /// Sorts the terms of the hash tables.
    fn from_terms(
        mut short_terms: Vec<(ShortTerm, u32)>,
        mut long_terms: Vec<(String, u32)>,
    ) -> SortedTerms {
        long_terms.sort_unstable();
        let mut long_terms = long_terms.into_iter().peekable();
        short_terms.sort_unstable();
        let mut sorted = SortedTerms::default();
        let mut bytes = Vec::with_capacity(SHORT_TERM_BYTES);
        for (short_term, id) in short_terms {
            bytes.clear();
            short_term.decode_into(&mut bytes);
            let is_before = |(word, _): &(String, u32)| word.as_bytes() < bytes.as_slice();
            while let Some((word, id)) = long_terms.next_if(is_before) {
                sorted.push(word.as_bytes(), id);
            }
            sorted.push(&bytes, id);
        }
        long_terms.for_each(|(word, id)| sorted.push(word.as_bytes(), id));
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

    use super::{ShortTerm, TermTable};

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

        #[test]
        fn short_terms_sort_like_their_bytes(one in "\\PC{0,12}", other in "\\PC{0,12}") {
            if let (Some(short), Some(shorter)) = (ShortTerm::encode(&one), ShortTerm::encode(&other)) {
                prop_assert_eq!(short.cmp(&shorter), one.cmp(&other));
                let mut bytes = Vec::new();
                short.decode_into(&mut bytes);
                prop_assert_eq!(bytes, one.as_bytes());
            }
        }
    }
}
