//! Panics in each thread, and the messages that report them.

use std::{io, sync::Arc, time::Duration};

use crossbeam_channel::Receiver;
use crossterm::event::Event;

use super::{
    Desktop, PodcastOptions, Ports, ReadingOptions, Workers, job::kill_switch::kill_worker,
    spawn_input_thread, terminal::EventSource,
};
use crate::{
    app::{Effect, FarStatus, ImageKey, Message, RequestId, StoreWrite},
    archive::Archive,
    library::{ArchiveAccessError, ArchiveSource, FeedSources, clock::utc_now},
    model::{EntryId, Failure, FetchOptions, ListDefinition, SessionUpdate},
    net::{Fetch, FetchError, FetchLimits, FetchRequest, FetchResponse},
    store::{ArchivedBatch, ArrivalSpan, LibraryLocation, ReadConnection, WriteConnection},
    text::UrlTrust,
};

/// A network, a desktop and an event source whose methods panic.
struct Panicking;

impl Fetch for Panicking {
    fn fetch(&self, _: &FetchRequest, _: &FetchLimits) -> Result<FetchResponse, FetchError> {
        panic!("a mistake in the network");
    }
}

impl Desktop for Panicking {
    fn open_url(&self, _: &str) -> Result<(), Failure> {
        panic!("a mistake in the browser");
    }

    fn show_notification(&self, _: &str) -> Result<(), Failure> {
        panic!("a mistake in the desktop");
    }

    fn terminal_name(&self) -> String {
        panic!("a mistake in the terminal");
    }
}

impl EventSource for Panicking {
    fn next_event(&mut self, _: Option<Duration>) -> io::Result<Option<Event>> {
        panic!("a mistake in the input");
    }
}

impl ArchiveSource for Panicking {
    fn address(&self) -> &'static str {
        "postgres://ann@archive.example/news"
    }

    fn newest_count(&self) -> u64 {
        0
    }

    fn connect(&self) -> Result<Box<dyn Archive>, ArchiveAccessError> {
        panic!("a mistake in the archive");
    }
}

fn location(name: &str) -> LibraryLocation {
    LibraryLocation::Memory(format!("runtime-{name}"))
}

fn start(location: &LibraryLocation) -> Workers {
    let store = WriteConnection::open(location).unwrap();
    Workers::start(Ports {
        location: location.clone(),
        store,
        desktop: Arc::new(Panicking),
        sources: FeedSources {
            http: Arc::new(Panicking),
            archive: Some(Arc::new(Panicking)),
            ..FeedSources::offline()
        },
        reading: ReadingOptions::default(),
        podcasts: PodcastOptions::default(),
        samples: &[],
        refresh_at_start: false,
    })
    .unwrap()
}

/// Receives messages until `select` returns `Some` for one of them, and returns its value.
fn receive<T>(messages: &Receiver<Message>, select: impl Fn(Message) -> Option<T>) -> T {
    loop {
        let message = messages.recv_timeout(Duration::from_secs(20)).expect("a message");
        if let Some(selected) = select(message) {
            return selected;
        }
    }
}

fn receive_dead_worker(messages: &Receiver<Message>) -> &'static str {
    receive(messages, |message| match message {
        Message::WorkerDied(name) => Some(name),
        _ => None,
    })
}

fn receive_failed_operation(messages: &Receiver<Message>) -> String {
    receive(messages, |message| match message {
        Message::OperationFailed(failure) => Some(failure.summary),
        _ => None,
    })
}

#[test]
fn worker_panic_is_reported_by_name() {
    for name in ["search", "lists", "articles", "library", "refresh", "images", "index", "archive"]
    {
        let location = location(name);
        let workers = kill_worker(name, || start(&location));
        assert_eq!(receive_dead_worker(workers.messages()), name);
        assert_eq!(workers.shut_down(), None, "the end does not wait for {name}");
    }
}

#[test]
fn input_thread_panic_is_reported_by_name() {
    let input = spawn_input_thread(Panicking, Duration::ZERO).unwrap();
    assert_eq!(receive_dead_worker(&input), "keys");
}

#[test]
fn writes_are_saved_after_refresher_panic() {
    let location = location("saved");
    let workers = kill_worker("refresh", || start(&location));
    assert_eq!(receive_dead_worker(workers.messages()), "refresh");
    let write = StoreWrite::SaveSession(SessionUpdate::Selected(EntryId(7)));
    assert!(workers.dispatch_effects(Effect::Write(write).into()).is_empty());
    let reader = ReadConnection::open(&location).unwrap();
    assert_eq!(workers.shut_down(), None);
    assert_eq!(reader.load_preferences().unwrap().session.selected, Some(EntryId(7)));
}

#[test]
fn panic_in_the_archive_is_a_search_that_failed() {
    let location = location("archive");
    let workers = start(&location);
    let mut store = WriteConnection::open(&location).unwrap();
    store.join_archive("postgres://ann@archive.example/news").unwrap();
    let taken = ArchivedBatch {
        upserts: Vec::new(),
        span: Some(ArrivalSpan { start: 5, published_from: None, end: 9 }),
    };
    store.store_archived_articles(&taken, utc_now()).unwrap();
    let list = ListDefinition { filter: "bridge".to_owned(), ..ListDefinition::default() };
    let effect = Effect::SearchArchive(RequestId(1), list);
    assert!(workers.dispatch_effects(effect.into()).is_empty());
    let reason = receive(workers.messages(), |message| match message {
        Message::ArchiveSearched(_, FarStatus::Failed(reason)) => Some(reason),
        _ => None,
    });
    assert!(reason.contains("archive"), "{reason}");
}

#[test]
fn one_shot_job_panic_is_reported_as_failed_operation() {
    let workers = start(&location("jobs"));
    for (effect, activity) in [
        (Effect::OpenUrl("https://example.org".to_owned()), "opening the browser"),
        (Effect::DetectTerminal, "detecting the terminal"),
        (Effect::NotifyDesktop("A ferry".to_owned()), "showing a notification on the desktop"),
    ] {
        let _ = workers.dispatch_effects(effect.into());
        let sentence = format!("The reader failed while {activity}; please report it");
        assert_eq!(receive_failed_operation(workers.messages()), sentence);
    }
}

#[test]
fn fetch_panic_fails_its_request() {
    let workers = start(&location("fetches"));
    let url = "https://example.org".to_owned();
    let _ = workers
        .dispatch_effects(Effect::DiscoverFeeds(url.clone(), FetchOptions::default()).into());
    let discovered = receive(workers.messages(), |message| match message {
        Message::FeedsDiscovered(_, found) => Some(found.is_ok()),
        _ => None,
    });
    assert!(!discovered);
    let _ = workers.dispatch_effects(
        Effect::FetchFullText(EntryId(1), url.clone(), UrlTrust::Untrusted).into(),
    );
    let failed = receive(workers.messages(), |message| match message {
        Message::FullTextFailed(id, _) => Some(id),
        _ => None,
    });
    assert_eq!(failed, EntryId(1));
    let key = ImageKey { url, columns: 10, rows: 10 };
    let _ = workers.dispatch_effects(Effect::LoadImage(key.clone(), UrlTrust::Untrusted).into());
    let (loaded, image) = receive(workers.messages(), |message| match message {
        Message::ImageLoaded(key, image) => Some((key, image)),
        _ => None,
    });
    assert!(loaded == key && image.is_err());
}
