//! Finds the documents with words in the order that a regular expression needs. Texts are stored as term
//! ids, so the steps that each term id can take are found first.

use std::ops::Range;

use super::{
    BitSet, IndexError, Segment,
    segment::FIRST_TERM_ID,
    segment_builder::{matches_whole_word, may_be_truncated},
    stored_text::running_term_ids,
};
use crate::query::{StepSet, WordPattern, WordSequence};

/// A sequence in the term ids of one segment.
#[derive(Debug)]
pub(super) struct SequenceMatcher {
    sequence: WordSequence,
    /// The steps that each word can take, by term id.
    steps: Vec<StepSet>,
    /// The term ids of the words that can take a step. Unlike `steps`, it stays in the processor's cache
    /// while the texts are read.
    any_step: BitSet,
}

impl SequenceMatcher {
    /// Returns the documents with all words of `sequence`, in any order, and the way to decide which of
    /// them have them in order.
    pub(super) fn new(
        segment: &Segment,
        sequence: &WordSequence,
    ) -> Result<(BitSet, SequenceMatcher), IndexError> {
        let mut docs = BitSet::full(segment.max_doc());
        let id_count = segment.num_words() + FIRST_TERM_ID;
        let mut steps = vec![0; id_count as usize];
        let mut any_step = BitSet::empty(id_count);
        for (step, pattern) in sequence.patterns().enumerate() {
            let ordinals = ordinals_of_words(segment, pattern)?;
            for range in &ordinals {
                let term_ids = segment.term_ids(range.clone())?;
                term_ids.for_each(|term_id| {
                    steps[term_id as usize] |= 1 << step;
                    any_step.insert(term_id);
                });
            }
            let mut with_word = BitSet::empty(segment.max_doc());
            segment.add_ordinal_docs(&ordinals, &mut with_word)?;
            docs.and(&with_word);
        }
        Ok((docs, SequenceMatcher { sequence: sequence.clone(), steps, any_step }))
    }

    /// Returns true if title and body of `text` have the words in order.
    pub(super) fn is_match(&self, text: &[u8]) -> bool {
        let steps = |term_id: u32| {
            if self.any_step.get(term_id) { self.steps[term_id as usize] } else { 0 }
        };
        self.sequence.is_in(running_term_ids(text).map(steps))
    }
}

/// Returns the ordinals of the words that match `pattern` or may be longer than what is stored.
pub(super) fn ordinals_of_words(
    segment: &Segment,
    pattern: &WordPattern,
) -> Result<Vec<Range<u32>>, IndexError> {
    let candidates = segment.candidate_words(pattern.literals())?;
    segment.filter_words(&candidates, &mut |_, word| {
        may_be_truncated(word) || matches_whole_word(pattern, word)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::SequenceMatcher;
    use crate::{
        index::test_segment::{read_text, write_segment},
        query::{RegexPattern, RequiredWords, WordSequence},
    };

    fn sequence_of(expression: &str) -> WordSequence {
        let pattern = RegexPattern::new(expression).unwrap();
        match RequiredWords::of_regex(&pattern) {
            Some(RequiredWords::Sequence(sequence)) => sequence,
            other => panic!("{expression} requires {other:?}"),
        }
    }

    #[test]
    fn few_texts_are_left_that_have_the_words_elsewhere() {
        let document = |parts: [&str; 4]| parts.map(str::to_owned);
        let documents = [
            document(["The night train", "", "", ""]),
            document(["By night", "", "Train or bus", ""]),
            document(["", "", "By train at night", ""]),
            document(["Night", "Train", "", ""]),
            document(["By night", "", "", "train"]),
            document(["Night", "somebody", "", "train"]),
            document(["", "", "knights trained", ""]),
            document(["By night", "", "late", "train"]),
        ];
        let (_folder, segment) = write_segment(&documents);
        let (docs, matcher) = SequenceMatcher::new(&segment, &sequence_of("night train")).unwrap();
        let left: Vec<u32> = (0..8)
            .filter(|doc| docs.get(*doc) && matcher.is_match(&read_text(&segment, *doc)))
            .collect();
        assert_eq!(
            left,
            [0, 1, 6],
            "title and body are one text, which author and tags are no part of"
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_match_of_an_expression_is_left_out(
            documents in prop::collection::vec(prop::array::uniform4("([abé]{1,3}[ '.-]{1,2}){0,4}"), 1..12),
            expression in prop::sample::select(vec![
                "ab ba", "ab.ba", r"aa\s+bb\s+ab", "ab.*ba", "ab (a|b )?ba", "bb.{0,3}aa", r"aa\W+aa",
            ]),
        ) {
            let (_folder, segment) = write_segment(&documents);
            let (docs, matcher) = SequenceMatcher::new(&segment, &sequence_of(expression)).unwrap();
            let pattern = RegexPattern::new(expression).unwrap();
            for ([title, _, body, _], doc) in documents.iter().zip(0..) {
                let is_left = docs.get(doc) && matcher.is_match(&read_text(&segment, doc));
                let is_match = pattern.is_match(&format!("{title}\n{body}"));
                prop_assert!(is_left || !is_match, "{title:?} {body:?} is a hit");
            }
        }
    }
}
