//! Reading a segment: the lists of words and of beginnings, the texts, the dates.

use std::{ops::Range, path::Path, sync::OnceLock};

use super::{
    key::{Space, behind, key},
    pairs::Pairs,
    prefixes::{Heavy, noted},
    write::{FIRST, LINE},
};
use crate::{
    index::{
        Bits, IndexError,
        paged::Paged,
        postings::{each, or_into},
    },
    model::EntryId,
};

/// Bytes that are read ahead where all of a file is wanted in order.
const AHEAD: usize = 256 * 1024;

/// The files of a segment.
const FILES: [&str; 10] =
    ["keys", "table", "postings", "heavy", "ranks", "tokens", "starts", "pairs", "articles", "facts"];

/// Some articles in the order of their dates, and where each word is.
#[derive(Debug)]
pub struct Segment {
    keys: fst::Map<Vec<u8>>,
    table: Paged,
    postings: Paged,
    heavy: Vec<Heavy>,
    ranks: Paged,
    words: u32,
    tokens: Paged,
    starts: Paged,
    all_starts: OnceLock<Vec<u64>>,
    pairs: Pairs,
    facts: Paged,
    ids: Vec<i64>,
    published: Vec<i64>,
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) struct Term {
    at: u64,
    len: u32,
    /// In how many articles it is.
    pub(in crate::index) count: u32,
}

/// The numbers in one half of a file: each article has one there.
fn half(file: &Paged, which: u64) -> Result<Vec<i64>, IndexError> {
    let len = file.len() / 16 * 8;
    let mut bytes = Vec::new();
    file.read(which * len, usize::try_from(len).map_err(|_| file.broken())?, &mut bytes)?;
    Ok(bytes.as_chunks().0.iter().map(|number| i64::from_le_bytes(*number)).collect())
}

impl Segment {
    /// Opens the segment in `folder`.
    pub fn open(folder: &Path) -> Result<Segment, IndexError> {
        let file = |name: &str| Paged::open(&folder.join(name));
        let (keys, heavy, articles, ranks) =
            (file("keys")?, file("heavy")?, file("articles")?, file("ranks")?);
        let (ids, published) = (half(&articles, 0)?, half(&articles, 1)?);
        let words = u32::try_from(ranks.len() / 8).map_err(|_| ranks.broken())?;
        let noted = noted(&heavy.read_all()?).ok_or_else(|| heavy.broken())?;
        Ok(Segment {
            keys: fst::Map::new(keys.read_all()?).map_err(|_| keys.broken())?,
            table: file("table")?,
            postings: file("postings")?,
            heavy: noted,
            ranks,
            words,
            tokens: file("tokens")?,
            starts: file("starts")?,
            all_starts: OnceLock::new(),
            pairs: Pairs::open(file("pairs")?)?,
            facts: file("facts")?,
            ids,
            published,
        })
    }

    /// Reads every byte of the segment in `folder` and compares the checksums.
    pub fn verify(folder: &Path) -> Result<(), IndexError> {
        for name in FILES {
            let file = Paged::open(&folder.join(name))?;
            let mut stream = Stream::new(&file);
            let mut at = 0;
            while at < file.len() {
                let len = usize::try_from(file.len() - at).unwrap_or(AHEAD).min(AHEAD);
                stream.read(at, len, u64::MAX)?;
                at += len as u64;
            }
        }
        Ok(())
    }

    /// The entries of the segment in `folder`, the oldest first, without opening the rest of it.
    pub fn read_ids(folder: &Path) -> Result<Vec<i64>, IndexError> {
        half(&Paged::open(&folder.join("articles"))?, 0)
    }

    /// How many articles there are, deleted ones included.
    pub fn articles(&self) -> u32 {
        u32::try_from(self.ids.len()).unwrap_or(u32::MAX)
    }

    /// The entry that an article is.
    pub fn id(&self, article: u32) -> EntryId {
        EntryId(self.ids[article as usize])
    }

    /// The entries, the oldest first.
    pub fn ids(&self) -> &[i64] {
        &self.ids
    }

    /// When an article was published, in seconds since 1970.
    pub fn published(&self, article: u32) -> i64 {
        self.published[article as usize]
    }

