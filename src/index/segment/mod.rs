//! A segment: some documents, sorted by date, with their postings, texts and doc values. A segment
//! is written once and only read afterwards, until it is merged into a larger one.
//!
//! # File format
//!
//! A segment is a folder of files. Each file is split into the pages of
//! [`checked_file`](super::checked_file); all numbers are little-endian.
//!
//! * `keys`: term dictionary, a finite-state transducer from keys to ordinals. A key is a
//!   [field](term_key::TermField) byte and a word; the words of texts come first.
//! * `table`: one [`TermInfo`] per ordinal: offset in `postings` (48 bits), length in bytes (u32),
//!   number of documents (u32). A key with a single document has its id in place of the offset, and
//!   length 0.
//! * `postings`: the [posting lists](super::postings) by ordinal, and between them the unions of
//!   cached prefixes.
//! * `heavy`: the [cached prefixes](prefix_cache).
//! * `ranks`: frequency rank of each word by ordinal, most frequent first; then the ordinal of each
//!   word by rank (u32).
//! * `tokens`: forward index: the text of each document, a varint per word, which is its term id
//!   (rank + 2); 1 between two fields, 0 where no phrase continues.
//! * `starts`: offset of each text in `tokens`, and the end of the last one (u64).
//! * `articles`: entry id of each document, then its publication time in seconds since 1970 (i64).
//! * `pairs`: bigrams of [common words](common_bigrams) and the documents that have them.
//! * `trigrams`: the words by [three adjacent bytes](trigrams) in them. Segments of the format
//!   versions 3 and 4 do not have this file.
//! * `facts`: doc values: number of words of each document (u32), then its time of arrival (u32,
//!   seconds since 1970).
//!
//! Document ids start at 0 and ascend in the order of `(published, entry id)`: the newest document
//! has the highest id, and the documents published between two times are a range of ids.

mod common_bigrams;
mod format;
mod location;
mod ordinal_docs;
mod prefix_cache;
mod reader;
mod sequential_reader;
pub(super) mod term_key;
mod trigrams;
mod writer;

pub(super) use format::{FIELD_BREAK, FIRST_TERM_ID, PHRASE_BREAK};
pub use location::SegmentLocation;
pub use reader::Segment;
pub(super) use reader::TermInfo;
pub(super) use sequential_reader::SequentialReader;
pub use term_key::is_frequent_word;
pub(super) use trigrams::MAX_TRIGRAM_WORD_BYTES;
pub(super) use writer::{DocValues, ForwardIndexWriter, SegmentWriter};
