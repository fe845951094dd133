//! Reading a segment: the lists of words and of beginnings, the texts, the dates.

use std::{ops::Range, path::Path, sync::OnceLock};

use super::{
    common_bigrams::CommonBigrams,
    prefix_cache::{CachedPrefix, decode_cached_prefixes},
    term_key::{TermField, prefix_end, term_key},
    writer::{FIRST_TERM_ID, TERM_INFO_BYTES},
};
use crate::{
    index::{
        BitSet, IndexError,
        checked_file::CheckedFile,
        postings::{decode_into_bitset, decode_postings},
    },
    model::EntryId,
};

/// Bytes that are read ahead where all of a file is wanted in order.
const READ_AHEAD_BYTES: usize = 256 * 1024;

/// The files of a segment.
const SEGMENT_FILES: [&str; 10] = [
    "keys", "table", "postings", "heavy", "ranks", "tokens", "starts", "pairs", "articles", "facts",
];

/// Some articles in the order of their dates, and where each word is.
#[derive(Debug)]
pub struct Segment {
    term_dictionary: fst::Map<Vec<u8>>,
    term_infos: CheckedFile,
    postings: CheckedFile,
    cached_prefixes: Vec<CachedPrefix>,
    frequency_ranks: CheckedFile,
    num_words: u32,
    forward_index: CheckedFile,
    text_offsets: CheckedFile,
    all_text_offsets: OnceLock<Vec<u64>>,
    common_bigrams: CommonBigrams,
    doc_values: CheckedFile,
    entry_ids: Vec<i64>,
    published: Vec<i64>,
}

/// A line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) struct TermInfo {
    offset: u64,
    len: u32,
    /// In how many articles it is.
    pub(in crate::index) doc_freq: u32,
}

/// The numbers in one half of a file: each article has one there.
fn read_half(file: &CheckedFile, which: u64) -> Result<Vec<i64>, IndexError> {
    let len = file.len() / 16 * 8;
    let mut bytes = Vec::new();
    file.read_range(
        which * len,
        usize::try_from(len).map_err(|_| file.corrupt_error())?,
        &mut bytes,
    )?;
    Ok(bytes.as_chunks().0.iter().map(|number| i64::from_le_bytes(*number)).collect())
}

impl Segment {
    /// Opens the segment in `folder`.
    pub fn open(folder: &Path) -> Result<Segment, IndexError> {
        let file = |name: &str| CheckedFile::open(&folder.join(name));
        let (keys, heavy, articles, ranks) =
            (file("keys")?, file("heavy")?, file("articles")?, file("ranks")?);
        let (ids, published) = (read_half(&articles, 0)?, read_half(&articles, 1)?);
        let words = u32::try_from(ranks.len() / 8).map_err(|_| ranks.corrupt_error())?;
        let noted =
            decode_cached_prefixes(&heavy.read_all()?).ok_or_else(|| heavy.corrupt_error())?;
        Ok(Segment {
            term_dictionary: fst::Map::new(keys.read_all()?).map_err(|_| keys.corrupt_error())?,
            term_infos: file("table")?,
            postings: file("postings")?,
            cached_prefixes: noted,
            frequency_ranks: ranks,
            num_words: words,
            forward_index: file("tokens")?,
            text_offsets: file("starts")?,
            all_text_offsets: OnceLock::new(),
            common_bigrams: CommonBigrams::open(file("pairs")?)?,
            doc_values: file("facts")?,
            entry_ids: ids,
            published,
        })
    }

    /// Reads every byte of the segment in `folder` and compares the checksums.
    pub fn verify(folder: &Path) -> Result<(), IndexError> {
        for name in SEGMENT_FILES {
            let file = CheckedFile::open(&folder.join(name))?;
            let mut stream = SequentialReader::new(&file);
            let mut at = 0;
            while at < file.len() {
                let len = usize::try_from(file.len() - at)
                    .unwrap_or(READ_AHEAD_BYTES)
                    .min(READ_AHEAD_BYTES);
                stream.read(at, len, u64::MAX)?;
                at += len as u64;
            }
        }
        Ok(())
    }

    /// The entries of the segment in `folder`, the oldest first, without opening the rest of it.
    pub fn read_entry_ids(folder: &Path) -> Result<Vec<i64>, IndexError> {
        read_half(&CheckedFile::open(&folder.join("articles"))?, 0)
    }

    /// How many articles there are, deleted ones included.
    pub fn max_doc(&self) -> u32 {
        u32::try_from(self.entry_ids.len()).unwrap_or(u32::MAX)
    }

    /// The entry that an article is.
    pub fn entry_id(&self, article: u32) -> EntryId {
        EntryId(self.entry_ids[article as usize])
    }

    /// The entries, the oldest first.
    pub fn entry_ids(&self) -> &[i64] {
        &self.entry_ids
    }

