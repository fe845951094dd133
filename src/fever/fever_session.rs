//! A login at a server, and the calls that are made with it.

use std::collections::HashMap;

use serde::de::DeserializeOwned;

use super::{
    address::FRESHRSS_SCRIPT,
    answers::{
        AuthJson, FeedsJson, GroupsJson, ItemsJson, SavedIdsJson, UnreadIdsJson, read_id_list,
    },
    api_key::ApiKey,
    item_pages::{KeptItems, PageCursor, id_number},
};
use crate::{
    model::{RemoteFeed, RemoteId, RemoteMark, ServerLogin},
    net::{Fetch, FetchRequest, FormBody},
    remote::{IdList, RemoteItem, ServerError, check_response, exchange, parse_answer},
    text::{names_private_host, url},
};

/// Maximum number of articles in one request. Servers leave out what is asked for beyond it.
pub const MAX_IDS_PER_REQUEST: usize = 50;

/// The failure of an answer that is none of this protocol.
const NOT_FEVER: &str = "not the answer that the Fever API has there";

/// A login at a server.
pub struct FeverSession<'h> {
    http: &'h dyn Fetch,
    url: String,
    key: ApiKey,
    /// The folder of each feed, by the id of the feed.
    folders: HashMap<String, String>,
    kept: KeptItems,
}

