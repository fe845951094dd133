//! Did you mean: suggests a similar word for a word without hits.

use std::{cell::Cell, collections::HashMap};

use fst::{
    IntoStreamer, Streamer,
    automaton::{Automaton, Levenshtein},
};

use super::{
    IndexError, Segment,
    segment::term_key::{TermField, term_key},
};
use crate::text::levenshtein_distance;

/// Maximum number of similar words taken from one segment.
const MAX_CANDIDATES_PER_SEGMENT: usize = 512;

/// Maximum length of a word in characters; the automaton of a longer word would be large.
const MAX_WORD_CHARS: usize = 24;

/// The words similar to a given word, with the number of documents that have them.
#[derive(Debug)]
pub struct Suggester {
    word: String,
    /// Maximum number of edits (Levenshtein distance).
    max_distance: usize,
    doc_freqs: HashMap<String, u32>,
}

impl Suggester {
    /// Creates a suggester for `word`. Returns `None` if the word is too short or too long for
    /// useful suggestions.
    pub fn for_word(word: &str) -> Option<Suggester> {
        let length = word.chars().count();
        let max_distance = if length < 5 { 1 } else { 2 };
        (3..=MAX_WORD_CHARS).contains(&length).then(|| Suggester {
            word: word.to_owned(),
            max_distance,
            doc_freqs: HashMap::new(),
        })
    }

    /// Adds the similar words in the dictionary of a segment; stops early once `is_stale` returns true.
    pub(super) fn scan_segment(
        &mut self,
        segment: &Segment,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<(), IndexError> {
        let max_distance = u32::try_from(self.max_distance).unwrap_or(1);
        let Ok(levenshtein) = Levenshtein::new(&self.word, max_distance) else { return Ok(()) };
        let field_byte = TermField::Word as u8;
        let steps = StepCounter { count: Cell::new(0), is_stale };
        let automaton = PrefixedLevenshtein { field_byte, levenshtein, steps };
        let mut words = Vec::new();
        let mut stream = segment
            .term_dictionary()
            .search(&automaton)
            .ge(term_key(TermField::Word, ""))
            .into_stream();
        while let Some((key, ordinal)) =
            stream.next().filter(|_| words.len() < MAX_CANDIDATES_PER_SEGMENT)
        {
            words.push((String::from_utf8_lossy(&key[1..]).into_owned(), ordinal));
        }
        for (word, ordinal) in words {
            let doc_freq = segment.doc_freq(u32::try_from(ordinal).unwrap_or(u32::MAX))?;
            *self.doc_freqs.entry(word).or_default() += doc_freq;
        }
        Ok(())
    }

    /// Adds the similar words of a folded text; each occurrence counts as one document.
    pub fn scan_text(&mut self, folded: &str) {
        let length = self.word.chars().count();
        let words = folded.split([' ', '\n', '\u{1}']);
        // A difference in length takes at least as many edits; this test is cheap.
        for word in words.filter(|word| word.chars().count().abs_diff(length) <= self.max_distance)
        {
            if let Some(doc_freq) = self.doc_freqs.get_mut(word) {
                *doc_freq += 1;
            } else if levenshtein_distance(&self.word, word) <= self.max_distance {
                self.doc_freqs.insert(word.to_owned(), 1);
            }
        }
    }

    /// Returns the most similar word, and the most frequent one among equally similar words.
    pub fn did_you_mean(&self) -> Option<&str> {
        let others =
            self.doc_freqs.iter().filter(|(word, _)| **word != self.word && !word.is_empty());
        let ranked = others.map(|(word, doc_freq)| {
            (std::cmp::Reverse(levenshtein_distance(&self.word, word)), *doc_freq, word)
        });
        ranked.max().map(|(.., word)| word.as_str())
    }
}

/// Number of steps through a dictionary after which a scan checks again that somebody waits for it; about a
/// tenth of a millisecond.
const STEPS_PER_CHECK: u32 = 4_096;

/// The steps of a scan through a dictionary, which is stopped when nobody waits for it any more.
struct StepCounter<'a> {
    count: Cell<u32>,
    is_stale: &'a dyn Fn() -> bool,
}

impl StepCounter<'_> {
    /// Counts a step; returns false if the scan is to stop.
    fn count_step(&self) -> bool {
        let count = self.count.get();
        if count == STEPS_PER_CHECK {
            let is_stale = (self.is_stale)();
            self.count.set(if is_stale { count } else { 0 });
            return !is_stale;
        }
        self.count.set(count + 1);
        true
    }
}

/// A Levenshtein automaton for keys that begin with a field byte. Its state is `None` before that
/// byte.
struct PrefixedLevenshtein<'a> {
    field_byte: u8,
    levenshtein: Levenshtein,
    steps: StepCounter<'a>,
}

impl Automaton for &PrefixedLevenshtein<'_> {
    type State = Option<<Levenshtein as Automaton>::State>;

    fn start(&self) -> Self::State {
        None
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|state| self.levenshtein.is_match(state))
    }

    fn can_match(&self, state: &Self::State) -> bool {
        self.steps.count_step()
            && state.as_ref().is_none_or(|state| self.levenshtein.can_match(state))
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        match state {
            Some(state) => Some(self.levenshtein.accept(state, byte)),
            // The key belongs to another field: no match is possible.
            None if byte == self.field_byte => Some(self.levenshtein.start()),
            None => Some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Suggester;

    #[test]
    fn suggester_prefers_nearest_then_most_frequent_word() {
        let mut suggester = Suggester::for_word("brige").unwrap();
        suggester.scan_text(" the bridge and the bridge \u{1} bride bribe ");
        assert_eq!(suggester.did_you_mean(), Some("bridge"));
        let mut suggester = Suggester::for_word("zzyzx").unwrap();
        suggester.scan_text(" the bridge ");
        assert_eq!(suggester.did_you_mean(), None);
        assert!(Suggester::for_word("of").is_none());
    }
}
