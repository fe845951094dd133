//! The archive thread: looks for what the shared archive has beyond the library, once the user pauses.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use crate::{
    app::{FarStatus, Message, RequestId},
    library::{ArchiveSearcher, RefreshOutput, RefreshWrite, catch_panic},
    model::ListDefinition,
};

/// Time without another search after which the archive is asked: while letters are typed, it is left alone.
const TYPING_PAUSE: Duration = Duration::from_millis(150);

/// The name of the archive in failures.
const ARCHIVE: &str = "What the archive has";

/// A request to the archive thread.
pub(super) enum ArchiveTask {
    /// Count the articles of a list that only the archive has. A newer request replaces it.
    Count(RequestId, ListDefinition),
    /// Take the newest of them.
    Take(ListDefinition),
}

/// The senders of what the thread finds out.
pub(super) struct ArchiveReplies {
    /// Writes of articles, for the writer.
    pub(super) outputs: Sender<RefreshOutput>,
    /// Messages to the app.
    pub(super) messages: Sender<Message>,
}

/// Runs until all senders of requests are dropped.
pub(super) fn run_archive_thread(
    mut searcher: ArchiveSearcher,
    requests: &Receiver<ArchiveTask>,
    replies: &ArchiveReplies,
) {
    let mut newer = None;
    while let Some(request) = newer.take().or_else(|| requests.recv().ok()) {
        match request {
            ArchiveTask::Count(id, list) => match requests.recv_timeout(TYPING_PAUSE) {
                Ok(request) => newer = Some(request),
                Err(RecvTimeoutError::Disconnected) => return,
                Err(RecvTimeoutError::Timeout) => replies.count(&mut searcher, id, &list),
            },
            ArchiveTask::Take(list) => replies.take(&mut searcher, &list),
        }
    }
}

impl ArchiveReplies {
    fn count(&self, searcher: &mut ArchiveSearcher, id: RequestId, list: &ListDefinition) {
        // What cannot be read of the library is reported by the search for the list itself.
        if !searcher.reaches_further().unwrap_or(false) {
            return;
        }
        self.send(Message::ArchiveSearched(id, FarStatus::Searching));
        let found = match catch_panic(ARCHIVE, || searcher.count(list)) {
            Ok(count) => FarStatus::Found(count),
            Err(failure) => FarStatus::Failed(failure.summary),
        };
        self.send(Message::ArchiveSearched(id, found));
    }

    fn take(&self, searcher: &mut ArchiveSearcher, list: &ListDefinition) {
        let mut write =
            |job| self.outputs.send(RefreshOutput::Write(RefreshWrite::Archive(job))).is_ok();
        let taken = catch_panic(ARCHIVE, || searcher.take(list, &mut write));
        self.send(Message::ArchiveTaken(taken));
    }

    /// Sends a message to the app. If the event loop has ended, nothing needs it.
    fn send(&self, message: Message) {
        let _ = self.messages.send(message);
    }
}
