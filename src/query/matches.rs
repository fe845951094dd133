//! Whether an entry matches: pure evaluation over folded text, the oracle for every faster way.

use chrono::NaiveDate;

use super::{Expr, Field, Medium, Query, Test, Trait};
use crate::{
    model::EntryState,
    text::{fold, fold_into},
};

/// Parts the fields of a folded entry; no folded word has it inside.
pub(crate) const FIELD_END: char = '\u{1}';

/// What a query may ask of an entry.
#[derive(Clone, Copy)]
pub struct EntryFacts<'a> {
    /// What is written in it, folded.
    pub folded: &'a Folded,
    /// What is told of it beside its words.
    pub about: &'a About,
    /// The feed it belongs to.
    pub feed: &'a FeedFacts,
    /// Read and starred.
    pub state: EntryState,
    /// The day it was published, in the reader's zone.
    pub day: NaiveDate,
    /// The reader's day, and whether it came in on that.
    pub new: bool,
    /// Its title and text as they are read, for regular expressions.
    pub source: &'a dyn Fn() -> String,
}

/// An entry's words, folded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Folded {
    /// Title, author, body and tags, in one string.
    pub text: String,
    /// Where the first three end.
    pub ends: FieldEnds,
    /// The address of the original.
    pub url: String,
}

/// Where the fields of a folded entry end, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldEnds {
    /// End of the title.
    pub title: u32,
    /// End of the author.
    pub author: u32,
    /// End of the body.
    pub body: u32,
}

/// What is told of an entry beside its words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    /// The language it is written in, if that is certain.
    pub language: Option<&'static str>,
    /// What is in it beside text.
    pub media: Vec<Medium>,
    /// Its publisher changed it after it came in.
    pub edited: bool,
}

/// What a query may ask of a feed: its folded names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedFacts {
    /// The folded title.
    pub title: String,
    /// The folded folder.
    pub folder: String,
    /// The folded tags that the user gave it.
    pub tags: String,
}

impl FeedFacts {
    /// Folds the names of a feed.
    pub fn new(title: &str, folder: Option<&str>, tags: &[String]) -> FeedFacts {
        FeedFacts {
            title: fold(title),
            folder: fold(folder.unwrap_or_default()),
            tags: fold(&tags.join("\n")),
        }
    }

    /// Whether `test` holds of the feed alone, and so of all that is in it.
    pub fn fulfils(&self, test: &Test) -> bool {
        let (title, folder, tags) = (self.title.as_bytes(), self.folder.as_bytes(), self.tags.as_bytes());
        match test {
            Test::Text(Field::Anywhere, needle) => {
                [title, folder, tags].iter().any(|name| needle.is_in(name))
            }
            Test::Text(Field::Tags, needle) => needle.is_in(tags),
            Test::In(needle) => needle.is_in(title) || needle.is_in(folder),
            Test::Feed(needle) => needle.is_in(title),
            Test::Folder(needle) => needle.is_in(folder),
            _ => false,
        }
    }
}

impl Folded {
    /// Folds what is written in an entry.
    pub fn new(title: &str, author: &str, body: &str, tags: &str, url: &str) -> Folded {
        let mut text = String::with_capacity(title.len() + author.len() + body.len() + tags.len() + 8);
        let mut ends = FieldEnds::default();
        for (field, end) in
            [(title, &mut ends.title), (author, &mut ends.author), (body, &mut ends.body), (tags, &mut 0)]
        {
            if !text.is_empty() {
                text.push(FIELD_END);
            }
            fold_into(field, &mut text);
            *end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        }
        Folded { text, ends, url: fold(url) }
    }

    /// The folded text, without title, author and tags.
    pub fn body(&self) -> &str {
        self.text.get(self.ends.author as usize + 1..self.ends.body as usize).unwrap_or_default()
    }

    fn field(&self, field: Field) -> &[u8] {
        let (title, author) = (self.ends.title as usize, self.ends.author as usize);
        let part = match field {
            Field::Anywhere => Some(self.text.as_str()),
            Field::Title => self.text.get(..title),
            Field::Author => self.text.get(title + 1..author),
            Field::Body => Some(self.body()),
            Field::Tags => self.text.get(self.ends.body as usize + 1..),
            Field::Url => Some(self.url.as_str()),
        };
        part.unwrap_or_default().as_bytes()
    }
}

/// How many words a folded field has; the joined forms behind it are the same words again.
pub fn words_in(field: &str) -> u32 {
    let words = field.split('\n').next().unwrap_or_default().split(' ').filter(|word| !word.is_empty());
    u32::try_from(words.count()).unwrap_or(u32::MAX)
}

impl Query {
    /// Whether `entry` is what the query asks for.
    pub fn matches(&self, entry: &EntryFacts<'_>) -> bool {
        self.expr.holds(entry)
    }

    /// Whether the query asks for nothing, so that everything matches.
    pub fn is_empty(&self) -> bool {
        self.expr.is_empty()
    }
}

impl Expr {
    fn holds(&self, entry: &EntryFacts<'_>) -> bool {
        match self {
            Expr::All(exprs) => exprs.iter().all(|expr| expr.holds(entry)),
            Expr::Any(exprs) => exprs.iter().any(|expr| expr.holds(entry)),
            Expr::Not(expr) => !expr.holds(entry),
            Expr::Term(term) => term.test.holds(entry),
        }
    }
}

impl Test {
    /// Whether this holds of `entry`.
    pub fn holds(&self, entry: &EntryFacts<'_>) -> bool {
        let (folded, about) = (entry.folded, entry.about);
        match self {
            Test::Text(field, needle) => needle.is_in(folded.field(*field)) || entry.feed.fulfils(self),
            Test::In(_) | Test::Feed(_) | Test::Folder(_) => entry.feed.fulfils(self),
            Test::Is(Trait::Unread) => !entry.state.read,
            Test::Is(Trait::Read) => entry.state.read,
            Test::Is(Trait::Starred) => entry.state.starred,
            Test::Is(Trait::Edited) => about.edited,
            Test::Is(Trait::New) => entry.new,
            Test::Has(medium) => about.media.contains(medium),
            Test::Language(code) => about.language == Some(code),
            Test::Words(range) => range.contains(&words_in(folded.body())),
            Test::Days(days) => days.contains(&entry.day),
            Test::Pattern(pattern) => pattern.is_in(&(entry.source)()),
        }
    }
}
