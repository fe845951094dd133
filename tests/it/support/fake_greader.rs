//! A server with the Google Reader API, with a switch for each way in which real servers differ.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard},
};

use serde_json::{Value, json};

use super::{
    fake_subscriptions::{FakeFeed, LeftFeed},
    form_fields::{decode_fields, field},
    server::{Server, TestCertificate, TestRequest, TestResponse},
};

/// The password that the server accepts.
pub const PASSWORD: &str = "S3CRET";

/// What every long id begins with.
const PREFIX: &str = "tag:google.com,2005:reader/item/";

/// An article on the server.
#[derive(Debug, Clone)]
pub struct FakeItem {
    pub feed: String,
    pub title: String,
    /// The number of the article in its link.
    pub link: i64,
    pub html: String,
    pub read: bool,
    pub starred: bool,
    pub labels: BTreeSet<String>,
}

impl FakeItem {
    /// Creates "Article N", unread.
    pub fn new(feed: &str, number: i64) -> FakeItem {
        FakeItem {
            feed: feed.to_owned(),
            title: format!("Article {number}"),
            link: number,
            html: format!("<p>The text of article {number}.</p>"),
            read: false,
            starred: false,
            labels: BTreeSet::new(),
        }
    }
}

/// The ways in which the server differs.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each quirk is a switch")]
pub struct Quirks {
    /// Decimal ids are taken for hexadecimal ones, as by Miniflux 2.2.
    pub reads_decimal_as_hex: bool,
    /// Marking is answered with status 200 and `[]`, and nothing is marked.
    pub answers_empty_list: bool,
    /// A mark that an article has is taken off by the request to set it, as by Miniflux 2.2.
    pub toggles_marks: bool,
    /// Fields of a form after this one are ignored, as by FreshRSS.
    pub max_fields: Option<usize>,
    /// Pages of ids have at most this many.
    pub page_size: Option<usize>,
    /// More ids than this are refused in one page.
    pub max_page_size: Option<usize>,
    /// Every page of ids names another one, also the empty one after the last.
    pub names_empty_page: bool,
    /// Continuations are numbers.
    pub has_numeric_continuations: bool,
    /// The login is refused once after this many requests.
    pub expires_after: Option<usize>,
    /// Every request but the login is refused.
    pub refuses_login: bool,
    /// Every request is answered with this status.
    pub status: Option<u16>,
    /// `Retry-After` of a failure.
    pub retry_after: Option<&'static str>,
    /// `stream/items/contents` leaves these articles out.
    pub withholds: Vec<i64>,
    /// After this many answers with articles, they are cut off in the middle.
    pub cuts_contents_after: Option<usize>,
    /// More than this many ids in one request for articles are answered with too long a text.
    pub verbose_from: Option<usize>,
    /// Titles have full-width signs, as those of FreshRSS.
    pub writes_fullwidth: bool,
    /// Ids have 24 digits, as those of The Old Reader.
    pub has_long_ids: bool,
    /// Requests with a form are redirected here.
    pub redirects_to: Option<String>,
    /// Every feed is in a folder: this one if no other is chosen, as in Miniflux.
    pub default_folder: Option<&'static str>,
    /// Articles have labels, as in FreshRSS; otherwise an attempt to set one fails, as in Miniflux.
    pub has_labels: bool,
    /// The list of labels does not say which are folders.
    pub lists_untyped_labels: bool,
    /// Folders cannot be renamed: the call is answered with status 200 and `[]`.
    pub lacks_rename_tag: bool,
    /// Changes of subscriptions are carried out, and answered with this status.
    pub hides_success: Option<u16>,
    /// Changes of subscriptions are answered with this status and reason, and not carried out.
    pub refuses_changes: Option<(u16, &'static str)>,
    /// There is no feed at any address.
    pub finds_no_feed: bool,
    /// The login, the token, and the continuation of every page of ids, in place of the usual ones.
    pub login: Option<String>,
    pub token: Option<String>,
    pub continuation: Option<String>,
    /// A feed to which the user subscribes again keeps its id, and its articles theirs.
    pub keeps_ids: bool,
}

/// The articles, feeds and quirks of the server.
#[derive(Debug, Default)]
pub struct FakeState {
    pub items: BTreeMap<i64, FakeItem>,
    pub feeds: Vec<FakeFeed>,
    /// The feeds to which the user is no longer subscribed.
    pub left: Vec<LeftFeed>,
    pub quirks: Quirks,
    /// The calls so far, without login and token.
    pub calls: Vec<String>,
    logins: usize,
    requests: usize,
}

/// The running server.
pub struct FakeGreader {
    server: Server,
    state: Arc<Mutex<FakeState>>,
    base: &'static str,
}

impl FakeGreader {
    /// Starts a server whose API is at its root, as that of Miniflux, with two feeds.
    pub fn start() -> FakeGreader {
        FakeGreader::start_at("")
    }

