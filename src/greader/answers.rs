//! The answers of servers: JSON whose fields differ between them.

use std::collections::HashSet;

use serde::Deserialize;

use super::item_id::parse_item_id;
use crate::{
    model::{RemoteFeed, RemoteId},
    remote::{
        AtMost, MAX_ITEMS, MAX_SUBSCRIPTIONS, MAX_VALUES, RemoteEnclosure, RemoteItem, clean_html,
        clean_line, clean_name, clean_reason, clean_url, or_default, restore_title, text_or_number,
    },
    text::instant_from_seconds,
};

/// Maximum number of ids of one page of a list: twice what is asked for.
const MAX_PAGE_IDS: usize = 50_000;

/// Maximum length of an id in bytes; articles with a longer one are left out.
const MAX_ID_BYTES: usize = 1000;

/// The answer to `subscription/list`.
#[derive(Debug, Deserialize)]
pub(super) struct SubscriptionsJson {
    subscriptions: AtMost<SubscriptionJson, MAX_SUBSCRIPTIONS>,
}

#[derive(Debug, Deserialize)]
struct SubscriptionJson {
    id: String,
    #[serde(default, deserialize_with = "or_default")]
    title: String,
    #[serde(default)]
    categories: AtMost<LabelJson, 1>,
    url: Option<String>,
    #[serde(rename = "htmlUrl")]
    html_url: Option<String>,
}

#[derive(Debug, Deserialize)]
struct LabelJson {
    #[serde(default, deserialize_with = "or_default")]
    id: String,
    label: Option<String>,
}

impl SubscriptionsJson {
    /// Returns true if the server has more subscriptions than are read.
    pub(super) fn is_cut(&self) -> bool {
        self.subscriptions.is_cut
    }

    /// Converts the answer; `is_freshrss` says whose titles they are.
    pub(super) fn into_feeds(self, is_freshrss: bool) -> Vec<RemoteFeed> {
        let not_empty = |text: &String| !text.is_empty();
        let to_feed = |feed: SubscriptionJson| {
            let folder = feed.categories.into_iter().next().map(LabelJson::into_name);
            RemoteFeed {
                id: feed.id,
                title: read_name(&feed.title, is_freshrss),
                folder: folder.map(|name| read_name(&name, is_freshrss)).filter(not_empty),
                url: feed.url.as_deref().and_then(clean_url),
                site_url: feed.html_url.as_deref().and_then(clean_url),
            }
        };
        self.subscriptions.into_iter().map(to_feed).collect()
    }
}

/// Returns a title as the publisher wrote it, on one line.
fn read_title(title: &str, is_freshrss: bool) -> String {
    if is_freshrss { clean_line(&restore_title(title)) } else { clean_line(title) }
}

/// Returns the title or the folder of a subscription.
fn read_name(name: &str, is_freshrss: bool) -> String {
    if is_freshrss { clean_name(&restore_title(name)) } else { clean_name(name) }
}

impl LabelJson {
    fn into_name(self) -> String {
        let of_id = || self.id.split_once("/label/").map(|(_, name)| name.to_owned());
        self.label.clone().or_else(of_id).unwrap_or_default()
    }
}

/// The labels of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelNames {
    /// The names of the labels, those of folders left out.
    pub names: Vec<String>,
    /// The server certainly has labels of articles; otherwise only an attempt to set one tells.
    pub is_certain: bool,
}

/// The answer to `tag/list`.
#[derive(Debug, Deserialize)]
pub(super) struct TagsJson {
    tags: AtMost<TagJson, MAX_SUBSCRIPTIONS>,
}

#[derive(Debug, Deserialize)]
struct TagJson {
    #[serde(default, deserialize_with = "or_default")]
    id: String,
    #[serde(rename = "type")]
    kind: Option<String>,
}

impl TagsJson {
    /// Returns whether labels were left out.
    pub(super) fn is_cut(&self) -> bool {
        self.tags.is_cut
    }

