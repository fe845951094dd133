//! Where in a text the words of a query stand.

use std::ops::Range;

use super::{
    Ending, Expr, Field, Query, Test,
    ast::{Needle, Term},
};
use crate::text::{each_word, fold};

impl Query {
    /// The bytes of `text` that the query's words stand for, in order and apart: what is highlighted.
    ///
    /// Words match as they do in the search; a phrase lights up where its words stand side by side.
    pub fn highlights(&self, text: &str) -> Vec<Range<usize>> {
        let (mut words, mut found) = (Vec::new(), Vec::new());
        self.expr.each_wanted(&mut |wanted| match &wanted.test {
            Test::Pattern(pattern) => found.extend(pattern.hits(text)),
            other => {
                let Some(needle) = read(other) else { return };
                if words.is_empty() {
                    each_word(text, |word| words.push((word.folded.to_owned(), word.range(), word.bound)));
                }
                found.extend(hits(needle.folded(), &words));
            }
        });
        merge(found)
    }

    /// A query for `text` as it stands, its last word a beginning.
    pub fn phrase(text: &str) -> Query {
        let term =
            |needle| Expr::Term(Term { test: Test::Text(Field::Anywhere, needle), span: 0..text.len() });
        Query { expr: Needle::new(text, Ending::Open).map(term).unwrap_or_default(), complaint: None }
    }

    /// Whether every text that this phrase is in has `wider` in it as well, which is one phrase, too.
    pub fn narrows(&self, wider: &Query) -> bool {
        match (self.needles().first(), wider.needles().first()) {
            (Some(own), Some(wider)) => own.folded().starts_with(wider.folded()),
            _ => false,
        }
    }

    /// Whether there is anything in `text` to highlight.
    pub fn lights_up(&self, text: &str) -> bool {
        let (mut folded, mut found) = (None, false);
        self.expr.each_wanted(&mut |wanted| {
            found = found
                || match &wanted.test {
                    Test::Pattern(pattern) => pattern.is_in(text),
                    other => read(other).is_some_and(|needle| {
                        needle.is_in(folded.get_or_insert_with(|| fold(text)).as_bytes())
                    }),
                };
        });
        found
    }

    /// The words that a hit may have in what is read of it.
    pub fn needles(&self) -> Vec<&Needle> {
        let mut needles = Vec::new();
        self.expr.each_wanted(&mut |term| needles.extend(read(&term.test)));
        needles
    }
}

/// What `test` looks for where it can be read.
fn read(test: &Test) -> Option<&Needle> {
    match test {
        Test::Text(Field::Anywhere | Field::Title | Field::Author | Field::Body, needle) => Some(needle),
        _ => None,
    }
}

type FoldedWord = (String, Range<usize>, bool);

/// Where `folded` (` one two `, ` one tw`, or a joined form) stands in `words`.
fn hits(folded: &str, words: &[FoldedWord]) -> Vec<Range<usize>> {
    let ending = if folded.ends_with(' ') { Ending::Closed } else { Ending::Open };
    let wanted: Vec<&str> = folded.split_whitespace().collect();
    let mut found = Vec::new();
    for at in 0..words.len() {
        if let Some(run) = words.get(at..at + wanted.len()).filter(|run| phrase(&wanted, run, ending)) {
            found.push(run[0].1.start..run[run.len() - 1].1.end);
        } else if let [single] = wanted[..] {
            found.extend(joined(single, &words[at..], ending));
        }
    }
    found
}

fn phrase(wanted: &[&str], run: &[FoldedWord], ending: Ending) -> bool {
    let last = wanted.len() - 1;
    wanted.iter().zip(run).enumerate().all(|(index, (wanted, (word, ..)))| {
        if ending == Ending::Open && index == last { word.starts_with(wanted) } else { word == wanted }
    })
}

/// A word that an apostrophe or a hyphen parts, found by its joined form.
fn joined(wanted: &str, words: &[FoldedWord], ending: Ending) -> Option<Range<usize>> {
    let bound = words.iter().skip(1).take_while(|(.., bound)| *bound).count();
    if bound == 0 || words[0].2 {
        return None;
    }
    let whole: String = words[..=bound].iter().map(|(word, ..)| word.as_str()).collect();
    let matches = if ending == Ending::Open { whole.starts_with(wanted) } else { whole == wanted };
    matches.then(|| words[0].1.start..words[bound].1.end)
}

fn merge(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
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
