//! Whether an entry matches: pure evaluation over folded text, the oracle for every faster way.

use std::ops::Range;

use chrono::NaiveDate;

use super::{Ending, Field, Query, Term, Test, Trait, ast::Needle};
use crate::{
    model::EntryState,
    text::{each_word, fold, fold_into},
};

/// Parts the fields of a folded entry; no folded word has it inside.
pub(crate) const FIELD_END: char = '\u{1}';

/// What a query may ask of an entry.
#[derive(Debug, Clone, Copy)]
pub struct EntryFacts<'a> {
    /// The folded fields, as [`text_of`] writes them.
    pub text: &'a [u8],
    /// Where the first fields of the text end.
    pub ends: FieldEnds,
    /// The feed it belongs to.
    pub feed: &'a FeedFacts,
    /// Read and starred.
    pub state: EntryState,
    /// The day it was published, in the reader's zone.
    pub day: NaiveDate,
}

/// Where the title and the author end in a folded entry, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldEnds {
    /// End of the title.
    pub title: u32,
    /// End of the author.
    pub author: u32,
}

/// What a query may ask of a feed: its folded names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedFacts {
    /// The folded title and folder.
    pub names: String,
}

impl FeedFacts {
    /// Folds the names of a feed.
    pub fn new(title: &str, folder: Option<&str>) -> FeedFacts {
        let mut names = String::new();
        fold_into(title, &mut names);
        fold_into(folder.unwrap_or_default(), &mut names);
        FeedFacts { names }
    }
}

/// The folded text of an entry: title, author and body in one string, with the ends of the first two.
pub fn text_of(title: &str, author: &str, body: &str) -> (String, FieldEnds) {
    let mut text = String::with_capacity(title.len() + author.len() + body.len() + 8);
    let mut ends = FieldEnds::default();
    for (field, end) in [(title, Some(&mut ends.title)), (author, Some(&mut ends.author)), (body, None)] {
        fold_into(field, &mut text);
        if let Some(end) = end {
            *end = u32::try_from(text.len()).unwrap_or(u32::MAX);
            text.push(FIELD_END);
        }
    }
    (text, ends)
}

impl EntryFacts<'_> {
    fn field(&self, field: Field) -> &[u8] {
        let (title, author) = (self.ends.title as usize, self.ends.author as usize);
        let bytes = match field {
            Field::Anywhere => Some(self.text),
            Field::Title => self.text.get(..title),
            Field::Author => self.text.get(title..author),
        };
        bytes.unwrap_or_default()
    }
}

impl Query {
    /// Whether every term holds of `entry`.
    pub fn matches(&self, entry: &EntryFacts<'_>) -> bool {
        self.terms.iter().all(|term| term.test.holds(entry) != term.negated)
    }

    /// Whether the query asks for any text, so that entries' texts are needed to answer it.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// The bytes of `text` that the query's words stand for, in order and apart: what is highlighted.
    ///
    /// Words match as they do in the search; a phrase lights up where its words stand side by side.
    pub fn highlights(&self, text: &str) -> Vec<Range<usize>> {
        let wanted: Vec<&Needle> = self.needles().collect();
        if wanted.is_empty() {
            return Vec::new();
        }
        let mut words = Vec::new();
        each_word(text, |word| words.push((word.folded.to_owned(), word.range(), word.bound)));
        let mut found: Vec<Range<usize>> = Vec::new();
        for needle in wanted {
            found.extend(hits(needle.folded(), &words));
        }
        merge(found)
    }

    /// A query for `text` as it stands, its last word a beginning.
    pub fn phrase(text: &str) -> Query {
        let needle = Needle::new(text, Ending::Open);
        let term = |needle| Term { test: Test::Text(Field::Anywhere, needle), negated: false };
        Query { terms: needle.map(term).into_iter().collect(), complaint: None }
    }

    /// Whether every text that this phrase is in has `wider` in it as well, which is one phrase, too.
    pub fn narrows(&self, wider: &Query) -> bool {
        let (mut own, mut wider) = (self.needles(), wider.needles());
        match (own.next(), wider.next()) {
            (Some(own), Some(wider)) => own.folded().starts_with(wider.folded()),
            _ => false,
        }
    }

