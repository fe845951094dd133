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
    background::{WRITING, give_way},
    follow::{follow, follow_all},
    lister::ListAsk,
    lists::home,
    refresher::{Arrived, RefreshAsk, store_samples},
    workers::Unsaved,
    written::Written,
};
use crate::{
    app::{Message, RefreshEvent, Saving, Step, StoreWrite},
    model::{Change, Done, Failure, FailureKind, FeedId, NewFeed, RefreshScope},
    store::{Arrival, Ingested, NewSegments, Store, StoreError},
};

/// How long after a failed write it is tried again.
const RETRY: Duration = Duration::from_secs(30);

/// How often a list is told of new articles at the most.
const NEWS: Duration = Duration::from_secs(1);

/// Work for the writer that the user waits for.
pub(super) enum WriteAsk {
    Write(StoreWrite),
    /// Make a change of the index count.
    Index(NewSegments, Sender<Result<(), StoreError>>),
    /// The index is broken: nothing of it counts any more.
    ForgetIndex,
    /// Answer when everything before is done.
    Flush(Sender<()>),
    Stop,
}

/// The writing thread's tools.
pub(super) struct Writer {
    pub store: Store,
    pub messages: Sender<Message>,
    pub lists: Sender<ListAsk>,
    pub refresh: Sender<RefreshAsk>,
    /// Wakes the indexer.
    pub index: Sender<()>,
    pub written: Arc<Written>,
}

