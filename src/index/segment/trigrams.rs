//! Trigrams: the words of the dictionary by three adjacent bytes in them.
//!
//! A part of a word, as a regular expression requires it, would otherwise be compared with every
//! word of the dictionary.
//!
//! The words are in blocks of [`BLOCK_WORDS`] consecutive ordinals. Neighbouring words share most of
//! their trigrams, so that lists of blocks take half the space of lists of words; the words of the
//! few candidate blocks are compared with the expression anyway. For the same reason trigrams may
//! share a list: the number of lists is fixed, and so is the memory that they take.
//!
//! ```text
//! lists │ directory │ length of the directory (u32)
//!
//! list: the blocks in ascending order, each as the number of blocks skipped before it (varint)
//! directory: for each list that is not empty, the number of empty lists before it and the length of
//! the list in bytes (varints)
//! ```

use std::{io::Write, ops::Range};

use crate::{
    index::{
        BitSet, IndexError,
        checked_file::{CheckedFile, CheckedFileWriter},
        varint,
    },
    query::RequiredLiterals,
};

/// Number of consecutive words in a block.
const BLOCK_WORDS: u32 = 16;

/// Number of bytes of a trigram.
const TRIGRAM_BYTES: usize = 3;

/// Number of lists of trigrams. Texts of one language have about 20,000 trigrams.
const TRIGRAM_LISTS: u32 = 1 << 16;

/// The list of the blocks that are candidates for every literal.
const UNCONDITIONAL_LIST: u32 = TRIGRAM_LISTS;

/// Maximum length of a word whose trigrams are listed, in bytes. The block of a longer word is a
/// candidate for every literal: words that long are rare, and of the longest only the beginning is
/// stored.
pub(in crate::index) const MAX_TRIGRAM_WORD_BYTES: usize = 64;

/// Maximum number of blocks in all lists, which limits the memory of the builder to about 40 MB. The
/// blocks after that are candidates for every literal.
const MAX_LISTED_BLOCKS: u32 = 1 << 24;

/// Maximum number of trigrams of a literal that are considered.
const MAX_LITERAL_TRIGRAMS: usize = 32;

/// Number of lists that are intersected for a literal, the shortest ones.
const LISTS_PER_LITERAL: usize = 3;

/// Returns the list of a trigram.
fn list_of_trigram(trigram: &[u8]) -> u32 {
    let number = trigram.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
    // The upper half of a product with 2^32 divided by the golden ratio: similar trigrams get lists
    // far apart.
    number.wrapping_mul(0x9e37_79b1) >> 16
}

/// Collects the trigrams while the words are written in order.
pub(super) struct TrigramIndexBuilder {
    lists: Vec<BlockList>,
    num_words: u32,
    listed_blocks: u32,
}

/// Blocks in ascending order, encoded.
#[derive(Clone, Default)]
struct BlockList {
    bytes: Vec<u8>,
    /// The lowest block that may follow.
    next: u32,
}

impl BlockList {
    /// Appends `block` and returns true unless it is the last one already.
    fn push(&mut self, block: u32) -> bool {
        let Some(skipped) = block.checked_sub(self.next) else { return false };
        varint::encode(skipped, &mut self.bytes);
        self.next = block + 1;
        true
    }
}

impl TrigramIndexBuilder {
    pub(super) fn new() -> TrigramIndexBuilder {
        let lists = vec![BlockList::default(); TRIGRAM_LISTS as usize + 1];
        TrigramIndexBuilder { lists, num_words: 0, listed_blocks: 0 }
    }

    /// Adds the next word.
    pub(super) fn add_word(&mut self, word: &[u8]) {
        let block = self.num_words / BLOCK_WORDS;
        self.num_words += 1;
        if word.len() > MAX_TRIGRAM_WORD_BYTES || self.listed_blocks >= MAX_LISTED_BLOCKS {
            self.lists[UNCONDITIONAL_LIST as usize].push(block);
            return;
        }
        for trigram in word.windows(TRIGRAM_BYTES) {
            let is_new = self.lists[list_of_trigram(trigram) as usize].push(block);
            self.listed_blocks += u32::from(is_new);
        }
    }

    /// Writes the lists and the directory.
    pub(super) fn write(&self, file: &mut CheckedFileWriter) -> std::io::Result<()> {
        let (mut directory, mut empty_lists) = (Vec::new(), 0);
        for list in &self.lists {
            if list.bytes.is_empty() {
                empty_lists += 1;
                continue;
            }
            file.write_all(&list.bytes)?;
            varint::encode(std::mem::take(&mut empty_lists), &mut directory);
            varint::encode(u32::try_from(list.bytes.len()).unwrap_or(u32::MAX), &mut directory);
        }
        file.write_all(&directory)?;
        file.write_all(&u32::try_from(directory.len()).unwrap_or(u32::MAX).to_le_bytes())
    }
}

/// The trigrams of an open segment.
#[derive(Debug)]
pub(super) struct TrigramIndex {
    file: CheckedFile,
    num_words: u32,
}

