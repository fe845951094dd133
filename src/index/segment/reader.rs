//! Reads a segment: posting lists of words and prefixes, texts and doc values.

use std::{ops::Range, slice, sync::OnceLock};

use super::{
    common_bigrams::CommonBigrams,
    format::{FIRST_TERM_ID, FIRST_VERSION_WITH_TRIGRAMS, TERM_INFO_BYTES},
    location::SegmentLocation,
    prefix_cache::{CachedPrefix, decode_cached_prefixes},
    sequential_reader::{READ_AHEAD_BYTES, SequentialReader},
    term_key::{TermField, prefix_end, term_key},
    trigrams::TrigramIndex,
};
use crate::{
    index::{
        BitSet, IndexError,
        checked_file::CheckedFile,
        postings::{decode_into_bitset, decode_postings},
    },
    model::EntryId,
    query::RequiredLiterals,
    text::is_single_char_word,
};

/// The file of a segment that those of earlier format versions do not have.
const TRIGRAM_FILE: &str = "trigrams";

/// The other files of a segment.
const SEGMENT_FILES: [&str; 10] = [
    "keys", "table", "postings", "heavy", "ranks", "tokens", "starts", "pairs", "articles", "facts",
];

/// An open segment. The term dictionary, the entry ids and the publication times are in memory; the
/// other files are read when they are needed.
#[derive(Debug)]
pub struct Segment {
    term_dictionary: fst::Map<Vec<u8>>,
    pub(super) term_infos: CheckedFile,
    pub(super) postings: CheckedFile,
    cached_prefixes: Vec<CachedPrefix>,
    frequency_ranks: CheckedFile,
    num_words: u32,
    /// `None` in a segment of an earlier format version.
    trigrams: Option<TrigramIndex>,
    forward_index: CheckedFile,
    text_offsets: CheckedFile,
    all_text_offsets: OnceLock<Vec<u64>>,
    common_bigrams: CommonBigrams,
    doc_values: CheckedFile,
    entry_ids: Vec<i64>,
    published: Vec<i64>,
}

/// The posting list of a term: its place in `postings`, or its only document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) struct TermInfo {
    /// Offset of the list in `postings`; the document id if `len` is 0.
    pub(super) offset: u64,
    /// Length of the list in bytes; 0 for a single document.
    pub(super) len: u32,
    /// Number of documents that have the term.
    pub(in crate::index) doc_freq: u32,
}

/// Reads the numbers in one half of a file (0 or 1); each half has a number per document.
fn read_half(file: &CheckedFile, which: u64) -> Result<Vec<i64>, IndexError> {
    let len = file.len() / 16 * 8;
    let mut bytes = Vec::new();
    file.read_range(
        which * len,
        usize::try_from(len).map_err(|_| file.corrupt_error())?,
        &mut bytes,
    )?;
    Ok(bytes.as_chunks().0.iter().map(|value| i64::from_le_bytes(*value)).collect())
}

/// Returns true if the segment with this dictionary has trigrams.
fn has_trigrams(keys: &CheckedFile) -> bool {
    keys.format_version() >= FIRST_VERSION_WITH_TRIGRAMS
}

impl Segment {
    /// Opens the segment at `location`.
    pub fn open(location: &SegmentLocation) -> Result<Segment, IndexError> {
        let open_file = |name: &str| CheckedFile::open(&location.file(name), location.id);
        let (keys, heavy, articles, ranks) =
            (open_file("keys")?, open_file("heavy")?, open_file("articles")?, open_file("ranks")?);
        let (entry_ids, published) = (read_half(&articles, 0)?, read_half(&articles, 1)?);
        let num_words = u32::try_from(ranks.len() / 8).map_err(|_| ranks.corrupt_error())?;
        let cached_prefixes =
            decode_cached_prefixes(&heavy.read_all()?).ok_or_else(|| heavy.corrupt_error())?;
        let trigrams = has_trigrams(&keys).then(|| open_file(TRIGRAM_FILE)).transpose()?;
        Ok(Segment {
            term_dictionary: fst::Map::new(keys.read_all()?).map_err(|_| keys.corrupt_error())?,
            term_infos: open_file("table")?,
            postings: open_file("postings")?,
            cached_prefixes,
            frequency_ranks: ranks,
            num_words,
            trigrams: trigrams.map(|file| TrigramIndex::new(file, num_words)),
            forward_index: open_file("tokens")?,
            text_offsets: open_file("starts")?,
            all_text_offsets: OnceLock::new(),
            common_bigrams: CommonBigrams::open(open_file("pairs")?)?,
            doc_values: open_file("facts")?,
            entry_ids,
            published,
        })
    }

