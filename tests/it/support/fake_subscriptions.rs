//! The subscriptions of the fake server: listing and changing them.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{
    fake_greader::{FakeItem, FakeState, json_response},
    form_fields::field,
    server::TestResponse,
};

/// A feed to which the user is subscribed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FakeFeed {
    pub id: String,
    pub title: String,
    pub folder: Option<String>,
    pub url: String,
}

impl FakeFeed {
    pub fn new(number: usize, title: &str, folder: Option<&str>) -> FakeFeed {
        FakeFeed {
            id: format!("feed/{number}"),
            title: title.to_owned(),
            folder: folder.map(str::to_owned),
            url: format!("https://post.example/feed/{number}.xml"),
        }
    }
}

/// A feed to which the user is no longer subscribed, with its articles.
#[derive(Debug, Clone)]
pub struct LeftFeed {
    feed: FakeFeed,
    items: Vec<(i64, FakeItem)>,
}

/// What the number of an article grows by when its feed is subscribed to again.
pub const RENUMBERED: i64 = 1_000;

impl FakeState {
    /// Carries out a change of subscriptions, or refuses it.
    pub(super) fn change_subscriptions(
        &mut self,
        change: impl FnOnce(&mut FakeState) -> TestResponse,
    ) -> TestResponse {
        if let Some((status, reason)) = self.quirks.refuses_changes {
            let body = json!({"error_message": reason}).to_string();
            return TestResponse::Complete(status, Vec::new(), body.into_bytes());
        }
        let response = change(self);
        match self.quirks.hides_success {
            Some(status) => TestResponse::status(status),
            None => response,
        }
    }

    pub(super) fn list_subscriptions(&self) -> TestResponse {
        let to_json = |feed: &FakeFeed| {
            let folder = feed.folder.as_deref().or(self.quirks.default_folder);
            let categories: Vec<Value> = folder
                .iter()
                .map(|name| json!({"id": format!("user/1/label/{name}"), "label": name}))
                .collect();
            json!({
                "id": feed.id, "title": self.title(&feed.title), "categories": categories,
                "url": feed.url, "htmlUrl": "https://post.example/",
            })
        };
        json_response(&json!({"subscriptions": self.feeds.iter().map(to_json).collect::<Vec<_>>()}))
    }

    /// Lists the folders, and the labels of articles.
    pub(super) fn list_tags(&self) -> TestResponse {
        let folders: BTreeSet<&str> =
            self.feeds.iter().filter_map(|feed| feed.folder.as_deref()).collect();
        let labels: BTreeSet<&str> =
            self.items.values().flat_map(|item| &item.labels).map(String::as_str).collect();
        let of_kind = |names: BTreeSet<&str>, kind: &str| -> Vec<Value> {
            let to_json = |name: &str| {
                let id = format!("user/-/label/{name}");
                if self.quirks.lists_untyped_labels {
                    json!({ "id": id })
                } else {
                    json!({ "id": id, "type": kind })
                }
            };
            names.into_iter().map(to_json).collect()
        };
        let tags = [
            vec![json!({"id": "user/-/state/com.google/starred"})],
            of_kind(folders, "folder"),
            of_kind(labels, "tag"),
        ];
        json_response(&json!({"tags": tags.concat()}))
    }

    /// Subscribes to a URL. The address of a site, without a path, has its feed at `/feed`.
    pub fn quick_add(&mut self, form: &[(String, String)]) -> TestResponse {
        let typed = field(form, "quickadd");
        let is_site = typed.matches('/').count() < 3 || typed.ends_with(".example/");
        let url = if is_site {
            format!("{}/feed", typed.trim_end_matches('/'))
        } else {
            typed.to_owned()
        };
        if self.quirks.finds_no_feed {
            return json_response(&json!({"numResults": 0, "error": "There is no feed"}));
        }
        if self.feeds.iter().any(|feed| feed.url == url) {
            let body = json!({"error_message": "This feed already exists."}).to_string();
            return TestResponse::Complete(500, Vec::new(), body.into_bytes());
        }
        let feed = self.subscribe_again(&url).unwrap_or_else(|| {
            let feed = FakeFeed { url, ..FakeFeed::new(self.new_number(), "A new feed", None) };
            self.feeds.push(feed.clone());
            feed
        });
        json_response(&json!({
            "numResults": 1, "query": typed, "streamId": feed.id, "streamName": feed.title,
        }))
    }

    fn new_number(&self) -> usize {
        1 + self.feeds.len() + self.left.len()
    }

    /// Subscribes to a feed of before; its articles are unread again.
    fn subscribe_again(&mut self, url: &str) -> Option<FakeFeed> {
        let found = self.left.iter().position(|left| left.feed.url == url)?;
        let is_taken = |number: &usize| {
            let id = format!("feed/{number}");
            self.feeds.iter().any(|feed| feed.id == id)
        };
        let number = (self.new_number() + 1..usize::MAX).find(|number| !is_taken(number))?;
        let LeftFeed { mut feed, items } = self.left.remove(found);
        let keeps_ids = self.quirks.keeps_ids;
        if !keeps_ids {
            feed = FakeFeed { url: url.to_owned(), ..FakeFeed::new(number, "A new feed", None) };
        }
        for (number, item) in items {
            let number = if keeps_ids { number } else { number + RENUMBERED };
            let item = FakeItem { html: item.html, ..FakeItem::new(&feed.id, item.link) };
            self.items.insert(number, item);
        }
        self.feeds.push(feed.clone());
        Some(feed)
    }

    pub(super) fn edit_subscription(&mut self, form: &[(String, String)]) -> TestResponse {
        let Some(at) = self.feeds.iter().position(|feed| feed.id == field(form, "s")) else {
            return TestResponse::Complete(404, Vec::new(), b"Not found".to_vec());
        };
        match field(form, "ac") {
            "unsubscribe" => self.unsubscribe(at),
            "edit" => {
                let feed = &mut self.feeds[at];
                let label =
                    |name: &str| field(form, name).strip_prefix("user/-/label/").map(str::to_owned);
                let title = field(form, "t");
                if !title.is_empty() {
                    title.clone_into(&mut feed.title);
                }
                match (label("a"), label("r")) {
                    (Some(folder), _) => feed.folder = Some(folder),
                    (None, removed @ Some(_)) if removed == feed.folder => feed.folder = None,
                    _ => {}
                }
            }
            _ => return TestResponse::Complete(400, Vec::new(), b"Bad Request!".to_vec()),
        }
        TestResponse::ok("OK")
    }

    /// Unsubscribes from a feed, as somebody else may.
    pub fn unsubscribe(&mut self, at: usize) {
        let feed = self.feeds.remove(at);
        let is_of_feed = |item: &FakeItem| item.feed == feed.id;
        let items: Vec<(i64, FakeItem)> = self
            .items
            .iter()
            .filter(|(_, item)| is_of_feed(item))
            .map(|(number, item)| (*number, item.clone()))
            .collect();
        self.items.retain(|_, item| !is_of_feed(item));
        self.left.push(LeftFeed { feed, items });
    }

    pub(super) fn rename_tag(&mut self, form: &[(String, String)]) -> TestResponse {
        let label = |name: &str| field(form, name).strip_prefix("user/-/label/").map(str::to_owned);
        for feed in &mut self.feeds {
            if feed.folder == label("s") {
                feed.folder = label("dest");
            }
        }
        TestResponse::ok("OK")
    }
}
