//! What a filter says, as plain data.

use std::ops::{Range, RangeInclusive};

use chrono::NaiveDate;
use memchr::memmem::Finder;

use super::pattern::Pattern;
use crate::text;

/// A filter, understood. The empty query matches everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// What must hold.
    pub expr: Expr,
    /// What could not be used yet, and why.
    pub complaint: Option<Complaint>,
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
    pub fn each_wanted<'e>(&'e self, each: &mut dyn FnMut(&'e Term)) {
        match self {
            Expr::All(exprs) | Expr::Any(exprs) => exprs.iter().for_each(|expr| expr.each_wanted(each)),
            Expr::Not(_) => {}
            Expr::Term(term) => each(term),
        }
    }
}

/// One condition, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// What is tested.
    pub test: Test,
    /// The bytes of the filter that hold its value.
    pub span: Range<usize>,
}

/// What a term tests.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// A word, the beginning of one, or a phrase.
    Text(Field, Needle),
    /// The name of the feed or its folder has this in it.
    In(Needle),
    /// The name of the feed has this in it.
    Feed(Needle),
    /// The name of its folder has this in it.
    Folder(Needle),
    /// A state.
    Is(Trait),
    /// Something is in the article beside text.
    Has(Medium),
    /// It is written in this language, by the code of ISO 639-1.
    Language(String),
    /// Its text has so many words.
    Words(RangeInclusive<u32>),
    /// Published on one of these days; the end is not included.
    Days(Range<NaiveDate>),
    /// A regular expression is found in its title or text.
    Pattern(Pattern),
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
pub enum Trait {
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
pub enum Medium {
    /// A picture.
    Image,
    /// Sound.
    Audio,
    /// A film.
    Video,
    /// A link in the text.
    Link,
}

impl Medium {
    /// All of them, and what they are called.
    pub const ALL: [(Medium, &str); 4] = [
        (Medium::Image, "image"),
        (Medium::Audio, "audio"),
        (Medium::Video, "video"),
        (Medium::Link, "link"),
    ];
}

/// Folded words to look for: ` word ` where the last word is whole, ` word` where it is a beginning.
#[derive(Debug, Clone)]
pub struct Needle(Box<Finder<'static>>);

/// Whether the last word of a needle may go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The last word is whole.
    Closed,
    /// The last word is a beginning.
    Open,
}

impl Needle {
    /// Folds `text`; `None` if it has no word in it.
    pub fn new(text: &str, ending: Ending) -> Option<Needle> {
        let folded = text::fold(text);
        // The joined forms serve texts, not questions: a question says which form it means.
        let words = folded.split('\n').next().unwrap_or_default();
        let words = if ending == Ending::Open { words.trim_end() } else { words };
        (!words.trim().is_empty()).then(|| Needle(Box::new(Finder::new(words).into_owned())))
    }

    /// Whether `folded` has these words in it.
    pub fn is_in(&self, folded: &[u8]) -> bool {
        self.0.find(folded).is_some()
    }

    /// How often `folded` has these words in it.
    pub fn count_in(&self, folded: &[u8]) -> u32 {
        u32::try_from(self.0.find_iter(folded).count()).unwrap_or(u32::MAX)
    }

    /// Whether the last word is whole.
    pub fn ending(&self) -> Ending {
        if self.folded().ends_with(' ') { Ending::Closed } else { Ending::Open }
    }

    /// The folded words as they are looked for.
    pub fn folded(&self) -> &str {
        std::str::from_utf8(self.0.needle()).expect("a needle is made of a string")
    }
}

impl PartialEq for Needle {
    fn eq(&self, other: &Needle) -> bool {
        self.0.needle() == other.0.needle()
    }
}

/// Why a part of a filter is not used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The bytes of the filter it speaks of.
    pub span: Range<usize>,
    /// What would be understood there, in words.
    pub expected: &'static str,
}
