//! What a filter says, as plain data.

use std::ops::{Range, RangeInclusive};

use chrono::NaiveDate;
use memchr::memmem::Finder;

use super::regex_pattern::RegexPattern;
use crate::text;

/// A filter, understood. The empty query matches everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// What must hold.
    pub expr: Expr,
    /// What could not be used yet, and why.
    pub diagnostic: Option<QueryDiagnostic>,
}

/// Conditions, joined.
#[derive(Debug, Clone, PartialEq)]
pub enum Expr {
    /// All of these hold; of none, everything.
    All(Vec<Expr>),
    /// One of these holds.
    Any(Vec<Expr>),
    /// This does not hold.
    Not(Box<Expr>),
    /// One condition.
    Term(Term),
}

impl Default for Expr {
    fn default() -> Expr {
        Expr::All(Vec::new())
    }
}

impl Expr {
    /// Whether it asks nothing.
    pub fn is_empty(&self) -> bool {
        matches!(self, Expr::All(all) if all.is_empty())
    }

    /// Calls `each` with the terms that a hit may hold of, that is, with those that are not negated.
    pub fn for_each_positive_term<'e>(&'e self, each: &mut dyn FnMut(&'e Term)) {
        match self {
            Expr::All(exprs) | Expr::Any(exprs) => {
                for expr in exprs {
                    expr.for_each_positive_term(each);
                }
            }
            Expr::Not(_) => {}
            Expr::Term(term) => each(term),
        }
    }
}

/// One condition, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// What is tested.
    pub predicate: Predicate,
    /// The bytes of the filter that hold its value.
    pub span: Range<usize>,
}

/// What a term tests.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicate {
    /// A word, the beginning of one, or a phrase.
    Text(Field, TextPattern),
    /// The name of the feed or its folder has this in it.
    FeedOrFolder(TextPattern),
    /// The name of the feed has this in it.
    Feed(TextPattern),
    /// The name of its folder has this in it.
    Folder(TextPattern),
    /// A state.
    State(StateFilter),
    /// Something is in the article beside text.
    Media(MediaKind),
    /// It is written in this language, by the code of ISO 639-1.
    Language(String),
    /// Its text has so many words.
    WordCount(RangeInclusive<u32>),
    /// Published on one of these days; the end is not included.
    Published(Range<NaiveDate>),
    /// A regular expression is found in its title or text.
    Regex(RegexPattern),
}

/// The part of an entry that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Title, author, text, and the names of the feed.
    Anywhere,
    /// The title.
    Title,
    /// The author.
    Author,
    /// The text.
    Body,
    /// The entry's tags, and those of its feed.
    Tags,
    /// The address of the original.
    Url,
}

/// A state that `is:` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StateFilter {
    /// Not read.
    Unread,
    /// Read.
    Read,
    /// Starred.
    Starred,
    /// Changed by its publisher since it came in.
    Edited,
    /// Came in today.
    New,
}

/// What may be in an article beside text: what `has:` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaKind {
    /// A picture.
    Image,
    /// Sound.
    Audio,
    /// A film.
    Video,
    /// A link in the text.
    Link,
}

impl MediaKind {
    /// All of them, and what they are called.
    pub const ALL: [(MediaKind, &str); 4] = [
        (MediaKind::Image, "image"),
        (MediaKind::Audio, "audio"),
        (MediaKind::Video, "video"),
        (MediaKind::Link, "link"),
    ];
}

/// Folded words to look for: ` word ` where the last word is whole, ` word` where it is a beginning.
#[derive(Debug, Clone)]
pub struct TextPattern(Box<Finder<'static>>);

/// Whether the last word of a needle may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastWord {
    /// The last word is whole.
    Whole,
    /// The last word is a beginning.
    Prefix,
}

impl TextPattern {
    /// Folds `text`; `None` if it has no word in it.
    pub fn new(text: &str, ending: LastWord) -> Option<TextPattern> {
        let folded = text::fold(text);
        // The joined forms serve texts, not questions: a question says which form it means.
        let words = folded.split('\n').next().unwrap_or_default();
        let words = if ending == LastWord::Prefix { words.trim_end() } else { words };
        (!words.trim().is_empty()).then(|| TextPattern(Box::new(Finder::new(words).into_owned())))
    }

    /// Whether `folded` has these words in it.
    pub fn is_match(&self, folded: &[u8]) -> bool {
        self.0.find(folded).is_some()
    }

    /// How often `folded` has these words in it.
    pub fn count_matches(&self, folded: &[u8]) -> u32 {
        u32::try_from(self.0.find_iter(folded).count()).unwrap_or(u32::MAX)
    }

    /// Whether the last word is whole.
    pub fn last_word(&self) -> LastWord {
        if self.folded().ends_with(' ') { LastWord::Whole } else { LastWord::Prefix }
    }

    /// The folded words as they are looked for.
    pub fn folded(&self) -> &str {
        std::str::from_utf8(self.0.needle()).expect("a needle is made of a string")
    }
}

impl PartialEq for TextPattern {
    fn eq(&self, other: &TextPattern) -> bool {
        self.0.needle() == other.0.needle()
    }
}

/// Why a part of a filter is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueryDiagnostic {
    /// The bytes of the filter it speaks of.
    pub span: Range<usize>,
    /// What would be understood there, in words.
    pub expected: &'static str,
}
