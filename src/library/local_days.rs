//! Days in the user's time zone.

use chrono::{DateTime, Local, NaiveDate, NaiveDateTime, NaiveTime, Utc};

use crate::text::{first_instant_of, instant_from_seconds};

/// Returns the local day of an instant, given in seconds since 1970.
pub(super) fn local_day_of(seconds: i64) -> NaiveDate {
    instant_from_seconds(seconds).unwrap_or_default().with_timezone(&Local).date_naive()
}

/// Returns the instant at which a local day begins, in seconds since 1970.
pub fn local_day_start(day: NaiveDate) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN);
    local_instant(midnight).map_or_else(|| midnight.and_utc().timestamp(), |at| at.timestamp())
}

/// Returns the instant of a time in the user's time zone; `None` beyond all calendars.
pub fn local_instant(local: NaiveDateTime) -> Option<DateTime<Utc>> {
    first_instant_of(&Local, local)
}