    /// Returns the labels; `folders` are those of feeds, which servers without types list as well.
    pub(super) fn into_labels(self, is_freshrss: bool, folders: &HashSet<&str>) -> LabelNames {
        let mut is_certain = is_freshrss;
        let mut names = Vec::new();
        for tag in self.tags.values {
            let Some((_, name)) = tag.id.split_once("/label/") else { continue };
            is_certain |= tag.kind.as_deref() == Some("tag");
            let is_label = tag.kind.is_none_or(|kind| kind == "tag");
            let name = read_name(name, is_freshrss);
            if is_label && !name.is_empty() && !folders.contains(name.as_str()) {
                names.push(name);
            }
        }
        // Without types, a label that is no folder of a feed is one of articles.
        is_certain |= !names.is_empty();
        LabelNames { names, is_certain }
    }
}

/// The answer to `subscription/quickadd`.
#[derive(Debug, Deserialize)]
pub(super) struct QuickAddJson {
    #[serde(rename = "numResults", deserialize_with = "text_or_number")]
    result_count: Option<String>,
    #[serde(default, rename = "streamId", deserialize_with = "text_or_number")]
    stream_id: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    error: Option<String>,
}

impl QuickAddJson {
    /// Returns the id of the feed, or the reason why there is none.
    pub(super) fn into_stream_id(self) -> Result<String, String> {
        let has_result = self.result_count.is_some_and(|count| count != "0");
        match self.stream_id.filter(|id| has_result && !id.is_empty()) {
            Some(id) => Ok(id),
            None => Err(self
                .error
                .and_then(|error| clean_reason(&error))
                .unwrap_or_else(|| "it found no feed there".to_owned())),
        }
    }
}

/// The answer to `stream/items/ids`.
#[derive(Debug, Deserialize)]
pub(super) struct ItemIdsJson {
    #[serde(rename = "itemRefs")]
    refs: AtMost<ItemRefJson, MAX_PAGE_IDS>,
    #[serde(default, deserialize_with = "text_or_number")]
    pub(super) continuation: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ItemRefJson {
    #[serde(deserialize_with = "text_or_number")]
    id: Option<String>,
}

impl ItemIdsJson {
    /// Returns the ids.
    pub(super) fn ids(&self) -> impl Iterator<Item = RemoteId> {
        let ids = self.refs.values.iter().filter_map(|item| item.id.as_deref());
        ids.filter(|id| id.len() <= MAX_ID_BYTES).map(parse_item_id)
    }

    /// Returns true if the page has more ids than are read.
    pub(super) fn is_cut(&self) -> bool {
        self.refs.is_cut
    }
}

/// The answer to `stream/items/contents`.
#[derive(Debug, Deserialize)]
pub(super) struct ContentsJson {
    items: AtMost<ItemJson, MAX_ITEMS>,
}

impl ContentsJson {
    /// Converts the answer; items without an id are left out.
    pub(super) fn into_items(self, is_freshrss: bool) -> Vec<RemoteItem> {
        let items = self.items.into_iter().map(|item| item.into_item(is_freshrss));
        items.filter(|item| item.id.is_some()).collect()
    }
}

/// An article of an answer or of a file.
#[derive(Debug, Deserialize)]
pub(super) struct ItemJson {
    #[serde(default, deserialize_with = "text_or_number")]
    id: Option<String>,
    /// FreshRSS writes the publisher's id into files, and so does this program.
    #[serde(default, deserialize_with = "text_or_number")]
    guid: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    title: String,
    author: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    published: Option<String>,
    /// Only this program writes it.
    #[serde(rename = "publishedAllDay", default, deserialize_with = "or_default")]
    is_day: bool,
    #[serde(default, deserialize_with = "text_or_number")]
    updated: Option<String>,
    #[serde(default)]
    canonical: AtMost<LinkJson, MAX_VALUES>,
    #[serde(default)]
    alternate: AtMost<LinkJson, MAX_VALUES>,
    #[serde(default)]
    categories: AtMost<String, MAX_VALUES>,
    #[serde(default, deserialize_with = "or_default")]
    origin: OriginJson,
    summary: Option<ContentJson>,
    content: Option<ContentJson>,
    #[serde(default)]
    enclosure: AtMost<LinkJson, MAX_VALUES>,
}

#[derive(Debug, Default, Deserialize)]
struct OriginJson {
    #[serde(rename = "streamId", default, deserialize_with = "or_default")]
    stream_id: String,
    title: Option<String>,
    #[serde(rename = "feedUrl")]
    feed_url: Option<String>,
    /// Only this program writes it.
    folder: Option<String>,
}

/// The details of an article that files have, and answers to a sync may lack.
pub(super) struct ItemDetails {
    pub(super) guid: Option<String>,
    /// The time of publication as it is written, or else that of the last change.
    pub(super) published: Option<i64>,
    /// The time stands for its day.
    pub(super) is_day: bool,
    pub(super) labels: Vec<String>,
    pub(super) feed_url: Option<String>,
    pub(super) feed_title: Option<String>,
    pub(super) folder: Option<String>,
}

#[derive(Debug, Deserialize)]
struct ContentJson {
    #[serde(default, deserialize_with = "or_default")]
    content: String,
}

#[derive(Debug, Deserialize)]
struct LinkJson {
    href: Option<String>,
    /// Miniflux writes the address of an enclosure here.
    url: Option<String>,
    #[serde(rename = "type")]
    media_type: Option<String>,
    #[serde(default, deserialize_with = "text_or_number")]
    length: Option<String>,
}

impl LinkJson {
    fn into_url(self) -> Option<String> {
        [self.href, self.url].iter().flatten().find_map(|url| clean_url(url))
    }

