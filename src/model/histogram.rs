//! Histograms: numbers of articles per day, week, month, year or decade.
//!
//! Start with [`Histogram`]; [`CalendarUnit`] computes the bounds of its columns.

use std::ops::Range;

use chrono::{Datelike, Days, Months, NaiveDate};

/// A calendar unit: the width of a histogram column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarUnit {
    /// A day.
    Day,
    /// A week, from Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
    /// Ten years, starting with a year that ends in 0.
    Decade,
}

impl CalendarUnit {
    /// All units, shortest first.
    pub const ALL: [CalendarUnit; 5] = [
        CalendarUnit::Day,
        CalendarUnit::Week,
        CalendarUnit::Month,
        CalendarUnit::Year,
        CalendarUnit::Decade,
    ];

    /// Returns the first day of the unit that contains `day`.
    pub fn start_of(self, day: NaiveDate) -> NaiveDate {
        let start = match self {
            CalendarUnit::Day => Some(day),
            CalendarUnit::Week => {
                day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into()))
            }
            CalendarUnit::Month => day.with_day(1),
            CalendarUnit::Year => NaiveDate::from_ymd_opt(day.year(), 1, 1),
            CalendarUnit::Decade => {
                NaiveDate::from_ymd_opt(day.year() - day.year().rem_euclid(10), 1, 1)
            }
        };
        start.unwrap_or(day)
    }

    /// Returns the first day of the unit that follows the one starting at `start`.
    pub fn next_start(self, start: NaiveDate) -> NaiveDate {
        let next = match self {
            CalendarUnit::Day => start.succ_opt(),
            CalendarUnit::Week => start.checked_add_days(Days::new(7)),
            CalendarUnit::Month => start.checked_add_months(Months::new(1)),
            CalendarUnit::Year => start.checked_add_months(Months::new(12)),
            CalendarUnit::Decade => start.checked_add_months(Months::new(120)),
        };
        next.unwrap_or(NaiveDate::MAX)
    }

    /// Returns the start of each unit from `first` to `last`, and the end of the last one; `None`
    /// if there are more than `limit` units.
    pub fn bucket_bounds(
        self,
        first: NaiveDate,
        last: NaiveDate,
        limit: usize,
    ) -> Option<Vec<NaiveDate>> {
        let mut bounds = vec![self.start_of(first)];
        while let Some(start) = bounds.last().copied().filter(|start| *start <= last) {
            if bounds.len() > limit {
                return None;
            }
            bounds.push(self.next_start(start));
        }
        Some(bounds)
    }

    /// Returns the shortest unit with which at most `limit` columns reach from `first` to `last`,
    /// and their bounds.
    pub fn smallest_fitting(
        first: NaiveDate,
        last: NaiveDate,
        limit: usize,
    ) -> Option<(CalendarUnit, Vec<NaiveDate>)> {
        CalendarUnit::ALL
            .into_iter()
            .find_map(|unit| Some((unit, unit.bucket_bounds(first, last, limit)?)))
    }
}

/// The requested columns of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistogramBuckets {
    /// At most this many columns, of the shortest unit that fits. With 0, no histogram is computed.
    AtMost(usize),
    /// Columns of this unit.
    Unit(CalendarUnit),
}

impl HistogramBuckets {
    /// Maximum number of columns if the unit is given: 65,536, enough for one per day over 179
    /// years.
    const MAX_BUCKETS: usize = 1 << 16;

    /// Returns the unit and the bounds of the columns from `first` to `last`; `None` if there would
    /// be too many columns.
    pub fn bucket_bounds(
        self,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Option<(CalendarUnit, Vec<NaiveDate>)> {
        match self {
            HistogramBuckets::AtMost(limit) => CalendarUnit::smallest_fitting(first, last, limit),
            HistogramBuckets::Unit(unit) => {
                Some((unit, unit.bucket_bounds(first, last, HistogramBuckets::MAX_BUCKETS)?))
            }
        }
    }
}

impl Default for HistogramBuckets {
    fn default() -> HistogramBuckets {
        HistogramBuckets::AtMost(0)
    }
}

/// Numbers of articles published in consecutive days, weeks, months, years or decades.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// The width of a column.
    pub unit: CalendarUnit,
    /// The first day of each column, then the end of the last column: one element more than
    /// `counts`.
    pub bounds: Vec<NaiveDate>,
    /// Number of articles in each column.
    pub counts: Vec<u32>,
}

impl Histogram {
    /// Returns the days of a column; `None` if there is no such column.
    pub fn bucket_days(&self, column: usize) -> Option<Range<NaiveDate>> {
        Some(*self.bounds.get(column)?..*self.bounds.get(column + 1)?)
    }

    /// Returns the column that contains `day`; `None` if the day is outside the histogram.
    pub fn bucket_of(&self, day: NaiveDate) -> Option<usize> {
        let column = self.bounds.partition_point(|bound| *bound <= day).checked_sub(1)?;
        (column < self.counts.len()).then_some(column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn smallest_fitting_unit_respects_bucket_limit() {
        let fit_unit = |from, to, limit| {
            CalendarUnit::smallest_fitting(day(from), day(to), limit)
                .map(|(unit, bounds)| (unit, bounds.len() - 1))
        };
        assert_eq!(fit_unit("2026-11-23", "2026-11-23", 10), Some((CalendarUnit::Day, 1)));
        assert_eq!(fit_unit("2026-11-01", "2026-11-10", 10), Some((CalendarUnit::Day, 10)));
        assert_eq!(fit_unit("2026-11-01", "2026-11-11", 10), Some((CalendarUnit::Week, 3)));
        assert_eq!(fit_unit("2026-02-01", "2026-11-11", 10), Some((CalendarUnit::Month, 10)));
        assert_eq!(fit_unit("2017-02-01", "2026-11-11", 10), Some((CalendarUnit::Year, 10)));
        assert_eq!(fit_unit("2016-02-01", "2026-11-11", 10), Some((CalendarUnit::Decade, 2)));
        assert_eq!(fit_unit("1824-02-01", "2026-11-11", 21), Some((CalendarUnit::Decade, 21)));
        assert_eq!(fit_unit("1824-02-01", "2026-11-11", 20), None);
    }

    #[test]
    fn histogram_maps_days_to_buckets() {
        let bounds =
            CalendarUnit::Month.bucket_bounds(day("2026-01-15"), day("2026-03-02"), 12).unwrap();
        let histogram = Histogram { unit: CalendarUnit::Month, counts: vec![1, 2, 3], bounds };
        assert_eq!(histogram.bucket_days(1), Some(day("2026-02-01")..day("2026-03-01")));
        assert_eq!(histogram.bucket_of(day("2026-02-28")), Some(1));
        assert_eq!(histogram.bucket_of(day("2026-04-01")), None);
        assert_eq!(histogram.bucket_of(day("2025-12-31")), None);
    }
}
