//! Articles → a segment, in memory: a batch at a time, so that memory is bounded whatever the library holds.

use std::path::Path;

use hashbrown::HashMap;
use memchr::memchr_iter;

use super::{
    EDITED, IndexError,
    lists::Lists,
    medium,
    names::Names,
    segment::{
        BREAK, FIELD, FIRST, Known, SegmentWriter,
        key::{self, Space, is_frequent, key},
    },
};
use crate::{
    model::{EntryId, FeedId},
    query::{About, FIELD_END, Folded},
    text::{boundary, stands_alone},
};

/// Articles of one segment at the most, when it is new.
pub const BATCH: usize = 16 * 1024;

/// Bytes of a word that is kept; a longer one is found by its beginning.
pub(super) const LONGEST: usize = 256;

/// An article as the index sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Article {
    /// The entry.
    pub id: EntryId,
    /// Its feed.
    pub feed: FeedId,
    /// When it was published, in seconds since 1970.
    pub published: i64,
    /// Only the day of that is known.
    pub day_only: bool,
    /// When it came in, in seconds since 1970.
    pub arrived: i64,
    /// Its words.
    pub folded: Folded,
    /// What is told of it beside its words.
    pub about: About,
}

/// A segment being built: articles, the oldest first.
#[derive(Default)]
pub struct Builder {
    names: Names,
    words: Words,
    others: Others,
    /// The texts, a number per word as they were first met, besides [`BREAK`] and [`FIELD`].
    texts: Vec<u32>,
    known: Vec<(Known, usize)>,
}

/// What is known of each word.
#[derive(Default)]
struct Words {
    lists: Lists,
    pairings: Vec<Pairing>,
}

/// What else an article has: pairs of words, words of its fields, facts.
#[derive(Default)]
struct Others {
    numbers: HashMap<Other, u32>,
    lists: Lists,
}

/// A word in a space, or two of them.
type Other = (Space, u32, Option<u32>);

/// Whether pairs of a word are kept: never, or with words of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pairing {
    Never,
    Frequent,
    Alone,
}

impl Others {
    fn add(&mut self, other: Other, article: u32) {
        let number = *self.numbers.entry(other).or_insert_with(|| self.lists.thing());
        self.lists.add(number, article);
    }
}

impl Builder {
    /// How many articles it has.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    /// Adds an article; none that is newer was added before.
    pub fn add(&mut self, article: &Article) {
        let number = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let mut words = 0;
        for (index, field) in article.folded.text.split(FIELD_END).enumerate() {
            if index > 0 {
                self.texts.push(FIELD);
            }
            let space = [Some(Space::Title), Some(Space::Author), None].get(index).copied();
            let running = self.field(field, space.unwrap_or(Some(Space::Tag)), number);
            if index == 2 {
                words = running;
            }
        }
        for word in each(&article.folded.url).filter(|word| *word != "\n") {
            self.other(Space::Url, word, number);
        }
        self.facts(article, number);
        let Article { id, published, .. } = *article;
        let arrived = u32::try_from(article.arrived.max(0)).unwrap_or(u32::MAX);
        self.known.push((Known { id: id.0, published, words, arrived }, self.texts.len()));
    }

    /// The words of a field of folded text, which are in a space of their own, too. Gives how many there are, joined
    /// forms not counted.
    fn field(&mut self, field: &str, space: Option<Space>, article: u32) -> u32 {
        let (mut before, mut words, mut joined) = (None, 0, 0);
        for word in each(field) {
            if word == "\n" {
                self.texts.push(BREAK);
                (before, joined) = (None, 1);
                continue;
            }
            words += 1 - joined;
            let word = self.word(word);
            self.words.lists.add(word, article);
            self.texts.push(word + FIRST);
            if let Some(space) = space {
                self.others.add((space, word, None), article);
            }
            let pairing = self.words.pairings[word as usize];
            if let Some((before, kind)) = before.replace((word, pairing))
                && kind == pairing
                && pairing != Pairing::Never
            {
                self.others.add((Space::Pair, before, Some(word)), article);
            }
        }
        words
    }

    fn word(&mut self, word: &str) -> u32 {
        let (word, words) = (kept(word), &mut self.words);
        self.names.number(word, || {
            words.pairings.push(pairing(word));
            words.lists.thing()
        })
    }

    fn other(&mut self, space: Space, word: &str, article: u32) {
        let word = self.word(word);
        self.others.add((space, word, None), article);
    }

    fn facts(&mut self, article: &Article, number: u32) {
        self.other(Space::Fact, &key::of_feed(article.feed), number);
        if article.day_only {
            self.other(Space::Fact, key::DAY_ONLY, number);
        }
        let About { language, media, edited } = &article.about;
        let noted = media.iter().map(|found| medium(*found));
        let noted = noted.chain(language.map(crate::index::language));
        for fact in noted.chain(edited.then(|| EDITED.to_owned())) {
            self.other(Space::Fact, &fact, number);
        }
    }

    /// Writes the segment to `folder`.
    pub fn write(self, folder: &Path) -> Result<(), IndexError> {
        let articles = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let mut writer = SegmentWriter::create(folder, articles)?;
        let (names, lists) = (self.names.sorted(), self.words.lists.sorted());
        let mut ordinals = vec![0; names.len()];
        for (word, number) in &names {
            let list = lists.of(*number);
            // What is no word of a text is one of another space.
            if !list.is_empty() {
                ordinals[*number as usize] = writer.term(&key(Space::Word, word), list)?;
            }
        }
        drop(lists);
        self.others.write(&names, &mut writer)?;
        drop(names);
        let mut texts = writer.texts()?;
        let mut from = 0;
        for (_, end) in &self.known {
            let token = |number: &u32| match number.checked_sub(FIRST) {
                Some(word) => texts.token(ordinals[word as usize]),
                None => *number,
            };
            let tokens: Vec<u32> = self.texts[from..*end].iter().map(token).collect();
            texts.text(tokens.into_iter())?;
            from = *end;
        }
        texts.finish(&self.known.iter().map(|(known, _)| *known))
    }
}

impl Others {
    /// Writes all of them, in the order of their keys.
    fn write(self, names: &[(String, u32)], writer: &mut SegmentWriter) -> Result<(), IndexError> {
        let mut by_number = vec![""; names.len()];
        for (word, number) in names {
            by_number[*number as usize] = word;
        }
        let name = |number: u32| by_number[number as usize];
        let bytes = |(space, first, second): Other| match second {
            Some(second) => key(space, &[name(first), " ", name(second)].concat()),
            None => key(space, name(first)),
        };
        let lists = self.lists.sorted();
        let mut all: Vec<(Vec<u8>, u32)> =
            self.numbers.into_iter().map(|(other, number)| (bytes(other), number)).collect();
        all.sort_unstable();
        for (key, number) in &all {
            writer.term(key, lists.of(*number))?;
        }
        Ok(())
    }
}

/// The words of folded text: what stands between its blanks.
fn each(folded: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let ends = memchr_iter(b' ', folded.as_bytes()).chain([folded.len()]);
    let words = ends.map(move |end| &folded[std::mem::replace(&mut start, end + 1)..end]);
    words.filter(|word| !word.is_empty())
}

/// The part of a word that is kept.
pub(super) fn kept(word: &str) -> &str {
    &word[..boundary(word, LONGEST)]
}

fn pairing(word: &str) -> Pairing {
    match word.chars().next() {
        Some(c) if stands_alone(c) => Pairing::Alone,
        _ if is_frequent(word) => Pairing::Frequent,
        _ => Pairing::Never,
    }
}
