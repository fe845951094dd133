//! The clock: the only module that reads the time. Lower layers get the time as a parameter.
#![expect(clippy::disallowed_methods, reason = "this is where time enters the program")]

use std::{
    sync::{Mutex, PoisonError},
    time::{Instant, SystemTime},
};

use chrono::{DateTime, FixedOffset, Local, NaiveDate, Offset, TimeZone, Utc};

use crate::text::{LocalNow, LocalZone, instant_from_system_time};

/// Returns the current time. A clock outside the years 1 to 9999 stands at 1970-01-01.
///
/// `Utc::now` panics while the clock is set before 1970, as it is on boards without a battery.
pub fn utc_now() -> DateTime<Utc> {
    instant_from_system_time(SystemTime::now()).unwrap_or_default()
}

/// The zone that was found last, with the day and the offset of that time: whoever travels, or lets the
/// program run, gets another.
static LAST_ZONE: Mutex<Option<(NaiveDate, FixedOffset, LocalZone)>> = Mutex::new(None);

/// Returns the current time with the user's time zone.
pub fn local_now() -> LocalNow {
    let at = utc_now();
    let offset_at = |at: DateTime<Utc>| Local.offset_from_utc_datetime(&at.naive_utc()).fix();
    let (day, offset) = (at.date_naive(), offset_at(at));
    let mut last = LAST_ZONE.lock().unwrap_or_else(PoisonError::into_inner);
    let zone = match *last {
        Some((last_day, last_offset, zone)) if (last_day, last_offset) == (day, offset) => zone,
        _ => LocalZone::around(at, offset_at),
    };
    *last = Some((day, offset, zone));
    LocalNow { at, zone }
}

/// Returns the current day in the user's time zone.
pub fn local_today() -> NaiveDate {
    local_now().today()
}

/// Returns the time of a clock that is never set back, for measuring durations.
pub fn monotonic_now() -> Instant {
    Instant::now()
}
