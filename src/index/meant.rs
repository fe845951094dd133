//! The word that was probably meant where one is nowhere to be found.

use std::collections::HashMap;

use fst::{
    IntoStreamer, Streamer,
    automaton::{Automaton, Levenshtein},
};

use super::{
    IndexError, Segment,
    segment::key::{Space, key},
};
use crate::text::distance;

/// Words that are looked at in one segment at the most.
const CANDIDATES: usize = 512;

/// Characters of the longest word that is looked for; the automaton of a longer one would be large.
const LONGEST: usize = 24;

/// Words like one that is looked for, and in how many articles each is.
#[derive(Debug)]
pub struct Likely {
    word: String,
    /// Letters to change at the most.
    changes: usize,
    found: HashMap<String, u32>,
}

impl Likely {
    /// Words like `word`, none so far; `None` if it is too short or too long to guess.
    pub fn to(word: &str) -> Option<Likely> {
        let length = word.chars().count();
        let changes = if length < 5 { 1 } else { 2 };
        (3..=LONGEST).contains(&length).then(|| Likely {
            word: word.to_owned(),
            changes,
            found: HashMap::new(),
        })
    }

    /// Looks in a segment.
    pub(super) fn look_in(&mut self, segment: &Segment) -> Result<(), IndexError> {
        let changes = u32::try_from(self.changes).unwrap_or(1);
        let Ok(like) = Levenshtein::new(&self.word, changes) else { return Ok(()) };
        let like = Behind { first: Space::Word as u8, rest: like };
        let mut words = Vec::new();
        let mut stream = segment.keys().search(&like).ge(key(Space::Word, "")).into_stream();
        while let Some((key, ordinal)) = stream.next().filter(|_| words.len() < CANDIDATES) {
            words.push((String::from_utf8_lossy(&key[1..]).into_owned(), ordinal));
        }
        for (word, ordinal) in words {
            let count = segment.count(u32::try_from(ordinal).unwrap_or(u32::MAX))?;
            *self.found.entry(word).or_default() += count;
        }
        Ok(())
    }

    /// Looks in a folded text.
    pub fn look_at(&mut self, folded: &str) {
        let length = self.word.chars().count();
        let words = folded.split([' ', '\n', '\u{1}']);
        // As many letters more or less are as many changes.
        for word in words.filter(|word| word.chars().count().abs_diff(length) <= self.changes) {
            if let Some(count) = self.found.get_mut(word) {
                *count += 1;
            } else if distance(&self.word, word) <= self.changes {
                self.found.insert(word.to_owned(), 1);
            }
        }
    }

    /// The nearest word, of equally near ones the most frequent.
    pub fn best(&self) -> Option<&str> {
        let ranked = self.found.iter().filter(|(word, _)| **word != self.word && !word.is_empty());
        let ranked =
            ranked.map(|(word, count)| (std::cmp::Reverse(distance(&self.word, word)), *count, word));
        ranked.max().map(|(.., word)| word.as_str())
    }
}

/// An automaton behind one byte.
struct Behind {
    first: u8,
    rest: Levenshtein,
}

impl Automaton for &Behind {
    type State = Option<<Levenshtein as Automaton>::State>;

    fn start(&self) -> Self::State {
        None
    }

    fn is_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_some_and(|state| self.rest.is_match(state))
    }

    fn can_match(&self, state: &Self::State) -> bool {
        state.as_ref().is_none_or(|state| self.rest.can_match(state))
    }

    fn accept(&self, state: &Self::State, byte: u8) -> Self::State {
        match state {
            Some(state) => Some(self.rest.accept(state, byte)),
            // No word begins otherwise: a state that matches nothing.
            None if byte == self.first => Some(self.rest.start()),
            None => Some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Likely;

    #[test]
    fn the_nearest_then_the_most_frequent() {
        let mut likely = Likely::to("brige").unwrap();
        likely.look_at(" the bridge and the bridge \u{1} bride bribe ");
        assert_eq!(likely.best(), Some("bridge"));
        let mut likely = Likely::to("zzyzx").unwrap();
        likely.look_at(" the bridge ");
        assert_eq!(likely.best(), None);
        assert!(Likely::to("of").is_none());
    }
}
