//! The thread that refreshes: what is new in folders and feeds becomes batches for the writer.

use std::{
    fs::{File, TryLockError},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use chrono::Utc;
use crossbeam_channel::{Receiver, Sender};

use super::{
    background::{REFRESHING, give_way},
    in_full::{InFull, Wishes},
    pool::{Answered, ask_all},
    source::Sources,
    workers::guarded,
};
use crate::{
    app::{RefreshEvent, RefreshSummary},
    documents::{self, FoundFile, Read},
    model::{Failure, FailureKind, Feed, FeedId, FeedKind, Health, RefreshScope},
    refresh::{self, Plan},
    store::{Arrival, Batch, FeedNews, Location, Reader, Store, StoreError},
};

/// Articles in one batch: one transaction, short enough that a change of the user's waits a few milliseconds.
const BATCH: usize = 256;

/// Feeds without news that are noted in one transaction.
const UNCHANGED: usize = 64;

/// Feeds that have to fail for want of a network, and none to answer, for the program to be offline.
const OFFLINE: usize = 3;

/// Time between two tidings of progress.
const BETWEEN: Duration = Duration::from_millis(250);

/// What the thread is asked.
pub(super) enum RefreshAsk {
    /// Refresh these.
    Refresh(RefreshScope),
    /// Store the sample documents.
    Samples(&'static [(&'static str, &'static [u8])]),
}

/// What the thread hands to the writer; an end mark travels behind what it ends.
pub enum Arrived {
    /// Files of a folder.
    Batch(Batch),
    /// How reading a folder went.
    Health(FeedId, Health),
    /// What feeds have published.
    Feeds(Vec<FeedNews>),
    /// The page of an article that is wanted in full.
    InFull(InFull),
    /// The sample documents.
    Samples(Vec<Arrival>),
    /// How it goes.
    Event(RefreshEvent),
}

/// Runs until nobody can ask any more, or `stop` is set.
pub(super) fn run(
    location: &Location,
    sources: &Sources,
    asks: &Receiver<RefreshAsk>,
    arrived: &Sender<Arrived>,
    stop: &AtomicBool,
) {
    give_way(REFRESHING);
    for ask in asks {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        match ask {
            RefreshAsk::Samples(samples) => {
                let _ = arrived.send(Arrived::Samples(sample_arrivals(samples)));
            }
            RefreshAsk::Refresh(asked) => {
                let mut send = |message| arrived.send(message).is_ok() && !stop.load(Ordering::Relaxed);
                let summary = refresh(location, sources, asked, stop, &mut send);
                let _ = arrived.send(Arrived::Event(RefreshEvent::Finished(summary)));
            }
        }
    }
}

/// Refreshes what is asked for, unless another instance is at it. `send` tells whether to go on.
#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
pub fn refresh(
    location: &Location,
    sources: &Sources,
    asked: RefreshScope,
    stop: &AtomicBool,
    send: &mut dyn FnMut(Arrived) -> bool,
) -> RefreshSummary {
    let mut summary = RefreshSummary::default();
    let _lock = match lock(location) {
        Ok(lock) => lock,
        Err(()) if asked == RefreshScope::Due => return summary,
        Err(()) => {
            let sentence =
                "Another newsreader is refreshing this library; what it brings appears here as well.";
            summary.failures.push(Failure::new(FailureKind::Feed, sentence));
            return summary;
        }
    };
    let feeds = match Reader::open(location).and_then(|reader| Ok((reader.feeds()?, reader))) {
        Ok(found) => found,
        Err(error) => {
            summary.failures.push(error.into());
            return summary;
        }
    };
    let (mut feeds, reader) = feeds;
    let now = Utc::now();
    feeds.retain(|feed| refresh::is_asked(feed, asked, now));
    summary.asked = feeds.len();
    let (folders, documents): (Vec<Feed>, Vec<Feed>) =
        feeds.into_iter().partition(|feed| feed.kind == FeedKind::Folder);
    let mut round = Round {
        wishes: Wishes::of(&documents),
        pace: Pace::new(summary.asked),
        done: 0,
        summary,
        send,
        unchanged: Vec::new(),
        offline: Vec::new(),
    };
    let going = folders.iter().all(|feed| round.folder(&reader, feed));
    drop(reader);
    if going {
        ask_all(location, sources, documents, stop, &mut |answered| round.answered(answered));
    }
    round.end(sources, stop)
}

/// One refresher at a time: two would fetch everything twice. The lock is gone with the process that holds it.
fn lock(location: &Location) -> Result<Option<File>, ()> {
    let Location::Folder(folder) = location else { return Ok(None) };
    // A folder that nothing can be written to has no second refresher either.
    let Ok(file) = File::create(folder.join("refresh.lock")) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(()),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// A refresh while it goes on.
struct Round<'a> {
    wishes: Wishes,
    pace: Pace,
    done: usize,
    summary: RefreshSummary,
    send: &'a mut dyn FnMut(Arrived) -> bool,
    /// Feeds without news, still to be noted.
    unchanged: Vec<FeedNews>,
    /// Feeds that failed for want of a network; if none answers they are not at fault.
    offline: Vec<Answered>,
}

impl Round<'_> {
    fn folder(&mut self, reader: &Reader, feed: &Feed) -> bool {
        let mut send = |batch| (self.send)(Arrived::Batch(batch));
        let failures = refresh_feed(reader, feed, &mut self.summary, &mut send);
        let health = match failures.first() {
            None => Health::Fine,
            Some(failure) => Health::Failing(failure.summary.clone()),
        };
        self.summary.failures.extend(failures);
        let kept = health == feed.health || (self.send)(Arrived::Health(feed.id, health));
        kept && self.step()
    }

    /// Takes what came of a feed; tells whether to go on.
    fn answered(&mut self, answered: Answered) -> bool {
        let answers = self.done - self.offline.len();
        if answered.offline {
            self.offline.push(answered);
            return self.step() && (self.offline.len() < OFFLINE || answers > 0);
        }
        self.take(answered) && self.step()
    }

    fn take(&mut self, answered: Answered) -> bool {
        self.wishes.note(&answered.news);
        self.summary.failures.extend(answered.failure);
        self.summary.new += answered.new;
        self.summary.changed += answered.news.arrivals.len() - answered.new;
        if !answered.news.arrivals.is_empty() {
            return (self.send)(Arrived::Feeds(vec![answered.news]));
        }
        self.unchanged.push(answered.news);
        self.unchanged.len() < UNCHANGED || self.flush()
    }

    fn flush(&mut self) -> bool {
        self.unchanged.is_empty() || (self.send)(Arrived::Feeds(std::mem::take(&mut self.unchanged)))
    }

    fn step(&mut self) -> bool {
        self.done += 1;
        let events = self.pace.done(self.done);
        events.into_iter().all(|event| (self.send)(Arrived::Event(event)))
    }

    fn end(mut self, sources: &Sources, stop: &AtomicBool) -> RefreshSummary {
        let offline = std::mem::take(&mut self.offline);
        if offline.len() == self.done && !offline.is_empty() {
            self.summary.offline = true;
        } else {
            for answered in offline {
                self.take(answered);
            }
        }
        self.flush();
        self.wishes.fetch(sources, stop, &mut |page| (self.send)(Arrived::InFull(page)));
        self.summary
    }
}

/// Tells of progress a few times a second, and of a refresh that is over before that not at all.
struct Pace {
    total: usize,
    begun: bool,
    told: Instant,
}

impl Pace {
    #[expect(clippy::disallowed_methods, reason = "how often the screen is told")]
    fn new(total: usize) -> Pace {
        Pace { total, begun: false, told: Instant::now() }
    }

    /// What to tell when so many feeds are done.
    #[expect(clippy::disallowed_methods, reason = "how often the screen is told")]
    fn done(&mut self, done: usize) -> Vec<RefreshEvent> {
        if self.told.elapsed() < BETWEEN {
            return Vec::new();
        }
        self.told = Instant::now();
        let begun = std::mem::replace(&mut self.begun, true);
        let started = (!begun).then_some(RefreshEvent::Started(self.total));
        started.into_iter().chain([RefreshEvent::Progress(done)]).collect()
    }
}

/// Reads one folder again: hands out batches, counts into `summary`, and gives back what could not be read.
///
/// `send` tells whether to go on.
fn refresh_feed(
    reader: &Reader,
    feed: &Feed,
    summary: &mut RefreshSummary,
    send: &mut dyn FnMut(Batch) -> bool,
) -> Vec<Failure> {
    let Some(path) = refresh::file_path(&feed.url) else { return Vec::new() };
    let known = match reader.known_files(feed.id) {
        Ok(known) => known,
        Err(error) => return vec![error.into()],
    };
    let scan = documents::scan(&path);
    let failed = |sentence: String| Failure::new(FailureKind::File, sentence);
    let mut failures: Vec<Failure> =
        scan.complaints.into_iter().map(|complaint| failed(complaint.sentence)).collect();
    // A folder that cannot be read at all has lost nothing: its articles are not marked as gone.
    let unreadable = scan.files.is_empty() && !failures.is_empty();
    let mut plan = refresh::plan(&known, &scan.files);
    let mut arrivals = Vec::with_capacity(BATCH.min(plan.read.len()));
    for file in std::mem::take(&mut plan.read) {
        match arrival(&file) {
            Ok((arrival, complaints)) => {
                failures.extend(complaints);
                arrivals.push(count(arrival, &mut plan, summary));
            }
            Err(failure) => failures.push(failure),
        }
        if arrivals.len() == BATCH {
            let batch = Batch { feed: feed.id, arrivals: std::mem::take(&mut arrivals), missing: Vec::new() };
            if !send(batch) {
                return failures;
            }
        }
    }
    let missing = if unreadable { Vec::new() } else { plan.missing() };
    if !arrivals.is_empty() || !missing.is_empty() {
        send(Batch { feed: feed.id, arrivals, missing });
    }
    failures
}

/// A file that has moved keeps its entry; the others are new, unless the folder knew them.
fn count(arrival: Arrival, plan: &mut Plan, summary: &mut RefreshSummary) -> Arrival {
    let known = plan.knew(arrival.guid());
    let moved = if known { None } else { plan.take_moved(arrival.digest()) };
    if known || moved.is_some() {
        summary.changed += 1;
    } else {
        summary.new += 1;
    }
    match moved {
        Some(id) => arrival.known_as(id),
        None => arrival,
    }
}

fn arrival(file: &FoundFile) -> Result<(Arrival, Vec<Failure>), Failure> {
    let failed = |sentence: String| Failure::new(FailureKind::File, sentence);
    let name = file.path.display().to_string();
    guarded(&name, || {
        let Read { mut entry, complaints } =
            documents::read(file).map_err(|error| failed(error.to_string()))?;
        // Within a folder the path identifies a file, whatever it says of itself; a moved one is told by its content.
        entry.guid.clone_from(&file.relative);
        let complaints = complaints.into_iter().map(failed).collect();
        Ok((Arrival::new(entry, file.size, file.modified), complaints))
    })
}

/// The sample documents, ready to be stored; one that cannot be read is left out, and a test would say so.
pub fn sample_arrivals(samples: &[(&str, &[u8])]) -> Vec<Arrival> {
    let arrival = |(name, bytes): &(&str, &[u8])| {
        let read = documents::parse(name, bytes, None).ok()?;
        Some(Arrival::new(read.entry, bytes.len() as u64, None))
    };
    samples.iter().filter_map(arrival).collect()
}

/// Stores the sample library as a feed of its own.
#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
pub fn store_samples(store: &mut Store, arrivals: Vec<Arrival>) -> Result<(), StoreError> {
    let (feed, _) = store.add_feed(FeedKind::Samples, "samples:", "Samples")?;
    store.ingest(&Batch { feed, arrivals, missing: Vec::new() }, Utc::now()).map(drop)
}
