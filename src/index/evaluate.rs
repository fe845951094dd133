//! Evaluates an index query on one segment.
//!
//! The postings decide most queries exactly. For the others they give a lower bound (documents that
//! certainly match) and an upper bound (documents that may match); a [`Verifier`] decides the
//! documents in between, one by one.

use std::{collections::BTreeMap, ops::Range};

use super::{
    BitSet, IndexError, Segment,
    index_query::{IndexQuery, PhraseQuery},
    phrase_matcher::PhraseMatcher,
    segment::term_key::{self, BigramClass, TermField, frequent_words_with_prefix},
    segment_builder::truncate_term,
    tag_docs::TagDocs,
    word_matcher::WordMatcher,
    word_regex,
    word_sequence::{SequenceMatcher, ordinals_of_words},
};
use crate::{
    model::{EntryId, EntryState, TagId},
    query::{Field, Predicate, RegexPattern, WordSequence},
};

/// The states and tags of a segment's documents.
#[derive(Debug, Clone, Default)]
pub(super) struct StateBitSets {
    pub(super) read: BitSet,
    pub(super) starred: BitSet,
    pub(super) hidden: BitSet,
    pub(super) removed: BitSet,
    pub(super) copy: BitSet,
    /// The documents of each tag; most tags have none in a segment.
    pub(super) tags: BTreeMap<TagId, TagDocs>,
}

impl StateBitSets {
    /// Creates the sets of a segment with `max_doc` documents, none of which has a state.
    pub(super) fn empty(max_doc: u32) -> StateBitSets {
        let none = || BitSet::empty(max_doc);
        StateBitSets {
            read: none(),
            starred: none(),
            hidden: none(),
            removed: none(),
            copy: none(),
            tags: BTreeMap::new(),
        }
    }

    /// Returns the state of a document.
    pub(super) fn get(&self, doc: u32) -> EntryState {
        EntryState {
            read: self.read.get(doc),
            starred: self.starred.get(doc),
            hidden: self.hidden.get(doc),
            removed: self.removed.get(doc),
            copy: self.copy.get(doc),
        }
    }

    /// Sets the state of a document.
    pub(super) fn set(&mut self, doc: u32, state: EntryState) {
        self.read.set_to(doc, state.read);
        self.starred.set_to(doc, state.starred);
        self.hidden.set_to(doc, state.hidden);
        self.removed.set_to(doc, state.removed);
        self.copy.set_to(doc, state.copy);
    }

    /// Puts a tag on a document of a segment with `max_doc` documents, or takes it off.
    pub(super) fn set_tag(&mut self, (doc, max_doc): (u32, u32), tag: TagId, is_set: bool) {
        if is_set {
            self.tags.entry(tag).or_default().set_to((doc, max_doc), true);
        } else if let Some(docs) = self.tags.get_mut(&tag) {
            docs.set_to((doc, max_doc), false);
        }
    }
}

/// The result of a query on one segment.
#[derive(Debug)]
pub(super) enum Evaluation {
    /// Exactly these documents match.
    Exact(BitSet),
    /// The intersection of several results.
    All(Vec<Evaluation>),
    /// The union of several results.
    Any(Vec<Evaluation>),
    /// The complement of a result.
    Not(Box<Evaluation>),
    /// Lower bound, upper bound, and the verifier for the documents that are only in the upper
    /// bound.
    Bounds(BitSet, BitSet, Verifier),
}

/// The way to decide a document that the postings leave open.
#[derive(Debug)]
pub(super) enum Verifier {
    /// Searches the stored text of the document.
    Text(Box<PhraseMatcher>),
    /// Searches the stored text of the document for words that match an expression.
    Words(Box<WordMatcher>),
    /// Searches the stored text of the document for words in an order.
    Sequence(Box<SequenceMatcher>),
    /// Applies a predicate to the entry itself.
    PostFilter(Box<Predicate>),
}

impl Evaluation {
    /// Returns the documents that certainly match. `max_doc` is the number of documents in the
    /// segment.
    pub(super) fn lower_bound(&self, max_doc: u32) -> BitSet {
        match self {
            Evaluation::Exact(bits) | Evaluation::Bounds(bits, ..) => bits.clone(),
            Evaluation::All(evaluations) => intersect_all(
                evaluations.iter().map(|evaluation| evaluation.lower_bound(max_doc)),
                max_doc,
            ),
            Evaluation::Any(evaluations) => union_all(
                evaluations.iter().map(|evaluation| evaluation.lower_bound(max_doc)),
                max_doc,
            ),
            Evaluation::Not(evaluation) => complement(evaluation.upper_bound(max_doc)),
        }
    }

