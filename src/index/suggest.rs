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

    /// Adds the similar words in the dictionaries of `segments`: those at a distance of one, and without any
    /// those at a distance of two that begin with the same letter. A whole dictionary has so many words within
    /// two edits of another that to find them took 20 ms in a million articles, and few people mistype the first
    /// letter and another one.
    ///
    /// Stops early once `is_stale` returns true.
    pub(super) fn scan_segments(
        &mut self,
        segments: &[&Segment],
        is_stale: &dyn Fn() -> bool,
    ) -> Result<(), IndexError> {
        for distance in 1..=self.max_distance {
            let Some(similar) = SimilarWords::new(&self.word, distance, is_stale) else { continue };
            for segment in segments {
                self.scan_segment(segment, &similar)?;
            }
            if self.did_you_mean().is_some() {
                break;
            }
        }
        Ok(())
    }

    fn scan_segment(
        &mut self,
        segment: &Segment,
        similar: &SimilarWords<'_>,
    ) -> Result<(), IndexError> {
        let mut words = Vec::new();
        let mut stream =
            segment.term_dictionary().search(similar).ge(&similar.prefix).into_stream();
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
            } else if self.is_similar(word) {
                self.doc_freqs.insert(word.to_owned(), 1);
            }
        }
    }

    fn is_similar(&self, word: &str) -> bool {
        let begins_alike = word.chars().next() == self.word.chars().next();
        let max_distance = if begins_alike { self.max_distance } else { 1 };
        levenshtein_distance(&self.word, word) <= max_distance
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

/// An automaton for the keys of the words within a distance of a given word.
struct SimilarWords<'a> {
    /// The bytes that all of the keys begin with: the field, and for a distance of more than one the first letter.
    prefix: Vec<u8>,
    /// Matches what follows.
    levenshtein: Levenshtein,
    steps: StepCounter<'a>,
}

impl<'a> SimilarWords<'a> {
    /// Creates the automaton for `distance` edits; `None` if it would be too large.
    fn new(
        word: &str,
        distance: usize,
        is_stale: &'a dyn Fn() -> bool,
    ) -> Option<SimilarWords<'a>> {
        let first_letter = word.chars().next().map_or(0, char::len_utf8);
        let (start, rest) = word.split_at(if distance > 1 { first_letter } else { 0 });
        Some(SimilarWords {
            prefix: term_key(TermField::Word, start),
            levenshtein: Levenshtein::new(rest, u32::try_from(distance).ok()?).ok()?,
            steps: StepCounter { count: Cell::new(0), is_stale },
        })
    }
}

/// The part of a key that [`SimilarWords`] has read.
enum KeyState {
    /// So many bytes of the prefix.
    Prefix(usize),
    /// The prefix and some of what follows.
    Rest(<Levenshtein as Automaton>::State),
    /// A byte that is not in the prefix.
    Other,
}

impl Automaton for &SimilarWords<'_> {
    type State = KeyState;

    fn start(&self) -> KeyState {
        KeyState::Prefix(0)
    }

    fn is_match(&self, state: &KeyState) -> bool {
        matches!(state, KeyState::Rest(state) if self.levenshtein.is_match(state))
    }

    fn can_match(&self, state: &KeyState) -> bool {
        self.steps.count_step()
            && match state {
                KeyState::Prefix(_) => true,
                KeyState::Rest(state) => self.levenshtein.can_match(state),
                KeyState::Other => false,
            }
    }

    fn accept(&self, state: &KeyState, byte: u8) -> KeyState {
        match state {
            KeyState::Rest(state) => KeyState::Rest(self.levenshtein.accept(state, byte)),
            KeyState::Prefix(read) if self.prefix.get(*read) == Some(&byte) => {
                let read = read + 1;
                if read < self.prefix.len() {
                    KeyState::Prefix(read)
                } else {
                    KeyState::Rest(self.levenshtein.start())
                }
            }
            KeyState::Prefix(_) | KeyState::Other => KeyState::Other,
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

    #[test]
    fn suggester_allows_two_edits_after_the_first_letter() {
        let mut suggester = Suggester::for_word("brigde").unwrap();
        suggester.scan_text(" bridge fridge ");
        assert_eq!(suggester.did_you_mean(), Some("bridge"));
        let mut suggester = Suggester::for_word("vrigde").unwrap();
        suggester.scan_text(" bridge ");
        assert_eq!(suggester.did_you_mean(), None);
    }
}
