//! Matches a query against a single entry. The index is tested against this implementation, which
//! is simple and slow.

use chrono::NaiveDate;

use super::{
    Expr, Field, MediaKind, PlainText, Predicate, Query, StateFilter, TextPattern,
    regex_pattern::{RegexPattern, running_words},
};
use crate::{
    model::{EntryId, EntryState, TagId, TagName},
    text::{fold, fold_into},
};

/// Separator between the fields of a folded entry; no folded word contains it.
pub(crate) const FIELD_SEPARATOR: char = '\u{1}';

/// The parts of an entry that a query can test.
#[derive(Clone, Copy)]
pub struct SearchableEntry<'a> {
    /// Folded text.
    pub text: &'a FoldedText,
    /// Attributes that are not words of the text.
    pub attributes: &'a EntryAttributes,
    /// Names of the entry's feed.
    pub feed: &'a FeedNames,
    /// Read, starred, hidden and removed states.
    pub state: EntryState,
    /// The user's tags.
    pub tags: &'a [&'a SearchableTag],
    /// Day of publication in the user's time zone.
    pub published_day: NaiveDate,
    /// True if the entry arrived today in the user's time zone.
    pub is_new: bool,
    /// The parts of the entry without folding, for regular expressions and signs.
    pub plain_text: &'a dyn Fn() -> PlainText,
    /// Returns true if the entry is in the story of another one; of itself, too.
    pub is_in_story: &'a dyn Fn(EntryId) -> bool,
}

impl SearchableEntry<'_> {
    fn has_tag_that_satisfies(&self, predicate: &Predicate) -> bool {
        self.tags.iter().any(|tag| tag.satisfies(predicate))
    }
}

/// The folded words of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FoldedText {
    /// Title, author, body and tags in one string, separated by `FIELD_SEPARATOR`.
    pub text: String,
    /// Ends of the first three fields in `text`.
    pub field_ends: FieldEnds,
    /// URL of the original.
    pub url: String,
}

/// The ends of the fields of a folded entry, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FieldEnds {
    /// End of the title.
    pub title: u32,
    /// End of the author.
    pub author: u32,
    /// End of the body.
    pub body: u32,
}

/// The properties of an entry that are not words of its text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryAttributes {
    /// Language of the text, if it is certain.
    pub language: Option<&'static str>,
    /// Media in the entry.
    pub media: Vec<MediaKind>,
    /// True if the publisher edited the entry after its arrival.
    pub edited: bool,
}

/// The names of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedNames {
    title: SearchableName,
    folder: SearchableName,
    /// Tags that the user assigned to the feed.
    tags: SearchableName,
}

/// A name, as it is and folded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
struct SearchableName {
    plain: String,
    folded: String,
}

impl SearchableName {
    fn new(plain: String) -> SearchableName {
        SearchableName { folded: fold(&plain), plain }
    }

    fn matches(&self, pattern: &TextPattern) -> bool {
        pattern.is_match(self.folded.as_bytes())
            && pattern.signs().is_none_or(|signs| signs.is_match(&self.plain))
    }
}

/// A tag of the user's, with the name that filters match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SearchableTag {
    /// The tag.
    pub id: TagId,
    name: SearchableName,
}

impl SearchableTag {
    /// Folds the name of a tag.
    pub fn new(id: TagId, name: &TagName) -> SearchableTag {
        SearchableTag { id, name: SearchableName::new(name.as_str().to_owned()) }
    }

    /// Returns true if the tag alone satisfies `predicate`, so that all entries with it match.
    pub fn satisfies(&self, predicate: &Predicate) -> bool {
        match predicate {
            Predicate::Text(Field::Tags, pattern) => {
                // A filter names states and internal marks with `is:`.
                let has_name = !self.id.is_state() && !self.id.is_internal();
                has_name && self.name.matches(pattern)
            }
            Predicate::State(StateFilter::Later) => self.id == TagId::LATER,
            Predicate::State(StateFilter::Queued) => self.id == TagId::QUEUE,
            Predicate::State(StateFilter::Played) => self.id == TagId::PLAYED,
            Predicate::State(StateFilter::Downloaded) => self.id == TagId::DOWNLOADED,
            Predicate::State(StateFilter::Edited) => self.id == TagId::UNSEEN_EDIT,
            Predicate::State(StateFilter::Tagged) => !self.id.is_reserved(),
            _ => false,
        }
    }
}

