//! Neighbours: two words side by side that are both common in the segment, and the articles that have them. A phrase of
//! such words is in no need of being looked for in texts, of which there would be many.
//!
//! ```text
//! lists │ for each first word where its lists begin (u64) and its pairs: a varint each for the second word, counted
//! from the one before, the number of articles, the bytes of the list │ where each first word's part begins, and where
//! the last one ends (u64) │ how many words are common (u32)
//! ```
//!
//! Words go by their ranks: the common ones have the first. Pairs of words that are [kept](BigramClass) elsewhere are not
//! here.

use std::{io::Write, ops::Range, path::Path};

use super::{
    reader::SequentialReader,
    term_key::BigramClass,
    writer::{FIRST_TERM_ID, write_error},
};
use crate::index::{
    BitSet, IndexError,
    checked_file::{CheckedFile, CheckedFileWriter},
    posting_builder::{DocCounter, PostingLists},
    postings::{decode_into_bitset, encode_postings},
    varint,
};

/// Words that are common at the most: what is counted of their pairs has to be in memory.
pub(super) const MAX_COMMON_WORDS: usize = 1024;

/// Numbers of articles that are in memory at a time.
const MAX_POSTINGS_IN_MEMORY: u32 = 3 << 20;

/// Writes the neighbours in the texts of the segment in `folder`, of which `tokens` and `starts` are written. `common`
/// tells of each common word, by its rank, which pairs of it are kept elsewhere.
///
/// `go_on` is asked now and then; if it says no, the answer is `false`, and the file is not whole.
pub(super) fn write_common_bigrams(
    folder: &Path,
    common: &[BigramClass],
    go_on: &mut dyn FnMut() -> bool,
) -> Result<bool, IndexError> {
    let texts = SegmentTexts::open(folder, common)?;
    let mut counts = vec![DocCounter::default(); common.len() * common.len()];
    let count = |article, first: usize, second: usize| {
        counts[first * common.len() + second].count_doc(article);
    };
    if !common.is_empty() && !texts.for_each_bigram(count, go_on)? {
        return Ok(false);
    }
    let mut out = BigramWriter::create(&folder.join("pairs"))
        .map_err(|error| write_error(folder, &error.into()))?;
    let mut from = 0;
    while from < common.len() {
        let row = |first: usize| &counts[first * common.len()..(first + 1) * common.len()];
        let size = |first: usize| row(first).iter().map(|pair| pair.doc_freq).sum::<u32>();
        let mut all = size(from);
        let more = (from + 1..common.len()).take_while(|first| {
            all = all.saturating_add(size(*first));
            all <= MAX_POSTINGS_IN_MEMORY
        });
        let to = from + 1 + more.count();
        let Some(lists) = texts.collect_postings(from..to, &counts, go_on)? else {
            return Ok(false);
        };
        for first in from..to {
            let lists = (0..common.len())
                .map(|second| lists.list_at((first - from) * common.len() + second));
            out.write_row(lists, texts.max_doc())
                .map_err(|error| write_error(folder, &error.into()))?;
        }
        from = to;
    }
    out.finish().map(|()| true).map_err(|error| write_error(folder, &error.into()))
}

/// The texts of a segment that is being written.
struct SegmentTexts<'c> {
    forward_index: CheckedFile,
    text_offsets: Vec<u64>,
    common_words: &'c [BigramClass],
}

impl SegmentTexts<'_> {
    fn open<'c>(folder: &Path, common: &'c [BigramClass]) -> Result<SegmentTexts<'c>, IndexError> {
        let starts = CheckedFile::open(&folder.join("starts"))?.read_all()?;
        let starts = starts.as_chunks().0.iter().map(|start| u64::from_le_bytes(*start)).collect();
        Ok(SegmentTexts {
            forward_index: CheckedFile::open(&folder.join("tokens"))?,
            text_offsets: starts,
            common_words: common,
        })
    }

    fn max_doc(&self) -> u32 {
        u32::try_from(self.text_offsets.len().saturating_sub(1)).unwrap_or(u32::MAX)
    }

    /// Calls `take` with the article and the ranks of all pairs that are kept here; `false` if `go_on` said no.
    fn for_each_bigram(
        &self,
        mut take: impl FnMut(u32, usize, usize),
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<bool, IndexError> {
        let mut stream = SequentialReader::new(&self.forward_index);
        for (range, article) in self.text_offsets.windows(2).zip(0_u32..) {
            if article.is_multiple_of(4096) && !go_on() {
                return Ok(false);
            }
            let len = usize::try_from(range[1].saturating_sub(range[0])).unwrap_or(0);
            let mut text = stream.read(range[0], len, u64::MAX)?;
            let mut before = None;
            while let Some(token) = varint::decode(&mut text) {
                let rank =
                    token.checked_sub(FIRST_TERM_ID).map_or(usize::MAX, |rank| rank as usize);
                let word = self.common_words.get(rank).map(|pairing| (rank, *pairing));
                if let (Some((first, one)), Some((second, other))) = (before, word)
                    && is_stored_here(one, other)
                {
                    take(article, first, second);
                }
                before = word;
            }
        }
        Ok(true)
    }

    /// The articles of each pair that begins with one of the words `firsts`.
    fn collect_postings(
        &self,
        firsts: Range<usize>,
        counts: &[DocCounter],
        go_on: &mut dyn FnMut() -> bool,
    ) -> Result<Option<PostingLists>, IndexError> {
        let width = self.common_words.len();
        let counts = &counts[firsts.start * width..firsts.end * width];
        let mut lists = PostingLists::with_doc_freqs(counts.iter().map(|pair| pair.doc_freq));
        let mut known = vec![DocCounter::default(); counts.len()];
        let put = |article, first: usize, second: usize| {
            if firsts.contains(&first) {
                let pair = (first - firsts.start) * width + second;
                if known[pair].count_doc(article) {
                    lists.push(pair, article);
                }
            }
        };
        Ok(self.for_each_bigram(put, go_on)?.then_some(lists))
    }
}

