//! Whether an entry matches: pure evaluation over folded text, the oracle for every faster way.

use chrono::NaiveDate;

use super::{Expr, Field, MediaKind, Predicate, Query, StateFilter};
use crate::{
    model::EntryState,
    text::{fold, fold_into},
};

/// Parts the fields of a folded entry; no folded word has it inside.
pub(crate) const FIELD_SEPARATOR: char = '\u{1}';

/// What a query may ask of an entry.
#[derive(Clone, Copy)]
pub struct SearchableEntry<'a> {
    /// What is written in it, folded.
    pub text: &'a FoldedText,
    /// What is told of it beside its words.
    pub attributes: &'a EntryAttributes,
    /// The feed it belongs to.
    pub feed: &'a FeedNames,
    /// Read and starred.
    pub state: EntryState,
    /// The day it was published, in the reader's zone.
    pub published_day: NaiveDate,
    /// The reader's day, and whether it came in on that.
    pub is_new: bool,
    /// Its title and text as they are read, for regular expressions.
    pub plain_text: &'a dyn Fn() -> String,
}

/// An entry's words, folded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoldedText {
    /// Title, author, body and tags, in one string.
    pub text: String,
    /// Where the first three end.
    pub field_ends: FieldEnds,
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
pub struct EntryAttributes {
    /// The language it is written in, if that is certain.
    pub language: Option<&'static str>,
    /// What is in it beside text.
    pub media: Vec<MediaKind>,
    /// Its publisher changed it after it came in.
    pub edited: bool,
}

/// What a query may ask of a feed: its folded names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedNames {
    /// The folded title.
    pub title: String,
    /// The folded folder.
    pub folder: String,
    /// The folded tags that the user gave it.
    pub tags: String,
}

impl FeedNames {
    /// Folds the names of a feed.
    pub fn new(title: &str, folder: Option<&str>, tags: &[String]) -> FeedNames {
        FeedNames {
            title: fold(title),
            folder: fold(folder.unwrap_or_default()),
            tags: fold(&tags.join("\n")),
        }
    }

    /// Whether `test` holds of the feed alone, and so of all that is in it.
    pub fn satisfies(&self, test: &Predicate) -> bool {
        let (title, folder, tags) =
            (self.title.as_bytes(), self.folder.as_bytes(), self.tags.as_bytes());
        match test {
            Predicate::Text(Field::Anywhere, needle) => {
                [title, folder, tags].iter().any(|name| needle.is_match(name))
            }
            Predicate::Text(Field::Tags, needle) => needle.is_match(tags),
            Predicate::FeedOrFolder(needle) => needle.is_match(title) || needle.is_match(folder),
            Predicate::Feed(needle) => needle.is_match(title),
            Predicate::Folder(needle) => needle.is_match(folder),
            _ => false,
        }
    }
}

impl FoldedText {
    /// Folds what is written in an entry.
    pub fn new(title: &str, author: &str, body: &str, tags: &str, url: &str) -> FoldedText {
        let mut text =
            String::with_capacity(title.len() + author.len() + body.len() + tags.len() + 8);
        let mut ends = FieldEnds::default();
        for (field, end) in [
            (title, &mut ends.title),
            (author, &mut ends.author),
            (body, &mut ends.body),
            (tags, &mut 0),
        ] {
            if !text.is_empty() {
                text.push(FIELD_SEPARATOR);
            }
            fold_into(field, &mut text);
            *end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        }
        FoldedText { text, field_ends: ends, url: fold(url) }
    }

    /// The folded text, without title, author and tags.
    pub fn body(&self) -> &str {
        self.text
            .get(self.field_ends.author as usize + 1..self.field_ends.body as usize)
            .unwrap_or_default()
    }

    fn field_text(&self, field: Field) -> &[u8] {
        let (title, author) = (self.field_ends.title as usize, self.field_ends.author as usize);
        let part = match field {
            Field::Anywhere => Some(self.text.as_str()),
            Field::Title => self.text.get(..title),
            Field::Author => self.text.get(title + 1..author),
            Field::Body => Some(self.body()),
            Field::Tags => self.text.get(self.field_ends.body as usize + 1..),
            Field::Url => Some(self.url.as_str()),
        };
        part.unwrap_or_default().as_bytes()
    }
}

/// How many words a folded field has; the joined forms behind it are the same words again.
pub fn count_words(field: &str) -> u32 {
    let words =
        field.split('\n').next().unwrap_or_default().split(' ').filter(|word| !word.is_empty());
    u32::try_from(words.count()).unwrap_or(u32::MAX)
}

impl Query {
    /// Whether `entry` is what the query asks for.
    pub fn matches(&self, entry: &SearchableEntry<'_>) -> bool {
        self.expr.matches(entry)
    }

    /// Whether the query asks for nothing, so that everything matches.
    pub fn is_empty(&self) -> bool {
        self.expr.is_empty()
    }
}

impl Expr {
    fn matches(&self, entry: &SearchableEntry<'_>) -> bool {
        match self {
            Expr::All(exprs) => exprs.iter().all(|expr| expr.matches(entry)),
            Expr::Any(exprs) => exprs.iter().any(|expr| expr.matches(entry)),
            Expr::Not(expr) => !expr.matches(entry),
            Expr::Term(term) => term.predicate.matches(entry),
        }
    }
}

impl Predicate {
    /// Whether this holds of `entry`.
    pub fn matches(&self, entry: &SearchableEntry<'_>) -> bool {
        let (folded, about) = (entry.text, entry.attributes);
        match self {
            Predicate::Text(field, needle) => {
                needle.is_match(folded.field_text(*field)) || entry.feed.satisfies(self)
            }
            Predicate::FeedOrFolder(_) | Predicate::Feed(_) | Predicate::Folder(_) => {
                entry.feed.satisfies(self)
            }
            Predicate::State(StateFilter::Unread) => !entry.state.read,
            Predicate::State(StateFilter::Read) => entry.state.read,
            Predicate::State(StateFilter::Starred) => entry.state.starred,
            Predicate::State(StateFilter::Edited) => about.edited,
            Predicate::State(StateFilter::New) => entry.is_new,
            Predicate::Media(medium) => about.media.contains(medium),
            Predicate::Language(code) => about.language == Some(code),
            Predicate::WordCount(range) => range.contains(&count_words(folded.body())),
            Predicate::Published(days) => days.contains(&entry.published_day),
            Predicate::Regex(pattern) => pattern.is_match(&(entry.plain_text)()),
        }
    }
}
