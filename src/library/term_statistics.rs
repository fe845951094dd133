//! The frequencies of words in the library, by which the terms of stories are weighed.

use std::{
    cell::{Cell, RefCell},
    collections::HashMap,
    path::Path,
};

use super::indexable::source_text;
use crate::{
    index::{IndexError, Segment, SegmentLocation, is_frequent_word},
    store::{ReadConnection, StoreError},
    story::{StoryText, TermStatistics, distinct_words},
};

/// Number of indexed articles that say enough about the frequencies of words: no further segment is
/// opened for them, because the dictionary of a large one takes tens of MiB.
const ENOUGH_DOCUMENTS: u32 = 20_000;

/// Number of indexed articles below which those that are not indexed yet are counted, too: a new library
/// has no index.
const FEW_DOCUMENTS: u32 = 2_000;

/// Maximum number of articles that are counted without an index.
const MAX_COUNTED_ENTRIES: usize = 1_000;

/// Maximum number of words whose frequencies are kept, about 8 MiB: the words of a year of news. They are
/// looked up again after that.
const MAX_KNOWN_WORDS: usize = 1 << 17;

/// The frequencies of words in the newest segments of the index, or else in the newest articles.
pub(super) struct LibraryTermStatistics {
    segments: Vec<Segment>,
    /// The words of the articles that are not indexed yet.
    counted: HashMap<String, u32>,
    document_count: u32,
    /// The frequencies that were looked up.
    known: RefCell<HashMap<String, u32>>,
    /// The first error of the index.
    error: Cell<Option<IndexError>>,
}

impl LibraryTermStatistics {
    /// Opens the newest segments. One that cannot be opened is left out: the index is repaired
    /// elsewhere.
    pub(super) fn load(
        reader: &ReadConnection,
        folder: &Path,
    ) -> Result<LibraryTermStatistics, StoreError> {
        let mut statistics = LibraryTermStatistics {
            segments: Vec::new(),
            counted: HashMap::new(),
            document_count: 0,
            known: RefCell::default(),
            error: Cell::new(None),
        };
        for record in reader.list_segments()?.into_iter().rev() {
            if statistics.document_count >= ENOUGH_DOCUMENTS {
                break;
            }
            let location = SegmentLocation::new(folder, record.number, record.id);
            if let Ok(segment) = Segment::open(&location) {
                statistics.document_count += segment.max_doc();
                statistics.segments.push(segment);
            }
        }
        if statistics.document_count < FEW_DOCUMENTS {
            statistics.count_unindexed(reader)?;
        }
        Ok(statistics)
    }

    /// Counts the words of the newest articles that are not indexed yet.
    fn count_unindexed(&mut self, reader: &ReadConnection) -> Result<(), StoreError> {
        let changes = reader.list_newest_text_changes(MAX_COUNTED_ENTRIES)?;
        let ids: Vec<_> = changes.into_iter().map(|(entry, _)| entry).collect();
        reader.for_each_full_entry(&ids, |entry| {
            let text = source_text(&entry);
            self.document_count += 1;
            for word in distinct_words(StoryText { title: &text.title, body: &text.body }) {
                *self.counted.entry(word).or_default() += 1;
            }
        })?;
        Ok(())
    }

    /// Returns the first error of the index.
    pub(super) fn take_error(&self) -> Option<IndexError> {
        self.error.take()
    }

    /// Looks a word up in the segments.
    fn look_up(&self, word: &str) -> u32 {
        let mut frequency = self.counted.get(word).copied().unwrap_or_default();
        for segment in &self.segments {
            match segment.document_frequency(word) {
                Ok(found) => frequency += found,
                Err(error) => self.error.set(Some(error)),
            }
        }
        frequency
    }
}

impl TermStatistics for LibraryTermStatistics {
    fn document_count(&self) -> u32 {
        self.document_count
    }

    fn document_frequency(&self, word: &str) -> u32 {
        if is_frequent_word(word) {
            return u32::MAX;
        }
        if let Some(known) = self.known.borrow().get(word) {
            return *known;
        }
        let frequency = self.look_up(word);
        let mut known = self.known.borrow_mut();
        if known.len() >= MAX_KNOWN_WORDS {
            known.clear();
        }
        known.insert(word.to_owned(), frequency);
        frequency
    }
}
