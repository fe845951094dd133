//! The searcher: runs one search request after the other on a snapshot of the library, which it
//! keeps up to date.

use std::{
    cell::Cell,
    time::{Duration, Instant},
};

use super::{
    backlog::BacklogLimit,
    execute::{REPORT_INTERVAL, execute},
    listing::{ScopeListing, fold_listing, list_with_sql},
    plan::{MIN_HITS_FOR_HEAD, SearchHits, SearchPlan},
    selection::nearest_position,
    snapshot::{NO_GENERATION, Snapshot},
    sort::RankCache,
    stories::{StoryCache, fold_stories, open_stories},
};
use crate::{
    index::{IndexError, TagWords},
    library::clock::{local_today, monotonic_now},
    model::{
        AppliedChange, EntryId, HistogramBuckets, ListGrouping, SearchRequest, SearchResults,
        SearchSummary, SortOrder,
    },
    query::{self, Query},
    store::{ReadConnection, StoreError, StoryMap},
};

/// Number of entries in the library below which SQL lists an unfiltered list as fast as the index
/// does. The index is then not opened.
const MIN_ENTRIES_FOR_INDEX: u64 = 20_000;

/// Number of entries of an unfiltered list in a large library that are reported before the index is
/// open.
const FIRST_ROWS: usize = 1_000;

/// Time for which a lagging searcher uses its snapshot, whatever others have written since: while articles
/// arrive, the library changes with every batch of them, and loading takes milliseconds, for which keys
/// would wait.
const MAX_LAG: Duration = Duration::from_secs(1);

/// A snapshot of the library, and the searches on it.
pub struct Searcher<'r> {
    pub(super) snapshot: Snapshot<'r>,
    /// The index errors since [`Searcher::take_index_errors`] was called last.
    index_errors: Vec<IndexError>,
    /// The ranks of the order and groups of the last search.
    sort_ranks: RankCache,
    /// The stories, for lists that are grouped by them.
    stories: StoryCache,
    /// The last scope that was listed without a filter, if the index could not list it.
    listing: Option<ScopeListing>,
    /// Time for which the snapshot is used without a look at what was written since.
    max_lag: Duration,
    /// The time of the last look at what is written; `None` if the next search has to look.
    looked_at: Option<Instant>,
    /// Number of hits from which on the first of them are reported before the others.
    min_hits_for_head: usize,
}

/// Runs one search with a temporary searcher, as the command line does.
pub fn search_once(
    reader: &ReadConnection,
    request: &SearchRequest,
) -> Result<SearchResults, StoreError> {
    let mut searcher = Searcher::new(reader, BacklogLimit::NONE);
    let results = searcher.search(request, &|| false, &mut drop)?;
    if searcher.index_errors.is_empty() {
        return Ok(results.unwrap_or_default());
    }
    // The index is broken, and only the reader rebuilds it, so all texts are scanned.
    searcher.snapshot.read_all_entries()?;
    Ok(searcher.search(request, &|| false, &mut drop)?.unwrap_or_default())
}

