//! Writing a segment: its keys in order, each with its list; then the texts as numbers; then what is known of each article.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use super::{
    key::{Pairing, Space},
    pairs,
    prefixes::{Heavy, Prefixes},
};
use crate::index::{Bits, IndexError, paged::PagedWriter, postings, varint};

/// Bytes of a line of the table: offset (6), length (4), count (4).
pub(in crate::index) const LINE: usize = 14;

/// Stands between two parts of a text that no phrase crosses.
pub(in crate::index) const BREAK: u32 = 0;

/// Stands between two fields.
pub(in crate::index) const FIELD: u32 = 1;

/// The first number that is a word; the most frequent has it.
pub(in crate::index) const FIRST: u32 = 2;

/// What is known of an article besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) struct Known {
    pub(in crate::index) id: i64,
    pub(in crate::index) published: i64,
    pub(in crate::index) words: u32,
    /// When it came in, in seconds since 1970.
    pub(in crate::index) arrived: u32,
}

/// A segment being written, in a folder of its own that has its name only when it is whole.
pub(in crate::index) struct SegmentWriter {
    folder: PathBuf,
    articles: u32,
    keys: fst::MapBuilder<PagedWriter>,
    ordinals: u32,
    table: PagedWriter,
    postings: PagedWriter,
    bytes: Vec<u8>,
    prefixes: Prefixes,
    /// In how many articles each word is.
    counts: Vec<u32>,
    common: Common,
}

/// The words that are common.
struct Common {
    /// In how many articles such a word is, at the least.
    least: u32,
    /// Their ordinals, and which pairs of them are in the dictionary.
    found: Vec<(u32, Pairing)>,
}

impl Common {
    /// A word is common that is in so many articles and in one of 64. In a segment of few articles none is.
    fn of(articles: u32, least: u32) -> Common {
        let least = if articles / 16 < least { u32::MAX } else { least.max(articles / 64) };
        Common { least, found: Vec::new() }
    }

    /// Which pairs of each are in the dictionary, by rank.
    fn ranked(&self, ranks: &[u32]) -> Vec<Pairing> {
        let ranked = self.found.iter().map(|(ordinal, pairing)| (ranks[*ordinal as usize], *pairing));
        let mut ranked: Vec<(u32, Pairing)> = ranked.collect();
        ranked.sort_unstable_by_key(|(rank, _)| *rank);
        ranked.truncate(pairs::MOST);
        ranked.into_iter().map(|(_, pairing)| pairing).collect()
    }
}

impl SegmentWriter {
    /// A segment of so many articles, to be in `folder`; what is left there of an earlier attempt goes. A word is common
    /// if it is in `common` articles.
    pub(in crate::index) fn create(
        folder: &Path,
        articles: u32,
        common: u32,
    ) -> Result<SegmentWriter, IndexError> {
        let part = folder.with_extension("part");
        let create = || -> Result<SegmentWriter, fst::Error> {
            if part.exists() {
                fs::remove_dir_all(&part)?;
            }
            fs::create_dir_all(&part)?;
            let file = |name: &str| PagedWriter::create(&part.join(name));
            Ok(SegmentWriter {
                folder: folder.to_owned(),
                articles,
                keys: fst::MapBuilder::new(file("keys")?)?,
                ordinals: 0,
                table: file("table")?,
                postings: file("postings")?,
                bytes: Vec::new(),
                prefixes: Prefixes::new(articles),
                counts: Vec::new(),
                common: Common::of(articles, common),
            })
        };
        create().map_err(|error| unwritable(folder, &error))
    }

    /// Adds a key, which is behind all before it, and the articles that have it, rising. Gives its ordinal.
    pub(in crate::index) fn term(&mut self, key: &[u8], list: &[u32]) -> Result<u32, IndexError> {
        let ordinal = self.ordinals;
        self.ordinals += 1;
        let mut write = || -> Result<(), fst::Error> {
            self.keys.insert(key, u64::from(ordinal))?;
            for heavy in self.prefixes.term(key, list) {
                write_heavy(&mut self.prefixes, &mut self.postings, &heavy)?;
            }
            let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
            if let [article] = list {
                return Ok(write_line(&mut self.table, u64::from(*article), 0, count)?);
            }
            self.bytes.clear();
            postings::encode(list, self.articles, &mut self.bytes);
            let at = self.postings.position();
            self.postings.write_all(&self.bytes)?;
            Ok(write_line(&mut self.table, at, self.bytes.len(), count)?)
        };
        write().map_err(|error| unwritable(&self.folder, &error))?;
        if key.first() == Some(&(Space::Word as u8)) {
            let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
            self.counts.push(count);
            if count >= self.common.least {
                let word = std::str::from_utf8(&key[1..]).unwrap_or_default();
                self.common.found.push((ordinal, Pairing::of(word)));
            }
        }
        Ok(ordinal)
    }

    /// Ends the keys: what follows are the texts.
    pub(in crate::index) fn texts(mut self) -> Result<TextWriter, IndexError> {
        let folder = self.folder.clone();
        let part = folder.with_extension("part");
        let ranks = ranked(&self.counts);
        let write = || -> Result<TextWriter, fst::Error> {
            for heavy in self.prefixes.end() {
                write_heavy(&mut self.prefixes, &mut self.postings, &heavy)?;
            }
            self.keys.into_inner()?.finish()?;
            self.table.finish()?;
            self.postings.finish()?;
            let mut heavy = PagedWriter::create(&part.join("heavy"))?;
            heavy.write_all(&self.prefixes.written())?;
            heavy.finish()?;
            write_ranks(&part.join("ranks"), &ranks)?;
            let tokens = PagedWriter::create(&part.join("tokens"))?;
            let starts = PagedWriter::create(&part.join("starts"))?;
            let common = self.common.ranked(&ranks);
            Ok(TextWriter { folder: self.folder, ranks, common, tokens, starts, bytes: Vec::new() })
        };
        write().map_err(|error| unwritable(&folder, &error))
    }
}

