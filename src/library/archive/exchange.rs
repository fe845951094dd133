//! One exchange with the archive, as a part of a refresh: it says which feeds to fetch, and then takes what others have
//! published, publishes what was fetched, and tells and learns marks. Every write goes to the caller.
//!
//! Nothing is lost at any moment at which either side ends: what is sent leaves its queue once the archive has confirmed
//! it, and is the same when it is sent twice; what is taken is stored with its cursor in one transaction.

use std::{
    collections::{HashMap, HashSet},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use crossbeam_channel::{Receiver, bounded};

use super::{
    ArchiveAccessError,
    arrival_comparison::ArrivalComparison,
    exchange_error::ExchangeError,
    publication::{find_archived, load_articles, remove_known},
    publishable::{is_open, is_publishable},
    received_article::{ReceivedArticle, receive_article},
    writes::{ArchiveWrite, SendArchiveJob, write},
};
use crate::{
    archive::{
        Archive, ArchiveCursor, ArchiveError, ArchiveStart, ArchivedMark, ArticleKey,
        ArticlePublication, FetchedFeed, LeaseRequest, MarkChange,
    },
    library::{clock::utc_now, feed_source::FeedSources},
    model::{Feed, FeedId, RefreshScope, SyncSummary},
    store::{
        ArchiveMark, ArchiveMarkExchange, ArchiveState, ArchivedBatch, ArrivalSpan,
        LibraryLocation, ReadConnection,
    },
    text::count_noun,
};

/// Time for which a feed is fetched by one reader, in seconds. A reader that dies loses it after that.
const LEASE_SECONDS: u32 = 600;

/// Time for which a refresh waits for the archive before feeds are fetched without its leases.
const LEASE_PATIENCE: Duration = Duration::from_secs(3);

/// Time for which the end of a refresh waits for an archive that has not answered yet.
const CONNECT_PATIENCE: Duration = Duration::from_secs(20);

/// Number of articles of the queue that are loaded at once.
const PUBLISHED_AT_ONCE: usize = 100;

/// Number of articles that are released at once: a key must not wait for it.
const RELEASED_AT_ONCE: usize = 200;

/// Number of times that so many are released in one refresh.
const RELEASES_PER_REFRESH: usize = 10;

/// Number of marks that are sent at once.
const MARKS_AT_ONCE: usize = 1_000;

/// An exchange that has begun: the archive is being connected to on a thread of its own.
pub(in crate::library) struct ArchiveExchange<'a> {
    location: &'a LibraryLocation,
    sources: &'a FeedSources,
    opening: Receiver<Result<Box<dyn Archive>, ArchiveAccessError>>,
    archive: Option<Box<dyn Archive>>,
    newest_count: u64,
    failure: Option<ArchiveAccessError>,
    state: ArchiveState,
    /// The feeds that this reader fetches for all.
    leased: Vec<FetchedFeed>,
    summary: SyncSummary,
}

