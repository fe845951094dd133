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

use super::{source::Sources, workers::guarded};
use crate::{
    model::{Failure, Feed, Validators},
    net::{FetchError, Response},
    refresh::{self, Outcome},
    store::{About, FeedNews, Location, Reader},
    text::address,
};

/// Requests at a time.
const REQUESTS: usize = 16;

/// Requests to one host at a time.
const PER_HOST: usize = 2;

/// Documents that are read at a time: each takes several times its size in memory.
const READERS: usize = 2;

/// What came of one feed.
pub(super) struct Answered {
    pub(super) news: FeedNews,
    pub(super) new: usize,
    pub(super) failure: Option<Failure>,
    pub(super) offline: bool,
}

/// Asks `feeds`; hands over each answer as it comes, until `take` does not want more.
///
/// Threads that ask hand what they get to threads that read: reading takes several times the size of a document in
/// memory, which an allocator does not give back to other threads.
pub(super) fn ask_all(
    location: &Location,
    sources: &Sources,
    feeds: Vec<Feed>,
    stop: &AtomicBool,
    take: &mut dyn FnMut(Answered) -> bool,
) {
    let queue = Queue::new(feeds);
    let (fetched, documents) = bounded(1);
    let (answers, answered) = bounded(1);
    thread::scope(|scope| {
        // A machine out of threads asks with those that have begun.
        for _ in 0..queue.at_once() {
            let (queue, fetched) = (&queue, fetched.clone());
            let work = move || fetcher(location, sources, queue, stop, &fetched);
            let _ = thread::Builder::new().name("job fetch".to_owned()).spawn_scoped(scope, work);
        }
        for _ in 0..READERS {
            let (documents, answers) = (documents.clone(), answers.clone());
            let work = move || reader(location, sources, &documents, &answers);
            let _ = thread::Builder::new().name("job feed".to_owned()).spawn_scoped(scope, work);
        }
        drop((fetched, documents, answers));
        for answer in &answered {
            if !take(answer) {
                queue.close();
                break;
            }
        }
        drop(answered);
    });
}

/// A feed, what it was asked with, and what came.
struct Fetched {
    feed: Feed,
    validators: Validators,
    response: Result<Response, FetchError>,
}

fn fetcher(
    location: &Location,
    sources: &Sources,
    queue: &Queue,
    stop: &AtomicBool,
    fetched: &Sender<Fetched>,
) {
    let Ok(reader) = Reader::open(location) else { return };
    while let Some(feed) = queue.next() {
        let host = host(&feed);
        let validators = reader.validators(feed.id).unwrap_or_default();
        let response = sources.ask(&feed, &validators);
        queue.done(&host);
        let stopped = stop.load(Ordering::Relaxed);
        if stopped || fetched.send(Fetched { feed, validators, response }).is_err() {
            return;
        }
    }
}

fn reader(location: &Location, sources: &Sources, documents: &Receiver<Fetched>, answers: &Sender<Answered>) {
    let Ok(reader) = Reader::open(location) else { return };
    for Fetched { feed, validators, response } in documents {
        let answer = read(&reader, sources, &feed, &validators, response);
        if answers.send(answer).is_err() {
            return;
        }
    }
}

/// Reads what came. A document that makes the program panic is one failure of one feed.
#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
fn read(
    reader: &Reader,
    sources: &Sources,
    feed: &Feed,
    validators: &Validators,
    response: Result<Response, FetchError>,
) -> Answered {
    let now = Utc::now();
    let every = sources.every(feed);
    let caught = guarded(feed.name(), || {
        let outcome = refresh::answer(feed, validators, response, every, now);
        answered(reader, feed, outcome, now)
    });
    caught.unwrap_or_else(|failure| {
        let clock = refresh::after_failure(&feed.clock, every, None, feed.id.0, now);
        let health = crate::model::Health::Failing(failure.summary.clone());
        let validators = validators.clone();
        let news = FeedNews {
            feed: feed.id,
            arrivals: Vec::new(),
            about: None,
            health,
            clock,
            validators,
            url: None,
        };
        Answered { news, new: 0, failure: Some(failure), offline: false }
    })
}

fn answered(reader: &Reader, feed: &Feed, outcome: Outcome, now: DateTime<Utc>) -> Result<Answered, Failure> {
    let failure = outcome.failure(feed);
    let title =
        |parsed: &crate::feed::Parsed| Some(parsed.feed.title.line()).filter(|title| !title.is_empty());
    let about =
        outcome.parsed.as_ref().map(|parsed| About { title: title(parsed), site: parsed.feed.link.clone() });
    let found = match outcome.parsed {
        Some(parsed) => refresh::arrivals(reader, feed, parsed, now)?,
        None => refresh::Found::default(),
    };
    let mut clock = outcome.clock;
    if found.new > 0 {
        clock.last_new = Some(now);
    }
    let news = FeedNews {
        feed: feed.id,
        arrivals: found.arrivals,
        about,
        health: outcome.health,
        clock,
        validators: outcome.validators,
        url: outcome.url,
    };
    Ok(Answered { news, new: found.new, failure, offline: outcome.offline })
}

/// What two feeds share if asking both at once would be rude.
fn host(feed: &Feed) -> String {
    address::host(&feed.url).to_ascii_lowercase()
}

/// The feeds still to be asked, and who is being asked.
struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    waiting: VecDeque<Feed>,
    busy: HashMap<String, usize>,
}

impl Queue {
    fn new(feeds: Vec<Feed>) -> Queue {
        Queue {
            state: Mutex::new(State { waiting: feeds.into(), busy: HashMap::new() }),
            changed: Condvar::new(),
        }
    }

    /// How many requests can be under way at once.
    fn at_once(&self) -> usize {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut hosts: HashMap<String, usize> = HashMap::new();
        for feed in &state.waiting {
            *hosts.entry(host(feed)).or_default() += 1;
        }
        hosts.values().map(|feeds| (*feeds).min(PER_HOST)).sum::<usize>().min(REQUESTS)
    }

    /// The next feed whose host is free; waits for one. `None` when there are no more.
    fn next(&self) -> Option<Feed> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if state.waiting.is_empty() {
                return None;
            }
            let State { waiting, busy } = &mut *state;
            let free = waiting.iter().position(|feed| busy.get(&host(feed)).copied().unwrap_or(0) < PER_HOST);
            if let Some(feed) = free.and_then(|at| waiting.remove(at)) {
                *busy.entry(host(&feed)).or_default() += 1;
                return Some(feed);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A host has answered.
    fn done(&self, host: &str) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(busy) = state.busy.get_mut(host) {
            *busy -= 1;
        }
        drop(state);
        self.changed.notify_all();
    }

    /// Nobody wants the rest.
    fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).waiting.clear();
        self.changed.notify_all();
    }
}