    /// Starts a server whose API is below `base`.
    pub fn start_at(base: &'static str) -> FakeGreader {
        FakeGreader::start_with(base, None)
    }

    /// Starts a server over TLS with a certificate that no authority has signed.
    pub fn start_tls(certificate: TestCertificate) -> FakeGreader {
        FakeGreader::start_with("", Some(certificate))
    }

    fn start_with(base: &'static str, certificate: Option<TestCertificate>) -> FakeGreader {
        let feeds = vec![
            FakeFeed::new(1, "Evening Post", Some("World")),
            FakeFeed::new(2, "Tech Weekly", None),
        ];
        let state = Arc::new(Mutex::new(FakeState { feeds, ..FakeState::default() }));
        let shared = Arc::clone(&state);
        let server = Server::start_with(certificate, move |request| {
            let mut state = shared.lock().unwrap();
            match request.path.strip_prefix(base) {
                Some(path) => state.respond(path, request),
                None => TestResponse::status(404),
            }
        });
        FakeGreader { server, state, base }
    }

    /// Returns the base address of the API.
    pub fn url(&self) -> String {
        self.server.url(self.base)
    }

    /// Returns the address of the site.
    pub fn site(&self) -> String {
        self.server.url("/")
    }

    /// Returns the state, which the server waits for.
    pub fn state(&self) -> MutexGuard<'_, FakeState> {
        self.state.lock().unwrap()
    }

