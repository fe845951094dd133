//! The plan of telling a server about subscriptions: which of its feeds is which, and what is sent. Pure:
//! nothing here asks a server or the library.

use std::collections::BTreeMap;

use crate::{
    model::{FeedChange, RemoteFeed, UnsentFeedChange},
    store::AccountFeed,
    text::url,
};

/// Returns the feed of the server's list that a change is about: the one with its id, or else with its
/// URL.
pub(super) fn find_listed<'f>(
    change: &UnsentFeedChange,
    listed: &'f [RemoteFeed],
) -> Option<&'f RemoteFeed> {
    let by_id = listed.iter().find(|feed| Some(&feed.id) == change.remote.as_ref());
    let key = url_key(change.url.as_deref()?);
    by_id.or_else(|| {
        listed.iter().find(|feed| feed.url.as_deref().map(url_key) == Some(key.clone()))
    })
}

/// Returns the feed of the server's list that has come since `before` and whose site is the address that
/// the server was asked to subscribe to.
pub(super) fn find_new_of_site<'f>(
    change: &UnsentFeedChange,
    before: &[RemoteFeed],
    listed: &'f [RemoteFeed],
) -> Option<&'f RemoteFeed> {
    let key = url_key(change.url.as_deref()?);
    let is_new = |feed: &&RemoteFeed| !before.iter().any(|known| known.id == feed.id);
    let mut new = listed.iter().filter(is_new);
    new.find(|feed| feed.site_url.as_deref().map(url_key) == Some(key.clone()))
}

/// Returns what is compared of a URL: servers write the same one with another scheme, or with a slash at
/// the end.
fn url_key(text: &str) -> String {
    let Some(url) = url::parse_web_url(text) else { return text.to_owned() };
    let port = url.port().map_or_else(String::new, |port| format!(":{port}"));
    let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
    let host = url.host_str().unwrap_or_default();
    format!("{host}{port}{}{query}", url.path().trim_end_matches('/'))
}

/// Whole folders that are renamed, and the other changes, each of which is a request.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct FeedRequests {
    /// The folders.
    pub(super) folders: Vec<FolderRename>,
    /// The changes of single feeds of the server, in the order in which they are sent.
    pub(super) changes: Vec<UnsentFeedChange>,
}

/// A folder all of whose feeds go into one that does not exist yet.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FolderRename {
    pub(super) from: String,
    pub(super) to: String,
    /// The moves of its feeds.
    pub(super) moves: Vec<UnsentFeedChange>,
}

/// Plans the requests for changes of feeds that the server lists. A feed from which the user has
/// unsubscribed is neither renamed nor moved before.
pub(super) fn plan_feed_requests(
    unsent: &[UnsentFeedChange],
    feeds: &[AccountFeed],
) -> FeedRequests {
    let is_left = |change: &UnsentFeedChange| {
        let mut of_feed = unsent.iter().filter(|other| other.feed == change.feed);
        of_feed.any(|other| other.change == FeedChange::Unsubscribe)
    };
    let (mut moves, mut changes) = (Vec::new(), Vec::new());
    for change in unsent.iter().filter(|change| change.remote.is_some()) {
        match change.change {
            FeedChange::Subscribe => {}
            FeedChange::Rename(_) | FeedChange::Move(_) if is_left(change) => {}
            FeedChange::Move(_) => moves.push(change.clone()),
            FeedChange::Rename(_) | FeedChange::Unsubscribe => changes.push(change.clone()),
        }
    }
    let (folders, mut others) = split_folder_renames(moves, feeds);
    others.extend(changes);
    FeedRequests { folders, changes: others }
}

