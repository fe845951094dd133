//! The searcher: answers one search request after the other from a snapshot that it keeps up to date.

use std::time::{Duration, Instant};

use super::{
    execute::{REPORT_INTERVAL, execute},
    plan::{SearchHits, SearchPlan},
    selection::nearest_position,
    snapshot::{NO_GENERATION, Snapshot},
};
use crate::{
    index::IndexError,
    library::{
        clock::{local_today, monotonic_now},
        local_days::local_day_start,
    },
    model::{AppliedChange, HistogramBuckets, SearchRequest, SearchResults, SearchSummary},
    query::{self, Query},
    store::{ReadConnection, StoreError},
};

/// Maximum number of unindexed entries that the reader scans per search, newest first.
pub const MAX_BACKLOG: usize = 8 * 1024;

/// Number of entries below which SQL lists an unfiltered view as quickly as the index, which need not be open then.
const MIN_ENTRIES_FOR_INDEX: u64 = 20_000;

/// Number of entries of a large unfiltered view that are reported before the index is open.
const FIRST_ROWS: usize = 1_000;

/// A searcher: a snapshot of the library, and the searches on it.
pub struct Searcher<'r> {
    snapshot: Snapshot<'r>,
    index_errors: Vec<IndexError>,
}

/// Runs one search with a temporary searcher, as the command line does.
pub fn search_once(
    reader: &ReadConnection,
    request: &SearchRequest,
) -> Result<SearchResults, StoreError> {
    let mut searcher = Searcher::new(reader, usize::MAX);
    let results = searcher.search(request, &|| false, &mut drop)?;
    if searcher.index_errors.is_empty() {
        return Ok(results.unwrap_or_default());
    }
    // The reader rebuilds a broken index; until then every text is scanned.
    searcher.snapshot.read_all_entries()?;
    Ok(searcher.search(request, &|| false, &mut drop)?.unwrap_or_default())
}

impl Searcher<'_> {
    /// Creates a searcher that scans at most `backlog_limit` unindexed entries per search.
    pub fn new(reader: &ReadConnection, backlog_limit: usize) -> Searcher<'_> {
        Searcher { snapshot: Snapshot::new(reader, backlog_limit), index_errors: Vec::new() }
    }

    /// Returns the generation of the library that the snapshot is of.
    pub fn generation(&self) -> i64 {
        self.snapshot.generation
    }

    /// Takes the errors that reading the index has met so far.
    pub fn take_index_errors(&mut self) -> Vec<IndexError> {
        std::mem::take(&mut self.index_errors)
    }

    /// Applies a change that has been written as `generation` to the snapshot, which is then not loaded again for it.
    pub fn apply_change(&mut self, change: &AppliedChange, generation: i64) {
        self.snapshot.apply_change(change, generation);
    }

    /// Brings the snapshot up to date, so that the next search need not; stops early when `is_stale` returns `true`.
    pub fn prepare(&mut self, is_stale: &dyn Fn() -> bool) -> Result<(), StoreError> {
        self.refresh()?;
        self.read_backlog_for(Duration::MAX, is_stale).map(drop)
    }

    /// Runs a search. A search that takes long hands partial results to `report`.
    ///
    /// Returns `None` when `is_stale` returned `true`: nobody waits for the results any more.
    pub fn search(
        &mut self,
        request: &SearchRequest,
        is_stale: &dyn Fn() -> bool,
        report: &mut dyn FnMut(SearchResults),
    ) -> Result<Option<SearchResults>, StoreError> {
        let reader = self.snapshot.reader;
        let started = monotonic_now();
        let mut report_hits = |hits: SearchHits| {
            // The list selects the nearest candidate: it must be known, or the selection would jump twice.
            let first = request.selection_candidates.first();
            if first.is_none_or(|first| hits.ids.contains(first))
                && let Ok(results) = build_results(reader, request, hits, started)
            {
                report(SearchResults { is_partial: true, ..results });
            }
        };
        let Some(hits) = self.find_hits(request, is_stale, &mut report_hits)? else {
            return Ok(None);
        };
        let mut results = build_results(reader, request, hits, started)?;
        if !request.view.filter.is_empty() {
            results.summary.unindexed_count = self.snapshot.backlog.skipped;
        }
        Ok(Some(results))
    }

    fn find_hits(
        &mut self,
        request: &SearchRequest,
        is_stale: &dyn Fn() -> bool,
        report: &mut dyn FnMut(SearchHits),
    ) -> Result<Option<SearchHits>, StoreError> {
        let query = query::parse(&request.view.filter, local_today());
        let unfiltered =
            query.is_empty() && !matches!(request.histogram_columns, HistogramBuckets::Unit(_));
        if unfiltered && let Some(all) = self.list_without_index(request, report)? {
            return Ok(Some(all));
        }
        self.refresh()?;
        if unfiltered {
            // Listed whole: by the index, unless more must be read for that than is worth waiting for.
            if !self.read_backlog_for(REPORT_INTERVAL, is_stale)? {
                return Ok(None);
            }
            if !self.snapshot.is_complete()? {
                return self.list_with_sql(request, usize::MAX).map(Some);
            }
        }
        if !self.read_backlog_and_report(request, &query, is_stale, report)? {
            return Ok(None);
        }
        Ok(self.search_snapshot(request, &query, is_stale, report))
    }

    /// Reads the whole backlog; reports the hits so far before each part of it. Returns `false` when stale.
    fn read_backlog_and_report(
        &mut self,
        request: &SearchRequest,
        query: &Query,
        is_stale: &dyn Fn() -> bool,
        report: &mut dyn FnMut(SearchHits),
    ) -> Result<bool, StoreError> {
        let mut duration = REPORT_INTERVAL;
        while self.snapshot.backlog.has_unread() {
            match self.search_snapshot(request, query, is_stale, report) {
                None => return Ok(false),
                Some(hits) if hits.ids.is_empty() => {}
                Some(hits) => report(hits),
            }
            if !self.read_backlog_for(duration, is_stale)? {
                return Ok(false);
            }
            duration *= 2;
        }
        Ok(true)
    }

    /// Lists an unfiltered view with SQL where that is as quick as the index.
    ///
    /// Where the index is needed but not open yet, reports the first rows, so that the first frame need not wait, and
    /// returns `None`.
    fn list_without_index(
        &self,
        request: &SearchRequest,
        report: &mut dyn FnMut(SearchHits),
    ) -> Result<Option<SearchHits>, StoreError> {
        let is_small = self.snapshot.reader.count_entries()? < MIN_ENTRIES_FOR_INDEX;
        if !is_small && self.snapshot.generation != NO_GENERATION {
            return Ok(None);
        }
        let limit = if is_small { usize::MAX } else { FIRST_ROWS };
        let hits = self.list_with_sql(request, limit)?;
        if hits.ids.len() < limit {
            return Ok(Some(hits));
        }
        report(hits);
        Ok(None)
    }

    /// Lists the first `limit` entries of an unfiltered view with SQL.
    fn list_with_sql(
        &self,
        request: &SearchRequest,
        limit: usize,
    ) -> Result<SearchHits, StoreError> {
        let ids = self.snapshot.reader.list_entry_ids(
            &request.view,
            local_day_start(local_today()),
            &request.keep_listed,
            limit,
        )?;
        Ok(SearchHits { ids, ..SearchHits::default() })
    }

    fn refresh(&mut self) -> Result<(), StoreError> {
        let errors = self.snapshot.refresh()?;
        self.index_errors.extend(errors);
        Ok(())
    }

    /// Reads unindexed entries for `duration`, or until all are read. Returns `false` when stale.
    fn read_backlog_for(
        &mut self,
        duration: Duration,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<bool, StoreError> {
        let started = monotonic_now();
        while self.snapshot.backlog.has_unread() && started.elapsed() < duration {
            if is_stale() {
                return Ok(false);
            }
            self.refresh()?;
        }
        Ok(true)
    }

    /// Searches the snapshot as it is; `None` when stale.
    fn search_snapshot(
        &mut self,
        request: &SearchRequest,
        query: &Query,
        is_stale: &dyn Fn() -> bool,
        report: &mut dyn FnMut(SearchHits),
    ) -> Option<SearchHits> {
        let plan = SearchPlan::new(&self.snapshot, request, query);
        match execute(&self.snapshot, &plan, is_stale, report) {
            Ok(hits) => hits,
            Err(error) => {
                // The backlog is found, and the rest again once the index is rebuilt.
                self.index_errors.push(error);
                let ids = plan.backlog_hits.into_iter().map(|(_, id)| id).collect();
                Some(SearchHits { ids, ..SearchHits::default() })
            }
        }
    }
}

