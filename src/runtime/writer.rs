//! The thread that writes the library: the user's changes first, then what folders bring.

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use chrono::Utc;
use crossbeam_channel::{Receiver, Sender, after, never, select_biased};

use super::{
    priority::{WRITE_NICENESS, lower_priority},
    refresher::{RefreshOutput, RefreshRequest, store_samples},
    search::SearchThreadRequest,
    subscribe::{subscribe_all, subscribe_path},
    subscription_files::expand_home,
    workers::UnsavedChanges,
    write_barrier::WriteBarrier,
};
use crate::{
    app::{ChangeAction, Message, RefreshProgress, SaveStatus, StoreWrite},
    model::{AppliedChange, Change, Failure, FailureKind, FeedId, NewFeed, RefreshScope},
    store::{EntryUpsert, IngestCounts, ManifestUpdate, StoreError, WriteConnection},
};

/// How long after a failed write it is tried again.
const RETRY_DELAY: Duration = Duration::from_secs(30);

/// How often a list is told of new articles at the most.
const NOTIFY_INTERVAL: Duration = Duration::from_secs(1);

/// Work for the writer that the user waits for.
pub(super) enum WriteRequest {
    Write(StoreWrite),
    /// Make a change of the index count.
    CommitIndex(ManifestUpdate, Sender<Result<(), StoreError>>),
    /// The index is broken: nothing of it counts any more.
    ResetIndex,
    /// Answer when everything before is done.
    Flush(Sender<()>),
    Stop,
}

/// The writing thread's tools.
pub(super) struct WriterPorts {
    pub store: WriteConnection,
    pub messages: Sender<Message>,
    pub search: Sender<SearchThreadRequest>,
    pub refresh: Sender<RefreshRequest>,
    /// Wakes the indexer.
    pub index_wakes: Sender<()>,
    pub write_barrier: Arc<WriteBarrier>,
}

/// Starts the thread; it ends with what it could not save.
pub(super) fn spawn_writer(
    writer: WriterPorts,
    asked: Receiver<WriteRequest>,
    arrived: Receiver<RefreshOutput>,
) -> JoinHandle<Option<UnsavedChanges>> {
    let messages = writer.messages.clone();
    let body = move || {
        let run = || {
            WriterThread {
                ports: writer,
                pending: VecDeque::new(),
                failure_summary: String::new(),
                last_notified: None,
            }
            .run(&asked, &arrived)
        };
        std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).unwrap_or_else(|_| {
            let _ = messages.send(Message::WorkerDied("library"));
            None
        })
    };
    thread::Builder::new()
        .name("job library".to_owned())
        .spawn(body)
        .expect("the first threads of a process start")
}

struct WriterThread {
    ports: WriterPorts,
    /// Changes the disk refused, in order.
    pending: VecDeque<StoreWrite>,
    failure_summary: String,
    last_notified: Option<Instant>,
}

impl WriterThread {
    fn run(
        mut self,
        asked: &Receiver<WriteRequest>,
        arrived: &Receiver<RefreshOutput>,
    ) -> Option<UnsavedChanges> {
        lower_priority(WRITE_NICENESS);
        loop {
            let retry = if self.pending.is_empty() { never() } else { after(RETRY_DELAY) };
            select_biased! {
                recv(asked) -> ask => match ask {
                    Ok(WriteRequest::Write(write)) => self.handle_write(write),
                    Ok(WriteRequest::CommitIndex(new, done)) => {
                        let taken = self.ports.store.apply_manifest_update(&new);
                        let _ = self.ports.search.send(SearchThreadRequest::Reload);
                        let _ = done.send(taken);
                    }
                    Ok(WriteRequest::ResetIndex) => self.reset_index(),
                    Ok(WriteRequest::Flush(done)) => {
                        self.retry_pending();
                        let _ = done.send(());
                    }
                    Ok(WriteRequest::Stop) | Err(_) => break,
                },
                recv(arrived) -> arrival => match arrival {
                    Ok(arrival) => self.store_refresh_output(arrival),
                    Err(_) => break,
                },
                recv(retry) -> _ => self.retry_pending(),
            }
        }
        self.retry_pending();
        let changes = self.pending.len();
        (changes > 0).then_some(UnsavedChanges { count: changes, reason: self.failure_summary })
    }

