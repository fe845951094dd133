//! Fetching and parsing many feeds at once.
//!
//! Fetcher threads hand responses to a few parser threads, because parsing takes several times the
//! size of a document in memory, and an allocator keeps freed memory for the thread that freed it.
//! The parser threads are watched: one that reads a document for too long is given up, and fails its feed.
//! A refresh that is stopped does not wait for the fetchers, which end with their requests; no other
//! thread outlives [`fetch_all`].

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
};

use chrono::{DateTime, Utc};
use crossbeam_channel::{Receiver, RecvTimeoutError, Sender, bounded, never, select};

use super::{
    catch_panic::catch_panic_or,
    clock::{monotonic_now, utc_now},
    feed_entries::FeedEntries,
    feed_source::{FeedSources, network_of_response},
    fetch_queue::{FetchJob, FetchQueue},
    refresh_progress::PROGRESS_INTERVAL,
    sync::SyncEvent,
    watched_pool::{JobClock, MAX_JOB_TIME, PoolChannels, PoolWork, WatchedPool},
};
use crate::{
    feed::{self, FeedDocument, ParseHints},
    model::{Failure, FailureKind, Feed, FeedHealth, FeedMove, FeedNetwork, Validators},
    net::{FetchError, FetchLimits, FetchProblem, FetchRequest, FetchResponse},
    refresh::{self, FeedDiff, FeedOutcome},
    store::{FeedMetadata, FeedUpdate, LibraryLocation, ReadConnection},
    text::{UrlTrust, url},
};

/// Number of parser threads: each takes several times the size of a document in memory.
const PARSER_THREADS: usize = 2;

/// Number of parser threads that were given up since the program started.
static GIVEN_UP_PARSERS: AtomicUsize = AtomicUsize::new(0);

/// The sentence for a feed whose document, or whose fetching, makes the program panic.
const PANIC_SENTENCE: &str =
    "the reader failed while reading this feed; please report it with the address of the feed";

/// The result of refreshing one feed.
pub(super) struct FeedRefreshResult {
    /// The changes to store.
    pub(super) update: FeedUpdate,
    /// The move of the feed to another URL.
    pub(super) moved: Option<FeedMove>,
    /// Number of new entries among the upserts of the update.
    pub(super) new_entries: usize,
    /// Number of edited entries among the upserts of the update.
    pub(super) edited_entries: usize,
    /// The failure to report to the user.
    pub(super) failure: Option<Failure>,
    /// The feed failed because there is no network.
    pub(super) offline: bool,
}

/// An event of a refresh while feeds are fetched.
pub(super) enum RefreshEvent {
    /// A feed has a result.
    Feed(Box<FeedRefreshResult>),
    /// The sync of an account has a step.
    Sync(SyncEvent),
    /// Nothing happened for [`PROGRESS_INTERVAL`].
    NothingArrived,
}

/// Fetches the feeds of `jobs` and hands each result to `take` as it arrives, and the steps of syncs between
/// them, until `take` returns false or `stop` is set; later results are dropped.
pub(super) fn fetch_all(
    location: &LibraryLocation,
    sources: &FeedSources,
    jobs: Vec<FetchJob>,
    syncs: &Receiver<SyncEvent>,
    stop: &Arc<AtomicBool>,
    take: &mut dyn FnMut(RefreshEvent) -> bool,
) {
    let queue = Arc::new(FetchQueue::new(jobs));
    let (response_sender, responses) = bounded(1);
    let (result_sender, results) = bounded(1);
    let (alive_sender, alive) = bounded(0);
    let work = ParserWork { location: location.clone(), sources: sources.clone() };
    let mut parsers = WatchedPool::new(work, &GIVEN_UP_PARSERS);
    // If the system is out of threads, those that have started do the work.
    for _ in 0..queue.max_concurrency() {
        let fetcher =
            Fetcher { sources: sources.clone(), queue: Arc::clone(&queue), stop: Arc::clone(stop) };
        let responses = response_sender.clone();
        let work = move || fetcher.run(&responses);
        let _ = thread::Builder::new().name("job fetch".to_owned()).spawn(work);
    }
    for _ in 0..PARSER_THREADS {
        parsers.start_thread(PoolChannels {
            jobs: responses.clone(),
            results: result_sender.clone(),
            alive: alive_sender.clone(),
        });
    }
    drop((response_sender, responses, result_sender, alive_sender));
    let (no_more, mut syncs) = (never(), syncs);
    loop {
        let given_up = parsers.give_up_overdue(monotonic_now()).into_iter();
        let to_event = |job| RefreshEvent::Feed(Box::new(given_up_result(sources, job)));
        if !given_up.map(to_event).all(&mut *take) {
            break;
        }
        let event = select! {
            recv(results) -> result => match result {
                Ok(result) => RefreshEvent::Feed(Box::new(result)),
                Err(_) => break,
            },
            recv(syncs) -> event => if let Ok(event) = event {
                RefreshEvent::Sync(event)
            } else {
                syncs = &no_more;
                continue;
            },
            default(PROGRESS_INTERVAL) => RefreshEvent::NothingArrived,
        };
        // A request that was interrupted is no failure of its feed.
        if stop.load(Ordering::Relaxed) || !take(event) {
            break;
        }
    }
    queue.clear();
    drop(results);
    while alive.recv_timeout(PROGRESS_INTERVAL) == Err(RecvTimeoutError::Timeout) {
        parsers.give_up_overdue(monotonic_now());
    }
}

