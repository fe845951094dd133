//! Feeds, subscriptions and refresh state.
//!
//! Start with [`Feed`].

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{AccountId, Failure, FailureKind, FeedId, SkippedTimes, StoredPassword};

/// The kind of source behind a feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedKind {
    /// The bundled sample articles.
    Samples,
    /// A folder of article files, or a single file.
    Folder,
    /// A feed document on the web.
    Web,
    /// A program that prints a feed document, configured by the user.
    Program,
    /// Web pages that the user saved one by one.
    Saved,
    /// A feed of an account, whose server fetches it.
    Synced,
}

impl FeedKind {
    /// Returns the participle for the arrival of an entry without a date: "saved" by the user, or
    /// "received" from a feed.
    pub const fn arrival_verb(self) -> &'static str {
        match self {
            FeedKind::Folder | FeedKind::Saved => "saved",
            FeedKind::Samples | FeedKind::Web | FeedKind::Program | FeedKind::Synced => "received",
        }
    }
}

/// The outcome of the last refresh of a feed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedHealth {
    /// The refresh succeeded.
    Healthy,
    /// The refresh failed, or a part of it; the sentence says why.
    Failing(String),
}

impl FeedHealth {
    /// Returns the failure to report to the user, with the name of the feed.
    pub fn to_failure(&self, feed_name: &str) -> Option<Failure> {
        match self {
            FeedHealth::Healthy => None,
            FeedHealth::Failing(sentence) => {
                Some(Failure::new(FailureKind::Feed, format!("{feed_name}: {sentence}")))
            }
        }
    }
}

/// A feed with its subscription, counts and refresh state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Permanent id.
    pub id: FeedId,
    /// The kind of source.
    pub kind: FeedKind,
    /// The URL: `https:`, `file:`, or `exec:` for a program.
    pub url: String,
    /// The title that the publisher gives the feed.
    pub title: String,
    /// The URL of the website.
    pub site_url: Option<String>,
    /// The user's subscription settings.
    pub subscription: Subscription,
    /// Number of stored entries.
    pub entry_count: u64,
    /// Number of unread entries.
    pub unread_count: u64,
    /// The outcome of the last refresh.
    pub health: FeedHealth,
    /// Times of the last and the next refresh.
    pub refresh_state: FeedRefreshState,
    /// The network in which the feed was when the user subscribed to it.
    pub network: FeedNetwork,
    /// The account that the feed belongs to.
    pub account: Option<FeedAccount>,
}

/// The account that a feed belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedAccount {
    /// Id of the account.
    pub id: AccountId,
    /// Name of the account.
    pub name: String,
    /// The relation of the server to the feed.
    pub listing: FeedListing,
}

/// The relation of the server of an account to one of its feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedListing {
    /// The server lists the feed.
    Listed,
    /// The server is to be told to subscribe to the feed.
    Waiting,
    /// The server does not list the feed.
    Unlisted,
}

/// The network in which a feed was when the user subscribed to it. It tells where the requests for
/// the feed, its pages and its pictures may go: a host that was public must not lead into the private
/// network later.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FeedNetwork {
    /// The feed has not answered yet, or only through a proxy.
    #[default]
    Unknown,
    /// The public internet.
    Public,
    /// The private network.
    Private {
        /// The scheme, host and port that the user supplied.
        origin: String,
    },
}

impl FeedNetwork {
    /// Returns the origin in the private network that the user supplied.
    pub fn private_origin(&self) -> Option<&str> {
        match self {
            FeedNetwork::Private { origin } => Some(origin),
            FeedNetwork::Unknown | FeedNetwork::Public => None,
        }
    }
}

/// The beginning of what stands in place of an address that a damaged library has lost.
const LOST_ADDRESS: &str = "lost:";

/// Returns whether an address stands for one that a damaged library has lost.
pub fn has_lost_address(url: &str) -> bool {
    url.starts_with(LOST_ADDRESS)
}

impl Feed {
    /// Returns the name that the user gave the feed, otherwise the publisher's title.
    pub fn display_name(&self) -> &str {
        self.subscription.name.as_deref().unwrap_or(&self.title)
    }

    /// Returns the folder of the feed.
    pub fn folder(&self) -> Option<&str> {
        self.subscription.folder.as_deref()
    }

    /// Returns everything that the user has decided about the feed.
    pub fn definition(&self) -> FeedDefinition {
        FeedDefinition {
            url: self.url.clone(),
            network: self.network.clone(),
            subscription: self.subscription.clone(),
        }
    }

    /// Returns the time at which the next refresh is due; `default_interval` is that of feeds without one of
    /// their own.
    pub fn next_check(&self, default_interval: TimeDelta) -> Option<DateTime<Utc>> {
        self.refresh_state.next_check_after(self.refresh_interval(default_interval))
    }

    /// Returns the time between two refreshes that the user wants.
    pub fn refresh_interval(&self, default_interval: TimeDelta) -> TimeDelta {
        let own = self.subscription.refresh_minutes;
        own.map_or(default_interval, |minutes| TimeDelta::minutes(minutes.into()))
    }

