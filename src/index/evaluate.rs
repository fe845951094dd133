//! A condition over one segment: what surely holds, what may, and how to tell.

use super::{
    BitSet, IndexError, Segment,
    index_query::{IndexQuery, Part, PhraseQuery},
    phrase_matcher::PhraseMatcher,
    segment::term_key::{self, BigramClass, TermField, frequent_words_with_prefix},
    segment_builder::truncate_term,
};
use crate::{model::EntryId, query::Predicate};

/// What the states of a segment's articles are.
#[derive(Debug, Clone, Default)]
pub(super) struct StateBitSets {
    pub(super) read: BitSet,
    pub(super) starred: BitSet,
}

/// What is known of a condition.
#[derive(Debug)]
pub(super) enum Evaluation {
    /// Everything.
    Exact(BitSet),
    All(Vec<Evaluation>),
    Any(Vec<Evaluation>),
    Not(Box<Evaluation>),
    /// It holds of the first, may hold of the second, and of no others.
    Bounds(BitSet, BitSet, Verifier),
}

/// How to tell where it is not known.
#[derive(Debug)]
pub(super) enum Verifier {
    /// The text tells.
    Text(Box<PhraseMatcher>),
    /// Only the article itself does.
    PostFilter(Box<Predicate>),
}

impl Evaluation {
    /// The articles of which it surely holds.
    pub(super) fn lower_bound(&self, articles: u32) -> BitSet {
        match self {
            Evaluation::Exact(bits) | Evaluation::Bounds(bits, ..) => bits.clone(),
            Evaluation::All(all) => {
                intersect_all(all.iter().map(|known| known.lower_bound(articles)), articles)
            }
            Evaluation::Any(any) => {
                union_all(any.iter().map(|known| known.lower_bound(articles)), articles)
            }
            Evaluation::Not(known) => complement(known.upper_bound(articles)),
        }
    }

    /// The articles of which it may hold.
    pub(super) fn upper_bound(&self, articles: u32) -> BitSet {
        match self {
            Evaluation::Exact(bits) | Evaluation::Bounds(_, bits, _) => bits.clone(),
            Evaluation::All(all) => {
                intersect_all(all.iter().map(|known| known.upper_bound(articles)), articles)
            }
            Evaluation::Any(any) => {
                union_all(any.iter().map(|known| known.upper_bound(articles)), articles)
            }
            Evaluation::Not(known) => complement(known.lower_bound(articles)),
        }
    }

    /// Whether it holds of an article with this text; `outside` tells what only the article itself does.
    pub(super) fn matches(
        &self,
        article: u32,
        text: &[u8],
        outside: &mut dyn FnMut(&Predicate) -> bool,
    ) -> bool {
        match self {
            Evaluation::Exact(bits) => bits.get(article),
            Evaluation::All(all) => all.iter().all(|known| known.matches(article, text, outside)),
            Evaluation::Any(any) => any.iter().any(|known| known.matches(article, text, outside)),
            Evaluation::Not(known) => !known.matches(article, text, outside),
            Evaluation::Bounds(sure, _, _) if sure.get(article) => true,
            Evaluation::Bounds(_, possible, _) if !possible.get(article) => false,
            Evaluation::Bounds(.., Verifier::Text(matcher)) => matcher.is_match(text),
            Evaluation::Bounds(.., Verifier::PostFilter(asked)) => outside(asked),
        }
    }

    /// Whether it takes more than the index to tell: such are asked last.
    fn needs_post_filter(&self) -> bool {
        match self {
            Evaluation::Exact(_) => false,
            Evaluation::All(all) | Evaluation::Any(all) => {
                all.iter().any(Evaluation::needs_post_filter)
            }
            Evaluation::Not(known) => known.needs_post_filter(),
            Evaluation::Bounds(.., check) => matches!(check, Verifier::PostFilter(_)),
        }
    }
}

fn intersect_all(mut parts: impl Iterator<Item = BitSet>, articles: u32) -> BitSet {
    let first = parts.next().unwrap_or_else(|| BitSet::full(articles));
    parts.fold(first, |mut all, part| {
        all.and(&part);
        all
    })
}

fn union_all(parts: impl Iterator<Item = BitSet>, articles: u32) -> BitSet {
    parts.fold(BitSet::empty(articles), |mut any, part| {
        any.or(&part);
        any
    })
}

fn complement(mut bits: BitSet) -> BitSet {
    bits.invert();
    bits
}

/// What `segment` knows of `condition`; `place` tells which of its articles an entry is.
pub(super) fn evaluate_query(
    condition: &IndexQuery,
    segment: &Segment,
    states: &StateBitSets,
    place: &dyn Fn(&EntryId) -> Option<u32>,
) -> Result<Evaluation, IndexError> {
    Evaluator { segment, states, locate: place, max_doc: segment.max_doc() }.evaluate(condition)
}

