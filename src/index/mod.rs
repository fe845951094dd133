//! The full-text index of the library; the filter bar runs a search on every key.
//!
//! The module contains no SQL: callers pass folded texts and get entry ids back. Everything in the
//! index is derived from the library, so the index can be deleted and rebuilt at any time.
//!
//! # Parts
//!
//! * A [`Segment`] is a folder of immutable files with some documents, sorted by date. A
//!   [`SegmentBuilder`] writes new documents to a segment; [`merge_segments`] combines several
//!   segments into one.
//! * An [`IndexReader`] holds all open segments and the data that change more often than segments:
//!   deleted documents, and the states and tags of the others.
//! * [`compile_query`] turns a [`Query`](crate::query::Query) into an [`IndexQuery`]. A segment
//!   evaluates most parts of it to one bit per document ([`BitSet`]).
//! * An [`IndexSearch`] holds the hits. The postings cannot decide every phrase; the search
//!   verifies the remaining candidates against the stored texts, step by step and newest first.
//! * [`UnindexedEntries`] are the entries that no segment contains yet. They are searched one by
//!   one.
//!
//! Start reading with [`IndexReader::search`]; the file format is described in the module
//! `segment`.

mod bitset;
mod bm25;
mod checked_file;
mod compile;
mod date_order;
mod error;
mod evaluate;
mod field_terms;
mod hit_merge;
mod index_query;
mod index_reader;
mod located_copies;
mod locations;
mod merge;
mod phrase_matcher;
mod posting_builder;
mod postings;
mod search;
mod segment;
mod segment_builder;
mod sort_key;
mod stored_text;
mod suggest;
mod tag_docs;
mod tag_words;
mod term_table;
#[cfg(test)]
mod test_segment;
mod unindexed_entries;
mod varint;
mod word_matcher;
mod word_regex;
mod word_sequence;

pub use bitset::BitSet;
pub use bm25::{HitStatistics, sort_by_relevance};
pub use checked_file::INDEX_FORMAT_VERSION;
pub use compile::{QueryContext, compile_listed, compile_phrase, compile_query};
pub use error::IndexError;
pub(crate) use index_query::{EDITED_ATTRIBUTE, language_attribute, media_attribute};
pub use index_query::{IndexQuery, PhraseQuery};
pub use index_reader::{IndexReader, SegmentMeta};
pub use located_copies::LocatedCopies;
pub use merge::merge_segments;
pub use search::{HistogramBounds, IndexSearch, SearchCandidate};
pub use segment::{Segment, SegmentLocation, is_frequent_word};
pub use segment_builder::{
    COMMON_WORD_MIN_DOCS, IndexDocument, MAX_NEW_SEGMENT_DOCS, SegmentBuilder,
};
pub use sort_key::SortKey;
pub use suggest::Suggester;
pub use tag_words::TagWords;
pub use unindexed_entries::{EntryLookup, UnindexedEntries, UnindexedEntry};
