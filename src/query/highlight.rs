//! Finds the words of a query in a text.

use std::ops::Range;

use super::{
    Expr, Field, LastWord, Predicate, Query,
    ast::{Term, TextPattern},
};
use crate::text::{fold, for_each_word};

impl Query {
    /// Returns the byte ranges of `text` to highlight, in ascending order and without overlaps.
    ///
    /// Words match as they do in a search. A phrase is highlighted only where its words are
    /// adjacent.
    pub fn highlight_ranges(&self, text: &str) -> Vec<Range<usize>> {
        let (mut words, mut ranges) = (Vec::new(), Vec::new());
        self.expr.for_each_positive_term(&mut |term| match &term.predicate {
            Predicate::Regex(pattern) => ranges.extend(pattern.find_ranges(text)),
            other => {
                let Some(pattern) = visible_pattern(other) else { return };
                if let Some(signs) = pattern.signs() {
                    return ranges.extend(signs.find_ranges(text));
                }
                if words.is_empty() {
                    for_each_word(text, |word| {
                        words.push((word.folded.to_owned(), word.range(), word.joins_previous));
                    });
                }
                ranges.extend(find_pattern(pattern.folded(), &words));
            }
        });
        merge_ranges(ranges)
    }

    /// Creates a query for `text` as a phrase whose last word is a prefix.
    pub fn from_phrase(text: &str) -> Query {
        let to_expr = |pattern| {
            Expr::Term(Term {
                predicate: Predicate::Text(Field::Anywhere, pattern),
                span: 0..text.len(),
            })
        };
        Query {
            expr: TextPattern::new(text, LastWord::Prefix).map(to_expr).unwrap_or_default(),
            diagnostic: None,
        }
    }

    /// Returns true if every text that matches this phrase also matches `wider`. Both queries must
    /// be made by [`Query::from_phrase`].
    pub fn is_refinement_of(&self, wider: &Query) -> bool {
        match (self.text_patterns().first(), wider.text_patterns().first()) {
            (Some(own), Some(wider)) => {
                let has_same_signs = wider.signs().is_none() || own.signs() == wider.signs();
                has_same_signs && own.folded().starts_with(wider.folded())
            }
            _ => false,
        }
    }

    /// Returns true if `text` contains anything to highlight.
    pub fn has_highlights(&self, text: &str) -> bool {
        let (mut folded, mut found) = (None, false);
        self.expr.for_each_positive_term(&mut |term| {
            found = found
                || match &term.predicate {
                    Predicate::Regex(pattern) => pattern.is_match(text),
                    other => visible_pattern(other).is_some_and(|pattern| {
                        pattern.is_match(folded.get_or_insert_with(|| fold(text)).as_bytes())
                            && pattern.signs().is_none_or(|signs| signs.is_match(text))
                    }),
                };
        });
        found
    }

    /// Returns the patterns that a match may contain in its visible text.
    pub fn text_patterns(&self) -> Vec<&TextPattern> {
        let mut patterns = Vec::new();
        self.expr
            .for_each_positive_term(&mut |term| patterns.extend(visible_pattern(&term.predicate)));
        patterns
    }
}

/// Returns the pattern of a predicate on visible text.
fn visible_pattern(predicate: &Predicate) -> Option<&TextPattern> {
    match predicate {
        Predicate::Text(Field::Anywhere | Field::Title | Field::Author | Field::Body, pattern) => {
            Some(pattern)
        }
        _ => None,
    }
}

/// A folded word, its byte range in the text, and true if it is bound to the previous word by an
/// apostrophe or a hyphen.
type FoldedWord = (String, Range<usize>, bool);

/// Returns the byte ranges of the pattern `folded` (` one two `, ` one tw` or a joined form) in
/// `words`.
fn find_pattern(folded: &str, words: &[FoldedWord]) -> Vec<Range<usize>> {
    let last_word = if folded.ends_with(' ') { LastWord::Whole } else { LastWord::Prefix };
    let pattern_words: Vec<&str> = folded.split_whitespace().collect();
    let mut ranges = Vec::new();
    for start in 0..words.len() {
        if let Some(run) = words
            .get(start..start + pattern_words.len())
            .filter(|run| matches_words(&pattern_words, run, last_word))
        {
            ranges.push(run[0].1.start..run[run.len() - 1].1.end);
        } else if let [single] = pattern_words[..] {
            ranges.extend(find_joined_form(single, &words[start..], last_word));
        }
    }
    ranges
}

/// Returns true if the words of `run` match the words of a pattern.
fn matches_words(pattern_words: &[&str], run: &[FoldedWord], last_word: LastWord) -> bool {
    let last_index = pattern_words.len() - 1;
    pattern_words.iter().zip(run).enumerate().all(|(index, (pattern_word, (word, ..)))| {
        if last_word == LastWord::Prefix && index == last_index {
            word.starts_with(pattern_word)
        } else {
            word == pattern_word
        }
    })
}

/// Returns the range of a compound at the start of `words` whose joined form is `joined_form`:
/// `alsharaa` finds `al-sharaa`.
fn find_joined_form(
    joined_form: &str,
    words: &[FoldedWord],
    last_word: LastWord,
) -> Option<Range<usize>> {
    let joined = words.iter().skip(1).take_while(|(.., joined)| *joined).count();
    if joined == 0 || words[0].2 {
        return None;
    }
    let compound: String = words[..=joined].iter().map(|(word, ..)| word.as_str()).collect();
    let is_match = if last_word == LastWord::Prefix {
        compound.starts_with(joined_form)
    } else {
        compound == joined_form
    };
    is_match.then(|| words[0].1.start..words[joined].1.end)
}

/// Sorts ranges and merges those that overlap or touch.
fn merge_ranges(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|range| range.start);
    let mut merged: Vec<Range<usize>> = Vec::with_capacity(ranges.len());
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}
