//! The frequencies of words in the library, by which the terms of stories are weighed.

use std::{
    cell::{Cell, RefCell},
    collections::HashSet,
    path::Path,
};

use hashbrown::HashMap;

use super::{indexable::source_text, word_frequencies::WordFrequencies};
use crate::{
    index::{IndexError, Segment, SegmentLocation, is_frequent_word},
    model::EntryId,
    store::{ReadConnection, SegmentRecord, StoreError},
    story::{StoryText, TermStatistics, distinct_words},
};

/// Number of indexed articles that say enough about the frequencies of words: no further segment is
/// opened for them, because the dictionary of a large one takes tens of MiB while it is read.
const ENOUGH_DOCUMENTS: u32 = 20_000;

/// Number of indexed articles below which those that are not indexed yet are counted, too: a new library
/// has no index.
const FEW_DOCUMENTS: u32 = 2_000;

/// Maximum number of articles that are counted without an index.
const MAX_COUNTED_ENTRIES: usize = 1_000;

/// Number of articles for which words are looked up in the segments, one by one. For more, all words are read
/// once, which takes as long as looking up the words of some hundreds.
const FEW_ARTICLES: u64 = 200;

/// The share of its articles, as a divisor, by which the index grows or shrinks before its words are counted
/// anew: an eighth.
const STALE_DIVISOR: u64 = 8;

/// The frequencies of words that are known from one run to the next.
#[derive(Default)]
pub(super) struct TermStatisticsCache {
    /// The frequencies of all words, and the number of articles in the index when they were read.
    frequencies: Option<(u64, WordFrequencies)>,
    /// Number of articles for which words were looked up without them.
    looked_up_articles: u64,
    counted: CountedEntries,
}

/// The words of articles that are not indexed yet.
#[derive(Default)]
struct CountedEntries {
    entries: HashSet<EntryId>,
    frequencies: HashMap<String, u32>,
}

impl TermStatisticsCache {
    /// Returns the frequencies of words in the newest segments of the index in `folder`, for a number of
    /// articles. A segment that cannot be opened is left out: the index is repaired elsewhere. Calls `go_on` between
    /// the steps of the work.
    pub(super) fn prepare(
        &mut self,
        (reader, folder): (&ReadConnection, &Path),
        article_count: u64,
        go_on: &dyn Fn() -> bool,
    ) -> Result<LibraryTermStatistics<'_>, StoreError> {
        let records = reader.list_segments()?;
        let document_count: u64 = records.iter().map(|record| u64::from(record.doc_count)).sum();
        self.frequencies
            .take_if(|(before, _)| document_count.abs_diff(*before) > *before / STALE_DIVISOR);
        self.looked_up_articles += article_count;
        let mut segments = Vec::new();
        if self.frequencies.is_none() {
            segments = open_newest(folder, &records);
            if self.looked_up_articles > FEW_ARTICLES {
                let frequencies =
                    WordFrequencies::of_segments(&std::mem::take(&mut segments), go_on);
                self.frequencies = Some((document_count, frequencies));
            }
        }
        if document_count < u64::from(FEW_DOCUMENTS) {
            self.counted.update(reader, go_on)?;
        } else {
            self.counted = CountedEntries::default();
        }
        let frequencies = self.frequencies.as_ref().map(|(_, frequencies)| frequencies);
        Ok(LibraryTermStatistics::new(frequencies, segments, &self.counted))
    }
}

/// Opens the newest segments.
fn open_newest(folder: &Path, records: &[SegmentRecord]) -> Vec<Segment> {
    let (mut segments, mut document_count) = (Vec::new(), 0);
    for record in records.iter().rev() {
        if document_count >= ENOUGH_DOCUMENTS {
            break;
        }
        let location = SegmentLocation::new(folder, record.number, record.id);
        if let Ok(segment) = Segment::open(&location) {
            document_count += segment.max_doc();
            segments.push(segment);
        }
    }
    segments
}

impl CountedEntries {
    /// Counts the words of the newest articles that are not indexed yet.
    fn update(
        &mut self,
        reader: &ReadConnection,
        go_on: &dyn Fn() -> bool,
    ) -> Result<(), StoreError> {
        let changes = reader.list_newest_text_changes(MAX_COUNTED_ENTRIES)?;
        let waiting: HashSet<EntryId> = changes.into_iter().map(|(entry, _)| entry).collect();
        if !self.entries.is_subset(&waiting) {
            // Some are in the index by now.
            *self = CountedEntries::default();
        }
        let mut new: Vec<EntryId> = waiting.difference(&self.entries).copied().collect();
        new.sort_unstable();
        reader.for_each_full_entry(&new, |entry| {
            go_on();
            let text = source_text(&entry);
            for word in distinct_words(StoryText { title: &text.title, body: &text.body }) {
                *self.frequencies.entry(word).or_default() += 1;
            }
        })?;
        self.entries.extend(new);
        Ok(())
    }
}

/// The frequencies of words in the newest segments of the index, and in the newest articles that are not
/// indexed yet.
pub(super) struct LibraryTermStatistics<'a> {
    /// The frequencies of all words, in place of the segments.
    frequencies: Option<&'a WordFrequencies>,
    segments: Vec<Segment>,
    counted: &'a CountedEntries,
    document_count: u32,
    /// The frequencies that were looked up.
    known: RefCell<HashMap<String, u32>>,
    /// The first error of the index.
    error: Cell<Option<IndexError>>,
}

impl<'a> LibraryTermStatistics<'a> {
    fn new(
        frequencies: Option<&'a WordFrequencies>,
        segments: Vec<Segment>,
        counted: &'a CountedEntries,
    ) -> LibraryTermStatistics<'a> {
        let indexed = match frequencies {
            Some(frequencies) => frequencies.document_count(),
            None => segments.iter().map(Segment::max_doc).sum(),
        };
        let counted_entries = u32::try_from(counted.entries.len()).unwrap_or(u32::MAX);
        LibraryTermStatistics {
            frequencies,
            segments,
            counted,
            document_count: indexed.saturating_add(counted_entries),
            known: RefCell::default(),
            error: Cell::new(None),
        }
    }

    /// Returns the first error of the index.
    pub(super) fn take_error(&self) -> Option<IndexError> {
        self.error.take()
    }

    /// Looks a word up in the segments.
    fn look_up(&self, word: &str) -> u32 {
        if let Some(known) = self.known.borrow().get(word) {
            return *known;
        }
        let mut frequency = 0;
        for segment in &self.segments {
            match segment.document_frequency(word) {
                Ok(found) => frequency += found,
                Err(error) => self.error.set(Some(error)),
            }
        }
        self.known.borrow_mut().insert(word.to_owned(), frequency);
        frequency
    }
}

impl TermStatistics for LibraryTermStatistics<'_> {
    fn document_count(&self) -> u32 {
        self.document_count
    }

    fn document_frequency(&self, word: &str) -> u32 {
        if is_frequent_word(word) {
            return u32::MAX;
        }
        let counted = self.counted.frequencies.get(word).copied().unwrap_or_default();
        let indexed = self.frequencies.map(|frequencies| frequencies.document_frequency(word));
        counted + indexed.unwrap_or_else(|| self.look_up(word))
    }
}