    /// When an article was published, in seconds since 1970.
    pub fn published(&self, article: u32) -> i64 {
        self.published[article as usize]
    }

    /// The first article that was published at `seconds` or later.
    pub fn first_doc_since(&self, seconds: i64) -> u32 {
        u32::try_from(self.published.partition_point(|published| *published < seconds))
            .unwrap_or(u32::MAX)
    }

    /// The first article behind `rank`, a date and an entry; the first of all where there is none.
    pub fn first_doc_after(&self, rank: Option<(i64, EntryId)>) -> u32 {
        let Some(rank) = rank else { return 0 };
        let (mut low, mut high) = (0, self.max_doc());
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.published(middle), self.entry_id(middle)) <= rank {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Bytes of memory that it takes while it is open.
    pub fn memory_usage(&self) -> usize {
        self.resident_size() + self.all_text_offsets.get().map_or(0, |starts| starts.len() * 8)
    }

    fn resident_size(&self) -> usize {
        self.term_dictionary.as_fst().size()
            + self.entry_ids.len() * 16
            + self.cached_prefixes.len() * 64
    }

    /// Bytes on the disk.
    pub fn disk_size(&self) -> u64 {
        let files = [
            &self.term_infos,
            &self.postings,
            &self.frequency_ranks,
            &self.forward_index,
            &self.text_offsets,
            &self.doc_values,
        ];
        files.iter().map(|file| file.len()).sum::<u64>()
            + self.resident_size() as u64
            + self.common_bigrams.disk_size()
    }

    /// The ordinal of a word.
    pub(in crate::index) fn term_ordinal(&self, space: TermField, word: &str) -> Option<u32> {
        self.term_dictionary
            .get(term_key(space, word))
            .and_then(|ordinal| u32::try_from(ordinal).ok())
    }

    /// The ordinals of all words that begin with `prefix`.
    pub(in crate::index) fn ordinals_with_prefix(
        &self,
        space: TermField,
        prefix: &str,
    ) -> Range<u32> {
        use fst::{IntoStreamer, Streamer};
        let all = u32::try_from(self.term_dictionary.len()).unwrap_or(u32::MAX);
        let first = |key: Option<Vec<u8>>| {
            let next = key.and_then(|key| {
                self.term_dictionary
                    .range()
                    .ge(key)
                    .into_stream()
                    .next()
                    .map(|(_, ordinal)| ordinal)
            });
            next.and_then(|ordinal| u32::try_from(ordinal).ok()).unwrap_or(all)
        };
        let prefix = term_key(space, prefix);
        let end = prefix_end(&prefix);
        first(Some(prefix))..first(end)
    }

    /// The dictionary.
    pub(in crate::index) fn term_dictionary(&self) -> &fst::Map<Vec<u8>> {
        &self.term_dictionary
    }

    /// How many words of texts there are: their ordinals are the first.
    pub(in crate::index) fn num_words(&self) -> u32 {
        self.num_words
    }

    /// Adds the articles that have a word to `bits`.
    pub(in crate::index) fn add_term_docs(
        &self,
        space: TermField,
        word: &str,
        bits: &mut BitSet,
    ) -> Result<(), IndexError> {
        match self.term_ordinal(space, word) {
            Some(ordinal) => self.add_ordinal_docs(ordinal..ordinal + 1, bits),
            None => Ok(()),
        }
    }

    /// Adds the articles that have a word which begins with `prefix`.
    pub(in crate::index) fn add_prefix_docs(
        &self,
        space: TermField,
        prefix: &str,
        bits: &mut BitSet,
    ) -> Result<(), IndexError> {
        let wanted = term_key(space, prefix);
        if let Some(heavy) = self.cached_prefixes.iter().find(|heavy| heavy.prefix == wanted) {
            let term = TermInfo { offset: heavy.offset, len: heavy.len, doc_freq: heavy.doc_freq };
            let mut bytes = Vec::new();
            self.postings.read_range(term.offset, term.len as usize, &mut bytes)?;
            return decode_into_bitset(&mut bytes.as_slice(), term.doc_freq, bits)
                .ok_or_else(|| self.postings.corrupt_error());
        }
        self.add_ordinal_docs(self.ordinals_with_prefix(space, prefix), bits)
    }

    /// Adds the articles of neighbouring ordinals: their lists are neighbours, too.
    pub(in crate::index) fn add_ordinal_docs(
        &self,
        ordinals: Range<u32>,
        bits: &mut BitSet,
    ) -> Result<(), IndexError> {
        let mut lines = Vec::new();
        let mut postings = SequentialReader::new(&self.postings);
        for start in ordinals.clone().step_by(READ_AHEAD_BYTES / TERM_INFO_BYTES) {
            let end = ordinals.end.min(start.saturating_add(
                u32::try_from(READ_AHEAD_BYTES / TERM_INFO_BYTES).unwrap_or(u32::MAX),
            ));
            let bytes = (end - start) as usize * TERM_INFO_BYTES;
            self.term_infos.read_range(
                u64::from(start) * TERM_INFO_BYTES as u64,
                bytes,
                &mut lines,
            )?;
            let terms: Vec<TermInfo> =
                lines.chunks_exact(TERM_INFO_BYTES).map(TermInfo::decode).collect();
            let last = terms.iter().rev().find(|term| term.len > 0);
            let until = last.map_or(0, |last| last.offset + u64::from(last.len));
            for term in &terms {
                if let Some(article) = term.inlined_doc() {
                    bits.set_to(article, true);
                    continue;
                }
                let mut bytes = postings.read(term.offset, term.len as usize, until)?;
                decode_into_bitset(&mut bytes, term.doc_freq, bits)
                    .ok_or_else(|| self.postings.corrupt_error())?;
            }
        }
        Ok(())
    }

    /// In how many articles the word with this ordinal is.
    pub(in crate::index) fn doc_freq(&self, ordinal: u32) -> Result<u32, IndexError> {
        let mut line = Vec::new();
        self.term_infos.read_range(
            u64::from(ordinal) * TERM_INFO_BYTES as u64,
            TERM_INFO_BYTES,
            &mut line,
        )?;
        Ok(TermInfo::decode(&line).doc_freq)
    }

    /// The number in texts of the word with this ordinal.
    pub(in crate::index) fn term_id(&self, ordinal: u32) -> Result<u32, IndexError> {
        Ok(self.read_frequency_rank(u64::from(ordinal))? + FIRST_TERM_ID)
    }

    /// The numbers in texts of the words with these ordinals.
    pub(in crate::index) fn term_ids(
        &self,
        ordinals: Range<u32>,
    ) -> Result<impl Iterator<Item = u32>, IndexError> {
        let ordinals = ordinals.start..ordinals.end.min(self.num_words);
        let mut bytes = Vec::new();
        self.frequency_ranks.read_range(
            u64::from(ordinals.start) * 4,
            ordinals.len() * 4,
            &mut bytes,
        )?;
        let ranks: Vec<u32> =
            bytes.as_chunks().0.iter().map(|rank| u32::from_le_bytes(*rank)).collect();
        Ok(ranks.into_iter().map(|rank| rank + FIRST_TERM_ID))
    }

    /// Adds the articles in which two words that are common stand side by side; tells whether both are.
    pub(in crate::index) fn add_common_bigram_docs(
        &self,
        first: &str,
        second: &str,
        bits: &mut BitSet,
    ) -> Result<bool, IndexError> {
        let rank = |word| {
            self.term_ordinal(TermField::Word, word)
                .map(|ordinal| self.read_frequency_rank(u64::from(ordinal)))
                .transpose()
        };
        let (Some(first), Some(second)) = (rank(first)?, rank(second)?) else { return Ok(false) };
        let common = self.common_bigrams.is_common(first) && self.common_bigrams.is_common(second);
        if common {
            self.common_bigrams.add_docs(first, second, bits)?;
        }
        Ok(common)
    }

    fn read_frequency_rank(&self, index: u64) -> Result<u32, IndexError> {
        let mut bytes = Vec::with_capacity(4);
        self.frequency_ranks.read_range(index * 4, 4, &mut bytes)?;
        Ok(u32::from_le_bytes(bytes.as_slice().try_into().expect("four bytes were read")))
    }

    /// The ordinals of all words by their numbers in texts, from [`FIRST_TERM_ID`] on.
    pub(in crate::index) fn ordinals_by_rank(&self) -> Result<Vec<u32>, IndexError> {
        let mut bytes = Vec::new();
        self.frequency_ranks.read_range(
            u64::from(self.num_words) * 4,
            self.num_words as usize * 4,
            &mut bytes,
        )?;
        Ok(bytes.as_chunks().0.iter().map(|ordinal| u32::from_le_bytes(*ordinal)).collect())
    }

    /// Where the texts of `articles` begin, and where the last one ends.
    pub(in crate::index) fn text_offsets(
        &self,
        articles: Range<u32>,
    ) -> Result<Vec<u64>, IndexError> {
        let mut bytes = Vec::new();
        self.text_offsets.read_range(
            u64::from(articles.start) * 8,
            (articles.len() + 1) * 8,
            &mut bytes,
        )?;
        Ok(bytes.as_chunks().0.iter().map(|start| u64::from_le_bytes(*start)).collect())
    }

    /// The same of all articles; kept from then on.
    pub(in crate::index) fn all_text_offsets(&self) -> Result<&[u64], IndexError> {
        if let Some(starts) = self.all_text_offsets.get() {
            return Ok(starts);
        }
        let starts = self.text_offsets(0..self.max_doc())?;
        Ok(self.all_text_offsets.get_or_init(|| starts))
    }

    /// Puts the texts between two starts into `bytes`.
    pub(in crate::index) fn read_texts(
        &self,
        from: u64,
        to: u64,
        bytes: &mut Vec<u8>,
    ) -> Result<(), IndexError> {
        let len = to.checked_sub(from).and_then(|len| usize::try_from(len).ok());
        self.forward_index.read_range(
            from,
            len.ok_or_else(|| self.text_offsets.corrupt_error())?,
            bytes,
        )
    }

    /// How many words the text of each article has.
    pub(in crate::index) fn word_counts(&self) -> Result<Vec<u32>, IndexError> {
        self.read_doc_values(0)
    }

    /// When each article came in, in seconds since 1970.
    pub(in crate::index) fn arrival_times(&self) -> Result<Vec<u32>, IndexError> {
        self.read_doc_values(1)
    }

    fn read_doc_values(&self, index: usize) -> Result<Vec<u32>, IndexError> {
        let (mut bytes, len) = (Vec::new(), self.entry_ids.len() * 4);
        self.doc_values.read_range((index * len) as u64, len, &mut bytes)?;
        Ok(bytes.as_chunks().0.iter().map(|count| u32::from_le_bytes(*count)).collect())
    }

    /// The table, to be read in order.
    pub(in crate::index) fn stream_term_infos(&self) -> SequentialReader<'_> {
        SequentialReader::new(&self.term_infos)
    }

