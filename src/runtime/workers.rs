//! The threads, and who gets which effect.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};

use super::{
    desktop::Desktop,
    feed_source::FeedSources,
    image_loader::{ImageLoader, ImageRequest},
    index_maintenance,
    loader::{self, LoadRequest},
    refresher::{self, RefreshOutput, RefreshRequest},
    search::{self, SearchThreadRequest},
    write_barrier::WriteBarrier,
    writer::{self, WriteRequest, WriterPorts},
};
use crate::{
    app::{Effect, Effects, Message, StoreWrite},
    index::IndexError,
    markup::BoilerplateRule,
    model::{EntryId, Failure, FailureKind, ReadingPosition, RefreshScope},
    picture::ImageProtocol,
    store::{LibraryLocation, ReadConnection, StoreError, WriteConnection},
};

/// Batches of articles that may wait for the writer; a reader of folders that is faster waits.
const MAX_QUEUED_BATCHES: usize = 4;

/// Everything outside that the workers touch.
pub struct Ports {
    /// Where the library is.
    pub location: LibraryLocation,
    /// Its writing end.
    pub store: WriteConnection,
    /// The user's browser.
    pub desktop: Arc<dyn Desktop>,
    /// What feeds are read with.
    pub sources: FeedSources,
    /// How articles are read.
    pub reading: ReadingOptions,
    /// Sample documents to begin a fresh library with.
    pub samples: &'static [(&'static str, &'static [u8])],
    /// Read the folders when the program starts.
    pub refresh_at_start: bool,
}

/// How articles are read, as the settings have it.
#[derive(Debug, Clone, Default)]
pub struct ReadingOptions {
    /// What is taken out of the articles of feeds.
    pub boilerplate: Vec<BoilerplateRule>,
    /// How the terminal shows pictures.
    pub image_protocol: ImageProtocol,
    /// For those who hear it: marks are said in words.
    pub screen_reader: bool,
    /// The program that prints, and its arguments.
    pub print_command: Vec<String>,
}

/// What could not be saved when the program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsavedChanges {
    /// How many changes.
    pub count: usize,
    /// Why.
    pub reason: String,
}

/// The ways to ask the threads for something.
pub(super) struct RequestSenders {
    pub(super) write: Sender<WriteRequest>,
    search: Sender<SearchThreadRequest>,
    load: Sender<LoadRequest>,
    refresh: Sender<RefreshRequest>,
    images: Sender<ImageRequest>,
}

/// The running threads. Ending them waits for the library and for nothing else.
pub struct Workers {
    pub(super) requests: RequestSenders,
    messages: Receiver<Message>,
    pub(super) message_sender: Sender<Message>,
    pub(super) desktop: Arc<dyn Desktop>,
    pub(super) sources: FeedSources,
    pub(super) location: LibraryLocation,
    pub(super) reading: ReadingOptions,
    pub(super) write_barrier: Arc<WriteBarrier>,
    stop: Arc<AtomicBool>,
    reading_position: Arc<Mutex<Option<(EntryId, ReadingPosition)>>>,
    writer_thread: Option<JoinHandle<Option<UnsavedChanges>>>,
}

impl Workers {
    /// Starts the threads.
    pub fn start(ports: Ports) -> Result<Workers, StoreError> {
        let (own_messages, messages) = unbounded();
        let (written, stop) = (Arc::new(WriteBarrier::default()), Arc::new(AtomicBool::new(false)));
        let lister = ReadConnection::open(&ports.location)?;
        let fresh = lister.is_new_library()?;
        let (index, wakes) = unbounded();
        let (write, write_asks) = unbounded();
        let list = start_search_thread(lister, &own_messages, &written, &write);
        let load = start_load_thread(
            ReadConnection::open(&ports.location)?,
            ports.reading.clone(),
            &own_messages,
            &written,
        );
        let (sources, location) = (ports.sources.clone(), ports.location.clone());
        let (refresh, arrivals) =
            start_refresh_thread(ports.location, ports.sources, &own_messages, &stop);
        let pictures =
            start_image_thread(&location, &ports.reading, sources.clone(), &own_messages);
        start_index_thread(&location, wakes, &write, &own_messages, &stop);
        let _ = index.send(());
        let writer = WriterPorts {
            index_wakes: index,
            store: ports.store,
            messages: own_messages.clone(),
            search: list.clone(),
            refresh: refresh.clone(),
            write_barrier: Arc::clone(&written),
        };
        let writer = Some(writer::spawn_writer(writer, write_asks, arrivals));
        let samples = (fresh && !ports.samples.is_empty())
            .then_some(RefreshRequest::LoadSamples(ports.samples));
        let at_start = ports.refresh_at_start.then_some(RefreshRequest::Refresh(RefreshScope::Due));
        for ask in samples.into_iter().chain(at_start) {
            let _ = refresh.send(ask);
        }
        let (desktop, reading, place) = (ports.desktop, ports.reading, Arc::default());
        Ok(Workers {
            requests: RequestSenders { write, search: list, load, refresh, images: pictures },
            messages,
            message_sender: own_messages,
            desktop,
            sources,
            location,
            reading,
            write_barrier: written,
            stop,
            reading_position: place,
            writer_thread: writer,
        })
    }