/// Splits moves into those that together rename a folder, and others.
fn split_folder_renames(
    moves: Vec<UnsentFeedChange>,
    feeds: &[AccountFeed],
) -> (Vec<FolderRename>, Vec<UnsentFeedChange>) {
    let mut by_folders: BTreeMap<(String, String), Vec<UnsentFeedChange>> = BTreeMap::new();
    let mut others = Vec::new();
    for change in moves {
        match (&change.folder, &change.change) {
            (Some(from), FeedChange::Move(Some(to))) if from != to => {
                by_folders.entry((from.clone(), to.clone())).or_default().push(change);
            }
            _ => others.push(change),
        }
    }
    let count_in =
        |folder: &str| feeds.iter().filter(|feed| feed.folder.as_deref() == Some(folder)).count();
    let mut renames: Vec<FolderRename> = Vec::new();
    for ((from, to), moves) in by_folders {
        let is_whole = moves.len() > 1 && count_in(&from) == moves.len();
        let is_new = count_in(&to) == 0 && renames.iter().all(|rename| rename.to != to);
        if is_whole && is_new {
            renames.push(FolderRename { from, to, moves });
        } else {
            others.extend(moves);
        }
    }
    (renames, others)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FeedId;

    fn unsent(feed: i64, folder: Option<&str>, change: FeedChange) -> UnsentFeedChange {
        UnsentFeedChange {
            feed: FeedId(feed),
            name: format!("Feed {feed}"),
            remote: Some(format!("feed/{feed}")),
            url: Some(format!("https://{feed}.example/feed")),
            folder: folder.map(str::to_owned),
            change,
        }
    }

    fn move_to(feed: i64, from: Option<&str>, to: Option<&str>) -> UnsentFeedChange {
        unsent(feed, from, FeedChange::Move(to.map(str::to_owned)))
    }

    fn feeds(folders: &[Option<&str>]) -> Vec<AccountFeed> {
        let to_feed = |(number, folder): (i64, Option<&str>)| AccountFeed {
            remote: format!("feed/{number}"),
            feed: FeedId(number),
            url: None,
            folder: folder.map(str::to_owned),
        };
        (1..).zip(folders.iter().copied()).map(to_feed).collect()
    }

    fn listed(id: &str, url: &str, site: &str) -> RemoteFeed {
        RemoteFeed {
            id: id.to_owned(),
            title: id.to_owned(),
            folder: None,
            url: Some(url.to_owned()),
            site_url: Some(site.to_owned()),
        }
    }

    #[test]
    fn a_folder_is_renamed_as_a_whole_if_all_its_feeds_go_to_a_new_one() {
        let a = Some("A");
        let moves = vec![move_to(1, a, Some("B")), move_to(2, a, Some("B"))];
        let whole = plan_feed_requests(&moves, &feeds(&[a, a, None]));
        assert_eq!(whole.changes, []);
        assert_eq!((whole.folders.len(), whole.folders[0].to.as_str()), (1, "B"));
        for others in [
            // A feed stays.
            feeds(&[a, a, a]),
            // There is such a folder.
            feeds(&[a, a, Some("B")]),
        ] {
            let requests = plan_feed_requests(&moves, &others);
            assert_eq!((requests.folders.len(), requests.changes.len()), (0, 2));
        }
        let two_into_one = vec![
            move_to(1, a, Some("B")),
            move_to(2, a, Some("B")),
            move_to(3, Some("C"), Some("B")),
            move_to(4, Some("C"), Some("B")),
        ];
        let requests = plan_feed_requests(&two_into_one, &feeds(&[a, a, Some("C"), Some("C")]));
        assert_eq!((requests.folders.len(), requests.changes.len()), (1, 2));
    }

    #[test]
    fn a_feed_that_is_left_is_neither_renamed_nor_moved() {
        let gone = unsent(1, None, FeedChange::Unsubscribe);
        let renamed = unsent(1, None, FeedChange::Rename("X".to_owned()));
        let waiting = UnsentFeedChange { remote: None, ..unsent(2, None, FeedChange::Subscribe) };
        let all = vec![renamed, move_to(1, None, Some("A")), gone.clone(), waiting];
        assert_eq!(plan_feed_requests(&all, &[]).changes, [gone]);
    }

    #[test]
    fn a_feed_of_the_server_is_found_by_id_or_url() {
        let on_server = [
            listed("feed/1", "http://one.example/feed/", "https://one.example"),
            listed("feed/2", "https://two.example/feed?a=1", "https://two.example"),
        ];
        let find = |remote: Option<&str>, url: &str| {
            let change = UnsentFeedChange {
                remote: remote.map(str::to_owned),
                url: Some(url.to_owned()),
                ..unsent(9, None, FeedChange::Subscribe)
            };
            find_listed(&change, &on_server).map(|feed| feed.id.clone())
        };
        assert_eq!(find(None, "https://one.example/feed").as_deref(), Some("feed/1"));
        assert_eq!(find(None, "https://two.example/feed?a=1").as_deref(), Some("feed/2"));
        assert_eq!(find(None, "https://two.example/feed?a=2"), None);
        assert_eq!(find(Some("feed/2"), "https://moved.example/").as_deref(), Some("feed/2"));
    }

    #[test]
    fn a_feed_that_has_come_is_found_by_its_site() {
        let one = listed("feed/1", "https://one.example/comments", "https://one.example/");
        let two = listed("feed/2", "https://one.example/posts", "https://one.example/");
        let change = UnsentFeedChange {
            url: Some("https://one.example".to_owned()),
            ..unsent(9, None, FeedChange::Subscribe)
        };
        let after = [one.clone(), two.clone()];
        assert_eq!(find_new_of_site(&change, &[one], &after), Some(&two));
        assert_eq!(find_new_of_site(&change, &after, &after), None);
    }
}
