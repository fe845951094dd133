//! The server of an account, whichever protocol it speaks: what a sync asks of it.

use crate::{
    fever::{self, FeverSession},
    greader::{self, ItemStream, Session},
    model::{RemoteFeed, RemoteId, RemoteMark, ServerKind, ServerLogin},
    net::Fetch,
    remote::{IdList, RemoteItem, ServerError},
    store::StoredItem,
};

/// Number of the newest stored articles that are asked for again at a time, of a server that does not
/// list the newest ones.
const RECHECKED: usize = 50;

/// Maximum number of marks that one sync sends to a server that takes them one at a time.
const MAX_SINGLE_MARKS: usize = 1_000;

/// A login at the server of an account. The calls are those that every kind of server answers; those
/// that only one kind has are in the session of that kind.
pub enum ServerSession<'h> {
    /// The server speaks the Google Reader API.
    GoogleReader(Session<'h>),
    /// The server speaks the Fever API.
    Fever(FeverSession<'h>),
}

impl<'h> ServerSession<'h> {
    /// Logs in.
    ///
    /// # Errors
    ///
    /// Fails if the server does not answer, does not accept the user or the password, or is no server
    /// of this kind.
    pub fn log_in(
        http: &'h dyn Fetch,
        kind: ServerKind,
        login: ServerLogin,
    ) -> Result<ServerSession<'h>, ServerError> {
        match kind {
            ServerKind::GoogleReader => {
                Session::log_in(http, login).map(ServerSession::GoogleReader)
            }
            ServerKind::Fever => FeverSession::log_in(http, &login).map(ServerSession::Fever),
        }
    }

    /// Returns the kind of the server.
    pub fn kind(&self) -> ServerKind {
        match self {
            ServerSession::GoogleReader(_) => ServerKind::GoogleReader,
            ServerSession::Fever(_) => ServerKind::Fever,
        }
    }

    /// Returns the address at which the server was found.
    pub fn url(&self) -> &str {
        match self {
            ServerSession::GoogleReader(session) => session.url(),
            ServerSession::Fever(session) => session.url(),
        }
    }

    /// Lists the subscriptions.
    pub fn list_subscriptions(&mut self) -> Result<Vec<RemoteFeed>, ServerError> {
        match self {
            ServerSession::GoogleReader(session) => session.list_subscriptions(),
            ServerSession::Fever(session) => session.list_subscriptions(),
        }
    }

    /// Lists the ids of the unread articles, about `limit` of them at most.
    pub fn list_unread(&mut self, limit: usize) -> Result<IdList, ServerError> {
        match self {
            ServerSession::GoogleReader(session) => session.list_ids(ItemStream::Unread, limit),
            ServerSession::Fever(session) => session.list_unread(limit),
        }
    }

    /// Lists the ids of the starred articles, about `limit` of them at most.
    pub fn list_starred(&mut self, limit: usize) -> Result<IdList, ServerError> {
        match self {
            ServerSession::GoogleReader(session) => session.list_ids(ItemStream::Starred, limit),
            ServerSession::Fever(session) => session.list_saved(limit),
        }
    }

    /// Returns the number of articles that one request for articles brings.
    pub fn items_per_request(&self) -> usize {
        match self {
            ServerSession::GoogleReader(_) => greader::MAX_IDS_PER_REQUEST,
            ServerSession::Fever(_) => fever::MAX_IDS_PER_REQUEST,
        }
    }

    /// Fetches articles, of any number, and hands those of each answer to `take`. Those that the server no
    /// longer has are missing.
    pub fn fetch_items<E: From<ServerError>>(
        &mut self,
        ids: &[RemoteId],
        take: impl FnMut(Vec<RemoteItem>) -> Result<(), E>,
    ) -> Result<(), E> {
        match self {
            ServerSession::GoogleReader(session) => session.fetch_items(ids, take),
            ServerSession::Fever(session) => session.fetch_items(ids, take),
        }
    }

    /// Returns the number of articles that one request marks.
    pub fn marks_per_request(&self) -> usize {
        match self {
            ServerSession::GoogleReader(_) => greader::MAX_IDS_PER_REQUEST,
            ServerSession::Fever(_) => 1,
        }
    }

    /// Returns the number of requests for marks that one sync may make. What is left waits for the next.
    pub fn mark_requests_per_sync(&self) -> usize {
        match self {
            ServerSession::GoogleReader(_) => usize::MAX,
            ServerSession::Fever(_) => MAX_SINGLE_MARKS,
        }
    }

    /// Gives articles a mark, or takes it away, at most [`Self::marks_per_request`] of them.
    pub fn set_mark(
        &mut self,
        ids: &[RemoteId],
        mark: RemoteMark,
        wanted: bool,
    ) -> Result<(), ServerError> {
        match self {
            ServerSession::GoogleReader(session) => session.set_mark(ids, mark, wanted),
            ServerSession::Fever(session) => {
                ids.iter().try_for_each(|id| session.set_mark(id, mark, wanted))
            }
        }
    }
}

/// Lists the ids of the newest articles of a server that does not list them by itself: about `limit` of those that have
/// come since, and the newest ones that are stored.
pub(super) fn list_newest(
    session: &mut FeverSession<'_>,
    stored: &[StoredItem],
    limit: usize,
) -> Result<Vec<RemoteId>, ServerError> {
    let known = newest_ids(stored);
    let mut ids = session.list_newest(known.first(), limit)?;
    ids.extend(known);
    Ok(ids)
}

/// Returns the newest of the stored articles whose ids are numbers, the newest first.
fn newest_ids(stored: &[StoredItem]) -> Vec<RemoteId> {
    let number = |item: &StoredItem| item.id.as_str().parse::<u64>().ok();
    let mut numbered: Vec<_> =
        stored.iter().filter_map(|item| Some((number(item)?, &item.id))).collect();
    numbered.sort_unstable_by(|one, other| other.cmp(one));
    numbered.into_iter().take(RECHECKED).map(|(_, id)| id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_ids_are_compared_as_numbers() {
        let item = |id: &str| StoredItem {
            id: RemoteId(id.to_owned()),
            is_read: false,
            is_starred: false,
            is_subscribed: true,
        };
        let newest = newest_ids(&["9", "101", "x", "20"].map(item));
        assert_eq!(newest, ["101", "20", "9"].map(|id| RemoteId(id.to_owned())));
    }
}