    /// Returns the documents that may match. `max_doc` is the number of documents in the segment.
    pub(super) fn upper_bound(&self, max_doc: u32) -> BitSet {
        match self {
            Evaluation::Exact(bits) | Evaluation::Bounds(_, bits, _) => bits.clone(),
            Evaluation::All(evaluations) => intersect_all(
                evaluations.iter().map(|evaluation| evaluation.upper_bound(max_doc)),
                max_doc,
            ),
            Evaluation::Any(evaluations) => union_all(
                evaluations.iter().map(|evaluation| evaluation.upper_bound(max_doc)),
                max_doc,
            ),
            Evaluation::Not(evaluation) => complement(evaluation.lower_bound(max_doc)),
        }
    }

    /// Returns whether `doc`, which has the stored text `text` in `segment`, matches. `post_filter`
    /// decides predicates that need the entry itself. Returns `None` if it depends on one of which
    /// `post_filter` returns `None`.
    pub(super) fn decide(
        &self,
        segment: &Segment,
        doc: u32,
        text: &[u8],
        post_filter: &mut dyn FnMut(&Predicate) -> Option<bool>,
    ) -> Option<bool> {
        let mut decide = |part: &Evaluation| part.decide(segment, doc, text, post_filter);
        match self {
            Evaluation::Exact(bits) => Some(bits.get(doc)),
            Evaluation::All(parts) => decide_parts(parts, false, &mut decide),
            Evaluation::Any(parts) => decide_parts(parts, true, &mut decide),
            Evaluation::Not(part) => decide(part).map(|is_match| !is_match),
            Evaluation::Bounds(lower, _, _) if lower.get(doc) => Some(true),
            Evaluation::Bounds(_, upper, _) if !upper.get(doc) => Some(false),
            Evaluation::Bounds(.., Verifier::Text(matcher)) => Some(matcher.is_match(text)),
            Evaluation::Bounds(.., Verifier::Words(matcher)) => {
                Some(matcher.is_match(segment, text))
            }
            Evaluation::Bounds(.., Verifier::Sequence(matcher)) => Some(matcher.is_match(text)),
            Evaluation::Bounds(.., Verifier::PostFilter(predicate)) => post_filter(predicate),
        }
    }

    /// Returns true if a predicate has to be applied to entries. Such parts are costly and are
    /// checked last.
    pub(super) fn needs_post_filter(&self) -> bool {
        match self {
            Evaluation::Exact(_) => false,
            Evaluation::All(evaluations) | Evaluation::Any(evaluations) => {
                evaluations.iter().any(Evaluation::needs_post_filter)
            }
            Evaluation::Not(evaluation) => evaluation.needs_post_filter(),
            Evaluation::Bounds(.., verifier) => matches!(verifier, Verifier::PostFilter(_)),
        }
    }
}

/// Returns `decisive` if one of `parts` is so, `None` if one is undecided, and otherwise the opposite.
fn decide_parts(
    parts: &[Evaluation],
    decisive: bool,
    decide: &mut dyn FnMut(&Evaluation) -> Option<bool>,
) -> Option<bool> {
    let mut is_undecided = false;
    for part in parts {
        match decide(part) {
            Some(value) if value == decisive => return Some(decisive),
            Some(_) => {}
            None => is_undecided = true,
        }
    }
    (!is_undecided).then_some(!decisive)
}

fn intersect_all(mut parts: impl Iterator<Item = BitSet>, max_doc: u32) -> BitSet {
    let first = parts.next().unwrap_or_else(|| BitSet::full(max_doc));
    parts.fold(first, |mut all, part| {
        all.and(&part);
        all
    })
}

fn union_all(parts: impl Iterator<Item = BitSet>, max_doc: u32) -> BitSet {
    parts.fold(BitSet::empty(max_doc), |mut any, part| {
        any.or(&part);
        any
    })
}

fn complement(mut bits: BitSet) -> BitSet {
    bits.invert();
    bits
}

/// Evaluates `query` on `segment`. `locate` returns the document of an entry if the entry is in
/// this segment.
pub(super) fn evaluate_query(
    query: &IndexQuery,
    segment: &Segment,
    states: &StateBitSets,
    locate: &dyn Fn(&EntryId) -> Option<u32>,
) -> Result<Evaluation, IndexError> {
    Evaluator { segment, states, locate, max_doc: segment.max_doc() }.evaluate(query)
}

struct Evaluator<'a> {
    segment: &'a Segment,
    states: &'a StateBitSets,
    locate: &'a dyn Fn(&EntryId) -> Option<u32>,
    max_doc: u32,
}

