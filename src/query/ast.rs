//! What a filter says, as plain data.

use std::ops::Range;

use chrono::NaiveDate;
use memchr::memmem::Finder;

use crate::text;

/// A filter, understood. The empty query matches everything.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Query {
    /// All of these must hold.
    pub terms: Vec<Term>,
    /// What could not be used yet, and why.
    pub complaint: Option<Complaint>,
}

/// One condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// What is tested.
    pub test: Test,
    /// Whether the term holds where the test does not.
    pub negated: bool,
}

/// What a term tests.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// A word, the beginning of one, or a phrase.
    Text(Field, Needle),
    /// The feed's or its folder's name has this in it.
    In(Needle),
    /// A state.
    Is(Trait),
    /// Published on one of these days; the end is not included.
    Days(Range<NaiveDate>),
}

/// The part of an entry that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// Title, author, text and the name of the feed.
    Anywhere,
    /// The title.
    Title,
    /// The author.
    Author,
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
}

/// Folded words to look for: ` word ` where the last word is whole, ` word` where it is a beginning.
#[derive(Debug, Clone)]
pub struct Needle(Finder<'static>);

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
        (!words.trim().is_empty()).then(|| Needle(Finder::new(words).into_owned()))
    }

    /// Whether `folded` has these words in it.
    pub fn is_in(&self, folded: &[u8]) -> bool {
        self.0.find(folded).is_some()
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