impl FeedNames {
    /// Folds the names of a feed.
    pub fn new(title: &str, folder: Option<&str>, tags: &[String]) -> FeedNames {
        FeedNames {
            title: SearchableName::new(title.to_owned()),
            folder: SearchableName::new(folder.unwrap_or_default().to_owned()),
            tags: SearchableName::new(tags.join("\n")),
        }
    }

    /// Returns the folded names.
    pub(super) fn folded(&self) -> [&str; 3] {
        [&*self.title.folded, &*self.folder.folded, &*self.tags.folded]
    }

    /// Returns true if the feed alone satisfies `predicate`, so that all of its entries match.
    pub fn satisfies(&self, predicate: &Predicate) -> bool {
        match predicate {
            Predicate::Text(Field::Anywhere, pattern) => {
                [&self.title, &self.folder, &self.tags].iter().any(|name| name.matches(pattern))
            }
            Predicate::Text(Field::Tags, pattern) => self.tags.matches(pattern),
            Predicate::FeedOrFolder(pattern) => {
                self.title.matches(pattern) || self.folder.matches(pattern)
            }
            Predicate::Feed(pattern) => self.title.matches(pattern),
            Predicate::Folder(pattern) => self.folder.matches(pattern),
            _ => false,
        }
    }
}

impl FoldedText {
    /// Folds the fields of an entry.
    pub fn new(title: &str, author: &str, body: &str, tags: &str, url: &str) -> FoldedText {
        let mut text =
            String::with_capacity(title.len() + author.len() + body.len() + tags.len() + 8);
        let mut field_ends = FieldEnds::default();
        for (field, end) in [
            (title, &mut field_ends.title),
            (author, &mut field_ends.author),
            (body, &mut field_ends.body),
            (tags, &mut 0),
        ] {
            if !text.is_empty() {
                text.push(FIELD_SEPARATOR);
            }
            fold_into(field, &mut text);
            *end = u32::try_from(text.len()).unwrap_or(u32::MAX);
        }
        FoldedText { text, field_ends, url: fold(url) }
    }

    /// Returns the folded body.
    pub fn body(&self) -> &str {
        self.text
            .get(self.field_ends.author as usize + 1..self.field_ends.body as usize)
            .unwrap_or_default()
    }

    /// Returns the folded title and body, without joined forms.
    fn title_and_body(&self) -> [&str; 2] {
        let title = self.text.get(..self.field_ends.title as usize).unwrap_or_default();
        [title, self.body()].map(running_words)
    }

    /// Returns the folded tags, without joined forms.
    pub fn tags(&self) -> &str {
        let tags = self.text.get(self.field_ends.body as usize + 1..).unwrap_or_default();
        tags.split('\n').next().unwrap_or_default()
    }

    /// Returns the folded text of one field.
    fn field_text(&self, field: Field) -> &[u8] {
        let (title, author) = (self.field_ends.title as usize, self.field_ends.author as usize);
        let part = match field {
            Field::Anywhere => Some(self.text.as_str()),
            Field::Title => self.text.get(..title),
            Field::Author => self.text.get(title + 1..author),
            Field::Body => Some(self.body()),
            Field::Tags | Field::Categories => self.text.get(self.field_ends.body as usize + 1..),
            Field::Url => Some(self.url.as_str()),
        };
        part.unwrap_or_default().as_bytes()
    }
}

/// Returns the number of words in a folded field. Joined forms, which follow the first newline,
/// repeat earlier words and do not count.
pub fn count_words(field: &str) -> u32 {
    let running_text = field.split('\n').next().unwrap_or_default();
    let words = running_text.split(' ').filter(|word| !word.is_empty());
    u32::try_from(words.count()).unwrap_or(u32::MAX)
}

