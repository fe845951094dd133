//! The frequencies of the words of the index, in a form that is looked up without reading a file.

use hashbrown::HashMap;

use crate::{index::Segment, story::term_hash};

/// Number of documents for each of which the frequency from which on a word is kept grows by one: a library of
/// a million articles has millions of words, most of which are in a few.
const DOCUMENTS_PER_FREQUENCY: u32 = 65_536;

/// Number of words that are read between two calls of `go_on`.
const WORDS_PER_STEP: u32 = 1 << 10;

/// Number of documents for how often the words of some segments occur. A rare word that is left out counts as
/// one of a single document, which weighs next to the same.
#[derive(Debug, Default)]
pub(super) struct WordFrequencies {
    /// The frequencies by the hashes of the words: 400,000 words take 5 MiB.
    by_hash: HashMap<u32, u32>,
    document_count: u32,
}

impl WordFrequencies {
    /// Reads the dictionaries of segments. One that cannot be read is left out: the index is repaired
    /// elsewhere. Calls `go_on` now and then: a large dictionary takes some tenths of a second.
    pub(super) fn of_segments(segments: &[Segment], go_on: &dyn Fn() -> bool) -> WordFrequencies {
        let mut frequencies = WordFrequencies::default();
        let mut read_count = 0_u32;
        for segment in segments {
            let minimum = 2 + segment.max_doc() / DOCUMENTS_PER_FREQUENCY;
            let add = |word: &str, frequency| {
                read_count = read_count.wrapping_add(1);
                if read_count.is_multiple_of(WORDS_PER_STEP) {
                    go_on();
                }
                if frequency >= minimum {
                    *frequencies.by_hash.entry(term_hash(word)).or_default() += frequency;
                }
            };
            if segment.for_each_document_frequency(add).is_ok() {
                frequencies.document_count += segment.max_doc();
            }
        }
        frequencies.by_hash.shrink_to_fit();
        frequencies
    }

    /// Returns the number of documents.
    pub(super) fn document_count(&self) -> u32 {
        self.document_count
    }

    /// Returns the number of documents that have a folded word.
    pub(super) fn document_frequency(&self, word: &str) -> u32 {
        self.by_hash.get(&term_hash(word)).copied().unwrap_or_default()
    }
}
