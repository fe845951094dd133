//! The plan of a search: the request as a condition for the index, and the hits in the backlog.

use chrono::{NaiveDate, NaiveTime};

use super::{copies::fold_hits, snapshot::Snapshot};
use crate::{
    index::{self, EntryLookup, IndexError, IndexQuery, QueryContext, SortKey},
    library::{clock::local_today, local_days::local_day_start},
    model::{
        CopyListing, EntryId, Histogram, HistogramBuckets, KeptEntries, ListArrangement,
        ListGrouping, SearchProgress, SearchRequest, SortOrder, StoryFold, ViewScope,
        is_in_account,
    },
    query::{Query, StateFilter},
};

/// The plan of a search request.
pub(super) struct SearchPlan<'q> {
    /// The request.
    pub(super) request: &'q SearchRequest,
    /// The parsed filter of the request.
    pub(super) query: &'q Query,
    /// The condition for indexed entries.
    pub(super) condition: IndexQuery,
    /// The hits among the unindexed entries, newest first.
    pub(super) backlog_hits: Vec<SortKey>,
    /// The hits are the hidden entries that the list of the request leaves out.
    pub(super) finds_hidden: bool,
    /// Number of hits from which on the first of them are reported before the others.
    pub(super) min_hits_for_head: usize,
}

/// Number of hits from which on the first of them are reported before the others. A list of a million takes
/// eight megabytes and several milliseconds, and the next letter often makes another one of it.
pub(super) const MIN_HITS_FOR_HEAD: usize = 1 << 16;

/// The hits of a search.
#[derive(Default)]
pub(super) struct SearchHits {
    /// The entries, in the order of the list.
    pub(super) ids: Vec<EntryId>,
    /// The number of hits by time.
    pub(super) histogram: Option<Histogram>,
    /// Number of entries that the list has without its filter; `None` for the whole library.
    pub(super) scope_count: Option<usize>,
    /// Progress of the search, if it reads texts.
    pub(super) progress: Option<SearchProgress>,
    /// Number of all hits, if they are known although `ids` has only the first.
    pub(super) total: Option<usize>,
    /// The hits that a list grouped by story folds.
    pub(super) stories: Option<StoryFold>,
}

impl SearchHits {
    /// Takes the hits for all that the list has, as a filter without a condition finds.
    #[must_use]
    pub(super) fn of_whole_scope(self) -> SearchHits {
        SearchHits { scope_count: Some(self.total.unwrap_or(self.ids.len())), ..self }
    }
}

impl<'q> SearchPlan<'q> {
    /// Plans `request`, whose filter parses to `query`, and searches the backlog.
    pub(super) fn new(
        snapshot: &Snapshot<'_>,
        request: &'q SearchRequest,
        query: &'q Query,
    ) -> SearchPlan<'q> {
        SearchPlan::with_scope(snapshot, (request, query), &SearchedScope::new(request, query))
    }

    /// Plans the search for the hidden entries that the list of `request` leaves out.
    pub(super) fn for_hidden(
        snapshot: &Snapshot<'_>,
        request: &'q SearchRequest,
        query: &'q Query,
    ) -> SearchPlan<'q> {
        let scope = SearchedScope { finds_hidden: true, ..SearchedScope::new(request, query) };
        SearchPlan::with_scope(snapshot, (request, query), &scope)
    }

    fn with_scope(
        snapshot: &Snapshot<'_>,
        (request, query): (&'q SearchRequest, &'q Query),
        scope: &SearchedScope<'_>,
    ) -> SearchPlan<'q> {
        let today = local_today();
        let backlog_hits = scope.search_backlog(snapshot, query, today);
        let condition = scope.build_condition(snapshot, query, today);
        let finds_hidden = scope.finds_hidden;
        let min_hits_for_head = MIN_HITS_FOR_HEAD;
        SearchPlan { request, query, condition, backlog_hits, finds_hidden, min_hits_for_head }
    }

    /// Returns the number of entries that the list has without its filter; `None` if the filter
    /// searches the whole library, or has no condition: then the hits are all of them.
    pub(super) fn count_scope(&self, snapshot: &Snapshot<'_>) -> Result<Option<usize>, IndexError> {
        if self.query.is_empty() || !self.request.list.limits_search() || self.finds_hidden {
            return Ok(None);
        }
        let (everything, today) = (Query::default(), local_today());
        let scope = SearchedScope::new(self.request, self.query);
        let condition = scope.build_condition(snapshot, &everything, today);
        let mut search = snapshot.index.search(&condition)?;
        let mut backlog_hits = scope.search_backlog(snapshot, &everything, today);
        if self.request.list.copies == CopyListing::Fold {
            backlog_hits = fold_hits(snapshot, &mut search, &backlog_hits);
        }
        Ok(Some(search.hit_count() + backlog_hits.len()))
    }

    /// Returns true if one article of each group of copies is listed.
    pub(super) fn folds_copies(&self) -> bool {
        self.request.list.copies == CopyListing::Fold && !self.query.names_state(StateFilter::Copy)
    }

    /// Returns true if the rows are in the order of the hits, newest first.
    pub(super) fn is_newest_first(&self) -> bool {
        let ListArrangement { order, grouping } = self.request.list.arrangement();
        order == SortOrder::NewestFirst
            && !matches!(grouping, ListGrouping::Feed | ListGrouping::Folder)
    }

    /// Returns true if the request needs a histogram of the hits.
    pub(super) fn wants_histogram(&self) -> bool {
        !self.finds_hidden && !self.query.is_empty()
            || matches!(self.request.histogram_columns, HistogramBuckets::Unit(_))
    }

    /// Returns true if the hits are sorted by relevance.
    pub(super) fn is_by_relevance(&self) -> bool {
        self.request.list.order == SortOrder::Relevance && !self.query.text_patterns().is_empty()
    }
}