/// The second half of writing a segment.
pub(in crate::index) struct TextWriter {
    folder: PathBuf,
    /// The rank of each word, by its ordinal.
    ranks: Vec<u32>,
    /// Which pairs of the common words, which have the first ranks, are in the dictionary.
    common: Vec<Pairing>,
    tokens: PagedWriter,
    starts: PagedWriter,
    bytes: Vec<u8>,
}

impl TextWriter {
    /// The number of the word with this ordinal in texts.
    pub(in crate::index) fn token(&self, ordinal: u32) -> u32 {
        self.ranks.get(ordinal as usize).map_or(BREAK, |rank| rank + FIRST)
    }

    /// Adds the text of the next article, as the numbers of its words.
    pub(in crate::index) fn text(&mut self, tokens: impl Iterator<Item = u32>) -> Result<(), IndexError> {
        self.bytes.clear();
        for token in tokens {
            varint::put(token, &mut self.bytes);
        }
        let at = self.tokens.position();
        let done = self.starts.write_all(&at.to_le_bytes()).and_then(|()| self.tokens.write_all(&self.bytes));
        done.map_err(|error| unwritable(&self.folder, &error.into()))
    }

    /// Ends the segment with what is known of its articles: from now on it has its name. If `go_on`, which is asked now
    /// and then, says no, it never has, and the answer is `false`.
    pub(in crate::index) fn finish(
        mut self,
        known: &(impl Iterator<Item = Known> + Clone),
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<bool, IndexError> {
        let part = self.folder.with_extension("part");
        let folder = self.folder.clone();
        let write = || -> io::Result<()> {
            self.starts.write_all(&self.tokens.position().to_le_bytes())?;
            self.starts.finish()?;
            self.tokens.finish()
        };
        write().map_err(|error| unwritable(&folder, &error.into()))?;
        if !pairs::write(&part, &self.common, go_on)? {
            return Ok(false);
        }
        let write = || -> io::Result<()> {
            let mut articles = PagedWriter::create(&part.join("articles"))?;
            known.clone().try_for_each(|known| articles.write_all(&known.id.to_le_bytes()))?;
            known.clone().try_for_each(|known| articles.write_all(&known.published.to_le_bytes()))?;
            articles.finish()?;
            let mut facts = PagedWriter::create(&part.join("facts"))?;
            known.clone().try_for_each(|known| facts.write_all(&known.words.to_le_bytes()))?;
            known.clone().try_for_each(|known| facts.write_all(&known.arrived.to_le_bytes()))?;
            facts.finish()?;
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
            fs::rename(&part, &folder)?;
            sync_folder(folder.parent())
        };
        write().map(|()| true).map_err(|error| unwritable(&folder, &error.into()))
    }
}

/// A rename is on the disk only when its folder is.
fn sync_folder(folder: Option<&Path>) -> io::Result<()> {
    match folder {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// The ranks of words by their counts, the most frequent first.
fn ranked(counts: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(counts.len()).unwrap_or(u32::MAX)).collect();
    order.sort_unstable_by_key(|ordinal| (std::cmp::Reverse(counts[*ordinal as usize]), *ordinal));
    let mut ranks = vec![0; counts.len()];
    order.iter().zip(0..).for_each(|(ordinal, rank)| ranks[*ordinal as usize] = rank);
    ranks
}

/// The rank of each word by its ordinal, then the ordinal of each by its rank.
fn write_ranks(path: &Path, ranks: &[u32]) -> io::Result<()> {
    let mut file = PagedWriter::create(path)?;
    let mut ordinals = vec![0_u32; ranks.len()];
    for (rank, ordinal) in ranks.iter().zip(0..) {
        ordinals[*rank as usize] = ordinal;
        file.write_all(&rank.to_le_bytes())?;
    }
    ordinals.iter().try_for_each(|ordinal| file.write_all(&ordinal.to_le_bytes()))?;
    file.finish()
}

fn write_line(table: &mut PagedWriter, at: u64, len: usize, count: u32) -> io::Result<()> {
    let mut line = [0; LINE];
    line[..6].copy_from_slice(&at.to_le_bytes()[..6]);
    let len = u32::try_from(len).map_err(|_| io::ErrorKind::FileTooLarge)?;
    line[6..10].copy_from_slice(&len.to_le_bytes());
    line[10..].copy_from_slice(&count.to_le_bytes());
    table.write_all(&line)
}

fn write_heavy(
    prefixes: &mut Prefixes,
    postings: &mut PagedWriter,
    heavy: &(Vec<u8>, Bits),
) -> io::Result<()> {
    let (prefix, bits) = heavy;
    let mut bytes = Vec::new();
    let count = postings::encode_bits(bits, &mut bytes);
    let len = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    let at = postings.position();
    prefixes.note(Heavy { prefix: prefix.clone(), at, len, count });
    postings.write_all(&bytes)
}

pub(super) fn unwritable(folder: &Path, error: &fst::Error) -> IndexError {
    IndexError::Unreadable { name: folder.display().to_string(), reason: error.to_string() }
}
