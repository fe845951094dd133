//! The plan of a search: the request as a condition for the index, and what the backlog contributes.

use chrono::{NaiveDate, NaiveTime};

use super::snapshot::Snapshot;
use crate::{
    index::{self, IndexQuery, QueryContext, SortKey},
    library::{clock::local_today, local_days::local_day_start},
    model::{EntryId, Histogram, HistogramBuckets, SearchRequest, SortOrder, ViewScope},
    query::Query,
};

/// A search request, planned.
pub(super) struct SearchPlan<'q> {
    pub(super) request: &'q SearchRequest,
    pub(super) query: &'q Query,
    /// The condition for indexed entries.
    pub(super) condition: IndexQuery,
    /// The hits among the unindexed entries, newest first.
    pub(super) backlog_hits: Vec<SortKey>,
}

/// The hits of a search.
#[derive(Default)]
pub(super) struct SearchHits {
    /// The entries, in the order of the view.
    pub(super) ids: Vec<EntryId>,
    pub(super) histogram: Option<Histogram>,
    /// The filter with a word corrected, where the one that was typed finds nothing.
    pub(super) did_you_mean: Option<String>,
}

impl<'q> SearchPlan<'q> {
    /// Plans `request`, whose filter parses to `query`, and searches the backlog.
    pub(super) fn new(
        snapshot: &Snapshot<'_>,
        request: &'q SearchRequest,
        query: &'q Query,
    ) -> SearchPlan<'q> {
        let (view, today) = (&request.view, local_today());
        let widens = view.scope.widens_when_filtered() && !query.is_empty();
        let unread_only = view.unread_only || (view.scope == ViewScope::Unread && !widens);
        let scope =
            if widens || view.scope == ViewScope::Unread { &ViewScope::All } else { &view.scope };
        let backlog = &snapshot.backlog.entries;
        let source_text = |id| snapshot.source_text(id);
        let mut backlog_hits = backlog.search(query, scope, today, &source_text);
        if unread_only {
            backlog_hits
                .retain(|(_, id)| !backlog.is_read(*id) || request.keep_listed.contains(id));
        }
        let keep_listed = unread_only.then_some(&*request.keep_listed);
        let condition = build_condition(snapshot, query, scope, keep_listed, today);
        SearchPlan { request, query, condition, backlog_hits }
    }

    /// Returns `true` if the hits are counted by time.
    pub(super) fn wants_histogram(&self) -> bool {
        !self.query.is_empty()
            || matches!(self.request.histogram_columns, HistogramBuckets::Unit(_))
    }

    /// Returns `true` if the hits are sorted by relevance.
    pub(super) fn is_by_relevance(&self) -> bool {
        self.request.view.order == SortOrder::Relevance && !self.query.text_patterns().is_empty()
    }
}

/// Returns the condition of `query` within `scope`. With `keep_listed`, only unread entries match, and those to keep.
fn build_condition(
    snapshot: &Snapshot<'_>,
    query: &Query,
    scope: &ViewScope,
    keep_listed: Option<&[EntryId]>,
    today: NaiveDate,
) -> IndexQuery {
    let day_start = |day: NaiveDate| local_day_start(day);
    let context = QueryContext { feeds: &snapshot.feeds, day_start: &day_start, today };
    let mut all =
        vec![index::compile_query(query, &context), scope_condition(snapshot, scope, today)];
    if !snapshot.unsubscribed.is_empty() {
        all.push(IndexQuery::Not(Box::new(IndexQuery::Feeds(snapshot.unsubscribed.clone()))));
    }
    if let Some(keep_listed) = keep_listed {
        let unread = IndexQuery::Not(Box::new(IndexQuery::Read));
        all.push(IndexQuery::Any(vec![unread, IndexQuery::Entries(keep_listed.to_vec())]));
    }
    IndexQuery::All(all)
}

fn scope_condition(snapshot: &Snapshot<'_>, scope: &ViewScope, today: NaiveDate) -> IndexQuery {
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
            IndexQuery::Feeds(snapshot.feeds_by_folder.get(name).cloned().unwrap_or_default())
        }
    }
}
