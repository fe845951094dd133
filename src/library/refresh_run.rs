//! One refresh: reads folders, fetches feeds, and hands new and changed articles to the caller in
//! batches.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crossbeam_channel::{Receiver, RecvTimeoutError};

use super::{
    archive::{ArchiveExchange, ArchiveJob},
    catch_panic::catch_panic,
    clock::utc_now,
    feed_source::FeedSources,
    fetch_pool::{FeedRefreshResult, RefreshEvent, fetch_all},
    fetch_queue::FetchJob,
    file_lock::FileLock,
    foreground::Foreground,
    prefetch::{PrefetchQueue, PrefetchedFullText},
    read_folder::{FolderOutcome, MAX_BATCH_ENTRIES, read_folder},
    refresh_progress::{PROGRESS_INTERVAL, ProgressThrottle},
    rules::{RefreshRules, find_acts_on_stored},
    sync::{SyncEvent, SyncJob, SyncOutput, should_sync, start_sync_threads},
    work_marks::WorkMarks,
};
use crate::{
    model::{
        Account, AccountId, EntryId, Failure, FailureKind, Feed, FeedHealth, FeedId, FeedKind,
        RefreshProgress, RefreshScope, RefreshSummary, SyncSummary,
    },
    refresh,
    store::{
        ActOnStored, EntryUpsert, FeedUpdate, IngestBatch, LibraryLocation, MailboxFingerprint,
        ReadConnection, StoreError,
    },
};

/// Number of feeds from which on their updates are stored.
const MAX_BATCH_FEEDS: usize = 64;

/// Size of texts from which on the updates that wait are stored, in bytes.
const MAX_BATCH_BYTES: usize = 1 << 20;

/// Maximum number of stored articles on which a rule acts in one transaction: a change of the user's
/// waits for it.
const MAX_RULE_ENTRIES: usize = 10_000;

/// Number of feeds that fail without a network, before any other feed responds, after which the
/// refresh ends as offline.
const OFFLINE_AFTER_FAILURES: usize = 3;

/// A step of a refresh: something to store, or progress to report.
pub enum RefreshOutput {
    /// A write to the library.
    Write(RefreshWrite),
    /// Progress to report. Everything that it covers comes before it.
    Progress(RefreshProgress),
}

/// One write of a refresh to the library.
pub enum RefreshWrite {
    /// Articles of a folder.
    FolderBatch(IngestBatch),
    /// The health of a folder.
    FolderHealth(FeedId, FeedHealth),
    /// The mailbox files of a folder that were read to their end.
    Mailboxes(FeedId, Vec<MailboxFingerprint>),
    /// The updates of fetched feeds.
    FeedUpdates(Vec<FeedUpdate>),
    /// The full text of an article.
    FullText(PrefetchedFullText),
    /// An act of a rule on stored articles.
    RuleActs(ActOnStored),
    /// The sample documents.
    Samples(Vec<EntryUpsert>),
    /// A write of the sync of an account, which waits for its result.
    Sync(SyncJob),
    /// A write of the exchange with the shared archive, which waits for its result.
    Archive(ArchiveJob),
    /// Articles that are older than the user keeps them.
    RemoveOutdated(Vec<EntryId>),
}

