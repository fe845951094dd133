//! Accounts on servers that fetch feeds for the user, and what is exchanged with them.
//!
//! Start with [`Account`].

use std::fmt;

use chrono::{DateTime, Utc};

use super::{AccountId, StoredPassword, TagName};

/// An account on a server whose subscriptions and marks are those of the user on every machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Permanent id.
    pub id: AccountId,
    /// The name that the user gave the account.
    pub name: String,
    /// The server, and the user there.
    pub login: AccountLogin,
    /// Times and failures of its syncs.
    pub sync_state: AccountSyncState,
}

/// The address of a server, and the user there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLogin {
    /// The protocol that the server speaks.
    pub kind: ServerKind,
    /// The address of the server's API, as its protocol wants it.
    pub url: String,
    /// The user name.
    pub user: String,
    /// The source of the password.
    pub password: PasswordSource,
    /// The fingerprint of the certificate that the user has accepted for the server.
    pub certificate: Option<String>,
}

/// The protocol that a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerKind {
    /// The Google Reader API: FreshRSS, Miniflux, The Old Reader, BazQux.
    GoogleReader,
    /// The Fever API: CommaFeed, coldsweat, yarr. It knows the marks of articles, and no change of a
    /// subscription.
    Fever,
}

impl ServerKind {
    /// All kinds, those first by which more can be done.
    pub const ALL: [ServerKind; 2] = [ServerKind::GoogleReader, ServerKind::Fever];

    /// Returns the name under which the library stores the kind, and by which the user chooses it.
    pub fn name(self) -> &'static str {
        match self {
            ServerKind::GoogleReader => "greader",
            ServerKind::Fever => "fever",
        }
    }

    /// Parses a stored name; `None` for a kind of a newer version.
    pub fn from_name(name: &str) -> Option<ServerKind> {
        ServerKind::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Returns the name of the protocol.
    pub fn title(self) -> &'static str {
        match self {
            ServerKind::GoogleReader => "Google Reader API",
            ServerKind::Fever => "Fever API",
        }
    }

    /// Returns what is synced with a server with which not everything is.
    pub fn limits(self) -> Option<&'static str> {
        match self {
            ServerKind::GoogleReader => None,
            ServerKind::Fever => {
                Some("read marks and stars only; subscriptions are edited on the server")
            }
        }
    }

    /// Returns true if subscriptions can be changed from here; otherwise that is done on the server.
    pub fn edits_subscriptions(self) -> bool {
        match self {
            ServerKind::GoogleReader => true,
            ServerKind::Fever => false,
        }
    }
}

/// The source of the password of an account. The library knows only this, never the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PasswordSource {
    /// A file of the program's own beside the library, which only its owner can read.
    Kept,
    /// An environment variable.
    Variable(String),
    /// The first line that a command prints; a shell runs it.
    Command(String),
    /// A file of the user's, which only its owner can read.
    File(String),
}

impl PasswordSource {
    /// Parses `env:NAME`, `command:…` or `file:PATH`; `None` for anything else, which may be a
    /// password.
    pub fn parse(text: &str) -> Option<PasswordSource> {
        let (kind, value) = text.split_once(':').filter(|(_, value)| !value.is_empty())?;
        match kind {
            "env" => Some(PasswordSource::Variable(value.to_owned())),
            "command" => Some(PasswordSource::Command(value.to_owned())),
            "file" => Some(PasswordSource::File(value.to_owned())),
            _ => None,
        }
    }

    /// Parses the form in which the library stores a source. What this version does not know is a
    /// password that has to be typed again.
    pub fn from_stored(text: &str) -> PasswordSource {
        PasswordSource::parse(text).unwrap_or(PasswordSource::Kept)
    }
}

impl fmt::Display for PasswordSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PasswordSource::Kept => f.write_str("kept"),
            PasswordSource::Variable(name) => write!(f, "env:{name}"),
            PasswordSource::Command(command) => write!(f, "command:{command}"),
            PasswordSource::File(path) => write!(f, "file:{path}"),
        }
    }
}

