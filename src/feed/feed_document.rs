//! What a feed document says, whatever its format.

use chrono::{DateTime, Utc};

use super::FeedWarning;
use crate::markup::{escape_html, html_to_text};

/// A feed document that could be read, and what was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedDocument {
    /// What kind of document it is.
    pub format: FeedFormat,
    /// What it says of the feed.
    pub feed: ParsedFeed,
    /// What was published, in the order of the document.
    pub entries: Vec<ParsedEntry>,
    /// What had to be repaired or left out.
    pub warnings: Vec<FeedWarning>,
}

/// The formats of feed documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum FeedFormat {
    /// RSS 0.91 to 0.94 and 2.0.
    #[default]
    Rss,
    /// RSS 0.90 and 1.0, which are RDF.
    Rdf,
    /// Atom 1.0 (RFC 4287) and 0.3.
    Atom,
    /// Microsoft's Channel Definition Format.
    Cdf,
    /// JSON Feed 1.0 and 1.1.
    Json,
}

impl FeedFormat {
    /// The name of the format, as people write it.
    pub fn name(self) -> &'static str {
        match self {
            FeedFormat::Rss => "RSS",
            FeedFormat::Rdf => "RSS 1.0",
            FeedFormat::Atom => "Atom",
            FeedFormat::Cdf => "CDF",
            FeedFormat::Json => "JSON Feed",
        }
    }
}

/// Text that may be marked up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextConstruct {
    /// Whether [`TextConstruct::value`] is HTML.
    pub is_html: bool,
    /// The text, or the HTML.
    pub value: String,
}

impl TextConstruct {
    /// Text without markup.
    pub fn plain(value: impl Into<String>) -> TextConstruct {
        TextConstruct { is_html: false, value: value.into() }
    }

    /// HTML.
    pub fn html(value: impl Into<String>) -> TextConstruct {
        TextConstruct { is_html: true, value: value.into() }
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// What is read aloud: without tags, blank space folded, on one line.
    pub fn to_single_line(&self) -> String {
        let text =
            if self.is_html { html_to_text(&self.value) } else { self.value.as_str().into() };
        let mut line = String::with_capacity(text.len());
        for word in text.split_whitespace() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        line
    }

    /// The same as HTML.
    pub fn to_html(&self) -> String {
        if self.is_html { self.value.clone() } else { escape_html(&self.value) }
    }
}

/// Somebody who wrote or keeps something.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The name, where one is given.
    pub name: Option<String>,
    /// The mail address.
    pub email: Option<String>,
}

/// An address with what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedLink {
    /// The address, resolved.
    pub href: String,
    /// How it relates, in small letters: `alternate` where nothing is said (RFC 4287 §4.2.7.2).
    pub rel: String,
    /// The media type.
    pub media_type: Option<String>,
}

/// A file that belongs to an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Enclosure {
    /// The address, resolved.
    pub href: String,
    /// The media type.
    pub media_type: Option<String>,
    /// The size in bytes; 0 where the feed does not say (RSS Advisory Board, best practices).
    pub length: u64,
}

/// The times of something, each where it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedDates {
    /// First published.
    pub published: Option<DateTime<Utc>>,
    /// Last changed.
    pub updated: Option<DateTime<Utc>>,
    /// Written.
    pub created: Option<DateTime<Utc>>,
}

impl FeedDates {
    /// The date to sort by: when it came out, or what comes nearest to that.
    pub fn sort_date(&self) -> Option<DateTime<Utc>> {
        self.published.or(self.updated).or(self.created)
    }
}

/// How often the publisher wants to be asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateSchedule {
    /// Minutes that the document stays good (RSS 2.0 `ttl`, the syndication module).
    pub interval_minutes: Option<u32>,
    /// Hours of the day, in GMT, at which nothing changes (RSS 0.91 `skipHours`).
    pub skip_hours: Vec<u8>,
    /// Days at which nothing changes, Monday = 0 (RSS 0.91 `skipDays`).
    pub skip_days: Vec<u8>,
}

/// What a document says of its feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParsedFeed {
    /// Its name.
    pub title: TextConstruct,
    /// The address of the site.
    pub link: Option<String>,
    /// The address of the document itself.
    pub self_link: Option<String>,
    /// One line about it.
    pub subtitle: TextConstruct,
    /// What identifies it.
    pub id: Option<String>,
    /// The language of the texts (BCP 47).
    pub language: Option<String>,
    /// Who makes it; the first is the one to name.
    pub authors: Vec<Person>,
    /// When.
    pub dates: FeedDates,
    /// The address of a picture that stands for it.
    pub image: Option<String>,
    /// The address of a small picture.
    pub icon: Option<String>,
    /// Words that say what it is about.
    pub tags: Vec<String>,
    /// How often to ask.
    pub update_schedule: UpdateSchedule,
}

/// One thing published.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParsedEntry {
    /// The headline.
    pub title: TextConstruct,
    /// The address of the original.
    pub link: Option<String>,
    /// What identifies it within the feed, as the publisher says.
    pub id: Option<String>,
    /// The beginning or the whole, where there is no [`ParsedEntry::content`].
    pub summary: TextConstruct,
    /// The whole.
    pub content: Vec<TextConstruct>,
    /// Who wrote it.
    pub authors: Vec<Person>,
    /// When.
    pub dates: FeedDates,
    /// Every address given.
    pub links: Vec<FeedLink>,
    /// Files that belong to it.
    pub enclosures: Vec<Enclosure>,
    /// Words the publisher gave it.
    pub tags: Vec<String>,
    /// The address of the discussion.
    pub comments: Option<String>,
    /// The language of the text, and the address of a picture.
    pub extras: EntryExtras,
}

/// What few entries have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryExtras {
    /// The language of the text (BCP 47).
    pub language: Option<String>,
    /// The address of a picture.
    pub image: Option<String>,
}

impl ParsedEntry {
    /// The text to read: the longest of what is given.
    pub fn longest_text(&self) -> &TextConstruct {
        self.longest_content_index().map_or(&self.summary, |at| &self.content[at])
    }

    /// [`ParsedEntry::longest_text`], taken out.
    pub fn take_longest_text(&mut self) -> TextConstruct {
        match self.longest_content_index() {
            Some(at) => std::mem::take(&mut self.content[at]),
            None => std::mem::take(&mut self.summary),
        }
    }

    /// Which of the contents it is; `None` for the summary.
    fn longest_content_index(&self) -> Option<usize> {
        let (at, text) =
            self.content.iter().enumerate().max_by_key(|(_, text)| text.value.len())?;
        (text.value.len() >= self.summary.value.len()).then_some(at)
    }
}