    /// Reads every byte of the segment at `location` and compares the checksums.
    pub fn verify(location: &SegmentLocation) -> Result<(), IndexError> {
        let keys = CheckedFile::open(&location.file("keys"), location.id)?;
        let newer_file = has_trigrams(&keys).then_some(TRIGRAM_FILE);
        for name in SEGMENT_FILES.into_iter().chain(newer_file) {
            let file = CheckedFile::open(&location.file(name), location.id)?;
            let mut stream = SequentialReader::new(&file);
            let mut offset = 0;
            while offset < file.len() {
                let len = usize::try_from(file.len() - offset)
                    .unwrap_or(READ_AHEAD_BYTES)
                    .min(READ_AHEAD_BYTES);
                stream.read(offset, len, u64::MAX)?;
                offset += len as u64;
            }
        }
        Ok(())
    }

    /// Reads the entry ids of the segment at `location`, oldest document first, without opening the
    /// rest of the segment.
    pub fn read_entry_ids(location: &SegmentLocation) -> Result<Vec<i64>, IndexError> {
        read_half(&CheckedFile::open(&location.file("articles"), location.id)?, 0)
    }

    /// Returns the number of documents, deleted ones included. All document ids are lower.
    pub fn max_doc(&self) -> u32 {
        u32::try_from(self.entry_ids.len()).unwrap_or(u32::MAX)
    }

    /// Returns the entry id of a document.
    pub fn entry_id(&self, doc: u32) -> EntryId {
        EntryId(self.entry_ids[doc as usize])
    }

    /// Returns the entry ids, oldest document first.
    pub fn entry_ids(&self) -> &[i64] {
        &self.entry_ids
    }

    /// Returns the publication time of a document in seconds since 1970.
    pub fn published(&self, doc: u32) -> i64 {
        self.published[doc as usize]
    }

    /// Returns the first document that was published at `seconds` or later.
    pub fn first_doc_since(&self, seconds: i64) -> u32 {
        u32::try_from(self.published.partition_point(|published| *published < seconds))
            .unwrap_or(u32::MAX)
    }

