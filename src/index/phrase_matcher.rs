//! Searches the stored text of a document for a phrase. Texts are stored as term ids, so the phrase
//! is translated to term ids first.

use memchr::memmem::Finder;

use super::{
    BitSet, IndexError,
    index_query::PhraseQuery,
    segment::{FIRST_TERM_ID, Segment, term_key::TermField},
    stored_text::{decode_term_ids, field_of_text},
    varint,
};
use crate::query::Field;

/// A phrase in the term ids of one segment.
#[derive(Debug)]
pub(super) struct PhraseMatcher {
    field: Field,
    /// Encoded term ids of the words before the prefix.
    whole_terms: Finder<'static>,
    /// Term ids of all words that begin with the prefix; `None` if the last word is whole.
    prefix_term_ids: Option<BitSet>,
}

impl PhraseMatcher {
    /// Translates `phrase` to term ids. Returns `None` if a whole word of the phrase is in no text
    /// of the segment.
    pub(super) fn new(
        segment: &Segment,
        field: Field,
        phrase: &PhraseQuery,
    ) -> Result<Option<PhraseMatcher>, IndexError> {
        let mut whole_terms = Vec::new();
        let whole_words = phrase.words.len() - usize::from(phrase.last_is_prefix);
        for word in &phrase.words[..whole_words] {
            let Some(ordinal) = segment.term_ordinal(TermField::Word, word) else {
                return Ok(None);
            };
            varint::encode(segment.term_id(ordinal)?, &mut whole_terms);
        }
        let prefix_term_ids = match phrase.words.last().filter(|_| phrase.last_is_prefix) {
            Some(word) => Some(term_ids_with_prefix(segment, word)?),
            None => None,
        };
        Ok(Some(PhraseMatcher {
            field,
            whole_terms: Finder::new(&whole_terms).into_owned(),
            prefix_term_ids,
        }))
    }

    /// Returns true if the phrase is in the searched field of `text`.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        let Some(field) = self.searched_field(text) else { return false };
        let Some(prefix_term_ids) = &self.prefix_term_ids else {
            return self.find_whole_terms(field).next().is_some();
        };
        if self.whole_terms.needle().is_empty() {
            return decode_term_ids(field).any(|term_id| prefix_term_ids.get(term_id));
        }
        self.find_whole_terms(field).any(|start| self.is_followed_by(prefix_term_ids, field, start))
    }

    /// Returns the number of occurrences of the phrase in `text`, which may be a text or one field
    /// of it.
    pub(super) fn count_matches(&self, text: &[u8]) -> u32 {
        let Some(prefix_term_ids) = &self.prefix_term_ids else {
            return count_saturating(self.find_whole_terms(text));
        };
        if self.whole_terms.needle().is_empty() {
            let matches = decode_term_ids(text).filter(|term_id| prefix_term_ids.get(*term_id));
            return count_saturating(matches);
        }
        let is_match = |start: &usize| self.is_followed_by(prefix_term_ids, text, *start);
        count_saturating(self.find_whole_terms(text).filter(is_match))
    }

    /// Returns true if the whole words at `start` are followed by one of `term_ids`.
    fn is_followed_by(&self, term_ids: &BitSet, text: &[u8], start: usize) -> bool {
        let end = start + self.whole_terms.needle().len();
        varint::decode(&mut &text[end..]).is_some_and(|term_id| term_ids.get(term_id))
    }

    /// Iterates over the offsets of the encoded whole words. Skips matches that begin inside the
    /// encoding of another term id.
    fn find_whole_terms<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = usize> {
        // The last byte of every encoded term id is below 0x80.
        let is_term_start =
            |start: &usize| start.checked_sub(1).is_none_or(|before| text[before] < 0x80);
        let mut from = 0;
        let matches = std::iter::from_fn(move || {
            let start = from + self.whole_terms.find(text.get(from..)?)?;
            from = start + 1;
            Some(start)
        });
        matches.filter(is_term_start)
    }

    /// Returns the part of `text` to search, or `None` if the text has no such field.
    fn searched_field<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        match self.field {
            Field::Title => field_of_text(text, 0),
            Field::Author => field_of_text(text, 1),
            Field::Body => field_of_text(text, 2),
            Field::Tags | Field::Categories => field_of_text(text, 3),
            Field::Anywhere | Field::Url => Some(text),
        }
    }
}

fn count_saturating<T>(matches: impl Iterator<Item = T>) -> u32 {
    u32::try_from(matches.count()).unwrap_or(u32::MAX)
}

/// Returns the term ids of all words that begin with `prefix`.
fn term_ids_with_prefix(segment: &Segment, prefix: &str) -> Result<BitSet, IndexError> {
    let mut term_ids = BitSet::empty(segment.num_words() + FIRST_TERM_ID);
    for term_id in segment.term_ids(segment.ordinals_with_prefix(TermField::Word, prefix))? {
        term_ids.set_to(term_id, true);
    }
    Ok(term_ids)
}