    fn into_enclosure(self) -> Option<RemoteEnclosure> {
        let media_type = self.media_type.clone().filter(|media_type| !media_type.is_empty());
        let length = self.length.as_deref().and_then(|length| length.parse().ok()).unwrap_or(0);
        Some(RemoteEnclosure { url: self.into_url()?, media_type, length })
    }
}

/// The ends of the categories that are states; those of the server begin with `user/`.
const READ_STATE: &str = "/state/com.google/read";
const STARRED_STATE: &str = "/state/com.google/starred";

impl ItemJson {
    /// Takes the details that only files have out of the article.
    pub(super) fn take_details(&mut self) -> ItemDetails {
        let parse = |time: &Option<String>| time.as_deref().and_then(|time| time.parse().ok());
        let label_of = |category: &String| {
            let label = category.strip_prefix("user/")?.split_once("/label/")?.1;
            Some(label.to_owned())
        };
        ItemDetails {
            guid: self.guid.take(),
            published: parse(&self.published).or_else(|| parse(&self.updated)),
            is_day: self.is_day,
            labels: self.categories.values.iter().filter_map(label_of).collect(),
            feed_url: self.origin.feed_url.take(),
            feed_title: self.origin.title.take(),
            folder: self.origin.folder.take(),
        }
    }

    /// Converts the article; `is_freshrss` says whose titles they are.
    pub(super) fn into_item(self, is_freshrss: bool) -> RemoteItem {
        let (states, categories): (Vec<String>, Vec<String>) =
            self.categories.into_iter().partition(|category| category.starts_with("user/"));
        let has_state = |end: &str| states.iter().any(|state| state.ends_with(end));
        let texts = [self.content, self.summary].into_iter().flatten().map(|text| text.content);
        let mut links = self.canonical.into_iter().chain(self.alternate);
        RemoteItem {
            id: self.id.as_deref().filter(|id| id.len() <= MAX_ID_BYTES).map(parse_item_id),
            feed: self.origin.stream_id,
            title: read_title(&self.title, is_freshrss),
            author: self.author.as_deref().map(clean_line).filter(|author| !author.is_empty()),
            published: self.published.and_then(|at| instant_from_seconds(at.parse().ok()?)),
            link: links.find_map(LinkJson::into_url),
            html: clean_html(texts.max_by_key(String::len).unwrap_or_default()),
            enclosures: self.enclosure.into_iter().filter_map(LinkJson::into_enclosure).collect(),
            is_read: has_state(READ_STATE),
            is_starred: has_state(STARRED_STATE),
            categories: categories.iter().map(|name| clean_line(name)).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::parse_answer;

    /// An article of Miniflux 2.2.6.
    const MINIFLUX: &str = r#"{"direction":"ltr","id":"feed/1","title":"Tech & co","updated":1795980413,"items":[
        {"id":"tag:google.com,2005:reader/item/0000000000000001",
        "categories":["user/1/state/com.google/reading-list","user/1/state/com.google/starred","user/1/label/Tech","news"],
        "title":"tech & 11","crawlTimeMsec":"1795980413515","published":1762941600,"author":"",
        "alternate":[{"href":"https://post.example/11","type":"text/html"}],
        "summary":{"content":"<p>Text"},"content":{"content":"<p>Text 11</p>"},
        "origin":{"streamId":"feed/1","title":"Tech & co","htmlUrl":"https://post.example/"},
        "enclosure":[{"url":"https://post.example/11.mp3","type":"audio/mpeg","length":12}],
        "canonical":[{"href":"https://post.example/11"}]}]}"#;

