//! Execution of a planned search: verifies candidates in steps, reports partial hits between the
//! steps, and sorts the hits.
//!
//! Start with [`execute`].

use std::{
    borrow::Cow,
    collections::{HashSet, VecDeque},
    panic::resume_unwind,
    thread,
    time::Duration,
};

use super::{
    copies::fold_hits,
    histogram::build_histogram,
    plan::{SearchHits, SearchPlan},
    snapshot::Snapshot,
};
use crate::{
    index::{self, IndexError, IndexSearch, SearchCandidate, SortKey},
    library::clock::monotonic_now,
    model::{EntryId, SearchProgress},
};

/// Maximum number of hits that are sorted by relevance, newest first.
const MAX_SCORED_HITS: usize = 4_096;

/// Time after which new partial hits are reported, no matter how few they are.
pub(super) const REPORT_INTERVAL: Duration = Duration::from_millis(100);

/// Number of candidates that are verified before the search checks whether it is stale.
const CANDIDATES_PER_STEP: usize = 4_096;

/// Number of candidates per step if their texts must be read from the library, which takes much
/// longer.
const TEXTS_PER_STEP: usize = CANDIDATES_PER_STEP / 32;

/// Number of hits that are reported first.
const HEAD_LENGTH: usize = 1_000;

/// Number of candidates below which starting a second thread costs more than it saves.
const MIN_CANDIDATES_PER_THREAD: usize = 512;

/// Runs a plan and hands partial hits to `report`. Returns `None` once `is_stale` returns true.
pub(super) fn execute(
    snapshot: &Snapshot<'_>,
    plan: &SearchPlan<'_>,
    is_stale: &dyn Fn() -> bool,
    report: &mut dyn FnMut(SearchHits),
) -> Result<Option<SearchHits>, IndexError> {
    let mut search = snapshot.index.search(&plan.condition)?;
    // Candidates that only their entries can decide.
    let mut undecided = VecDeque::new();
    let text_count = search.candidate_count();
    let (mut has_reported, mut last_report) = (false, monotonic_now());
    while !search.is_verified() {
        if is_stale() {
            return Ok(None);
        }
        if undecided.is_empty() {
            undecided = sift_newest(&mut search)?;
        } else {
            let step = undecided.drain(..undecided.len().min(TEXTS_PER_STEP)).collect::<Vec<_>>();
            verify_entries(snapshot, &mut search, &step)?;
        }
        // The first report comes as soon as the hits fill the screen; further ones show how a long
        // search advances.
        let is_due = last_report.elapsed() >= REPORT_INTERVAL;
        let fills_screen = !has_reported && search.hit_count() >= plan.request.row_count;
        if !search.is_verified() && (is_due || fills_screen) {
            (has_reported, last_report) = (true, monotonic_now());
            report(collect_partial_hits(snapshot, plan, &mut search, text_count)?);
        }
    }
    let backlog_hits = folded_backlog_hits(snapshot, plan, &mut search);
    if let Some(head) = collect_head(snapshot, plan, &search, &backlog_hits)? {
        report(head);
        if is_stale() {
            return Ok(None);
        }
    }
    collect_hits(snapshot, plan, &search, &backlog_hits).map(Some)
}

/// Returns the hits found so far and the progress. Their relevance is known only at the end: a list
/// sorted by it stays empty until then.
fn collect_partial_hits(
    snapshot: &Snapshot<'_>,
    plan: &SearchPlan<'_>,
    search: &mut IndexSearch<'_>,
    text_count: usize,
) -> Result<SearchHits, IndexError> {
    let read_count = text_count.saturating_sub(search.candidate_count()) as u64;
    let progress = Some(SearchProgress { read_count, text_count: text_count as u64 });
    if plan.is_by_relevance() {
        return Ok(SearchHits { progress, ..SearchHits::default() });
    }
    let backlog_hits = folded_backlog_hits(snapshot, plan, search);
    Ok(SearchHits { progress, ..collect_hits(snapshot, plan, search, &backlog_hits)? })
}

/// Removes the copies that another hit stands for; returns what is left of the hits in the backlog.
fn folded_backlog_hits<'p>(
    snapshot: &Snapshot<'_>,
    plan: &'p SearchPlan<'_>,
    search: &mut IndexSearch<'_>,
) -> Cow<'p, [SortKey]> {
    if plan.folds_copies() {
        return Cow::Owned(fold_hits(snapshot, search, &plan.backlog_hits));
    }
    Cow::Borrowed(&plan.backlog_hits)
}

