//! Entries: as lists show them, as feeds and files deliver them, and their parts.
//!
//! Start with [`Entry`] (stored) and [`NewEntry`] (to be stored).

use chrono::{DateTime, NaiveDate, Offset, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use super::{EntryId, EntryTag, Feed, FeedId, StorySummary, TagName};

/// The publication date of an entry, as precise as its source.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicationDate {
    /// A calendar day without a time; the same day in every time zone.
    Day(NaiveDate),
    /// A point in time.
    Instant(DateTime<Utc>),
    /// Not stated by the source; the point in time at which the entry was saved or received.
    Arrival(DateTime<Utc>),
}

impl PublicationDate {
    /// Returns the instant by which entries are sorted: midnight UTC if only the day is known.
    pub fn instant(self) -> DateTime<Utc> {
        match self {
            PublicationDate::Day(day) => day.and_time(chrono::NaiveTime::MIN).and_utc(),
            PublicationDate::Instant(at) | PublicationDate::Arrival(at) => at,
        }
    }

    /// Returns the calendar day if no time is known.
    pub fn day_without_time(self) -> Option<NaiveDate> {
        match self {
            PublicationDate::Day(day) => Some(day),
            PublicationDate::Instant(_) | PublicationDate::Arrival(_) => None,
        }
    }

    /// Returns the calendar day in the time zone `zone`.
    pub fn day_in<Z: TimeZone>(self, zone: &Z) -> NaiveDate {
        match self {
            PublicationDate::Day(day) => day,
            PublicationDate::Instant(at) | PublicationDate::Arrival(at) => {
                let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
                at.with_timezone(&offset).date_naive()
            }
        }
    }
}

/// An entry as a list shows it; the body is loaded separately.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Permanent id.
    pub id: EntryId,
    /// The feed in which the entry was published.
    pub feed: FeedId,
    /// The other feeds that have brought the article, in the order in which they did.
    pub other_feeds: Vec<FeedId>,
    /// The complete title; panes truncate it.
    pub title: String,
    /// The URL of the article's web page.
    pub link: Option<String>,
    /// The author.
    pub author: Option<String>,
    /// The website of a page that the user saved: its name, or else its host.
    pub site: Option<String>,
    /// Publication date.
    pub published: PublicationDate,
    /// Read, starred, hidden and removed state.
    pub state: EntryState,
    /// The user's tags, sorted by name.
    pub tags: Vec<EntryTag>,
    /// The categories of the publisher; of entries that an earlier version has stored, their words.
    pub categories: Vec<String>,
    /// The time at which the entry is dropped from the trash; `None` if it is not there.
    pub dropped_at: Option<DateTime<Utc>>,
    /// The duration of the episode in seconds; `None` for an entry that is not in the queue.
    pub queued_seconds: Option<u32>,
    /// The story that the article shares with others, if it was loaded.
    pub story: Option<StorySummary>,
}

impl Entry {
    /// Returns the name of what published the entry: its feed, or the website of a saved page.
    pub fn source_name<'a>(&'a self, feed: Option<&'a Feed>) -> &'a str {
        self.site.as_deref().unwrap_or_else(|| feed.map_or("", Feed::display_name))
    }

    /// Returns the name of what published the entry, and then those of the other feeds that have brought
    /// the article. `find_feed` finds a feed by its id.
    pub fn source_names<'a>(
        &'a self,
        find_feed: &dyn Fn(FeedId) -> Option<&'a Feed>,
    ) -> Vec<&'a str> {
        let others = self.other_feeds.iter().filter_map(|id| find_feed(*id));
        let source = self.source_name(find_feed(self.feed));
        std::iter::once(source).chain(others.map(Feed::display_name)).collect()
    }

    /// Returns the slots in the arguments of the user's programs with their values, as they are stored.
    /// `url` is the link as other programs may get it, and `day` the day of publication where the user is.
    pub fn slot_values(&self, url: Option<String>, day: NaiveDate) -> Vec<(&'static str, String)> {
        let tags: Vec<&str> = self.tags.iter().map(|tag| tag.name.as_str()).collect();
        vec![
            ("{url}", url.unwrap_or_default()),
            ("{title}", self.title.clone()),
            ("{id}", self.id.to_string()),
            ("{author}", self.author.clone().unwrap_or_default()),
            ("{date}", day.to_string()),
            ("{tags}", tags.join(",")),
        ]
    }

    /// Returns whether the entry has a tag of the user's.
    pub fn has_tag(&self, name: &TagName) -> bool {
        self.tags.iter().any(|tag| tag.name.key() == name.key())
    }

    /// Returns the author, unless that is the name of the source, as in the blog of one person.
    pub fn author_besides(&self, source_name: &str) -> Option<&str> {
        let is_source =
            |author: &str| author.trim().to_lowercase() == source_name.trim().to_lowercase();
        self.author.as_deref().filter(|author| !is_source(author))
    }
}