/// The choice of what becomes of the feeds of an account that is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountRemoval {
    /// They become feeds of the user's own. Those in the private network that do not come from the server
    /// of the account are refused.
    KeepFeeds,
    /// They become feeds of the user's own, and none of them is refused for its network.
    KeepPrivateFeeds,
    /// The user unsubscribes from them, so that their articles are dropped after a time.
    Unsubscribe,
}

/// The feeds of a removed account to which the user was subscribed, counted by what can become of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReleasedFeeds {
    /// Number of feeds that can be fetched from their own URLs.
    pub fetchable: usize,
    /// Number of feeds whose URL another subscribed feed has.
    pub duplicates: usize,
    /// Number of feeds without a URL from which they could be fetched.
    pub without_url: usize,
}

impl ReleasedFeeds {
    /// Returns the number of all these feeds.
    pub fn total(self) -> usize {
        self.fetchable + self.unfetchable()
    }

    /// Returns the number of feeds that cannot be fetched, so that the user is unsubscribed from them.
    pub fn unfetchable(self) -> usize {
        self.duplicates + self.without_url
    }
}

/// Times and failures of the syncs of an account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountSyncState {
    /// Time of the last sync that succeeded.
    pub last_sync: Option<DateTime<Utc>>,
    /// Time at which known articles were last asked for again, to see the edits of publishers.
    pub last_recheck: Option<DateTime<Utc>>,
    /// No sync begins by itself before this time.
    pub not_before: Option<DateTime<Utc>>,
    /// Number of failures since the last success.
    pub consecutive_failures: u32,
    /// The kind of failure of the last sync; `None` if it succeeded.
    pub failure: Option<SyncFailure>,
    /// Time of the first failure since the last success.
    pub failing_since: Option<DateTime<Utc>>,
    /// The reason why the last sync failed, or what it left out.
    pub problem: Option<String>,
    /// The server has labels of articles, with which the tags are kept alike; `None` if that is not
    /// known. Stored by itself, once it is found out.
    pub has_labels: Option<bool>,
}

impl AccountSyncState {
    /// Returns whether the server refused the password, or its certificate was refused: the user has to do
    /// something.
    pub fn is_refused(&self) -> bool {
        matches!(self.failure, Some(SyncFailure::Password | SyncFailure::Certificate))
    }
}

/// A kind of failure of a sync, as far as the user can do something else about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SyncFailure {
    /// There was no network.
    Offline,
    /// There is no password, or the server does not accept it.
    Password,
    /// Nobody vouches for the certificate of the server, or it is not the accepted one.
    Certificate,
    /// Anything else.
    Other,
}

impl SyncFailure {
    const ALL: [SyncFailure; 4] =
        [SyncFailure::Offline, SyncFailure::Password, SyncFailure::Certificate, SyncFailure::Other];

    /// Returns the name under which the library stores the kind.
    pub fn name(self) -> &'static str {
        match self {
            SyncFailure::Offline => "offline",
            SyncFailure::Password => "password",
            SyncFailure::Certificate => "certificate",
            SyncFailure::Other => "other",
        }
    }

    /// Parses a stored name. A kind of a newer version is any other one.
    pub fn from_name(name: &str) -> SyncFailure {
        let found = SyncFailure::ALL.into_iter().find(|failure| failure.name() == name);
        found.unwrap_or(SyncFailure::Other)
    }
}

/// Everything that is needed to log in at a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerLogin {
    /// The address of the server's API, as its protocol wants it.
    pub url: String,
    /// The user name.
    pub user: String,
    /// The password.
    pub password: StoredPassword,
}

/// The id that a server gave an article: opaque, and unique within its account.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RemoteId(pub String);

impl RemoteId {
    /// Returns the id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A mark of an article that servers know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RemoteMark {
    /// The article is read.
    Read,
    /// The article is starred.
    Starred,
}

impl RemoteMark {
    /// Returns the name under which the library stores the mark.
    pub fn name(self) -> &'static str {
        match self {
            RemoteMark::Read => "read",
            RemoteMark::Starred => "starred",
        }
    }

    /// Parses a stored name.
    pub fn from_name(name: &str) -> Option<RemoteMark> {
        [RemoteMark::Read, RemoteMark::Starred].into_iter().find(|mark| mark.name() == name)
    }
}

