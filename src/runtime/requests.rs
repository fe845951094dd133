//! The requests to the worker threads, and the way to send a write.
//!
//! They live apart from their threads, so that threads can send each other requests without importing each other.

use std::sync::Arc;

use crossbeam_channel::Sender;

use super::write_barrier::{WriteBarrier, WriteTicket};
use crate::{
    app::{ImageKey, RequestId, StoreWrite},
    model::{AppliedChange, EntryId, RefreshScope, SearchRequest},
    store::{ManifestUpdate, StoreError},
};

/// A request to the writer thread.
pub(super) enum WriteRequest {
    /// Write something that the user asked for.
    Write(StoreWrite),
    /// Commit a change of the list of segments, and send the outcome.
    CommitIndex { update: ManifestUpdate, reply: Sender<Result<(), StoreError>> },
    /// Queue every article for indexing: the index is broken.
    ResetIndex,
    /// Reply when everything before is done.
    Flush(Sender<()>),
    /// Write what is left, and end.
    Stop,
}

/// A request to the search thread.
pub(super) enum SearchThreadRequest {
    /// Run a search, once the writes of the ticket are done.
    Search { id: RequestId, request: SearchRequest, after: WriteTicket },
    /// Take over a change that was written as `generation` of the library.
    ApplyChange { change: AppliedChange, generation: i64 },
    /// Take over what has changed in the library.
    Reload,
}

/// A request to the load thread.
pub(super) enum LoadRequest {
    /// Load rows of a list, once the writes of the ticket are done.
    Rows { ids: Vec<EntryId>, after: WriteTicket },
    /// Load an article.
    Article(EntryId),
    /// Load the sidebar, once the writes of the ticket are done.
    Sidebar { after: WriteTicket },
}

/// A request to the refresh thread.
pub(super) enum RefreshRequest {
    /// Refresh feeds and folders.
    Refresh(RefreshScope),
    /// Store the sample documents.
    LoadSamples(&'static [(&'static str, &'static [u8])]),
}

/// A request to the image thread.
pub(super) struct ImageRequest {
    pub(super) key: ImageKey,
    /// The user gave the URL, or the URL of the feed on the same host: it may be on a private network.
    pub(super) user_supplied: bool,
}

/// A sender of writes that counts them at the barrier.
#[derive(Clone)]
pub(super) struct WriteSender {
    requests: Sender<WriteRequest>,
    barrier: Arc<WriteBarrier>,
}

impl WriteSender {
    pub(super) fn new(requests: Sender<WriteRequest>, barrier: Arc<WriteBarrier>) -> WriteSender {
        WriteSender { requests, barrier }
    }

    /// Sends a write. Tickets drawn from now on wait for it.
    pub(super) fn write(&self, write: StoreWrite) {
        self.barrier.add_request();
        self.send(WriteRequest::Write(write));
    }

    /// Sends a request that is no write of the user's. A writer that has ended said so itself.
    pub(super) fn send(&self, request: WriteRequest) {
        let _ = self.requests.send(request);
    }

    /// Returns a ticket for the writes so far.
    pub(super) fn ticket(&self) -> WriteTicket {
        self.barrier.ticket()
    }
}