/// A feed, the validators sent with its request, and the response.
struct FetchedFeed {
    job: FetchJob,
    response: Result<FetchResponse, FetchError>,
}

/// The work of a fetcher thread.
struct Fetcher {
    sources: FeedSources,
    queue: Arc<FetchQueue>,
    stop: Arc<AtomicBool>,
}

impl Fetcher {
    /// Fetches feeds of the queue until none is left or the refresh ends.
    fn run(&self, responses: &Sender<FetchedFeed>) {
        while let Some(job) = self.queue.next_job() {
            let FetchJob { feed, validators } = &job;
            let fetch = || self.sources.fetch_feed(feed, validators);
            let response = catch_panic_or(|| panic_error(feed), fetch);
            self.queue.release_host(feed);
            let is_stopped = self.stop.load(Ordering::Relaxed);
            if is_stopped || responses.send(FetchedFeed { job, response }).is_err() {
                return;
            }
        }
    }
}

/// The work of the parser threads.
struct ParserWork {
    location: LibraryLocation,
    sources: FeedSources,
}

impl PoolWork for ParserWork {
    type Job = FetchedFeed;
    type Key = FetchJob;
    type Output = FeedRefreshResult;
    type Session = ReadConnection;

    fn open_session(&self) -> Option<ReadConnection> {
        ReadConnection::open(&self.location).ok()
    }

    fn key(&self, fetched: &FetchedFeed) -> FetchJob {
        fetched.job.clone()
    }

    fn run(
        &self,
        reader: &ReadConnection,
        fetched: FetchedFeed,
        clock: &dyn JobClock,
    ) -> FeedRefreshResult {
        self.sources.foreground.give_way();
        parse_response(reader, &self.sources, fetched, clock)
    }
}

/// Returns the result of a feed whose document took too long.
fn given_up_result(sources: &FeedSources, job: FetchJob) -> FeedRefreshResult {
    let FetchJob { feed, validators } = job;
    let sentence = format!(
        "{}: the document is too complex to read: reading it took more than {} seconds",
        feed.display_name(),
        MAX_JOB_TIME.as_secs()
    );
    failed_result(sources, &feed, validators, Failure::new(FailureKind::Feed, sentence))
}

/// Parses a response and compares it with the library. A document that makes the parser panic fails
/// its feed only.
fn parse_response(
    reader: &ReadConnection,
    sources: &FeedSources,
    fetched: FetchedFeed,
    clock: &dyn JobClock,
) -> FeedRefreshResult {
    let FetchedFeed { job: FetchJob { mut feed, validators }, response } = fetched;
    feed.network = network_of_feed(&feed, response.as_ref().ok());
    let (interval, now) = (sources.refresh_interval(&feed), utc_now());
    let panicked = || {
        let sentence = format!("{}: {PANIC_SENTENCE}", feed.display_name());
        Failure::new(FailureKind::Feed, sentence)
    };
    let result = catch_panic_or(panicked, || {
        let mut outcome = refresh::interpret_response(&feed, &validators, response, interval, now);
        outcome.new_url = outcome.new_url.take().filter(|url| {
            !outcome.is_announced
                || has_feed_url(reader, url)
                || leads_to_feed(sources, &feed, url, clock)
        });
        diff_response(reader, &feed, outcome, now)
    });
    result.unwrap_or_else(|failure| failed_result(sources, &feed, validators.clone(), failure))
}