    /// The lists, to be read in order.
    pub(in crate::index) fn stream_postings(&self) -> SequentialReader<'_> {
        SequentialReader::new(&self.postings)
    }

    /// The texts, to be read in order.
    pub(in crate::index) fn stream_texts(&self) -> SequentialReader<'_> {
        SequentialReader::new(&self.forward_index)
    }
}

impl TermInfo {
    /// The term that a line tells.
    fn decode(line: &[u8]) -> TermInfo {
        let number = |range: Range<usize>| {
            let mut bytes = [0; 8];
            bytes[..range.len()].copy_from_slice(&line[range]);
            u64::from_le_bytes(bytes)
        };
        let short = |range| u32::try_from(number(range)).unwrap_or(u32::MAX);
        TermInfo { offset: number(0..6), len: short(6..10), doc_freq: short(10..TERM_INFO_BYTES) }
    }

    /// Its article, if it has only one.
    fn inlined_doc(&self) -> Option<u32> {
        if self.len == 0 { u32::try_from(self.offset).ok() } else { None }
    }

    /// The term of an ordinal in a table that is read in order.
    pub(in crate::index) fn read(
        ordinal: u32,
        table: &mut SequentialReader<'_>,
    ) -> Result<TermInfo, IndexError> {
        table
            .read(u64::from(ordinal) * TERM_INFO_BYTES as u64, TERM_INFO_BYTES, u64::MAX)
            .map(TermInfo::decode)
    }

