//! The thread that answers what a list shows. Only the newest question is answered.

mod backlog;
mod execute;
mod local_days;
mod selection;
mod snapshot;

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use chrono::{NaiveDate, NaiveTime};
use crossbeam_channel::{Receiver, Sender};

pub(super) use self::local_days::local_day_start;
use self::{
    backlog::UnindexedBacklog,
    execute::{REPORT_INTERVAL, SearchHits, SearchPlan},
    local_days::local_today,
    selection::nearest_position,
};
use super::write_barrier::WriteBarrier;
use crate::{
    app::{Message, RequestId, SearchRequest, SearchResults, SearchSummary},
    index::{self, IndexError, IndexQuery, IndexReader, QueryContext},
    model::{AppliedChange, EntryId, FeedId, HistogramBuckets, ViewScope},
    query::{self, FeedNames, Query},
    store::{ReadConnection, StateBitmaps, StoreError},
};

/// What the thread is asked and told.
pub(super) enum SearchThreadRequest {
    /// What does this show? Answered when so many changes are in the library.
    Search(RequestId, SearchRequest, u64),
    /// A change was made; it is the library's generation so-and-so.
    ApplyChange(AppliedChange, i64),
    /// Articles came in.
    Reload,
}

/// Texts that are not in the index yet and are looked through at the most; with more, the newest.
const MAX_BACKLOG: usize = 8 * 1024;

/// With fewer articles, SQL lists what no filter narrows as quickly, and needs no index to be open.
const MIN_ENTRIES_FOR_INDEX: u64 = 20_000;

/// So many of them are shown before the index is open.
const FIRST_ROWS: usize = 1_000;

/// The generation before the first.
const NO_GENERATION: i64 = -1;

/// Runs until nobody can ask any more.
pub(super) fn run_search_thread(
    reader: &ReadConnection,
    asks: &Receiver<SearchThreadRequest>,
    messages: &Sender<Message>,
    written: &WriteBarrier,
    broken: &dyn Fn(&IndexError),
) {
    let mut lister = Searcher::new(reader, MAX_BACKLOG);
    let (mut newest, mut awaits_index) = (None, false);
    while let Ok(first) = asks.recv() {
        for ask in std::iter::once(first).chain(asks.try_iter()) {
            match ask {
                SearchThreadRequest::Search(ticket, question, after) => {
                    newest = Some((ticket, question, after));
                }
                SearchThreadRequest::ApplyChange(done, generation) => {
                    lister.apply_change(&done, generation);
                }
                SearchThreadRequest::Reload => {}
            }
        }
        if let Some((ticket, question, after)) = newest.take() {
            written.wait_until(after);
            let mut partly =
                |listing| drop(messages.send(Message::ResultsLoaded(ticket, Ok(listing))));
            match lister.search(&question, &|| !asks.is_empty(), &mut partly) {
                // Another key was pressed meanwhile, and its question follows; or something was told, and none does.
                Ok(None) => newest = Some((ticket, question, after)),
                answer => {
                    let answer = answer.map(Option::unwrap_or_default).map_err(Into::into);
                    awaits_index = matches!(&answer, Ok(SearchResults { summary, .. }) if summary.unindexed_count > 0);
                    if messages.send(Message::ResultsLoaded(ticket, answer)).is_err() {
                        return;
                    }
                }
            }
        }
        // Made ready for the next key while nobody waits; a failure shows when a key needs it.
        if asks.is_empty() {
            let generation = lister.generation;
            let _ = lister
                .refresh_snapshot()
                .and_then(|()| lister.read_backlog_for(Duration::MAX, &|| !asks.is_empty()));
            if awaits_index && lister.generation != generation {
                awaits_index = false;
                let _ = messages.send(Message::IndexUpdated);
            }
        }
        lister.index_errors.drain(..).for_each(|error| broken(&error));
    }
}

/// Answers one question, with a mind that is made up for it alone.
pub fn search_once(
    reader: &ReadConnection,
    question: &SearchRequest,
) -> Result<SearchResults, StoreError> {
    let mut lister = Searcher::new(reader, usize::MAX);
    let listing = lister.search(question, &|| false, &mut drop)?;
    if lister.index_errors.is_empty() {
        return Ok(listing.unwrap_or_default());
    }
    // An index that is broken is built anew by the reader; until then all texts are looked through.
    lister.read_all_entries()?;
    Ok(lister.search(question, &|| false, &mut drop)?.unwrap_or_default())
}

