//! The parsed feed document, independent of its format.

use chrono::{DateTime, Utc};

use super::FeedWarning;
use crate::markup::{escape_html, html_to_text, html_to_text_until, opening_tag_names};

/// A parsed feed document with its warnings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedDocument {
    /// Format of the document.
    pub format: FeedFormat,
    /// Metadata of the feed.
    pub feed: ParsedFeed,
    /// Entries in document order.
    pub entries: Vec<ParsedEntry>,
    /// Problems that were repaired or skipped.
    pub warnings: Vec<FeedWarning>,
    /// True if the document ends before its end, so that entries may be missing.
    pub is_cut_off: bool,
}

impl FeedDocument {
    /// Creates a document of entries that have come without one, from a sync server or an archive.
    pub fn from_entries(entries: Vec<ParsedEntry>) -> FeedDocument {
        FeedDocument {
            format: FeedFormat::default(),
            feed: ParsedFeed::default(),
            entries,
            warnings: Vec::new(),
            is_cut_off: false,
        }
    }
}

/// The formats of feed documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum FeedFormat {
    /// RSS 0.91 to 0.94 and 2.0.
    #[default]
    Rss,
    /// RSS 0.90 and 1.0, which are based on RDF.
    Rdf,
    /// Atom 1.0 (RFC 4287) and 0.3.
    Atom,
    /// Microsoft's Channel Definition Format.
    Cdf,
    /// JSON Feed 1.0 and 1.1.
    Json,
}

impl FeedFormat {
    /// Returns the usual name of the format.
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

/// Plain text or HTML (a text construct of RFC 4287 §3.1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextConstruct {
    /// True if [`TextConstruct::value`] is HTML.
    pub is_html: bool,
    /// The plain text or the HTML.
    pub value: String,
}

/// Maximum length of a value that is checked for visible content, in bytes. The empty paragraphs of
/// editors are shorter.
const MAX_BLANK_BYTES: usize = 512;

/// Returns true for white space, and for characters without a glyph: zero-width spaces and joiners,
/// soft hyphens, directional marks, blank fillers.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{ad}'
                | '\u{34f}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{2800}'
                | '\u{3164}'
                | '\u{feff}'
        )
}

/// Elements that mean something without any text.
const EMBEDDING_ELEMENTS: [&str; 11] =
    ["a", "img", "picture", "video", "audio", "iframe", "embed", "object", "svg", "math", "hr"];

/// Returns true for one of [`EMBEDDING_ELEMENTS`], perhaps with a prefix.
fn is_embedding(tag: &str) -> bool {
    let local = tag.rsplit(':').next().unwrap_or_default();
    EMBEDDING_ELEMENTS.iter().any(|name| local.eq_ignore_ascii_case(name))
}

impl TextConstruct {
    /// Creates a plain-text construct.
    pub fn plain(value: impl Into<String>) -> TextConstruct {
        TextConstruct { is_html: false, value: value.into() }
    }

    /// Creates an HTML construct.
    pub fn html(value: impl Into<String>) -> TextConstruct {
        TextConstruct { is_html: true, value: value.into() }
    }

    /// Returns true if the value is the empty string.
    pub fn is_empty(&self) -> bool {
        self.value.is_empty()
    }

    /// Returns true if nothing of the text is visible: it is empty, or has only tags, white space
    /// and invisible characters.
    pub fn is_blank(&self) -> bool {
        let is_invisible_text = |text: &str| text.chars().all(is_invisible);
        let text = if self.is_html {
            html_to_text_until(&self.value, |text| !is_invisible_text(text))
        } else {
            self.value.as_str().into()
        };
        is_invisible_text(&text)
    }

    /// Returns the number of visible characters, without white space.
    fn visible_char_count(&self) -> usize {
        let text =
            if self.is_html { html_to_text(&self.value) } else { self.value.as_str().into() };
        text.chars().filter(|c| !is_invisible(*c)).count()
    }

    /// Returns true if there is neither visible text nor a picture or another embedded medium. A
    /// long value is never checked.
    pub(super) fn shows_nothing(&self) -> bool {
        self.is_empty()
            || self.value.len() <= MAX_BLANK_BYTES
                && self.is_blank()
                && !(self.is_html && opening_tag_names(&self.value).any(is_embedding))
    }

    /// Returns the lines of the text without tags, each with white space collapsed; blank lines are
    /// left out. In HTML, each block is a line of its own.
    pub fn to_blocks(&self) -> Vec<String> {
        let text =
            if self.is_html { html_to_text(&self.value) } else { self.value.as_str().into() };
        let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
        lines.filter(|line| !line.is_empty()).collect()
    }

    /// Returns the text without tags on one line; runs of white space become one space.
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

    /// Returns the value as HTML; plain text is escaped.
    pub fn to_html(&self) -> String {
        if self.is_html { self.value.clone() } else { escape_html(&self.value) }
    }
}

/// An author or maintainer of a feed or an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// Display name.
    pub name: Option<String>,
    /// Email address.
    pub email: Option<String>,
}

/// A URL with its link relation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedLink {
    /// URL, resolved against its base.
    pub href: String,
    /// Link relation in lower case; `alternate` by default (RFC 4287 §4.2.7.2).
    pub rel: String,
    /// Media type.
    pub media_type: Option<String>,
}

impl FeedLink {
    /// Returns true unless the media type says that the link does not lead to a web page.
    pub fn is_page(&self) -> bool {
        self.media_type.as_deref().is_none_or(|media_type| media_type.contains("html"))
    }
}