/// Whether pairs of such words are kept here.
fn is_stored_here(first: BigramClass, second: BigramClass) -> bool {
    first != second || first == BigramClass::Ordinary
}

/// The file being written.
struct BigramWriter {
    file: CheckedFileWriter,
    /// What is behind the lists: the pairs of each first word.
    rows: Vec<u8>,
    /// Where those of each begin there.
    row_offsets: Vec<u64>,
}

impl BigramWriter {
    fn create(path: &Path) -> std::io::Result<BigramWriter> {
        Ok(BigramWriter {
            file: CheckedFileWriter::create(path)?,
            rows: Vec::new(),
            row_offsets: Vec::new(),
        })
    }

    /// Adds the lists of a first word, one for each second.
    fn write_row<'l>(
        &mut self,
        lists: impl Iterator<Item = &'l [u32]>,
        articles: u32,
    ) -> std::io::Result<()> {
        self.row_offsets.push(self.rows.len() as u64);
        self.rows.extend(self.file.position().to_le_bytes());
        let (mut behind, mut bytes) = (0, Vec::new());
        for (list, second) in lists.zip(0_u32..).filter(|(list, _)| !list.is_empty()) {
            bytes.clear();
            encode_postings(list, articles, &mut bytes);
            self.file.write_all(&bytes)?;
            for number in [(second - behind) as usize, list.len(), bytes.len()] {
                varint::encode(u32::try_from(number).unwrap_or(u32::MAX), &mut self.rows);
            }
            behind = second;
        }
        Ok(())
    }

    fn finish(mut self) -> std::io::Result<()> {
        let (lists, words) = (self.file.position(), self.row_offsets.len());
        self.row_offsets.push(self.rows.len() as u64);
        self.file.write_all(&self.rows)?;
        for start in &self.row_offsets {
            self.file.write_all(&(lists + start).to_le_bytes())?;
        }
        self.file.write_all(&u32::try_from(words).unwrap_or(u32::MAX).to_le_bytes())?;
        self.file.finish()
    }
}

/// The neighbours of a segment, being read.
#[derive(Debug)]
pub(super) struct CommonBigrams {
    file: CheckedFile,
    /// Where the part of each first word begins, and where the last one ends.
    row_offsets: Vec<u64>,
}

impl CommonBigrams {
    pub(super) fn open(file: CheckedFile) -> Result<CommonBigrams, IndexError> {
        let mut bytes = Vec::new();
        let end = file.len().checked_sub(4).ok_or_else(|| file.corrupt_error())?;
        file.read_range(end, 4, &mut bytes)?;
        let words =
            u32::from_le_bytes(bytes.as_slice().try_into().expect("four bytes were read")) as usize;
        let len =
            Some(words).filter(|words| *words <= MAX_COMMON_WORDS).map(|words| (words + 1) * 8);
        let start = len.and_then(|len| Some((end.checked_sub(len as u64)?, len)));
        let (start, len) = start.ok_or_else(|| file.corrupt_error())?;
        file.read_range(start, len, &mut bytes)?;
        let starts = bytes.as_chunks().0.iter().map(|start| u64::from_le_bytes(*start)).collect();
        Ok(CommonBigrams { file, row_offsets: starts })
    }

    /// Bytes on the disk.
    pub(super) fn disk_size(&self) -> u64 {
        self.file.len()
    }

    /// Whether the word of a rank is common.
    pub(super) fn is_common(&self, rank: u32) -> bool {
        rank as usize + 1 < self.row_offsets.len()
    }