    /// The first article that was published at `seconds` or later.
    pub fn first_since(&self, seconds: i64) -> u32 {
        u32::try_from(self.published.partition_point(|published| *published < seconds)).unwrap_or(u32::MAX)
    }

    /// The first article behind `rank`, a date and an entry; the first of all where there is none.
    pub fn first_behind(&self, rank: Option<(i64, EntryId)>) -> u32 {
        let Some(rank) = rank else { return 0 };
        let (mut low, mut high) = (0, self.articles());
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.published(middle), self.id(middle)) <= rank { low = middle + 1 } else { high = middle }
        }
        low
    }

    /// Bytes of memory that it takes while it is open.
    pub fn memory(&self) -> usize {
        self.always_in_memory() + self.all_starts.get().map_or(0, |starts| starts.len() * 8)
    }

    fn always_in_memory(&self) -> usize {
        self.keys.as_fst().size() + self.ids.len() * 16 + self.heavy.len() * 64
    }

    /// Bytes on the disk.
    pub fn size(&self) -> u64 {
        let files = [&self.table, &self.postings, &self.ranks, &self.tokens, &self.starts, &self.facts];
        files.iter().map(|file| file.len()).sum::<u64>() + self.always_in_memory() as u64 + self.pairs.size()
    }

    /// The ordinal of a word.
    pub(in crate::index) fn ordinal(&self, space: Space, word: &str) -> Option<u32> {
        self.keys.get(key(space, word)).and_then(|ordinal| u32::try_from(ordinal).ok())
    }

    /// The ordinals of all words that begin with `prefix`.
    pub(in crate::index) fn range(&self, space: Space, prefix: &str) -> Range<u32> {
        use fst::{IntoStreamer, Streamer};
        let all = u32::try_from(self.keys.len()).unwrap_or(u32::MAX);
        let first = |key: Option<Vec<u8>>| {
            let next = key
                .and_then(|key| self.keys.range().ge(key).into_stream().next().map(|(_, ordinal)| ordinal));
            next.and_then(|ordinal| u32::try_from(ordinal).ok()).unwrap_or(all)
        };
        let prefix = key(space, prefix);
        let end = behind(&prefix);
        first(Some(prefix))..first(end)
    }

    /// The dictionary.
    pub(in crate::index) fn keys(&self) -> &fst::Map<Vec<u8>> {
        &self.keys
    }

    /// How many words of texts there are: their ordinals are the first.
    pub(in crate::index) fn words(&self) -> u32 {
        self.words
    }

    /// Adds the articles that have a word to `bits`.
    pub(in crate::index) fn add_word(
        &self,
        space: Space,
        word: &str,
        bits: &mut Bits,
    ) -> Result<(), IndexError> {
        match self.ordinal(space, word) {
            Some(ordinal) => self.add_range(ordinal..ordinal + 1, bits),
            None => Ok(()),
        }
    }

    /// Adds the articles that have a word which begins with `prefix`.
    pub(in crate::index) fn add_prefix(
        &self,
        space: Space,
        prefix: &str,
        bits: &mut Bits,
    ) -> Result<(), IndexError> {
        let wanted = key(space, prefix);
        if let Some(heavy) = self.heavy.iter().find(|heavy| heavy.prefix == wanted) {
            let term = Term { at: heavy.at, len: heavy.len, count: heavy.count };
            let mut bytes = Vec::new();
            self.postings.read(term.at, term.len as usize, &mut bytes)?;
            return or_into(&mut bytes.as_slice(), term.count, bits).ok_or_else(|| self.postings.broken());
        }
        self.add_range(self.range(space, prefix), bits)
    }

    /// Adds the articles of neighbouring ordinals: their lists are neighbours, too.
    pub(in crate::index) fn add_range(
        &self,
        ordinals: Range<u32>,
        bits: &mut Bits,
    ) -> Result<(), IndexError> {
        let mut lines = Vec::new();
        let mut postings = Stream::new(&self.postings);
        for start in ordinals.clone().step_by(AHEAD / LINE) {
            let end = ordinals.end.min(start.saturating_add(u32::try_from(AHEAD / LINE).unwrap_or(u32::MAX)));
            let bytes = (end - start) as usize * LINE;
            self.table.read(u64::from(start) * LINE as u64, bytes, &mut lines)?;
            let terms: Vec<Term> = lines.chunks_exact(LINE).map(Term::of).collect();
            let last = terms.iter().rev().find(|term| term.len > 0);
            let until = last.map_or(0, |last| last.at + u64::from(last.len));
            for term in &terms {
                if let Some(article) = term.single() {
                    bits.put(article, true);
                    continue;
                }
                let mut bytes = postings.read(term.at, term.len as usize, until)?;
                or_into(&mut bytes, term.count, bits).ok_or_else(|| self.postings.broken())?;
            }
        }
        Ok(())
    }

    /// In how many articles the word with this ordinal is.
    pub(in crate::index) fn count(&self, ordinal: u32) -> Result<u32, IndexError> {
        let mut line = Vec::new();
        self.table.read(u64::from(ordinal) * LINE as u64, LINE, &mut line)?;
        Ok(Term::of(&line).count)
    }

    /// The number in texts of the word with this ordinal.
    pub(in crate::index) fn token(&self, ordinal: u32) -> Result<u32, IndexError> {
        Ok(self.rank_file(u64::from(ordinal))? + FIRST)
    }

    /// The numbers in texts of the words with these ordinals.
    pub(in crate::index) fn tokens(
        &self,
        ordinals: Range<u32>,
    ) -> Result<impl Iterator<Item = u32>, IndexError> {
        let ordinals = ordinals.start..ordinals.end.min(self.words);
        let mut bytes = Vec::new();
        self.ranks.read(u64::from(ordinals.start) * 4, ordinals.len() * 4, &mut bytes)?;
        let ranks: Vec<u32> = bytes.as_chunks().0.iter().map(|rank| u32::from_le_bytes(*rank)).collect();
        Ok(ranks.into_iter().map(|rank| rank + FIRST))
    }

    /// Adds the articles in which two words that are common stand side by side; tells whether both are.
    pub(in crate::index) fn add_neighbours(
        &self,
        first: &str,
        second: &str,
        bits: &mut Bits,
    ) -> Result<bool, IndexError> {
        let rank = |word| {
            self.ordinal(Space::Word, word).map(|ordinal| self.rank_file(u64::from(ordinal))).transpose()
        };
        let (Some(first), Some(second)) = (rank(first)?, rank(second)?) else { return Ok(false) };
        let common = self.pairs.is_common(first) && self.pairs.is_common(second);
        if common {
            self.pairs.add(first, second, bits)?;
        }
        Ok(common)
    }

    fn rank_file(&self, index: u64) -> Result<u32, IndexError> {
        let mut bytes = Vec::with_capacity(4);
        self.ranks.read(index * 4, 4, &mut bytes)?;
        Ok(u32::from_le_bytes(bytes.as_slice().try_into().expect("four bytes were read")))
    }

    /// The ordinals of all words by their numbers in texts, from [`FIRST`] on.
    pub(in crate::index) fn ordinals(&self) -> Result<Vec<u32>, IndexError> {
        let mut bytes = Vec::new();
        self.ranks.read(u64::from(self.words) * 4, self.words as usize * 4, &mut bytes)?;
        Ok(bytes.as_chunks().0.iter().map(|ordinal| u32::from_le_bytes(*ordinal)).collect())
    }

    /// Where the texts of `articles` begin, and where the last one ends.
    pub(in crate::index) fn starts(&self, articles: Range<u32>) -> Result<Vec<u64>, IndexError> {
        let mut bytes = Vec::new();
        self.starts.read(u64::from(articles.start) * 8, (articles.len() + 1) * 8, &mut bytes)?;
        Ok(bytes.as_chunks().0.iter().map(|start| u64::from_le_bytes(*start)).collect())
    }

    /// The same of all articles; kept from then on.
    pub(in crate::index) fn all_starts(&self) -> Result<&[u64], IndexError> {
        if let Some(starts) = self.all_starts.get() {
            return Ok(starts);
        }
        let starts = self.starts(0..self.articles())?;
        Ok(self.all_starts.get_or_init(|| starts))
    }

    /// Puts the texts between two starts into `bytes`.
    pub(in crate::index) fn texts(&self, from: u64, to: u64, bytes: &mut Vec<u8>) -> Result<(), IndexError> {
        let len = to.checked_sub(from).and_then(|len| usize::try_from(len).ok());
        self.tokens.read(from, len.ok_or_else(|| self.starts.broken())?, bytes)
    }

    /// How many words the text of each article has.
    pub(in crate::index) fn word_counts(&self) -> Result<Vec<u32>, IndexError> {
        self.column(0)
    }

    /// When each article came in, in seconds since 1970.
    pub(in crate::index) fn arrivals(&self) -> Result<Vec<u32>, IndexError> {
        self.column(1)
    }

    fn column(&self, index: usize) -> Result<Vec<u32>, IndexError> {
        let (mut bytes, len) = (Vec::new(), self.ids.len() * 4);
        self.facts.read((index * len) as u64, len, &mut bytes)?;
        Ok(bytes.as_chunks().0.iter().map(|count| u32::from_le_bytes(*count)).collect())
    }

    /// The table, to be read in order.
    pub(in crate::index) fn table(&self) -> Stream<'_> {
        Stream::new(&self.table)
    }

    /// The lists, to be read in order.
    pub(in crate::index) fn lists(&self) -> Stream<'_> {
        Stream::new(&self.postings)
    }

    /// The texts, to be read in order.
    pub(in crate::index) fn all_texts(&self) -> Stream<'_> {
        Stream::new(&self.tokens)
    }
}