    /// Returns the first document after `sort_key` (publication time and entry id), or 0 for
    /// `None`.
    pub fn first_doc_after(&self, sort_key: Option<(i64, EntryId)>) -> u32 {
        let Some(sort_key) = sort_key else { return 0 };
        let (mut low, mut high) = (0, self.max_doc());
        while low < high {
            let middle = low + (high - low) / 2;
            if (self.published(middle), self.entry_id(middle)) <= sort_key {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }

    /// Returns the memory in use, in bytes.
    pub fn memory_usage(&self) -> usize {
        self.resident_size() + self.all_text_offsets.get().map_or(0, |offsets| offsets.len() * 8)
    }

    /// Returns the memory that an open segment always uses, in bytes.
    fn resident_size(&self) -> usize {
        self.term_dictionary.as_fst().size()
            // An entry id and a publication time per document.
            + self.entry_ids.len() * 16
            // An estimate that includes the allocated prefix.
            + self.cached_prefixes.len() * 64
    }

    /// Returns the size on disk in bytes, approximately.
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
            + self.trigrams.as_ref().map_or(0, TrigramIndex::disk_size)
    }

    /// Returns the ordinal of `word` in `field`.
    pub(in crate::index) fn term_ordinal(&self, field: TermField, word: &str) -> Option<u32> {
        self.term_dictionary
            .get(term_key(field, word))
            .and_then(|ordinal| u32::try_from(ordinal).ok())
    }

    /// Returns the ordinals of all words in `field` that begin with `prefix`.
    pub(in crate::index) fn ordinals_with_prefix(
        &self,
        field: TermField,
        prefix: &str,
    ) -> Range<u32> {
        use fst::{IntoStreamer, Streamer};
        let all = u32::try_from(self.term_dictionary.len()).unwrap_or(u32::MAX);
        let first_ordinal_from = |key: Vec<u8>| {
            let mut keys = self.term_dictionary.range().ge(key).into_stream();
            keys.next().and_then(|(_, ordinal)| u32::try_from(ordinal).ok()).unwrap_or(all)
        };
        let start = term_key(field, prefix);
        let end = prefix_end(&start).map_or(all, first_ordinal_from);
        first_ordinal_from(start)..end
    }

    /// Returns the ordinals of the words of texts for which `literals` may hold, in ranges. Words that
    /// [have no trigrams](super::MAX_TRIGRAM_WORD_BYTES) are among them.
    pub(in crate::index) fn candidate_words(
        &self,
        literals: &RequiredLiterals,
    ) -> Result<Vec<Range<u32>>, IndexError> {
        match &self.trigrams {
            Some(trigrams) => trigrams.candidate_ordinals(literals),
            None => Ok(std::iter::once(0..self.num_words).collect()),
        }
    }

    /// Returns those of `candidates`, which are ordinals of words, for which `is_match` returns true.
    /// It is called with the ordinal and the word.
    pub(in crate::index) fn filter_words(
        &self,
        candidates: &[Range<u32>],
        is_match: &mut dyn FnMut(u32, &[u8]) -> bool,
    ) -> Result<Vec<Range<u32>>, IndexError> {
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for ordinals in candidates.iter().filter(|ordinals| !ordinals.is_empty()) {
            self.for_each_key(ordinals.clone(), |ordinal, key| {
                if !is_match(ordinal, &key[1..]) {
                    return;
                }
                match ranges.last_mut().filter(|last| last.end == ordinal) {
                    Some(last) => last.end += 1,
                    None => ranges.push(ordinal..ordinal + 1),
                }
            })?;
        }
        Ok(ranges)
    }

    /// Calls `visit` with each of these ordinals of words and its key.
    fn for_each_key(
        &self,
        ordinals: Range<u32>,
        mut visit: impl FnMut(u32, &[u8]),
    ) -> Result<(), IndexError> {
        use fst::{IntoStreamer, Streamer};
        let first = self.term_dictionary.as_fst().get_key(u64::from(ordinals.start));
        let first = first.ok_or_else(|| self.frequency_ranks.corrupt_error())?;
        let mut keys = self.term_dictionary.range().ge(first).into_stream();
        for ordinal in ordinals {
            let Some((key, _)) = keys.next() else { break };
            visit(ordinal, key);
        }
        Ok(())
    }

    /// Returns the word with this ordinal.
    pub(in crate::index) fn word(&self, ordinal: u32) -> Option<Vec<u8>> {
        self.term_dictionary.as_fst().get_key(u64::from(ordinal)).map(|key| key[1..].to_vec())
    }

    /// Returns the term dictionary.
    pub(in crate::index) fn term_dictionary(&self) -> &fst::Map<Vec<u8>> {
        &self.term_dictionary
    }

    /// Returns the number of words of texts. Their ordinals are the lowest.
    pub(in crate::index) fn num_words(&self) -> u32 {
        self.num_words
    }

    /// Adds the documents that have `word` in `field` to `bits`.
    pub(in crate::index) fn add_term_docs(
        &self,
        field: TermField,
        word: &str,
        bits: &mut BitSet,
    ) -> Result<(), IndexError> {
        match self.term_ordinal(field, word) {
            Some(ordinal) => self.add_ordinal_docs(slice::from_ref(&(ordinal..ordinal + 1)), bits),
            None => Ok(()),
        }
    }

    /// Adds the documents that have a word in `field` which begins with `prefix` to `bits`.
    pub(in crate::index) fn add_prefix_docs(
        &self,
        field: TermField,
        prefix: &str,
        bits: &mut BitSet,
    ) -> Result<(), IndexError> {
        let key = term_key(field, prefix);
        if let Some(cached) = self.cached_prefixes.iter().find(|cached| cached.prefix == key) {
            let mut list = Vec::new();
            self.postings.read_range(cached.offset, cached.len as usize, &mut list)?;
            return decode_into_bitset(&mut list.as_slice(), cached.doc_freq, bits)
                .ok_or_else(|| self.postings.corrupt_error());
        }
        self.add_ordinal_docs(&[self.ordinals_with_prefix(field, prefix)], bits)
    }

    /// Returns the number of documents that have the term with this ordinal.
    pub(in crate::index) fn doc_freq(&self, ordinal: u32) -> Result<u32, IndexError> {
        let mut entry = Vec::new();
        self.term_infos.read_range(
            u64::from(ordinal) * TERM_INFO_BYTES as u64,
            TERM_INFO_BYTES,
            &mut entry,
        )?;
        Ok(TermInfo::decode(&entry).doc_freq)
    }

    /// Returns the number of documents that have a folded word, deleted ones included. Two characters of a
    /// script without blanks are looked up as neighbours, with a blank between them.
    pub fn document_frequency(&self, word: &str) -> Result<u32, IndexError> {
        let field = if word.contains(' ') { TermField::Bigram } else { TermField::Word };
        self.term_ordinal(field, word).map_or(Ok(0), |ordinal| self.doc_freq(ordinal))
    }

    /// Calls `visit` with each folded word and the number of documents that have it, deleted ones included;
    /// then with each two neighbouring characters of scripts without blanks, with a blank between them.
    pub fn for_each_document_frequency(
        &self,
        mut visit: impl FnMut(&str, u32),
    ) -> Result<(), IndexError> {
        self.for_each_word(TermField::Word, &mut visit)?;
        self.for_each_word(TermField::Bigram, |pair, frequency| {
            if pair.chars().next().is_some_and(is_single_char_word) {
                visit(pair, frequency);
            }
        })
    }

    /// Calls `visit` with each word of `field` and the number of documents that have it.
    pub(in crate::index) fn for_each_word(
        &self,
        field: TermField,
        mut visit: impl FnMut(&str, u32),
    ) -> Result<(), IndexError> {
        use fst::{IntoStreamer, Streamer};
        let ordinals = self.ordinals_with_prefix(field, "");
        let mut table = Vec::new();
        self.term_infos.read_range(
            u64::from(ordinals.start) * TERM_INFO_BYTES as u64,
            ordinals.len() * TERM_INFO_BYTES,
            &mut table,
        )?;
        let mut infos = table.chunks_exact(TERM_INFO_BYTES).map(TermInfo::decode);
        let mut words = self.term_dictionary.range().ge([field as u8]).into_stream();
        while let (Some(info), Some((key, _))) = (infos.next(), words.next()) {
            visit(&String::from_utf8_lossy(&key[1..]), info.doc_freq);
        }
        Ok(())
    }

    /// Returns the term id of the word with this ordinal.
    pub(in crate::index) fn term_id(&self, ordinal: u32) -> Result<u32, IndexError> {
        Ok(self.read_frequency_rank(u64::from(ordinal))? + FIRST_TERM_ID)
    }

    /// Returns the term ids of the words with these ordinals.
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

    /// Adds the documents with `first` directly before `second` to `bits` and returns true if both
    /// words are common; otherwise returns false.
    pub(in crate::index) fn add_common_bigram_docs(
        &self,
        first: &str,
        second: &str,
        bits: &mut BitSet,
    ) -> Result<bool, IndexError> {
        let rank_of = |word| {
            self.term_ordinal(TermField::Word, word)
                .map(|ordinal| self.read_frequency_rank(u64::from(ordinal)))
                .transpose()
        };
        let (Some(first), Some(second)) = (rank_of(first)?, rank_of(second)?) else {
            return Ok(false);
        };
        let both_common =
            self.common_bigrams.is_common(first) && self.common_bigrams.is_common(second);
        if both_common {
            self.common_bigrams.add_docs(first, second, bits)?;
        }
        Ok(both_common)
    }

    fn read_frequency_rank(&self, index: u64) -> Result<u32, IndexError> {
        let mut bytes = Vec::with_capacity(4);
        self.frequency_ranks.read_range(index * 4, 4, &mut bytes)?;
        Ok(u32::from_le_bytes(bytes.as_slice().try_into().expect("four bytes were read")))
    }

    /// Returns the ordinals of all words by frequency rank, which is the term id minus
    /// [`FIRST_TERM_ID`].
    pub(in crate::index) fn ordinals_by_rank(&self) -> Result<Vec<u32>, IndexError> {
        let mut bytes = Vec::new();
        self.frequency_ranks.read_range(
            u64::from(self.num_words) * 4,
            self.num_words as usize * 4,
            &mut bytes,
        )?;
        Ok(bytes.as_chunks().0.iter().map(|ordinal| u32::from_le_bytes(*ordinal)).collect())
    }

    /// Returns the offsets of the texts of `docs`, and the end of the last one.
    pub(in crate::index) fn text_offsets(&self, docs: Range<u32>) -> Result<Vec<u64>, IndexError> {
        let mut bytes = Vec::new();
        self.text_offsets.read_range(
            u64::from(docs.start) * 8,
            (docs.len() + 1) * 8,
            &mut bytes,
        )?;
        Ok(bytes.as_chunks().0.iter().map(|offset| u64::from_le_bytes(*offset)).collect())
    }

    /// Returns the offsets of all texts. They stay in memory after the first call.
    pub(in crate::index) fn all_text_offsets(&self) -> Result<&[u64], IndexError> {
        if let Some(offsets) = self.all_text_offsets.get() {
            return Ok(offsets);
        }
        let offsets = self.text_offsets(0..self.max_doc())?;
        Ok(self.all_text_offsets.get_or_init(|| offsets))
    }

    /// Replaces the content of `bytes` by the texts between two offsets.
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

    /// Returns the number of words in the body of each document.
    pub(in crate::index) fn word_counts(&self) -> Result<Vec<u32>, IndexError> {
        self.read_doc_values(0)
    }

    /// Returns the time of arrival of each document in seconds since 1970.
    pub(in crate::index) fn arrival_times(&self) -> Result<Vec<u32>, IndexError> {
        self.read_doc_values(1)
    }

    fn read_doc_values(&self, index: usize) -> Result<Vec<u32>, IndexError> {
        let (mut bytes, len) = (Vec::new(), self.entry_ids.len() * 4);
        self.doc_values.read_range((index * len) as u64, len, &mut bytes)?;
        Ok(bytes.as_chunks().0.iter().map(|value| u32::from_le_bytes(*value)).collect())
    }

    /// Returns a reader for the term infos in order.
    pub(in crate::index) fn stream_term_infos(&self) -> SequentialReader<'_> {
        SequentialReader::new(&self.term_infos)
    }