struct Searcher<'r> {
    reader: &'r ReadConnection,
    index: IndexReader,
    /// What is read and starred, as the index has been told.
    states: StateBitmaps,
    backlog: UnindexedBacklog,
    feeds: Vec<(FeedId, FeedNames)>,
    unsubscribed: Vec<FeedId>,
    feeds_by_folder: HashMap<String, Vec<FeedId>>,
    /// The generation of the library that all these are of.
    generation: i64,
    index_errors: Vec<IndexError>,
}

impl Searcher<'_> {
    fn new(reader: &ReadConnection, most: usize) -> Searcher<'_> {
        Searcher {
            reader,
            index: IndexReader::default(),
            states: StateBitmaps::default(),
            backlog: UnindexedBacklog::with_limit(most),
            feeds: Vec::new(),
            unsubscribed: Vec::new(),
            feeds_by_folder: HashMap::new(),
            generation: NO_GENERATION,
            index_errors: Vec::new(),
        }
    }

    /// `None` if `is_stale` says that nobody wants to know any more. The beginning of an answer that takes long is told
    /// ahead.
    #[expect(clippy::disallowed_methods, reason = "how long it took is told beside the answer")]
    fn search(
        &mut self,
        question: &SearchRequest,
        is_stale: &dyn Fn() -> bool,
        tell: &mut dyn FnMut(SearchResults),
    ) -> Result<Option<SearchResults>, StoreError> {
        let reader = self.reader;
        let began = Instant::now();
        let mut partly = |hits: SearchHits| {
            // The selection goes to what is nearest: that must be known.
            let known =
                question.selection_candidates.first().is_none_or(|first| hits.ids.contains(first));
            if let Some(Ok(listing)) = known.then(|| build_results(reader, question, hits, began)) {
                tell(SearchResults { is_partial: true, ..listing });
            }
        };
        let Some(hits) = self.find_hits(question, is_stale, &mut partly)? else { return Ok(None) };
        let mut listing = build_results(reader, question, hits, began)?;
        listing.summary.unindexed_count =
            if question.view.filter.is_empty() { 0 } else { self.backlog.skipped };
        Ok(Some(listing))
    }

    fn find_hits(
        &mut self,
        question: &SearchRequest,
        is_stale: &dyn Fn() -> bool,
        begin: &mut dyn FnMut(SearchHits),
    ) -> Result<Option<SearchHits>, StoreError> {
        let query = query::parse(&question.view.filter, local_today());
        let plain =
            query.is_empty() && !matches!(question.histogram_columns, HistogramBuckets::Unit(_));
        if plain && let Some(all) = self.list_without_index(question, begin)? {
            return Ok(Some(all));
        }
        self.refresh_snapshot()?;
        if plain {
            // Told whole: by the index, unless there is more to be read for it than is worth waiting for.
            if !self.read_backlog_for(REPORT_INTERVAL, is_stale)? {
                return Ok(None);
            }
            if !self.is_complete()? {
                return self.list_with_sql(question, usize::MAX).map(Some);
            }
        }
        let mut patience = REPORT_INTERVAL;
        while self.backlog.has_unread() {
            // What is at hand is told before the rest is read.
            match self.search_snapshot(question, &query, is_stale, begin) {
                None => return Ok(None),
                Some(hits) if hits.ids.is_empty() => {}
                Some(hits) => begin(hits),
            }
            if !self.read_backlog_for(patience, is_stale)? {
                return Ok(None);
            }
            patience *= 2;
        }
        Ok(self.search_snapshot(question, &query, is_stale, begin))
    }

    /// Lists with SQL what no filter narrows, where that is as quick as the index; where the index is yet to be opened,
    /// which the first frame does not wait for, the beginning.
    fn list_without_index(
        &self,
        question: &SearchRequest,
        begin: &mut dyn FnMut(SearchHits),
    ) -> Result<Option<SearchHits>, StoreError> {
        let few = self.reader.count_entries()? < MIN_ENTRIES_FOR_INDEX;
        if !few && self.generation != NO_GENERATION {
            return Ok(None);
        }
        let most = if few { usize::MAX } else { FIRST_ROWS };
        let first = self.list_with_sql(question, most)?;
        if first.ids.len() < most {
            return Ok(Some(first));
        }
        begin(first);
        Ok(None)
    }

    /// Reads new texts for so long, or until all are read; `false` if `is_stale` says that nobody waits for them.
    #[expect(clippy::disallowed_methods, reason = "how long an answer may be waited for")]
    fn read_backlog_for(
        &mut self,
        patience: Duration,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<bool, StoreError> {
        let began = Instant::now();
        while self.backlog.has_unread() && began.elapsed() < patience {
            if is_stale() {
                return Ok(false);
            }
            self.refresh_snapshot()?;
        }
        Ok(true)
    }

    /// What SQL lists of a question that no filter narrows: so many at the most.
    fn list_with_sql(
        &self,
        question: &SearchRequest,
        most: usize,
    ) -> Result<SearchHits, StoreError> {
        let ids = self.reader.list_entry_ids(
            &question.view,
            local_day_start(local_today()),
            &question.keep_listed,
            most,
        )?;
        Ok(SearchHits { ids, ..SearchHits::default() })
    }

    /// Whether all that is stored is at hand.
    fn is_complete(&self) -> Result<bool, StoreError> {
        Ok((self.index.num_docs() + self.backlog.entries.len()) as u64
            >= self.reader.count_entries()?)
    }

    /// What is at hand, found; `None` if `is_stale` says that nobody wants to know any more.
    fn search_snapshot(
        &mut self,
        question: &SearchRequest,
        query: &Query,
        is_stale: &dyn Fn() -> bool,
        begin: &mut dyn FnMut(SearchHits),
    ) -> Option<SearchHits> {
        let (view, today) = (&question.view, local_today());
        let widens = view.scope.widens_when_filtered() && !query.is_empty();
        let unread = view.unread_only || (view.scope == ViewScope::Unread && !widens);
        let scope =
            if widens || view.scope == ViewScope::Unread { &ViewScope::All } else { &view.scope };
        let source = |id| self.source_text(id);
        let mut others = self.backlog.entries.search(query, scope, today, &source);
        if unread {
            others.retain(|(_, id)| {
                !self.backlog.entries.is_read(*id) || question.keep_listed.contains(id)
            });
        }
        let condition =
            self.build_condition(query, scope, unread.then_some(&*question.keep_listed), today);
        let asked = SearchPlan { request: question, query, condition, backlog_hits: others };
        match self.execute(&asked, is_stale, begin) {
            Ok(hits) => hits,
            Err(error) => {
                // What is left is found, and the rest again when the index is built anew.
                self.index_errors.push(error);
                let ids = asked.backlog_hits.into_iter().map(|(_, id)| id).collect();
                Some(SearchHits { ids, ..SearchHits::default() })
            }
        }
    }

    /// What `query` asks within `scope`; unread only, but for those to keep, if there are any.
    fn build_condition(
        &self,
        query: &Query,
        scope: &ViewScope,
        keep: Option<&[EntryId]>,
        today: NaiveDate,
    ) -> IndexQuery {
        let start = |day: NaiveDate| local_day_start(day);
        let names = QueryContext { feeds: &self.feeds, day_start: &start, today };
        let mut all = vec![index::compile_query(query, &names), self.scope_condition(scope, today)];
        if !self.unsubscribed.is_empty() {
            all.push(IndexQuery::Not(Box::new(IndexQuery::Feeds(self.unsubscribed.clone()))));
        }
        if let Some(keep) = keep {
            let unread = IndexQuery::Not(Box::new(IndexQuery::Read));
            all.push(IndexQuery::Any(vec![unread, IndexQuery::Entries(keep.to_vec())]));
        }
        IndexQuery::All(all)
    }

    fn scope_condition(&self, scope: &ViewScope, today: NaiveDate) -> IndexQuery {
        match scope {
            ViewScope::All => IndexQuery::match_all(),
            ViewScope::Unread => IndexQuery::Not(Box::new(IndexQuery::Read)),
            ViewScope::Starred => IndexQuery::Starred,
            ViewScope::Today => {
                let midnight = today.and_time(NaiveTime::MIN).and_utc().timestamp();
                IndexQuery::Published(local_day_start(today)..i64::MAX, midnight..i64::MAX)
            }
            ViewScope::Feed(feed) => IndexQuery::Feeds(vec![*feed]),
            ViewScope::Folder(name) => {
                IndexQuery::Feeds(self.feeds_by_folder.get(name).cloned().unwrap_or_default())
            }
        }
    }
}