    /// Calls `take` with each of its articles, of a segment of so many.
    pub(in crate::index) fn for_each_doc(
        &self,
        lists: &mut SequentialReader<'_>,
        articles: u32,
        mut take: impl FnMut(u32),
    ) -> Result<(), IndexError> {
        if let Some(article) = self.inlined_doc() {
            take(article);
            return Ok(());
        }
        let mut list = lists.read(self.offset, self.len as usize, u64::MAX)?;
        let done = decode_postings(&mut list, self.doc_freq, articles, take);
        done.ok_or_else(|| lists.file.corrupt_error())
    }
}

/// A file that is read more or less in order: a good piece at a time.
pub(in crate::index) struct SequentialReader<'f> {
    file: &'f CheckedFile,
    offset: u64,
    buffer: Vec<u8>,
}

impl<'f> SequentialReader<'f> {
    pub(super) fn new(file: &'f CheckedFile) -> SequentialReader<'f> {
        SequentialReader { file, offset: 0, buffer: Vec::new() }
    }

    /// The `len` bytes at `at`; nothing beyond `until` is worth reading ahead.
    pub(in crate::index) fn read(
        &mut self,
        at: u64,
        len: usize,
        until: u64,
    ) -> Result<&[u8], IndexError> {
        let within = at.checked_sub(self.offset).and_then(|skip| usize::try_from(skip).ok());
        let skip = match within {
            Some(skip) if skip.saturating_add(len) <= self.buffer.len() => skip,
            _ => {
                let rest = self.file.len().min(until).saturating_sub(at);
                let ahead = usize::try_from(rest)
                    .unwrap_or(READ_AHEAD_BYTES)
                    .min(READ_AHEAD_BYTES)
                    .max(len);
                self.file.read_range(at, ahead, &mut self.buffer)?;
                self.offset = at;
                0
            }
        };
        Ok(&self.buffer[skip..skip + len])
    }
}
