//! Many feeds at once, politely: sixteen requests at a time, two to one host, and as many documents read at once as
//! the machine has room for.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use chrono::{DateTime, Utc};
use crossbeam_channel::{Receiver, Sender, bounded};

use super::{feed_source::FeedSources, workers::catch_panic};
use crate::{
    model::{Failure, Feed, Validators},
    net::{FetchError, FetchResponse},
    refresh::{self, FeedOutcome},
    store::{FeedMetadata, FeedUpdate, LibraryLocation, ReadConnection},
    text::url,
};

/// Requests at a time.
const MAX_REQUESTS: usize = 16;

/// Requests to one host at a time.
const MAX_REQUESTS_PER_HOST: usize = 2;

/// Documents that are read at a time: each takes several times its size in memory.
const PARSER_THREADS: usize = 2;

/// What came of one feed.
pub(super) struct FeedRefreshResult {
    pub(super) update: FeedUpdate,
    pub(super) new_entries: usize,
    pub(super) failure: Option<Failure>,
    pub(super) offline: bool,
}

/// Asks `feeds`; hands over each answer as it comes, until `take` does not want more.
///
/// Threads that ask hand what they get to threads that read: reading takes several times the size of a document in
/// memory, which an allocator does not give back to other threads.
pub(super) fn fetch_all(
    location: &LibraryLocation,
    sources: &FeedSources,
    feeds: Vec<Feed>,
    stop: &AtomicBool,
    take: &mut dyn FnMut(FeedRefreshResult) -> bool,
) {
    let queue = FetchQueue::new(feeds);
    let (fetched, documents) = bounded(1);
    let (answers, answered) = bounded(1);
    thread::scope(|scope| {
        // A machine out of threads asks with those that have begun.
        for _ in 0..queue.max_concurrency() {
            let (queue, fetched) = (&queue, fetched.clone());
            let work = move || run_fetcher(location, sources, queue, stop, &fetched);
            let _ = thread::Builder::new().name("job fetch".to_owned()).spawn_scoped(scope, work);
        }
        for _ in 0..PARSER_THREADS {
            let (documents, answers) = (documents.clone(), answers.clone());
            let work = move || run_parser(location, sources, &documents, &answers);
            let _ = thread::Builder::new().name("job feed".to_owned()).spawn_scoped(scope, work);
        }
        drop((fetched, documents, answers));
        for answer in &answered {
            if !take(answer) {
                queue.clear();
                break;
            }
        }
        drop(answered);
    });
}

/// A feed, what it was asked with, and what came.
struct FetchedFeed {
    feed: Feed,
    validators: Validators,
    response: Result<FetchResponse, FetchError>,
}

fn run_fetcher(
    location: &LibraryLocation,
    sources: &FeedSources,
    queue: &FetchQueue,
    stop: &AtomicBool,
    fetched: &Sender<FetchedFeed>,
) {
    let Ok(reader) = ReadConnection::open(location) else { return };
    while let Some(feed) = queue.next_feed() {
        let host = host_key(&feed);
        let validators = reader.load_validators(feed.id).unwrap_or_default();
        let response = sources.fetch_feed(&feed, &validators);
        queue.release_host(&host);
        let stopped = stop.load(Ordering::Relaxed);
        if stopped || fetched.send(FetchedFeed { feed, validators, response }).is_err() {
            return;
        }
    }
}

fn run_parser(
    location: &LibraryLocation,
    sources: &FeedSources,
    documents: &Receiver<FetchedFeed>,
    answers: &Sender<FeedRefreshResult>,
) {
    let Ok(reader) = ReadConnection::open(location) else { return };
    for FetchedFeed { feed, validators, response } in documents {
        let answer = parse_response(&reader, sources, &feed, &validators, response);
        if answers.send(answer).is_err() {
            return;
        }
    }
}

