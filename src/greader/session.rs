//! A login at a server, and the calls that are made with it.

use std::{borrow::Cow, collections::HashSet};

use serde::de::DeserializeOwned;

use super::{
    LabelNames,
    address::FRESHRSS_SCRIPT,
    answers::{ContentsJson, ItemIdsJson, QuickAddJson, SubscriptionsJson, TagsJson},
};
use crate::{
    model::{RemoteFeed, RemoteId, RemoteMark, ServerLogin},
    net::{Fetch, FetchRequest, FetchResponse, FormBody},
    remote::{IdList, RemoteItem, ServerError, check_response, exchange, parse_answer},
    text::url::{self, encode_form},
};

/// Maximum number of ids in one request. FreshRSS ignores what follows the thousandth field of a form.
pub const MAX_IDS_PER_REQUEST: usize = 250;

/// Maximum number of ids that a page of a list is to have. Pages shift when articles are read meanwhile, so
/// that few large ones are better: Miniflux gives 25,000 in one.
const MAX_IDS_PER_PAGE: usize = 25_000;

/// Number of ids of a page for a server that refuses to give so many: the most that The Old Reader gives.
const FEWER_IDS_PER_PAGE: usize = 10_000;

/// Maximum number of pages of one list, for servers that give fewer ids than they are asked for.
const MAX_PAGES: usize = 100;

/// Maximum length in bytes of a login, a token or a continuation, which are sent back: the longest known
/// one has 57.
const MAX_VALUE_BYTES: usize = 4 << 10;

/// The codings of answers. Brotli is none of them: its decoder clears four megabytes for each answer, which took a
/// quarter of the time of a sync without news.
const ACCEPT_ENCODING: &str = "gzip, deflate";

/// The paths of the calls, below the base address.
const API: &str = "/reader/api/0/";

/// A list of articles that every server gives alike. Other streams and filters are answered with all
/// articles by some, and not at all by others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemStream {
    /// The unread articles.
    Unread,
    /// The starred articles.
    Starred,
    /// All articles, the newest first.
    Newest,
}

impl ItemStream {
    /// Returns the fields of a request by which a server knows it.
    fn fields(self) -> &'static [(&'static str, &'static str)] {
        const READING_LIST: (&str, &str) = ("s", "user/-/state/com.google/reading-list");
        match self {
            ItemStream::Unread => &[READING_LIST, ("xt", "user/-/state/com.google/read")],
            ItemStream::Starred => &[("s", "user/-/state/com.google/starred")],
            ItemStream::Newest => &[READING_LIST],
        }
    }
}

/// The first page of a list as the server has sent it.
pub struct ListPage {
    stream: ItemStream,
    limit: usize,
    body: Vec<u8>,
}

impl ListPage {
    /// Returns the answer of the server.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// A login at a server.
pub struct Session<'h> {
    http: &'h dyn Fetch,
    login: ServerLogin,
    auth: String,
    /// The token that requests with effects carry, once there was one.
    token: Option<String>,
    /// Number of ids that a page of a list is to have.
    ids_per_page: usize,
}

/// A request for data, or one with effects.
enum Call<'a> {
    Get(String),
    Post(String, &'a [(&'a str, &'a str)]),
}