    /// An article of FreshRSS.
    const FRESHRSS: &str = r#"{"id":"user/-/state/com.google/reading-list","updated":1,"items":[
        {"id":"tag:google.com,2005:reader/item/00066129b3c4d9f0","published":"1762941600","title":"R＆D ＜3",
        "canonical":[{"href":"https://post.example/1"}],"categories":["user/-/state/com.google/read"],
        "origin":{"streamId":"feed/3","title":"Post ＆ co"},"summary":{"content":"a ＆ b"},
        "enclosure":[{"href":"https://post.example/1.png","type":"image/png","length":"7"}]},
        {"title":"without an id"}]}"#;

    fn list(value: &str, count: usize) -> String {
        format!("[{}]", vec![value; count].join(","))
    }

    #[test]
    fn lists_are_read_up_to_their_limits() {
        for (count, is_cut) in [(MAX_SUBSCRIPTIONS, false), (MAX_SUBSCRIPTIONS + 1, true)] {
            let body = format!(r#"{{"subscriptions":{}}}"#, list(r#"{"id":"a"}"#, count));
            let answer = parse_answer::<SubscriptionsJson>(body.as_bytes()).unwrap();
            assert_eq!(answer.is_cut(), is_cut);
        }
        for (count, is_cut) in [(MAX_PAGE_IDS, false), (MAX_PAGE_IDS + 1, true)] {
            let body = format!(r#"{{"itemRefs":{}}}"#, list(r#"{"id":1}"#, count));
            let answer = parse_answer::<ItemIdsJson>(body.as_bytes()).unwrap();
            assert_eq!((answer.ids().count(), answer.is_cut()), (MAX_PAGE_IDS, is_cut));
        }
        let body = format!(r#"{{"items":{}}}"#, list(r#"{"id":1}"#, MAX_ITEMS + 1));
        assert_eq!(items(&body, false).len(), MAX_ITEMS);
        let body = format!(
            r#"{{"items":[{{"id":1,"categories":{},"enclosure":{}}}]}}"#,
            list(r#""news""#, MAX_VALUES + 1),
            list(r#"{"href":"https://a.example/1.mp3"}"#, MAX_VALUES + 1),
        );
        let [item] = &items(&body, true)[..] else { panic!("one article") };
        assert_eq!((item.categories.len(), item.enclosures.len()), (MAX_VALUES, MAX_VALUES));
    }

    #[test]
    fn ids_that_are_too_long_are_left_out() {
        for (length, count) in [(MAX_ID_BYTES, 1), (MAX_ID_BYTES + 1, 0)] {
            let id = "a".repeat(length);
            let page = format!(r#"{{"itemRefs":[{{"id":"{id}"}}]}}"#);
            assert_eq!(parse_answer::<ItemIdsJson>(page.as_bytes()).unwrap().ids().count(), count);
            assert_eq!(items(&format!(r#"{{"items":[{{"id":"{id}"}}]}}"#), false).len(), count);
        }
    }

    fn items(body: &str, is_freshrss: bool) -> Vec<RemoteItem> {
        parse_answer::<ContentsJson>(body.as_bytes()).unwrap().into_items(is_freshrss)
    }

    #[test]
    fn articles_of_miniflux_and_freshrss_are_read_alike() {
        let [item] = &items(MINIFLUX, false)[..] else { panic!("one article") };
        assert_eq!(item.link.as_deref(), Some("https://post.example/11"));
        assert_eq!((item.author.as_deref(), item.html.as_str()), (None, "<p>Text 11</p>"));
        assert_eq!((item.is_read, item.is_starred), (false, true));
        assert_eq!(item.categories, ["news"]);
        assert_eq!(item.enclosures[0].url, "https://post.example/11.mp3");
        let [item] = &items(FRESHRSS, true)[..] else { panic!("one article has an id") };
        assert_eq!(item.title, "R&D <3");
        assert_eq!(item.html, "a ＆ b", "texts are the publisher's");
        assert_eq!((item.is_read, item.is_starred), (true, false));
        assert_eq!(item.published.unwrap().timestamp(), 1_762_941_600);
        assert_eq!(
            (item.enclosures[0].url.as_str(), item.enclosures[0].length),
            ("https://post.example/1.png", 7)
        );
    }

    #[test]
    fn an_answer_that_is_no_object_with_its_fields_is_none() {
        for body in ["[]", "OK", "", "{}", "<html>", r#"{"error_message":"no"}"#, r#"{"items":[{"#]
        {
            assert!(parse_answer::<ContentsJson>(body.as_bytes()).is_none(), "{body}");
            assert!(parse_answer::<ItemIdsJson>(body.as_bytes()).is_none(), "{body}");
            assert!(parse_answer::<SubscriptionsJson>(body.as_bytes()).is_none(), "{body}");
        }
        assert!(parse_answer::<ItemIdsJson>(br#"{"itemRefs":null}"#).is_some());
    }

    #[test]
    fn a_feed_that_was_added_has_an_id() {
        let parse = |body: &str| {
            parse_answer::<QuickAddJson>(body.as_bytes()).map(QuickAddJson::into_stream_id)
        };
        let added = r#"{"numResults":1,"query":"https://a.example/","streamId":"feed/7"}"#;
        assert_eq!(parse(added), Some(Ok("feed/7".to_owned())));
        let failed = r#"{"numResults":0,"error":"It has no feed"}"#;
        assert_eq!(parse(failed), Some(Err("It has no feed".to_owned())));
        assert_eq!(parse(r#"{"numResults":0}"#), Some(Err("it found no feed there".to_owned())));
        assert_eq!(parse("[]"), None);
    }

    #[test]
    fn labels_of_articles_are_told_from_folders() {
        let labels = |body: &str, is_freshrss: bool| {
            let answer: TagsJson = parse_answer(body.as_bytes()).unwrap();
            answer.into_labels(is_freshrss, &HashSet::from(["World"]))
        };
        let miniflux = r#"{"tags":[{"id":"user/-/state/com.google/starred","label":"","type":""},
            {"id":"user/1/label/All","label":"All","type":"folder"}]}"#;
        let none = LabelNames { names: Vec::new(), is_certain: false };
        assert_eq!(labels(miniflux, false), none);
        assert!(labels(miniflux, true).is_certain);
        let freshrss = r#"{"tags":[{"id":"user/-/label/World","type":"folder"},
            {"id":"user/-/label/R＆D","type":"tag","unread_count":1}]}"#;
        let names = vec!["R&D".to_owned()];
        assert_eq!(labels(freshrss, true), LabelNames { names, is_certain: true });
        let untyped = r#"{"tags":[{"id":"user/-/label/World"},{"id":"user/-/label/urgent"}]}"#;
        let names = vec!["urgent".to_owned()];
        assert_eq!(labels(untyped, false), LabelNames { names, is_certain: true });
        let folders = r#"{"tags":[{"id":"user/-/label/World"},{"id":null}]}"#;
        assert_eq!(labels(folders, false), none);
    }

    #[test]
    fn ids_and_continuations_are_numbers_or_texts() {
        let body = br#"{"itemRefs":[{"id":"31"},{"id":32},{"id":null}],"continuation":20}"#;
        let answer: ItemIdsJson = parse_answer(body).unwrap();
        assert_eq!(answer.ids().collect::<Vec<_>>(), ["31", "32"].map(parse_item_id));
        assert_eq!(answer.continuation.as_deref(), Some("20"));
    }

    #[test]
    fn a_folder_is_the_label_or_the_end_of_its_id() {
        let body = r#"{"subscriptions":[
            {"id":"feed/1","title":"One","categories":[{"id":"user/1/label/Tech"}],"url":"https://a.example/"},
            {"id":"feed/2","title":"Two","categories":[{"id":"user/-/label/x","label":"R＆D"}],"url":""},
            {"id":"feed/3"}]}"#;
        let feeds = parse_answer::<SubscriptionsJson>(body.as_bytes()).unwrap().into_feeds(true);
        let folders: Vec<_> = feeds.iter().map(|feed| feed.folder.as_deref()).collect();
        assert_eq!(folders, [Some("Tech"), Some("R&D"), None]);
        assert_eq!(feeds[1].url, None);
    }
}
