//! Days in the user's time zone.

use chrono::{DateTime, Local, NaiveDate, NaiveTime, TimeDelta};

/// Returns the local day of an instant, given in seconds since 1970.
pub(super) fn local_day_of(seconds: i64) -> NaiveDate {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().with_timezone(&Local).date_naive()
}

/// Returns the instant at which a local day begins, in seconds since 1970.
pub fn local_day_start(day: NaiveDate) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN);
    // In some time zones, clocks are set forward at midnight: the day then begins at the first hour
    // that exists.
    let start = (0..4)
        .find_map(|hour| (midnight + TimeDelta::hours(hour)).and_local_timezone(Local).earliest());
    start.map_or_else(|| midnight.and_utc().timestamp(), |start| start.timestamp())
}