/// A media file that belongs to an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Enclosure {
    /// URL, resolved against its base.
    pub href: String,
    /// Media type.
    pub media_type: Option<String>,
    /// Size in bytes; 0 if the feed does not state it (RSS Advisory Board, best practices).
    pub length: u64,
    /// Alternative text of a picture, or the title of another file.
    pub description: Option<String>,
    /// Duration in seconds.
    pub seconds: Option<u32>,
}

impl Enclosure {
    /// Returns true for a file of this kind (`image`, `audio`, `video`) by its media type.
    pub(super) fn is_of_kind(&self, kind: &str) -> bool {
        self.media_type.as_deref().is_some_and(|media_type| media_type.starts_with(kind))
    }
}

/// The dates of a feed or an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedDates {
    /// Date of the first publication.
    pub published: Option<DateTime<Utc>>,
    /// Date of the last change.
    pub updated: Option<DateTime<Utc>>,
    /// Date of creation (Atom 0.3, Dublin Core).
    pub created: Option<DateTime<Utc>>,
}

impl FeedDates {
    /// Returns the date to sort by: published, else updated, else created.
    pub fn sort_date(&self) -> Option<DateTime<Utc>> {
        self.published.or(self.updated).or(self.created)
    }
}

/// The update schedule that the publisher asks clients to follow.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UpdateSchedule {
    /// Minutes between updates (RSS 2.0 `ttl`, the syndication module).
    pub interval_minutes: Option<u32>,
    /// Hours of the day without updates, in GMT (RSS 0.91 `skipHours`).
    pub skip_hours: Vec<u8>,
    /// Days of the week without updates, Monday = 0 (RSS 0.91 `skipDays`).
    pub skip_days: Vec<u8>,
}

/// The metadata of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParsedFeed {
    /// Title of the feed.
    pub title: TextConstruct,
    /// URL of the website.
    pub link: Option<String>,
    /// URL of the feed document itself.
    pub self_link: Option<String>,
    /// Short description of the feed.
    pub subtitle: TextConstruct,
    /// Identifier of the feed.
    pub id: Option<String>,
    /// Language of the texts (BCP 47).
    pub language: Option<String>,
    /// Authors; the first is the one to display.
    pub authors: Vec<Person>,
    /// Dates of the feed.
    pub dates: FeedDates,
    /// URL of the feed's picture or logo.
    pub image: Option<String>,
    /// URL of a small icon.
    pub icon: Option<String>,
    /// Categories and keywords.
    pub tags: Vec<String>,
    /// Update schedule asked for by the publisher.
    pub update_schedule: UpdateSchedule,
    /// URL to which the feed says that it has moved (`itunes:new-feed-url`).
    pub new_feed_url: Option<String>,
}

/// One entry of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ParsedEntry {
    /// Headline; derived from the text if the document gives none.
    pub title: TextConstruct,
    /// URL of the original article.
    pub link: Option<String>,
    /// Identifier within the feed, set by the publisher.
    pub id: Option<String>,
    /// Summary; often the full text if [`ParsedEntry::content`] is empty.
    pub summary: TextConstruct,
    /// Full text, in one or several versions.
    pub content: Vec<TextConstruct>,
    /// Authors.
    pub authors: Vec<Person>,
    /// Dates of the entry.
    pub dates: FeedDates,
    /// Links written as `href` attributes, with their relations (Atom, CDF).
    pub links: Vec<FeedLink>,
    /// Media files of the entry.
    pub enclosures: Vec<Enclosure>,
    /// Categories and keywords.
    pub tags: Vec<String>,
    /// URL of the discussion.
    pub comments: Option<String>,
    /// Language and picture.
    pub extras: EntryExtras,
}

/// Fields that few entries have.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryExtras {
    /// Language of the text (BCP 47).
    pub language: Option<String>,
    /// URL of a picture.
    pub image: Option<String>,
    /// Chapters of the episode, in the order of their beginnings.
    pub chapters: Vec<FeedChapter>,
}

/// A chapter of an episode (Podlove Simple Chapters 1.2).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FeedChapter {
    /// Beginning of the chapter in seconds.
    pub start_seconds: u32,
    /// Title.
    pub title: String,
    /// URL of a page about the chapter.
    pub link: Option<String>,
}

impl ParsedEntry {
    /// Returns the text to display: the content with the most visible text, or else the summary.
    pub fn longest_text(&self) -> &TextConstruct {
        self.longest_content_index().map_or(&self.summary, |index| &self.content[index])
    }

    /// Takes [`ParsedEntry::longest_text`] out of the entry.
    pub fn take_longest_text(&mut self) -> TextConstruct {
        match self.longest_content_index() {
            Some(index) => std::mem::take(&mut self.content[index]),
            None => std::mem::take(&mut self.summary),
        }
    }

    /// Returns the index of the content with the most visible text; `None` if only the summary has
    /// any.
    fn longest_content_index(&self) -> Option<usize> {
        let is_summary_longer = |content: &TextConstruct| {
            !self.summary.is_empty() && content.is_blank() && !self.summary.is_blank()
        };
        let index = match self.content.len() {
            0 => return None,
            1 => 0,
            _ => self.content_index_by_visible_text()?,
        };
        (!is_summary_longer(&self.content[index])).then_some(index)
    }

    /// Plain text must be clearly longer than HTML: it writes out what is markup there.
    fn content_index_by_visible_text(&self) -> Option<usize> {
        let weight =
            |text: &TextConstruct| text.visible_char_count() * if text.is_html { 4 } else { 3 };
        let weighed = self.content.iter().map(weight).enumerate();
        weighed.rev().max_by_key(|(_, weight)| *weight).map(|(index, _)| index)
    }
}
