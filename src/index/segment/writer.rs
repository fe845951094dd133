//! Writes a segment: first the terms in order with their postings, then the texts, then the doc
//! values.

use std::{
    fs, io,
    io::Write,
    path::{Path, PathBuf},
};

use super::{
    common_bigrams,
    format::{FIRST_TERM_ID, PHRASE_BREAK, TERM_INFO_BYTES, write_error},
    location::SegmentLocation,
    prefix_cache::{CachedPrefix, PrefixCacheBuilder},
    term_key::{BigramClass, TermField},
    trigrams::TrigramIndexBuilder,
};
use crate::index::{BitSet, IndexError, checked_file::CheckedFileWriter, postings, varint};

/// The values of a document besides its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::index) struct DocValues {
    /// Entry id.
    pub(in crate::index) entry_id: i64,
    /// Publication time in seconds since 1970.
    pub(in crate::index) published: i64,
    /// Number of words in the body.
    pub(in crate::index) word_count: u32,
    /// Time of arrival in seconds since 1970.
    pub(in crate::index) arrived: u32,
}

/// A writer for the terms of a segment. The files are in a folder with the extension `part`, which
/// is renamed when the segment is complete.
pub(in crate::index) struct SegmentWriter {
    folder: PathBuf,
    id: i64,
    max_doc: u32,
    term_dictionary: fst::MapBuilder<CheckedFileWriter>,
    next_ordinal: u32,
    term_infos: CheckedFileWriter,
    postings: CheckedFileWriter,
    buffer: Vec<u8>,
    prefix_cache: PrefixCacheBuilder,
    trigrams: TrigramIndexBuilder,
    /// Number of documents of each word, by ordinal.
    doc_freqs: Vec<u32>,
    common_words: CommonWords,
}

/// The common words of a segment.
struct CommonWords {
    /// Minimum number of documents that contain a common word.
    min_docs: u32,
    /// Ordinal and bigram class of each common word.
    words: Vec<(u32, BigramClass)>,
}

impl CommonWords {
    /// Returns the rule for a segment with `max_doc` documents: a word is common if at least
    /// `min_docs` documents and one in 64 documents contain it. A segment with fewer than `16 *
    /// min_docs` documents has no common words.
    fn for_segment(max_doc: u32, min_docs: u32) -> CommonWords {
        let min_docs = if max_doc / 16 < min_docs { u32::MAX } else { min_docs.max(max_doc / 64) };
        CommonWords { min_docs, words: Vec::new() }
    }

    /// Returns the bigram class of each common word by frequency rank.
    fn classes_by_rank(&self, ranks: &[u32]) -> Vec<BigramClass> {
        let with_rank = |(ordinal, class): &(u32, BigramClass)| (ranks[*ordinal as usize], *class);
        let mut ranked: Vec<(u32, BigramClass)> = self.words.iter().map(with_rank).collect();
        ranked.sort_unstable_by_key(|(rank, _)| *rank);
        ranked.truncate(common_bigrams::MAX_COMMON_WORDS);
        ranked.into_iter().map(|(_, class)| class).collect()
    }
}

impl SegmentWriter {
    /// Starts a segment with `max_doc` documents at `location` and removes the remains of an earlier
    /// attempt. A word is common if at least `common` documents have it.
    pub(in crate::index) fn create(
        location: &SegmentLocation,
        max_doc: u32,
        common: u32,
    ) -> Result<SegmentWriter, IndexError> {
        let (folder, id) = (&location.folder, location.id_to_write());
        let part = folder.with_extension("part");
        let create = || -> Result<SegmentWriter, fst::Error> {
            if part.exists() {
                fs::remove_dir_all(&part)?;
            }
            fs::create_dir_all(&part)?;
            let create_file = |name: &str| CheckedFileWriter::create(&part.join(name), id);
            Ok(SegmentWriter {
                folder: folder.to_owned(),
                id,
                max_doc,
                term_dictionary: fst::MapBuilder::new(create_file("keys")?)?,
                next_ordinal: 0,
                term_infos: create_file("table")?,
                postings: create_file("postings")?,
                buffer: Vec::new(),
                prefix_cache: PrefixCacheBuilder::new(max_doc),
                trigrams: TrigramIndexBuilder::new(),
                doc_freqs: Vec::new(),
                common_words: CommonWords::for_segment(max_doc, common),
            })
        };
        create().map_err(|error| write_error(folder, &error))
    }

