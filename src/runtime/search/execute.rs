//! What is told of a question: the hits, how they spread over time, the word that was meant.

use std::{
    collections::HashSet,
    panic::resume_unwind,
    thread,
    time::{Duration, Instant},
};

use chrono::{NaiveDate, NaiveTime};

use super::{
    Searcher,
    local_days::{local_day_of, local_day_start, local_today},
};
use crate::{
    app::SearchRequest,
    index::{
        self, HistogramBounds, IndexError, IndexQuery, IndexSearch, SearchCandidate, SortKey,
        Suggester,
    },
    model::{EntryId, Histogram, HistogramBuckets, SortOrder, ViewScope},
    query::{Field, Predicate, Query},
    text::for_each_word,
};

/// Hits that are weighed where the best come first: the newest.
const MAX_SCORED_HITS: usize = 4_096;

/// What is found meanwhile is told after so long, however little it is.
pub(super) const REPORT_INTERVAL: Duration = Duration::from_millis(100);

/// Texts that are looked at before it is seen whether the question has changed.
const CANDIDATES_PER_STEP: usize = 4_096;

/// Fewer texts are looked at by the time that a thread has begun.
const MIN_CANDIDATES_PER_THREAD: usize = 512;

impl Searcher<'_> {
    #[expect(
        clippy::disallowed_methods,
        reason = "how long the beginning of an answer may be waited for"
    )]
    pub(super) fn execute(
        &self,
        asked: &SearchPlan<'_>,
        is_stale: &dyn Fn() -> bool,
        begin: &mut dyn FnMut(SearchHits),
    ) -> Result<Option<SearchHits>, IndexError> {
        let mut search = self.index.search(&asked.condition)?;
        let (outside, best) = (asked.condition.needs_post_filter(), asked.is_by_relevance());
        let (mut told, mut last) = (None, Instant::now());
        while !search.is_verified() {
            if is_stale() {
                return Ok(None);
            }
            if outside {
                search.verify_newest(CANDIDATES_PER_STEP / 32, &mut |id, test| {
                    self.eval_predicate(id, test)
                })?;
            } else {
                let open = search.candidates(CANDIDATES_PER_STEP);
                let hits = verify_in_parallel(&search, &open)?;
                search.apply_verdicts(&open, &hits);
            }
            // Told as soon as it fills the screen; what takes long shows what there is, and is seen to grow.
            let count = search.hit_count();
            let is_late = last.elapsed() >= REPORT_INTERVAL && told != Some(count);
            let fills = told.is_none() && count >= asked.request.row_count;
            if !best && !search.is_verified() && (is_late || fills) {
                (told, last) = (Some(count), Instant::now());
                begin(self.collect_hits(asked, &search)?);
            }
        }
        self.collect_hits(asked, &search).map(Some)
    }

    /// What is found so far.
    fn collect_hits(
        &self,
        asked: &SearchPlan<'_>,
        search: &IndexSearch<'_>,
    ) -> Result<SearchHits, IndexError> {
        let mut ids = search.merge_hits(&asked.backlog_hits);
        if asked.is_by_relevance() {
            ids = self.rank_by_relevance(asked, search, ids)?;
        }
        let histogram =
            if asked.wants_histogram() { self.build_histogram(asked, search)? } else { None };
        let is_all = search.is_verified() && self.backlog.is_complete();
        let meant = if ids.is_empty() && is_all { self.did_you_mean(asked)? } else { None };
        Ok(SearchHits { ids, histogram, did_you_mean: meant })
    }

    /// The newest hits by how well they fit, and the rest behind them as it is.
    fn rank_by_relevance(
        &self,
        asked: &SearchPlan<'_>,
        search: &IndexSearch<'_>,
        ids: Vec<EntryId>,
    ) -> Result<Vec<EntryId>, IndexError> {
        let needles = asked.query.text_patterns();
        let phrases: Vec<_> = needles.iter().map(|needle| index::compile_phrase(needle)).collect();
        let mut weighed = search.collect_hit_statistics(&phrases, MAX_SCORED_HITS)?;
        weighed.extend(self.backlog.entries.collect_hit_statistics(
            &asked.backlog_hits[..asked.backlog_hits.len().min(MAX_SCORED_HITS)],
            &needles,
        ));
        let mut best = index::sort_by_relevance(weighed);
        let known: HashSet<EntryId> = best.iter().copied().collect();
        best.extend(ids.into_iter().filter(|id| !known.contains(id)));
        Ok(best)
    }

    fn build_histogram(
        &self,
        asked: &SearchPlan<'_>,
        search: &IndexSearch<'_>,
    ) -> Result<Option<Histogram>, IndexError> {
        let of_others =
            asked.backlog_hits.iter().filter_map(|(_, id)| self.backlog.entries.published_day(*id));
        let of_index = search
            .published_range()
            .into_iter()
            .flat_map(|(oldest, newest)| [local_day_of(oldest), local_day_of(newest)]);
        let (first, last) =
            of_others.clone().chain(of_index).fold((None, None), |(first, last), day| {
                (Some(first.map_or(day, |first: NaiveDate| first.min(day))), last.max(Some(day)))
            });
        let (Some(first), Some(last)) = (first, last) else { return Ok(None) };
        let Some((unit, bounds)) = asked.request.histogram_columns.bucket_bounds(first, last)
        else {
            return Ok(None);
        };
        let midnight = |day: &NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
        let seconds = HistogramBounds {
            instants: bounds.iter().map(|day| local_day_start(*day)).collect(),
            days: bounds.iter().map(midnight).collect(),
        };
        let mut histogram = Histogram { unit, counts: search.histogram(&seconds)?, bounds };
        for day in of_others {
            if let Some(column) = histogram.bucket_of(day) {
                histogram.counts[column] += 1;
            }
        }
        Ok(Some(histogram))
    }

    /// The filter with the first of its words that is nowhere made the nearest one that is somewhere.
    fn did_you_mean(&self, asked: &SearchPlan<'_>) -> Result<Option<String>, IndexError> {
        let filter = &asked.request.view.filter;
        let mut terms = Vec::new();
        asked.query.expr.for_each_positive_term(&mut |term| {
            if matches!(term.predicate, Predicate::Text(..)) {
                terms.push(term);
            }
        });
        for term in terms {
            let mut words = Vec::new();
            for_each_word(&filter[term.span.clone()], |word| {
                words.push((word.folded.to_owned(), word.range()));
            });
            for (word, range) in words {
                let Some(mut likely) = Suggester::for_word(&word).filter(|_| !self.has_word(&word))
                else {
                    continue;
                };
                self.index.scan_for_suggestions(&mut likely)?;
                if likely.did_you_mean().is_none() {
                    self.backlog.entries.scan_for_suggestions(&mut likely);
                }
                if let Some(best) = likely.did_you_mean() {
                    let at = term.span.start;
                    let (before, after) = (&filter[..at + range.start], &filter[at + range.end..]);
                    return Ok(Some(format!("{before}{best}{after}")));
                }
            }
        }
        Ok(None)
    }

    /// Whether any text has a word that begins so.
    fn has_word(&self, word: &str) -> bool {
        let query = Query::from_phrase(word);
        let phrases = query
            .text_patterns()
            .into_iter()
            .map(|needle| IndexQuery::Phrase(Field::Anywhere, index::compile_phrase(needle)));
        let found = self.index.search(&IndexQuery::All(phrases.collect()));
        found.is_ok_and(|search| search.hit_count() > 0)
            || !self
                .backlog
                .entries
                .search(&query, &ViewScope::All, local_today(), &|_| String::new())
                .is_empty()
    }
}

