//! The words that a text must contain in an order if a regular expression matches it.
//!
//! `night (and|or) day` can only match where a word that contains `day` comes at most two words after
//! one that contains `night`.

use super::word_pattern::WordPattern;

/// Maximum number of steps of a sequence, one for each bit of a [`StepSet`].
pub const MAX_SEQUENCE_STEPS: usize = StepSet::BITS as usize;

/// Steps of a sequence, the first one in the lowest bit.
pub type StepSet = u8;

/// Words in an order, at most eight.
#[derive(Debug, Clone, PartialEq)]
pub struct WordSequence {
    steps: Vec<SequenceStep>,
}

/// A word of a sequence.
#[derive(Debug, Clone, PartialEq)]
pub struct SequenceStep {
    /// The condition that the word fulfils.
    pub pattern: WordPattern,
    /// Maximum distance from the word of the step before: 0 for the same word, 1 for the next one. `None`
    /// if the word may be anywhere behind. Without meaning in the first step.
    pub max_distance: Option<u32>,
}

impl WordSequence {
    /// Creates a sequence of the first eight steps: a text that has all words in order has
    /// the first ones in order.
    pub fn new(mut steps: Vec<SequenceStep>) -> WordSequence {
        steps.truncate(MAX_SEQUENCE_STEPS);
        WordSequence { steps }
    }

    /// Returns the steps, in order.
    #[cfg(test)]
    pub(super) fn steps(&self) -> &[SequenceStep] {
        &self.steps
    }

    /// Returns what the words contain, in order.
    pub fn patterns(&self) -> impl ExactSizeIterator<Item = &WordPattern> {
        self.steps.iter().map(|step| &step.pattern)
    }

    /// Returns the steps that `is_match` is true for.
    pub fn steps_where(&self, mut is_match: impl FnMut(&WordPattern) -> bool) -> StepSet {
        let bits = (0..).map(|step| 1 << step);
        let matching = self.patterns().zip(bits).filter(|(pattern, _)| is_match(pattern));
        matching.fold(0, |set, (_, bit)| set | bit)
    }

    /// Returns true if words that can take these steps, in the order of the text, contain the sequence.
    /// The time is linear in their number.
    pub fn is_in(&self, words: impl IntoIterator<Item = StepSet>) -> bool {
        let Some(last_step) = self.steps.len().checked_sub(1) else { return true };
        // The latest word that each step has come to. An earlier one leads nowhere else, because a later
        // one is nearer to everything that follows.
        let mut latest = [None; MAX_SEQUENCE_STEPS];
        for (at, word) in (0_u32..).zip(words) {
            if word == 0 {
                continue;
            }
            for (step, SequenceStep { max_distance, .. }) in self.steps.iter().enumerate() {
                let is_near = |before: u32| max_distance.is_none_or(|max| at - before <= max);
                let is_reached = step == 0 || latest[step - 1].is_some_and(is_near);
                if is_reached && word & (1 << step) != 0 {
                    latest[step] = Some(at);
                }
            }
            if latest[last_step].is_some() {
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{SequenceStep, StepSet, WordSequence};
    use crate::query::WordPattern;

    /// Returns a sequence of as many steps as there are distances, and one before them.
    fn sequence(max_distances: &[Option<u32>]) -> WordSequence {
        let pattern = WordPattern::of_expression("a").unwrap();
        let distances = [None].into_iter().chain(max_distances.iter().copied());
        let steps =
            distances.map(|max_distance| SequenceStep { pattern: pattern.clone(), max_distance });
        WordSequence::new(steps.collect())
    }

    #[test]
    fn words_of_a_sequence_follow_each_other_closely_enough() {
        let next = sequence(&[Some(1)]);
        assert!(next.is_in([0b01, 0b10]));
        assert!(next.is_in([0, 0b11, 0]), "one word contains both");
        assert!(!next.is_in([0b01, 0, 0b10]));
        assert!(!next.is_in([0b10, 0b01]));
        assert!(next.is_in([0b01, 0, 0b01, 0b10]), "the later word is near enough");
        assert!(sequence(&[None]).is_in([0b01, 0, 0, 0b10]));
        assert!(!sequence(&[None]).is_in([0b10, 0, 0, 0b01]));
        assert!(!next.is_in([]));
    }

    proptest! {
        #[test]
        fn sequence_is_found_wherever_some_choice_of_words_makes_it(
            max_distances in prop::collection::vec(prop::option::of(0_u32..3), 0..3),
            words in prop::collection::vec(0_u8..8, 0..8),
        ) {
            /// Tries every word for each step.
            fn is_chosen(max_distances: &[Option<u32>], step: usize, from: usize, words: &[StepSet]) -> bool {
                let Some(max) = max_distances.get(step) else { return true };
                let end = max.map_or(words.len(), |max| words.len().min(from + max as usize + 1));
                (from..end).any(|at| {
                    words[at] & (2 << step) != 0 && is_chosen(max_distances, step + 1, at, words)
                })
            }
            let expected = (0..words.len())
                .any(|at| words[at] & 1 != 0 && is_chosen(&max_distances, 0, at, &words));
            prop_assert_eq!(sequence(&max_distances).is_in(words.iter().copied()), expected);
        }
    }
}
