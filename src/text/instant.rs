//! Instants from the numbers of files, databases and clocks.

use std::time::{Duration, SystemTime};

use chrono::{DateTime, Datelike, Utc};

/// Returns the instant `seconds` after 1970-01-01; `None` outside the years 1 to 9999.
///
/// Instants in these years can be moved by days and to any time zone, and every format of dates has
/// room for them (RFC 3339 §5.6). `DateTime` panics when the result leaves its own range.
pub fn instant_from_seconds(seconds: i64) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp(seconds, 0).filter(|at| is_in_calendar(*at))
}

/// Returns the instant of a time of the system: of a file or of its clock; `None` outside the years
/// 1 to 9999. File systems store times in 64 bits, and a clock may be set before 1970.
pub fn instant_from_system_time(time: SystemTime) -> Option<DateTime<Utc>> {
    let (seconds, nanoseconds) = match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => (i64::try_from(after.as_secs()).ok()?, after.subsec_nanos()),
        Err(error) => {
            // Rounded towards the past, and the fraction counts from there.
            let before = error.duration();
            let whole = before.as_secs() + u64::from(before.subsec_nanos() > 0);
            let fraction = Duration::from_secs(whole).checked_sub(before)?;
            (0 - i64::try_from(whole).ok()?, fraction.subsec_nanos())
        }
    };
    DateTime::from_timestamp(seconds, nanoseconds).filter(|at| is_in_calendar(*at))
}

/// Returns true for instants in the years 1 to 9999.
pub fn is_in_calendar(at: DateTime<Utc>) -> bool {
    (1..=9999).contains(&at.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST_SECOND: i64 = -62_135_596_800;
    const LAST_SECOND: i64 = 253_402_300_799;

    #[test]
    fn instant_from_seconds_has_four_digit_years() {
        for (seconds, year) in
            [(0, Some(1970)), (-1, Some(1969)), (FIRST_SECOND, Some(1)), (LAST_SECOND, Some(9999))]
        {
            assert_eq!(instant_from_seconds(seconds).map(|at| at.year()), year, "{seconds}");
        }
        for seconds in [FIRST_SECOND - 1, LAST_SECOND + 1, i64::MIN, i64::MAX, 8_210_266_876_799] {
            assert_eq!(instant_from_seconds(seconds), None, "{seconds}");
        }
    }

    #[test]
    fn instant_from_system_time_accepts_any_time() {
        let epoch = SystemTime::UNIX_EPOCH;
        let format = |time| instant_from_system_time(time).map(|at| at.to_rfc3339());
        let cases = [
            (Some(epoch), Some("1970-01-01T00:00:00+00:00")),
            (epoch.checked_add(Duration::from_millis(1500)), Some("1970-01-01T00:00:01.500+00:00")),
            (epoch.checked_sub(Duration::from_secs(1)), Some("1969-12-31T23:59:59+00:00")),
            (epoch.checked_sub(Duration::from_millis(1500)), Some("1969-12-31T23:59:58.500+00:00")),
            (epoch.checked_add(Duration::from_secs(8_210_266_876_800)), None),
            (epoch.checked_add(Duration::from_secs(i64::MAX.unsigned_abs())), None),
            (epoch.checked_sub(Duration::from_secs(1 << 60)), None),
        ];
        for (time, expected) in cases {
            // Not every system can express every time.
            let Some(time) = time else { continue };
            assert_eq!(format(time).as_deref(), expected, "{time:?}");
        }
    }
}