/// Looks at texts on two processors.
fn verify_in_parallel(
    search: &IndexSearch<'_>,
    open: &[SearchCandidate],
) -> Result<Vec<bool>, IndexError> {
    let look = |open| search.verify_candidates(open, &mut |_, _| false);
    if open.len() < MIN_CANDIDATES_PER_THREAD {
        return look(open);
    }
    let (one, other) = open.split_at(open.len() / 2);
    thread::scope(|scope| {
        let other = scope.spawn(move || look(other));
        let mut hits = look(one)?;
        hits.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        Ok(hits)
    })
}

/// A question, understood.
pub(super) struct SearchPlan<'q> {
    pub(super) request: &'q SearchRequest,
    pub(super) query: &'q Query,
    pub(super) condition: IndexQuery,
    /// What fulfils it and is not in the index, the newest first.
    pub(super) backlog_hits: Vec<SortKey>,
}

impl SearchPlan<'_> {
    /// Whether hits are counted by time.
    fn wants_histogram(&self) -> bool {
        !self.query.is_empty()
            || matches!(self.request.histogram_columns, HistogramBuckets::Unit(_))
    }

    fn is_by_relevance(&self) -> bool {
        self.request.view.order == SortOrder::Relevance && !self.query.text_patterns().is_empty()
    }
}

/// What is found.
#[derive(Default)]
pub(super) struct SearchHits {
    pub(super) ids: Vec<EntryId>,
    pub(super) histogram: Option<Histogram>,
    pub(super) did_you_mean: Option<String>,
}