impl Evaluator<'_> {
    fn evaluate(&self, query: &IndexQuery) -> Result<Evaluation, IndexError> {
        Ok(match query {
            IndexQuery::All(clauses) => {
                self.evaluate_all(clauses, Evaluation::All, BitSet::and, BitSet::full)?
            }
            IndexQuery::Any(clauses) => {
                self.evaluate_all(clauses, Evaluation::Any, BitSet::or, BitSet::empty)?
            }
            IndexQuery::Not(query) => match self.evaluate(query)? {
                Evaluation::Exact(bits) => Evaluation::Exact(complement(bits)),
                evaluation => Evaluation::Not(Box::new(evaluation)),
            },
            IndexQuery::Phrase(field, phrase) => {
                self.evaluate_phrase(*field, &truncate_phrase(phrase))?
            }
            IndexQuery::WordRegex(pattern) => self.evaluate_word_regex(pattern)?,
            IndexQuery::WordSequence(sequence) => self.evaluate_word_sequence(sequence)?,
            IndexQuery::PostFilter(predicate) => self.evaluate_post_filter(predicate.clone()),
            simple => Evaluation::Exact(self.evaluate_exact(simple)?),
        })
    }

    /// Evaluates `clauses`, joins the exact results into one set, and leaves the others to be
    /// verified. `start` returns the neutral element of `join`.
    fn evaluate_all(
        &self,
        clauses: &[IndexQuery],
        wrap: fn(Vec<Evaluation>) -> Evaluation,
        join: fn(&mut BitSet, &BitSet),
        start: fn(u32) -> BitSet,
    ) -> Result<Evaluation, IndexError> {
        let mut exact: Option<BitSet> = None;
        let mut rest = Vec::new();
        for query in clauses {
            match (self.evaluate(query)?, &mut exact) {
                (Evaluation::Exact(bits), Some(exact)) => join(exact, &bits),
                (Evaluation::Exact(bits), slot) => *slot = Some(bits),
                (evaluation, _) => rest.push(evaluation),
            }
        }
        let exact = exact.unwrap_or_else(|| start(self.max_doc));
        if rest.is_empty() {
            return Ok(Evaluation::Exact(exact));
        }
        rest.insert(0, Evaluation::Exact(exact));
        rest.sort_by_key(Evaluation::needs_post_filter);
        Ok(wrap(rest))
    }

    /// Evaluates a query that the index decides exactly.
    fn evaluate_exact(&self, query: &IndexQuery) -> Result<BitSet, IndexError> {
        let mut bits = BitSet::empty(self.max_doc);
        match query {
            IndexQuery::Feeds(feeds) => {
                for feed in feeds {
                    self.add_attribute_docs(&term_key::feed_attribute(*feed), &mut bits)?;
                }
            }
            IndexQuery::Attribute(attribute) => self.add_attribute_docs(attribute, &mut bits)?,
            IndexQuery::ArrivedSince(since) => {
                return Ok(self
                    .filter_column(&self.segment.arrival_times()?, |at| i64::from(*at) >= *since));
            }
            IndexQuery::Entries(ids) => {
                ids.iter().filter_map(self.locate).for_each(|doc| bits.set_to(doc, true));
            }
            IndexQuery::WordMatching(pattern) => {
                let ordinals = ordinals_of_words(self.segment, pattern)?;
                self.segment.add_ordinal_docs(&ordinals, &mut bits)?;
            }
            IndexQuery::Read => bits.or(&self.states.read),
            IndexQuery::Starred => bits.or(&self.states.starred),
            IndexQuery::Hidden => bits.or(&self.states.hidden),
            IndexQuery::Removed => bits.or(&self.states.removed),
            IndexQuery::Copy => bits.or(&self.states.copy),
            IndexQuery::Tagged(tags) => {
                tags.iter()
                    .filter_map(|tag| self.states.tags.get(tag))
                    .for_each(|docs| docs.add_to(&mut bits));
            }
            IndexQuery::Published(instants, days) => return self.published_between(instants, days),
            IndexQuery::WordCount(range) => {
                return Ok(
                    self.filter_column(&self.segment.word_counts()?, |count| range.contains(count))
                );
            }
            _ => {}
        }
        Ok(bits)
    }

    /// Leaves the documents with all words of `sequence` to their texts.
    fn evaluate_word_sequence(&self, sequence: &WordSequence) -> Result<Evaluation, IndexError> {
        let none = BitSet::empty(self.max_doc);
        let (docs, matcher) = SequenceMatcher::new(self.segment, sequence)?;
        if docs.is_empty() {
            return Ok(Evaluation::Exact(none));
        }
        Ok(Evaluation::Bounds(none, docs, Verifier::Sequence(Box::new(matcher))))
    }

    /// Evaluates a regular expression for words: by the dictionary where the words of the documents
    /// are known, and by their texts otherwise.
    fn evaluate_word_regex(&self, pattern: &RegexPattern) -> Result<Evaluation, IndexError> {
        let by_entry = self.evaluate_post_filter(Predicate::Regex(pattern.clone()));
        let Some(words) = pattern.words() else { return Ok(by_entry) };
        let docs = word_regex::find_docs(self.segment, words)?;
        let by_words = match docs.matcher {
            Some(matcher) => {
                Evaluation::Bounds(docs.lower, docs.upper, Verifier::Words(Box::new(matcher)))
            }
            None => Evaluation::Exact(docs.lower),
        };
        if docs.truncated.is_empty() {
            return Ok(by_words);
        }
        let truncated = Evaluation::All(vec![Evaluation::Exact(docs.truncated), by_entry]);
        Ok(Evaluation::Any(vec![by_words, truncated]))
    }

    /// Leaves all documents to a predicate on the entry itself.
    fn evaluate_post_filter(&self, predicate: Predicate) -> Evaluation {
        let verifier = Verifier::PostFilter(Box::new(predicate));
        Evaluation::Bounds(BitSet::empty(self.max_doc), BitSet::full(self.max_doc), verifier)
    }

    fn add_attribute_docs(&self, attribute: &str, bits: &mut BitSet) -> Result<(), IndexError> {
        self.segment.add_term_docs(TermField::Attribute, attribute, bits)
    }

    /// Returns the documents whose value in `column` satisfies `is_match`.
    fn filter_column<T>(&self, column: &[T], is_match: impl Fn(&T) -> bool) -> BitSet {
        let mut bits = BitSet::empty(self.max_doc);
        column
            .iter()
            .zip(0..)
            .filter(|(value, _)| is_match(value))
            .for_each(|(_, doc)| bits.set_to(doc, true));
        bits
    }

    /// Returns the documents published in `instants` or, if only the day is known, in `days`.
    fn published_between(
        &self,
        instants: &Range<i64>,
        days: &Range<i64>,
    ) -> Result<BitSet, IndexError> {
        let docs_in = |range: &Range<i64>| {
            let start = self.segment.first_doc_since(range.start);
            let end = self.segment.first_doc_since(range.end);
            BitSet::from_range(self.max_doc, start..end)
        };
        let mut day_only = BitSet::empty(self.max_doc);
        self.add_attribute_docs(term_key::DAY_ONLY_ATTRIBUTE, &mut day_only)?;
        let mut published = docs_in(instants);
        published.and_not(&day_only);
        day_only.and(&docs_in(days));
        published.or(&day_only);
        Ok(published)
    }

    /// Evaluates a phrase: single words by postings alone, longer phrases by postings and bigrams,
    /// and the rest by the stored texts.
    fn evaluate_phrase(
        &self,
        field: Field,
        phrase: &PhraseQuery,
    ) -> Result<Evaluation, IndexError> {
        let mut upper = self.docs_with_all_words(term_field_of(field), phrase)?;
        if let [_] = phrase.words.as_slice() {
            return if field == Field::Body {
                self.evaluate_body_word(upper, phrase)
            } else {
                Ok(Evaluation::Exact(upper))
            };
        }
        let mut lower = BitSet::empty(self.max_doc);
        let last_pair = phrase.words.len() - 2;
        for (index, pair) in phrase.words.windows(2).enumerate() {
            let is_prefix = phrase.last_is_prefix && index == last_pair;
            let Some((docs, is_complete)) = self.docs_with_bigram(&pair[0], &pair[1], is_prefix)?
            else {
                continue;
            };
            if phrase.words.len() == 2 && field == Field::Anywhere {
                if is_complete {
                    return Ok(Evaluation::Exact(docs));
                }
                // The bigrams of a frequent word and a prefix are stored only for frequent second
                // words; documents with other second words stay candidates.
                let mut infrequent = self.docs_with_infrequent_words(&pair[1])?;
                infrequent.and(&upper);
                upper = infrequent;
                upper.or(&docs);
                lower = docs;
            } else if is_complete {
                upper.and(&docs);
            }
        }
        self.with_phrase_verifier(lower, upper, field, phrase)
    }

    /// Returns bounds with a verifier that searches the stored texts for `phrase`. If a word of the
    /// phrase is in no text of the segment, only `lower` matches.
    fn with_phrase_verifier(
        &self,
        lower: BitSet,
        upper: BitSet,
        field: Field,
        phrase: &PhraseQuery,
    ) -> Result<Evaluation, IndexError> {
        Ok(match PhraseMatcher::new(self.segment, field, phrase)? {
            Some(matcher) => Evaluation::Bounds(lower, upper, Verifier::Text(Box::new(matcher))),
            None => Evaluation::Exact(lower),
        })
    }

    /// Evaluates a single word in the body. A document with the word in another field may have it
    /// in the body as well, so its text must be verified.
    fn evaluate_body_word(
        &self,
        anywhere: BitSet,
        phrase: &PhraseQuery,
    ) -> Result<Evaluation, IndexError> {
        let mut lower = anywhere.clone();
        for field in [TermField::Title, TermField::Author, TermField::Tag] {
            lower.and_not(&self.docs_with_all_words(field, phrase)?);
        }
        self.with_phrase_verifier(lower, anywhere, Field::Body, phrase)
    }

    /// Returns the documents that have all words of `phrase` in `field`, in any order.
    fn docs_with_all_words(
        &self,
        field: TermField,
        phrase: &PhraseQuery,
    ) -> Result<BitSet, IndexError> {
        let mut intersection: Option<BitSet> = None;
        for (index, word) in phrase.words.iter().enumerate() {
            let mut docs = BitSet::empty(self.max_doc);
            if phrase.last_is_prefix && index + 1 == phrase.words.len() {
                self.segment.add_prefix_docs(field, word, &mut docs)?;
            } else {
                self.segment.add_term_docs(field, word, &mut docs)?;
            }
            match &mut intersection {
                Some(intersection) => intersection.and(&docs),
                None => intersection = Some(docs),
            }
        }
        Ok(intersection.unwrap_or_else(|| BitSet::full(self.max_doc)))
    }

    /// Returns the documents with `first` directly before `second`, and true if these are all such
    /// documents. Returns `None` if bigrams of these two words are not stored.
    fn docs_with_bigram(
        &self,
        first: &str,
        second: &str,
        is_prefix: bool,
    ) -> Result<Option<(BitSet, bool)>, IndexError> {
        let (first_class, second_class) =
            (BigramClass::of_word(first), BigramClass::of_word(second));
        let both_unspaced =
            first_class == BigramClass::Unspaced && second_class == BigramClass::Unspaced;
        let mut docs = BitSet::empty(self.max_doc);
        let in_dictionary = both_unspaced
            || first_class == BigramClass::Frequent
                && (is_prefix || second_class == BigramClass::Frequent);
        if !in_dictionary {
            let is_stored =
                !is_prefix && self.segment.add_common_bigram_docs(first, second, &mut docs)?;
            return Ok(is_stored.then_some((docs, true)));
        }
        let bigram = format!("{first} {second}");
        if is_prefix {
            self.segment.add_prefix_docs(TermField::Bigram, &bigram, &mut docs)?;
        } else {
            self.segment.add_term_docs(TermField::Bigram, &bigram, &mut docs)?;
        }
        Ok(Some((docs, both_unspaced || !is_prefix)))
    }
}

