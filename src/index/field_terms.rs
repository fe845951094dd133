//! The terms of a new segment besides the words of the texts: words of single fields, bigrams and
//! attributes.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

use super::{
    IndexError,
    posting_builder::PostingBuilder,
    segment::{SegmentWriter, term_key::TermField},
    term_table::SortedTerms,
};

/// The field terms of a new segment and the documents that have them.
#[derive(Default)]
pub(super) struct FieldTerms {
    hasher: DefaultHashBuilder,
    /// Finds the posting lists of terms, whose ids are the positions of the terms. A map from terms to ids
    /// takes twice as much memory.
    list_ids: HashTable<u32>,
    terms: Vec<FieldTerm>,
    postings: PostingBuilder,
}

/// A field and one or two words, packed into a number: the field, the first word's id, and the
/// second word's id plus one (0 if there is none).
///
/// If word ids follow the order of the words, these numbers sort like the keys of the dictionary:
/// in a key the two words are separated by a blank, and no byte inside a word sorts before the
/// blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct FieldTerm(u64);

/// Number of bits for a word id; a segment has far fewer words.
const TERM_ID_BITS: u32 = 30;

impl FieldTerm {
    fn new(field: TermField, first: u32, second: Option<u32>) -> FieldTerm {
        let second = second.map_or(0, |second| u64::from(second) + 1);
        FieldTerm((field as u64) << (2 * TERM_ID_BITS) | u64::from(first) << TERM_ID_BITS | second)
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

    /// Returns the term with each word id replaced by its entry in `new_ids`.
    fn with_term_ids(self, new_ids: &[u32]) -> FieldTerm {
        let field = self.0 >> (2 * TERM_ID_BITS) << (2 * TERM_ID_BITS);
        let second = self.second_term().map_or(0, |second| u64::from(new_ids[second]) + 1);
        FieldTerm(field | u64::from(new_ids[self.first_term()]) << TERM_ID_BITS | second)
    }
}

impl FieldTerms {
    /// Records that `doc` has the word `first`, or the bigram `first second`, in `field`.
    pub(super) fn add_posting(
        &mut self,
        field: TermField,
        first: u32,
        second: Option<u32>,
        doc: u32,
    ) {
        let term = FieldTerm::new(field, first, second);
        let FieldTerms { hasher, list_ids, terms, postings } = self;
        let hash = hasher.hash_one(term);
        let known = list_ids.find(hash, |id| terms[*id as usize] == term).copied();
        let list_id = known.unwrap_or_else(|| {
            let list_id = postings.add_list();
            terms.push(term);
            list_ids.insert_unique(hash, list_id, |id| hasher.hash_one(terms[*id as usize]));
            list_id
        });
        postings.add_posting(list_id, doc);
    }

    /// Writes all terms in the order of their keys. `positions` maps each word id to the word's
    /// position in `words`.
    pub(super) fn write_terms(
        self,
        words: &SortedTerms,
        positions: &[u32],
        writer: &mut SegmentWriter,
    ) -> Result<(), IndexError> {
        drop(self.list_ids);
        let lists = self.postings.build();
        let with_positions =
            |(term, list_id): (FieldTerm, u32)| (term.with_term_ids(positions), list_id);
        let mut terms: Vec<(FieldTerm, u32)> =
            self.terms.into_iter().zip(0..).map(with_positions).collect();
        terms.sort_unstable();
        let (mut key, mut docs) = (Vec::new(), Vec::new());
        // Words with several ids have several lists.
        for same_term in terms.chunk_by(|(term, _), (next, _)| term == next) {
            let (term, _) = same_term[0];
            key.clear();
            key.push(term.field_byte());
            key.extend_from_slice(words.term(term.first_term()));
            if let Some(second) = term.second_term() {
                key.push(b' ');
                key.extend_from_slice(words.term(second));
            }
            docs.clear();
            for (_, list_id) in same_term {
                lists.add_to(*list_id, &mut docs);
            }
            if same_term.len() > 1 {
                docs.sort_unstable();
                docs.dedup();
            }
            writer.write_term(&key, &docs)?;
        }
        Ok(())
    }
}
