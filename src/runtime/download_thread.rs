//! The download thread: fetches the episodes that the user asks for, two at a time.

use std::{
    cell::RefCell,
    collections::{BTreeMap, VecDeque},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crossbeam_channel::{Receiver, Sender, unbounded};

use super::{job::spawn_worker, ports::PodcastOptions, requests::WriteSender};
use crate::{
    app::{Message, StoreWrite},
    library::{DownloadEvent, DownloadFolder, DownloadPlan, Episode, download_all},
    model::{DownloadProgress, EntryId, Failure, FailureKind},
    net::Fetch,
    store::{LibraryLocation, ReadConnection},
};

/// The name of the thread.
const NAME: &str = "downloads";

/// Everything that the thread needs.
pub(super) struct DownloadContext {
    pub(super) location: LibraryLocation,
    pub(super) http: Arc<dyn Fetch>,
    /// The environment variables, which may hold passwords of feeds.
    pub(super) variables: Vec<(String, String)>,
    pub(super) podcasts: PodcastOptions,
    pub(super) writes: WriteSender,
    pub(super) messages: Sender<Message>,
}

/// The sender of requests to the download thread.
pub(super) struct DownloadSender {
    requests: Sender<Vec<EntryId>>,
    stop: Arc<AtomicBool>,
}

impl DownloadSender {
    /// Starts the thread.
    pub(super) fn start(context: DownloadContext) -> DownloadSender {
        let (requests, received) = unbounded();
        let stop = Arc::new(AtomicBool::new(false));
        let (messages, stopped) = (context.messages.clone(), Arc::clone(&stop));
        let _ = spawn_worker(NAME, messages, move || context.run(&received, &stopped));
        DownloadSender { requests, stop }
    }

    /// Requests the downloads of articles.
    pub(super) fn request(&self, ids: Vec<EntryId>) {
        self.stop.store(false, Ordering::Relaxed);
        let _ = self.requests.send(ids);
    }

    /// Ends all downloads; what has arrived stays.
    pub(super) fn stop_all(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl DownloadContext {
    /// Downloads until nobody requests any more.
    fn run(self, requests: &Receiver<Vec<EntryId>>, stop: &AtomicBool) {
        for ids in requests {
            let (Some(folder), false) = (&self.podcasts.downloads, self.is_read_only()) else {
                let sentence = "Cannot download: the library cannot be written";
                self.send(Message::OperationFailed(Failure::new(FailureKind::Library, sentence)));
                continue;
            };
            match ReadConnection::open(&self.location) {
                Ok(reader) => self.download(&reader, folder, (ids, requests), stop),
                Err(error) => self.send(Message::OperationFailed(error.into())),
            }
        }
    }

    fn is_read_only(&self) -> bool {
        matches!(self.location, LibraryLocation::ReadOnly(_))
    }

    /// Sends a message to the app. If the event loop has ended, nothing needs it.
    fn send(&self, message: Message) {
        let _ = self.messages.send(message);
    }

    /// Downloads the episodes of articles, and of those that are requested meanwhile.
    fn download(
        &self,
        reader: &ReadConnection,
        folder: &DownloadFolder,
        (ids, requests): (Vec<EntryId>, &Receiver<Vec<EntryId>>),
        stop: &AtomicBool,
    ) {
        let batch = RefCell::new(DownloadBatch {
            context: self,
            reader,
            folder,
            requests,
            waiting: ids.into(),
            plans: Vec::new(),
            running: BTreeMap::new(),
        });
        let mut next = || batch.borrow_mut().next();
        let mut take = |event| batch.borrow_mut().take(event);
        download_all(&self.http, &mut next, stop, &mut take);
        self.send(Message::DownloadsProgressed(None));
    }
}

/// Downloads that follow each other without a pause.
struct DownloadBatch<'a> {
    context: &'a DownloadContext,
    reader: &'a ReadConnection,
    folder: &'a DownloadFolder,
    requests: &'a Receiver<Vec<EntryId>>,
    waiting: VecDeque<EntryId>,
    /// The downloads that were begun, whose names others must not take.
    plans: Vec<DownloadPlan>,
    /// The bytes of each file that are here, and its length.
    running: BTreeMap<EntryId, (u64, u64)>,
}

impl DownloadBatch<'_> {
    /// Returns the next download. Articles without one are reported.
    fn next(&mut self) -> Option<DownloadPlan> {
        self.waiting.extend(self.requests.try_iter().flatten());
        while let Some(id) = self.waiting.pop_front() {
            if self.running.contains_key(&id) {
                continue;
            }
            match self.plan(id) {
                Ok(Some(plan)) => {
                    self.running.insert(id, (0, 0));
                    self.plans.push(plan.clone());
                    self.report();
                    return Some(plan);
                }
                Ok(None) => {
                    let text = "The episode is downloaded already".to_owned();
                    self.context.send(Message::Notified(text));
                }
                Err(failure) => self.context.send(Message::OperationFailed(failure)),
            }
        }
        None
    }

    fn plan(&self, id: EntryId) -> Result<Option<DownloadPlan>, Failure> {
        let episode = Episode::load(self.reader, id)?;
        self.folder.plan(self.reader, &episode, &self.plans, &self.context.variables)
    }

    /// Stores an event, and tells the app.
    fn take(&mut self, event: DownloadEvent) {
        let entry = event.entry();
        if event.is_last() {
            self.running.remove(&entry);
        }
        match event {
            DownloadEvent::Begun(download) => {
                self.context.writes.write(StoreWrite::SaveDownload(download));
            }
            DownloadEvent::Received { bytes, length, .. } => {
                self.running.insert(entry, (bytes, length.unwrap_or(0)));
            }
            DownloadEvent::Finished(download) => {
                self.context.writes.write(StoreWrite::SaveDownload(download));
                let text = format!("Downloaded “{}”", self.title_of(entry));
                self.context.send(Message::Notified(text));
            }
            DownloadEvent::Failed { failure, .. } => {
                self.context.send(Message::OperationFailed(failure));
            }
        }
        self.report();
    }

    fn title_of(&self, entry: EntryId) -> &str {
        let plan = self.plans.iter().rev().find(|plan| plan.download.entry == entry);
        plan.map_or("", |plan| plan.title.as_str())
    }

    /// Tells the app how far the downloads are.
    fn report(&self) {
        let files = self.running.len() + self.waiting.len();
        let sums = self.running.values().filter(|(_, length)| *length > 0);
        let (received, length) =
            sums.fold((0, 0), |sum, (bytes, length)| (sum.0 + bytes, sum.1 + length));
        let progress = DownloadProgress { files, received, length };
        self.context.send(Message::DownloadsProgressed(Some(progress)));
    }
}