    /// Returns a reader for the posting lists in order.
    pub(in crate::index) fn stream_postings(&self) -> SequentialReader<'_> {
        SequentialReader::new(&self.postings)
    }

    /// Returns a reader for the texts in order.
    pub(in crate::index) fn stream_texts(&self) -> SequentialReader<'_> {
        SequentialReader::new(&self.forward_index)
    }
}

impl TermInfo {
    /// Decodes one entry of the table.
    pub(super) fn decode(entry: &[u8]) -> TermInfo {
        let read_u64 = |range: Range<usize>| {
            let mut bytes = [0; 8];
            bytes[..range.len()].copy_from_slice(&entry[range]);
            u64::from_le_bytes(bytes)
        };
        let read_u32 = |range| u32::try_from(read_u64(range)).unwrap_or(u32::MAX);
        TermInfo {
            offset: read_u64(0..6),
            len: read_u32(6..10),
            doc_freq: read_u32(10..TERM_INFO_BYTES),
        }
    }

    /// Returns the document of a term that has only one.
    pub(super) fn inlined_doc(&self) -> Option<u32> {
        if self.len == 0 { u32::try_from(self.offset).ok() } else { None }
    }

    /// Reads the term info with this ordinal from a table that is read in order.
    pub(in crate::index) fn read(
        ordinal: u32,
        table: &mut SequentialReader<'_>,
    ) -> Result<TermInfo, IndexError> {
        table
            .read(u64::from(ordinal) * TERM_INFO_BYTES as u64, TERM_INFO_BYTES, u64::MAX)
            .map(TermInfo::decode)
    }

    /// Calls `visit` with each document of the term. `max_doc` is the number of documents in the
    /// segment.
    pub(in crate::index) fn for_each_doc(
        &self,
        postings: &mut SequentialReader<'_>,
        max_doc: u32,
        mut visit: impl FnMut(u32),
    ) -> Result<(), IndexError> {
        if let Some(doc) = self.inlined_doc() {
            visit(doc);
            return Ok(());
        }
        let mut list = postings.read(self.offset, self.len as usize, u64::MAX)?;
        let done = decode_postings(&mut list, self.doc_freq, max_doc, visit);
        done.ok_or_else(|| postings.file.corrupt_error())
    }
}