/// Returns the network of a feed after a response.
fn network_of_feed(feed: &Feed, response: Option<&FetchResponse>) -> FeedNetwork {
    match (&feed.network, response) {
        (FeedNetwork::Unknown, Some(response)) => network_of_response(&feed.url, response),
        (known, _) => known.clone(),
    }
}

/// Returns the network of a feed that moves to `new_url`. Another origin is the choice of the
/// publisher, so that it has to be public.
fn network_after_move(feed: &Feed, new_url: Option<&str>) -> FeedNetwork {
    let leaves_origin = new_url.is_some_and(|to| !url::same_origin(to, &feed.url));
    match &feed.network {
        FeedNetwork::Unknown if leaves_origin => FeedNetwork::Public,
        known => known.clone(),
    }
}

/// Returns true if there is a feed at `url`, which the document of `feed` named. The document is not
/// trusted with addresses in a private network.
fn leads_to_feed(sources: &FeedSources, feed: &Feed, url: &str, clock: &dyn JobClock) -> bool {
    let request = FetchRequest::new(url, UrlTrust::of_link(url, feed.network.private_origin()));
    let limits = FetchLimits {
        memory_budget: Some(sources.memory_budget.clone()),
        ..FetchLimits::default()
    };
    let mut fetched = None;
    clock.pause(&mut || fetched = sources.http.fetch(&request, &limits).ok());
    fetched.is_some_and(|response| {
        let content_type = response.headers.content_type.as_deref();
        let hints = ParseHints { content_type, location: Some(&response.url) };
        (200..300).contains(&response.status) && feed::parse(&response.body, hints).is_ok()
    })
}

fn panic_error(feed: &Feed) -> FetchError {
    FetchError {
        host: url::host(&feed.url).to_owned(),
        problem: FetchProblem::Other(PANIC_SENTENCE.to_owned()),
    }
}

/// Returns the result of a feed that failed after it was fetched.
fn failed_result(
    sources: &FeedSources,
    feed: &Feed,
    validators: Validators,
    failure: Failure,
) -> FeedRefreshResult {
    let interval = sources.refresh_interval(feed);
    let refresh_state =
        refresh::schedule_after_failure(&feed.refresh_state, interval, None, feed.id.0, utc_now());
    let update = FeedUpdate {
        feed: feed.id,
        upserts: Vec::new(),
        metadata: None,
        health: FeedHealth::Failing(failure.summary.clone()),
        refresh_state,
        validators,
        moved_to: None,
        network: FeedNetwork::Unknown,
    };
    FeedRefreshResult {
        update,
        moved: None,
        new_entries: 0,
        edited_entries: 0,
        failure: Some(failure),
        offline: false,
    }
}

/// Returns whether `url` is subscribed already. A feed that moves there is not said to move: the two
/// subscriptions become one.
fn has_feed_url(reader: &ReadConnection, url: &str) -> bool {
    reader.has_feed_url(url).unwrap_or(true)
}

fn diff_response(
    reader: &ReadConnection,
    feed: &Feed,
    outcome: FeedOutcome,
    now: DateTime<Utc>,
) -> Result<FeedRefreshResult, Failure> {
    let failure = outcome.to_failure(feed);
    let metadata = outcome.parsed.as_ref().map(feed_metadata);
    let stored = FeedEntries { reader, feed: feed.id };
    let diff = match outcome.parsed {
        Some(parsed) => refresh::diff_feed(&stored, feed, parsed, now)?,
        None => FeedDiff::default(),
    };
    let mut refresh_state = outcome.refresh_state;
    if diff.new_entries > 0 {
        refresh_state.last_new_entry = Some(now);
    }
    let update = FeedUpdate {
        feed: feed.id,
        upserts: diff.upserts,
        metadata,
        health: outcome.health,
        refresh_state,
        validators: outcome.validators,
        moved_to: outcome.new_url.clone(),
        network: network_after_move(feed, outcome.new_url.as_deref()),
    };
    let name = feed.display_name().to_owned();
    Ok(FeedRefreshResult {
        moved: outcome
            .new_url
            .filter(|to| !has_feed_url(reader, to))
            .map(|to| FeedMove { name, to }),
        update,
        new_entries: diff.new_entries,
        edited_entries: diff.edited_entries,
        failure,
        offline: outcome.offline,
    })
}

fn feed_metadata(parsed: &FeedDocument) -> FeedMetadata {
    let title = Some(parsed.feed.title.to_single_line()).filter(|title| !title.is_empty());
    FeedMetadata { title, site_url: parsed.feed.link.clone() }
}