    /// What the workers have to say.
    pub fn messages(&self) -> &Receiver<Message> {
        &self.messages
    }

    /// A way to speak to the loop as the workers do.
    pub fn message_sender(&self) -> Sender<Message> {
        self.message_sender.clone()
    }

    /// Hands effects to whom they concern; gives back those that only the loop can carry out.
    pub fn dispatch_effects(&self, effects: Effects) -> Vec<crate::app::TerminalRequest> {
        let mut requests = Vec::new();
        for effect in effects {
            // A thread that has ended said so itself; what is sent to it then is lost with it.
            let _ = match effect {
                Effect::Search(ticket, question) => self
                    .requests
                    .search
                    .send(SearchThreadRequest::Search(
                        ticket,
                        question,
                        self.write_barrier.requested(),
                    ))
                    .is_ok(),
                Effect::LoadRows(ids) => self
                    .requests
                    .load
                    .send(LoadRequest::Rows(ids, self.write_barrier.requested()))
                    .is_ok(),
                Effect::LoadArticle(id) => {
                    self.requests.load.send(LoadRequest::Article(id)).is_ok()
                }
                Effect::LoadSidebar => self
                    .requests
                    .load
                    .send(LoadRequest::Sidebar(self.write_barrier.requested()))
                    .is_ok(),
                Effect::Write(write) => self.send_write(write),
                Effect::Refresh(asked) => {
                    self.requests.refresh.send(RefreshRequest::Refresh(asked)).is_ok()
                }
                Effect::DiscoverFeeds(address) => self.start_discovery(address),
                Effect::ImportFeeds(path) => self.start_import(path),
                Effect::ExportFeeds(path) => self.start_export(path),
                Effect::ExportArticle(id, delivery) => self.start_article_export(id, delivery),
                Effect::FetchFullText(id, url, given) => self.start_full_text_fetch(id, url, given),
                Effect::LoadImage(key, given) => self.requests.images.send((key, given)).is_ok(),
                Effect::DetectTerminal => self.start_terminal_query(),
                Effect::OpenUrl(url) => self.start_browser(url),
                Effect::Terminal(request) => {
                    requests.push(request);
                    true
                }
            };
        }
        requests
    }

    fn send_write(&self, write: StoreWrite) -> bool {
        self.write_barrier.add_request();
        self.requests.write.send(WriteRequest::Write(write)).is_ok()
    }

    /// Notes where the reader is, for [`Workers::rescue_handler`].
    pub fn set_reading_position(&self, place: Option<(EntryId, ReadingPosition)>) {
        *self.reading_position.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }

    /// Saves what there is to save, from any thread, within a moment: the program is being ended.
    pub fn rescue_handler(&self) -> impl Fn() + Send + Sync + 'static {
        let (write, place) = (self.requests.write.clone(), Arc::clone(&self.reading_position));
        move || {
            if let Some((id, place)) = place.lock().unwrap_or_else(PoisonError::into_inner).take() {
                let selected = StoreWrite::SetPreference("selected", id.to_string());
                for kept in [StoreWrite::SavePosition(id, place), selected] {
                    let _ = write.send(WriteRequest::Write(kept));
                }
            }
            let (done, waiting) = bounded(1);
            let _ = write.send(WriteRequest::Flush(done));
            let _ = waiting.recv_timeout(Duration::from_millis(200));
        }
    }

    /// Ends the threads; waits for the library, never for folders or a browser.
    pub fn shut_down(mut self) -> Option<UnsavedChanges> {
        self.stop_writer()
    }

    fn stop_writer(&mut self) -> Option<UnsavedChanges> {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.requests.write.send(WriteRequest::Stop);
        self.writer_thread.take().and_then(|writer| writer.join().ok()).flatten()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        let _ = self.stop_writer();
    }
}