/// Refreshes the feeds and folders in `scope`, and hands each step to `send`, until `send` returns
/// false or `stop` is set. Large files are marked while they are read.
///
/// Who sets `stop` calls [`Fetch::interrupt`](crate::net::Fetch::interrupt) then: otherwise the
/// requests in flight, which nobody waits for any more, last until their time-outs.
///
/// While another instance refreshes the same library, nothing is refreshed; the summary then has a
/// failure, unless the scope is [`RefreshScope::Due`].
pub fn refresh_library(
    location: &LibraryLocation,
    sources: &FeedSources,
    marks: &WorkMarks,
    scope: RefreshScope,
    stop: &Arc<AtomicBool>,
    send: &mut dyn FnMut(RefreshOutput) -> bool,
) -> RefreshSummary {
    let sources = &sources.interruptible();
    let _lock = match lock_refresh(location) {
        RefreshLock::Held(lock) => Some(lock),
        RefreshLock::NotNeeded => None,
        RefreshLock::Taken if scope == RefreshScope::Due => return RefreshSummary::default(),
        RefreshLock::Taken => {
            let sentence = "Another newsreader is refreshing this library; what it brings appears here as well.";
            return failed_summary(Failure::new(FailureKind::Feed, sentence));
        }
    };
    let (reader, feeds) = match list_due_feeds(location, sources, scope) {
        Ok(found) => found,
        Err(error) => return failed_summary(error.into()),
    };
    let (rules, rule_failures) = RefreshRules::load(sources, &reader, &feeds, scope);
    let mut exchange = ArchiveExchange::begin(location, sources, scope, &mut |job| {
        send(RefreshOutput::Write(RefreshWrite::Archive(job)))
    });
    let feeds = match &mut exchange {
        Some(exchange) => exchange.lease(feeds),
        None => feeds,
    };
    let feed_count = feeds.len();
    let (folders, documents): (Vec<Feed>, Vec<Feed>) =
        feeds.into_iter().partition(|feed| feed.kind == FeedKind::Folder);
    let mut run = RefreshRun {
        prefetch: PrefetchQueue::for_feeds(&documents),
        progress: ProgressThrottle::new(feed_count),
        done: 0,
        summary: RefreshSummary {
            requested_feeds: feed_count,
            wrong_rules: rule_failures,
            ..RefreshSummary::default()
        },
        rules,
        send,
        unanswered: folders.iter().chain(&documents).map(|feed| feed.id).collect(),
        reported_failures: 0,
        waiting: Vec::new(),
        offline: Vec::new(),
        syncing: Vec::new(),
    };
    let accounts = run.list_due_accounts(&reader, sources, scope);
    let goes_on =
        folders.iter().all(|feed| run.refresh_folder(&reader, (marks, &sources.foreground), feed));
    let jobs = fetch_jobs(&reader, documents);
    drop(reader);
    if goes_on && !stop.load(Ordering::Relaxed) {
        let syncs = start_sync_threads(location, sources, scope, accounts, stop);
        fetch_all(location, sources, jobs, &syncs, stop, &mut |event| run.handle_event(event));
        run.finish_syncs(&syncs, stop);
    }
    let mut summary = run.finish(location, sources, stop);
    let exchanged = exchange.and_then(|exchange| {
        exchange.finish(stop, &mut |job| send(RefreshOutput::Write(RefreshWrite::Archive(job))))
    });
    if let Some(exchanged) = exchanged {
        record_sync(&mut summary, exchanged);
    }
    let outdated = list_outdated(location, sources, scope).unwrap_or_else(|error| {
        summary.failures.push(error.into());
        Vec::new()
    });
    if !outdated.is_empty() {
        send(RefreshOutput::Write(RefreshWrite::RemoveOutdated(outdated)));
    }
    summary
}

/// Lists the articles that the user's setting removes at this refresh. Looked for here, so that the
/// writer only has to store what is found.
fn list_outdated(
    location: &LibraryLocation,
    sources: &FeedSources,
    scope: RefreshScope,
) -> Result<Vec<EntryId>, StoreError> {
    match sources.retention {
        Some(retention) if !matches!(scope, RefreshScope::One(_)) => {
            retention.list_outdated(&ReadConnection::open(location)?, utc_now())
        }
        _ => Ok(Vec::new()),
    }
}

fn failed_summary(failure: Failure) -> RefreshSummary {
    RefreshSummary { failures: vec![failure], ..RefreshSummary::default() }
}

