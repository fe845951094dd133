//! Finds the documents that a regular expression for words matches, by the dictionary.
//!
//! The posting lists of the matching words are right for most documents. The exceptions are documents
//! that have such a word as the joined form of a compound, or in the author or the tags: their texts
//! are left to a [`WordMatcher`].

use std::{ops::Range, panic::resume_unwind, thread};

use super::{
    BitSet, IndexError, Segment,
    segment::{
        FIRST_TERM_ID,
        term_key::{JOINED_ATTRIBUTE, TermField},
    },
    segment_builder::{matches_whole_word, may_be_truncated},
    word_matcher::WordMatcher,
};
use crate::query::{RequiredLiterals, WordPattern};

/// Maximum number of words that are compared with an expression before the first document is found.
/// A million takes a tenth of a second. If there are more, the expression is so short that nearly
/// every text has a match.
const MAX_COMPARED_WORDS: usize = 1 << 20;

/// Number of words below which starting a second thread costs more than it saves.
const MIN_WORDS_PER_THREAD: usize = 1 << 12;

/// The documents that an expression for words matches.
pub(super) struct WordRegexDocs {
    /// Documents that certainly match.
    pub(super) lower: BitSet,
    /// Documents that may match.
    pub(super) upper: BitSet,
    /// The way to decide the documents that are only in the upper bound; `None` if there are none.
    pub(super) matcher: Option<WordMatcher>,
    /// Documents with a word of which only the beginning is stored, so that the entry itself decides.
    pub(super) truncated: BitSet,
}

/// Finds the documents of `segment` with a word in title or body that matches `pattern`.
pub(super) fn find_docs(
    segment: &Segment,
    pattern: &WordPattern,
) -> Result<WordRegexDocs, IndexError> {
    find_docs_comparing(MAX_COMPARED_WORDS, segment, pattern)
}

/// Finds the documents, and compares no more than `max_words` words with `pattern` beforehand.
fn find_docs_comparing(
    max_words: usize,
    segment: &Segment,
    pattern: &WordPattern,
) -> Result<WordRegexDocs, IndexError> {
    let candidates = segment.candidate_words(pattern.literals())?;
    if candidates.iter().map(ExactSizeIterator::len).sum::<usize>() > max_words {
        return leave_to_texts(segment, pattern);
    }
    let compared = ComparedWords::compare(segment, pattern, &candidates)?;
    let upper = docs_of_ordinals(segment, &compared.ordinals)?;
    let truncated = docs_of_ordinals(segment, &compared.truncated)?;
    let words = MatchingWords { segment, pattern, compared };
    let lower = words.certain_docs(&upper)?;
    let matcher = if lower == upper { None } else { Some(WordMatcher::TermIds(words.term_ids()?)) };
    Ok(WordRegexDocs { lower, upper, matcher, truncated })
}

/// Returns all documents as candidates, whose words are compared with `pattern` as they are met.
fn leave_to_texts(segment: &Segment, pattern: &WordPattern) -> Result<WordRegexDocs, IndexError> {
    let long_words = segment.candidate_words(&RequiredLiterals::NONE)?;
    let truncated = segment.filter_words(&long_words, &mut |_, word| may_be_truncated(word))?;
    Ok(WordRegexDocs {
        lower: BitSet::empty(segment.max_doc()),
        upper: BitSet::full(segment.max_doc()),
        matcher: Some(WordMatcher::of_pattern(segment, pattern)?),
        truncated: docs_of_ordinals(segment, &truncated)?,
    })
}

fn docs_of_ordinals(segment: &Segment, ordinals: &[Range<u32>]) -> Result<BitSet, IndexError> {
    let mut docs = BitSet::empty(segment.max_doc());
    segment.add_ordinal_docs(ordinals, &mut docs)?;
    Ok(docs)
}

/// Splits ascending ranges of `count` numbers into those of the first and the second half.
fn split_in_half(ranges: &[Range<u32>], count: usize) -> (Vec<Range<u32>>, Vec<Range<u32>>) {
    let (mut first, mut second) = (Vec::new(), Vec::new());
    let mut left = count / 2;
    for range in ranges {
        let taken = range.len().min(left);
        left -= taken;
        let middle = range.start + u32::try_from(taken).unwrap_or(u32::MAX);
        first.extend((taken > 0).then_some(range.start..middle));
        second.extend((middle < range.end).then_some(middle..range.end));
    }
    (first, second)
}

/// The words among some that match an expression.
struct ComparedWords {
    ordinals: Vec<Range<u32>>,
    words: Vec<String>,
    /// Ordinals of the words of which only the beginning is stored, whether it matches or not.
    truncated: Vec<Range<u32>>,
}

impl ComparedWords {
    /// Compares `candidates` with `pattern`: many of them on two threads, because one takes a tenth of a second
    /// for a million.
    fn compare(
        segment: &Segment,
        pattern: &WordPattern,
        candidates: &[Range<u32>],
    ) -> Result<ComparedWords, IndexError> {
        let count: usize = candidates.iter().map(ExactSizeIterator::len).sum();
        if count < 2 * MIN_WORDS_PER_THREAD {
            return ComparedWords::compare_here(segment, pattern, candidates);
        }
        let (first_half, second_half) = split_in_half(candidates, count);
        // Threads that share an expression wait for each other.
        let own_pattern = pattern.clone();
        thread::scope(|scope| {
            let compare = move || ComparedWords::compare_here(segment, &own_pattern, &second_half);
            let thread = scope.spawn(compare);
            let mut words = ComparedWords::compare_here(segment, pattern, &first_half)?;
            words.append(thread.join().unwrap_or_else(|panic| resume_unwind(panic))?);
            Ok(words)
        })
    }

