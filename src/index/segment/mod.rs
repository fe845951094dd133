//! One part of the index: some articles in the order of their dates, and where each word is. Written once, then only
//! read, until it is merged into a larger one.
//!
//! # The format
//!
//! A folder of files, each in the pages of [`checked_file`](super::checked_file), numbers little-endian:
//!
//! | file | what is in it |
//! |---|---|
//! | `keys` | a finite-state transducer from keys to ordinals. A key is a [space](term_key::TermField) byte and a word; words of texts come first |
//! | `table` | a line per ordinal: offset in `postings` (48 bits), length (u32), number of articles (u32). A key with one article has that in place of the offset, and no bytes |
//! | `postings` | the [lists](super::postings) |
//! | `heavy` | the [sums](prefix_cache) of beginnings that many words have |
//! | `ranks` | the rank of each word by ordinal, the most frequent first; then the ordinal of each by rank (u32) |
//! | `tokens` | the texts: a varint per word, its rank + 2; 1 between two fields, 0 where no phrase crosses |
//! | `starts` | where each text begins in `tokens`, and where the last one ends (u64) |
//! | `articles` | the id of each, then when it was published (i64) |
//! | `pairs` | which articles have two [common words](common_bigrams) side by side |
//! | `facts` | the number of words of each (u32), then when it came in (u32, seconds since 1970) |
//!
//! Articles are numbered from 0 in the order of `(published, id)`: the newest has the highest number, and what was
//! published between two days is a range of numbers.

mod common_bigrams;
mod prefix_cache;
mod reader;
pub(super) mod term_key;
mod writer;

pub use reader::Segment;
pub(super) use reader::{SequentialReader, TermInfo};
pub(super) use writer::{
    DocValues, FIELD_BREAK, FIRST_TERM_ID, ForwardIndexWriter, PHRASE_BREAK, SegmentWriter,
};