fn list_due_feeds(
    location: &LibraryLocation,
    sources: &FeedSources,
    scope: RefreshScope,
) -> Result<(ReadConnection, Vec<Feed>), StoreError> {
    let reader = ReadConnection::open_for_scan(location)?;
    let (mut feeds, now) = (reader.list_feeds()?, utc_now());
    feeds
        .retain(|feed| refresh::should_refresh(feed, scope, (sources.refresh_interval(feed), now)));
    Ok((reader, feeds))
}

/// Lists the accounts that a refresh syncs: of one feed, its account.
fn list_due_accounts(
    reader: &ReadConnection,
    sources: &FeedSources,
    scope: RefreshScope,
) -> Result<Vec<Account>, StoreError> {
    let scope = match scope {
        RefreshScope::One(feed) => match reader.find_account_of_feed(feed)? {
            Some(account) => RefreshScope::Accounts(Some(account)),
            None => return Ok(Vec::new()),
        },
        scope => scope,
    };
    let (mut accounts, now) = (reader.list_accounts()?, utc_now());
    accounts.retain(|account| should_sync(account, scope, sources.default_interval, now));
    Ok(accounts)
}

/// Adds their validators to the feeds to fetch. Read here, with one connection: each fetcher thread would open
/// its own for one query per feed.
fn fetch_jobs(reader: &ReadConnection, feeds: Vec<Feed>) -> Vec<FetchJob> {
    let to_job = |feed: Feed| {
        let validators = reader.load_validators(feed.id).unwrap_or_default();
        FetchJob { feed, validators }
    };
    feeds.into_iter().map(to_job).collect()
}

/// The lock that keeps two instances from fetching the same feeds.
enum RefreshLock {
    Held(FileLock),
    /// No lock file can be written, so that no other instance can refresh this library either.
    NotNeeded,
    /// Another instance has the lock.
    Taken,
}

fn lock_refresh(location: &LibraryLocation) -> RefreshLock {
    let LibraryLocation::Folder(folder) = location else { return RefreshLock::NotNeeded };
    match FileLock::try_take(&folder.join("refresh.lock")) {
        Ok(Some(lock)) => RefreshLock::Held(lock),
        Ok(None) => RefreshLock::Taken,
        Err(_) => RefreshLock::NotNeeded,
    }
}

/// The state of a running refresh.
struct RefreshRun<'a> {
    prefetch: PrefetchQueue,
    rules: RefreshRules,
    progress: ProgressThrottle,
    /// Number of feeds and folders that are done.
    done: usize,
    summary: RefreshSummary,
    /// Feeds and folders that are not done.
    unanswered: BTreeSet<FeedId>,
    /// Number of the failures of the summary that have been reported.
    reported_failures: usize,
    send: &'a mut dyn FnMut(RefreshOutput) -> bool,
    /// Updates of feeds that are stored together, at the next progress report at the latest: feeds
    /// that share a transaction share the pages that it writes.
    waiting: Vec<FeedUpdate>,
    /// Feeds that failed without a network. If no feed responds, they are not at fault.
    offline: Vec<FeedRefreshResult>,
    /// Accounts whose syncs have not ended.
    syncing: Vec<AccountId>,
}

