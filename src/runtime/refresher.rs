//! The thread that refreshes: what is new in folders and feeds becomes batches for the writer.

use std::{
    fs::{File, TryLockError},
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use chrono::Utc;
use crossbeam_channel::{Receiver, Sender};

use super::{
    feed_source::FeedSources,
    fetch_pool::{FeedRefreshResult, fetch_all},
    prefetch::{PrefetchQueue, PrefetchedFullText},
    priority::{REFRESH_NICENESS, lower_priority},
    workers::catch_panic,
};
use crate::{
    app::{RefreshProgress, RefreshSummary},
    documents::{self, ArticleFile, FileEntry},
    model::{Failure, FailureKind, Feed, FeedHealth, FeedId, FeedKind, RefreshScope},
    refresh::{self, FolderDiff},
    store::{
        EntryUpsert, FeedUpdate, IngestBatch, LibraryLocation, ReadConnection, StoreError,
        WriteConnection,
    },
};

/// Articles in one batch: one transaction, short enough that a change of the user's waits a few milliseconds.
const MAX_BATCH_ENTRIES: usize = 256;

/// Feeds without news that are noted in one transaction.
const MAX_UNCHANGED_BATCH: usize = 64;

/// Feeds that have to fail for want of a network, and none to answer, for the program to be offline.
const OFFLINE_AFTER_FAILURES: usize = 3;

/// Time between two tidings of progress.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(250);

/// What the thread is asked.
pub(super) enum RefreshRequest {
    /// Refresh these.
    Refresh(RefreshScope),
    /// Store the sample documents.
    LoadSamples(&'static [(&'static str, &'static [u8])]),
}

/// What the thread hands to the writer; an end mark travels behind what it ends.
pub enum RefreshOutput {
    /// Files of a folder.
    FolderBatch(IngestBatch),
    /// How reading a folder went.
    FolderHealth(FeedId, FeedHealth),
    /// What feeds have published.
    FeedUpdates(Vec<FeedUpdate>),
    /// The page of an article that is wanted in full.
    FullText(PrefetchedFullText),
    /// The sample documents.
    Samples(Vec<EntryUpsert>),
    /// How it goes.
    Progress(RefreshProgress),
}

/// Runs until nobody can ask any more, or `stop` is set.
pub(super) fn run_refresh_thread(
    location: &LibraryLocation,
    sources: &FeedSources,
    asks: &Receiver<RefreshRequest>,
    arrived: &Sender<RefreshOutput>,
    stop: &AtomicBool,
) {
    lower_priority(REFRESH_NICENESS);
    for ask in asks {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        match ask {
            RefreshRequest::LoadSamples(samples) => {
                let _ = arrived.send(RefreshOutput::Samples(parse_samples(samples)));
            }
            RefreshRequest::Refresh(asked) => {
                let mut send =
                    |message| arrived.send(message).is_ok() && !stop.load(Ordering::Relaxed);
                let summary = refresh_library(location, sources, asked, stop, &mut send);
                let _ = arrived.send(RefreshOutput::Progress(RefreshProgress::Finished(summary)));
            }
        }
    }
}

/// Refreshes what is asked for, unless another instance is at it. `send` tells whether to go on.
#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
pub fn refresh_library(
    location: &LibraryLocation,
    sources: &FeedSources,
    asked: RefreshScope,
    stop: &AtomicBool,
    send: &mut dyn FnMut(RefreshOutput) -> bool,
) -> RefreshSummary {
    let mut summary = RefreshSummary::default();
    let _lock = match lock_refresh(location) {
        Ok(lock) => lock,
        Err(()) if asked == RefreshScope::Due => return summary,
        Err(()) => {
            let sentence = "Another newsreader is refreshing this library; what it brings appears here as well.";
            summary.failures.push(Failure::new(FailureKind::Feed, sentence));
            return summary;
        }
    };
    let feeds = match ReadConnection::open(location)
        .and_then(|reader| Ok((reader.list_feeds()?, reader)))
    {
        Ok(found) => found,
        Err(error) => {
            summary.failures.push(error.into());
            return summary;
        }
    };
    let (mut feeds, reader) = feeds;
    let now = Utc::now();
    feeds.retain(|feed| refresh::should_refresh(feed, asked, now));
    summary.requested_feeds = feeds.len();
    let (folders, documents): (Vec<Feed>, Vec<Feed>) =
        feeds.into_iter().partition(|feed| feed.kind == FeedKind::Folder);
    let mut round = RefreshRun {
        prefetch: PrefetchQueue::for_feeds(&documents),
        progress: ProgressThrottle::new(summary.requested_feeds),
        done: 0,
        summary,
        send,
        unchanged: Vec::new(),
        offline: Vec::new(),
    };
    let going = folders.iter().all(|feed| round.refresh_folder(&reader, feed));
    drop(reader);
    if going {
        fetch_all(location, sources, documents, stop, &mut |answered| {
            round.handle_result(answered)
        });
    }
    round.finish(sources, stop)
}

/// One refresher at a time: two would fetch everything twice. The lock is gone with the process that holds it.
fn lock_refresh(location: &LibraryLocation) -> Result<Option<File>, ()> {
    let LibraryLocation::Folder(folder) = location else { return Ok(None) };
    // A folder that nothing can be written to has no second refresher either.
    let Ok(file) = File::create(folder.join("refresh.lock")) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Err(()),
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// A refresh while it goes on.
struct RefreshRun<'a> {
    prefetch: PrefetchQueue,
    progress: ProgressThrottle,
    done: usize,
    summary: RefreshSummary,
    send: &'a mut dyn FnMut(RefreshOutput) -> bool,
    /// Feeds without news, still to be noted.
    unchanged: Vec<FeedUpdate>,
    /// Feeds that failed for want of a network; if none answers they are not at fault.
    offline: Vec<FeedRefreshResult>,
}

impl RefreshRun<'_> {
    fn refresh_folder(&mut self, reader: &ReadConnection, feed: &Feed) -> bool {
        let mut send = |batch| (self.send)(RefreshOutput::FolderBatch(batch));
        let failures = read_folder(reader, feed, &mut self.summary, &mut send);
        let health = match failures.first() {
            None => FeedHealth::Healthy,
            Some(failure) => FeedHealth::Failing(failure.summary.clone()),
        };
        self.summary.failures.extend(failures);
        let kept =
            health == feed.health || (self.send)(RefreshOutput::FolderHealth(feed.id, health));
        kept && self.report_progress()
    }

    /// Takes what came of a feed; tells whether to go on.
    fn handle_result(&mut self, answered: FeedRefreshResult) -> bool {
        let answers = self.done - self.offline.len();
        if answered.offline {
            self.offline.push(answered);
            return self.report_progress()
                && (self.offline.len() < OFFLINE_AFTER_FAILURES || answers > 0);
        }
        self.record_result(answered) && self.report_progress()
    }

    fn record_result(&mut self, answered: FeedRefreshResult) -> bool {
        self.prefetch.enqueue_update(&answered.update);
        self.summary.failures.extend(answered.failure);
        self.summary.new_entries += answered.new_entries;
        self.summary.changed_entries += answered.update.upserts.len() - answered.new_entries;
        if !answered.update.upserts.is_empty() {
            return (self.send)(RefreshOutput::FeedUpdates(vec![answered.update]));
        }
        self.unchanged.push(answered.update);
        self.unchanged.len() < MAX_UNCHANGED_BATCH || self.flush_unchanged()
    }

    fn flush_unchanged(&mut self) -> bool {
        self.unchanged.is_empty()
            || (self.send)(RefreshOutput::FeedUpdates(std::mem::take(&mut self.unchanged)))
    }

    fn report_progress(&mut self) -> bool {
        self.done += 1;
        let events = self.progress.progress_events(self.done);
        events.into_iter().all(|event| (self.send)(RefreshOutput::Progress(event)))
    }

    fn finish(mut self, sources: &FeedSources, stop: &AtomicBool) -> RefreshSummary {
        let offline = std::mem::take(&mut self.offline);
        if offline.len() == self.done && !offline.is_empty() {
            self.summary.is_offline = true;
        } else {
            for answered in offline {
                self.record_result(answered);
            }
        }
        self.flush_unchanged();
        self.prefetch
            .fetch_all(sources, stop, &mut |page| (self.send)(RefreshOutput::FullText(page)));
        self.summary
    }
}

/// Tells of progress a few times a second, and of a refresh that is over before that not at all.
struct ProgressThrottle {
    total: usize,
    started: bool,
    last_report: Instant,
}

impl ProgressThrottle {
    #[expect(clippy::disallowed_methods, reason = "how often the screen is told")]
    fn new(total: usize) -> ProgressThrottle {
        ProgressThrottle { total, started: false, last_report: Instant::now() }
    }

    /// What to tell when so many feeds are done.
    #[expect(clippy::disallowed_methods, reason = "how often the screen is told")]
    fn progress_events(&mut self, done: usize) -> Vec<RefreshProgress> {
        if self.last_report.elapsed() < PROGRESS_INTERVAL {
            return Vec::new();
        }
        self.last_report = Instant::now();
        let begun = std::mem::replace(&mut self.started, true);
        let started = (!begun).then_some(RefreshProgress::Started(self.total));
        started.into_iter().chain([RefreshProgress::FeedsDone(done)]).collect()
    }
}

/// Reads one folder again: hands out batches, counts into `summary`, and gives back what could not be read.
///
/// `send` tells whether to go on.
fn read_folder(
    reader: &ReadConnection,
    feed: &Feed,
    summary: &mut RefreshSummary,
    send: &mut dyn FnMut(IngestBatch) -> bool,
) -> Vec<Failure> {
    let Some(path) = refresh::file_url_to_path(&feed.url) else { return Vec::new() };
    let known = match reader.list_file_fingerprints(feed.id) {
        Ok(known) => known,
        Err(error) => return vec![error.into()],
    };
    let scan = documents::scan_folder(&path);
    let failed = |sentence: String| Failure::new(FailureKind::File, sentence);
    let mut failures: Vec<Failure> =
        scan.warnings.into_iter().map(|complaint| failed(complaint.message)).collect();
    // A folder that cannot be read at all has lost nothing: its articles are not marked as gone.
    let unreadable = scan.files.is_empty() && !failures.is_empty();
    let mut plan = refresh::diff_folder(&known, &scan.files);
    let mut arrivals = Vec::with_capacity(MAX_BATCH_ENTRIES.min(plan.to_read.len()));
    for file in std::mem::take(&mut plan.to_read) {
        match read_document(&file) {
            Ok((arrival, complaints)) => {
                failures.extend(complaints);
                arrivals.push(match_moved_file(arrival, &mut plan, summary));
            }
            Err(failure) => failures.push(failure),
        }
        if arrivals.len() == MAX_BATCH_ENTRIES {
            let batch = IngestBatch {
                feed: feed.id,
                upserts: std::mem::take(&mut arrivals),
                missing_files: Vec::new(),
            };
            if !send(batch) {
                return failures;
            }
        }
    }
    let missing = if unreadable { Vec::new() } else { plan.newly_missing() };
    if !arrivals.is_empty() || !missing.is_empty() {
        send(IngestBatch { feed: feed.id, upserts: arrivals, missing_files: missing });
    }
    failures
}

/// A file that has moved keeps its entry; the others are new, unless the folder knew them.
fn match_moved_file(
    arrival: EntryUpsert,
    plan: &mut FolderDiff,
    summary: &mut RefreshSummary,
) -> EntryUpsert {
    let known = plan.knows_path(arrival.guid());
    let moved = if known { None } else { plan.take_moved(arrival.digest()) };
    if known || moved.is_some() {
        summary.changed_entries += 1;
    } else {
        summary.new_entries += 1;
    }
    match moved {
        Some(id) => arrival.with_known_id(id),
        None => arrival,
    }
}

fn read_document(file: &ArticleFile) -> Result<(EntryUpsert, Vec<Failure>), Failure> {
    let failed = |sentence: String| Failure::new(FailureKind::File, sentence);
    let name = file.path.display().to_string();
    catch_panic(&name, || {
        let FileEntry { mut entry, warnings: complaints } =
            documents::read_article_file(file).map_err(|error| failed(error.to_string()))?;
        // Within a folder the path identifies a file, whatever it says of itself; a moved one is told by its content.
        entry.guid.clone_from(&file.relative_path);
        let complaints = complaints.into_iter().map(failed).collect();
        Ok((EntryUpsert::new(entry, file.size, file.modified), complaints))
    })
}

/// The sample documents, ready to be stored; one that cannot be read is left out, and a test would say so.
pub fn parse_samples(samples: &[(&str, &[u8])]) -> Vec<EntryUpsert> {
    let arrival = |(name, bytes): &(&str, &[u8])| {
        let read = documents::parse_file(name, bytes, None).ok()?;
        Some(EntryUpsert::new(read.entry, bytes.len() as u64, None))
    };
    samples.iter().filter_map(arrival).collect()
}

/// Stores the sample library as a feed of its own.
#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
pub fn store_samples(
    store: &mut WriteConnection,
    arrivals: Vec<EntryUpsert>,
) -> Result<(), StoreError> {
    let (feed, _) = store.add_feed(FeedKind::Samples, "samples:", "Samples")?;
    store
        .ingest_batch(
            &IngestBatch { feed, upserts: arrivals, missing_files: Vec::new() },
            Utc::now(),
        )
        .map(drop)
}