    /// Whether there is anything in `text` to highlight.
    pub fn lights_up(&self, text: &str) -> bool {
        let mut needles = self.needles().peekable();
        needles.peek().is_some() && {
            let folded = fold(text);
            needles.any(|needle| needle.is_in(folded.as_bytes()))
        }
    }

    fn needles(&self) -> impl Iterator<Item = &Needle> {
        self.terms.iter().filter(|term| !term.negated).filter_map(|term| match &term.test {
            Test::Text(_, needle) => Some(needle),
            _ => None,
        })
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

impl Test {
    fn holds(&self, entry: &EntryFacts<'_>) -> bool {
        match self {
            Test::Text(Field::Anywhere, needle) => {
                needle.is_in(entry.text) || needle.is_in(entry.feed.names.as_bytes())
            }
            Test::Text(field, needle) => needle.is_in(entry.field(*field)),
            Test::In(needle) => needle.is_in(entry.feed.names.as_bytes()),
            Test::Is(Trait::Unread) => !entry.state.read,
            Test::Is(Trait::Read) => entry.state.read,
            Test::Is(Trait::Starred) => entry.state.starred,
            Test::Days(days) => days.contains(&entry.day),
        }
    }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;
    use proptest::prelude::*;

    use super::{super::parse, EntryFacts, FeedFacts, text_of};
    use crate::model::EntryState;

    fn today() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
    }

    fn found(query: &str) -> bool {
        let feed = FeedFacts::new("Evening Post", Some("World"));
        let (text, ends) = text_of(
            "Al-Sharaa in Moscow",
            "Anna Weil",
            "On Monday, Russia vacated a military base in Qamishli. 東京の天気. Moscow’s commitment.",
        );
        let day = NaiveDate::from_ymd_opt(2026, 1, 28).unwrap();
        let state = EntryState { read: true, starred: false };
        parse(query, today()).matches(&EntryFacts { text: text.as_bytes(), ends, feed: &feed, state, day })
    }

    #[test]
    fn words_phrases_and_fields() {
        for query in [
            "",
            "qamishli base",
            "base qamish",
            "\"military base\"",
            "\"a milit",
            "!putin",
            "alsharaa",
            "al-sharaa",
            "moscows",
            "title:mosc",
            "author:weil",
            "in:evening",
            "in:world",
            "evening",
            "東京",
            "京の",
            "is:read",
            "!is:star",
            "on:2026-01-28",
            "on:2026-01",
            "since:2026",
            "before:2026-11",
            "monday russia ",
        ] {
            assert!(found(query), "{query:?} should match");
        }
        for query in [
            "putin",
            "amishli",
            "bas qamishli",
            "\"base military\"",
            "title:qamishli",
            "author:moscow",
            "in:moscow",
            "京東",
            "is:unread",
            "is:star",
            "on:2026-01-27",
            "since:2d",
            "before:2026",
            "!russia",
            "moscow weil x",
        ] {
            assert!(!found(query), "{query:?} should not match");
        }
    }

    #[test]
    fn highlights_are_the_bytes_that_matched() {
        let text = "Rust and Al-Sharaa’s rusty 東京の天気";
        let lit = |query| -> Vec<&str> {
            let ranges = parse(query, today()).highlights(text);
            ranges.into_iter().map(|range| &text[range]).collect()
        };
        assert_eq!(lit("rust"), ["Rust", "rusty"]);
        assert_eq!(lit("rust "), ["Rust"]);
        assert_eq!(lit("\"rust and al"), ["Rust and Al"]);
        assert_eq!(lit("京の"), ["京の"]);
        assert_eq!(lit("alsharaas"), ["Al-Sharaa’s"]);
        assert_eq!(lit("!rust in:x"), Vec::<&str>::new());
    }

    proptest! {
        #[test]
        fn a_word_of_the_text_finds_it_and_lights_up(text in "[a-zéß\u{4e00}-\u{4e20} '.-]{1,30}", pick in 0usize..8) {
            let mut words = Vec::new();
            crate::text::each_word(&text, |word| words.push(text[word.range()].to_owned()));
            if let Some(word) = words.get(pick) {
                let (folded, ends) = text_of("", "", &text);
                let facts = EntryFacts {
                    text: folded.as_bytes(), ends, feed: &FeedFacts::default(), state: EntryState::default(), day: today(),
                };
                let query = parse(word, today());
                prop_assert!(query.matches(&facts));
                prop_assert!(!query.highlights(&text).is_empty());
            }
        }
    }
}
