//! Writing a segment: its keys in order, each with its list; then the texts as numbers; then what is known of each article.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use super::{
    common_bigrams,
    prefix_cache::{CachedPrefix, PrefixCacheBuilder},
    term_key::{BigramClass, TermField},
};
use crate::index::{BitSet, IndexError, checked_file::CheckedFileWriter, postings, varint};

/// Bytes of a line of the table: offset (6), length (4), count (4).
pub(in crate::index) const TERM_INFO_BYTES: usize = 14;

/// Stands between two parts of a text that no phrase crosses.
pub(in crate::index) const PHRASE_BREAK: u32 = 0;

/// Stands between two fields.
pub(in crate::index) const FIELD_BREAK: u32 = 1;

/// The first number that is a word; the most frequent has it.
pub(in crate::index) const FIRST_TERM_ID: u32 = 2;

/// What is known of an article besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) struct DocValues {
    pub(in crate::index) entry_id: i64,
    pub(in crate::index) published: i64,
    pub(in crate::index) word_count: u32,
    /// When it came in, in seconds since 1970.
    pub(in crate::index) arrived: u32,
}

/// A segment being written, in a folder of its own that has its name only when it is whole.
pub(in crate::index) struct SegmentWriter {
    folder: PathBuf,
    max_doc: u32,
    term_dictionary: fst::MapBuilder<CheckedFileWriter>,
    next_ordinal: u32,
    term_infos: CheckedFileWriter,
    postings: CheckedFileWriter,
    buffer: Vec<u8>,
    prefix_cache: PrefixCacheBuilder,
    /// In how many articles each word is.
    doc_freqs: Vec<u32>,
    common_words: CommonWords,
}

/// The words that are common.
struct CommonWords {
    /// In how many articles such a word is, at the least.
    min_docs: u32,
    /// Their ordinals, and which pairs of them are in the dictionary.
    words: Vec<(u32, BigramClass)>,
}

impl CommonWords {
    /// A word is common that is in so many articles and in one of 64. In a segment of few articles none is.
    fn for_segment(articles: u32, least: u32) -> CommonWords {
        let least = if articles / 16 < least { u32::MAX } else { least.max(articles / 64) };
        CommonWords { min_docs: least, words: Vec::new() }
    }

