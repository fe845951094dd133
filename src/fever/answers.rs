//! The answers of servers: JSON whose ids are numbers or texts, and whose lists are texts with commas.

use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::{
    model::{RemoteFeed, RemoteId},
    remote::{
        AtMost, IdList, MAX_ITEMS, MAX_SUBSCRIPTIONS, RemoteItem, clean_html, clean_line,
        clean_name, clean_url, restore_title, text_or_number,
    },
    text::instant_from_seconds,
};

/// The length at which lists of ids are cut by CommaFeed. One of exactly this length proves nothing about
/// the articles that it lacks.
const CUT_LIST_LENGTH: usize = 1_000;

/// Maximum number of ids that are read of a list: ten times as many as are kept alike. An answer has room
/// for sixteen million.
const MAX_READ_IDS: usize = 250_000;

/// The part that every answer has. A server that refuses the key says so with status 200.
#[derive(Debug, Deserialize)]
pub(super) struct AuthJson {
    #[serde(deserialize_with = "text_or_number")]
    auth: Option<String>,
}

impl AuthJson {
    /// Returns true if the server accepts the key.
    pub(super) fn is_accepted(&self) -> bool {
        is_set(self.auth.as_deref())
    }
}

/// Returns the value of a flag, which is 0 or 1.
fn is_set(flag: Option<&str>) -> bool {
    !matches!(flag, None | Some("" | "0" | "false"))
}

/// The answer to `groups`.
#[derive(Debug, Default, Deserialize)]
pub(super) struct GroupsJson {
    #[serde(default)]
    groups: AtMost<GroupJson, MAX_SUBSCRIPTIONS>,
    #[serde(default)]
    feeds_groups: AtMost<GroupMembersJson, MAX_SUBSCRIPTIONS>,
}

#[derive(Debug, Deserialize)]
struct GroupJson {
    #[serde(default, deserialize_with = "text_or_number")]
    id: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    title: Option<String>,
}

#[derive(Debug, Deserialize)]
struct GroupMembersJson {
    #[serde(default, deserialize_with = "text_or_number")]
    group_id: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    feed_ids: Option<String>,
}

impl GroupsJson {
    /// Returns the name of the folder of each feed, by the id of the feed; of several, the first.
    pub(super) fn into_folders(self, is_freshrss: bool) -> HashMap<String, String> {
        let groups = self.groups.into_iter().filter_map(|group| Some((group.id?, group.title?)));
        let names: HashMap<String, String> =
            groups.map(|(id, title)| (id, read_name(&title, is_freshrss))).collect();
        let mut folders = HashMap::new();
        for GroupMembersJson { group_id, feed_ids } in self.feeds_groups {
            let name = group_id.and_then(|id| names.get(&id)).filter(|name| !name.is_empty());
            let Some(name) = name else { continue };
            for feed in split_ids(feed_ids.as_deref().unwrap_or_default()) {
                folders.entry(feed.to_owned()).or_insert_with(|| name.clone());
            }
        }
        folders
    }
}

fn split_ids(list: &str) -> impl Iterator<Item = &str> {
    list.split(',').map(str::trim).filter(|id| !id.is_empty())
}

/// The answer to `feeds`.
#[derive(Debug, Deserialize)]
pub(super) struct FeedsJson {
    feeds: AtMost<FeedJson, MAX_SUBSCRIPTIONS>,
}

#[derive(Debug, Deserialize)]
struct FeedJson {
    #[serde(default, deserialize_with = "text_or_number")]
    id: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    title: Option<String>,
    url: Option<String>,
    site_url: Option<String>,
}

impl FeedsJson {
    /// Returns true if the server has more subscriptions than are read.
    pub(super) fn is_cut(&self) -> bool {
        self.feeds.is_cut
    }