    /// Adds unread articles with these numbers to the first feed.
    pub fn add_items(&self, numbers: impl IntoIterator<Item = i64>) {
        for number in numbers {
            let item = FakeItem::new("feed/1", number);
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
}

/// Returns the numbers of the read articles and of the starred ones.
pub(super) fn marked_numbers(items: &BTreeMap<i64, FakeItem>) -> (Vec<i64>, Vec<i64>) {
    let numbers = |is_marked: fn(&FakeItem) -> bool| {
        let marked = items.iter().filter(|(_, item)| is_marked(item));
        marked.map(|(number, _)| *number).collect()
    };
    (numbers(|item| item.read), numbers(|item| item.starred))
}

pub(super) fn json_response(value: &Value) -> TestResponse {
    TestResponse::ok(value.to_string())
}

impl FakeState {
    pub(super) fn respond(&mut self, path: &str, request: &TestRequest) -> TestResponse {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        if let Some(status) = self.quirks.status {
            let response = TestResponse::status(status);
            return match self.quirks.retry_after {
                Some(wait) => response.with("Retry-After", wait),
                None => response,
            };
        }
        match &self.quirks.redirects_to {
            Some(to) if !request.body.is_empty() => {
                return TestResponse::status(301).with("Location", to);
            }
            _ => {}
        }
        let mut form = decode_fields(&request.body);
        form.truncate(self.quirks.max_fields.unwrap_or(usize::MAX));
        if path == "/accounts/ClientLogin" {
            return self.log_in(&form);
        }
        let Some(call) = path.strip_prefix("/reader/api/0/") else {
            return TestResponse::status(404);
        };
        if !self.is_authorized(request, &form) {
            return TestResponse::status(401).with("X-Reader-Google-Bad-Token", "true");
        }
        if call == "token" {
            let token = format!("token{}\n", self.logins);
            return TestResponse::ok(self.quirks.token.clone().unwrap_or(token));
        }
        self.calls.push(call.to_owned());
        self.answer(call, &decode_fields(query), &form)
    }

    fn log_in(&mut self, form: &[(String, String)]) -> TestResponse {
        if (field(form, "Email"), field(form, "Passwd")) != ("ann", PASSWORD) {
            return TestResponse::status(401);
        }
        self.logins += 1;
        let auth = format!("ann/{}", self.logins);
        let auth = self.quirks.login.clone().unwrap_or(auth);
        TestResponse::ok(format!("SID=none\nLSID=none\nAuth={auth}\n"))
    }

    /// Checks the header of a request, or the token of a form: servers look at one of them.
    fn is_authorized(&mut self, request: &TestRequest, form: &[(String, String)]) -> bool {
        self.requests += 1;
        if self.quirks.expires_after.is_some_and(|after| self.requests > after) {
            self.quirks.expires_after = None;
            self.logins += 1;
        }
        let header = request.headers.get("authorization").map(String::as_str);
        let by_header = header == Some(&format!("GoogleLogin auth=ann/{}", self.logins));
        let by_token = field(form, "T") == format!("token{}", self.logins);
        !self.quirks.refuses_login && if request.body.is_empty() { by_header } else { by_token }
    }

    fn answer(
        &mut self,
        call: &str,
        query: &[(String, String)],
        form: &[(String, String)],
    ) -> TestResponse {
        match call {
            "tag/list" => self.list_tags(),
            "subscription/list" => self.list_subscriptions(),
            "subscription/quickadd" => self.change_subscriptions(|state| state.quick_add(form)),
            "subscription/edit" => self.change_subscriptions(|state| state.edit_subscription(form)),
            "rename-tag" if !self.quirks.lacks_rename_tag => {
                self.change_subscriptions(|state| state.rename_tag(form))
            }
            "stream/items/ids" => self.ids(query),
            "stream/items/contents" => self.contents(form),
            "edit-tag" => self.edit_tag(form),
            _ => TestResponse::ok("[]"),
        }
    }

    pub(super) fn title(&self, title: &str) -> String {
        if self.quirks.writes_fullwidth {
            title.replace('&', "＆").replace('<', "＜").replace('>', "＞")
        } else {
            title.to_owned()
        }
    }

    /// Writes an id as the lists do: as a decimal number, or with 24 digits.
    fn short_id(&self, number: i64) -> String {
        if self.quirks.has_long_ids { format!("{number:024x}") } else { number.to_string() }
    }

    /// Reads an id of a form.
    fn parse_id(&self, text: &str) -> Option<i64> {
        if let Some(hex) = text.strip_prefix(PREFIX) {
            let is_of_this_form = hex.len() == if self.quirks.has_long_ids { 24 } else { 16 };
            return u64::from_str_radix(hex, 16)
                .ok()
                .filter(|_| is_of_this_form)
                .map(u64::cast_signed);
        }
        if self.quirks.reads_decimal_as_hex {
            return i64::from_str_radix(text, 16).ok();
        }
        text.parse().ok()
    }

    fn ids(&self, query: &[(String, String)]) -> TestResponse {
        assert_eq!(field(query, "ot"), "", "servers take it for different dates");
        let (stream, excluded) = (field(query, "s"), field(query, "xt"));
        let is_listed = |item: &FakeItem| match (stream, excluded) {
            ("user/-/state/com.google/reading-list", "") => true,
            ("user/-/state/com.google/reading-list", "user/-/state/com.google/read") => !item.read,
            ("user/-/state/com.google/starred", "") => item.starred,
            (stream, "") if self.quirks.has_labels && stream.contains("/label/") => {
                stream.split_once("/label/").is_some_and(|(_, label)| item.labels.contains(label))
            }
            // As FreshRSS, which answers other streams with everything.
            _ => true,
        };
        let listed: Vec<i64> = self
            .items
            .iter()
            .rev()
            .filter(|(_, item)| is_listed(item))
            .map(|(number, _)| *number)
            .collect();
        let count: usize = field(query, "n").parse().unwrap();
        if self.quirks.max_page_size.is_some_and(|most| count > most) {
            return TestResponse::status(400);
        }
        let count = count.min(self.quirks.page_size.unwrap_or(usize::MAX));
        let from: usize = field(query, "c").parse().unwrap_or(0);
        let page: Vec<Value> = listed
            .iter()
            .skip(from)
            .take(count)
            .map(|number| json!({"id": self.short_id(*number)}))
            .collect();
        let next = from + page.len();
        let has_next = next < listed.len() || self.quirks.names_empty_page;
        let mut answer = json!({"itemRefs": page});
        if has_next {
            let is_number = self.quirks.has_numeric_continuations;
            answer["continuation"] = if is_number { json!(next) } else { json!(next.to_string()) };
        }
        if let Some(continuation) = &self.quirks.continuation {
            answer["continuation"] = json!(continuation);
        }
        json_response(&answer)
    }

    fn contents(&mut self, form: &[(String, String)]) -> TestResponse {
        let wanted: Vec<i64> = form
            .iter()
            .filter(|(name, _)| name == "i")
            .filter_map(|(_, id)| self.parse_id(id))
            .filter(|number| !self.quirks.withholds.contains(number))
            .collect();
        let items: Vec<Value> = wanted
            .iter()
            .filter_map(|number| Some(self.item_json(*number, self.items.get(number)?)))
            .collect();
        if items.is_empty() {
            return TestResponse::status(400);
        }
        if self.quirks.verbose_from.is_some_and(|count| items.len() > count) {
            return TestResponse::ok(vec![b' '; (32 << 20) + 1]);
        }
        let mut body = json!({"id": "reading-list", "items": items}).to_string();
        match &mut self.quirks.cuts_contents_after {
            Some(0) => body.truncate(body.len() / 2),
            Some(whole) => *whole -= 1,
            None => {}
        }
        TestResponse::ok(body)
    }

    fn item_json(&self, number: i64, item: &FakeItem) -> Value {
        let states = [("read", item.read), ("starred", item.starred), ("reading-list", true)];
        let categories: Vec<String> = states
            .iter()
            .filter(|(_, is_set)| *is_set)
            .map(|(state, _)| format!("user/1/state/com.google/{state}"))
            .collect();
        let digits = if self.quirks.has_long_ids {
            format!("{number:024x}")
        } else {
            format!("{number:016x}")
        };
        json!({
            "id": format!("{PREFIX}{digits}"),
            "title": self.title(&item.title),
            "published": 1_790_000_000 + number * 60,
            "canonical": [{"href": format!("https://post.example/{}", item.link)}],
            "categories": categories,
            "origin": {"streamId": item.feed, "title": "A feed"},
            "summary": {"content": item.html},
        })
    }

    fn edit_tag(&mut self, form: &[(String, String)]) -> TestResponse {
        if self.quirks.answers_empty_list {
            return TestResponse::ok("[]");
        }
        // As FreshRSS, which obeys only the last of several.
        let last = |name: &str| form.iter().rfind(|(known, _)| known == name).map(|(_, tag)| tag);
        let ids: Vec<i64> = form
            .iter()
            .filter(|(name, _)| name == "i")
            .filter_map(|(_, id)| self.parse_id(id))
            .collect();
        for (tag, wanted) in [(last("a"), true), (last("r"), false)] {
            let Some(tag) = tag else { continue };
            for id in &ids {
                let Some(item) = self.items.get_mut(id) else { continue };
                if let Some(label) = tag.strip_prefix("user/-/label/") {
                    if !self.quirks.has_labels {
                        return TestResponse::status(500);
                    }
                    if wanted {
                        item.labels.insert(label.to_owned());
                    } else {
                        item.labels.remove(label);
                    }
                    continue;
                }
                let state = match tag.as_str() {
                    "user/-/state/com.google/read" => &mut item.read,
                    "user/-/state/com.google/starred" => &mut item.starred,
                    _ => return TestResponse::status(500),
                };
                *state = wanted && !(*state && self.quirks.toggles_marks);
            }
        }
        TestResponse::ok("OK")
    }
}
