//! One thing published in a feed, as stored and as it arrives.

use chrono::{DateTime, NaiveDate, Offset, TimeZone, Utc};
use serde::{Deserialize, Serialize};

use super::{EntryId, FeedId};

/// When an entry was published, as exactly as its source tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PublicationDate {
    /// Only a day is known; it is the same day in every time zone.
    Day(NaiveDate),
    /// The instant is known.
    Instant(DateTime<Utc>),
}

impl PublicationDate {
    /// The instant that orders entries: midnight UTC where only the day is known.
    pub fn instant(self) -> DateTime<Utc> {
        match self {
            PublicationDate::Day(day) => day.and_time(chrono::NaiveTime::MIN).and_utc(),
            PublicationDate::Instant(at) => at,
        }
    }

    /// The calendar day a reader in `zone` would name.
    pub fn day_in<Z: TimeZone>(self, zone: &Z) -> NaiveDate {
        match self {
            PublicationDate::Day(day) => day,
            PublicationDate::Instant(at) => {
                let offset = zone.offset_from_utc_datetime(&at.naive_utc()).fix();
                at.with_timezone(&offset).date_naive()
            }
        }
    }
}

/// An entry as a list shows it; the body is loaded apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its permanent number.
    pub id: EntryId,
    /// Where it was published.
    pub feed: FeedId,
    /// The headline, whole; panes cut it.
    pub title: String,
    /// The address of the original, if it has one.
    pub link: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was published.
    pub published: PublicationDate,
    /// Read and starred.
    pub state: EntryState,
}

/// What the user said about an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub struct EntryState {
    /// It has been read.
    pub read: bool,
    /// It is starred.
    pub starred: bool,
}

/// What kind of text a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum BodyFormat {
    /// Paragraphs parted by blank lines.
    Plain,
    /// CommonMark with tables.
    Markdown,
    /// HTML.
    Html,
}

/// The text of an entry as its source gave it, decoded to UTF-8.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryBody {
    /// How to read [`EntryBody::text`].
    pub format: BodyFormat,
    /// The text.
    pub text: String,
}

/// An entry on its way into the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// What identifies it within its feed: the publisher's id, or the path within a folder.
    pub guid: String,
    /// A digest of the content, by which a moved or changed file is recognised.
    pub digest: u64,
    /// The headline, whole.
    pub title: String,
    /// The address of the original.
    pub link: Option<String>,
    /// Who wrote it.
    pub author: Option<String>,
    /// When it was published.
    pub published: PublicationDate,
    /// Words the document gives itself.
    pub tags: Vec<String>,
    /// The text.
    pub body: EntryBody,
    /// What came with it.
    pub attachments: Attachments,
    /// The article in the text, if that is a whole web page.
    pub page_article: Option<PageArticle>,
}

/// The article in a web page that a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageArticle {
    /// The article, as HTML.
    pub html: String,
    /// Whether it is read in place of the page: most of the running text is in it.
    pub shown: bool,
}

/// The text of an entry's original, taken from its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTextArticle {
    /// The address of the page.
    pub url: String,
    /// The article in it, as HTML whose links are absolute.
    pub html: String,
    /// Whether it is read in place of what the feed brought.
    pub shown: bool,
    /// When it was fetched.
    pub fetched_at: DateTime<Utc>,
}

/// What comes with an entry beside its text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Attachments {
    /// Files: sound, pictures, documents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<AttachedFile>,
    /// The address of the discussion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comments: Option<String>,
}

impl Attachments {
    /// Whether nothing came with it.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.comments.is_none()
    }
}

/// A file that came with an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachedFile {
    /// Its address.
    pub url: String,
    /// Its media type, where one is given.
    #[serde(rename = "kind")]
    pub media_type: Option<String>,
    /// Bytes; 0 where nobody says.
    pub length: u64,
}

/// Where the top of the reading pane is in an article, independent of its width.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Hash)]
pub struct ReadingPosition {
    /// Index of the piece of the article, counted from its beginning.
    pub block: u32,
    /// Line within the piece at the width of the moment; clamped at another width.
    pub line: u32,
}