    /// Describes the state of the feed in a few words.
    pub fn state_text(&self) -> String {
        match &self.health {
            _ if self.kind == FeedKind::Synced && !self.is_fetched_by_server() => {
                self.unlisted_text()
            }
            _ if has_lost_address(&self.url) => "its address is lost: edit it".to_owned(),
            _ if self.subscription.paused => "paused".to_owned(),
            FeedHealth::Failing(sentence) => format!("! {sentence}"),
            FeedHealth::Healthy if self.awaits_first_refresh() => "not refreshed yet".to_owned(),
            FeedHealth::Healthy if self.subscription.muted => "ok, muted".to_owned(),
            FeedHealth::Healthy => "ok".to_owned(),
        }
    }

    fn is_fetched_by_server(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.listing == FeedListing::Listed)
    }

    /// Describes the state of a feed of an account that its server does not fetch.
    fn unlisted_text(&self) -> String {
        match &self.account {
            Some(FeedAccount { name, listing: FeedListing::Waiting, .. }) => {
                format!("waits for {name}")
            }
            Some(FeedAccount { name, .. }) => format!("not subscribed to on {name}"),
            None => "not fetched: its account was removed".to_owned(),
        }
    }

    /// Returns whether the feed has never been requested.
    fn awaits_first_refresh(&self) -> bool {
        matches!(self.kind, FeedKind::Web | FeedKind::Program)
            && self.refresh_state.last_checked.is_none()
    }
}

/// Everything about a feed that the user decides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedDefinition {
    /// The URL.
    pub url: String,
    /// The network in which the feed was at this URL.
    pub network: FeedNetwork,
    /// The settings.
    pub subscription: Subscription,
}

/// A feed with another address and perhaps other settings, as the user typed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedEdit {
    /// The feed.
    pub feed: FeedId,
    /// The feed before the edit.
    pub before: FeedDefinition,
    /// The address as it was typed.
    pub address: String,
    /// The settings after the edit.
    pub subscription: Subscription,
}

/// The user's settings for a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Subscription {
    /// The name that the user gave the feed.
    pub name: Option<String>,
    /// The folder of the feed.
    pub folder: Option<String>,
    /// Tags that the user gave the feed.
    pub tags: Vec<String>,
    /// Minutes between two refreshes; `None` uses the setting `refresh.every`.
    #[serde(rename = "every")]
    pub refresh_minutes: Option<u32>,
    /// The feed is not refreshed.
    pub paused: bool,
    /// New entries are stored as read.
    pub muted: bool,
    /// Options of the request.
    pub fetch: FetchOptions,
}

impl Subscription {
    /// Returns these settings with those of `after` that differ from `before`.
    #[must_use]
    pub fn with_changes(self, before: &Subscription, after: &Subscription) -> Subscription {
        fn pick<T: Clone + PartialEq>(current: T, before: &T, after: &T) -> T {
            if before == after { current } else { after.clone() }
        }
        Subscription {
            name: pick(self.name, &before.name, &after.name),
            folder: pick(self.folder, &before.folder, &after.folder),
            tags: pick(self.tags, &before.tags, &after.tags),
            refresh_minutes: pick(
                self.refresh_minutes,
                &before.refresh_minutes,
                &after.refresh_minutes,
            ),
            paused: pick(self.paused, &before.paused, &after.paused),
            muted: pick(self.muted, &before.muted, &after.muted),
            fetch: pick(self.fetch, &before.fetch, &after.fetch),
        }
    }
}

/// Options of the requests for a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FetchOptions {
    /// The `User-Agent` header to send.
    pub user_agent: Option<String>,
    /// Additional headers, each as `Name: value`.
    pub headers: Vec<String>,
    /// The user name for HTTP authentication.
    pub user: Option<String>,
    /// The source of the password: `env:NAME`, or `file:PATH` of a file that only its owner can
    /// read.
    #[serde(rename = "password")]
    pub password_source: Option<String>,
    /// The password that was part of the address of the feed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stored_password: Option<StoredPassword>,
    /// Maximum size of the document, in MiB.
    pub max_mib: Option<u32>,
    /// When to fetch the full text of articles.
    pub full_text: FullTextPolicy,
    /// The choice of the feed for a shared archive.
    #[serde(rename = "archive", skip_serializing_if = "ArchiveSharing::is_default")]
    pub sharing: ArchiveSharing,
}

impl FetchOptions {
    /// Returns true if requests carry what is meant for the site of the feed only.
    pub fn has_credentials(&self) -> bool {
        self.user.is_some() || self.has_secrets()
    }

    /// Returns true if requests carry what others must not read.
    pub fn has_secrets(&self) -> bool {
        self.password_source.is_some() || self.stored_password.is_some() || !self.headers.is_empty()
    }
}

