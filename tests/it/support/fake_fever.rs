//! A server with the Fever API, with a switch for each way in which real servers differ.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard},
};

use serde_json::{Value, json};

use super::{
    fake_greader::{FakeItem, PASSWORD, marked_numbers},
    form_fields::{decode_fields, field},
    server::{Server, TestRequest, TestResponse},
};

/// The MD5 digest of `ann:S3CRET`.
const KEY: &str = "3ffb80a41755400d0d66f4f3f4553987";

/// The ways in which the server differs.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each quirk is a switch")]
pub struct FeverQuirks {
    /// Ids, flags and times are texts, as those of FreshRSS.
    pub writes_texts: bool,
    /// Lists of ids have at most this many, as those of CommaFeed.
    pub max_listed: Option<usize>,
    /// A star that an article has is taken off by the request to set it, as by Miniflux.
    pub toggles_saved: bool,
    /// The mark `unread` is confirmed, and nothing is marked.
    pub ignores_unread: bool,
    /// A mark of an article that is gone is answered with status 404, as by coldsweat.
    pub knows_gone_items: bool,
    /// Marking these articles is answered with status 500.
    pub refuses: Vec<i64>,
    /// `items` without a number is answered without a list, as by coldsweat.
    pub omits_first_page: bool,
    /// Titles have full-width signs, as those of FreshRSS.
    pub writes_fullwidth: bool,
    /// Every request is answered with this.
    pub answers: Option<&'static str>,
    /// Every request is answered with this status.
    pub status: Option<u16>,
    /// More than this many articles in one answer are too long a text.
    pub verbose_from: Option<usize>,
}

/// The articles, feeds and quirks of the server.
#[derive(Debug, Default)]
pub struct FeverState {
    pub items: BTreeMap<i64, FakeItem>,
    /// Id, title and group.
    pub feeds: Vec<(i64, String, Option<String>)>,
    pub quirks: FeverQuirks,
    /// The calls so far; a mark is its kind, its state and its id.
    pub calls: Vec<String>,
}

/// The running server.
pub struct FakeFever {
    server: Server,
    state: Arc<Mutex<FeverState>>,
    path: &'static str,
}

impl FakeFever {
    /// Starts a server whose API is where that of Miniflux is, with two feeds.
    pub fn start() -> FakeFever {
        FakeFever::start_at("/fever/")
    }

    /// Starts a server whose API is at `path`.
    pub fn start_at(path: &'static str) -> FakeFever {
        let feeds = vec![
            (1, "Evening Post".to_owned(), Some("World".to_owned())),
            (2, "Tech Weekly".to_owned(), None),
        ];
        let state = Arc::new(Mutex::new(FeverState { feeds, ..FeverState::default() }));
        let shared = Arc::clone(&state);
        let server = Server::start(move |request| {
            let (called, query) = request.path.split_once('?').unwrap_or((&request.path, ""));
            if called == path {
                shared.lock().unwrap().respond(query, request)
            } else {
                TestResponse::status(404)
            }
        });
        FakeFever { server, state, path }
    }

    /// Returns the URL of the API.
    pub fn url(&self) -> String {
        self.server.url(self.path)
    }

    /// Returns the address of the site.
    pub fn site(&self) -> String {
        self.server.url("/")
    }

    /// Returns the state, which the server waits for.
    pub fn state(&self) -> MutexGuard<'_, FeverState> {
        self.state.lock().unwrap()
    }

    /// Adds unread articles with these numbers to the first feed.
    pub fn add_items(&self, numbers: impl IntoIterator<Item = i64>) {
        for number in numbers {
            let item = FakeItem::new("1", number);
            self.state().items.insert(number, item);
        }
    }

    /// Returns the numbers of the read articles and of the starred ones.
    pub fn marks(&self) -> (Vec<i64>, Vec<i64>) {
        marked_numbers(&self.state().items)
    }

    /// Returns all requests so far.
    pub fn requests(&self) -> Vec<TestRequest> {
        self.server.requests()
    }

    /// Returns the calls since the last time.
    pub fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut self.state().calls)
    }
}