/// Starts the thread; it ends with what it could not save.
pub(super) fn spawn(
    writer: Writer,
    asked: Receiver<WriteAsk>,
    arrived: Receiver<Arrived>,
) -> JoinHandle<Option<Unsaved>> {
    let messages = writer.messages.clone();
    let body = move || {
        let run = || {
            State { writer, waiting: VecDeque::new(), reason: String::new(), told: None }
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

struct State {
    writer: Writer,
    /// Changes the disk refused, in order.
    waiting: VecDeque<StoreWrite>,
    reason: String,
    told: Option<Instant>,
}

impl State {
    fn run(mut self, asked: &Receiver<WriteAsk>, arrived: &Receiver<Arrived>) -> Option<Unsaved> {
        give_way(WRITING);
        loop {
            let retry = if self.waiting.is_empty() { never() } else { after(RETRY) };
            select_biased! {
                recv(asked) -> ask => match ask {
                    Ok(WriteAsk::Write(write)) => self.write(write),
                    Ok(WriteAsk::Index(new, done)) => {
                        let taken = self.writer.store.take_segments(&new);
                        let _ = self.writer.lists.send(ListAsk::Stale);
                        let _ = done.send(taken);
                    }
                    Ok(WriteAsk::ForgetIndex) => self.forget_index(),
                    Ok(WriteAsk::Flush(done)) => {
                        self.retry();
                        let _ = done.send(());
                    }
                    Ok(WriteAsk::Stop) | Err(_) => break,
                },
                recv(arrived) -> arrival => match arrival {
                    Ok(arrival) => self.arrival(arrival),
                    Err(_) => break,
                },
                recv(retry) -> _ => self.retry(),
            }
        }
        self.retry();
        let changes = self.waiting.len();
        (changes > 0).then_some(Unsaved { changes, reason: self.reason })
    }

    fn forget_index(&mut self) {
        match self.writer.store.forget_segments() {
            Ok(()) => self.tell_lists(),
            Err(error) => self.say(Message::Failed(error.into())),
        }
    }

    fn say(&self, message: Message) {
        let _ = self.writer.messages.send(message);
    }

    /// Makes a change, or keeps it for later where the disk refuses; order is kept.
    fn write(&mut self, write: StoreWrite) {
        if self.waiting.is_empty() {
            if let Err(error) = self.apply(&write) {
                self.refused(write, error);
            }
        } else {
            self.waiting.push_back(write);
            self.tell_waiting();
        }
        self.writer.written.done();
    }

    fn refused(&mut self, write: StoreWrite, error: StoreError) {
        if error.is_passing() {
            self.reason = Failure::from(error).summary;
            self.waiting.push_back(write);
            self.tell_waiting();
        } else {
            self.say(Message::Changed(Step::Made, Err(error.into())));
        }
    }

    fn tell_waiting(&self) {
        self.say(Message::Saving(Saving::Waits(self.reason.clone(), self.waiting.len())));
    }

    fn retry(&mut self) {
        let waited = !self.waiting.is_empty();
        while let Some(write) = self.waiting.pop_front() {
            if let Err(error) = self.apply(&write) {
                self.waiting.push_front(write);
                self.reason = Failure::from(error).summary;
                return;
            }
        }
        if waited {
            self.say(Message::Saving(Saving::Works));
        }
    }

    #[expect(clippy::disallowed_methods, reason = "the journal notes when a change was made")]
    fn apply(&mut self, write: &StoreWrite) -> Result<(), StoreError> {
        let store = &mut self.writer.store;
        match write {
            StoreWrite::Change(change) => {
                let done = store.change(change, Utc::now())?;
                self.made(Step::Made, Some(done));
            }
            StoreWrite::Undo => {
                let done = store.undo()?;
                self.made(Step::Undone, done);
            }
            StoreWrite::Redo => {
                let done = store.redo()?;
                self.made(Step::Redone, done);
            }
            StoreWrite::Place(id, place) => store.set_place(*id, *place)?,
            StoreWrite::Keep(name, value) => store.keep(name, value)?,
            StoreWrite::Original(id, original) => {
                store.keep_original(*id, original)?;
                self.tell_lists();
                self.say(Message::Renewed(*id));
            }
            StoreWrite::ShowOriginal(id, shown) => {
                store.show_original(*id, *shown)?;
                self.tell_lists();
                self.say(Message::Renewed(*id));
            }
            StoreWrite::SaveFilter(text) => store.save_filter(text, Utc::now())?,
            StoreWrite::DropFilter(text) => store.drop_filter(text)?,
            StoreWrite::AddFolder(path) => self.add_folder(path)?,
            StoreWrite::Follow(feeds) => self.follow(feeds)?,
        }
        Ok(())
    }

    fn made(&self, step: Step, done: Option<Done>) {
        if let Some(done) = &done {
            let _ = self
                .writer
                .lists
                .send(ListAsk::Marked(done.clone(), self.writer.store.generation().unwrap_or(-1)));
        }
        self.say(Message::Changed(step, Ok(done)));
    }

    fn add_folder(&mut self, path: &str) -> Result<(), StoreError> {
        let path = match absolute(path) {
            Ok(path) => path,
            Err(failure) => {
                self.say(Message::Failed(failure));
                return Ok(());
            }
        };
        self.put_samples_away()?;
        let followed = follow(&mut self.writer.store, &path)?;
        self.followed(followed.is_new.then_some(followed.feed).into_iter().collect())?;
        let _ = self.writer.refresh.send(RefreshAsk::Refresh(RefreshScope::One(followed.feed)));
        Ok(())
    }

    fn follow(&mut self, feeds: &[NewFeed]) -> Result<(), StoreError> {
        self.put_samples_away()?;
        let new = follow_all(&mut self.writer.store, feeds)?;
        if new.is_empty() {
            let known = feeds.iter().map(|feed| feed.title.as_str()).take(3).collect::<Vec<_>>().join(", ");
            self.say(Message::Said(format!("Followed already: {known}")));
        }
        self.followed(new)?;
        let _ = self.writer.refresh.send(RefreshAsk::Refresh(RefreshScope::Due));
        Ok(())
    }

    /// Writes down that feeds are followed, so that it can be undone.
    #[expect(clippy::disallowed_methods, reason = "the journal notes when a change was made")]
    fn followed(&mut self, mut feeds: Vec<FeedId>) -> Result<(), StoreError> {
        let change = match (feeds.pop(), feeds.is_empty()) {
            (None, _) => return Ok(()),
            (Some(only), true) => Change::gone(only, false),
            (Some(last), false) => {
                feeds.push(last);
                Change::Many(feeds.into_iter().map(|feed| Change::gone(feed, false)).collect())
            }
        };
        let done = self.writer.store.change(&change, Utc::now())?;
        self.made(Step::Made, Some(done));
        Ok(())
    }

    /// Who follows something of their own needs the samples no more.
    #[expect(clippy::disallowed_methods, reason = "the journal notes when a change was made")]
    fn put_samples_away(&mut self) -> Result<(), StoreError> {
        if let Some(samples) = self.writer.store.samples()? {
            let done = self.writer.store.change(&Change::gone(samples, true), Utc::now())?;
            self.made(Step::Made, Some(done));
        }
        Ok(())
    }

    #[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
    fn arrival(&mut self, arrived: Arrived) {
        match arrived {
            Arrived::Batch(batch) => match self.writer.store.ingest(&batch, Utc::now()) {
                Ok(_) => self.news(),
                Err(error) => self.say(Message::Failed(error.into())),
            },
            Arrived::Health(feed, health) => {
                if let Err(error) = self.writer.store.set_health(feed, &health) {
                    self.say(Message::Failed(error.into()));
                }
            }
            Arrived::Feeds(news) => match self.writer.store.ingest_feeds(&news) {
                Ok(ingested) if ingested == Ingested::default() => {}
                Ok(_) => self.news(),
                Err(error) => self.say(Message::Failed(error.into())),
            },
            Arrived::InFull(page) => match page.keep(&mut self.writer.store) {
                Ok(()) => self.news(),
                Err(error) => self.say(Message::Failed(error.into())),
            },
            Arrived::Samples(arrivals) => self.samples(arrivals),
            Arrived::Event(event) => {
                if matches!(event, RefreshEvent::Finished(_)) && self.told.take().is_some() {
                    self.tell_lists();
                }
                self.say(Message::Refresh(event));
            }
        }
    }

    fn samples(&mut self, arrivals: Vec<Arrival>) {
        match store_samples(&mut self.writer.store, arrivals) {
            Ok(()) => self.tell_lists(),
            Err(error) => self.say(Message::Failed(error.into())),
        }
    }

    /// Tells of new articles now and then; what is untold is told at the end.
    #[expect(clippy::disallowed_methods, reason = "how often the screen is told")]
    fn news(&mut self) {
        if self.told.is_none_or(|told| told.elapsed() >= NEWS) {
            self.told = Some(Instant::now());
            self.tell_lists();
        }
    }

    fn tell_lists(&self) {
        let _ = self.writer.index.send(());
        let _ = self.writer.lists.send(ListAsk::Stale);
        self.say(Message::Refresh(RefreshEvent::Arrived));
    }
}

/// The whole path of what a user typed, which must exist.
pub(super) fn absolute(path: &str) -> Result<PathBuf, Failure> {
    let given = home(path);
    given.canonicalize().map_err(|error| {
        Failure::new(FailureKind::File, format!("Cannot follow {}: {error}", given.display()))
    })
}