impl Query {
    /// Returns true if `entry` matches. Lists leave it out all the same if [`Query::lists`] returns
    /// false for its state.
    pub fn matches(&self, entry: &SearchableEntry<'_>) -> bool {
        self.expr.matches(entry)
    }

    /// Returns true if a list of the query has entries in this state: hidden ones and those in the
    /// trash only if the query names that state. One in the trash is there, hidden or not.
    pub fn lists(&self, state: EntryState) -> bool {
        if state.removed {
            self.names_state(StateFilter::Removed)
        } else {
            !state.hidden || self.names_state(StateFilter::Hidden)
        }
    }

    /// Returns true if a list of the query may have entries that other lists leave out.
    pub fn names_unlisted_state(&self) -> bool {
        self.names_state(StateFilter::Hidden) || self.names_state(StateFilter::Removed)
    }

    /// Returns true if a part of the query that is not negated tests this state.
    pub fn names_state(&self, state: StateFilter) -> bool {
        let mut is_named = false;
        self.expr.for_each_positive_term(&mut |term| {
            is_named |= term.predicate == Predicate::State(state);
        });
        is_named
    }

    /// Returns the articles whose stories the query names.
    pub fn named_stories(&self) -> Vec<EntryId> {
        let mut numbers = Vec::new();
        self.expr.for_each_term(&mut |term| {
            if let Predicate::Story(number) = term.predicate {
                numbers.push(number);
            }
        });
        numbers
    }

    /// Returns true if the query has no conditions and matches every entry.
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
    /// Returns the regular expression if the predicate is one that the text decides as it stands.
    pub fn as_text_regex(&self) -> Option<&RegexPattern> {
        match self {
            Predicate::Regex(pattern) if pattern.words().is_none() => Some(pattern),
            _ => None,
        }
    }

    /// Returns true if `entry` satisfies the predicate.
    pub fn matches(&self, entry: &SearchableEntry<'_>) -> bool {
        let (text, attributes) = (entry.text, entry.attributes);
        match self {
            Predicate::Text(field, pattern) => {
                let has_signs = || {
                    pattern
                        .signs()
                        .is_none_or(|signs| signs.is_in_field(*field, &(entry.plain_text)()))
                };
                pattern.is_match(text.field_text(*field)) && has_signs()
                    || entry.feed.satisfies(self)
                    || entry.has_tag_that_satisfies(self)
            }
            Predicate::FeedOrFolder(_) | Predicate::Feed(_) | Predicate::Folder(_) => {
                entry.feed.satisfies(self)
            }
            Predicate::State(StateFilter::Unread) => !entry.state.read,
            Predicate::State(StateFilter::Read) => entry.state.read,
            Predicate::State(StateFilter::Starred) => entry.state.starred,
            Predicate::State(StateFilter::HasVersions) => attributes.edited,
            Predicate::State(StateFilter::New) => entry.is_new,
            Predicate::State(StateFilter::Hidden) => entry.state.hidden,
            Predicate::State(StateFilter::Removed) => entry.state.removed,
            Predicate::State(StateFilter::Copy) => entry.state.copy,
            Predicate::State(
                StateFilter::Later
                | StateFilter::Queued
                | StateFilter::Played
                | StateFilter::Downloaded
                | StateFilter::Edited
                | StateFilter::Tagged,
            ) => entry.has_tag_that_satisfies(self),
            Predicate::Media(medium) => attributes.media.contains(medium),
            Predicate::Language(code) => attributes.language == Some(code),
            Predicate::WordCount(range) => range.contains(&count_words(text.body())),
            Predicate::Published(days) => days.contains(&entry.published_day),
            Predicate::Regex(pattern) => match pattern.words() {
                Some(words) => text.title_and_body().iter().any(|field| words.is_match(field)),
                None => pattern.is_match(&(entry.plain_text)().title_and_body()),
            },
            Predicate::Story(number) => (entry.is_in_story)(*number),
        }
    }
}
