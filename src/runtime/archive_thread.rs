//! The archive thread: looks for what the shared archive has beyond the library, once the user pauses.

use std::time::Duration;

use crossbeam_channel::{Receiver, RecvTimeoutError, Sender};

use crate::{
    app::{FarStatus, Message, RequestId},
    library::{ArchiveSearcher, RefreshOutput, RefreshWrite, catch_panic},
    model::{FarArticle, ListDefinition},
};

/// Time without another search after which the archive is asked: while letters are typed, it is left alone.
const TYPING_PAUSE: Duration = Duration::from_millis(150);

/// The name of the archive in failures.
const ARCHIVE: &str = "What the archive has";

/// A request to the archive thread.
pub(super) enum ArchiveTask {
    /// Find the articles of a list that only the archive has. A newer search replaces it.
    Search(RequestId, ListDefinition),
    /// Take the newest of them.
    Take(ListDefinition),
    /// Take this one.
    TakeOne(Box<FarArticle>),
    /// Find those of these that the library has meanwhile.
    FindStored(Vec<FarArticle>),
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
    let mut awaited: Option<(RequestId, ListDefinition)> = None;
    loop {
        let request = if awaited.is_some() {
            requests.recv_timeout(TYPING_PAUSE)
        } else {
            requests.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match request {
            Ok(ArchiveTask::Search(id, list)) => awaited = Some((id, list)),
            Ok(ArchiveTask::Take(list)) => replies.take(&mut searcher, &list),
            Ok(ArchiveTask::TakeOne(article)) => replies.take_one(&mut searcher, *article),
            Ok(ArchiveTask::FindStored(articles)) => replies.find_stored(&searcher, articles),
            Err(RecvTimeoutError::Timeout) => {
                if let Some((id, list)) = awaited.take() {
                    replies.search(&mut searcher, id, &list);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

impl ArchiveReplies {
    fn search(&self, searcher: &mut ArchiveSearcher, id: RequestId, list: &ListDefinition) {
        // What cannot be read of the library is reported by the search for the list itself.
        if !searcher.reaches_further().unwrap_or(false) {
            return;
        }
        self.send(Message::ArchiveSearched(id, FarStatus::Searching));
        let found = match catch_panic(ARCHIVE, || searcher.find(list)) {
            Ok(results) => FarStatus::Found(results),
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

    fn take_one(&self, searcher: &mut ArchiveSearcher, article: FarArticle) {
        let mut write =
            |job| self.outputs.send(RefreshOutput::Write(RefreshWrite::Archive(job))).is_ok();
        let taken = catch_panic(ARCHIVE, || searcher.take_one(&article, &mut write));
        self.send(Message::FarArticleTaken(
            Box::new(article),
            taken.map(|entry| entry.map(Box::new)),
        ));
    }

    fn find_stored(&self, searcher: &ArchiveSearcher, articles: Vec<FarArticle>) {
        // What cannot be read of the library is reported by the search for the list itself.
        let found = catch_panic(ARCHIVE, || searcher.find_stored(articles)).unwrap_or_default();
        if !found.is_empty() {
            self.send(Message::FarArticlesStored(found));
        }
    }

    /// Sends a message to the app. If the event loop has ended, nothing needs it.
    fn send(&self, message: Message) {
        let _ = self.messages.send(message);
    }
}
