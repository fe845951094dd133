//! The histogram of the hits: the number of hits per day, week, month or year.

use chrono::{NaiveDate, NaiveTime};

use super::{plan::SearchPlan, snapshot::Snapshot};
use crate::{
    index::{HistogramBounds, IndexError, IndexSearch, SortKey},
    library::local_days::{local_day_of, local_day_start},
    model::Histogram,
};

/// Counts the hits in the index and in the backlog by time. Returns `None` if there are no hits, or
/// they span more time than the histogram has columns for.
pub(super) fn build_histogram(
    snapshot: &Snapshot<'_>,
    plan: &SearchPlan<'_>,
    search: &IndexSearch<'_>,
    backlog_hits: &[SortKey],
) -> Result<Option<Histogram>, IndexError> {
    let backlog = &snapshot.backlog.entries;
    let backlog_days: Vec<NaiveDate> =
        backlog_hits.iter().filter_map(|(_, id)| backlog.published_day(*id)).collect();
    let index_days = search
        .published_range()
        .into_iter()
        .flat_map(|(oldest, newest)| [local_day_of(oldest), local_day_of(newest)]);
    let all_days = || backlog_days.iter().copied().chain(index_days.clone());
    let (Some(first), Some(last)) = (all_days().min(), all_days().max()) else { return Ok(None) };
    let Some((unit, bounds)) = plan.request.histogram_columns.bucket_bounds(first, last) else {
        return Ok(None);
    };
    let counts = search.histogram(&index_bounds(&bounds))?;
    let mut histogram = Histogram { unit, bounds, counts };
    for day in backlog_days {
        if let Some(column) = histogram.bucket_of(day) {
            histogram.counts[column] += 1;
        }
    }
    Ok(Some(histogram))
}

/// Returns the bounds of the columns in seconds since 1970: local midnight for entries with a time,
/// and midnight UTC for entries of which only the day is known, as the index stores them.
fn index_bounds(bounds: &[NaiveDate]) -> HistogramBounds {
    let utc_midnight = |day: &NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
    HistogramBounds {
        instants: bounds.iter().map(|day| local_day_start(*day)).collect(),
        days: bounds.iter().map(utc_midnight).collect(),
    }
}