impl Evaluator<'_> {
    /// Returns the documents that have a word which begins with `prefix` and is not on the list of
    /// frequent words.
    fn docs_with_infrequent_words(&self, prefix: &str) -> Result<BitSet, IndexError> {
        let mut docs = BitSet::empty(self.max_doc);
        let range = self.segment.ordinals_with_prefix(TermField::Word, prefix);
        let frequent = frequent_words_with_prefix(prefix)
            .filter_map(|word| self.segment.term_ordinal(TermField::Word, word));
        let mut start = range.start;
        let between = frequent.chain([range.end]).map(|end| {
            let ordinals = start..end.max(start);
            start = end + 1;
            ordinals
        });
        self.segment.add_ordinal_docs(&between.collect::<Vec<_>>(), &mut docs)?;
        Ok(docs)
    }
}

fn term_field_of(field: Field) -> TermField {
    match field {
        Field::Anywhere | Field::Body => TermField::Word,
        Field::Title => TermField::Title,
        Field::Author => TermField::Author,
        Field::Tags | Field::Categories => TermField::Tag,
        Field::Url => TermField::Url,
    }
}

/// Truncates the words of `phrase` as the words of the index are truncated.
fn truncate_phrase(phrase: &PhraseQuery) -> PhraseQuery {
    let words = phrase.words.iter().map(|word| truncate_term(word).to_owned()).collect();
    PhraseQuery { words, last_is_prefix: phrase.last_is_prefix }
}
