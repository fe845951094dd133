//! The query language of the index: a [`Query`](crate::query::Query) with feed names resolved to
//! ids and days to seconds.

use std::ops::{Range, RangeInclusive};

use crate::{
    model::{EntryId, FeedId, TagId},
    query::{Field, MediaKind, Predicate, RegexPattern, WordPattern, WordSequence},
};

/// A condition on a document. An empty `All` matches every document.
#[derive(Debug, Clone, PartialEq)]
pub enum IndexQuery {
    /// Matches if all of the conditions match.
    All(Vec<IndexQuery>),
    /// Matches if at least one of the conditions matches.
    Any(Vec<IndexQuery>),
    /// Matches if the condition does not match.
    Not(Box<IndexQuery>),
    /// Matches documents with the phrase in one field of their text.
    Phrase(Field, PhraseQuery),
    /// Matches documents of these feeds.
    Feeds(Vec<FeedId>),
    /// Matches read documents.
    Read,
    /// Matches starred documents.
    Starred,
    /// Matches documents with the tag `hidden`.
    Hidden,
    /// Matches documents in the trash.
    Removed,
    /// Matches documents that are copies of others.
    Copy,
    /// Matches documents with one of these tags.
    Tagged(Vec<TagId>),
    /// Matches documents published in the first range or, if only the day of publication is known,
    /// in the second range. Both are in seconds since 1970.
    Published(Range<i64>, Range<i64>),
    /// Matches documents whose body has this number of words.
    WordCount(RangeInclusive<u32>),
    /// Matches documents with an attribute that was determined at indexing: a language, a kind of
    /// media, edited.
    Attribute(String),
    /// Matches documents that arrived at or after this time, in seconds since 1970.
    ArrivedSince(i64),
    /// Matches these entries.
    Entries(Vec<EntryId>),
    /// Matches documents with a word that contains a match of the pattern, and all those with a word
    /// whose end is not stored.
    WordMatching(WordPattern),
    /// Matches documents with these words in this order in title and body. A word whose end is not stored
    /// can be any of them.
    WordSequence(WordSequence),
    /// Matches documents with such a word in title or body, where joined forms are no words. The
    /// expression must be one for [words](RegexPattern::words).
    WordRegex(RegexPattern),
    /// A predicate that the index cannot decide; it is applied to the entry itself.
    PostFilter(Predicate),
}

/// Adjacent folded words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhraseQuery {
    /// Words of the phrase, at least one.
    pub words: Vec<String>,
    /// True if the last word is only the beginning of a word.
    pub last_is_prefix: bool,
}

/// Returns the attribute of documents in the language with this ISO 639-1 code.
pub fn language_attribute(code: &str) -> String {
    format!("lang {code}")
}

/// Returns the attribute of documents that contain media of this kind.
pub fn media_attribute(medium: MediaKind) -> String {
    let name = MediaKind::ALL.iter().find(|(kind, _)| *kind == medium).map_or("", |(_, name)| name);
    format!("has {name}")
}

/// The attribute of documents that their publisher has edited.
pub const EDITED_ATTRIBUTE: &str = "edited";

impl IndexQuery {
    /// Returns the query that matches every document.
    pub fn match_all() -> IndexQuery {
        IndexQuery::All(Vec::new())
    }
}
