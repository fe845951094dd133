//! The thread that reads folders: what is new in them becomes batches for the writer.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use chrono::Utc;
use crossbeam_channel::{Receiver, Sender};

use super::workers::guarded;
use crate::{
    app::{RefreshEvent, RefreshSummary},
    documents::{self, FoundFile, Read},
    model::{Failure, FailureKind, Feed, FeedId, FeedKind, Health},
    refresh::{self, Plan},
    store::{Arrival, Batch, Location, Reader, Store, StoreError},
};

/// Articles in one batch: one transaction, short enough that a change of the user's waits a few milliseconds.
const BATCH: usize = 256;

/// Time between two tidings of progress.
const BETWEEN: Duration = Duration::from_millis(250);

/// What the thread is asked.
pub(super) enum RefreshAsk {
    /// Read every folder again.
    All,
    /// Read one.
    One(FeedId),
    /// Store the sample documents.
    Samples(&'static [(&'static str, &'static [u8])]),
}

/// What the thread hands to the writer; an end mark travels behind what it ends.
pub(super) enum Arrived {
    Batch(Batch),
    Health(FeedId, Health),
    Samples(Vec<Arrival>),
    Event(RefreshEvent),
}

/// Runs until nobody can ask any more, or `stop` is set.
pub(super) fn run(
    location: &Location,
    asks: &Receiver<RefreshAsk>,
    arrived: &Sender<Arrived>,
    stop: &AtomicBool,
) {
    for ask in asks {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let asked = match ask {
            RefreshAsk::Samples(samples) => {
                let _ = arrived.send(Arrived::Samples(sample_arrivals(samples)));
                continue;
            }
            RefreshAsk::All => None,
            RefreshAsk::One(feed) => Some(feed),
        };
        let summary = match Reader::open(location) {
            Ok(reader) => refresh(&reader, asked, arrived, stop),
            Err(error) => RefreshSummary { failures: vec![error.into()], ..RefreshSummary::default() },
        };
        let _ = arrived.send(Arrived::Event(RefreshEvent::Finished(summary)));
    }
}

fn refresh(
    reader: &Reader,
    asked: Option<FeedId>,
    arrived: &Sender<Arrived>,
    stop: &AtomicBool,
) -> RefreshSummary {
    let mut summary = RefreshSummary::default();
    let feeds = match reader.feeds() {
        Ok(feeds) => feeds,
        Err(error) => {
            summary.failures.push(error.into());
            return summary;
        }
    };
    let due: Vec<Feed> = feeds
        .into_iter()
        .filter(|feed| feed.kind == FeedKind::Folder && asked.is_none_or(|asked| asked == feed.id))
        .collect();
    let mut pace = Pace::new(due.len());
    for (done, feed) in due.iter().enumerate() {
        let mut send = |batch| arrived.send(Arrived::Batch(batch)).is_ok() && !stop.load(Ordering::Relaxed);
        let failures = refresh_feed(reader, feed, &mut summary, &mut send);
        let health = match failures.first() {
            None => Health::Fine,
            Some(failure) => Health::Failing(failure.summary.clone()),
        };
        summary.failures.extend(failures);
        if health != feed.health {
            let _ = arrived.send(Arrived::Health(feed.id, health));
        }
        pace.done(done + 1).into_iter().for_each(|event| drop(arrived.send(Arrived::Event(event))));
    }
    summary
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
pub fn refresh_feed(
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
        let text = documents::document(&entry.body).plain_text();
        let complaints = complaints.into_iter().map(failed).collect();
        Ok((Arrival::new(entry, &text, file.size, file.modified), complaints))
    })
}

/// The sample documents, ready to be stored; one that cannot be read is left out, and a test would say so.
pub fn sample_arrivals(samples: &[(&str, &[u8])]) -> Vec<Arrival> {
    let arrival = |(name, bytes): &(&str, &[u8])| {
        let read = documents::parse(name, bytes, None).ok()?;
        let text = documents::document(&read.entry.body).plain_text();
        Some(Arrival::new(read.entry, &text, bytes.len() as u64, None))
    };
    samples.iter().filter_map(arrival).collect()
}

/// Stores the sample library as a feed of its own.
#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
pub fn store_samples(store: &mut Store, arrivals: Vec<Arrival>) -> Result<(), StoreError> {
    let (feed, _) = store.add_feed(FeedKind::Samples, "samples:", "Samples")?;
    store.ingest(&Batch { feed, arrivals, missing: Vec::new() }, Utc::now()).map(drop)
}
