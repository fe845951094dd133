//! Searches the stored text of a document for words that match a regular expression. Texts are stored
//! as term ids, so the expression decides term ids.

use std::sync::atomic::{AtomicU8, Ordering};

use super::{
    BitSet, IndexError,
    segment::{FIRST_TERM_ID, Segment},
    segment_builder::matches_whole_word,
    stored_text::running_term_ids,
};
use crate::query::WordPattern;

/// A regular expression in the term ids of one segment.
#[derive(Debug)]
pub(super) enum WordMatcher {
    /// The term ids of all words that match.
    TermIds(BitSet),
    /// The expression itself, because too many words would have to be compared with it beforehand.
    Pattern(Box<TermDecisions>),
}

/// The words of a segment that have been compared with an expression.
#[derive(Debug)]
pub(super) struct TermDecisions {
    pattern: WordPattern,
    /// Ordinals of all words by frequency rank.
    ordinals: Vec<u32>,
    /// [`UNDECIDED`], [`IS_MATCH`] or [`IS_OTHER`] for each word, by frequency rank. Several threads
    /// may decide the same word, with the same result.
    decisions: Vec<AtomicU8>,
}

const UNDECIDED: u8 = 0;
const IS_MATCH: u8 = 1;
const IS_OTHER: u8 = 2;

impl WordMatcher {
    /// Creates a matcher that compares the words of `segment` with `pattern` as it meets them.
    pub(super) fn of_pattern(
        segment: &Segment,
        pattern: &WordPattern,
    ) -> Result<WordMatcher, IndexError> {
        let ordinals = segment.ordinals_by_rank()?;
        let decisions = ordinals.iter().map(|_| AtomicU8::new(UNDECIDED)).collect();
        let decisions = TermDecisions { pattern: pattern.clone(), ordinals, decisions };
        Ok(WordMatcher::Pattern(Box::new(decisions)))
    }

    /// Returns true if the title or the body of `text`, a stored text of `segment`, has a matching
    /// word. Joined forms do not count.
    pub(super) fn is_match(&self, segment: &Segment, text: &[u8]) -> bool {
        running_term_ids(text).any(|term_id| self.matches_term(segment, term_id))
    }

    fn matches_term(&self, segment: &Segment, term_id: u32) -> bool {
        match self {
            WordMatcher::TermIds(term_ids) => term_ids.get(term_id),
            WordMatcher::Pattern(decisions) => decisions.matches_term(segment, term_id),
        }
    }
}

impl TermDecisions {
    fn matches_term(&self, segment: &Segment, term_id: u32) -> bool {
        let rank = (term_id - FIRST_TERM_ID) as usize;
        let Some(decision) = self.decisions.get(rank) else { return false };
        let known = decision.load(Ordering::Relaxed);
        if known != UNDECIDED {
            return known == IS_MATCH;
        }
        let word = segment.word(self.ordinals[rank]);
        let is_match = word.is_some_and(|word| matches_whole_word(&self.pattern, &word));
        decision.store(if is_match { IS_MATCH } else { IS_OTHER }, Ordering::Relaxed);
        is_match
    }
}