/// The part of the library that a request searches.
struct SearchedScope<'q> {
    scope: &'q ViewScope,
    /// Only unread entries match.
    unread_only: bool,
    /// Entries that are listed although their state has changed.
    kept: &'q KeptEntries,
    /// Hidden entries match in place of the listed ones.
    finds_hidden: bool,
}

impl<'q> SearchedScope<'q> {
    /// Returns the scope of `request`, whose filter parses to `query`.
    fn new(request: &'q SearchRequest, query: &Query) -> SearchedScope<'q> {
        let list = &request.list;
        // With a filter, the scopes "unread" and "today" search all articles.
        let widens = list.scope.widens_when_filtered() && !query.is_empty();
        let unread_only = list.unread_only || (list.scope == ViewScope::Unread && !widens);
        let scope =
            if widens || list.scope == ViewScope::Unread { &ViewScope::All } else { &list.scope };
        SearchedScope { scope, unread_only, kept: &request.kept, finds_hidden: false }
    }

    /// Returns the unindexed entries of the scope that match `query`, newest first.
    fn search_backlog(
        &self,
        snapshot: &Snapshot<'_>,
        query: &Query,
        today: NaiveDate,
    ) -> Vec<SortKey> {
        let backlog = &snapshot.backlog.entries;
        let lookup = EntryLookup {
            plain_text: &|id| snapshot.source_text(id),
            is_in_story: &|number, id| snapshot.is_in_story(number, id),
        };
        let mut hits = backlog.search(query, self.scope, today, &lookup);
        hits.retain(|(_, id)| {
            let state = backlog.state(*id);
            let is_read_out = self.unread_only && state.read && !self.kept.read.contains(id);
            let is_kept = self.kept.unlisted.contains(id);
            if self.finds_hidden {
                return state.hidden && !state.removed && !is_read_out && !is_kept;
            }
            !is_read_out && query.lists(state) || is_kept
        });
        hits
    }

    /// Returns the condition of `query` in the scope, for indexed entries.
    fn build_condition(
        &self,
        snapshot: &Snapshot<'_>,
        query: &Query,
        today: NaiveDate,
    ) -> IndexQuery {
        let context = QueryContext {
            feeds: &snapshot.feeds,
            tags: &snapshot.tags,
            day_start: &local_day_start,
            today,
            story_articles: &|number| snapshot.story_articles(number).to_vec(),
        };
        let mut conditions = vec![
            index::compile_query(query, &context),
            scope_condition(snapshot, self.scope, today),
        ];
        if !snapshot.unsubscribed.is_empty() {
            let unsubscribed = IndexQuery::Feeds(snapshot.unsubscribed.clone());
            conditions.push(IndexQuery::Not(Box::new(unsubscribed)));
        }
        let not = |query| IndexQuery::Not(Box::new(query));
        let kept = IndexQuery::Entries(self.kept.unlisted.iter().copied().collect());
        let unread = self.unread_only.then(|| {
            let kept = IndexQuery::Entries(self.kept.read.iter().copied().collect());
            IndexQuery::Any(vec![not(IndexQuery::Read), kept])
        });
        if self.finds_hidden {
            conditions.extend([IndexQuery::Hidden, not(IndexQuery::Removed), not(kept)]);
            conditions.extend(unread);
        } else {
            let listed = [index::compile_listed(query)].into_iter().chain(unread).collect();
            conditions.push(IndexQuery::Any(vec![IndexQuery::All(listed), kept]));
        }
        IndexQuery::All(conditions)
    }
}

/// Returns the condition of a scope. An unknown folder has no entries.
fn scope_condition(snapshot: &Snapshot<'_>, scope: &ViewScope, today: NaiveDate) -> IndexQuery {
    match scope {
        ViewScope::All => IndexQuery::match_all(),
        ViewScope::Unread => IndexQuery::Not(Box::new(IndexQuery::Read)),
        ViewScope::Starred => IndexQuery::Starred,
        ViewScope::Today => {
            // An entry of which only the day is known is stored with midnight UTC of that day.
            let utc_midnight = today.and_time(NaiveTime::MIN).and_utc().timestamp();
            IndexQuery::Published(local_day_start(today)..i64::MAX, utc_midnight..i64::MAX)
        }
        ViewScope::Feed(feed) => IndexQuery::Feeds(vec![*feed]),
        ViewScope::Folder(name) => {
            IndexQuery::Feeds(snapshot.feeds_by_folder.get(name).cloned().unwrap_or_default())
        }
        ViewScope::Account(name) => {
            let folders = snapshot.feeds_by_folder.iter();
            let inside = folders.filter(|(folder, _)| is_in_account(name, folder));
            IndexQuery::Feeds(inside.flat_map(|(_, feeds)| feeds.iter().copied()).collect())
        }
    }
}
