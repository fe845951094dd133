//! The lists of a server as it has sent them. While they are those of a sync that had nothing to do, and nothing
//! has changed here, they need not be read.

use super::{label_plan::ServerLabels, plan::ServerLists, sync_run::MAX_LISTED};
use crate::{
    greader::{ItemStream, ListPage, Session},
    model::RemoteId,
    remote::ServerError,
    text::stable_digest,
};

/// Number of the newest articles that are fetched although they are read.
pub(super) const NEWEST_LISTED: usize = 2_000;

/// The way of comparing lists: a program that compares them otherwise must not trust what this one has settled.
const COMPARISON: &[u8] = b"1";

/// The first pages of the lists of unread, starred and newest articles.
pub(super) struct ListPages {
    unread: ListPage,
    starred: ListPage,
    newest: ListPage,
}

impl ListPages {
    /// Fetches the lists, and reads none.
    pub(super) fn fetch(session: &mut Session<'_>) -> Result<ListPages, ServerError> {
        Ok(ListPages {
            unread: session.fetch_list(ItemStream::Unread, MAX_LISTED)?,
            starred: session.fetch_list(ItemStream::Starred, MAX_LISTED)?,
            newest: session.fetch_list(ItemStream::Newest, NEWEST_LISTED)?,
        })
    }

    /// Returns the digest of the lists, and of the articles of the server's labels.
    pub(super) fn digest(&self, labels: Option<&ServerLabels>) -> u64 {
        let ListPages { unread, starred, newest } = self;
        let mut parts = vec![COMPARISON, unread.body(), starred.body(), newest.body()];
        let labeled = labels.into_iter().flat_map(ServerLabels::items);
        parts.extend(labeled.map(|id| id.as_str().as_bytes()));
        stable_digest(&parts)
    }

    /// Reads the lists. Returns them, and whether their first pages are all that there is, so that these are enough to
    /// compare them.
    pub(super) fn read(
        &self,
        session: &mut Session<'_>,
    ) -> Result<(ServerLists, bool), ServerError> {
        let (unread, unread_pages) = session.read_list(&self.unread)?;
        let (starred, starred_pages) = session.read_list(&self.starred)?;
        let (newest, newest_pages) = session.read_list(&self.newest)?;
        let are_whole = [unread_pages, starred_pages, newest_pages] == [1, 1, 1]
            && !unread.is_cut
            && !starred.is_cut;
        Ok((ServerLists { unread, starred, newest: newest.ids }, are_whole))
    }

    /// Reads the list of the newest articles alone.
    pub(super) fn read_newest(
        &self,
        session: &mut Session<'_>,
    ) -> Result<Vec<RemoteId>, ServerError> {
        session.read_list(&self.newest).map(|(list, _)| list.ids)
    }
}
