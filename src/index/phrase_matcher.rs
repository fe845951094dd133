//! Whether a text has words side by side: looked up in the numbers that the text is stored as.

use memchr::memmem::Finder;

use super::{
    BitSet, IndexError,
    index_query::{Part, PhraseQuery},
    segment::{FIELD_BREAK, FIRST_TERM_ID, Segment, term_key::TermField},
    varint,
};

/// A phrase in the numbers of one segment.
#[derive(Debug)]
pub(super) struct PhraseMatcher {
    part: Part,
    /// The words before an open one.
    whole_terms: Finder<'static>,
    /// The words that an open one may be, by their numbers.
    prefix_term_ids: Option<BitSet>,
}

impl PhraseMatcher {
    /// `None` if a word of the phrase is in no text of the segment.
    pub(super) fn new(
        segment: &Segment,
        part: Part,
        phrase: &PhraseQuery,
    ) -> Result<Option<PhraseMatcher>, IndexError> {
        let mut closed = Vec::new();
        let count = phrase.words.len() - usize::from(phrase.last_is_prefix);
        for word in &phrase.words[..count] {
            let Some(ordinal) = segment.term_ordinal(TermField::Word, word) else {
                return Ok(None);
            };
            varint::encode(segment.term_id(ordinal)?, &mut closed);
        }
        let open = match phrase.words.last().filter(|_| phrase.last_is_prefix) {
            Some(word) => Some(term_ids_with_prefix(segment, word)?),
            None => None,
        };
        Ok(Some(PhraseMatcher {
            part,
            whole_terms: Finder::new(&closed).into_owned(),
            prefix_term_ids: open,
        }))
    }

    /// Whether the phrase is in a text.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        let Some(text) = self.searched_field(text) else { return false };
        let Some(open) = &self.prefix_term_ids else {
            return self.find_whole_terms(text).next().is_some();
        };
        let length = self.whole_terms.needle().len();
        if length == 0 {
            let mut rest = text;
            return std::iter::from_fn(|| varint::decode(&mut rest)).any(|token| open.get(token));
        }
        self.find_whole_terms(text).any(|at| {
            varint::decode(&mut &text[at + length..]).is_some_and(|token| open.get(token))
        })
    }

    /// How often the phrase is in a text, or in a part of one.
    pub(super) fn count_matches(&self, text: &[u8]) -> u32 {
        let Some(open) = &self.prefix_term_ids else {
            return count_saturating(self.find_whole_terms(text));
        };
        let length = self.whole_terms.needle().len();
        if length == 0 {
            let mut rest = text;
            return count_saturating(
                std::iter::from_fn(|| varint::decode(&mut rest)).filter(|token| open.get(*token)),
            );
        }
        let goes_on = |at: &usize| {
            varint::decode(&mut &text[at + length..]).is_some_and(|token| open.get(token))
        };
        count_saturating(self.find_whole_terms(text).filter(goes_on))
    }

    /// Where the closed words stand. Bytes that are the end of another number are none.
    fn find_whole_terms<'t>(&'t self, text: &'t [u8]) -> impl Iterator<Item = usize> {
        let whole = |at: &usize| at.checked_sub(1).is_none_or(|before| text[before] < 0x80);
        let mut from = 0;
        std::iter::from_fn(move || {
            let at = from + self.whole_terms.find(text.get(from..)?)?;
            from = at + 1;
            Some(at)
        })
        .filter(whole)
    }

    fn searched_field<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        match self.part {
            Part::Title => field_of_text(text, 0),
            Part::Author => field_of_text(text, 1),
            Part::Body => field_of_text(text, 2),
            Part::Tags => field_of_text(text, 3),
            Part::Anywhere | Part::Url => Some(text),
        }
    }
}

fn count_saturating<T>(found: impl Iterator<Item = T>) -> u32 {
    u32::try_from(found.count()).unwrap_or(u32::MAX)
}

/// The title of a text.
pub(super) fn title_of_text(text: &[u8]) -> &[u8] {
    field_of_text(text, 0).unwrap_or_default()
}

/// One field of a text.
fn field_of_text(text: &[u8], index: usize) -> Option<&[u8]> {
    let end = |from: usize| {
        let parts =
            |at: &usize| u32::from(text[*at]) == FIELD_BREAK && (*at == 0 || text[at - 1] < 0x80);
        (from..text.len()).find(parts)
    };
    let from = (0..index).try_fold(0, |from, _| Some(end(from)? + 1))?;
    Some(&text[from..end(from).unwrap_or(text.len())])
}

/// The numbers of all words that begin with `prefix`.
fn term_ids_with_prefix(segment: &Segment, prefix: &str) -> Result<BitSet, IndexError> {
    let mut tokens = BitSet::empty(segment.num_words() + FIRST_TERM_ID);
    for token in segment.term_ids(segment.ordinals_with_prefix(TermField::Word, prefix))? {
        tokens.set_to(token, true);
    }
    Ok(tokens)
}