/// When to fetch the full text of a feed's articles from their web pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FullTextPolicy {
    /// When the user requests it; otherwise the feed's text is shown.
    #[default]
    #[serde(rename = "feed")]
    OnRequest,
    /// Whenever an article is opened.
    Always,
    /// Never.
    Never,
}

/// The choice whether the articles of a feed are published to a shared archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArchiveSharing {
    /// If the feed is one that everybody may read.
    #[default]
    Public,
    /// Even if it is not.
    Share,
    /// Never.
    Never,
}

impl ArchiveSharing {
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    fn is_default(&self) -> bool {
        *self == ArchiveSharing::Public
    }
}

/// Times and failures of a feed's refreshes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FeedRefreshState {
    /// Time of the last request.
    pub last_checked: Option<DateTime<Utc>>,
    /// Time at which the next refresh is due.
    pub next_check: Option<DateTime<Utc>>,
    /// Earliest time for the next request, set by the publisher.
    pub not_before: Option<DateTime<Utc>>,
    /// Time before which the publisher wants no refresh after the last one that succeeded; `None` if none did,
    /// or an earlier version stored it.
    pub publisher_next: Option<DateTime<Utc>>,
    /// Hours and days at which the publisher wants no refreshes.
    pub skipped: SkippedTimes,
    /// Time at which the last new entry arrived.
    pub last_new_entry: Option<DateTime<Utc>>,
    /// Number of consecutive failed refreshes.
    pub consecutive_failures: u32,
    /// The server answered 410 Gone, so the feed is not requested any more.
    pub stopped: bool,
}

impl FeedRefreshState {
    /// Returns the time at which the next refresh is due with an interval between two, which may be another
    /// one than at the last refresh: never before the time that the publisher, or back-off, has set. `None` if
    /// the feed is due, or stopped.
    pub fn next_check_after(&self, interval: TimeDelta) -> Option<DateTime<Utc>> {
        let next = self.next_check?;
        let Some(wanted) = self.last_checked.and_then(|at| at.checked_add_signed(interval)) else {
            return Some(next);
        };
        let earliest = match self.publisher_next {
            Some(earliest) if self.consecutive_failures == 0 => earliest,
            _ => next,
        };
        Some(self.skipped.next_allowed(wanted.max(earliest)))
    }
}

/// Validators for conditional requests (RFC 9110 §8.8), the digest of the last document, and a
/// pending move of the feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Validators {
    /// The `ETag` header of the last response.
    pub etag: Option<String>,
    /// The `Last-Modified` header of the last response, unparsed.
    pub last_modified: Option<String>,
    /// Digest of the last document that was read.
    pub digest: Option<u64>,
    /// The URL to which the feed was permanently redirected, and the number of consecutive
    /// responses that said so.
    pub moved: Option<(String, u32)>,
}

/// Number of consecutive responses that name the same new URL after which the URL of the feed is
/// changed. One alone may be a temporary mistake of the publisher.
pub const REDIRECTS_BEFORE_MOVE: u32 = 3;

/// A feed whose URL a refresh has changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedMove {
    /// The name of the feed.
    pub name: String,
    /// The new URL.
    pub to: String,
}

/// The feeds that a refresh covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RefreshScope {
    /// Feeds that are due.
    Due,
    /// All feeds except paused ones and those whose `not_before` time has not come.
    All,
    /// One feed, whether it is due or not.
    One(FeedId),
    /// No feed but those of the accounts, all of them or one.
    Accounts(Option<AccountId>),
}

/// A feed that discovery found and the user can subscribe to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedCandidate {
    /// The URL of the feed.
    pub url: String,
    /// The title of the feed.
    pub title: String,
    /// The name of the feed format, such as `RSS 2.0`.
    pub format: &'static str,
    /// Number of entries in the document.
    pub entry_count: usize,
    /// Publication date of the newest entry.
    pub newest_published: Option<DateTime<Utc>>,
    /// Titles of the first entries.
    pub entry_titles: Vec<String>,
    /// The user has subscribed to the feed.
    pub is_subscribed: bool,
    /// The options of its requests: without secrets that were given for another server.
    pub fetch: FetchOptions,
    /// The network in which it was found.
    pub network: FeedNetwork,
}

/// The feeds that discovery found behind an address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DiscoveredSite {
    /// The complete URL of the address.
    pub url: String,
    /// The feeds, the most useful first.
    pub feeds: Vec<FeedCandidate>,
    /// Facts that the user should know, as sentences without a full stop.
    pub notes: Vec<String>,
}

/// A feed to subscribe to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFeed {
    /// The URL of the feed.
    pub url: String,
    /// The title to show until the document has been read.
    pub title: String,
    /// The subscription settings.
    pub subscription: Subscription,
    /// The network in which it was found.
    pub network: FeedNetwork,
    /// The account whose server is to fetch it; `None` for a feed of the user's own.
    pub account: Option<AccountId>,
}

/// A small collection of feeds for new users.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StarterCollection {
    /// The topic.
    pub name: String,
    /// The feeds.
    pub feeds: Vec<NewFeed>,
}