impl Term {
    /// The term that a line tells.
    fn of(line: &[u8]) -> Term {
        let number = |range: Range<usize>| {
            let mut bytes = [0; 8];
            bytes[..range.len()].copy_from_slice(&line[range]);
            u64::from_le_bytes(bytes)
        };
        let short = |range| u32::try_from(number(range)).unwrap_or(u32::MAX);
        Term { at: number(0..6), len: short(6..10), count: short(10..LINE) }
    }

    /// Its article, if it has only one.
    fn single(&self) -> Option<u32> {
        if self.len == 0 { u32::try_from(self.at).ok() } else { None }
    }

    /// The term of an ordinal in a table that is read in order.
    pub(in crate::index) fn read(ordinal: u32, table: &mut Stream<'_>) -> Result<Term, IndexError> {
        table.read(u64::from(ordinal) * LINE as u64, LINE, u64::MAX).map(Term::of)
    }

    /// Calls `take` with each of its articles, of a segment of so many.
    pub(in crate::index) fn each(
        &self,
        lists: &mut Stream<'_>,
        articles: u32,
        mut take: impl FnMut(u32),
    ) -> Result<(), IndexError> {
        if let Some(article) = self.single() {
            take(article);
            return Ok(());
        }
        let mut list = lists.read(self.at, self.len as usize, u64::MAX)?;
        let done = each(&mut list, self.count, articles, take);
        done.ok_or_else(|| lists.file.broken())
    }
}

/// A file that is read more or less in order: a good piece at a time.
pub(in crate::index) struct Stream<'f> {
    file: &'f Paged,
    at: u64,
    bytes: Vec<u8>,
}

impl<'f> Stream<'f> {
    pub(super) fn new(file: &'f Paged) -> Stream<'f> {
        Stream { file, at: 0, bytes: Vec::new() }
    }

    /// The `len` bytes at `at`; nothing beyond `until` is worth reading ahead.
    pub(in crate::index) fn read(&mut self, at: u64, len: usize, until: u64) -> Result<&[u8], IndexError> {
        let within = at.checked_sub(self.at).and_then(|skip| usize::try_from(skip).ok());
        let skip = match within {
            Some(skip) if skip.saturating_add(len) <= self.bytes.len() => skip,
            _ => {
                let rest = self.file.len().min(until).saturating_sub(at);
                let ahead = usize::try_from(rest).unwrap_or(AHEAD).min(AHEAD).max(len);
                self.file.read(at, ahead, &mut self.bytes)?;
                self.at = at;
                0
            }
        };
        Ok(&self.bytes[skip..skip + len])
    }
}