impl RefreshRun<'_> {
    fn send_write(&mut self, write: RefreshWrite) -> bool {
        (self.send)(RefreshOutput::Write(write))
    }

    /// Reads a folder; returns false if the refresh should end.
    fn refresh_folder(
        &mut self,
        reader: &ReadConnection,
        (marks, foreground): (&WorkMarks, &Foreground),
        feed: &Feed,
    ) -> bool {
        let RefreshRun { send, summary, rules, .. } = self;
        let mut rule_failure = None;
        let mut send_batch = |mut batch: IngestBatch| {
            rule_failure =
                rules.match_upserts(feed.id, None, &mut batch.upserts).or(rule_failure.take());
            send(RefreshOutput::Write(RefreshWrite::FolderBatch(batch)))
        };
        let read = catch_panic(feed.display_name(), || {
            Ok(read_folder(reader, (marks, foreground), feed, summary, &mut send_batch))
        });
        let FolderOutcome { failures, mailboxes } = read
            .unwrap_or_else(|failure| FolderOutcome { failures: vec![failure], mailboxes: None });
        let health = match failures.first() {
            None => FeedHealth::Healthy,
            Some(failure) => FeedHealth::Failing(failure.summary.clone()),
        };
        self.summary.failures.extend(failures);
        self.summary.failures.extend(rule_failure);
        let goes_on = mailboxes
            .is_none_or(|read| self.send_write(RefreshWrite::Mailboxes(feed.id, read)))
            && (health == feed.health
                || self.send_write(RefreshWrite::FolderHealth(feed.id, health)));
        self.unanswered.remove(&feed.id);
        self.done += 1;
        goes_on && self.report_progress()
    }

    /// Lists the accounts that are synced while feeds are fetched, and notes them.
    fn list_due_accounts(
        &mut self,
        reader: &ReadConnection,
        sources: &FeedSources,
        scope: RefreshScope,
    ) -> Vec<Account> {
        let accounts = list_due_accounts(reader, sources, scope).unwrap_or_else(|error| {
            self.summary.failures.push(error.into());
            Vec::new()
        });
        self.syncing = accounts.iter().map(|account| account.id).collect();
        accounts
    }

    /// Handles an event while feeds are fetched; returns false if no further feeds should be.
    fn handle_event(&mut self, event: RefreshEvent) -> bool {
        match event {
            RefreshEvent::Feed(result) => self.handle_result(*result),
            RefreshEvent::Sync(event) => self.handle_sync(event),
            RefreshEvent::NothingArrived => self.report_progress(),
        }
    }

    /// Handles a step of a sync; returns false if the refresh should end.
    fn handle_sync(&mut self, event: SyncEvent) -> bool {
        match event {
            SyncEvent::Output(SyncOutput::Write(job)) => {
                self.send_write(RefreshWrite::Sync(job)) && self.report_progress()
            }
            SyncEvent::Output(SyncOutput::Progress(progress)) => {
                (self.send)(RefreshOutput::Progress(progress)) && self.report_progress()
            }
            SyncEvent::Ended(account, result) => {
                self.syncing.retain(|syncing| *syncing != account);
                match result {
                    Ok(summary) => record_sync(&mut self.summary, summary),
                    Err(failure) => self.summary.failures.push(failure),
                }
                self.report_progress()
            }
        }
    }

    /// Waits for the accounts that are not synced yet after the feeds, until `stop` is set.
    fn finish_syncs(&mut self, syncs: &Receiver<SyncEvent>, stop: &AtomicBool) {
        let mut goes_on = true;
        while goes_on && !stop.load(Ordering::Relaxed) {
            goes_on = match syncs.recv_timeout(PROGRESS_INTERVAL) {
                Ok(event) => self.handle_sync(event),
                Err(RecvTimeoutError::Timeout) => self.report_progress(),
                Err(RecvTimeoutError::Disconnected) => return,
            };
        }
    }

    /// Stores the result of a feed; returns false if no further feeds should be fetched.
    fn handle_result(&mut self, result: FeedRefreshResult) -> bool {
        let responses = self.done - self.offline.len();
        self.unanswered.remove(&result.update.feed);
        self.done += 1;
        if result.offline {
            self.offline.push(result);
            return self.report_progress()
                && (self.offline.len() < OFFLINE_AFTER_FAILURES || responses > 0);
        }
        self.record_result(result) && self.report_progress()
    }

    fn record_result(&mut self, mut result: FeedRefreshResult) -> bool {
        let FeedUpdate { feed, upserts, metadata, .. } = &mut result.update;
        let rule_failure = self.rules.match_upserts(*feed, metadata.as_ref(), upserts);
        self.summary.failures.extend(rule_failure);
        self.prefetch.enqueue_update(&result.update);
        self.summary.failures.extend(result.failure);
        self.summary.moves.extend(result.moved);
        self.summary.new_entries += result.new_entries;
        self.summary.changed_entries += result.edited_entries;
        self.waiting.push(result.update);
        !is_full_batch(&self.waiting) || self.store_waiting()
    }

    /// Applies the rules whose queries depend on the day to what is stored. What this refresh has
    /// brought was matched when it arrived.
    fn apply_dated_rules(&mut self, location: &LibraryLocation) {
        let found = ReadConnection::open(location)
            .and_then(|reader| find_acts_on_stored(&reader, self.rules.rules(), true));
        let acts = match found {
            Ok(acts) => acts,
            Err(error) => return self.summary.failures.push(error.into()),
        };
        for ActOnStored { act, ids } in acts {
            for part in ids.chunks(MAX_RULE_ENTRIES) {
                let part = ActOnStored { act: Arc::clone(&act), ids: part.to_vec() };
                if !self.send_write(RefreshWrite::RuleActs(part)) {
                    return;
                }
            }
        }
    }

    fn store_waiting(&mut self) -> bool {
        let updates = std::mem::take(&mut self.waiting);
        updates.is_empty() || self.send_write(RefreshWrite::FeedUpdates(updates))
    }

    /// Reports progress if a report is due, and stores before what it covers: a feed that failed shows
    /// it at once and not at the end of the refresh.
    fn report_progress(&mut self) -> bool {
        let mut events = self.progress.progress_events(self.done);
        if events.is_empty() {
            return true;
        }
        events.push(RefreshProgress::Unanswered(self.unanswered.iter().copied().collect()));
        events.push(RefreshProgress::Syncing(self.syncing.clone()));
        let failed = self.summary.failures[self.reported_failures..].to_vec();
        self.reported_failures = self.summary.failures.len();
        events.extend((!failed.is_empty()).then_some(RefreshProgress::FeedsFailed(failed)));
        self.store_waiting()
            && events.into_iter().all(|event| (self.send)(RefreshOutput::Progress(event)))
    }

    /// Stores the remaining updates, prefetches full texts, and returns the summary.
    fn finish(
        mut self,
        location: &LibraryLocation,
        sources: &FeedSources,
        stop: &AtomicBool,
    ) -> RefreshSummary {
        let offline = std::mem::take(&mut self.offline);
        if offline.len() == self.done && !offline.is_empty() {
            self.summary.is_offline = true;
        } else {
            for result in offline {
                self.record_result(result);
            }
        }
        self.store_waiting();
        if self.rules.rules().has_dated_rules() && !stop.load(Ordering::Relaxed) {
            self.apply_dated_rules(location);
        }
        let send = self.send;
        self.prefetch.fetch_all(sources, stop, &mut |page| {
            send(RefreshOutput::Write(RefreshWrite::FullText(page)))
        });
        self.summary
    }
}

/// Adds the result of the sync of an account, or of the exchange with the archive.
fn record_sync(summary: &mut RefreshSummary, sync: SyncSummary) {
    summary.new_entries += sync.new_entries;
    summary.changed_entries += sync.changed_entries;
    let problem = sync.problem_with_name().filter(|_| !sync.is_offline);
    summary.failures.extend(problem.map(|problem| Failure::new(FailureKind::Feed, problem)));
    // With feeds, these tell whether there is a network.
    summary.is_offline |= sync.is_offline && summary.requested_feeds == 0;
    summary.syncs.push(sync);
}

/// Returns true if updates should be stored now, so that their transaction stays short.
fn is_full_batch(updates: &[FeedUpdate]) -> bool {
    let upserts = || updates.iter().flat_map(|update| &update.upserts);
    updates.len() >= MAX_BATCH_FEEDS
        || upserts().count() >= MAX_BATCH_ENTRIES
        || upserts().map(|upsert| upsert.body().text.len()).sum::<usize>() >= MAX_BATCH_BYTES
}