/// Builds the results of `hits`, with the rows around the selection.
fn build_results(
    reader: &ReadConnection,
    request: &SearchRequest,
    hits: SearchHits,
    started: Instant,
) -> Result<SearchResults, StoreError> {
    let SearchHits { ids, histogram, did_you_mean } = hits;
    let selected_index = nearest_position(&ids, &request.selection_candidates);
    let first = selected_index.saturating_sub(request.row_count / 2);
    let window = &ids[first..(selected_index + request.row_count).min(ids.len())];
    let rows = reader.load_entries(window)?;
    let elapsed = Some(started.elapsed());
    Ok(SearchResults {
        selected_index,
        rows,
        stored_count: reader.count_entries()?,
        ids: ids.into(),
        is_partial: false,
        summary: SearchSummary { elapsed, histogram, did_you_mean, unindexed_count: 0 },
    })
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::{MAX_BACKLOG, SearchRequest, Searcher};
    use crate::{
        model::{
            Attachments, BodyFormat, EntryBody, EntryId, FeedId, FeedKind, NewEntry,
            PublicationDate, View, ViewScope,
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
        let mut searcher = Searcher::new(&reader, MAX_BACKLOG);
        let view = View { scope: ViewScope::All, filter: "zepp".to_owned(), ..View::default() };
        let request = SearchRequest { view, ..SearchRequest::default() };
        let mut told: Vec<Vec<EntryId>> = Vec::new();
        let results =
            searcher.search(&request, &|| false, &mut |partial| told.push(partial.ids.to_vec()));
        let all = results.unwrap().unwrap().ids.to_vec();
        assert_eq!(all.len(), 100);
        assert!(
            told[0].len() < 100 && all.starts_with(&told[0]),
            "the newest come first: {told:?}"
        );
        ingest_articles(&mut store, feed, 100..200);
        assert!(searcher.search(&request, &|| true, &mut drop).unwrap().is_none());
        let results = searcher.search(&request, &|| false, &mut drop);
        assert_eq!(results.unwrap().unwrap().ids.len(), 200);
    }
}