impl<'h> Session<'h> {
    /// Logs in.
    ///
    /// # Errors
    ///
    /// Fails if the server does not answer, does not accept the user or the password, or is no server
    /// of this kind.
    pub fn log_in(http: &'h dyn Fetch, login: ServerLogin) -> Result<Session<'h>, ServerError> {
        let auth = request_login(http, &login)?;
        Ok(Session { http, login, auth, token: None, ids_per_page: MAX_IDS_PER_PAGE })
    }

    /// Returns the base address.
    pub fn url(&self) -> &str {
        &self.login.url
    }

    /// Lists the subscriptions.
    pub fn list_subscriptions(&mut self) -> Result<Vec<RemoteFeed>, ServerError> {
        let path = "subscription/list?output=json";
        let call = "list the subscriptions";
        let answer: SubscriptionsJson = self.get_json(call, path)?;
        if answer.is_cut() {
            return Err(self.unexpected(call, "more subscriptions than the program reads"));
        }
        Ok(answer.into_feeds(self.is_freshrss()))
    }

    /// Lists the labels of articles that the user has there; `folders` are the folders of feeds, which
    /// some servers list among them.
    pub fn list_labels(&mut self, folders: &HashSet<&str>) -> Result<LabelNames, ServerError> {
        let call = "list the labels";
        let answer: TagsJson = self.get_json(call, "tag/list?output=json")?;
        // A label that is left out would look like one that was deleted.
        if answer.is_cut() {
            return Err(ServerError::TooLong { host: self.host(), call });
        }
        Ok(answer.into_labels(self.is_freshrss(), folders))
    }

    /// Lists the ids of the articles that have a label, about `limit` of them at most. Only for servers
    /// that have labels: others answer with something else.
    pub fn list_labeled(&mut self, label: &str, limit: usize) -> Result<IdList, ServerError> {
        self.list_stream(&[("s", &label_id(label))], limit)
    }

    /// Gives articles a label, or takes it off, at most [`MAX_IDS_PER_REQUEST`] of them.
    pub fn set_label(
        &mut self,
        ids: &[RemoteId],
        label: &str,
        wanted: bool,
    ) -> Result<(), ServerError> {
        self.edit_tag("label articles", ids, &label_id(label), wanted)
    }

    /// Lists the ids of a stream, about `limit` of them at most.
    pub fn list_ids(&mut self, stream: ItemStream, limit: usize) -> Result<IdList, ServerError> {
        self.list_stream(stream.fields(), limit)
    }

    /// Fetches the first page of a list of about `limit` ids at most, and does not read it.
    pub fn fetch_list(
        &mut self,
        stream: ItemStream,
        limit: usize,
    ) -> Result<ListPage, ServerError> {
        let body = self.fetch_id_page(stream.fields(), limit, None)?;
        Ok(ListPage { stream, limit, body })
    }

    /// Reads a list from its first page on, and returns the number of its pages, too.
    pub fn read_list(&mut self, first: &ListPage) -> Result<(IdList, usize), ServerError> {
        self.read_pages(first.stream.fields(), first.limit, Cow::Borrowed(&first.body))
    }

    fn list_stream(
        &mut self,
        stream: &[(&str, &str)],
        limit: usize,
    ) -> Result<IdList, ServerError> {
        let first = self.fetch_id_page(stream, limit, None)?;
        Ok(self.read_pages(stream, limit, Cow::Owned(first))?.0)
    }

    fn read_pages(
        &mut self,
        stream: &[(&str, &str)],
        limit: usize,
        first: Cow<'_, [u8]>,
    ) -> Result<(IdList, usize), ServerError> {
        let (mut list, mut pages) = (IdList::default(), 1);
        let mut body = first;
        loop {
            let page: ItemIdsJson = self.parse_json("list articles", &body)?;
            let before = list.ids.len();
            list.is_cut |= page.is_cut();
            list.ids.extend(page.ids());
            let is_empty = list.ids.len() == before;
            if before > 0 {
                retain_first(&mut list.ids);
            }
            // An empty page is the last one, even if it names a next.
            let next = page.continuation.filter(|next| !is_empty && !next.is_empty());
            let Some(next) = next else { return Ok((list, pages)) };
            if next.len() > MAX_VALUE_BYTES {
                return Err(self.unexpected("list articles", "a place to go on that is too long"));
            }
            if pages == MAX_PAGES || list.ids.len() >= limit || list.ids.len() == before {
                list.is_cut = true;
                return Ok((list, pages));
            }
            body = Cow::Owned(self.fetch_id_page(stream, limit, Some(&next))?);
            pages += 1;
        }
    }

    /// Fetches a page of a list; a smaller one if the server does not give so many ids at once.
    fn fetch_id_page(
        &mut self,
        stream: &[(&str, &str)],
        limit: usize,
        continuation: Option<&str>,
    ) -> Result<Vec<u8>, ServerError> {
        let count = limit.min(self.ids_per_page);
        let mut fetch = |count: usize| {
            let path = ids_path(stream, count, continuation);
            // A copy, so that no memory of the budget is in use while the next list is fetched.
            self.send("list articles", &Call::Get(path)).map(|response| response.body.clone())
        };
        match fetch(count) {
            Err(error) if error.is_refusal() && count > FEWER_IDS_PER_PAGE => {
                let page = fetch(FEWER_IDS_PER_PAGE);
                self.ids_per_page = FEWER_IDS_PER_PAGE;
                page
            }
            page => page,
        }
    }

    /// Fetches articles, of any number, and hands those of each answer to `take`. Those that the server no
    /// longer has are missing; an answer that is too long is asked for in halves, and an article that is
    /// too long alone is missing as well.
    pub fn fetch_items<E: From<ServerError>>(
        &mut self,
        ids: &[RemoteId],
        mut take: impl FnMut(Vec<RemoteItem>) -> Result<(), E>,
    ) -> Result<(), E> {
        let mut waiting: Vec<&[RemoteId]> = ids.chunks(MAX_IDS_PER_REQUEST).rev().collect();
        while let Some(part) = waiting.pop() {
            match self.fetch_part(part) {
                Ok(found) => take(found)?,
                Err(ServerError::TooLong { .. }) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    waiting.extend([second, first].iter().filter(|_| part.len() > 1));
                }
                // Miniflux says so when it has none of them.
                Err(ServerError::Status { status: 400 | 404, .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn fetch_part(&mut self, ids: &[RemoteId]) -> Result<Vec<RemoteItem>, ServerError> {
        let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("i", id.as_str())).collect();
        let call = "fetch articles";
        let path = "stream/items/contents?output=json".to_owned();
        let response = self.send(call, &Call::Post(path, &fields))?;
        let answer: ContentsJson = self.parse_json(call, &response.body)?;
        Ok(answer.into_items(self.is_freshrss()))
    }

    /// Gives articles a mark, or takes it away, at most [`MAX_IDS_PER_REQUEST`] of them. One mark in one
    /// request: FreshRSS obeys only the last of several.
    pub fn set_mark(
        &mut self,
        ids: &[RemoteId],
        mark: RemoteMark,
        wanted: bool,
    ) -> Result<(), ServerError> {
        let tag = match mark {
            RemoteMark::Read => "user/-/state/com.google/read",
            RemoteMark::Starred => "user/-/state/com.google/starred",
        };
        self.edit_tag("mark articles", ids, tag, wanted)
    }

    fn edit_tag(
        &mut self,
        call: &'static str,
        ids: &[RemoteId],
        tag: &str,
        wanted: bool,
    ) -> Result<(), ServerError> {
        let mut fields = vec![(if wanted { "a" } else { "r" }, tag)];
        fields.extend(ids.iter().map(|id| ("i", id.as_str())));
        self.post_for_ok(call, "edit-tag", &fields)
    }

    /// Subscribes to the feed at a URL, or to that of the page there; returns the server's id of the feed.
    ///
    /// The server fetches the feed first, which may take longer than this call waits: after any failure,
    /// the subscriptions tell whether it has subscribed.
    pub fn subscribe(&mut self, feed_url: &str) -> Result<String, ServerError> {
        let call = "subscribe";
        let request = Call::Post("subscription/quickadd".to_owned(), &[("quickadd", feed_url)]);
        let response = self.send(call, &request)?;
        let answer: QuickAddJson = self.parse_json(call, &response.body)?;
        answer.into_stream_id().map_err(|reason| ServerError::Declined {
            host: self.host(),
            call,
            reason,
        })
    }

    /// Gives a subscription a title.
    pub fn rename_feed(&mut self, feed: &str, title: &str) -> Result<(), ServerError> {
        self.edit("rename a feed", &[("s", feed), ("ac", "edit"), ("t", title)])
    }

    /// Moves a subscription from one folder to another; `None` for no folder. FreshRSS and Miniflux, in
    /// which every feed has a folder, choose one themselves then, or leave it where it is.
    pub fn move_feed(
        &mut self,
        feed: &str,
        from: Option<&str>,
        to: Option<&str>,
    ) -> Result<(), ServerError> {
        let (from, to) = (from.map(label_id), to.map(label_id));
        let mut fields = vec![("s", feed), ("ac", "edit")];
        fields.extend(to.as_deref().map(|label| ("a", label)));
        fields.extend(from.as_deref().filter(|_| from != to).map(|label| ("r", label)));
        self.edit("move a feed", &fields)
    }

    /// Unsubscribes from a feed.
    pub fn unsubscribe(&mut self, feed: &str) -> Result<(), ServerError> {
        self.edit("unsubscribe", &[("s", feed), ("ac", "unsubscribe")])
    }

    fn edit(&mut self, call: &'static str, fields: &[(&str, &str)]) -> Result<(), ServerError> {
        self.post_for_ok(call, "subscription/edit", fields)
    }

    /// Renames a folder. Not every server can.
    pub fn rename_folder(&mut self, from: &str, to: &str) -> Result<(), ServerError> {
        let (from, to) = (label_id(from), label_id(to));
        self.post_for_ok("rename a folder", "rename-tag", &[("s", &from), ("dest", &to)])
    }

    fn post_for_ok(
        &mut self,
        call: &'static str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), ServerError> {
        let response = self.send(call, &Call::Post(path.to_owned(), fields))?;
        // Some servers answer calls that they do not know with status 200.
        let is_done = response.body.trim_ascii() == b"OK";
        is_done.then_some(()).ok_or_else(|| self.unexpected(call, "not “OK”"))
    }

    fn is_freshrss(&self) -> bool {
        self.login.url.ends_with(FRESHRSS_SCRIPT)
    }

    fn get_json<T: DeserializeOwned>(
        &mut self,
        call: &'static str,
        path: &str,
    ) -> Result<T, ServerError> {
        let response = self.send(call, &Call::Get(path.to_owned()))?;
        self.parse_json(call, &response.body)
    }

    fn parse_json<T: DeserializeOwned>(
        &self,
        call: &'static str,
        body: &[u8],
    ) -> Result<T, ServerError> {
        parse_answer(body).ok_or_else(|| {
            self.unexpected(call, "not the list that the Google Reader API has there")
        })
    }

    /// Sends a call. A login or token that the server no longer accepts is renewed once.
    fn send(
        &mut self,
        call: &'static str,
        request: &Call<'_>,
    ) -> Result<FetchResponse, ServerError> {
        match self.send_once(call, request) {
            Err(ServerError::LoginExpired { .. }) => {
                self.auth = request_login(self.http, &self.login)?;
                self.token = None;
                self.send_once(call, request)
            }
            sent => sent,
        }
    }

    fn send_once(
        &mut self,
        call: &'static str,
        request: &Call<'_>,
    ) -> Result<FetchResponse, ServerError> {
        let (path, form) = match request {
            Call::Get(path) => (path, None),
            Call::Post(path, fields) => {
                let token = self.request_token()?;
                // First, because what follows the thousandth field may be ignored.
                let fields = [&[("T", token.as_str())], *fields].concat();
                (path, Some(FormBody::new(&fields)))
            }
        };
        self.fetch(call, path, form)
    }

    /// Returns the token for requests with effects.
    fn request_token(&mut self) -> Result<String, ServerError> {
        if let Some(token) = &self.token {
            return Ok(token.clone());
        }
        let call = "give a token";
        let response = self.fetch(call, "token", None)?;
        let token = String::from_utf8_lossy(&response.body).trim().to_owned();
        // A page of HTML, or a list, is no token.
        let is_short = (1..=MAX_VALUE_BYTES).contains(&token.len());
        if !is_short || token.contains(['<', '[', '{', '\n']) {
            return Err(self.unexpected(call, "not a token"));
        }
        self.token = Some(token.clone());
        Ok(token)
    }

    fn fetch(
        &self,
        call: &'static str,
        path: &str,
        form: Option<FormBody>,
    ) -> Result<FetchResponse, ServerError> {
        let url = format!("{}{API}{path}", self.login.url);
        let authorization = format!("GoogleLogin auth={}", self.auth);
        let request = FetchRequest {
            headers: vec![
                ("Authorization".to_owned(), authorization),
                ("Accept-Encoding".to_owned(), ACCEPT_ENCODING.to_owned()),
            ],
            form,
            ..FetchRequest::user_supplied(url)
        };
        let response = exchange(self.http, &request)?;
        let host = self.host();
        match response.status {
            401 | 403 => Err(ServerError::LoginExpired { host, call, status: response.status }),
            _ => check_response(host, call, response),
        }
    }

    fn host(&self) -> String {
        url::host(&self.login.url).to_owned()
    }

    fn unexpected(&self, call: &'static str, reason: &'static str) -> ServerError {
        ServerError::Unexpected { host: self.host(), call, reason }
    }
}

/// Removes the ids that are in a list already: pages shift while they are read.
fn retain_first(ids: &mut Vec<RemoteId>) {
    let mut seen = HashSet::with_capacity(ids.len());
    let is_first: Vec<bool> = ids.iter().map(|id| seen.insert(id)).collect();
    let mut is_first = is_first.into_iter();
    ids.retain(|_| is_first.next().unwrap_or(true));
}

/// Returns the id of a folder or of a label.
fn label_id(name: &str) -> String {
    format!("user/-/label/{name}")
}

fn ids_path(stream: &[(&str, &str)], count: usize, continuation: Option<&str>) -> String {
    let count = count.to_string();
    let mut fields = vec![("output", "json"), ("n", count.as_str())];
    fields.extend_from_slice(stream);
    fields.extend(continuation.map(|next| ("c", next)));
    format!("stream/items/ids?{}", encode_form(&fields))
}

/// Logs in; returns the value that authorizes the requests.
fn request_login(http: &dyn Fetch, login: &ServerLogin) -> Result<String, ServerError> {
    let form = FormBody::new(&[
        ("Email", &login.user),
        ("Passwd", login.password.expose()),
        ("client", "newsreader"),
        ("accountType", "HOSTED_OR_GOOGLE"),
        ("service", "reader"),
    ]);
    let url = format!("{}/accounts/ClientLogin", login.url);
    let request = FetchRequest { form: Some(form), ..FetchRequest::user_supplied(url) };
    let response = exchange(http, &request)?;
    let (host, call) = (url::host(&login.url).to_owned(), "log in");
    if matches!(response.status, 400 | 401 | 403) {
        return Err(ServerError::Refused { host });
    }
    let response = check_response(host.clone(), call, response)?;
    let answer = String::from_utf8_lossy(&response.body);
    let auth = answer.lines().find_map(|line| line.strip_prefix("Auth=")).map(str::trim);
    auth.filter(|auth| (1..=MAX_VALUE_BYTES).contains(&auth.len())).map(str::to_owned).ok_or(
        ServerError::Unexpected {
            host,
            call,
            reason: "there is no Google Reader API at this address",
        },
    )
}
