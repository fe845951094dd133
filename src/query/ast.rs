//! The syntax tree of a filter.

use std::{
    borrow::Cow,
    ops::{Range, RangeInclusive},
};

use chrono::NaiveDate;
use memchr::memmem::Finder;

use super::{regex_pattern::RegexPattern, signs::SignedWords};
use crate::{model::EntryId, text};

/// A parsed filter. The empty query matches every entry.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// Condition on an entry.
    pub expr: Expr,
    /// The first part of the filter that could not be used.
    pub diagnostic: Option<QueryDiagnostic>,
}

/// A condition, possibly made of several others.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// Matches if all of the conditions match; an empty list matches every entry.
    All(Vec<Expr>),
    /// Matches if at least one of the conditions matches.
    Any(Vec<Expr>),
    /// Matches if the condition does not match.
    Not(Box<Expr>),
    /// A single condition.
    Term(Term),
}

impl Default for Expr {
    fn default() -> Expr {
        Expr::All(Vec::new())
    }
}

impl Expr {
    /// Returns true if the expression matches every entry because it has no conditions.
    pub fn is_empty(&self) -> bool {
        matches!(self, Expr::All(all) if all.is_empty())
    }

    /// Returns whether a condition depends on the text of an entry, so that one whose text is missing
    /// may be decided wrongly.
    pub fn reads_text(&self) -> bool {
        match self {
            Expr::All(exprs) | Expr::Any(exprs) => exprs.iter().any(Expr::reads_text),
            Expr::Not(expr) => expr.reads_text(),
            Expr::Term(term) => term.predicate.reads_text(),
        }
    }

    /// Calls `visit` with every term, negated or not.
    pub fn for_each_term<'e>(&'e self, visit: &mut dyn FnMut(&'e Term)) {
        match self {
            Expr::All(exprs) | Expr::Any(exprs) => {
                for expr in exprs {
                    expr.for_each_term(visit);
                }
            }
            Expr::Not(expr) => expr.for_each_term(visit),
            Expr::Term(term) => visit(term),
        }
    }

    /// Calls `visit` with every term that is not negated.
    pub fn for_each_positive_term<'e>(&'e self, visit: &mut dyn FnMut(&'e Term)) {
        match self {
            Expr::All(exprs) | Expr::Any(exprs) => {
                for expr in exprs {
                    expr.for_each_positive_term(visit);
                }
            }
            Expr::Not(_) => {}
            Expr::Term(term) => visit(term),
        }
    }
}

/// A single condition and its place in the filter.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Condition on an entry.
    pub predicate: Predicate,
    /// Bytes of the filter that contain the value.
    pub span: Range<usize>,
}

/// A condition on an entry.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// A word, a prefix or a phrase in a field.
    Text(Field, TextPattern),
    /// A word, a prefix or a phrase in the name of the feed or its folder.
    FeedOrFolder(TextPattern),
    /// A word, a prefix or a phrase in the name of the feed.
    Feed(TextPattern),
    /// A word, a prefix or a phrase in the name of the folder.
    Folder(TextPattern),
    /// A state of the entry.
    State(StateFilter),
    /// Media in the entry.
    Media(MediaKind),
    /// The language of the text, as an ISO 639-1 code.
    Language(String),
    /// The number of words in the text.
    WordCount(RangeInclusive<u32>),
    /// The day of publication; the end is exclusive.
    Published(Range<NaiveDate>),
    /// A regular expression in the title or text.
    Regex(RegexPattern),
    /// The story of the article with this number.
    Story(EntryId),
}

impl Predicate {
    fn reads_text(&self) -> bool {
        match self {
            Predicate::Text(field, _) => match field {
                Field::Anywhere | Field::Body => true,
                Field::Title | Field::Author | Field::Tags | Field::Categories | Field::Url => {
                    false
                }
            },
            Predicate::Media(_)
            | Predicate::Language(_)
            | Predicate::WordCount(_)
            | Predicate::Regex(_) => true,
            Predicate::FeedOrFolder(_)
            | Predicate::Feed(_)
            | Predicate::Folder(_)
            | Predicate::State(_)
            | Predicate::Published(_)
            | Predicate::Story(_) => false,
        }
    }
}

