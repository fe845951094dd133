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
    indexer,
    lister::{self, ListAsk},
    loader::{self, LoadAsk},
    pictures::{Artist, PictureAsk},
    refresher::{self, Arrived, RefreshAsk},
    source::Sources,
    writer::{self, WriteAsk, Writer},
    written::Written,
};
use crate::{
    app::{Effect, Effects, Message, StoreWrite},
    index::IndexError,
    markup::Junk,
    model::{EntryId, Failure, FailureKind, Place, RefreshScope},
    picture::Way,
    store::{Location, Reader, Store, StoreError},
};

/// Batches of articles that may wait for the writer; a reader of folders that is faster waits.
const BATCHES: usize = 4;

/// Everything outside that the workers touch.
pub struct Ports {
    /// Where the library is.
    pub location: Location,
    /// Its writing end.
    pub store: Store,
    /// The user's browser.
    pub desktop: Arc<dyn Desktop>,
    /// What feeds are read with.
    pub sources: Sources,
    /// How articles are read.
    pub reading: Reading,
    /// Sample documents to begin a fresh library with.
    pub samples: &'static [(&'static str, &'static [u8])],
    /// Read the folders when the program starts.
    pub refresh_at_start: bool,
}

/// How articles are read, as the settings have it.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// What is taken out of the articles of feeds.
    pub tidy: Vec<Junk>,
    /// How the terminal shows pictures.
    pub pictures: Way,
    /// For those who hear it: marks are said in words.
    pub spoken: bool,
    /// The program that prints, and its arguments.
    pub print: Vec<String>,
}

/// What could not be saved when the program ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsaved {
    /// How many changes.
    pub changes: usize,
    /// Why.
    pub reason: String,
}

/// The ways to ask the threads for something.
pub(super) struct Asks {
    pub(super) write: Sender<WriteAsk>,
    list: Sender<ListAsk>,
    load: Sender<LoadAsk>,
    refresh: Sender<RefreshAsk>,
    pictures: Sender<PictureAsk>,
}

/// The running threads. Ending them waits for the library and for nothing else.
pub struct Workers {
    pub(super) asks: Asks,
    messages: Receiver<Message>,
    pub(super) own_messages: Sender<Message>,
    pub(super) desktop: Arc<dyn Desktop>,
    pub(super) sources: Sources,
    pub(super) location: Location,
    pub(super) reading: Reading,
    pub(super) written: Arc<Written>,
    stop: Arc<AtomicBool>,
    place: Arc<Mutex<Option<(EntryId, Place)>>>,
    writer: Option<JoinHandle<Option<Unsaved>>>,
}

impl Workers {
    /// Starts the threads.
    pub fn start(ports: Ports) -> Result<Workers, StoreError> {
        let (own_messages, messages) = unbounded();
        let (written, stop) = (Arc::new(Written::default()), Arc::new(AtomicBool::new(false)));
        let lister = Reader::open(&ports.location)?;
        let fresh = lister.is_fresh()?;
        let (index, wakes) = unbounded();
        let (write, write_asks) = unbounded();
        let list = start_lister(lister, &own_messages, &written, &write);
        let load =
            start_loader(Reader::open(&ports.location)?, ports.reading.clone(), &own_messages, &written);
        let (sources, location) = (ports.sources.clone(), ports.location.clone());
        let (refresh, arrivals) = start_refresher(ports.location, ports.sources, &own_messages, &stop);
        let pictures = start_pictures(&location, &ports.reading, sources.clone(), &own_messages);
        start_indexer(&location, wakes, &write, &own_messages, &stop);
        let _ = index.send(());
        let writer = Writer {
            index,
            store: ports.store,
            messages: own_messages.clone(),
            lists: list.clone(),
            refresh: refresh.clone(),
            written: Arc::clone(&written),
        };
        let writer = Some(writer::spawn(writer, write_asks, arrivals));
        let samples = (fresh && !ports.samples.is_empty()).then_some(RefreshAsk::Samples(ports.samples));
        let at_start = ports.refresh_at_start.then_some(RefreshAsk::Refresh(RefreshScope::Due));
        for ask in samples.into_iter().chain(at_start) {
            let _ = refresh.send(ask);
        }
        let (desktop, reading, place) = (ports.desktop, ports.reading, Arc::default());
        Ok(Workers {
            asks: Asks { write, list, load, refresh, pictures },
            messages,
            own_messages,
            desktop,
            sources,
            location,
            reading,
            written,
            stop,
            place,
            writer,
        })
    }

    /// What the workers have to say.
    pub fn messages(&self) -> &Receiver<Message> {
        &self.messages
    }

    /// A way to speak to the loop as the workers do.
    pub fn sender(&self) -> Sender<Message> {
        self.own_messages.clone()
    }

    /// Hands effects to whom they concern; gives back those that only the loop can carry out.
    pub fn carry_out(&self, effects: Effects) -> Vec<crate::app::TerminalRequest> {
        let mut requests = Vec::new();
        for effect in effects {
            // A thread that has ended said so itself; what is sent to it then is lost with it.
            let _ = match effect {
                Effect::List(ticket, question) => {
                    self.asks.list.send(ListAsk::List(ticket, question, self.written.asked())).is_ok()
                }
                Effect::Rows(ids) => self.asks.load.send(LoadAsk::Rows(ids, self.written.asked())).is_ok(),
                Effect::Article(id) => self.asks.load.send(LoadAsk::Article(id)).is_ok(),
                Effect::Sidebar => self.asks.load.send(LoadAsk::Sidebar(self.written.asked())).is_ok(),
                Effect::Write(write) => self.write(write),
                Effect::Refresh(asked) => self.asks.refresh.send(RefreshAsk::Refresh(asked)).is_ok(),
                Effect::Discover(address) => self.discover(address),
                Effect::Import(path) => self.import(path),
                Effect::Export(path) => self.export(path),
                Effect::Deliver(id, delivery) => self.deliver(id, delivery),
                Effect::FetchOriginal(id, url, given) => self.fetch_original(id, url, given),
                Effect::Picture(key, given) => self.asks.pictures.send((key, given)).is_ok(),
                Effect::NameTerminal => self.name_terminal(),
                Effect::Open(url) => self.open(url),
                Effect::Terminal(request) => {
                    requests.push(request);
                    true
                }
            };
        }
        requests
    }

