//! A login at a server, and the calls that are made with it.

use std::collections::HashSet;

use serde::de::DeserializeOwned;

use super::{
    address::FRESHRSS_SCRIPT,
    answers::{ContentsJson, ItemIdsJson, SubscriptionsJson},
};
use crate::{
    model::{RemoteFeed, RemoteId, RemoteMark, ServerLogin},
    net::{Fetch, FetchRequest, FetchResponse, FormBody},
    remote::{IdList, RemoteItem, ServerError, check_response, exchange, parse_answer},
    text::url::{self, encode_form},
};

/// Maximum number of ids in one request. FreshRSS ignores what follows the thousandth field of a form.
pub const MAX_IDS_PER_REQUEST: usize = 250;

/// Number of ids that a page of a list is to have: the most that Miniflux and The Old Reader give. Their
/// pages shift when articles are read meanwhile, so that few large ones are better.
const IDS_PER_PAGE: usize = 10_000;

/// Maximum number of pages of one list, for servers that give fewer ids than they are asked for.
const MAX_PAGES: usize = 100;

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

/// A login at a server.
pub struct Session<'h> {
    http: &'h dyn Fetch,
    login: ServerLogin,
    auth: String,
    /// The token that requests with effects carry, once there was one.
    token: Option<String>,
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
        Ok(Session { http, login, auth, token: None })
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

    /// Lists the ids of a stream, about `limit` of them at most.
    pub fn list_ids(&mut self, stream: ItemStream, limit: usize) -> Result<IdList, ServerError> {
        let (mut list, mut seen) = (IdList::default(), HashSet::new());
        let mut continuation: Option<String> = None;
        for _ in 0..MAX_PAGES {
            let path = ids_path(stream, limit.min(IDS_PER_PAGE), continuation.as_deref());
            let page: ItemIdsJson = self.get_json("list articles", &path)?;
            let (before, mut is_empty) = (list.ids.len(), true);
            list.is_cut |= page.is_cut();
            for id in page.ids() {
                is_empty = false;
                if seen.insert(id.clone()) {
                    list.ids.push(id);
                }
            }
            // An empty page is the last one, even if it names a next.
            continuation = page.continuation.filter(|next| !is_empty && !next.is_empty());
            if continuation.is_none() || list.ids.len() >= limit || list.ids.len() == before {
                break;
            }
        }
        list.is_cut |= continuation.is_some();
        Ok(list)
    }

    /// Fetches articles, of any number. Those that the server no longer has are missing; an answer that
    /// is too long is asked for in halves, and an article that is too long alone is missing as well.
    pub fn fetch_items(&mut self, ids: &[RemoteId]) -> Result<Vec<RemoteItem>, ServerError> {
        let mut items = Vec::with_capacity(ids.len());
        let mut waiting: Vec<&[RemoteId]> = ids.chunks(MAX_IDS_PER_REQUEST).rev().collect();
        while let Some(part) = waiting.pop() {
            match self.fetch_part(part) {
                Ok(found) => items.extend(found),
                Err(ServerError::TooLong { .. }) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    waiting.extend([second, first].iter().filter(|_| part.len() > 1));
                }
                // Miniflux says so when it has none of them.
                Err(ServerError::Status { status: 400 | 404, .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(items)
    }

    fn fetch_part(&mut self, ids: &[RemoteId]) -> Result<Vec<RemoteItem>, ServerError> {
        let fields: Vec<(&str, &str)> = ids.iter().map(|id| ("i", id.as_str())).collect();
        let call = "fetch articles";
        let path = "stream/items/contents?output=json".to_owned();
        let response = self.send(call, &Call::Post(path, &fields))?;
        let answer: ContentsJson = self.parse_json(call, &response)?;
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
        let mut fields = vec![(if wanted { "a" } else { "r" }, tag)];
        fields.extend(ids.iter().map(|id| ("i", id.as_str())));
        let call = "mark articles";
        let response = self.send(call, &Call::Post("edit-tag".to_owned(), &fields))?;
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
        self.parse_json(call, &response)
    }

    fn parse_json<T: DeserializeOwned>(
        &self,
        call: &'static str,
        response: &FetchResponse,
    ) -> Result<T, ServerError> {
        parse_answer(&response.body).ok_or_else(|| {
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
        if token.is_empty() || token.contains(['<', '[', '{', '\n']) {
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
            headers: vec![("Authorization".to_owned(), authorization)],
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

fn ids_path(stream: ItemStream, count: usize, continuation: Option<&str>) -> String {
    let count = count.to_string();
    let reading_list = "user/-/state/com.google/reading-list";
    let mut fields = vec![("output", "json"), ("n", count.as_str())];
    match stream {
        ItemStream::Unread => {
            fields.extend([("s", reading_list), ("xt", "user/-/state/com.google/read")]);
        }
        ItemStream::Starred => fields.push(("s", "user/-/state/com.google/starred")),
        ItemStream::Newest => fields.push(("s", reading_list)),
    }
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
    auth.filter(|auth| !auth.is_empty()).map(str::to_owned).ok_or(ServerError::Unexpected {
        host,
        call,
        reason: "there is no Google Reader API at this address",
    })
}