impl FeverState {
    fn respond(&mut self, query: &str, request: &TestRequest) -> TestResponse {
        if let Some(status) = self.quirks.status {
            return TestResponse::status(status);
        }
        if let Some(answer) = self.quirks.answers {
            return TestResponse::ok(answer);
        }
        let (query, form) = (decode_fields(query), decode_fields(&request.body));
        assert!(!request.body.contains(PASSWORD), "the password itself is never sent");
        if !query.iter().any(|(name, _)| name == "api") {
            return TestResponse::status(400);
        }
        if field(&form, "api_key") != KEY {
            return TestResponse::ok(r#"{"api_version":3,"auth":0}"#);
        }
        self.answer(&query, &form)
    }

    fn answer(&mut self, query: &[(String, String)], form: &[(String, String)]) -> TestResponse {
        if form.iter().any(|(name, _)| name == "mark") {
            return self.mark(form);
        }
        let has = |name: &str| query.iter().any(|(known, _)| known == name);
        let names = ["groups", "feeds", "unread_item_ids", "saved_item_ids", "items"];
        let call = names.into_iter().find(|name| has(name)).unwrap_or_default();
        let arguments = query.iter().filter(|(name, _)| name != "api" && name != call);
        let arguments: Vec<String> =
            arguments.map(|(name, value)| format!(" {name}={value}")).collect();
        self.calls.push(format!("{call}{}", arguments.concat()));
        let mut answer = match call {
            "groups" => self.groups(),
            "feeds" => self.feeds(),
            "unread_item_ids" => json!({"unread_item_ids": self.list(|item| !item.read)}),
            "saved_item_ids" => json!({"saved_item_ids": self.list(|item| item.starred)}),
            "items" => self.items(query),
            _ => json!({}),
        };
        answer["auth"] = self.number(1);
        let text = answer.to_string();
        match self.quirks.verbose_from {
            Some(count) if answer["items"].as_array().is_some_and(|items| items.len() > count) => {
                TestResponse::ok(vec![b' '; (32 << 20) + 1])
            }
            _ => TestResponse::ok(text),
        }
    }

    /// Writes a number as this server does.
    fn number(&self, number: i64) -> Value {
        if self.quirks.writes_texts { json!(number.to_string()) } else { json!(number) }
    }

    fn title(&self, title: &str) -> String {
        if self.quirks.writes_fullwidth {
            title.replace('&', "＆").replace('<', "＜").replace('>', "＞")
        } else {
            title.to_owned()
        }
    }

    fn groups(&self) -> Value {
        let grouped = || self.feeds.iter().filter_map(|(id, _, group)| Some((id, group.as_ref()?)));
        let groups: Vec<Value> = grouped()
            .map(|(id, name)| json!({"id": self.number(*id + 100), "title": self.title(name)}))
            .collect();
        let members: Vec<Value> = grouped()
            .map(|(id, _)| json!({"group_id": self.number(*id + 100), "feed_ids": id.to_string()}))
            .collect();
        json!({"groups": groups, "feeds_groups": members})
    }

    fn feeds(&self) -> Value {
        let to_json = |(id, title, _): &(i64, String, Option<String>)| {
            json!({
                "id": self.number(*id), "title": self.title(title), "favicon_id": null,
                "url": format!("https://post.example/feed/{id}.xml"),
                "site_url": "https://post.example/",
            })
        };
        json!({"feeds": self.feeds.iter().map(to_json).collect::<Vec<_>>()})
    }

    fn list(&self, is_listed: impl Fn(&FakeItem) -> bool) -> String {
        let listed = self.items.iter().rev().filter(|(_, item)| is_listed(item));
        let ids: Vec<String> = listed.map(|(number, _)| number.to_string()).collect();
        ids[..ids.len().min(self.quirks.max_listed.unwrap_or(usize::MAX))].join(",")
    }

    fn items(&self, query: &[(String, String)]) -> Value {
        let number = |name: &str| field(query, name).parse::<i64>().ok();
        let known = |number: i64| self.items.get(&number).map(|item| (number, item));
        let all = || self.items.iter().map(|(number, item)| (*number, item));
        let listed: Vec<(i64, &FakeItem)> =
            match (number("since_id"), number("max_id"), field(query, "with_ids")) {
                (Some(since), ..) => all().filter(|(id, _)| *id > since).take(50).collect(),
                (_, Some(0), _) if self.quirks.omits_first_page => return json!({}),
                (_, Some(most), _) => {
                    all().rev().filter(|(id, _)| most == 0 || *id < most).take(50).collect()
                }
                (.., ids) => {
                    let ids = ids.split(',').take(50).filter_map(|id| id.parse().ok());
                    ids.filter_map(known).collect()
                }
            };
        let items: Vec<Value> =
            listed.into_iter().map(|(id, item)| self.item_json(id, item)).collect();
        json!({"items": items})
    }

    fn item_json(&self, number: i64, item: &FakeItem) -> Value {
        json!({
            "id": self.number(number), "feed_id": self.number(item.feed.parse().unwrap()),
            "title": self.title(&item.title), "author": "", "html": item.html,
            "url": format!("https://post.example/{number}"),
            "is_read": self.number(i64::from(item.read)),
            "is_saved": self.number(i64::from(item.starred)),
            "created_on_time": self.number(1_790_000_000 + number * 60),
        })
    }

    fn mark(&mut self, form: &[(String, String)]) -> TestResponse {
        let (kind, state) = (field(form, "mark"), field(form, "as"));
        self.calls.push(format!("mark {kind} {state} {}", field(form, "id")));
        let id: i64 = field(form, "id").parse().unwrap();
        if self.quirks.refuses.contains(&id) {
            return TestResponse::status(500);
        }
        match self.items.get_mut(&id) {
            None if self.quirks.knows_gone_items => return TestResponse::status(404),
            None => {}
            Some(item) => match state {
                "read" => item.read = true,
                "unread" => item.read = self.quirks.ignores_unread && item.read,
                "saved" => item.starred = !(item.starred && self.quirks.toggles_saved),
                "unsaved" => item.starred = !item.starred && self.quirks.toggles_saved,
                _ => return TestResponse::status(400),
            },
        }
        TestResponse::ok(json!({"auth": self.number(1)}).to_string())
    }
}
