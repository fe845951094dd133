//! The clock: the only module that reads the time. Lower layers get the time as a parameter.
#![expect(clippy::disallowed_methods, reason = "this is where time enters the program")]

use std::time::Instant;

use chrono::{DateTime, Local, NaiveDate, Offset, Utc};

use crate::text::LocalNow;

/// Returns the current time.
pub fn utc_now() -> DateTime<Utc> {
    Utc::now()
}

/// Returns the current time with the user's time zone.
pub fn local_now() -> LocalNow {
    LocalNow { at: Utc::now(), zone: Local::now().offset().fix() }
}

/// Returns the current day in the user's time zone.
pub fn local_today() -> NaiveDate {
    Local::now().date_naive()
}

/// Returns the time of a clock that is never set back, for measuring durations.
pub fn monotonic_now() -> Instant {
    Instant::now()
}
