//! The word that was probably meant where one is nowhere to be found.

use std::collections::HashMap;

use fst::{
    IntoStreamer, Streamer,
    automaton::{Automaton, Levenshtein},
};

use super::{
    IndexError, Segment,
    segment::term_key::{TermField, term_key},
};
use crate::text::levenshtein_distance;

/// Words that are looked at in one segment at the most.
const MAX_CANDIDATES_PER_SEGMENT: usize = 512;

/// Characters of the longest word that is looked for; the automaton of a longer one would be large.
const MAX_WORD_CHARS: usize = 24;

/// Words like one that is looked for, and in how many articles each is.
#[derive(Debug)]
pub struct Suggester {
    word: String,
    /// Letters to change at the most.
    max_distance: usize,
    doc_freqs: HashMap<String, u32>,
}

impl Suggester {
    /// Words like `word`, none so far; `None` if it is too short or too long to guess.
    pub fn for_word(word: &str) -> Option<Suggester> {
        let length = word.chars().count();
        let changes = if length < 5 { 1 } else { 2 };
        (3..=MAX_WORD_CHARS).contains(&length).then(|| Suggester {
            word: word.to_owned(),
            max_distance: changes,
            doc_freqs: HashMap::new(),
        })
    }

    /// Looks in a segment.
    pub(super) fn scan_segment(&mut self, segment: &Segment) -> Result<(), IndexError> {
        let changes = u32::try_from(self.max_distance).unwrap_or(1);
        let Ok(like) = Levenshtein::new(&self.word, changes) else { return Ok(()) };
        let like = PrefixedLevenshtein { field_byte: TermField::Word as u8, levenshtein: like };
        let mut words = Vec::new();
        let mut stream =
            segment.term_dictionary().search(&like).ge(term_key(TermField::Word, "")).into_stream();
        while let Some((key, ordinal)) =
            stream.next().filter(|_| words.len() < MAX_CANDIDATES_PER_SEGMENT)
        {
            words.push((String::from_utf8_lossy(&key[1..]).into_owned(), ordinal));
        }
        for (word, ordinal) in words {
            let count = segment.doc_freq(u32::try_from(ordinal).unwrap_or(u32::MAX))?;
            *self.doc_freqs.entry(word).or_default() += count;
        }
        Ok(())
    }

    /// Looks in a folded text.
    pub fn scan_text(&mut self, folded: &str) {
        let length = self.word.chars().count();
        let words = folded.split([' ', '\n', '\u{1}']);
        // As many letters more or less are as many changes.
        for word in words.filter(|word| word.chars().count().abs_diff(length) <= self.max_distance)
        {
            if let Some(count) = self.doc_freqs.get_mut(word) {
                *count += 1;
            } else if levenshtein_distance(&self.word, word) <= self.max_distance {
                self.doc_freqs.insert(word.to_owned(), 1);
            }
        }
    }

    /// The nearest word, of equally near ones the most frequent.
    pub fn did_you_mean(&self) -> Option<&str> {
        let ranked =
            self.doc_freqs.iter().filter(|(word, _)| **word != self.word && !word.is_empty());
        let ranked = ranked.map(|(word, count)| {
            (std::cmp::Reverse(levenshtein_distance(&self.word, word)), *count, word)
        });
        ranked.max().map(|(.., word)| word.as_str())
    }
}

/// An automaton behind one byte.
struct PrefixedLevenshtein {
    field_byte: u8,
    levenshtein: Levenshtein,
}

impl Automaton for &PrefixedLevenshtein {
    type State = Option<<Levenshtein as Automaton>::State>;

    fn start(&self) -> Self::State {
        None
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|state| self.levenshtein.is_match(state))
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_none_or(|state| self.levenshtein.can_match(state))
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        match state {
            Some(state) => Some(self.levenshtein.accept(state, byte)),
            // No word begins otherwise: a state that matches nothing.
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
        let mut likely = Suggester::for_word("brige").unwrap();
        likely.scan_text(" the bridge and the bridge \u{1} bride bribe ");
        assert_eq!(likely.did_you_mean(), Some("bridge"));
        let mut likely = Suggester::for_word("zzyzx").unwrap();
        likely.scan_text(" the bridge ");
        assert_eq!(likely.did_you_mean(), None);
        assert!(Suggester::for_word("of").is_none());
    }
}
