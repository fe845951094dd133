//! The reader's days.

use chrono::{DateTime, Local, NaiveDate, NaiveTime, TimeDelta};

#[expect(clippy::disallowed_methods, reason = "time enters the program in the runtime")]
pub(super) fn local_today() -> NaiveDate {
    Local::now().date_naive()
}

/// The day of a second since 1970, for the reader.
pub(super) fn local_day_of(seconds: i64) -> NaiveDate {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default().with_timezone(&Local).date_naive()
}

/// When a day began for the reader, in seconds since 1970.
pub(in crate::runtime) fn local_day_start(day: NaiveDate) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN);
    // Where clocks are set forward at midnight, the day begins with the first hour there is.
    let start = (0..4)
        .find_map(|hour| (midnight + TimeDelta::hours(hour)).and_local_timezone(Local).earliest());
    start.map_or_else(|| midnight.and_utc().timestamp(), |start| start.timestamp())
}
