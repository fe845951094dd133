//! How articles spread over time.

use std::ops::Range;

use chrono::{Datelike, Days, Months, NaiveDate};

/// A stretch of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CalendarUnit {
    /// A day.
    Day,
    /// From Monday to Sunday.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
    /// Ten years, from one that ends in 0.
    Decade,
}

impl CalendarUnit {
    /// All of them, the shortest first.
    pub const ALL: [CalendarUnit; 5] = [
        CalendarUnit::Day,
        CalendarUnit::Week,
        CalendarUnit::Month,
        CalendarUnit::Year,
        CalendarUnit::Decade,
    ];

    /// The first day of the one that `day` is in.
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

    /// The first day of the one after that which begins at `start`.
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

    /// The beginnings of those from the day `first` to the day `last`, and of the one behind them; `None` if they are more
    /// than `most`.
    pub fn bucket_bounds(
        self,
        first: NaiveDate,
        last: NaiveDate,
        most: usize,
    ) -> Option<Vec<NaiveDate>> {
        let mut bounds = vec![self.start_of(first)];
        while let Some(start) = bounds.last().copied().filter(|start| *start <= last) {
            if bounds.len() > most {
                return None;
            }
            bounds.push(self.next_start(start));
        }
        Some(bounds)
    }

    /// The shortest of which `most` reach from one day to the other, and their bounds.
    pub fn smallest_fitting(
        first: NaiveDate,
        last: NaiveDate,
        most: usize,
    ) -> Option<(CalendarUnit, Vec<NaiveDate>)> {
        CalendarUnit::ALL
            .into_iter()
            .find_map(|unit| Some((unit, unit.bucket_bounds(first, last, most)?)))
    }
}

/// What is counted in the columns of a histogram.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HistogramBuckets {
    /// The shortest unit of which so many columns are enough; with none, nothing is counted.
    AtMost(usize),
    /// This unit.
    Unit(CalendarUnit),
}

impl HistogramBuckets {
    /// Columns at the most where the unit is given: a day each for 179 years.
    const MAX_BUCKETS: usize = 1 << 16;

    /// The unit from one day to the other, and the bounds of each; `None` if that takes too many columns.
    pub fn bucket_bounds(
        self,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Option<(CalendarUnit, Vec<NaiveDate>)> {
        match self {
            HistogramBuckets::AtMost(most) => CalendarUnit::smallest_fitting(first, last, most),
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

/// How many articles were published in each of some neighbouring days, weeks, months or years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Histogram {
    /// What is counted by.
    pub unit: CalendarUnit,
    /// Where each begins, and where the last one ends: one more than there are counts.
    pub bounds: Vec<NaiveDate>,
    /// How many.
    pub counts: Vec<u32>,
}

impl Histogram {
    /// The days that a column stands for.
    pub fn bucket_days(&self, column: usize) -> Option<Range<NaiveDate>> {
        Some(*self.bounds.get(column)?..*self.bounds.get(column + 1)?)
    }

    /// The column that a day belongs to.
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
        let fit = |from, to, most| {
            CalendarUnit::smallest_fitting(day(from), day(to), most)
                .map(|(unit, bounds)| (unit, bounds.len() - 1))
        };
        assert_eq!(fit("2026-11-23", "2026-11-23", 10), Some((CalendarUnit::Day, 1)));
        assert_eq!(fit("2026-11-01", "2026-11-10", 10), Some((CalendarUnit::Day, 10)));
        assert_eq!(fit("2026-11-01", "2026-11-11", 10), Some((CalendarUnit::Week, 3)));
        assert_eq!(fit("2026-02-01", "2026-11-11", 10), Some((CalendarUnit::Month, 10)));
        assert_eq!(fit("2017-02-01", "2026-11-11", 10), Some((CalendarUnit::Year, 10)));
        assert_eq!(fit("2016-02-01", "2026-11-11", 10), Some((CalendarUnit::Decade, 2)));
        assert_eq!(fit("1824-02-01", "2026-11-11", 21), Some((CalendarUnit::Decade, 21)));
        assert_eq!(fit("1824-02-01", "2026-11-11", 20), None);
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
