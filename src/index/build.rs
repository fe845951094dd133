//! Articles → a segment, in memory: a batch at a time, so that memory is bounded whatever the library holds.

use std::path::Path;

use hashbrown::HashMap;

use super::{
    EDITED, IndexError, medium,
    segment::{
        BREAK, FIELD, FIRST, Known, SegmentWriter,
        key::{self, Space, is_frequent, key},
    },
    varint,
};
use crate::{
    model::{EntryId, FeedId},
    query::{About, FIELD_END, Folded},
    text::{boundary, stands_alone},
};

/// Articles of one segment at the most, when it is new.
pub const BATCH: usize = 16 * 1024;

/// Bytes of text in one segment at the most, when it is new.
pub const BATCH_BYTES: usize = 48 << 20;

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
    words: HashMap<Box<str>, u32>,
    lists: Vec<List>,
    /// Whether pairs of the word are kept: never, or with words of the same kind.
    pairing: Vec<Pairing>,
    pairs: HashMap<(u32, u32), List>,
    others: HashMap<Vec<u8>, List>,
    /// The texts, a number per word as they were first met, 0 and 1 being [`BREAK`] and [`FIELD`].
    texts: Vec<u8>,
    known: Vec<(Known, usize)>,
}

/// A rising list of articles: differences.
#[derive(Debug, Clone, Default)]
struct List {
    bytes: Vec<u8>,
    last: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pairing {
    Never,
    Frequent,
    Alone,
}

impl List {
    fn add(&mut self, article: u32) {
        if self.last != Some(article) {
            varint::put(article - self.last.unwrap_or(0), &mut self.bytes);
            self.last = Some(article);
        }
    }

    fn read(&self, out: &mut Vec<u32>) {
        out.clear();
        let (mut bytes, mut article) = (self.bytes.as_slice(), 0);
        while let Some(more) = varint::take(&mut bytes) {
            article += more;
            out.push(article);
        }
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

    /// Whether it is time to write it and begin another.
    pub fn is_full(&self) -> bool {
        self.known.len() >= BATCH || self.texts.len() * 4 >= BATCH_BYTES
    }

    /// Adds an article; none that is newer was added before.
    pub fn add(&mut self, article: &Article) {
        let number = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let mut words = 0;
        for (index, field) in article.folded.text.split(FIELD_END).enumerate() {
            if index > 0 {
                varint::put(FIELD, &mut self.texts);
            }
            let running = self.field(field, number);
            match index {
                0 => self.others(Space::Title, field, number),
                1 => self.others(Space::Author, field, number),
                2 => words = running,
                _ => self.others(Space::Tag, field, number),
            }
        }
        self.others(Space::Url, &article.folded.url, number);
        self.facts(article, number);
        let Article { id, published, .. } = *article;
        let arrived = u32::try_from(article.arrived.max(0)).unwrap_or(u32::MAX);
        self.known.push((Known { id: id.0, published, words, arrived }, self.texts.len()));
    }

    /// The words of a field of folded text. Gives how many there are, joined forms not counted.
    fn field(&mut self, field: &str, article: u32) -> u32 {
        let (mut before, mut words, mut joined) = (None, 0, 0);
        for word in field.split(' ').filter(|word| !word.is_empty()) {
            if word == "\n" {
                varint::put(BREAK, &mut self.texts);
                (before, joined) = (None, 1);
                continue;
            }
            words += 1 - joined;
            let word = self.word(word);
            self.lists[word as usize].add(article);
            varint::put(word + FIRST, &mut self.texts);
            let pairing = self.pairing[word as usize];
            if let Some((before, kind)) = before.replace((word, pairing))
                && kind == pairing
                && pairing != Pairing::Never
            {
                self.pairs.entry((before, word)).or_default().add(article);
            }
        }
        words
    }

    fn word(&mut self, word: &str) -> u32 {
        let word = kept(word);
        if let Some(known) = self.words.get(word) {
            return *known;
        }
        let number = u32::try_from(self.lists.len()).unwrap_or(u32::MAX);
        self.words.insert(word.into(), number);
        self.lists.push(List::default());
        self.pairing.push(pairing(word));
        number
    }

    fn others(&mut self, space: Space, folded: &str, article: u32) {
        for word in folded.split(' ').filter(|word| !word.is_empty() && *word != "\n") {
            self.other(space, kept(word), article);
        }
    }

    fn other(&mut self, space: Space, word: &str, article: u32) {
        self.others.entry(key(space, word)).or_default().add(article);
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
        let mut words: Vec<(&str, u32)> =
            self.words.iter().map(|(word, number)| (&**word, *number)).collect();
        words.sort_unstable();
        let mut ordinals = vec![0; words.len()];
        let mut list = Vec::new();
        for (word, number) in &words {
            self.lists[*number as usize].read(&mut list);
            ordinals[*number as usize] = writer.term(&key(Space::Word, word), &list)?;
        }
        let mut names = vec![""; words.len()];
        for (word, number) in &words {
            names[*number as usize] = word;
        }
        let pair = |(first, second): &(u32, u32)| {
            key(Space::Pair, &format!("{} {}", names[*first as usize], names[*second as usize]))
        };
        let pairs = self.pairs.iter().map(|(words, list)| (pair(words), list));
        let mut others: Vec<(Vec<u8>, &List)> =
            pairs.chain(self.others.iter().map(|(key, list)| (key.clone(), list))).collect();
        others.sort_unstable_by(|one, other| one.0.cmp(&other.0));
        for (key, entries) in &others {
            entries.read(&mut list);
            writer.term(key, &list)?;
        }
        drop(others);
        let mut texts = writer.texts()?;
        let mut from = 0;
        for (known, end) in &self.known {
            let mut text = &self.texts[from..*end];
            let numbers: Vec<u32> = std::iter::from_fn(|| varint::take(&mut text)).collect();
            let token = |number: u32| match number.checked_sub(FIRST) {
                Some(word) => texts.token(ordinals[word as usize]),
                None => number,
            };
            let tokens: Vec<u32> = numbers.into_iter().map(token).collect();
            texts.text(*known, tokens.into_iter())?;
            from = *end;
        }
        texts.finish()
    }
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