/// A part of an entry that can be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Title, author, text and tags, and the names of the feed.
    Anywhere,
    /// The title.
    Title,
    /// The author.
    Author,
    /// The text.
    Body,
    /// The user's tags, the publisher's categories, and the tags of the feed.
    Tags,
    /// The publisher's categories.
    Categories,
    /// The URL of the original.
    Url,
}

/// A state that `is:` tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    /// Unread.
    Unread,
    /// Read.
    Read,
    /// Starred.
    Starred,
    /// Edited by its publisher since the user read it.
    Edited,
    /// Edited by its publisher after its arrival, read or not.
    HasVersions,
    /// Arrived today.
    New,
    /// Has the tag `hidden`.
    Hidden,
    /// Has the tag `later`.
    Later,
    /// Has the tag `queue`.
    Queued,
    /// Has the tag `played`.
    Played,
    /// Has a file that was downloaded.
    Downloaded,
    /// In the trash.
    Removed,
    /// A copy of an article of another feed.
    Copy,
    /// Has a tag of the user's own, not only a reserved one.
    Tagged,
}

/// A kind of media that `has:` tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// An image.
    Image,
    /// An audio file.
    Audio,
    /// A video.
    Video,
    /// A link in the text.
    Link,
}

impl MediaKind {
    /// All kinds with their names in filters.
    pub const ALL: [(MediaKind, &str); 4] = [
        (MediaKind::Image, "image"),
        (MediaKind::Audio, "audio"),
        (MediaKind::Video, "video"),
        (MediaKind::Link, "link"),
    ];
}

/// Folded words in the form in which they are searched: ` word ` if the last word is whole, ` word`
/// if it is a prefix.
#[derive(Debug, Clone)]
pub struct TextPattern {
    words: Box<Finder<'static>>,
    signs: Option<Box<SignedWords>>,
}

/// The meaning of the last word of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastWord {
    /// A whole word.
    Whole,
    /// The beginning of a word.
    Prefix,
}

impl TextPattern {
    /// Folds `text`. Returns `None` if it contains no word.
    pub fn new(text: &str, last_word: LastWord) -> Option<TextPattern> {
        let folded = text::fold(text);
        // Only texts need the joined forms; a query contains the form that the user means.
        let words = folded.split('\n').next().unwrap_or_default();
        let signs = SignedWords::parse(text, last_word).map(Box::new);
        let last_word = signs.as_ref().map_or(last_word, |signs| signs.last_word());
        let words = if last_word == LastWord::Prefix { words.trim_end() } else { words };
        (!words.trim().is_empty())
            .then(|| TextPattern { words: Box::new(Finder::new(words).into_owned()), signs })
    }

    /// Returns the signs beside the words; `None` if the folded text decides alone.
    pub fn signs(&self) -> Option<&SignedWords> {
        self.signs.as_deref()
    }

    /// Returns true if the folded text contains the words of the pattern.
    pub fn is_match(&self, folded: &[u8]) -> bool {
        self.words.find(folded).is_some()
    }

    /// Returns the number of occurrences in the folded text.
    pub fn count_matches(&self, folded: &[u8]) -> u32 {
        u32::try_from(self.words.find_iter(folded).count()).unwrap_or(u32::MAX)
    }

    /// Returns the meaning of the last word.
    pub fn last_word(&self) -> LastWord {
        if self.folded().ends_with(' ') { LastWord::Whole } else { LastWord::Prefix }
    }

    /// Returns the folded words in the form in which they are searched.
    pub fn folded(&self) -> &str {
        std::str::from_utf8(self.words.needle()).expect("a needle is made of a string")
    }
}

impl PartialEq for TextPattern {
    fn eq(&self, other: &TextPattern) -> bool {
        self.words.needle() == other.words.needle() && self.signs == other.signs
    }
}

/// A part of a filter that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryDiagnostic {
    /// Bytes of the filter.
    pub span: Range<usize>,
    /// Description of the values that are allowed there, for the user.
    pub expected: Cow<'static, str>,
}
