//! Where in a text the words of a query stand.

use std::ops::Range;

use super::{
    Expr, Field, LastWord, Predicate, Query,
    ast::{Term, TextPattern},
};
use crate::text::{fold, for_each_word};

impl Query {
    /// The bytes of `text` that the query's words stand for, in order and apart: what is highlighted.
    ///
    /// Words match as they do in the search; a phrase lights up where its words stand side by side.
    pub fn highlight_ranges(&self, text: &str) -> Vec<Range<usize>> {
        let (mut words, mut found) = (Vec::new(), Vec::new());
        self.expr.for_each_positive_term(&mut |wanted| match &wanted.predicate {
            Predicate::Regex(pattern) => found.extend(pattern.find_ranges(text)),
            other => {
                let Some(needle) = visible_pattern(other) else { return };
                if words.is_empty() {
                    for_each_word(text, |word| {
                        words.push((word.folded.to_owned(), word.range(), word.joins_previous));
                    });
                }
                found.extend(find_pattern(needle.folded(), &words));
            }
        });
        merge_ranges(found)
    }

    /// A query for `text` as it stands, its last word a beginning.
    pub fn from_phrase(text: &str) -> Query {
        let term = |needle| {
            Expr::Term(Term {
                predicate: Predicate::Text(Field::Anywhere, needle),
                span: 0..text.len(),
            })
        };
        Query {
            expr: TextPattern::new(text, LastWord::Prefix).map(term).unwrap_or_default(),
            diagnostic: None,
        }
    }

    /// Whether every text that this phrase is in has `wider` in it as well, which is one phrase, too.
    pub fn is_refinement_of(&self, wider: &Query) -> bool {
        match (self.text_patterns().first(), wider.text_patterns().first()) {
            (Some(own), Some(wider)) => own.folded().starts_with(wider.folded()),
            _ => false,
        }
    }

    /// Whether there is anything in `text` to highlight.
    pub fn has_highlights(&self, text: &str) -> bool {
        let (mut folded, mut found) = (None, false);
        self.expr.for_each_positive_term(&mut |wanted| {
            found = found
                || match &wanted.predicate {
                    Predicate::Regex(pattern) => pattern.is_match(text),
                    other => visible_pattern(other).is_some_and(|needle| {
                        needle.is_match(folded.get_or_insert_with(|| fold(text)).as_bytes())
                    }),
                };
        });
        found
    }

    /// The words that a hit may have in what is read of it.
    pub fn text_patterns(&self) -> Vec<&TextPattern> {
        let mut needles = Vec::new();
        self.expr
            .for_each_positive_term(&mut |term| needles.extend(visible_pattern(&term.predicate)));
        needles
    }
}

/// What `test` looks for where it can be read.
fn visible_pattern(test: &Predicate) -> Option<&TextPattern> {
    match test {
        Predicate::Text(Field::Anywhere | Field::Title | Field::Author | Field::Body, needle) => {
            Some(needle)
        }
        _ => None,
    }
}

type FoldedWord = (String, Range<usize>, bool);

/// Where `folded` (` one two `, ` one tw`, or a joined form) stands in `words`.
fn find_pattern(folded: &str, words: &[FoldedWord]) -> Vec<Range<usize>> {
    let ending = if folded.ends_with(' ') { LastWord::Whole } else { LastWord::Prefix };
    let wanted: Vec<&str> = folded.split_whitespace().collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        if let Some(run) =
            words.get(at..at + wanted.len()).filter(|run| matches_words(&wanted, run, ending))
        {
            found.push(run[0].1.start..run[run.len() - 1].1.end);
        } else if let [single] = wanted[..] {
            found.extend(find_joined_form(single, &words[at..], ending));
        }
    }
    found
}

fn matches_words(wanted: &[&str], run: &[FoldedWord], ending: LastWord) -> bool {
    let last = wanted.len() - 1;
    wanted.iter().zip(run).enumerate().all(|(index, (wanted, (word, ..)))| {
        if ending == LastWord::Prefix && index == last {
            word.starts_with(wanted)
        } else {
            word == wanted
        }
    })
}

/// A word that an apostrophe or a hyphen parts, found by its joined form.
fn find_joined_form(wanted: &str, words: &[FoldedWord], ending: LastWord) -> Option<Range<usize>> {
    let bound = words.iter().skip(1).take_while(|(.., bound)| *bound).count();
    if bound == 0 || words[0].2 {
        return None;
    }
    let whole: String = words[..=bound].iter().map(|(word, ..)| word.as_str()).collect();
    let matches =
        if ending == LastWord::Prefix { whole.starts_with(wanted) } else { whole == wanted };
    matches.then(|| words[0].1.start..words[bound].1.end)
}

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
