//! What a query asks of the index: names are resolved to feeds, days to seconds.

use std::ops::{Range, RangeInclusive};

use crate::{
    model::{EntryId, FeedId},
    query::{MediaKind, Predicate},
};

/// What an article has to be. An empty `All` is everything.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexQuery {
    /// All of these hold.
    All(Vec<IndexQuery>),
    /// One of these holds.
    Any(Vec<IndexQuery>),
    /// This does not hold.
    Not(Box<IndexQuery>),
    /// Words side by side in a part of the article.
    Phrase(Part, PhraseQuery),
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
    WordCount(RangeInclusive<u32>),
    /// This was noted of it when it was indexed: its language, a medium in it, that it was edited.
    Attribute(String),
    /// It came in at this second since 1970 or later.
    ArrivedSince(i64),
    /// It is one of these entries.
    Entries(Vec<EntryId>),
    /// Only the article itself tells, which is not in the index.
    PostFilter(Predicate),
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
pub struct PhraseQuery {
    /// The words, one at least.
    pub words: Vec<String>,
    /// Whether the last is just a beginning.
    pub last_is_prefix: bool,
}

/// What is noted of an article in a language.
pub fn language_attribute(code: &str) -> String {
    format!("lang {code}")
}

/// What is noted of an article that has something beside text in it.
pub fn media_attribute(medium: MediaKind) -> String {
    let name =
        MediaKind::ALL.iter().find(|(known, _)| *known == medium).map_or("", |(_, name)| name);
    format!("has {name}")
}

/// What is noted of an article that was edited.
pub const EDITED_ATTRIBUTE: &str = "edited";

impl IndexQuery {
    /// Whether it takes the articles themselves to tell.
    pub fn needs_post_filter(&self) -> bool {
        match self {
            IndexQuery::All(conditions) | IndexQuery::Any(conditions) => {
                conditions.iter().any(IndexQuery::needs_post_filter)
            }
            IndexQuery::Not(condition) => condition.needs_post_filter(),
            IndexQuery::PostFilter(_) => true,
            _ => false,
        }
    }

    /// What everything is.
    pub fn match_all() -> IndexQuery {
        IndexQuery::All(Vec::new())
    }
}