    fn reset_index(&mut self) {
        match self.ports.store.queue_full_reindex() {
            Ok(()) => self.notify_changed(),
            Err(error) => self.send_message(Message::OperationFailed(error.into())),
        }
    }

    fn send_message(&self, message: Message) {
        let _ = self.ports.messages.send(message);
    }

    /// Makes a change, or keeps it for later where the disk refuses; order is kept.
    fn handle_write(&mut self, write: StoreWrite) {
        if self.pending.is_empty() {
            if let Err(error) = self.apply_write(&write) {
                self.handle_write_error(write, error);
            }
        } else {
            self.pending.push_back(write);
            self.report_pending();
        }
        self.ports.write_barrier.complete_request();
    }

    fn handle_write_error(&mut self, write: StoreWrite, error: StoreError) {
        if error.is_transient() {
            self.failure_summary = Failure::from(error).summary;
            self.pending.push_back(write);
            self.report_pending();
        } else {
            self.send_message(Message::ChangeFinished(ChangeAction::Applied, Err(error.into())));
        }
    }

    fn report_pending(&self) {
        self.send_message(Message::SaveStatusChanged(SaveStatus::Waiting(
            self.failure_summary.clone(),
            self.pending.len(),
        )));
    }

    fn retry_pending(&mut self) {
        let waited = !self.pending.is_empty();
        while let Some(write) = self.pending.pop_front() {
            if let Err(error) = self.apply_write(&write) {
                self.pending.push_front(write);
                self.failure_summary = Failure::from(error).summary;
                return;
            }
        }
        if waited {
            self.send_message(Message::SaveStatusChanged(SaveStatus::Restored));
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the journal notes when a change was made")]
    fn apply_write(&mut self, write: &StoreWrite) -> Result<(), StoreError> {
        let store = &mut self.ports.store;
        match write {
            StoreWrite::ApplyChange(change) => {
                let done = store.apply_change(change, Utc::now())?;
                self.publish_change(ChangeAction::Applied, Some(done));
            }
            StoreWrite::Undo => {
                let done = store.undo()?;
                self.publish_change(ChangeAction::Undone, done);
            }
            StoreWrite::Redo => {
                let done = store.redo()?;
                self.publish_change(ChangeAction::Redone, done);
            }
            StoreWrite::SavePosition(id, place) => store.save_reading_position(*id, *place)?,
            StoreWrite::SetPreference(name, value) => store.save_preference(name, value)?,
            StoreWrite::SaveFullText(id, original) => {
                store.save_full_text(*id, original)?;
                self.notify_changed();
                self.send_message(Message::FullTextChanged(*id));
            }
            StoreWrite::ShowFullText(id, shown) => {
                store.set_full_text_shown(*id, *shown)?;
                self.notify_changed();
                self.send_message(Message::FullTextChanged(*id));
            }
            StoreWrite::SaveFilter(text) => store.save_filter(text, Utc::now())?,
            StoreWrite::DeleteFilter(text) => store.delete_filter(text)?,
            StoreWrite::SubscribePath(path) => self.subscribe_folder(path)?,
            StoreWrite::Subscribe(feeds) => self.subscribe_feeds(feeds)?,
        }
        Ok(())
    }

    fn publish_change(&self, step: ChangeAction, done: Option<AppliedChange>) {
        if let Some(done) = &done {
            let _ = self.ports.search.send(SearchThreadRequest::ApplyChange(
                done.clone(),
                self.ports.store.generation().unwrap_or(-1),
            ));
        }
        self.send_message(Message::ChangeFinished(step, Ok(done)));
    }

    fn subscribe_folder(&mut self, path: &str) -> Result<(), StoreError> {
        let path = match resolve_user_path(path) {
            Ok(path) => path,
            Err(failure) => {
                self.send_message(Message::OperationFailed(failure));
                return Ok(());
            }
        };
        self.hide_samples()?;
        let followed = subscribe_path(&mut self.ports.store, &path)?;
        self.journal_subscriptions(followed.is_new.then_some(followed.feed).into_iter().collect())?;
        let _ = self.ports.refresh.send(RefreshRequest::Refresh(RefreshScope::One(followed.feed)));
        Ok(())
    }

    fn subscribe_feeds(&mut self, feeds: &[NewFeed]) -> Result<(), StoreError> {
        self.hide_samples()?;
        let new = subscribe_all(&mut self.ports.store, feeds)?;
        if new.is_empty() {
            let known =
                feeds.iter().map(|feed| feed.title.as_str()).take(3).collect::<Vec<_>>().join(", ");
            self.send_message(Message::Notified(format!("Followed already: {known}")));
        }
        self.journal_subscriptions(new)?;
        let _ = self.ports.refresh.send(RefreshRequest::Refresh(RefreshScope::Due));
        Ok(())
    }

    /// Writes down that feeds are followed, so that it can be undone.
    #[expect(clippy::disallowed_methods, reason = "the journal notes when a change was made")]
    fn journal_subscriptions(&mut self, mut feeds: Vec<FeedId>) -> Result<(), StoreError> {
        let change = match (feeds.pop(), feeds.is_empty()) {
            (None, _) => return Ok(()),
            (Some(only), true) => Change::set_unsubscribed(only, false),
            (Some(last), false) => {
                feeds.push(last);
                Change::Many(
                    feeds.into_iter().map(|feed| Change::set_unsubscribed(feed, false)).collect(),
                )
            }
        };
        let done = self.ports.store.apply_change(&change, Utc::now())?;
        self.publish_change(ChangeAction::Applied, Some(done));
        Ok(())
    }

    /// Who follows something of their own needs the samples no more.
    #[expect(clippy::disallowed_methods, reason = "the journal notes when a change was made")]
    fn hide_samples(&mut self) -> Result<(), StoreError> {
        if let Some(samples) = self.ports.store.find_samples_feed()? {
            let done = self
                .ports
                .store
                .apply_change(&Change::set_unsubscribed(samples, true), Utc::now())?;
            self.publish_change(ChangeAction::Applied, Some(done));
        }
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
    fn store_refresh_output(&mut self, arrived: RefreshOutput) {
        match arrived {
            RefreshOutput::FolderBatch(batch) => {
                match self.ports.store.ingest_batch(&batch, Utc::now()) {
                    Ok(_) => self.notify_throttled(),
                    Err(error) => self.send_message(Message::OperationFailed(error.into())),
                }
            }
            RefreshOutput::FolderHealth(feed, health) => {
                if let Err(error) = self.ports.store.set_feed_health(feed, &health) {
                    self.send_message(Message::OperationFailed(error.into()));
                }
            }
            RefreshOutput::FeedUpdates(news) => match self.ports.store.ingest_feed_updates(&news) {
                Ok(ingested) if ingested == IngestCounts::default() => {}
                Ok(_) => self.notify_throttled(),
                Err(error) => self.send_message(Message::OperationFailed(error.into())),
            },
            RefreshOutput::FullText(page) => match page.save(&mut self.ports.store) {
                Ok(()) => self.notify_throttled(),
                Err(error) => self.send_message(Message::OperationFailed(error.into())),
            },
            RefreshOutput::Samples(arrivals) => self.ingest_samples(arrivals),
            RefreshOutput::Progress(event) => {
                if matches!(event, RefreshProgress::Finished(_))
                    && self.last_notified.take().is_some()
                {
                    self.notify_changed();
                }
                self.send_message(Message::RefreshProgressed(event));
            }
        }
    }

    fn ingest_samples(&mut self, arrivals: Vec<EntryUpsert>) {
        match store_samples(&mut self.ports.store, arrivals) {
            Ok(()) => self.notify_changed(),
            Err(error) => self.send_message(Message::OperationFailed(error.into())),
        }
    }

    /// Tells of new articles now and then; what is untold is told at the end.
    #[expect(clippy::disallowed_methods, reason = "how often the screen is told")]
    fn notify_throttled(&mut self) {
        if self.last_notified.is_none_or(|told| told.elapsed() >= NOTIFY_INTERVAL) {
            self.last_notified = Some(Instant::now());
            self.notify_changed();
        }
    }

    fn notify_changed(&self) {
        let _ = self.ports.index_wakes.send(());
        let _ = self.ports.search.send(SearchThreadRequest::Reload);
        self.send_message(Message::RefreshProgressed(RefreshProgress::ArticlesArrived));
    }
}

/// The whole path of what a user typed, which must exist.
pub(super) fn resolve_user_path(path: &str) -> Result<PathBuf, Failure> {
    let given = expand_home(path);
    given.canonicalize().map_err(|error| {
        Failure::new(FailureKind::File, format!("Cannot follow {}: {error}", given.display()))
    })
}
