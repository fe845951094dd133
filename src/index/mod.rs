//! Finding entries by their text: every key in the filter bar asks here.
//!
//! Knows no SQL: it is handed folded texts and answers questions over them. It is derived from the library and may be
//! deleted at any time.
//!
//! What has been in the library for a while is in [`Segment`]s: files that are written once, by a [`SegmentBuilder`] or by
//! [`merge_segments`], and then only read. An [`IndexReader`] is all of them together with what changes more often than they do: what
//! is read, starred, deleted. A [`query`](crate::query) becomes a [`IndexQuery`], a condition over a segment becomes a
//! bit per article ([`BitSet`]); only phrases have to look at texts, which a [`IndexSearch`] does step by step, the newest
//! first. What came in since is in [`UnindexedEntries`], which are looked through from front to back.

mod bitset;
mod bm25;
mod checked_file;
mod compile;
mod error;
mod evaluate;
mod field_terms;
mod index_query;
mod index_reader;
mod locations;
mod merge;
mod phrase_matcher;
mod posting_builder;
mod postings;
mod search;
mod segment;
mod segment_builder;
mod suggest;
mod term_table;
mod unindexed_entries;
mod varint;

pub use bitset::BitSet;
pub use bm25::{HitStatistics, sort_by_relevance};
pub use checked_file::INDEX_FORMAT_VERSION;
pub use compile::{QueryContext, compile_phrase, compile_query};
pub use error::IndexError;
pub(crate) use index_query::{EDITED_ATTRIBUTE, language_attribute, media_attribute};
pub use index_query::{IndexQuery, Part, PhraseQuery};
pub use index_reader::{IndexReader, SegmentMeta, segment_folder};
pub use merge::merge_segments;
pub use search::{HistogramBounds, IndexSearch, SearchCandidate, SortKey};
pub use segment::Segment;
pub use segment_builder::{
    COMMON_WORD_MIN_DOCS, IndexDocument, MAX_NEW_SEGMENT_DOCS, SegmentBuilder,
};
pub use suggest::Suggester;
pub use unindexed_entries::{UnindexedEntries, UnindexedEntry};
