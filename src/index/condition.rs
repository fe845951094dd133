//! What a query asks of the index: names are resolved to feeds, days to seconds.

use std::ops::{Range, RangeInclusive};

use crate::model::{EntryId, FeedId};

/// What an article has to be. An empty `All` is everything.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All of these hold.
    All(Vec<Condition>),
    /// One of these holds.
    Any(Vec<Condition>),
    /// This does not hold.
    Not(Box<Condition>),
    /// Words side by side in a part of the article.
    Phrase(Part, Phrase),
    /// It is of one of these feeds.
    Feeds(Vec<FeedId>),
    /// It is read.
    Read,
    /// It is starred.
    Starred,
    /// It was published within the seconds since 1970 of the first range; within those of the second, where just the
    /// day is known.
    Published(Range<i64>, Range<i64>),
    /// It has so many words.
    Words(RangeInclusive<u32>),
    /// It was edited.
    Edited,
    /// It is one of these entries.
    Entries(Vec<EntryId>),
    /// Only looking at the article itself tells; nothing is known ahead.
    Outside,
}

/// A part of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// All of its text.
    Anywhere,
    /// The title.
    Title,
    /// The author.
    Author,
    /// What is neither.
    Body,
    /// Its tags.
    Tags,
    /// Its address.
    Url,
}

/// Folded words, side by side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phrase {
    /// The words, one at least.
    pub words: Vec<String>,
    /// Whether the last is just a beginning.
    pub open: bool,
}

impl Condition {
    /// What everything is.
    pub fn everything() -> Condition {
        Condition::All(Vec::new())
    }
}