    fn compare_here(
        segment: &Segment,
        pattern: &WordPattern,
        candidates: &[Range<u32>],
    ) -> Result<ComparedWords, IndexError> {
        let (mut words, mut truncated) = (Vec::new(), Vec::new());
        let ordinals = segment.filter_words(candidates, &mut |ordinal, word| {
            if may_be_truncated(word) {
                truncated.push(ordinal..ordinal + 1);
            }
            let is_match = matches_whole_word(pattern, word);
            if is_match {
                words.push(String::from_utf8_lossy(word).into_owned());
            }
            is_match
        })?;
        Ok(ComparedWords { ordinals, words, truncated })
    }

    /// Appends words with higher ordinals.
    fn append(&mut self, mut higher: ComparedWords) {
        self.ordinals.append(&mut higher.ordinals);
        self.words.append(&mut higher.words);
        self.truncated.append(&mut higher.truncated);
    }
}

/// The words of a segment that match an expression.
struct MatchingWords<'s> {
    segment: &'s Segment,
    pattern: &'s WordPattern,
    compared: ComparedWords,
}

impl MatchingWords<'_> {
    /// Returns the documents among `anywhere` that certainly have a word in title or body.
    fn certain_docs(&self, anywhere: &BitSet) -> Result<BitSet, IndexError> {
        let mut known = BitSet::empty(self.segment.max_doc());
        self.segment.add_term_docs(TermField::Attribute, JOINED_ATTRIBUTE, &mut known)?;
        known.and(anywhere);
        known.and_not(&self.docs_in_field(TermField::Joined)?);
        let mut elsewhere = self.docs_in_field(TermField::Author)?;
        elsewhere.or(&self.docs_in_field(TermField::Tag)?);
        elsewhere.and(&known);
        if !elsewhere.is_empty() {
            elsewhere.and_not(&self.docs_in_field(TermField::Title)?);
            known.and_not(&elsewhere);
        }
        Ok(known)
    }

    /// Returns the documents that have a word in `field`.
    fn docs_in_field(&self, field: TermField) -> Result<BitSet, IndexError> {
        let keys = self.segment.ordinals_with_prefix(field, "");
        // Looking up a word takes longer than comparing the next one.
        if self.compared.words.len() > keys.len() / 4 {
            let is_match = &mut |_: u32, word: &[u8]| matches_whole_word(self.pattern, word);
            return docs_of_ordinals(self.segment, &self.segment.filter_words(&[keys], is_match)?);
        }
        let mut docs = BitSet::empty(self.segment.max_doc());
        for word in &self.compared.words {
            self.segment.add_term_docs(field, word, &mut docs)?;
        }
        Ok(docs)
    }

    /// Returns the term ids of the words.
    fn term_ids(&self) -> Result<BitSet, IndexError> {
        let mut term_ids = BitSet::empty(self.segment.num_words() + FIRST_TERM_ID);
        for range in &self.compared.ordinals {
            self.segment
                .term_ids(range.clone())?
                .for_each(|term_id| term_ids.set_to(term_id, true));
        }
        Ok(term_ids)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::find_docs_comparing;
    use crate::{
        index::test_segment::{read_text, write_segment},
        query::RegexPattern,
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn documents_are_bounded_and_decided_by_words(
            documents in prop::collection::vec(prop::array::uniform4("([abé]{1,3}[ '-]){0,4}"), 1..12),
            expression in prop::sample::select(vec!["ab", "a+b?", r"\bb", "[ab]{3}", r"\w{2}", "aab|bba", "a"]),
            max_words in prop::sample::select(vec![0, 4, 1000]),
        ) {
            let (_folder, segment) = write_segment(&documents);
            let pattern = RegexPattern::new(expression).unwrap();
            let found = find_docs_comparing(max_words, &segment, pattern.words().unwrap()).unwrap();
            prop_assert!(found.truncated.is_empty());
            for ([title, _, body, _], doc) in documents.iter().zip(0..) {
                let expected = pattern.is_match(title) || pattern.is_match(body);
                let text = read_text(&segment, doc);
                if let Some(matcher) = &found.matcher {
                    prop_assert_eq!(matcher.is_match(&segment, &text), expected);
                }
                prop_assert!(found.matcher.is_some() || found.lower == found.upper);
                prop_assert!(!found.lower.get(doc) || expected, "document {} is no hit", doc);
                prop_assert!(found.upper.get(doc) || !expected, "document {} is a hit", doc);
            }
        }
    }

    #[test]
    fn texts_are_read_only_for_joined_forms_authors_and_tags() {
        let document = |parts: [&str; 4]| parts.map(str::to_owned);
        let documents = [
            document(["Night train", "", "", ""]),
            document(["", "", "late trains", "train"]),
            document(["Train", "train", "", ""]),
            document(["", "", "t-rain", ""]),
            document(["", "", "", "train"]),
            document(["", "", "t-rain or train", ""]),
            document(["", "", "bus", ""]),
        ];
        let (_folder, segment) = write_segment(&documents);
        let pattern = RegexPattern::new("train").unwrap();
        let found = find_docs_comparing(1000, &segment, pattern.words().unwrap()).unwrap();
        let docs = |bits: &super::BitSet| (0..7).filter(|doc| bits.get(*doc)).collect::<Vec<u32>>();
        assert_eq!(docs(&found.lower), [0, 2]);
        assert_eq!(docs(&found.upper), [0, 1, 2, 3, 4, 5]);
    }
}