/// Reads what came. A document that makes the program panic is one failure of one feed.
#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
fn parse_response(
    reader: &ReadConnection,
    sources: &FeedSources,
    feed: &Feed,
    validators: &Validators,
    response: Result<FetchResponse, FetchError>,
) -> FeedRefreshResult {
    let now = Utc::now();
    let every = sources.refresh_interval(feed);
    let caught = catch_panic(feed.display_name(), || {
        let outcome = refresh::interpret_response(feed, validators, response, every, now);
        diff_response(reader, feed, outcome, now)
    });
    caught.unwrap_or_else(|failure| {
        let clock =
            refresh::schedule_after_failure(&feed.refresh_state, every, None, feed.id.0, now);
        let health = crate::model::FeedHealth::Failing(failure.summary.clone());
        let validators = validators.clone();
        let news = FeedUpdate {
            feed: feed.id,
            upserts: Vec::new(),
            metadata: None,
            health,
            refresh_state: clock,
            validators,
            moved_to: None,
        };
        FeedRefreshResult { update: news, new_entries: 0, failure: Some(failure), offline: false }
    })
}

fn diff_response(
    reader: &ReadConnection,
    feed: &Feed,
    outcome: FeedOutcome,
    now: DateTime<Utc>,
) -> Result<FeedRefreshResult, Failure> {
    let failure = outcome.to_failure(feed);
    let title = |parsed: &crate::feed::FeedDocument| {
        Some(parsed.feed.title.to_single_line()).filter(|title| !title.is_empty())
    };
    let about = outcome
        .parsed
        .as_ref()
        .map(|parsed| FeedMetadata { title: title(parsed), site_url: parsed.feed.link.clone() });
    let found = match outcome.parsed {
        Some(parsed) => refresh::diff_feed(reader, feed, parsed, now)?,
        None => refresh::FeedDiff::default(),
    };
    let mut clock = outcome.clock;
    if found.new_entries > 0 {
        clock.last_new_entry = Some(now);
    }
    let news = FeedUpdate {
        feed: feed.id,
        upserts: found.upserts,
        metadata: about,
        health: outcome.health,
        refresh_state: clock,
        validators: outcome.validators,
        moved_to: outcome.new_url,
    };
    Ok(FeedRefreshResult {
        update: news,
        new_entries: found.new_entries,
        failure,
        offline: outcome.offline,
    })
}

/// What two feeds share if asking both at once would be rude.
fn host_key(feed: &Feed) -> String {
    url::host(&feed.url).to_ascii_lowercase()
}

/// The feeds still to be asked, and who is being asked.
struct FetchQueue {
    state: Mutex<FetchQueueState>,
    changed: Condvar,
}

struct FetchQueueState {
    waiting: VecDeque<Feed>,
    requests_by_host: HashMap<String, usize>,
}

impl FetchQueue {
    fn new(feeds: Vec<Feed>) -> FetchQueue {
        FetchQueue {
            state: Mutex::new(FetchQueueState {
                waiting: feeds.into(),
                requests_by_host: HashMap::new(),
            }),
            changed: Condvar::new(),
        }
    }

    /// How many requests can be under way at once.
    fn max_concurrency(&self) -> usize {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hosts: HashMap<String, usize> = HashMap::new();
        for feed in &state.waiting {
            *hosts.entry(host_key(feed)).or_default() += 1;
        }
        hosts
            .values()
            .map(|feeds| (*feeds).min(MAX_REQUESTS_PER_HOST))
            .sum::<usize>()
            .min(MAX_REQUESTS)
    }

    /// The next feed whose host is free; waits for one. `None` when there are no more.
    fn next_feed(&self) -> Option<Feed> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if state.waiting.is_empty() {
                return None;
            }
            let FetchQueueState { waiting, requests_by_host: busy } = &mut *state;
            let free = waiting.iter().position(|feed| {
                busy.get(&host_key(feed)).copied().unwrap_or(0) < MAX_REQUESTS_PER_HOST
            });
            if let Some(feed) = free.and_then(|at| waiting.remove(at)) {
                *busy.entry(host_key(&feed)).or_default() += 1;
                return Some(feed);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A host has answered.
    fn release_host(&self, host: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(busy) = state.requests_by_host.get_mut(host) {
            *busy -= 1;
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Nobody wants the rest.
    fn clear(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).waiting.clear();
        self.changed.notify_all();
    }
}