struct Evaluator<'a> {
    segment: &'a Segment,
    states: &'a StateBitSets,
    locate: &'a dyn Fn(&EntryId) -> Option<u32>,
    max_doc: u32,
}

impl Evaluator<'_> {
    fn evaluate(&self, condition: &IndexQuery) -> Result<Evaluation, IndexError> {
        Ok(match condition {
            IndexQuery::All(all) => {
                self.evaluate_all(all, Evaluation::All, BitSet::and, BitSet::full)?
            }
            IndexQuery::Any(any) => {
                self.evaluate_all(any, Evaluation::Any, BitSet::or, BitSet::empty)?
            }
            IndexQuery::Not(condition) => match self.evaluate(condition)? {
                Evaluation::Exact(bits) => Evaluation::Exact(complement(bits)),
                known => Evaluation::Not(Box::new(known)),
            },
            IndexQuery::Phrase(part, phrase) => {
                self.evaluate_phrase(*part, &truncate_phrase(phrase))?
            }
            IndexQuery::PostFilter(test) => {
                let check = Verifier::PostFilter(Box::new(test.clone()));
                Evaluation::Bounds(BitSet::empty(self.max_doc), BitSet::full(self.max_doc), check)
            }
            simple => Evaluation::Exact(self.evaluate_exact(simple)?),
        })
    }

    /// Joins what is known exactly into one, and leaves the rest to be decided.
    fn evaluate_all(
        &self,
        conditions: &[IndexQuery],
        wrap: fn(Vec<Evaluation>) -> Evaluation,
        join: fn(&mut BitSet, &BitSet),
        start: fn(u32) -> BitSet,
    ) -> Result<Evaluation, IndexError> {
        let mut exact: Option<BitSet> = None;
        let mut rest = Vec::new();
        for condition in conditions {
            match (self.evaluate(condition)?, &mut exact) {
                (Evaluation::Exact(bits), Some(exact)) => join(exact, &bits),
                (Evaluation::Exact(bits), none) => *none = Some(bits),
                (known, _) => rest.push(known),
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

    fn evaluate_exact(&self, condition: &IndexQuery) -> Result<BitSet, IndexError> {
        let mut bits = BitSet::empty(self.max_doc);
        match condition {
            IndexQuery::Feeds(feeds) => {
                for feed in feeds {
                    self.add_attribute_docs(&term_key::feed_attribute(*feed), &mut bits)?;
                }
            }
            IndexQuery::Attribute(fact) => self.add_attribute_docs(fact, &mut bits)?,
            IndexQuery::ArrivedSince(since) => {
                return Ok(self
                    .filter_column(&self.segment.arrival_times()?, |at| i64::from(*at) >= *since));
            }
            IndexQuery::Entries(ids) => {
                ids.iter().filter_map(self.locate).for_each(|article| bits.set_to(article, true));
            }
            IndexQuery::Read => bits.or(&self.states.read),
            IndexQuery::Starred => bits.or(&self.states.starred),
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

    fn add_attribute_docs(&self, fact: &str, bits: &mut BitSet) -> Result<(), IndexError> {
        self.segment.add_term_docs(TermField::Attribute, fact, bits)
    }

    fn filter_column<T>(&self, column: &[T], holds: impl Fn(&T) -> bool) -> BitSet {
        let mut bits = BitSet::empty(self.max_doc);
        column
            .iter()
            .zip(0..)
            .filter(|(value, _)| holds(value))
            .for_each(|(_, article)| bits.set_to(article, true));
        bits
    }

    fn published_between(
        &self,
        instants: &std::ops::Range<i64>,
        days: &std::ops::Range<i64>,
    ) -> Result<BitSet, IndexError> {
        let range = |range: &std::ops::Range<i64>| {
            let (start, end) = (
                self.segment.first_doc_since(range.start),
                self.segment.first_doc_since(range.end),
            );
            BitSet::from_range(self.max_doc, start..end)
        };
        let mut day_only = BitSet::empty(self.max_doc);
        self.add_attribute_docs(term_key::DAY_ONLY_ATTRIBUTE, &mut day_only)?;
        let mut published = range(instants);
        published.and_not(&day_only);
        day_only.and(&range(days));
        published.or(&day_only);
        Ok(published)
    }

    fn evaluate_phrase(&self, part: Part, phrase: &PhraseQuery) -> Result<Evaluation, IndexError> {
        let mut possible = self.docs_with_all_words(term_field_of(part), phrase)?;
        if let [_] = phrase.words.as_slice() {
            return if part == Part::Body {
                self.evaluate_body_word(possible, phrase)
            } else {
                Ok(Evaluation::Exact(possible))
            };
        }
        let mut sure = BitSet::empty(self.max_doc);
        let last = phrase.words.len() - 2;
        for (index, pair) in phrase.words.windows(2).enumerate() {
            let open = phrase.last_is_prefix && index == last;
            let Some((bits, whole)) = self.docs_with_bigram(&pair[0], &pair[1], open)? else {
                continue;
            };
            if phrase.words.len() == 2 && part == Part::Anywhere {
                if whole {
                    return Ok(Evaluation::Exact(bits));
                }
                // Where the pair is not kept, the second word is a rare one.
                let mut rare = self.docs_with_infrequent_words(&pair[1])?;
                rare.and(&possible);
                possible = rare;
                possible.or(&bits);
                sure = bits;
            } else if whole {
                possible.and(&bits);
            }
        }
        self.with_phrase_verifier(sure, possible, part, phrase)
    }

    fn with_phrase_verifier(
        &self,
        sure: BitSet,
        possible: BitSet,
        part: Part,
        phrase: &PhraseQuery,
    ) -> Result<Evaluation, IndexError> {
        Ok(match PhraseMatcher::new(self.segment, part, phrase)? {
            Some(matcher) => Evaluation::Bounds(sure, possible, Verifier::Text(Box::new(matcher))),
            None => Evaluation::Exact(sure),
        })
    }

    /// A word that is in another part may be in the body as well: the text tells.
    fn evaluate_body_word(
        &self,
        anywhere: BitSet,
        phrase: &PhraseQuery,
    ) -> Result<Evaluation, IndexError> {
        let mut sure = anywhere.clone();
        for space in [TermField::Title, TermField::Author, TermField::Tag] {
            sure.and_not(&self.docs_with_all_words(space, phrase)?);
        }
        self.with_phrase_verifier(sure, anywhere, Part::Body, phrase)
    }

    /// The articles that have all words of a phrase, wherever.
    fn docs_with_all_words(
        &self,
        space: TermField,
        phrase: &PhraseQuery,
    ) -> Result<BitSet, IndexError> {
        let mut all: Option<BitSet> = None;
        for (index, word) in phrase.words.iter().enumerate() {
            let mut bits = BitSet::empty(self.max_doc);
            if phrase.last_is_prefix && index + 1 == phrase.words.len() {
                self.segment.add_prefix_docs(space, word, &mut bits)?;
            } else {
                self.segment.add_term_docs(space, word, &mut bits)?;
            }
            match &mut all {
                Some(all) => all.and(&bits),
                None => all = Some(bits),
            }
        }
        Ok(all.unwrap_or_else(|| BitSet::full(self.max_doc)))
    }

    /// The articles in which a pair of words stands side by side, and whether these are all of them; `None` if pairs of
    /// such words are not kept.
    fn docs_with_bigram(
        &self,
        first: &str,
        second: &str,
        open: bool,
    ) -> Result<Option<(BitSet, bool)>, IndexError> {
        let (kind, other) = (BigramClass::of_word(first), BigramClass::of_word(second));
        let both_alone = kind == BigramClass::Unspaced && other == BigramClass::Unspaced;
        let mut bits = BitSet::empty(self.max_doc);
        if !both_alone
            && !(kind == BigramClass::Frequent && (open || other == BigramClass::Frequent))
        {
            let known = !open && self.segment.add_common_bigram_docs(first, second, &mut bits)?;
            return Ok(known.then_some((bits, true)));
        }
        let pair = format!("{first} {second}");
        if open {
            self.segment.add_prefix_docs(TermField::Bigram, &pair, &mut bits)?;
        } else {
            self.segment.add_term_docs(TermField::Bigram, &pair, &mut bits)?;
        }
        Ok(Some((bits, both_alone || !open)))
    }
}

impl Evaluator<'_> {
    /// The articles that have a word which begins with `prefix` and is not among the frequent ones.
    fn docs_with_infrequent_words(&self, prefix: &str) -> Result<BitSet, IndexError> {
        let mut bits = BitSet::empty(self.max_doc);
        let range = self.segment.ordinals_with_prefix(TermField::Word, prefix);
        let frequent = frequent_words_with_prefix(prefix)
            .filter_map(|word| self.segment.term_ordinal(TermField::Word, word));
        let mut start = range.start;
        for end in frequent.chain([range.end]) {
            self.segment.add_ordinal_docs(start..end.max(start), &mut bits)?;
            start = end + 1;
        }
        Ok(bits)
    }
}

fn term_field_of(part: Part) -> TermField {
    match part {
        Part::Anywhere | Part::Body => TermField::Word,
        Part::Title => TermField::Title,
        Part::Author => TermField::Author,
        Part::Tags => TermField::Tag,
        Part::Url => TermField::Url,
    }
}

fn truncate_phrase(phrase: &PhraseQuery) -> PhraseQuery {
    let words = phrase.words.iter().map(|word| truncate_term(word).to_owned()).collect();
    PhraseQuery { words, last_is_prefix: phrase.last_is_prefix }
}