/// Number and place of each list that is not empty, in ascending order.
type Directory = Vec<(u32, Range<u64>)>;

impl TrigramIndex {
    /// Returns the index in `file` of a dictionary with `num_words` words. The file is read when it
    /// is needed.
    pub(super) fn new(file: CheckedFile, num_words: u32) -> TrigramIndex {
        TrigramIndex { file, num_words }
    }

    /// Returns the size on disk in bytes.
    pub(super) fn disk_size(&self) -> u64 {
        self.file.len()
    }

    /// Returns the ordinals of the words for which `literals` may hold, in ranges.
    pub(super) fn candidate_ordinals(
        &self,
        literals: &RequiredLiterals,
    ) -> Result<Vec<Range<u32>>, IndexError> {
        let directory = self.read_directory()?;
        let mut blocks = self.blocks_with(literals, &directory)?;
        blocks.or(&self.read_list(UNCONDITIONAL_LIST, &directory)?);
        Ok(self.ordinals_of(&blocks))
    }

    fn num_blocks(&self) -> u32 {
        self.num_words.div_ceil(BLOCK_WORDS)
    }

    /// Returns the ordinals of the words in `blocks`, in ranges.
    fn ordinals_of(&self, blocks: &BitSet) -> Vec<Range<u32>> {
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for block in blocks.iter_descending() {
            let start = block * BLOCK_WORDS;
            let end = start.saturating_add(BLOCK_WORDS).min(self.num_words);
            match ranges.last_mut().filter(|last| last.start == end) {
                Some(last) => last.start = start,
                None => ranges.push(start..end),
            }
        }
        ranges.reverse();
        ranges
    }

    /// Returns the blocks of the words for which `literals` may hold.
    fn blocks_with(
        &self,
        literals: &RequiredLiterals,
        directory: &Directory,
    ) -> Result<BitSet, IndexError> {
        match literals {
            RequiredLiterals::All(conditions) => {
                let parts = conditions.iter().map(|literals| self.blocks_with(literals, directory));
                self.intersect_all(parts)
            }
            RequiredLiterals::Any(conditions) => {
                let mut union = BitSet::empty(self.num_blocks());
                for literals in conditions {
                    union.or(&self.blocks_with(literals, directory)?);
                }
                Ok(union)
            }
            RequiredLiterals::Literal(literal) => {
                let lists = rarest_lists(literal, directory);
                self.intersect_all(lists.map(|list| self.read_list(list, directory)))
            }
        }
    }

    fn intersect_all(
        &self,
        parts: impl Iterator<Item = Result<BitSet, IndexError>>,
    ) -> Result<BitSet, IndexError> {
        let mut intersection = BitSet::full(self.num_blocks());
        for part in parts {
            intersection.and(&part?);
        }
        Ok(intersection)
    }

    fn read_directory(&self) -> Result<Directory, IndexError> {
        const LENGTH_BYTES: usize = 4;
        let corrupt = || self.file.corrupt_error();
        let end = self.file.len().checked_sub(LENGTH_BYTES as u64).ok_or_else(corrupt)?;
        let mut bytes = Vec::new();
        self.file.read_range(end, LENGTH_BYTES, &mut bytes)?;
        let len = u32::from_le_bytes(bytes.as_slice().try_into().expect("four bytes were read"));
        let start = end.checked_sub(u64::from(len)).ok_or_else(corrupt)?;
        self.file.read_range(start, len as usize, &mut bytes)?;
        decode_directory(&bytes).ok_or_else(corrupt)
    }

    /// Reads the list with this number; it is empty if the directory does not have it.
    fn read_list(&self, list: u32, directory: &Directory) -> Result<BitSet, IndexError> {
        let mut bytes = Vec::new();
        let place = place_of_list(list, directory);
        let len = usize::try_from(place.end - place.start);
        self.file.read_range(place.start, len.unwrap_or(usize::MAX), &mut bytes)?;
        decode_list(&bytes, self.num_blocks()).ok_or_else(|| self.file.corrupt_error())
    }
}

/// Returns the shortest lists among those of the literal's trigrams; none if it is shorter than a
/// trigram.
fn rarest_lists(literal: &[u8], directory: &Directory) -> impl Iterator<Item = u32> {
    let trigrams = literal.windows(TRIGRAM_BYTES).take(MAX_LITERAL_TRIGRAMS);
    let mut lists: Vec<u32> = trigrams.map(list_of_trigram).collect();
    lists.sort_by_cached_key(|list| {
        let place = place_of_list(*list, directory);
        (place.end - place.start, *list)
    });
    lists.dedup();
    lists.into_iter().take(LISTS_PER_LITERAL)
}

/// Returns the place of a list in the file.
fn place_of_list(list: u32, directory: &Directory) -> Range<u64> {
    match directory.binary_search_by_key(&list, |(number, _)| *number) {
        Ok(index) => directory[index].1.clone(),
        Err(_) => 0..0,
    }
}

