//! The histogram of the hits: how many there are of each day, week, month or year.

use chrono::{NaiveDate, NaiveTime};

use super::{plan::SearchPlan, snapshot::Snapshot};
use crate::{
    index::{HistogramBounds, IndexError, IndexSearch},
    library::local_days::{local_day_of, local_day_start},
    model::Histogram,
};

/// Counts the hits of the index and of the backlog; `None` if there are none, or too much time lies between them.
pub(super) fn build_histogram(
    snapshot: &Snapshot<'_>,
    plan: &SearchPlan<'_>,
    search: &IndexSearch<'_>,
) -> Result<Option<Histogram>, IndexError> {
    let backlog = &snapshot.backlog.entries;
    let backlog_days: Vec<NaiveDate> =
        plan.backlog_hits.iter().filter_map(|(_, id)| backlog.published_day(*id)).collect();
    let index_days = search
        .published_range()
        .into_iter()
        .flat_map(|(oldest, newest)| [local_day_of(oldest), local_day_of(newest)]);
    let days = || backlog_days.iter().copied().chain(index_days.clone());
    let (Some(first), Some(last)) = (days().min(), days().max()) else { return Ok(None) };
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

/// Returns the bounds of the columns in seconds: for entries with a time, and for those with a day only.
fn index_bounds(bounds: &[NaiveDate]) -> HistogramBounds {
    let midnight = |day: &NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
    HistogramBounds {
        instants: bounds.iter().map(|day| local_day_start(*day)).collect(),
        days: bounds.iter().map(midnight).collect(),
    }
}