/// What a list shows of `hits`.
fn build_results(
    reader: &ReadConnection,
    question: &SearchRequest,
    hits: SearchHits,
    began: Instant,
) -> Result<SearchResults, StoreError> {
    let SearchHits { ids, histogram, did_you_mean: meant } = hits;
    let nearest = nearest_position(&ids, &question.selection_candidates);
    let from = nearest.saturating_sub(question.row_count / 2);
    let window = &ids[from..(nearest + question.row_count).min(ids.len())];
    let rows = reader.load_entries(window)?;
    let overview = SearchSummary {
        elapsed: Some(began.elapsed()),
        histogram,
        did_you_mean: meant,
        unindexed_count: 0,
    };
    Ok(SearchResults {
        selected_index: nearest,
        rows,
        stored_count: reader.count_entries()?,
        ids: ids.into(),
        is_partial: false,
        summary: overview,
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{EntryId, MAX_BACKLOG, SearchRequest, Searcher};
    use crate::{
        model::{
            Attachments, BodyFormat, EntryBody, FeedId, FeedKind, NewEntry, PublicationDate, View,
            ViewScope,
        },
        store::{EntryUpsert, IngestBatch, LibraryLocation, ReadConnection, WriteConnection},
    };

    fn ingest_articles(store: &mut WriteConnection, feed: FeedId, numbers: std::ops::Range<i64>) {
        let arrival = |n: i64| {
            let entry = NewEntry {
                guid: n.to_string(),
                digest: n.unsigned_abs(),
                title: format!("Article {n}"),
                link: None,
                author: None,
                published: PublicationDate::Instant(DateTime::from_timestamp(n, 0).unwrap()),
                tags: Vec::new(),
                body: EntryBody {
                    format: BodyFormat::Plain,
                    text: "The zeppelin rose.".to_owned(),
                },
                attachments: Attachments::default(),
                page_article: None,
            };
            EntryUpsert::new(entry, 0, None)
        };
        let arrivals = numbers.map(arrival).collect();
        store
            .ingest_batch(
                &IngestBatch { feed, upserts: arrivals, missing_files: Vec::new() },
                DateTime::UNIX_EPOCH,
            )
            .unwrap();
    }

    #[test]
    fn search_reports_partial_results_and_stops_when_stale() {
        let location = LibraryLocation::Memory("lister".to_owned());
        let mut store = WriteConnection::open(&location).unwrap();
        let reader = ReadConnection::open(&location).unwrap();
        let (feed, _) = store.add_feed(FeedKind::Folder, "file:///none", "Evening Post").unwrap();
        ingest_articles(&mut store, feed, 0..100);
        let mut lister = Searcher::new(&reader, MAX_BACKLOG);
        let view = View { scope: ViewScope::All, filter: "zepp".to_owned(), ..View::default() };
        let question = SearchRequest { view, ..SearchRequest::default() };
        let mut told: Vec<Vec<EntryId>> = Vec::new();
        let answer =
            lister.search(&question, &|| false, &mut |listing| told.push(listing.ids.to_vec()));
        let all = answer.unwrap().unwrap().ids.to_vec();
        assert_eq!(all.len(), 100);
        assert!(
            told[0].len() < 100 && all.starts_with(&told[0]),
            "the newest come first: {told:?}"
        );
        ingest_articles(&mut store, feed, 100..200);
        assert!(lister.search(&question, &|| true, &mut drop).unwrap().is_none());
        let answer = lister.search(&question, &|| false, &mut drop);
        assert_eq!(answer.unwrap().unwrap().ids.len(), 200);
    }
}