/// Decodes a directory. Returns `None` if the encoding is invalid.
fn decode_directory(mut bytes: &[u8]) -> Option<Directory> {
    let (mut directory, mut next, mut offset) = (Vec::new(), 0_u32, 0_u64);
    while !bytes.is_empty() {
        let list = next.checked_add(varint::decode(&mut bytes)?)?;
        let end = offset + u64::from(varint::decode(&mut bytes)?);
        directory.push((list, offset..end));
        (next, offset) = (list.checked_add(1)?, end);
    }
    Some(directory)
}

/// Decodes a list of blocks below `num_blocks`. Returns `None` if the encoding is invalid.
fn decode_list(mut bytes: &[u8], num_blocks: u32) -> Option<BitSet> {
    let (mut blocks, mut next) = (BitSet::empty(num_blocks), 0_u32);
    while !bytes.is_empty() {
        let block = next.checked_add(varint::decode(&mut bytes)?)?;
        if block >= num_blocks {
            return None;
        }
        blocks.insert(block);
        next = block + 1;
    }
    Some(blocks)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ID: i64 = 7;

    /// Writes the trigrams of `words` and opens them.
    fn write_and_open(words: &[String]) -> (tempfile::TempDir, TrigramIndex) {
        let mut builder = TrigramIndexBuilder::new();
        for word in words {
            builder.add_word(word.as_bytes());
        }
        write_file(words.len(), |file| builder.write(file).unwrap())
    }

    fn write_file(
        num_words: usize,
        write: impl FnOnce(&mut CheckedFileWriter),
    ) -> (tempfile::TempDir, TrigramIndex) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("trigrams");
        let mut file = CheckedFileWriter::create(&path, ID).unwrap();
        write(&mut file);
        file.finish().unwrap();
        let file = CheckedFile::open(&path, Some(ID)).unwrap();
        (folder, TrigramIndex::new(file, u32::try_from(num_words).unwrap()))
    }

    fn literal(text: &str) -> RequiredLiterals {
        RequiredLiterals::Literal(text.as_bytes().to_vec())
    }

    fn any_literals() -> impl Strategy<Value = RequiredLiterals> {
        let leaf = "[abcé]{1,6}".prop_map(|text| literal(&text));
        leaf.prop_recursive(2, 8, 3, |inner| {
            let several = prop::collection::vec(inner, 0..3);
            prop_oneof![
                several.clone().prop_map(RequiredLiterals::All),
                several.prop_map(RequiredLiterals::Any)
            ]
        })
    }

    proptest! {
        #[test]
        fn candidates_contain_every_word_with_literals(
            words in prop::collection::btree_set("[abcdeé]{1,7}|a{60,66}[bc]", 0..200),
            literals in any_literals(),
        ) {
            let words: Vec<String> = words.into_iter().collect();
            let (_folder, trigrams) = write_and_open(&words);
            let candidates = trigrams.candidate_ordinals(&literals).unwrap();
            prop_assert!(candidates.iter().all(|range| range.end as usize <= words.len()));
            prop_assert!(candidates.windows(2).all(|pair| pair[0].end < pair[1].start));
            for (word, ordinal) in words.iter().zip(0..) {
                if literals.holds(word.as_bytes()) {
                    prop_assert!(candidates.iter().any(|range| range.contains(&ordinal)), "{word}");
                }
            }
        }

        #[test]
        fn trigrams_of_another_program_are_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
            let (_folder, trigrams) = write_file(40, |file| file.write_all(&bytes).unwrap());
            if let Ok(candidates) = trigrams.candidate_ordinals(&literal("abcd")) {
                prop_assert!(candidates.iter().all(|range| range.end <= 40));
            }
        }
    }

    #[test]
    fn candidates_are_few_blocks() {
        let words: Vec<String> = (1000..9000).map(|number| format!("n{number}")).collect();
        let (_folder, trigrams) = write_and_open(&words);
        let count = |literals: RequiredLiterals| -> usize {
            let candidates = trigrams.candidate_ordinals(&literals).unwrap();
            candidates.into_iter().map(|range| range.len()).sum()
        };
        let either = RequiredLiterals::Any(vec![literal("n1234"), literal("n8765")]);
        assert_eq!([literal("n4321"), either, literal("xyz")].map(count), [16, 32, 0]);
        assert_eq!(count(literal("n4")), 8000, "two bytes say nothing");
    }

    #[test]
    fn blocks_of_long_words_are_candidates_for_every_literal() {
        let mut words: Vec<String> = (100..148).map(|number| format!("n{number}")).collect();
        words[20] = "n".repeat(MAX_TRIGRAM_WORD_BYTES + 1);
        let (_folder, trigrams) = write_and_open(&words);
        let candidates = trigrams.candidate_ordinals(&literal("xyz")).unwrap();
        assert!(candidates.into_iter().flatten().eq(16..32));
    }
}
