//! Where entries come from.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::FeedId;

/// What a feed is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedKind {
    /// The bundled sample library.
    Samples,
    /// A folder of article files, or a single file.
    Folder,
    /// A feed document at an address.
    Web,
    /// A program of the user's own that prints a feed document.
    Program,
    /// Pages that the user saved one by one.
    Saved,
}

/// How the last refresh of a feed went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedHealth {
    /// Everything could be read.
    Healthy,
    /// Something could not; the sentence says what.
    Failing(String),
}

/// A source of entries and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Its permanent number.
    pub id: FeedId,
    /// What it is made of.
    pub kind: FeedKind,
    /// Its address: `https:`, `file:` or, of a program, `exec:`.
    pub url: String,
    /// Its name as its publisher writes it.
    pub title: String,
    /// The address of its site.
    pub site_url: Option<String>,
    /// How the user follows it.
    pub subscription: Subscription,
    /// How many entries it has.
    pub entry_count: u64,
    /// How many of them are unread.
    pub unread_count: u64,
    /// How its last refresh went.
    pub health: FeedHealth,
    /// When it was asked, and when it is next.
    pub refresh_state: FeedRefreshState,
}

impl Feed {
    /// Its name on the screen: the user's, or the publisher's.
    pub fn display_name(&self) -> &str {
        self.subscription.name.as_deref().unwrap_or(&self.title)
    }

    /// The folder it is in.
    pub fn folder(&self) -> Option<&str> {
        self.subscription.folder.as_deref()
    }
}

/// The user's choice to follow a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Subscription {
    /// The user's own name for it.
    pub name: Option<String>,
    /// The folder it is in.
    pub folder: Option<String>,
    /// Words the user put on it.
    pub tags: Vec<String>,
    /// Minutes between two refreshes; the setting `refresh.every` where there are none.
    #[serde(rename = "every")]
    pub refresh_minutes: Option<u32>,
    /// It is not refreshed.
    pub paused: bool,
    /// Its entries come in read.
    pub muted: bool,
    /// How it is asked for.
    pub fetch: FetchOptions,
}

/// How a feed is asked for, where it needs more than its address.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FetchOptions {
    /// What to call ourselves.
    pub user_agent: Option<String>,
    /// More headers, as `Name: value`.
    pub headers: Vec<String>,
    /// The user name, for sites that ask for one.
    pub user: Option<String>,
    /// Where the password is: `env:NAME`, or `file:PATH` of a file that only its owner can read.
    #[serde(rename = "password")]
    pub password_source: Option<String>,
    /// The largest document to read, in MiB.
    pub max_mib: Option<u32>,
    /// Whether articles are read from their pages.
    pub full_text: FullTextPolicy,
}

/// Whether the articles of a feed are read from the pages of their originals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FullTextPolicy {
    /// As the feed has them; the page is fetched when the user asks for it.
    #[default]
    #[serde(rename = "feed")]
    OnRequest,
    /// The page is fetched when an article is opened.
    Always,
    /// The page is never fetched.
    Never,
}

/// When a feed was asked, and when it is next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedRefreshState {
    /// When it was last asked.
    pub last_checked: Option<DateTime<Utc>>,
    /// When it is due.
    pub next_check: Option<DateTime<Utc>>,
    /// Before this it must not be asked: its publisher said so.
    pub not_before: Option<DateTime<Utc>>,
    /// When it last brought something new.
    pub last_new_entry: Option<DateTime<Utc>>,
    /// How often it has failed in a row.
    pub consecutive_failures: u32,
    /// It is gone for good (410), and is not asked any more.
    pub stopped: bool,
}

/// What a publisher gave to ask with whether something has changed (RFC 9110 §8.8), and a new address if it said so.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// The entity tag.
    pub etag: Option<String>,
    /// When the document was last changed, as the publisher writes it.
    pub last_modified: Option<String>,
    /// Digest of the document that was last read.
    pub digest: Option<u64>,
    /// Where the feed has moved to, and how often in a row that was said.
    pub moved: Option<(String, u32)>,
}

/// Which feeds a refresh is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefreshScope {
    /// Those whose time has come.
    Due,
    /// All; but paused ones stay paused, and who said "not before" is left alone until then.
    All,
    /// One, whatever its clock says.
    One(FeedId),
}

/// A feed that was found and could be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedCandidate {
    /// Its address.
    pub url: String,
    /// Its name.
    pub title: String,
    /// The name of its format.
    pub format: &'static str,
    /// How many entries it has.
    pub entry_count: usize,
    /// When the newest was published.
    pub newest_published: Option<DateTime<Utc>>,
    /// The headlines of the first.
    pub entry_titles: Vec<String>,
}

/// A feed to be followed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeed {
    /// Its address.
    pub url: String,
    /// Its name, until it has been read.
    pub title: String,
    /// How to follow it.
    pub subscription: Subscription,
}

/// A small collection of feeds to begin with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarterCollection {
    /// What it is about.
    pub name: String,
    /// Its feeds.
    pub feeds: Vec<NewFeed>,
}