/// The properties of an entry that only its stored text gives, as filters know them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EntryTraits {
    /// Words of the tags of the document.
    pub tags: Vec<String>,
    /// Language of the text as an ISO 639-1 code, if it is certain.
    pub language: Option<String>,
}

/// The state of an entry, as lists test it.
#[expect(clippy::struct_excessive_bools, reason = "any of the states can go with any other")]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct EntryState {
    /// The entry is read.
    pub read: bool,
    /// The entry is starred.
    pub starred: bool,
    /// The entry has the tag `hidden`.
    pub hidden: bool,
    /// The entry is in the trash.
    pub removed: bool,
    /// The entry is a copy: another feed has brought the article as well, and that entry stands for it.
    pub copy: bool,
}

impl EntryState {
    /// Returns whether lists and counts leave the entry out, unless they are asked for such.
    pub fn is_unlisted(self) -> bool {
        self.hidden || self.removed
    }
}

/// The markup language of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyFormat {
    /// Plain text; blank lines separate paragraphs.
    Plain,
    /// Markdown: CommonMark with tables.
    Markdown,
    /// HTML.
    Html,
}

/// The text of an entry as its source published it, decoded to UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryBody {
    /// The markup language of [`EntryBody::text`].
    pub format: BodyFormat,
    /// The text, with its markup.
    pub text: String,
}

/// An entry that is to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Identifies the entry in its feed: the publisher's id, or the path within a folder.
    pub guid: String,
    /// Digest of the content; detects changed entries and moved files.
    pub digest: u64,
    /// The complete title.
    pub title: String,
    /// The URL of the article's web page.
    pub link: Option<String>,
    /// The author.
    pub author: Option<String>,
    /// Publication date.
    pub published: PublicationDate,
    /// Categories of the document.
    pub tags: Vec<String>,
    /// The body.
    pub body: EntryBody,
    /// Attached files and the discussion link.
    pub attachments: Attachments,
    /// The article inside the body; `Some` if the body is a complete saved web page.
    pub page_article: Option<PageArticle>,
}

/// The article extracted from a saved web page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageArticle {
    /// The article, as HTML.
    pub html: String,
    /// Shown instead of the whole page. Set if the article contains most of the page's running
    /// text.
    pub shown: bool,
}

/// The full text of an entry: the article extracted from its web page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTextArticle {
    /// The URL of the page.
    pub url: String,
    /// The article as HTML with absolute links.
    pub html: String,
    /// Shown instead of the feed's text.
    pub shown: bool,
    /// Time at which the page was fetched.
    pub fetched_at: DateTime<Utc>,
}

/// Attached files of an entry, the discussion link, and the address at which one unsubscribes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attachments {
    /// Files such as audio, images and documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<AttachedFile>,
    /// The URL of the discussion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<String>,
    /// The address at which the reader of a mailing list unsubscribes: `https` or `mailto`. The program
    /// itself never requests it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsubscribe: Option<String>,
    /// The chapters of the episode, in their order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub chapters: Vec<EpisodeChapter>,
}

/// A chapter of an episode.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct EpisodeChapter {
    /// The second at which it begins.
    pub second: u32,
    /// The title.
    pub title: String,
    /// The URL of a page about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Attachments {
    /// Returns whether there are neither files nor chapters nor links.
    pub fn is_empty(&self) -> bool {
        let has_links = self.comments.is_some() || self.unsubscribe.is_some();
        self.files.is_empty() && self.chapters.is_empty() && !has_links
    }
}

/// A file attached to an entry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct AttachedFile {
    /// The URL of the file.
    pub url: String,
    /// Media type, such as `audio/mpeg`.
    #[serde(rename = "kind")]
    pub media_type: Option<String>,
    /// Length in bytes; 0 if unknown.
    pub length: u64,
    /// The alternative text of a picture, or the title of another file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Duration of a sound or a video in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<u32>,
}

/// The position of the top line of the article pane, independent of the pane's width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct ReadingPosition {
    /// Index of the layout block, counted from the beginning of the article.
    pub block: u32,
    /// Line within the block at the current width; clamped if the width changes.
    pub line: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn author_besides_leaves_out_the_name_of_the_feed() {
        let entry = |author: &str| Entry {
            id: EntryId(1),
            feed: FeedId(1),
            other_feeds: Vec::new(),
            title: String::new(),
            link: None,
            author: Some(author.to_owned()),
            site: None,
            published: PublicationDate::Arrival(DateTime::UNIX_EPOCH),
            state: EntryState::default(),
            tags: Vec::new(),
            categories: Vec::new(),
            dropped_at: None,
            queued_seconds: None,
            story: None,
        };
        assert_eq!(entry("DC rainmaker ").author_besides("DC Rainmaker"), None);
        assert_eq!(entry("Anna Weil").author_besides("DC Rainmaker"), Some("Anna Weil"));
    }
}