impl<'a> ArchiveExchange<'a> {
    /// Begins an exchange; `None` without an archive, or if the refresh is about something else.
    pub(in crate::library) fn begin(
        location: &'a LibraryLocation,
        sources: &'a FeedSources,
        scope: RefreshScope,
        send: SendArchiveJob<'_>,
    ) -> Option<ArchiveExchange<'a>> {
        let source = sources.archive.clone()?;
        if matches!(scope, RefreshScope::One(_) | RefreshScope::Accounts(Some(_))) {
            return None;
        }
        let join = ArchiveWrite::Join(source.address().to_owned());
        let state = write(send, join).ok()?.state?;
        let (newest_count, (opened, opening)) = (source.newest_count(), bounded(1));
        let connect = move || {
            let _ = opened.send(source.connect());
        };
        // Without a thread, nobody answers, and the exchange fails as one with a server that is down.
        let _ = thread::Builder::new().name("job archive".to_owned()).spawn(connect);
        Some(ArchiveExchange {
            location,
            sources,
            opening,
            archive: None,
            newest_count,
            failure: None,
            state,
            leased: Vec::new(),
            summary: SyncSummary { account: "Archive".to_owned(), ..SyncSummary::default() },
        })
    }

    /// Returns the feeds without those that others fetch or have just fetched. If the archive does not answer, all.
    pub(in crate::library) fn lease(&mut self, feeds: Vec<Feed>) -> Vec<Feed> {
        let shared: Vec<String> =
            feeds.iter().filter(|feed| is_leased(feed)).map(|feed| feed.url.clone()).collect();
        self.wait_for_archive(LEASE_PATIENCE);
        let Some(archive) = self.archive.as_mut().filter(|_| !shared.is_empty()) else {
            return feeds;
        };
        let reader = self.state.reader.clone();
        let asked: HashSet<String> = shared.iter().cloned().collect();
        let request = LeaseRequest { reader, feeds: shared, seconds: LEASE_SECONDS };
        let Ok(leased) = archive.lease(&request) else { return feeds };
        let leased: HashSet<String> = leased.into_iter().collect();
        let is_ours = |feed: &Feed| !asked.contains(&feed.url) || leased.contains(&feed.url);
        let (ours, _): (Vec<Feed>, Vec<Feed>) = feeds.into_iter().partition(is_ours);
        let fetched = ours.iter().filter(|feed| leased.contains(&feed.url));
        self.leased = fetched.map(|feed| self.to_fetched(feed)).collect();
        ours
    }

    fn to_fetched(&self, feed: &Feed) -> FetchedFeed {
        let interval = self.sources.refresh_interval(feed).num_seconds();
        FetchedFeed {
            url: feed.url.clone(),
            title: feed.title.clone(),
            next_fetch_seconds: u32::try_from(interval).unwrap_or(0),
        }
    }

    fn wait_for_archive(&mut self, patience: Duration) {
        if self.archive.is_some() || self.failure.is_some() {
            return;
        }
        match self.opening.recv_timeout(patience) {
            Ok(Ok(archive)) => self.archive = Some(archive),
            Ok(Err(error)) => self.failure = Some(error),
            Err(_) => {}
        }
    }

    /// Exchanges articles and marks after the feeds were fetched, and returns what was done; `None` if that was stopped.
    pub(in crate::library) fn finish(
        mut self,
        stop: &AtomicBool,
        send: SendArchiveJob<'_>,
    ) -> Option<SyncSummary> {
        let result = self.run(stop, send);
        if let Err(error) = result {
            if matches!(error, ExchangeError::Stopped) || stop.load(Ordering::Relaxed) {
                return None;
            }
            self.summary.problem = Some(error.to_string());
            self.summary.has_failed = true;
            // A server that is away is a state: everything waits, and the reader works.
            self.summary.is_offline = matches!(
                &error,
                ExchangeError::Access(ArchiveAccessError::Archive(error)) if error.is_unreachable()
            );
        }
        let waiting =
            ReadConnection::open(self.location).and_then(|reader| reader.count_archive_outbox());
        if let Ok((articles, marks)) = waiting {
            self.summary.waiting_marks = articles + marks;
        }
        Some(self.summary)
    }

    fn run(&mut self, stop: &AtomicBool, send: SendArchiveJob<'_>) -> Result<(), ExchangeError> {
        self.wait_for_archive(CONNECT_PATIENCE);
        if let Some(failure) = self.failure.take() {
            return Err(failure.into());
        }
        let Some(mut archive) = self.archive.take() else {
            let reason = "it has not answered in time".to_owned();
            let host = self.state.address.clone();
            return Err(ArchiveError::Unreachable { host, reason }.into());
        };
        self.take_articles(&mut *archive, stop, send)?;
        self.publish(&mut *archive, stop, send)?;
        self.exchange_marks(&mut *archive, stop, send)?;
        self.release_old(&mut *archive, stop, send)
    }

    /// Releases old articles that the archive has as they are, so that the library keeps about as many as one takes that
    /// joins.
    fn release_old(
        &mut self,
        archive: &mut dyn Archive,
        stop: &AtomicBool,
        send: SendArchiveJob<'_>,
    ) -> Result<(), ExchangeError> {
        for _ in 0..RELEASES_PER_REFRESH {
            check(stop)?;
            let reader = ReadConnection::open(self.location)?;
            let found = reader.list_releasable(self.newest_count, RELEASED_AT_ONCE, utc_now())?;
            let Some(mut found) = found else { break };
            found.entries = find_archived(archive, &reader, &found.entries)?;
            drop(reader);
            let is_last = found.place.is_none();
            write(send, ArchiveWrite::Release(found))?;
            if is_last {
                break;
            }
        }
        Ok(())
    }

    /// Takes what others have published.
    fn take_articles(
        &mut self,
        archive: &mut dyn Archive,
        stop: &AtomicBool,
        send: SendArchiveJob<'_>,
    ) -> Result<(), ExchangeError> {
        let mut arrivals = ArrivalComparison::new(self.location, self.sources);
        let mut unreadable = 0;
        loop {
            check(stop)?;
            let arrived = archive.since(self.article_cursor())?;
            unreadable += arrived.unreadable;
            let is_new = self.state.article_cursor != Some(arrived.cursor);
            self.state.article_cursor = Some(arrived.cursor);
            let ArchiveStart { last_arrival, published_from } = arrived.start;
            if self.state.first_arrival.is_none() {
                self.state.first_arrival = Some(last_arrival);
                self.state.published_from = published_from;
            }
            let mut articles = arrived.articles;
            remove_known(&ReadConnection::open(self.location)?, &mut articles)?;
            let count = articles.len();
            let received: Vec<ReceivedArticle> =
                articles.into_iter().filter_map(receive_article).collect();
            unreadable += count - received.len();
            if is_new {
                let upserts = arrivals.compare(received, send)?;
                let end = arrived.cursor;
                let span = ArrivalSpan { start: last_arrival, published_from, end };
                let batch = ArchivedBatch { upserts, span: Some(span) };
                let stored = write(send, ArchiveWrite::Articles(batch))?;
                self.summary.new_entries += stored.new_entries;
                self.summary.changed_entries += stored.changed_entries;
            }
            if !arrived.has_more {
                break;
            }
        }
        if unreadable > 0 {
            let articles = count_noun(unreadable, "article");
            self.summary.problem = Some(format!(
                "{articles} could not be taken: their text is damaged, or their feed is not public"
            ));
        }
        Ok(())
    }

    /// Returns the place from which on articles are taken.
    fn article_cursor(&self) -> ArchiveCursor {
        let ArchiveState { article_cursor, first_arrival, published_from, .. } = self.state;
        match article_cursor {
            None => ArchiveCursor::Newest(self.newest_count),
            Some(after) => {
                let last_arrival = first_arrival.unwrap_or_default();
                ArchiveCursor::Joining(ArchiveStart { last_arrival, published_from }, after)
            }
        }
    }

    /// Publishes what is in the queue, and tells which feeds were fetched.
    fn publish(
        &mut self,
        archive: &mut dyn Archive,
        stop: &AtomicBool,
        send: SendArchiveJob<'_>,
    ) -> Result<(), ExchangeError> {
        let feeds = self.publishable_feeds()?;
        loop {
            check(stop)?;
            let reader = ReadConnection::open(self.location)?;
            let queue = reader.list_to_publish(PUBLISHED_AT_ONCE)?;
            if queue.entries.is_empty() {
                break;
            }
            let articles = load_articles(&reader, &feeds, &queue.entries)?;
            drop(reader);
            if !articles.is_empty() {
                let outcome = archive.publish(&self.publication(articles, Vec::new()))?;
                self.summary.published_articles += outcome.new + outcome.edited;
            }
            write(send, ArchiveWrite::Published(queue.end))?;
        }
        let fetched = std::mem::take(&mut self.leased);
        if !fetched.is_empty() {
            archive.publish(&self.publication(Vec::new(), fetched))?;
        }
        Ok(())
    }

    /// Returns the feeds whose articles are published.
    fn publishable_feeds(&self) -> Result<HashMap<FeedId, Feed>, ExchangeError> {
        let feeds = ReadConnection::open(self.location)?.list_feeds()?;
        Ok(feeds.into_iter().filter(is_publishable).map(|feed| (feed.id, feed)).collect())
    }

    fn publication(
        &self,
        articles: Vec<crate::archive::PublishedArticle>,
        fetched: Vec<FetchedFeed>,
    ) -> ArticlePublication {
        ArticlePublication { reader: self.state.reader.clone(), articles, fetched }
    }

    /// Tells the marks that wait, and takes those of the archive; the first time, then tells those from before the library
    /// took part. It is told of no article that is not published: the address of a feed may be a secret.
    fn exchange_marks(
        &mut self,
        archive: &mut dyn Archive,
        stop: &AtomicBool,
        send: SendArchiveJob<'_>,
    ) -> Result<(), ExchangeError> {
        let feeds = self.publishable_feeds()?;
        let urls: HashSet<&str> = feeds.values().map(|feed| feed.url.as_str()).collect();
        loop {
            check(stop)?;
            let waiting =
                ReadConnection::open(self.location)?.list_archive_outbox(MARKS_AT_ONCE)?;
            let published =
                waiting.iter().filter(|waiting| urls.contains(waiting.mark.feed.as_str()));
            let changes: Vec<MarkChange> =
                published.filter_map(|waiting| to_change(&waiting.mark)).collect();
            let exchange = archive.states(self.state.mark_cursor, &changes)?;
            let received = exchange.changes.into_iter().map(from_change).collect();
            self.state.mark_cursor = exchange.cursor;
            let is_last = !exchange.has_more && waiting.len() < MARKS_AT_ONCE;
            self.summary.sent_marks += changes.len() - exchange.unknown_articles.min(changes.len());
            let marks = ArchiveMarkExchange { sent: waiting, received, cursor: exchange.cursor };
            self.summary.received_marks += write(send, ArchiveWrite::Marks(marks))?.changed_marks;
            if is_last {
                if std::mem::replace(&mut self.state.marks_offered, true) {
                    return Ok(());
                }
                write(send, ArchiveWrite::OfferMarks)?;
            }
        }
    }
}

/// Returns whether a feed is fetched by one reader for all: others cannot fetch one that is private.
fn is_leased(feed: &Feed) -> bool {
    is_publishable(feed) && is_open(feed)
}

fn to_change(mark: &ArchiveMark) -> Option<MarkChange> {
    let article = ArticleKey { feed: mark.feed.clone(), guid: mark.guid.clone() };
    let name = ArchivedMark::from_stored_name(&mark.mark)?;
    Some(MarkChange { article, mark: name, wanted: mark.wanted })
}

fn from_change(change: MarkChange) -> ArchiveMark {
    let ArticleKey { feed, guid } = change.article;
    ArchiveMark { feed, guid, mark: change.mark.stored_name(), wanted: change.wanted }
}

fn check(stop: &AtomicBool) -> Result<(), ExchangeError> {
    if stop.load(Ordering::Relaxed) { Err(ExchangeError::Stopped) } else { Ok(()) }
}
