//! The requests to the worker threads, and the sender of writes.
//!
//! They are in one module, so that threads can send each other requests without importing each
//! other.

use std::sync::Arc;

use crossbeam_channel::Sender;

use super::write_barrier::{WriteBarrier, WriteTicket};
use crate::{
    app::{ImageKey, JournalRequest, RequestId, StoreWrite},
    library::FetchedPage,
    model::{AppliedChange, CopyListing, EntryId, SearchRequest, View},
    store::{ManifestUpdate, StoreError, StoryState, StoryUpdate},
    text::UrlTrust,
};

/// The outcome of [`WriteRequest::CommitStories`]: the new state, or `None` if a story has changed
/// meanwhile.
pub(super) type StoryCommit = Result<Option<StoryState>, StoreError>;

/// A request to the writer thread.
pub(super) enum WriteRequest {
    /// Write a change of the user's.
    Write(StoreWrite),
    /// Save the article of a page.
    SavePage(Box<FetchedPage>),
    /// Commit a change to the list of segments, and send the outcome to `reply`.
    CommitIndex { update: ManifestUpdate, reply: Sender<Result<(), StoreError>> },
    /// Store the stories of articles, and send the outcome to `reply`.
    CommitStories { update: StoryUpdate, reply: Sender<StoryCommit> },
    /// Queue every article for indexing, because the index is broken.
    ResetIndex,
    /// Reply once all earlier requests are done.
    Flush(Sender<()>),
    /// Write what waits, with patience for another program's lock, and tell the app.
    Finish,
    /// Write what is left and end the thread.
    Stop,
}

/// A search to run, once the writes of the ticket are done. A newer one replaces it.
pub(super) struct PendingSearch {
    pub(super) id: RequestId,
    pub(super) request: SearchRequest,
    pub(super) after: WriteTicket,
}

/// The views to count; a newer request replaces it.
pub(super) struct PendingCount {
    pub(super) id: RequestId,
    pub(super) views: Vec<View>,
    pub(super) copies: CopyListing,
}

/// The list whose hidden entries are to be counted; a newer request replaces it.
pub(super) struct PendingHiddenCount {
    pub(super) id: RequestId,
    pub(super) request: SearchRequest,
}

/// A change of the user's that was written as `generation` of the library.
pub(super) struct WrittenChange {
    pub(super) change: AppliedChange,
    pub(super) generation: i64,
}

/// A change of the library that is not the user's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BackgroundChange {
    /// Articles or feeds.
    Content,
    /// Stories.
    Stories,
    /// The list of segments of the index, written as `generation` of the library.
    Index { generation: i64 },
}

/// The means to tell the search thread that the library has changed.
#[derive(Clone)]
pub(super) struct SnapshotNotifier {
    pub(super) changes: Sender<WrittenChange>,
    /// Wakes the thread to load what has changed otherwise.
    pub(super) reload: Sender<BackgroundChange>,
}

/// A request to the load thread.
pub(super) enum LoadRequest {
    /// Load rows of a list, once the writes of the ticket are done.
    Rows { ids: Vec<EntryId>, after: WriteTicket },
    /// Load the sidebar, once the writes of the ticket are done.
    Sidebar { after: WriteTicket },
    /// Load rows of the journal, once the writes of the ticket are done.
    Journal { request: JournalRequest, after: WriteTicket },
    /// Remove the marks of articles that were opened.
    FinishArticles(Vec<EntryId>),
}

/// A request to the image thread.
pub(super) struct ImageRequest {
    /// The URL of the image and its size in cells.
    pub(super) key: ImageKey,
    /// The trust in the URL.
    pub(super) trust: UrlTrust,
}

/// A sender of writes that counts them at the write barrier.
#[derive(Clone)]
pub(super) struct WriteSender {
    requests: Sender<WriteRequest>,
    barrier: Arc<WriteBarrier>,
}

impl WriteSender {
    /// Creates a sender to the writer thread.
    pub(super) fn new(requests: Sender<WriteRequest>, barrier: Arc<WriteBarrier>) -> WriteSender {
        WriteSender { requests, barrier }
    }

    /// Sends a write. Tickets that are drawn from now on wait for it.
    pub(super) fn write(&self, write: StoreWrite) {
        self.barrier.add_request();
        self.send(WriteRequest::Write(write));
    }

    /// Sends a request that is not a change of the user's. If the writer has ended, it has reported
    /// that itself.
    pub(super) fn send(&self, request: WriteRequest) {
        let _ = self.requests.send(request);
    }

    /// Waits until the writes of a ticket are done, for some seconds at most.
    pub(super) fn wait_for(&self, ticket: WriteTicket) {
        self.barrier.wait_for(ticket);
    }

    /// Returns a ticket for the writes sent so far.
    pub(super) fn ticket(&self) -> WriteTicket {
        self.barrier.ticket()
    }
}