    /// Which pairs of each are in the dictionary, by rank.
    fn classes_by_rank(&self, ranks: &[u32]) -> Vec<BigramClass> {
        let ranked =
            self.words.iter().map(|(ordinal, pairing)| (ranks[*ordinal as usize], *pairing));
        let mut ranked: Vec<(u32, BigramClass)> = ranked.collect();
        ranked.sort_unstable_by_key(|(rank, _)| *rank);
        ranked.truncate(common_bigrams::MAX_COMMON_WORDS);
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
            let file = |name: &str| CheckedFileWriter::create(&part.join(name));
            Ok(SegmentWriter {
                folder: folder.to_owned(),
                max_doc: articles,
                term_dictionary: fst::MapBuilder::new(file("keys")?)?,
                next_ordinal: 0,
                term_infos: file("table")?,
                postings: file("postings")?,
                buffer: Vec::new(),
                prefix_cache: PrefixCacheBuilder::new(articles),
                doc_freqs: Vec::new(),
                common_words: CommonWords::for_segment(articles, common),
            })
        };
        create().map_err(|error| write_error(folder, &error))
    }

    /// Adds a key, which is behind all before it, and the articles that have it, rising. Gives its ordinal.
    pub(in crate::index) fn write_term(
        &mut self,
        key: &[u8],
        list: &[u32],
    ) -> Result<u32, IndexError> {
        let ordinal = self.next_ordinal;
        self.next_ordinal += 1;
        let mut write = || -> Result<(), fst::Error> {
            self.term_dictionary.insert(key, u64::from(ordinal))?;
            for heavy in self.prefix_cache.add_term(key, list) {
                write_cached_prefix(&mut self.prefix_cache, &mut self.postings, &heavy)?;
            }
            let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
            if let [article] = list {
                return Ok(write_term_info(&mut self.term_infos, u64::from(*article), 0, count)?);
            }
            self.buffer.clear();
            postings::encode_postings(list, self.max_doc, &mut self.buffer);
            let at = self.postings.position();
            self.postings.write_all(&self.buffer)?;
            Ok(write_term_info(&mut self.term_infos, at, self.buffer.len(), count)?)
        };
        write().map_err(|error| write_error(&self.folder, &error))?;
        if key.first() == Some(&(TermField::Word as u8)) {
            let count = u32::try_from(list.len()).unwrap_or(u32::MAX);
            self.doc_freqs.push(count);
            if count >= self.common_words.min_docs {
                let word = std::str::from_utf8(&key[1..]).unwrap_or_default();
                self.common_words.words.push((ordinal, BigramClass::of_word(word)));
            }
        }
        Ok(ordinal)
    }

    /// Ends the keys: what follows are the texts.
    pub(in crate::index) fn finish_terms(mut self) -> Result<ForwardIndexWriter, IndexError> {
        let folder = self.folder.clone();
        let part = folder.with_extension("part");
        let ranks = rank_by_frequency(&self.doc_freqs);
        let write = || -> Result<ForwardIndexWriter, fst::Error> {
            for heavy in self.prefix_cache.finish() {
                write_cached_prefix(&mut self.prefix_cache, &mut self.postings, &heavy)?;
            }
            self.term_dictionary.into_inner()?.finish()?;
            self.term_infos.finish()?;
            self.postings.finish()?;
            let mut heavy = CheckedFileWriter::create(&part.join("heavy"))?;
            heavy.write_all(&self.prefix_cache.encode())?;
            heavy.finish()?;
            write_frequency_ranks(&part.join("ranks"), &ranks)?;
            let tokens = CheckedFileWriter::create(&part.join("tokens"))?;
            let starts = CheckedFileWriter::create(&part.join("starts"))?;
            let common = self.common_words.classes_by_rank(&ranks);
            Ok(ForwardIndexWriter {
                folder: self.folder,
                frequency_ranks: ranks,
                common_word_classes: common,
                forward_index: tokens,
                text_offsets: starts,
                buffer: Vec::new(),
            })
        };
        write().map_err(|error| write_error(&folder, &error))
    }
}

/// The second half of writing a segment.
pub(in crate::index) struct ForwardIndexWriter {
    folder: PathBuf,
    /// The rank of each word, by its ordinal.
    frequency_ranks: Vec<u32>,
    /// Which pairs of the common words, which have the first ranks, are in the dictionary.
    common_word_classes: Vec<BigramClass>,
    forward_index: CheckedFileWriter,
    text_offsets: CheckedFileWriter,
    buffer: Vec<u8>,
}

impl ForwardIndexWriter {
    /// The number of the word with this ordinal in texts.
    pub(in crate::index) fn term_id(&self, ordinal: u32) -> u32 {
        self.frequency_ranks.get(ordinal as usize).map_or(PHRASE_BREAK, |rank| rank + FIRST_TERM_ID)
    }

    /// Adds the text of the next article, as the numbers of its words.
    pub(in crate::index) fn write_text(
        &mut self,
        tokens: impl Iterator<Item = u32>,
    ) -> Result<(), IndexError> {
        self.buffer.clear();
        for token in tokens {
            varint::encode(token, &mut self.buffer);
        }
        let at = self.forward_index.position();
        let done = self
            .text_offsets
            .write_all(&at.to_le_bytes())
            .and_then(|()| self.forward_index.write_all(&self.buffer));
        done.map_err(|error| write_error(&self.folder, &error.into()))
    }