    /// Converts the answer; feeds without an id are left out.
    pub(super) fn into_feeds(
        self,
        folders: &HashMap<String, String>,
        is_freshrss: bool,
    ) -> Vec<RemoteFeed> {
        let to_feed = |feed: FeedJson| {
            let id = feed.id.filter(|id| !id.is_empty())?;
            Some(RemoteFeed {
                title: read_name(feed.title.as_deref().unwrap_or_default(), is_freshrss),
                folder: folders.get(&id).cloned(),
                url: feed.url.as_deref().and_then(clean_url),
                site_url: feed.site_url.as_deref().and_then(clean_url),
                id,
            })
        };
        self.feeds.into_iter().filter_map(to_feed).collect()
    }
}

/// Returns the title of a feed, or the name of a group.
fn read_name(name: &str, is_freshrss: bool) -> String {
    if is_freshrss { clean_name(&restore_title(name)) } else { clean_name(name) }
}

/// The answer to `unread_item_ids`.
#[derive(Debug, Deserialize)]
pub(super) struct UnreadIdsJson {
    #[serde(deserialize_with = "text_or_number")]
    pub(super) unread_item_ids: Option<String>,
}

/// The answer to `saved_item_ids`.
#[derive(Debug, Deserialize)]
pub(super) struct SavedIdsJson {
    #[serde(deserialize_with = "text_or_number")]
    pub(super) saved_item_ids: Option<String>,
}

/// Reads a list of ids, `limit` of them at most: the highest, which are the newest.
pub(super) fn read_id_list(list: &str, limit: usize) -> IdList {
    let (mut seen, mut rest) = (HashSet::new(), split_ids(list));
    let read = rest.by_ref().take(MAX_READ_IDS);
    let mut ids: Vec<&str> = read.filter(|id| seen.insert(*id)).collect();
    let is_cut = ids.len() > limit || ids.len() == CUT_LIST_LENGTH || rest.next().is_some();
    ids.sort_by_key(|id| std::cmp::Reverse(id.parse::<u64>().unwrap_or(0)));
    ids.truncate(limit);
    IdList { ids: ids.into_iter().map(|id| RemoteId(id.to_owned())).collect(), is_cut }
}

/// The answer to `items`. coldsweat leaves the list out where there is nothing before the first article;
/// a sync sees by their ids that articles are missing.
#[derive(Debug, Deserialize)]
pub(super) struct ItemsJson {
    #[serde(default)]
    items: AtMost<ItemJson, MAX_ITEMS>,
}

#[derive(Debug, Deserialize)]
struct ItemJson {
    #[serde(default, deserialize_with = "text_or_number")]
    id: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    feed_id: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    title: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    author: Option<String>,
    html: Option<String>,
    url: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    is_saved: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    is_read: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    created_on_time: Option<String>,
}

impl ItemsJson {
    /// Converts the answer; articles without an id are left out.
    pub(super) fn into_items(self, is_freshrss: bool) -> Vec<RemoteItem> {
        self.items.into_iter().filter_map(|item| item.into_item(is_freshrss)).collect()
    }
}