fn start_search_thread(
    reader: ReadConnection,
    messages: &Sender<Message>,
    written: &Arc<WriteBarrier>,
    write: &Sender<WriteRequest>,
) -> Sender<SearchThreadRequest> {
    let (asks, asked) = unbounded();
    let (answers, written, write) = (messages.clone(), Arc::clone(written), write.clone());
    let failures = messages.clone();
    let told = AtomicBool::new(false);
    // Once: what is built anew and broken again has another cause.
    let broken = move |error: &IndexError| {
        if !told.swap(true, Ordering::Relaxed) {
            let _ = write.send(WriteRequest::ResetIndex);
            let failure =
                Failure::new(FailureKind::Library, index_maintenance::index_error_summary(error));
            let _ = failures.send(Message::OperationFailed(failure));
        }
    };
    spawn_worker("lists", messages.clone(), move || {
        search::run_search_thread(&reader, &asked, &answers, &written, &broken);
    });
    asks
}

fn start_index_thread(
    location: &LibraryLocation,
    wakes: Receiver<()>,
    write: &Sender<WriteRequest>,
    messages: &Sender<Message>,
    stop: &Arc<AtomicBool>,
) {
    let (location, write, stop) = (location.clone(), write.clone(), Arc::clone(stop));
    let failures = messages.clone();
    let failed = move |failure| drop(failures.send(Message::OperationFailed(failure)));
    spawn_worker("index", messages.clone(), move || {
        index_maintenance::run_index_thread(&location, &wakes, &write, &failed, &stop);
    });
}

fn start_load_thread(
    reader: ReadConnection,
    reading: ReadingOptions,
    messages: &Sender<Message>,
    written: &Arc<WriteBarrier>,
) -> Sender<LoadRequest> {
    let (asks, asked) = unbounded();
    let (answers, written) = (messages.clone(), Arc::clone(written));
    spawn_worker("articles", messages.clone(), move || {
        loader::run_load_thread(&reader, &reading, &asked, &answers, &written);
    });
    asks
}

/// Pictures are kept beside the library, if that is in a folder.
fn start_image_thread(
    location: &LibraryLocation,
    reading: &ReadingOptions,
    sources: FeedSources,
    messages: &Sender<Message>,
) -> Sender<ImageRequest> {
    let (asks, asked) = unbounded();
    let answers = messages.clone();
    let folder = match location {
        LibraryLocation::Folder(folder) => Some(folder.join("pictures")),
        LibraryLocation::Memory(_) => None,
    };
    let artist = ImageLoader { sources, cache_folder: folder, protocol: reading.image_protocol };
    spawn_worker("pictures", messages.clone(), move || artist.run(&asked, &answers));
    asks
}

fn start_refresh_thread(
    location: LibraryLocation,
    sources: FeedSources,
    messages: &Sender<Message>,
    stop: &Arc<AtomicBool>,
) -> (Sender<RefreshRequest>, Receiver<RefreshOutput>) {
    let (asks, asked) = unbounded();
    let (arrived, arrivals) = bounded(MAX_QUEUED_BATCHES);
    let stop = Arc::clone(stop);
    spawn_worker("folders", messages.clone(), move || {
        refresher::run_refresh_thread(&location, &sources, &asked, &arrived, &stop);
    });
    (asks, arrivals)
}

/// Runs `work` on a thread; should it panic, the loop is told that it has died.
fn spawn_worker(
    name: &'static str,
    messages: Sender<Message>,
    work: impl FnOnce() + Send + 'static,
) {
    let body = move || {
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err() {
            let _ = messages.send(Message::WorkerDied(name));
        }
    };
    // A machine out of threads has no answers either: the questions stay unanswered, the rest goes on.
    let _ = thread::Builder::new().name(format!("job {name}")).spawn(body);
}

/// Runs one job; a panic in it becomes a failure that names `what`.
pub(super) fn catch_panic<T>(
    what: &str,
    work: impl FnOnce() -> Result<T, Failure>,
) -> Result<T, Failure> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    caught.unwrap_or_else(|_| {
        let sentence =
            format!("{what} could not be shown: the program has a mistake there; please report it");
        Err(Failure::new(FailureKind::File, sentence))
    })
}