    /// Adds the articles in which two common words stand side by side, by their ranks.
    pub(super) fn add_docs(
        &self,
        first: u32,
        second: u32,
        bits: &mut BitSet,
    ) -> Result<(), IndexError> {
        let first = first as usize;
        let (Some(start), Some(end)) =
            (self.row_offsets.get(first), self.row_offsets.get(first + 1))
        else {
            return Ok(());
        };
        let len = end.checked_sub(*start).and_then(|len| usize::try_from(len).ok());
        let mut row = Vec::new();
        self.file.read_range(*start, len.ok_or_else(|| self.file.corrupt_error())?, &mut row)?;
        let (list, count, len) =
            find_posting_list(&row, second).ok_or_else(|| self.file.corrupt_error())?;
        let mut bytes = Vec::new();
        self.file.read_range(list, len, &mut bytes)?;
        decode_into_bitset(&mut bytes.as_slice(), count, bits)
            .ok_or_else(|| self.file.corrupt_error())
    }
}

/// Where the list of a second word is in a first word's part, how many articles are in it and how many bytes it has,
/// none if it is not there; `None` if the part is broken.
fn find_posting_list(row: &[u8], second: u32) -> Option<(u64, u32, usize)> {
    let (at, mut row) = row.split_first_chunk()?;
    let (mut at, mut word) = (u64::from_le_bytes(*at), 0_u32);
    while !row.is_empty() {
        word = word.checked_add(varint::decode(&mut row)?)?;
        let (count, len) = (varint::decode(&mut row)?, varint::decode(&mut row)?);
        if word >= second {
            return Some(if word == second { (at, count, len as usize) } else { (at, 0, 0) });
        }
        at = at.checked_add(u64::from(len))?;
    }
    Some((at, 0, 0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Writes texts, and what is beside them in them; `None` stands where no pair crosses.
    fn write_and_open(
        texts: &[Vec<Option<u32>>],
        common: &[BigramClass],
    ) -> (tempfile::TempDir, CommonBigrams) {
        let folder = tempfile::tempdir().unwrap();
        let mut tokens = CheckedFileWriter::create(&folder.path().join("tokens")).unwrap();
        let mut starts = CheckedFileWriter::create(&folder.path().join("starts")).unwrap();
        for text in texts {
            starts.write_all(&tokens.position().to_le_bytes()).unwrap();
            let mut bytes = Vec::new();
            for rank in text {
                varint::encode(rank.map_or(0, |rank| rank + FIRST_TERM_ID), &mut bytes);
            }
            tokens.write_all(&bytes).unwrap();
        }
        starts.write_all(&tokens.position().to_le_bytes()).unwrap();
        tokens.finish().unwrap();
        starts.finish().unwrap();
        assert!(write_common_bigrams(folder.path(), common, &mut || true).unwrap());
        let pairs =
            CommonBigrams::open(CheckedFile::open(&folder.path().join("pairs")).unwrap()).unwrap();
        (folder, pairs)
    }

    proptest! {
        #[test]
        fn common_bigrams_match_adjacent_words(
            texts in prop::collection::vec(prop::collection::vec(prop::option::of(0_u32..9), 0..30), 1..70),
        ) {
            let common = [BigramClass::Ordinary, BigramClass::Frequent, BigramClass::Frequent, BigramClass::Unspaced, BigramClass::Ordinary];
            let (_folder, pairs) = write_and_open(&texts, &common);
            let articles = u32::try_from(texts.len()).unwrap();
            for first in 0..6 {
                prop_assert_eq!(pairs.is_common(first), first < 5);
                for second in 0..6 {
                    let mut bits = BitSet::empty(articles);
                    pairs.add_docs(first, second, &mut bits).unwrap();
                    let both = common.get(first as usize).zip(common.get(second as usize));
                    let kept = both.is_some_and(|(one, other)| is_stored_here(*one, *other));
                    let stand = |text: &Vec<Option<u32>>| text.windows(2).any(|pair| pair == [Some(first), Some(second)]);
                    let expected: Vec<bool> = texts.iter().map(|text| kept && stand(text)).collect();
                    prop_assert_eq!((0..articles).map(|article| bits.get(article)).collect::<Vec<_>>(), expected);
                }
            }
        }

        #[test]
        fn common_bigrams_row_parse_never_panics_on_any_bytes(row in prop::collection::vec(any::<u8>(), 0..60), second in 0_u32..9) {
            let _ = find_posting_list(&row, second);
        }
    }

    #[test]
    fn common_bigrams_write_stops_when_cancelled() {
        let (folder, _) = write_and_open(&[vec![Some(0), Some(0)]], &[BigramClass::Ordinary]);
        assert!(
            !write_common_bigrams(folder.path(), &[BigramClass::Ordinary], &mut || false).unwrap()
        );
    }

    #[test]
    fn common_bigrams_without_common_words_are_empty() {
        let (_folder, pairs) = write_and_open(&[vec![Some(0), Some(1)]], &[]);
        assert!(!pairs.is_common(0));
        pairs.add_docs(0, 1, &mut BitSet::empty(1)).unwrap();
    }
}
