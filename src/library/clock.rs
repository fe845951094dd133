//! The clock: the only module that reads the time. Lower layers get the time as a parameter.
#![expect(clippy::disallowed_methods, reason = "this is where time enters the program")]

use std::time::{Instant, SystemTime};

use chrono::{DateTime, Local, NaiveDate, Offset, TimeZone, Utc};

use crate::text::{LocalNow, instant_from_system_time};

/// Returns the current time. A clock outside the years 1 to 9999 stands at 1970-01-01.
///
/// `Utc::now` panics while the clock is set before 1970, as it is on boards without a battery.
pub fn utc_now() -> DateTime<Utc> {
    instant_from_system_time(SystemTime::now()).unwrap_or_default()
}

/// Returns the current time with the user's time zone.
pub fn local_now() -> LocalNow {
    let at = utc_now();
    LocalNow { at, zone: Local.offset_from_utc_datetime(&at.naive_utc()).fix() }
}

/// Returns the current day in the user's time zone.
pub fn local_today() -> NaiveDate {
    local_now().today()
}

/// Returns the time of a clock that is never set back, for measuring durations.
pub fn monotonic_now() -> Instant {
    Instant::now()
}
