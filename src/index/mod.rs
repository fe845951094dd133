//! Finding entries by their text: every key in the filter bar asks here.
//!
//! Knows no SQL: it is handed folded texts and answers questions over them. It is derived from the library and may be
//! deleted at any time.
//!
//! What has been in the library for a while is in [`Segment`]s: files that are written once, by a [`Builder`] or by
//! [`merge`], and then only read. An [`Index`] is all of them together with what changes more often than they do: what
//! is read, starred, deleted. A [`query`](crate::query) becomes a [`Condition`], a condition over a segment becomes a
//! bit per article ([`Bits`]); only phrases have to look at texts, which a [`Search`] does step by step, the newest
//! first. What came in since is in [`Texts`], which are looked through from front to back.

mod bits;
mod build;
mod condition;
mod error;
mod evaluate;
mod lists;
mod meant;
mod merge;
mod others;
mod paged;
mod phrase;
mod places;
mod plan;
mod postings;
mod relevance;
mod search;
mod segment;
mod segments;
mod texts;
mod varint;
mod words;

pub use bits::Bits;
pub use build::{Article, BATCH, Builder, COMMON};
pub use condition::{Condition, Part, Phrase};
pub(crate) use condition::{EDITED, language, medium};
pub use error::IndexError;
pub use meant::Likely;
pub use merge::merge;
pub use paged::FORMAT;
pub use plan::{Names, condition, phrase};
pub use relevance::{Weighed, best_first};
pub use search::{Bounds, Open, Rank, Search};
pub use segment::Segment;
pub use segments::{Index, Listed, folder_of};
pub use texts::{Row, Texts};
