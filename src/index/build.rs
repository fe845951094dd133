//! Articles → a segment, in memory: a batch at a time, so that memory is bounded whatever the library holds.

use std::path::Path;

use memchr::memchr_iter;

use super::{
    EDITED, IndexError,
    lists::Sorted,
    medium,
    others::Others,
    segment::{
        BREAK, FIELD, FIRST, Known, SegmentWriter,
        key::{self, Pairing, Space, key},
    },
    varint,
    words::{Word, Words},
};
use crate::{
    model::{EntryId, FeedId},
    query::{About, FIELD_END, Folded},
    text::boundary,
};

/// Articles of one segment at the most, when it is new.
pub const BATCH: usize = 16 * 1024;

/// Articles that a word is in, at the least, if it is common in a segment: one in 64 are necessary, too. Which common
/// words stand side by side is noted; looking at fewer texts is quick enough.
pub const COMMON: u32 = 1024;

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
    words: Words,
    others: Others,
    texts: Numbers,
    known: Vec<Known>,
}

/// Texts as numbers, one per word as they were first met, besides [`BREAK`] and [`FIELD`].
#[derive(Default)]
struct Numbers {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
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
                varint::put(FIELD, &mut self.texts.bytes);
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
        self.known.push(Known { id: id.0, published, words, arrived });
        self.texts.ends.push(self.texts.bytes.len());
    }

    /// The words of a field of folded text, which are in a space of their own, too. Gives how many there are, joined
    /// forms not counted.
    fn field(&mut self, field: &str, space: Option<Space>, article: u32) -> u32 {
        let (mut before, mut words, mut joined) = (None, 0, 0);
        for word in each(field) {
            if word == "\n" {
                varint::put(BREAK, &mut self.texts.bytes);
                (before, joined) = (None, 1);
                continue;
            }
            words += 1 - joined;
            let Word { number, pairing } = self.words.get(kept(word));
            varint::put(number + FIRST, &mut self.texts.bytes);
            if let Some(space) = space {
                self.others.add(space, number, None, article);
            }
            if let Some((before, kind)) = before.replace((number, pairing))
                && kind == pairing
                && pairing != Pairing::Never
            {
                self.others.add(Space::Pair, before, Some(number), article);
            }
        }
        words
    }

    fn other(&mut self, space: Space, word: &str, article: u32) {
        let word = self.words.get(kept(word)).number;
        self.others.add(space, word, None, article);
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

    /// Writes the segment to `folder`; a word is [common](COMMON) if it is in `common` articles.
    pub fn write(self, folder: &Path, common: u32) -> Result<(), IndexError> {
        let articles = u32::try_from(self.known.len()).unwrap_or(u32::MAX);
        let mut writer = SegmentWriter::create(folder, articles, common)?;
        let lists =
            Sorted::of_texts(self.words.len(), self.texts.iter().map(|text| text.filter_map(of_word)));
        let mut tokens = vec![0; self.words.len()];
        let words = self.words.sorted();
        let mut written = key(Space::Word, "");
        for (word, number) in words.iter() {
            let list = lists.of(number);
            // What is no word of a text is one of another space.
            if !list.is_empty() {
                written.truncate(1);
                written.extend_from_slice(word);
                tokens[number as usize] = writer.term(&written, list)?;
            }
        }
        drop(lists);
        self.others.write(&words, &words.places(), &mut writer)?;
        drop(words);
        let mut texts = writer.texts()?;
        for token in &mut tokens {
            *token = texts.token(*token);
        }
        for text in self.texts.iter() {
            texts.text(text.map(|number| of_word(number).map_or(number, |word| tokens[word as usize])))?;
        }
        texts.finish(&self.known.iter().copied(), &mut || true).map(drop)
    }
}

impl Numbers {
    /// The numbers that each is made of.
    fn iter(&self) -> impl Iterator<Item = impl Iterator<Item = u32>> + Clone {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, end)| {
            let mut text = &self.bytes[start..*end];
            std::iter::from_fn(move || varint::take(&mut text))
        })
    }
}

/// The word that a number of a text is, if it is one.
fn of_word(number: u32) -> Option<u32> {
    number.checked_sub(FIRST)
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