impl Searcher<'_> {
    /// Creates a searcher that scans so many unindexed entries per search.
    pub fn new(reader: &ReadConnection, backlog_limit: BacklogLimit) -> Searcher<'_> {
        Searcher {
            snapshot: Snapshot::new(reader, backlog_limit),
            index_errors: Vec::new(),
            sort_ranks: RankCache::default(),
            stories: StoryCache::default(),
            listing: None,
            max_lag: Duration::ZERO,
            looked_at: None,
            min_hits_for_head: MIN_HITS_FOR_HEAD,
        }
    }

    /// Lets searches use a snapshot that is up to a second old. The caller calls
    /// [`Searcher::expire_snapshot`] when results without a change would be wrong.
    #[must_use]
    pub fn lagging(self) -> Self {
        Searcher { max_lag: MAX_LAG, ..self }
    }

    /// Makes the next search load what was written.
    pub fn expire_snapshot(&mut self) {
        self.looked_at = None;
        self.note_stories();
    }

    /// Notes that others than the user may have changed stories: searches need not wait for them to be loaded, which
    /// [`Searcher::reload_stories`] does.
    pub fn note_stories(&mut self) {
        self.stories.note_change();
    }

    /// Returns the time at which [`Searcher::reload_stories`] should be called; `None` if the last list does not need
    /// it.
    pub fn story_reload_time(&self) -> Option<Instant> {
        self.stories.reload_time()
    }

    /// Loads the stories that others have changed, if it is time. Returns whether the last list would be another one.
    /// Stops early when `is_stale` returns true.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn reload_stories(&mut self, is_stale: &dyn Fn() -> bool) -> Result<bool, StoreError> {
        self.stories.reload(self.snapshot.reader, is_stale)
    }

    /// Returns the errors of the index since the last call.
    pub fn take_index_errors(&mut self) -> Vec<IndexError> {
        std::mem::take(&mut self.index_errors)
    }

    /// Applies a change that was written as `generation` to the snapshot, which is cheaper than
    /// loading it again.
    pub fn apply_change(&mut self, change: &AppliedChange, generation: i64) {
        if !self.snapshot.apply_change(&change.change, generation) {
            self.expire_snapshot();
        }
        if change.change.links_stories() {
            self.stories.expire();
        }
        if !change.change.affects_feeds() && !change.change.changes_weights() {
            self.sort_ranks.keep_for(generation);
        }
    }

    /// Notes that `generation` of the library changed the index and nothing else: searches need not
    /// wait for it to be loaded, which [`Searcher::prepare`] does.
    pub fn note_index_commit(&mut self, generation: i64) {
        self.snapshot.note_index_commit(generation);
        self.sort_ranks.keep_for(generation);
    }

    /// Updates the snapshot, so that the next search is faster. Stops early when `is_stale` returns
    /// true. Returns true if there was something to load.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn prepare(&mut self, is_stale: &dyn Fn() -> bool) -> Result<bool, StoreError> {
        let (old_generation, is_outdated) =
            (self.snapshot.generation, self.snapshot.is_index_outdated);
        if is_outdated {
            let errors = self.snapshot.refresh_index()?;
            self.index_errors.extend(errors);
        } else {
            // Early enough that the next key need not.
            self.refresh(self.max_lag / 2)?;
        }
        self.read_backlog_for(Duration::MAX, is_stale)?;
        Ok(is_outdated || self.snapshot.generation != old_generation)
    }

    /// Runs a search. A search that takes long hands partial results to `report`.
    ///
    /// Returns `None` if `is_stale` returned true, because the results are not needed any more.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read. Errors of the index only make the results incomplete,
    /// see [`Searcher::take_index_errors`].
    pub fn search(
        &mut self,
        request: &SearchRequest,
        is_stale: &dyn Fn() -> bool,
        report: &mut dyn FnMut(SearchResults),
    ) -> Result<Option<SearchResults>, StoreError> {
        let reader = self.snapshot.reader;
        let started = monotonic_now();
        let arrangement = request.list.arrangement();
        let lags = !self.max_lag.is_zero();
        let stories = self.stories.for_request(reader, request, lags)?;
        // A filter of signs alone has no condition, and leaves nothing out.
        let finds_all = query::parse(&request.list.filter, local_today()).is_empty();
        let count_all = |hits: SearchHits| if finds_all { hits.of_whole_scope() } else { hits };
        let mut head = None;
        let mut report_hits = |hits: SearchHits| {
            // In other orders the first hits are not the first rows.
            let is_sorted =
                matches!(arrangement.order, SortOrder::NewestFirst | SortOrder::Relevance);
            if !is_sorted
                || matches!(arrangement.grouping, ListGrouping::Feed | ListGrouping::Folder)
            {
                return;
            }
            let is_head = hits.total.is_some();
            let hits = fold_and_open(reader, request, stories.as_deref(), count_all(hits));
            let build = |hits| build_results(reader, (request, stories.as_deref()), hits, started);
            if let Ok(results) = hits.and_then(build) {
                head = is_head.then(|| (results.rows.clone(), results.summary.elapsed));
                report(SearchResults { is_partial: true, ..results });
            }
        };
        let Some(hits) = self.find_hits(request, is_stale, &mut report_hits)? else {
            return Ok(None);
        };
        let mut hits = count_all(hits);
        if let Some(map) = &stories {
            hits = fold_stories(map, hits);
        }
        hits.ids = self.sort_ranks.sort(reader, arrangement, hits.ids)?;
        if let Some(map) = &stories {
            open_stories(reader, map, request, &mut hits)?;
        }
        let mut results = match head {
            // What is on the screen stays as it is.
            Some((rows, elapsed)) => {
                let mut results = arrange_results(reader, request, hits)?;
                (results.rows, results.summary.elapsed) = (rows, elapsed);
                results
            }
            None => build_results(reader, (request, stories.as_deref()), hits, started)?,
        };
        if !request.list.filter.is_empty() {
            results.summary.unindexed_count = self.snapshot.backlog.skipped;
            results.summary.unreadable_count = self.snapshot.unreadable_count();
        }
        Ok(Some(results))
    }

    /// Returns the words of the tags of all entries; `None` when stale. If the index cannot be
    /// read, those of the backlog.
    pub(super) fn tag_words(
        &mut self,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Option<TagWords>, StoreError> {
        self.refresh(self.max_lag)?;
        if !self.read_backlog_for(Duration::MAX, is_stale)? {
            return Ok(None);
        }
        let mut words = TagWords::default();
        let added = self.snapshot.index.add_tag_words(&mut words);
        self.index_errors.extend(added.err());
        self.snapshot.backlog.entries.add_tag_words(&mut words);
        Ok(Some(words))
    }

    /// Notes an error of the index, to be reported.
    pub(super) fn note_index_error(&mut self, error: IndexError) {
        self.index_errors.push(error);
    }

    /// Returns whether the last search left nothing out: neither articles that are not indexed yet nor
    /// those of a broken index.
    pub(super) fn searches_everything(&self) -> bool {
        self.snapshot.backlog.skipped == 0 && self.index_errors.is_empty()
    }

    /// Counts the hits of a request; returns `None` when stale.
    pub(super) fn count_hits(
        &mut self,
        request: &SearchRequest,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Option<usize>, StoreError> {
        let total = Cell::new(None);
        // Once the number is known, nobody waits for the list.
        let is_known_or_stale = || total.get().is_some() || is_stale();
        let mut note_total = |hits: SearchHits| total.set(hits.total);
        let hits = self.find_hits(request, &is_known_or_stale, &mut note_total)?;
        Ok(total.get().or(hits.map(|hits| hits.ids.len())))
    }

    /// Returns the hits of a request from SQL or from the snapshot; `None` when stale.
    fn find_hits(
        &mut self,
        request: &SearchRequest,
        is_stale: &dyn Fn() -> bool,
        report: &mut dyn FnMut(SearchHits),
    ) -> Result<Option<SearchHits>, StoreError> {
        let query = query::parse(&request.list.filter, local_today());
        let is_unfiltered =
            query.is_empty() && !matches!(request.histogram_columns, HistogramBuckets::Unit(_));
        if is_unfiltered && let Some(hits) = self.list_without_index(request, report)? {
            return Ok(Some(hits));
        }
        self.refresh(self.max_lag)?;
        if is_unfiltered {
            if !self.snapshot.is_complete()? {
                self.report_first_rows(request, report)?;
            }
            // The index makes the list, unless reading the backlog takes too long.
            let may_complete = self.snapshot.backlog.skipped == 0;
            if may_complete && !self.read_backlog_for(REPORT_INTERVAL, is_stale)? {
                return Ok(None);
            }
            if !self.snapshot.is_complete()? {
                let ids = ScopeListing::list(&mut self.listing, &self.snapshot, request)?;
                return Ok(Some(SearchHits { ids, ..SearchHits::default() }));
            }
            self.listing = None;
        }
        self.snapshot.load_named_stories(&query)?;
        if !self.read_backlog_and_report(request, &query, is_stale, report)? {
            return Ok(None);
        }
        Ok(self.search_snapshot(request, &query, is_stale, report))
    }

    /// Reads the whole backlog in parts, and reports the hits found so far before each part.
    /// Returns false when stale.
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
                Some(hits) => report(hits),
            }
            if !self.read_backlog_for(duration, is_stale)? {
                return Ok(false);
            }
            duration *= 2;
        }
        Ok(true)
    }

    /// Lists an unfiltered list with SQL if that is as fast as with the index.
    ///
    /// Returns `None` if the index is needed. If it is not open yet, reports the first rows before,
    /// so that the first frame need not wait for it.
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
        let (hits, is_whole) = self.list_rows(request, limit)?;
        if is_whole {
            return Ok(Some(hits));
        }
        report(hits);
        Ok(None)
    }

    /// Reports the first rows of an unfiltered list whose entries are not known, which takes SQL 25 ms of
    /// 100,000 articles.
    fn report_first_rows(
        &self,
        request: &SearchRequest,
        report: &mut dyn FnMut(SearchHits),
    ) -> Result<(), StoreError> {
        if !ScopeListing::is_current(self.listing.as_ref(), &self.snapshot, request) {
            report(self.list_rows(request, FIRST_ROWS)?.0);
        }
        Ok(())
    }

    /// Lists the first `limit` rows with SQL. Also returns whether there are no others.
    fn list_rows(
        &self,
        request: &SearchRequest,
        limit: usize,
    ) -> Result<(SearchHits, bool), StoreError> {
        let mut ids = list_with_sql(self.snapshot.reader, request, limit)?;
        let is_whole = ids.len() < limit;
        fold_listing(self.snapshot.reader, request, &mut ids)?;
        Ok((SearchHits { ids, ..SearchHits::default() }, is_whole))
    }

    /// Updates the snapshot unless the last look at the library is less than `max_lag` ago, reads a step
    /// of the backlog, and collects the index errors.
    fn refresh(&mut self, max_lag: Duration) -> Result<(), StoreError> {
        if self.looked_at.is_none_or(|at| at.elapsed() >= max_lag) {
            let errors = self.snapshot.load_changes()?;
            self.index_errors.extend(errors);
            self.looked_at = Some(monotonic_now());
        }
        self.snapshot.read_backlog_step()
    }

    /// Reads unindexed entries for `duration` or until all are read. Returns false when stale.
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
            self.refresh(self.max_lag)?;
        }
        Ok(true)
    }

    /// Searches the snapshot in its current state; returns `None` when stale.
    fn search_snapshot(
        &mut self,
        request: &SearchRequest,
        query: &Query,
        is_stale: &dyn Fn() -> bool,
        report: &mut dyn FnMut(SearchHits),
    ) -> Option<SearchHits> {
        let plan = SearchPlan::new(&self.snapshot, request, query);
        let plan = SearchPlan { min_hits_for_head: self.min_hits_for_head, ..plan };
        match execute(&self.snapshot, &plan, is_stale, report) {
            Ok(hits) => hits,
            Err(error) => {
                // Until the index is rebuilt, only the backlog has hits.
                self.index_errors.push(error);
                let ids = plan.backlog_hits.into_iter().map(|(_, id)| id).collect();
                Some(SearchHits { ids, ..SearchHits::default() })
            }
        }
    }
}