    /// Ends the segment with what is known of its articles: from now on it has its name. If `go_on`, which is asked now
    /// and then, says no, it never has, and the answer is `false`.
    pub(in crate::index) fn finish(
        mut self,
        known: &(impl Iterator<Item = DocValues> + Clone),
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<bool, IndexError> {
        let part = self.folder.with_extension("part");
        let folder = self.folder.clone();
        let write = || -> io::Result<()> {
            self.text_offsets.write_all(&self.forward_index.position().to_le_bytes())?;
            self.text_offsets.finish()?;
            self.forward_index.finish()
        };
        write().map_err(|error| write_error(&folder, &error.into()))?;
        if !common_bigrams::write_common_bigrams(&part, &self.common_word_classes, go_on)? {
            return Ok(false);
        }
        let write = || -> io::Result<()> {
            let mut articles = CheckedFileWriter::create(&part.join("articles"))?;
            known
                .clone()
                .try_for_each(|known| articles.write_all(&known.entry_id.to_le_bytes()))?;
            known
                .clone()
                .try_for_each(|known| articles.write_all(&known.published.to_le_bytes()))?;
            articles.finish()?;
            let mut facts = CheckedFileWriter::create(&part.join("facts"))?;
            known.clone().try_for_each(|known| facts.write_all(&known.word_count.to_le_bytes()))?;
            known.clone().try_for_each(|known| facts.write_all(&known.arrived.to_le_bytes()))?;
            facts.finish()?;
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
            fs::rename(&part, &folder)?;
            sync_folder(folder.parent())
        };
        write().map(|()| true).map_err(|error| write_error(&folder, &error.into()))
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
fn rank_by_frequency(counts: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(counts.len()).unwrap_or(u32::MAX)).collect();
    order.sort_unstable_by_key(|ordinal| (std::cmp::Reverse(counts[*ordinal as usize]), *ordinal));
    let mut ranks = vec![0; counts.len()];
    order.iter().zip(0..).for_each(|(ordinal, rank)| ranks[*ordinal as usize] = rank);
    ranks
}

/// The rank of each word by its ordinal, then the ordinal of each by its rank.
fn write_frequency_ranks(path: &Path, ranks: &[u32]) -> io::Result<()> {
    let mut file = CheckedFileWriter::create(path)?;
    let mut ordinals = vec![0_u32; ranks.len()];
    for (rank, ordinal) in ranks.iter().zip(0..) {
        ordinals[*rank as usize] = ordinal;
        file.write_all(&rank.to_le_bytes())?;
    }
    ordinals.iter().try_for_each(|ordinal| file.write_all(&ordinal.to_le_bytes()))?;
    file.finish()
}

fn write_term_info(
    table: &mut CheckedFileWriter,
    at: u64,
    len: usize,
    count: u32,
) -> io::Result<()> {
    let mut line = [0; TERM_INFO_BYTES];
    line[..6].copy_from_slice(&at.to_le_bytes()[..6]);
    let len = u32::try_from(len).map_err(|_| io::ErrorKind::FileTooLarge)?;
    line[6..10].copy_from_slice(&len.to_le_bytes());
    line[10..].copy_from_slice(&count.to_le_bytes());
    table.write_all(&line)
}

fn write_cached_prefix(
    prefixes: &mut PrefixCacheBuilder,
    postings: &mut CheckedFileWriter,
    heavy: &(Vec<u8>, BitSet),
) -> io::Result<()> {
    let (prefix, bits) = heavy;
    let mut bytes = Vec::new();
    let count = postings::encode_bitset(bits, &mut bytes);
    let len = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    let at = postings.position();
    prefixes.record(CachedPrefix { prefix: prefix.clone(), offset: at, len, doc_freq: count });
    postings.write_all(&bytes)
}

pub(super) fn write_error(folder: &Path, error: &fst::Error) -> IndexError {
    IndexError::Io { name: folder.display().to_string(), reason: error.to_string() }
}