/// Returns the first hits, if there are so many that listing all of them would take longer than the rest of
/// the search; `None` if the entry to be selected is further down.
fn collect_head(
    snapshot: &Snapshot<'_>,
    plan: &SearchPlan<'_>,
    search: &IndexSearch<'_>,
    backlog_hits: &[SortKey],
) -> Result<Option<SearchHits>, IndexError> {
    let total = search.hit_count() + backlog_hits.len();
    if total < plan.min_hits_for_head || !plan.is_newest_first() {
        return Ok(None);
    }
    let ids = search.merge_newest_hits(HEAD_LENGTH, backlog_hits);
    let is_hit =
        |id: &&EntryId| search.is_hit(**id) || backlog_hits.iter().any(|(_, hit)| hit == *id);
    let selected = plan.request.selection_candidates.iter().find(is_hit);
    if selected.is_some_and(|id| !ids.contains(id)) {
        return Ok(None);
    }
    let hits = count_and_plot(snapshot, plan, search, backlog_hits)?;
    Ok(Some(SearchHits { ids, total: Some(total), ..hits }))
}

/// Returns the hits found so far, in the order of the list.
fn collect_hits(
    snapshot: &Snapshot<'_>,
    plan: &SearchPlan<'_>,
    search: &IndexSearch<'_>,
    backlog_hits: &[SortKey],
) -> Result<SearchHits, IndexError> {
    let mut ids = search.merge_hits(backlog_hits);
    if plan.is_by_relevance() {
        ids = rank_by_relevance(snapshot, plan, search, (ids, backlog_hits))?;
    }
    Ok(SearchHits { ids, ..count_and_plot(snapshot, plan, search, backlog_hits)? })
}

/// Returns what is shown of the hits found so far beside the list.
fn count_and_plot(
    snapshot: &Snapshot<'_>,
    plan: &SearchPlan<'_>,
    search: &IndexSearch<'_>,
    backlog_hits: &[SortKey],
) -> Result<SearchHits, IndexError> {
    let histogram = if plan.wants_histogram() {
        build_histogram(snapshot, plan, search, backlog_hits)?
    } else {
        None
    };
    let scope_count = plan.count_scope(snapshot)?;
    Ok(SearchHits { histogram, scope_count, ..SearchHits::default() })
}

/// Sorts the [`MAX_SCORED_HITS`] newest hits by relevance; the others follow, newest first.
fn rank_by_relevance(
    snapshot: &Snapshot<'_>,
    plan: &SearchPlan<'_>,
    search: &IndexSearch<'_>,
    (ids, backlog_hits): (Vec<EntryId>, &[SortKey]),
) -> Result<Vec<EntryId>, IndexError> {
    let patterns = plan.query.text_patterns();
    let phrases: Vec<_> = patterns.iter().map(|pattern| index::compile_phrase(pattern)).collect();
    let mut statistics = search.collect_hit_statistics(&phrases, MAX_SCORED_HITS)?;
    let backlog_hits = &backlog_hits[..backlog_hits.len().min(MAX_SCORED_HITS)];
    statistics.extend(snapshot.backlog.entries.collect_hit_statistics(backlog_hits, &patterns));
    let mut ranked = index::sort_by_relevance(statistics);
    let scored: HashSet<EntryId> = ranked.iter().copied().collect();
    ranked.extend(ids.into_iter().filter(|id| !scored.contains(id)));
    Ok(ranked)
}

/// Decides the newest candidates of each segment by the texts that the index stores. Returns those that only
/// their entries can decide.
fn sift_newest(search: &mut IndexSearch<'_>) -> Result<VecDeque<SearchCandidate>, IndexError> {
    let candidates = search.candidates(CANDIDATES_PER_STEP);
    let verdicts = verify_in_parallel(search, &candidates)?;
    search.apply_verdicts(&candidates, &verdicts);
    let decided = candidates.into_iter().zip(verdicts);
    Ok(decided.filter(|(_, verdict)| verdict.is_none()).map(|(candidate, _)| candidate).collect())
}

/// Decides candidates by their entries in the library.
fn verify_entries(
    snapshot: &Snapshot<'_>,
    search: &mut IndexSearch<'_>,
    candidates: &[SearchCandidate],
) -> Result<(), IndexError> {
    let verdicts = search.verify_candidates(candidates, &mut |id, predicate| {
        Some(snapshot.eval_predicate(id, predicate))
    })?;
    search.apply_verdicts(candidates, &verdicts);
    Ok(())
}

/// Verifies candidates by the texts that the index stores, on two threads if there are many.
fn verify_in_parallel(
    search: &IndexSearch<'_>,
    candidates: &[SearchCandidate],
) -> Result<Vec<Option<bool>>, IndexError> {
    let verify = |candidates| search.verify_candidates(candidates, &mut |_, _| None);
    if candidates.len() < MIN_CANDIDATES_PER_THREAD {
        return verify(candidates);
    }
    let (first_half, second_half) = candidates.split_at(candidates.len() / 2);
    thread::scope(|scope| {
        let thread = scope.spawn(move || verify(second_half));
        let mut verdicts = verify(first_half)?;
        verdicts.extend(thread.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        Ok(verdicts)
    })
}
