//! The words of a segment that is built: each once, numbered as they come.

use hashbrown::HashMap;

use super::segment::term_key::BigramClass;

/// Every word once.
#[derive(Debug, Default)]
pub(super) struct TermTable {
    /// Most words are short; what is known of them stands beside them: finding it in memory is what takes the time.
    short_terms: HashMap<ShortTerm, InternedTerm>,
    long_terms: HashMap<String, InternedTerm>,
}

/// What is known of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct InternedTerm {
    pub(super) id: u32,
    pub(super) bigram_class: BigramClass,
}

/// Every word, in order.
#[derive(Debug, Default)]
pub(super) struct SortedTerms {
    ids: Vec<u32>,
    bytes: Vec<u8>,
    /// Where the bytes of each end.
    term_ends: Vec<u32>,
}

/// Bytes of a [`ShortTerm`]; its words are shorter.
const SHORT_TERM_BYTES: usize = 24;

/// A word, zeros, and its length, so that the order of these is that of the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct ShortTerm([u64; SHORT_TERM_BYTES / 8]);

impl ShortTerm {
    fn encode(word: &str) -> Option<ShortTerm> {
        let (bytes, length) = (word.as_bytes(), word.len());
        let part = |at: usize| bytes.get(at..).map_or(0, first_eight_bytes);
        (length < SHORT_TERM_BYTES).then(|| ShortTerm([part(0), part(8), part(16) | length as u64]))
    }

    fn decode_into(self, out: &mut Vec<u8>) {
        let [one, two, three] = self.0.map(u64::to_be_bytes);
        let start = out.len();
        out.extend([one, two, three].as_flattened());
        out.truncate(start + usize::from(three[7]));
    }
}

/// The first eight bytes, zeros behind them if they are fewer, as a number that is in order as they are.
fn first_eight_bytes(bytes: &[u8]) -> u64 {
    if let Some(eight) = bytes.first_chunk() {
        return u64::from_be_bytes(*eight);
    }
    let missing = 64 - 8 * bytes.len();
    match (bytes.first_chunk(), bytes.last_chunk()) {
        // The last four where they belong, over those of the first four that they are.
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
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.short_terms.len() + self.long_terms.len()
    }

    /// What is known of `word`.
    pub(super) fn intern(&mut self, word: &str) -> InternedTerm {
        let number = u32::try_from(self.len()).unwrap_or(u32::MAX);
        let new = || InternedTerm { id: number, bigram_class: BigramClass::of_word(word) };
        match ShortTerm::encode(word) {
            Some(short) => *self.short_terms.entry(short).or_insert_with(new),
            None => *self.long_terms.entry_ref(word).or_insert_with(new),
        }
    }

    /// The words in order.
    pub(super) fn into_sorted(self) -> SortedTerms {
        let mut long: Vec<(String, InternedTerm)> = self.long_terms.into_iter().collect();
        long.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        let mut long = long.into_iter().map(|(name, word)| (name, word.id)).peekable();
        let short = self.short_terms.into_iter().map(|(short, word)| (short, word.id));
        let mut short: Vec<(ShortTerm, u32)> = short.collect();
        short.sort_unstable();
        let mut sorted = SortedTerms::default();
        let mut bytes = Vec::with_capacity(SHORT_TERM_BYTES);
        for (short, number) in short {
            bytes.clear();
            short.decode_into(&mut bytes);
            while let Some((word, number)) =
                long.next_if(|(word, _)| word.as_bytes() < bytes.as_slice())
            {
                sorted.push(word.as_bytes(), number);
            }
            sorted.push(&bytes, number);
        }
        long.for_each(|(word, number)| sorted.push(word.as_bytes(), number));
        sorted
    }
}

impl SortedTerms {
    fn push(&mut self, word: &[u8], number: u32) {
        self.bytes.extend_from_slice(word);
        self.term_ends.push(u32::try_from(self.bytes.len()).unwrap_or(u32::MAX));
        self.ids.push(number);
    }

    /// Each word and its number.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&[u8], u32)> {
        self.ids.iter().enumerate().map(|(place, number)| (self.term(place), *number))
    }

    /// The word at a place in the order.
    pub(super) fn term(&self, place: usize) -> &[u8] {
        let start = place.checked_sub(1).map_or(0, |before| self.term_ends[before]);
        &self.bytes[start as usize..self.term_ends[place] as usize]
    }

    /// The place in the order of each word, by its number.
    pub(super) fn positions_by_id(&self) -> Vec<u32> {
        let mut places = vec![0; self.ids.len()];
        for (number, place) in self.ids.iter().zip(0..) {
            places[*number as usize] = place;
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{ShortTerm, TermTable};

    #[test]
    fn term_table_interns_each_word_once() {
        let mut words = TermTable::default();
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
        assert!(sorted.iter().eq(expected.map(|(word, number)| (word.as_bytes(), number))));
        assert_eq!(sorted.positions_by_id(), [4, 0, 5, 1, 2, 3]);
    }

    proptest! {
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
