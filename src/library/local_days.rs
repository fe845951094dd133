//! Days in the user's time zone.

use chrono::{Local, NaiveDate, NaiveTime, TimeDelta};

use crate::text::instant_from_seconds;

/// Returns the local day of an instant, given in seconds since 1970.
pub(super) fn local_day_of(seconds: i64) -> NaiveDate {
    instant_from_seconds(seconds).unwrap_or_default().with_timezone(&Local).date_naive()
}

/// Returns the instant at which a local day begins, in seconds since 1970.
pub fn local_day_start(day: NaiveDate) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN);
    // In some time zones, clocks are set forward at midnight: the day then begins at the first hour
    // that exists.
    let start = (0..4).find_map(|hour| {
        let at = midnight.checked_add_signed(TimeDelta::hours(hour))?;
        at.and_local_timezone(Local).earliest()
    });
    start.map_or_else(|| midnight.and_utc().timestamp(), |start| start.timestamp())
}