    /// Writes a key, which must be greater than all keys before it, with its documents in ascending
    /// order. Returns the ordinal of the key.
    pub(in crate::index) fn write_term(
        &mut self,
        key: &[u8],
        docs: &[u32],
    ) -> Result<u32, IndexError> {
        let ordinal = self.next_ordinal;
        self.next_ordinal += 1;
        let doc_freq = u32::try_from(docs.len()).unwrap_or(u32::MAX);
        let mut write = || -> Result<(), fst::Error> {
            self.term_dictionary.insert(key, u64::from(ordinal))?;
            for prefix in self.prefix_cache.add_term(key, docs) {
                write_cached_prefix(&mut self.prefix_cache, &mut self.postings, &prefix)?;
            }
            if let [doc] = docs {
                return Ok(write_term_info(&mut self.term_infos, u64::from(*doc), 0, doc_freq)?);
            }
            self.buffer.clear();
            postings::encode_postings(docs, self.max_doc, &mut self.buffer);
            let offset = self.postings.position();
            self.postings.write_all(&self.buffer)?;
            Ok(write_term_info(&mut self.term_infos, offset, self.buffer.len(), doc_freq)?)
        };
        write().map_err(|error| write_error(&self.folder, &error))?;
        if key.first() == Some(&(TermField::Word as u8)) {
            self.doc_freqs.push(doc_freq);
            self.trigrams.add_word(&key[1..]);
            if doc_freq >= self.common_words.min_docs {
                let word = std::str::from_utf8(&key[1..]).unwrap_or_default();
                self.common_words.words.push((ordinal, BigramClass::of_word(word)));
            }
        }
        Ok(ordinal)
    }

    /// Ends the terms and returns the writer for the texts.
    pub(in crate::index) fn finish_terms(mut self) -> Result<ForwardIndexWriter, IndexError> {
        let folder = self.folder.clone();
        let part = folder.with_extension("part");
        let ranks = rank_by_frequency(&self.doc_freqs);
        let write = || -> Result<ForwardIndexWriter, fst::Error> {
            for prefix in self.prefix_cache.finish() {
                write_cached_prefix(&mut self.prefix_cache, &mut self.postings, &prefix)?;
            }
            self.term_dictionary.into_inner()?.finish()?;
            self.term_infos.finish()?;
            self.postings.finish()?;
            let mut prefixes = CheckedFileWriter::create(&part.join("heavy"), self.id)?;
            prefixes.write_all(&self.prefix_cache.encode())?;
            prefixes.finish()?;
            let mut trigrams = CheckedFileWriter::create(&part.join("trigrams"), self.id)?;
            self.trigrams.write(&mut trigrams)?;
            trigrams.finish()?;
            write_frequency_ranks(&part.join("ranks"), self.id, &ranks)?;
            Ok(ForwardIndexWriter {
                folder: self.folder,
                id: self.id,
                common_word_classes: self.common_words.classes_by_rank(&ranks),
                frequency_ranks: ranks,
                forward_index: CheckedFileWriter::create(&part.join("tokens"), self.id)?,
                text_offsets: CheckedFileWriter::create(&part.join("starts"), self.id)?,
                buffer: Vec::new(),
            })
        };
        write().map_err(|error| write_error(&folder, &error))
    }
}

/// A writer for the texts of a segment: the second half of writing a segment.
pub(in crate::index) struct ForwardIndexWriter {
    folder: PathBuf,
    id: i64,
    /// Frequency rank of each word, by ordinal.
    frequency_ranks: Vec<u32>,
    /// Bigram class of each common word, by rank; the common words have the lowest ranks.
    common_word_classes: Vec<BigramClass>,
    forward_index: CheckedFileWriter,
    text_offsets: CheckedFileWriter,
    buffer: Vec<u8>,
}

impl ForwardIndexWriter {
    /// Returns the term id of the word with this ordinal.
    pub(in crate::index) fn term_id(&self, ordinal: u32) -> u32 {
        self.frequency_ranks.get(ordinal as usize).map_or(PHRASE_BREAK, |rank| rank + FIRST_TERM_ID)
    }

