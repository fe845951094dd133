//! Changes of subscriptions that the servers of accounts are told, and the folders of their feeds.

use super::FeedId;

/// A change of a subscription, as the server of an account is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedChange {
    /// The user subscribes to the feed.
    Subscribe,
    /// The feed gets this title.
    Rename(String),
    /// The feed goes into this folder; `None` for no folder.
    Move(Option<String>),
    /// The user unsubscribes from the feed.
    Unsubscribe,
}

impl FeedChange {
    /// Returns the name under which the library stores the kind of change.
    pub fn kind(&self) -> &'static str {
        match self {
            FeedChange::Subscribe => "subscribe",
            FeedChange::Rename(_) => "rename",
            FeedChange::Move(_) => "move",
            FeedChange::Unsubscribe => "unsubscribe",
        }
    }

    /// Returns what is stored besides the kind.
    pub fn value(&self) -> Option<&str> {
        match self {
            FeedChange::Subscribe | FeedChange::Unsubscribe => None,
            FeedChange::Rename(title) => Some(title),
            FeedChange::Move(folder) => folder.as_deref(),
        }
    }

    /// Parses the stored form; `None` for what a newer version has stored.
    pub fn from_stored(kind: &str, value: Option<String>) -> Option<FeedChange> {
        match kind {
            "subscribe" => Some(FeedChange::Subscribe),
            "rename" => value.map(FeedChange::Rename),
            "move" => Some(FeedChange::Move(value)),
            "unsubscribe" => Some(FeedChange::Unsubscribe),
            _ => None,
        }
    }
}

/// A change of a subscription that the server has not been told yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsentFeedChange {
    /// The feed.
    pub feed: FeedId,
    /// The name of the feed.
    pub name: String,
    /// The server's id of the feed; `None` if the server did not list it at the last sync.
    pub remote: Option<String>,
    /// The URL of the feed document.
    pub url: Option<String>,
    /// The folder in which the feed was on the server at the last sync.
    pub folder: Option<String>,
    /// The change.
    pub change: FeedChange,
}

/// Returns the folder of a feed of an account: the name of the account, and within it the folder on the
/// server.
pub fn folder_in_account(account: &str, folder: Option<&str>) -> String {
    folder.map_or_else(|| account.to_owned(), |folder| format!("{account} / {folder}"))
}

/// Returns the folder on the server of a feed that is in `folder` here. What is not in the folder of the
/// account is meant within it.
pub fn folder_on_server<'f>(account: &str, folder: Option<&'f str>) -> Option<&'f str> {
    let folder = folder.filter(|folder| *folder != account)?;
    let within = folder.strip_prefix(account).and_then(|rest| rest.strip_prefix(" / "));
    Some(within.unwrap_or(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_is_read_again_as_it_was_stored() {
        for change in [
            FeedChange::Subscribe,
            FeedChange::Rename("Post".to_owned()),
            FeedChange::Move(Some("World".to_owned())),
            FeedChange::Move(None),
            FeedChange::Unsubscribe,
        ] {
            let value = change.value().map(str::to_owned);
            assert_eq!(FeedChange::from_stored(change.kind(), value), Some(change));
        }
        assert_eq!(FeedChange::from_stored("mute", None), None);
    }

    #[test]
    fn folders_of_the_server_are_within_that_of_the_account() {
        for folder in [None, Some("World"), Some("World / Asia"), Some("News")] {
            let here = folder_in_account("News", folder);
            assert_eq!(folder_on_server("News", Some(&here)), folder, "{here}");
        }
        assert_eq!(folder_on_server("News", Some("Newsletters")), Some("Newsletters"));
        assert_eq!(folder_on_server("News", None), None);
    }
}