impl<'h> FeverSession<'h> {
    /// Logs in, and lists the groups.
    ///
    /// # Errors
    ///
    /// Fails if the server does not answer, does not accept the user or the password, or is no server
    /// of this kind; and without a request if the key, which is as good as the password, would be sent
    /// over the internet in the clear.
    pub fn log_in(
        http: &'h dyn Fetch,
        login: &ServerLogin,
    ) -> Result<FeverSession<'h>, ServerError> {
        let url = login.url.clone();
        if !url.starts_with("https://") && !names_private_host(&url) {
            return Err(ServerError::InTheClear { host: url::host(&url).to_owned() });
        }
        let (key, kept) = (ApiKey::of(login), KeptItems::default());
        let mut session = FeverSession { http, url, key, folders: HashMap::new(), kept };
        let groups: GroupsJson = session.call("log in", "groups", &[])?;
        session.folders = groups.into_folders(session.is_freshrss());
        Ok(session)
    }

    /// Returns the URL of the API.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Lists the subscriptions.
    pub fn list_subscriptions(&mut self) -> Result<Vec<RemoteFeed>, ServerError> {
        let call = "list the subscriptions";
        let feeds: FeedsJson = self.call(call, "feeds", &[])?;
        if feeds.is_cut() {
            let host = url::host(&self.url).to_owned();
            let reason = "more subscriptions than the program reads";
            return Err(ServerError::Unexpected { host, call, reason });
        }
        Ok(feeds.into_feeds(&self.folders, self.is_freshrss()))
    }

    /// Lists the ids of the unread articles, `limit` of them at most.
    pub fn list_unread(&mut self, limit: usize) -> Result<IdList, ServerError> {
        let list: UnreadIdsJson = self.call("list unread articles", "unread_item_ids", &[])?;
        Ok(read_id_list(&list.unread_item_ids.unwrap_or_default(), limit))
    }

    /// Lists the ids of the saved articles, which are the starred ones, `limit` of them at most.
    pub fn list_saved(&mut self, limit: usize) -> Result<IdList, ServerError> {
        let list: SavedIdsJson = self.call("list saved articles", "saved_item_ids", &[])?;
        Ok(read_id_list(&list.saved_item_ids.unwrap_or_default(), limit))
    }

    /// Lists the ids of the newest articles, about `limit` of them at most: those after `known`, or,
    /// without it, the newest of all. Their texts come along, and are kept until they are fetched.
    pub fn list_newest(
        &mut self,
        known: Option<&RemoteId>,
        limit: usize,
    ) -> Result<Vec<RemoteId>, ServerError> {
        let mut ids = Vec::new();
        let after = known.and_then(id_number).map(PageCursor::After);
        let mut next = after.or(Some(PageCursor::Before(0)));
        while let Some(cursor) = next.filter(|_| ids.len() < limit && !self.kept.is_full()) {
            let page = match self.fetch_page(&cursor.arguments()) {
                // Each of them is asked for by its id, if it is unread or starred.
                Err(ServerError::TooLong { .. }) => break,
                page => page?,
            };
            next = cursor.next(&page).filter(|_| page.len() >= MAX_IDS_PER_REQUEST);
            ids.extend(page.into_iter().filter_map(|item| self.kept.keep(item)));
        }
        Ok(ids)
    }

    /// Fetches articles, of any number, and hands those of each answer to `take`. Those that the server no
    /// longer has are missing; an answer that is too long is asked for in halves, and an article that is
    /// too long alone is missing as well.
    pub fn fetch_items<E: From<ServerError>>(
        &mut self,
        ids: &[RemoteId],
        mut take: impl FnMut(Vec<RemoteItem>) -> Result<(), E>,
    ) -> Result<(), E> {
        let (mut kept, mut rest) = (Vec::new(), Vec::new());
        for id in ids {
            match self.kept.take(id) {
                Some(item) => kept.push(item),
                None => rest.push(id.as_str()),
            }
        }
        if !kept.is_empty() {
            take(kept)?;
        }
        let mut waiting: Vec<&[&str]> = rest.chunks(MAX_IDS_PER_REQUEST).rev().collect();
        while let Some(part) = waiting.pop() {
            let arguments = format!("items&with_ids={}", part.join(","));
            match self.fetch_page(&arguments) {
                Ok(found) => take(found)?,
                Err(ServerError::TooLong { .. }) => {
                    let (first, second) = part.split_at(part.len() / 2);
                    waiting.extend([second, first].iter().filter(|_| part.len() > 1));
                }
                Err(ServerError::Status { status: 400 | 404, .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    fn fetch_page(&mut self, arguments: &str) -> Result<Vec<RemoteItem>, ServerError> {
        let items: ItemsJson = self.call("fetch articles", arguments, &[])?;
        Ok(items.into_items(self.is_freshrss()))
    }

    /// Gives an article a mark, or takes it away.
    pub fn set_mark(
        &mut self,
        id: &RemoteId,
        mark: RemoteMark,
        wanted: bool,
    ) -> Result<(), ServerError> {
        let state = match (mark, wanted) {
            (RemoteMark::Read, true) => "read",
            (RemoteMark::Read, false) => "unread",
            (RemoteMark::Starred, true) => "saved",
            (RemoteMark::Starred, false) => "unsaved",
        };
        let fields = [("mark", "item"), ("as", state), ("id", id.as_str())];
        match self.call("mark an article", "", &fields) {
            // The server has dropped the article; Miniflux says nothing, coldsweat this.
            Ok(AuthJson { .. }) | Err(ServerError::Status { status: 404, .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn is_freshrss(&self) -> bool {
        self.url.ends_with(FRESHRSS_SCRIPT)
    }

    /// Sends a call, and checks that the server has accepted the key.
    fn call<T: DeserializeOwned>(
        &self,
        call: &'static str,
        arguments: &str,
        fields: &[(&str, &str)],
    ) -> Result<T, ServerError> {
        let separator = if arguments.is_empty() { "" } else { "&" };
        let host = || url::host(&self.url).to_owned();
        let fields = [&[("api_key", self.key.expose())], fields].concat();
        let request = FetchRequest {
            form: Some(FormBody::new(&fields)),
            ..FetchRequest::user_supplied(format!("{}?api{separator}{arguments}", self.url))
        };
        let response = exchange(self.http, &request)?;
        if matches!(response.status, 401 | 403) {
            return Err(ServerError::Refused { host: host() });
        }
        let response = check_response(host(), call, response)?;
        let unexpected = || ServerError::Unexpected { host: host(), call, reason: NOT_FEVER };
        match parse_answer::<AuthJson>(&response.body) {
            Some(auth) if auth.is_accepted() => parse_answer(&response.body).ok_or_else(unexpected),
            Some(_) => Err(ServerError::Refused { host: host() }),
            None => Err(unexpected()),
        }
    }
}