impl ItemJson {
    fn into_item(self, is_freshrss: bool) -> Option<RemoteItem> {
        let id = self.id.filter(|id| !id.is_empty() && !id.contains(','))?;
        let title = self.title.unwrap_or_default();
        let title = if is_freshrss { restore_title(&title) } else { title };
        let author = self.author.as_deref().map(clean_line).filter(|author| !author.is_empty());
        Some(RemoteItem {
            id: Some(RemoteId(id)),
            feed: self.feed_id.unwrap_or_default(),
            title: clean_line(&title),
            author,
            published: self.created_on_time.and_then(|at| instant_from_seconds(at.parse().ok()?)),
            link: self.url.as_deref().and_then(clean_url),
            html: clean_html(self.html.unwrap_or_default()),
            is_read: is_set(self.is_read.as_deref()),
            is_starred: is_set(self.is_saved.as_deref()),
            ..RemoteItem::default()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::parse_answer;

    fn ids(list: &IdList) -> Vec<&str> {
        list.ids.iter().map(RemoteId::as_str).collect()
    }

    #[test]
    fn a_list_has_each_id_once_and_the_newest_first() {
        let list = read_id_list(" 9,10,,9 , 101 ", 10);
        assert_eq!((ids(&list), list.is_cut), (vec!["101", "10", "9"], false));
        let list = read_id_list("9,10,101", 2);
        assert_eq!((ids(&list), list.is_cut), (vec!["101", "10"], true));
        assert_eq!(read_id_list("", 10), IdList::default());
    }

    #[test]
    fn a_list_of_exactly_a_thousand_may_be_cut() {
        for (count, is_cut) in [(999, false), (1_000, true), (1_001, false)] {
            let list: Vec<String> = (1..=count).map(|id| id.to_string()).collect();
            let list = read_id_list(&list.join(","), 25_000);
            assert_eq!((list.ids.len(), list.is_cut), (count, is_cut));
        }
    }

    #[test]
    fn a_list_that_is_too_long_is_cut() {
        let list = "1,".repeat(MAX_READ_IDS);
        assert!(!read_id_list(&list, 25_000).is_cut, "an id that is repeated is one");
        assert!(read_id_list(&(list + "2"), 25_000).is_cut);
    }

    #[test]
    fn ids_and_flags_are_numbers_texts_or_booleans() {
        for item in [
            r#"{"id":7,"feed_id":3,"is_read":1,"is_saved":0,"created_on_time":1762941600}"#,
            r#"{"id":"7","feed_id":"3","is_read":"1","is_saved":"0","created_on_time":"1762941600"}"#,
            r#"{"id":7,"feed_id":"3","is_read":true,"is_saved":false,"created_on_time":1762941600}"#,
        ] {
            let body = format!(r#"{{"auth":1,"items":[{item},{{"title":"without an id"}}]}}"#);
            let items = parse_answer::<ItemsJson>(body.as_bytes()).unwrap().into_items(false);
            let [item] = &items[..] else { panic!("one article has an id") };
            assert_eq!((item.id.as_ref().unwrap().as_str(), item.feed.as_str()), ("7", "3"));
            assert_eq!((item.is_read, item.is_starred), (true, false));
            assert_eq!(item.published.unwrap().timestamp(), 1_762_941_600);
        }
    }

    #[test]
    fn the_folder_of_a_feed_is_the_first_group_that_has_it() {
        let body = r#"{"groups":[{"id":1,"title":"R＆D"},{"id":"2","title":"News"},{"id":3,"title":""}],
            "feeds_groups":[{"group_id":"1","feed_ids":"5, 6"},{"group_id":2,"feed_ids":"6,7"},
            {"group_id":3,"feed_ids":8},{"group_id":9,"feed_ids":"9"}]}"#;
        let groups = parse_answer::<GroupsJson>(body.as_bytes()).unwrap();
        let folders = groups.into_folders(true);
        let body = r#"{"feeds":[{"id":5,"title":"A ＆ B","url":"https://a.example/"},{"id":6},
            {"id":"7","favicon_id":null},{"id":8},{"id":9},{"title":"none"}]}"#;
        let feeds = parse_answer::<FeedsJson>(body.as_bytes()).unwrap().into_feeds(&folders, true);
        let listed: Vec<_> = feeds.iter().map(|feed| feed.folder.as_deref()).collect();
        assert_eq!(listed, [Some("R&D"), Some("R&D"), Some("News"), None, None]);
        assert_eq!(feeds[0].title, "A & B");
    }

    #[test]
    fn a_list_that_is_missing_is_no_empty_list() {
        for body in ["[]", "", "{}", r#"{"auth":1}"#, "<html>"] {
            assert!(parse_answer::<UnreadIdsJson>(body.as_bytes()).is_none(), "{body}");
            assert!(parse_answer::<SavedIdsJson>(body.as_bytes()).is_none(), "{body}");
            assert!(parse_answer::<FeedsJson>(body.as_bytes()).is_none(), "{body}");
        }
    }
}