    /// Writes the text of the next document.
    pub(in crate::index) fn write_text(
        &mut self,
        term_ids: impl Iterator<Item = u32>,
    ) -> Result<(), IndexError> {
        self.buffer.clear();
        for term_id in term_ids {
            varint::encode(term_id, &mut self.buffer);
        }
        let offset = self.forward_index.position();
        let result = self
            .text_offsets
            .write_all(&offset.to_le_bytes())
            .and_then(|()| self.forward_index.write_all(&self.buffer));
        result.map_err(|error| write_error(&self.folder, &error.into()))
    }

    /// Writes the bigrams of common words and the doc values, and gives the folder its final name.
    ///
    /// `go_on` is called regularly; if it returns false, the folder is not renamed and the function
    /// returns `Ok(false)`.
    pub(in crate::index) fn finish(
        mut self,
        docs: &(impl Iterator<Item = DocValues> + Clone),
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<bool, IndexError> {
        let part = self.folder.with_extension("part");
        let folder = self.folder.clone();
        let finish_texts = || -> io::Result<()> {
            self.text_offsets.write_all(&self.forward_index.position().to_le_bytes())?;
            self.text_offsets.finish()?;
            self.forward_index.finish()
        };
        let unfinished = SegmentLocation { folder: part.clone(), id: Some(self.id) };
        finish_texts().map_err(|error| write_error(&folder, &error.into()))?;
        if !common_bigrams::write_common_bigrams(&unfinished, &self.common_word_classes, go_on)? {
            return Ok(false);
        }
        let write_doc_values = || -> io::Result<()> {
            let mut articles = CheckedFileWriter::create(&part.join("articles"), self.id)?;
            docs.clone().try_for_each(|doc| articles.write_all(&doc.entry_id.to_le_bytes()))?;
            docs.clone().try_for_each(|doc| articles.write_all(&doc.published.to_le_bytes()))?;
            articles.finish()?;
            let mut facts = CheckedFileWriter::create(&part.join("facts"), self.id)?;
            docs.clone().try_for_each(|doc| facts.write_all(&doc.word_count.to_le_bytes()))?;
            docs.clone().try_for_each(|doc| facts.write_all(&doc.arrived.to_le_bytes()))?;
            facts.finish()?;
            if folder.exists() {
                fs::remove_dir_all(&folder)?;
            }
            fs::rename(&part, &folder)?;
            sync_folder(folder.parent())
        };
        write_doc_values().map(|()| true).map_err(|error| write_error(&folder, &error.into()))
    }
}

/// Waits until a rename in `folder` is on the disk. On Windows a folder cannot be synced.
fn sync_folder(folder: Option<&Path>) -> io::Result<()> {
    match folder {
        Some(folder) if cfg!(unix) => fs::File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Returns the rank of each word by ordinal, most frequent first.
fn rank_by_frequency(doc_freqs: &[u32]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(doc_freqs.len()).unwrap_or(u32::MAX)).collect();
    order.sort_unstable_by_key(|ordinal| {
        (std::cmp::Reverse(doc_freqs[*ordinal as usize]), *ordinal)
    });
    let mut ranks = vec![0; doc_freqs.len()];
    order.iter().zip(0..).for_each(|(ordinal, rank)| ranks[*ordinal as usize] = rank);
    ranks
}

/// Writes the rank of each word by ordinal, then the ordinal of each word by rank.
fn write_frequency_ranks(path: &Path, id: i64, ranks: &[u32]) -> io::Result<()> {
    let mut file = CheckedFileWriter::create(path, id)?;
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
    offset: u64,
    len: usize,
    doc_freq: u32,
) -> io::Result<()> {
    let mut entry = [0; TERM_INFO_BYTES];
    entry[..6].copy_from_slice(&offset.to_le_bytes()[..6]);
    let len = u32::try_from(len).map_err(|_| io::ErrorKind::FileTooLarge)?;
    entry[6..10].copy_from_slice(&len.to_le_bytes());
    entry[10..].copy_from_slice(&doc_freq.to_le_bytes());
    table.write_all(&entry)
}

fn write_cached_prefix(
    cache: &mut PrefixCacheBuilder,
    postings: &mut CheckedFileWriter,
    union: &(Vec<u8>, BitSet),
) -> io::Result<()> {
    let (prefix, bits) = union;
    let mut bytes = Vec::new();
    let doc_freq = postings::encode_bitset(bits, &mut bytes);
    let len = u32::try_from(bytes.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    let offset = postings.position();
    cache.record(CachedPrefix { prefix: prefix.clone(), offset, len, doc_freq });
    postings.write_all(&bytes)
}
