//! What an article has besides the words of its text, while a segment is built: words of its fields, pairs, facts.

use hashbrown::HashMap;

use super::{
    IndexError,
    posting_builder::PostingBuilder,
    segment::{SegmentWriter, term_key::TermField},
    term_table::SortedTerms,
};

/// Which articles have which of them.
#[derive(Default)]
pub(super) struct FieldTerms {
    list_ids: HashMap<FieldTerm, u32>,
    postings: PostingBuilder,
}

/// A word in a space, or two of them, in one number: the space, the first, one more than the second. These are in order
/// as their keys are, if the words are numbered in order: in a key a blank is between two words, and nothing that is in
/// a word comes before that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct FieldTerm(u64);

/// Bits of a word's number: a segment has far fewer.
const TERM_ID_BITS: u32 = 30;

impl FieldTerm {
    fn new(space: TermField, first: u32, second: Option<u32>) -> FieldTerm {
        let second = second.map_or(0, |second| u64::from(second) + 1);
        FieldTerm((space as u64) << (2 * TERM_ID_BITS) | u64::from(first) << TERM_ID_BITS | second)
    }

    fn field_byte(self) -> u8 {
        u8::try_from(self.0 >> (2 * TERM_ID_BITS)).unwrap_or(u8::MAX)
    }

    fn first_term(self) -> usize {
        self.term_id_at(TERM_ID_BITS) as usize
    }

    fn second_term(self) -> Option<usize> {
        self.term_id_at(0).checked_sub(1).map(|second| second as usize)
    }

    fn term_id_at(self, shift: u32) -> u32 {
        u32::try_from(self.0 >> shift & ((1 << TERM_ID_BITS) - 1)).unwrap_or(u32::MAX)
    }

    /// The same with other numbers of the words.
    fn with_term_ids(self, numbers: &[u32]) -> FieldTerm {
        let space = self.0 >> (2 * TERM_ID_BITS) << (2 * TERM_ID_BITS);
        let second = self.second_term().map_or(0, |second| u64::from(numbers[second]) + 1);
        FieldTerm(space | u64::from(numbers[self.first_term()]) << TERM_ID_BITS | second)
    }
}

impl FieldTerms {
    /// Notes that an article has a word in a space, or two side by side.
    pub(super) fn add_posting(
        &mut self,
        space: TermField,
        first: u32,
        second: Option<u32>,
        article: u32,
    ) {
        let lists = &mut self.postings;
        let number = *self
            .list_ids
            .entry(FieldTerm::new(space, first, second))
            .or_insert_with(|| lists.add_list());
        lists.add_posting(number, article);
    }

    /// Writes all of them, in the order of their keys; `places` are those of the words in theirs.
    pub(super) fn write_terms(
        self,
        words: &SortedTerms,
        places: &[u32],
        writer: &mut SegmentWriter,
    ) -> Result<(), IndexError> {
        let lists = self.postings.build();
        let numbered =
            self.list_ids.into_iter().map(|(other, number)| (other.with_term_ids(places), number));
        let mut all: Vec<(FieldTerm, u32)> = numbered.collect();
        all.sort_unstable();
        let mut key = Vec::new();
        for (other, number) in all {
            key.clear();
            key.push(other.field_byte());
            key.extend_from_slice(words.term(other.first_term()));
            if let Some(second) = other.second_term() {
                key.push(b' ');
                key.extend_from_slice(words.term(second));
            }
            writer.write_term(&key, lists.list(number))?;
        }
        Ok(())
    }
}