/// A mark that an article is to have, on the server or here. It is a state and never a switch, so that
/// setting it twice is setting it once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WantedMark {
    /// The article.
    pub item: RemoteId,
    /// The mark.
    pub mark: RemoteMark,
    /// True if the article is to have the mark, false if it is to lack it.
    pub wanted: bool,
}

/// A tag that an article is to have, on the server or here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedLabel {
    /// The article.
    pub item: RemoteId,
    /// The tag.
    pub tag: TagName,
    /// True if the article is to have the tag, false if it is to lack it.
    pub wanted: bool,
}

/// A feed to which an account is subscribed, as the server lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteFeed {
    /// The server's id of the feed.
    pub id: String,
    /// The title that it has there.
    pub title: String,
    /// The folder that it is in there.
    pub folder: Option<String>,
    /// The URL of the feed document.
    pub url: Option<String>,
    /// The URL of the website.
    pub site_url: Option<String>,
}

/// The result of syncing one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SyncSummary {
    /// The name of the account.
    pub account: String,
    /// Number of new articles.
    pub new_entries: usize,
    /// Number of articles that the publishers edited.
    pub changed_entries: usize,
    /// Number of marks that the server brought.
    pub received_marks: usize,
    /// Number of marks that the server was told.
    pub sent_marks: usize,
    /// Number of articles that were published in the shared archive.
    pub published_articles: usize,
    /// Number of marks that still wait for the server; of the shared archive, of articles as well.
    pub waiting_marks: usize,
    /// Number of changes of subscriptions that the server has made.
    pub sent_feed_changes: usize,
    /// Number of changes of subscriptions that still wait for the server.
    pub waiting_feed_changes: usize,
    /// The reason why the sync failed, or the things that it left out.
    pub problem: Option<String>,
    /// The sync ended early.
    pub has_failed: bool,
    /// There was no network.
    pub is_offline: bool,
}

impl SyncSummary {
    /// Returns the number of marks, changes of subscriptions and articles that the server has been told.
    pub fn sent_count(&self) -> usize {
        self.sent_marks + self.sent_feed_changes + self.published_articles
    }

    /// Returns the problem with the name of the account in front. An account that the user gave no name is called after
    /// its host, with which most problems begin.
    pub fn problem_with_name(&self) -> Option<String> {
        let (name, problem) = (&self.account, self.problem.as_ref()?);
        let after_name = problem.strip_prefix(name.as_str());
        let begins_with_name = after_name.is_some_and(|rest| rest.starts_with([' ', ',', '’']));
        Some(if begins_with_name { problem.clone() } else { format!("{name}: {problem}") })
    }

    /// Returns the number of marks and changes of subscriptions that still wait for the server.
    pub fn waiting_count(&self) -> usize {
        self.waiting_marks + self.waiting_feed_changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problem_names_the_account_once() {
        let sentence = |account: &str, problem: &str| {
            let (account, problem) = (account.to_owned(), Some(problem.to_owned()));
            SyncSummary { account, problem, ..SyncSummary::default() }.problem_with_name().unwrap()
        };
        let down = "news.example could not log in (status 502)";
        assert_eq!(sentence("news.example", down), down);
        assert_eq!(sentence("news", down), format!("news: {down}"));
        assert_eq!(sentence("Work", down), format!("Work: {down}"));
        assert_eq!(SyncSummary::default().problem_with_name(), None);
    }

    #[test]
    fn password_source_is_read_again_as_it_was_stored() {
        for text in ["env:NEWS_PASSWORD", "command:pass show news", "file:/home/ann/.news"] {
            assert_eq!(PasswordSource::from_stored(text).to_string(), text);
        }
        assert_eq!(PasswordSource::from_stored("kept"), PasswordSource::Kept);
        for text in ["hunter2", "env:", "secret:word", ""] {
            assert_eq!(PasswordSource::parse(text), None, "{text} may be a password");
        }
    }
}