    fn write(&self, write: StoreWrite) -> bool {
        self.written.ask();
        self.asks.write.send(WriteAsk::Write(write)).is_ok()
    }

    /// Notes where the reader is, for [`Workers::rescue`].
    pub fn note_place(&self, place: Option<(EntryId, Place)>) {
        *self.place.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }

    /// Saves what there is to save, from any thread, within a moment: the program is being ended.
    pub fn rescue(&self) -> impl Fn() + Send + Sync + 'static {
        let (write, place) = (self.asks.write.clone(), Arc::clone(&self.place));
        move || {
            if let Some((id, place)) = place.lock().unwrap_or_else(PoisonError::into_inner).take() {
                let selected = StoreWrite::Keep("selected", id.to_string());
                for kept in [StoreWrite::Place(id, place), selected] {
                    let _ = write.send(WriteAsk::Write(kept));
                }
            }
            let (done, waiting) = bounded(1);
            let _ = write.send(WriteAsk::Flush(done));
            let _ = waiting.recv_timeout(Duration::from_millis(200));
        }
    }

    /// Ends the threads; waits for the library, never for folders or a browser.
    pub fn end(mut self) -> Option<Unsaved> {
        self.stop()
    }

    fn stop(&mut self) -> Option<Unsaved> {
        self.stop.store(true, Ordering::Relaxed);
        let _ = self.asks.write.send(WriteAsk::Stop);
        self.writer.take().and_then(|writer| writer.join().ok()).flatten()
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

fn start_lister(
    reader: Reader,
    messages: &Sender<Message>,
    written: &Arc<Written>,
    write: &Sender<WriteAsk>,
) -> Sender<ListAsk> {
    let (asks, asked) = unbounded();
    let (answers, written, write) = (messages.clone(), Arc::clone(written), write.clone());
    let failures = messages.clone();
    let told = AtomicBool::new(false);
    // Once: what is built anew and broken again has another cause.
    let broken = move |error: &IndexError| {
        if !told.swap(true, Ordering::Relaxed) {
            let _ = write.send(WriteAsk::ForgetIndex);
            let failure = Failure::new(FailureKind::Library, indexer::sentence(error));
            let _ = failures.send(Message::Failed(failure));
        }
    };
    job("lists", messages.clone(), move || lister::run(&reader, &asked, &answers, &written, &broken));
    asks
}

fn start_indexer(
    location: &Location,
    wakes: Receiver<()>,
    write: &Sender<WriteAsk>,
    messages: &Sender<Message>,
    stop: &Arc<AtomicBool>,
) {
    let (location, write, stop) = (location.clone(), write.clone(), Arc::clone(stop));
    let failures = messages.clone();
    let failed = move |failure| drop(failures.send(Message::Failed(failure)));
    job("index", messages.clone(), move || indexer::run(&location, &wakes, &write, &failed, &stop));
}

fn start_loader(
    reader: Reader,
    reading: Reading,
    messages: &Sender<Message>,
    written: &Arc<Written>,
) -> Sender<LoadAsk> {
    let (asks, asked) = unbounded();
    let (answers, written) = (messages.clone(), Arc::clone(written));
    job("articles", messages.clone(), move || loader::run(&reader, &reading, &asked, &answers, &written));
    asks
}

/// Pictures are kept beside the library, if that is in a folder.
fn start_pictures(
    location: &Location,
    reading: &Reading,
    sources: Sources,
    messages: &Sender<Message>,
) -> Sender<PictureAsk> {
    let (asks, asked) = unbounded();
    let answers = messages.clone();
    let folder = match location {
        Location::Folder(folder) => Some(folder.join("pictures")),
        Location::Memory(_) => None,
    };
    let artist = Artist { sources, folder, way: reading.pictures };
    job("pictures", messages.clone(), move || artist.run(&asked, &answers));
    asks
}

fn start_refresher(
    location: Location,
    sources: Sources,
    messages: &Sender<Message>,
    stop: &Arc<AtomicBool>,
) -> (Sender<RefreshAsk>, Receiver<Arrived>) {
    let (asks, asked) = unbounded();
    let (arrived, arrivals) = bounded(BATCHES);
    let stop = Arc::clone(stop);
    job("folders", messages.clone(), move || refresher::run(&location, &sources, &asked, &arrived, &stop));
    (asks, arrivals)
}

/// Runs `work` on a thread; should it panic, the loop is told that it has died.
fn job(name: &'static str, messages: Sender<Message>, work: impl FnOnce() + Send + 'static) {
    let body = move || {
        if std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).is_err() {
            let _ = messages.send(Message::WorkerDied(name));
        }
    };
    // A machine out of threads has no answers either: the questions stay unanswered, the rest goes on.
    let _ = thread::Builder::new().name(format!("job {name}")).spawn(body);
}

/// Runs one job; a panic in it becomes a failure that names `what`.
pub(super) fn guarded<T>(what: &str, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(work));
    caught.unwrap_or_else(|_| {
        let sentence =
            format!("{what} could not be shown: the program has a mistake there; please report it");
        Err(Failure::new(FailureKind::File, sentence))
    })
}