/// Folds the stories of hits that need no sorting, and lists the articles of those that are open.
fn fold_and_open(
    reader: &ReadConnection,
    request: &SearchRequest,
    stories: Option<&StoryMap>,
    hits: SearchHits,
) -> Result<SearchHits, StoreError> {
    let Some(map) = stories else { return Ok(hits) };
    let mut hits = fold_stories(map, hits);
    open_stories(reader, map, request, &mut hits)?;
    Ok(hits)
}

/// Builds the results from `hits` and loads the rows around the selection. Most articles share their story with no other
/// one: only those of the others are read.
fn build_results(
    reader: &ReadConnection,
    (request, stories): (&SearchRequest, Option<&StoryMap>),
    hits: SearchHits,
    started: Instant,
) -> Result<SearchResults, StoreError> {
    let mut results = arrange_results(reader, request, hits)?;
    let (ids, selected) = (&results.ids, results.selected_index);
    let first = selected.saturating_sub(request.row_count / 2);
    let ids = &ids[first..(selected + request.row_count).min(ids.len())];
    let is_in_story = |id: &&EntryId| stories.is_some_and(|map| map.number_of(**id) > 0);
    let in_stories: Vec<EntryId> = ids.iter().filter(is_in_story).copied().collect();
    results.rows = reader.load_entries_with_stories(ids, &in_stories)?;
    results.summary.elapsed = Some(started.elapsed());
    Ok(results)
}

/// Builds the results from `hits`, without rows.
fn arrange_results(
    reader: &ReadConnection,
    request: &SearchRequest,
    hits: SearchHits,
) -> Result<SearchResults, StoreError> {
    let SearchHits { ids, histogram, scope_count, progress, total, stories } = hits;
    let stored_count = reader.count_listed_entries(request.list.copies)?;
    Ok(SearchResults {
        selected_index: nearest_position(&ids, &request.selection_candidates),
        rows: Vec::new(),
        stored_count,
        scope_count: scope_count.map_or(stored_count, |count| count as u64),
        total,
        ids: ids.into(),
        is_partial: false,
        progress,
        summary: SearchSummary { histogram, ..SearchSummary::default() },
        stories,
    })
}

#[cfg(test)]
mod tests;
