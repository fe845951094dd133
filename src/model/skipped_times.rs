//! The hours and days at which a publisher wants no refreshes.

use chrono::{DateTime, Datelike, Duration, Timelike, Utc};

/// Number of hours of a day; the bits of the days follow those of the hours.
const HOURS: u8 = 24;

/// Number of days of a week.
const DAYS: u8 = 7;

/// Hours (UTC) and days of the week at which a publisher wants no refreshes: a bit for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SkippedTimes(u32);

impl SkippedTimes {
    /// Creates the times from hours (from 0) and days (from 0, Monday); others are left out.
    pub fn new(hours: &[u8], days: &[u8]) -> SkippedTimes {
        let hours = hours.iter().copied().filter(|hour| *hour < HOURS);
        let days = days.iter().copied().filter(|day| *day < DAYS).map(|day| HOURS + day);
        SkippedTimes(hours.chain(days).fold(0, |bits, bit| bits | (1 << bit)))
    }

    /// Restores the times from their stored form.
    pub fn from_bits(bits: u32) -> SkippedTimes {
        SkippedTimes(bits)
    }

    /// Returns the stored form.
    pub fn bits(self) -> u32 {
        self.0
    }

    /// Returns the first time from `at` on that the publisher does not skip; if every hour or day is
    /// skipped, `at`.
    pub fn next_allowed(self, at: DateTime<Utc>) -> DateTime<Utc> {
        let week = 0..i64::from(HOURS) * i64::from(DAYS);
        let mut hours = week.map(|hour| at + Duration::hours(hour));
        hours.find(|at| !self.includes(*at)).unwrap_or(at)
    }

    fn includes(self, at: DateTime<Utc>) -> bool {
        let day = u32::from(HOURS) + at.weekday().num_days_from_monday();
        self.0 & ((1 << at.hour()) | (1 << day)) != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(hour: u32) -> DateTime<Utc> {
        chrono::NaiveDate::from_ymd_opt(2026, 11, 23)
            .unwrap()
            .and_hms_opt(hour, 0, 0)
            .unwrap()
            .and_utc()
    }

    #[test]
    fn next_allowed_time_skips_hours_and_days_of_publisher() {
        let skipped = SkippedTimes::new(&[3, 4, 99], &[9]);
        assert_eq!(skipped.next_allowed(at(3)), at(5));
        assert_eq!(SkippedTimes::from_bits(skipped.bits()), skipped);
        let monday = SkippedTimes::new(&[], &[0]);
        assert_eq!(monday.next_allowed(at(3)), at(0) + Duration::hours(24));
        let all: Vec<u8> = (0..24).collect();
        assert_eq!(SkippedTimes::new(&all, &[]).next_allowed(at(3)), at(3));
        assert_eq!(SkippedTimes::default().next_allowed(at(3)), at(3));
    }
}
