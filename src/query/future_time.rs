//! Times to come: until when an article is hidden or has a tag.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc, Weekday};

use super::date::parse_future_day;
use crate::model::{LetterM, TimeSpan, TimeUnit};

/// The forms of a time to come, as the end of a sentence.
pub const FUTURE_TIME_FORMS: &str =
    "a time to come is 18:00, tomorrow, friday, fri 9:00, 2026-12-01, 2h, 2d, 3w or 6m";

/// A time to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FutureTime {
    /// A time of a calendar and a clock at the user's place.
    Local(NaiveDateTime),
    /// So long from now.
    In(TimeDelta),
}

impl FutureTime {
    /// Returns the instant, in seconds since 1970; `instant_of` knows the user's time zone.
    pub fn resolve(
        self,
        now: DateTime<Utc>,
        instant_of: impl FnOnce(NaiveDateTime) -> Option<DateTime<Utc>>,
    ) -> Option<i64> {
        let at = match self {
            FutureTime::Local(time) => instant_of(time),
            FutureTime::In(delta) => now.checked_add_signed(delta),
        };
        at.map(|at| at.timestamp())
    }
}

/// Returns the time to come that `text` names: a day as in [`parse_future_day`] (its beginning), a time
/// of day (`18:00`: today, or else tomorrow), both (`fri 9:00`, `today 18:00`), or `2h`, `30min`.
pub fn parse_future_time(text: &str, now: NaiveDateTime) -> Option<FutureTime> {
    let text = text.trim().to_lowercase();
    let today = now.date();
    if let Some(time) = parse_clock_time(&text) {
        let at = today.and_time(time);
        let at = if at > now { at } else { today.succ_opt()?.and_time(time) };
        return Some(FutureTime::Local(at));
    }
    if let Some(day) = parse_future_day(&text, today) {
        return Some(FutureTime::Local(day.and_time(NaiveTime::MIN)));
    }
    if let Some(delta) = parse_hours(&text) {
        return Some(FutureTime::In(delta));
    }
    let (day, time) = text.rsplit_once(char::is_whitespace)?;
    let time = parse_clock_time(time)?;
    let at = parse_day_of_time(day.trim_end(), time, now)?.and_time(time);
    (at > now).then_some(FutureTime::Local(at))
}

/// Returns whether a word is a time of day, such as `9:00`.
pub fn is_clock_time(word: &str) -> bool {
    parse_clock_time(word).is_some()
}

/// Parses the day before a time of day. One that is today counts as long as the time is to come.
fn parse_day_of_time(text: &str, time: NaiveTime, now: NaiveDateTime) -> Option<NaiveDate> {
    let today = now.date();
    let is_today = text == "today"
        || text.parse().is_ok_and(|day: Weekday| day == today.weekday())
        || text.parse() == Ok(today);
    if is_today && time > now.time() { Some(today) } else { parse_future_day(text, today) }
}

/// Parses `9:00` and `18:30`.
fn parse_clock_time(text: &str) -> Option<NaiveTime> {
    let (hour, minute) = text.split_once(':')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if hour.len() > 2 || minute.len() != 2 || !is_number(hour) || !is_number(minute) {
        return None;
    }
    NaiveTime::from_hms_opt(hour.parse().ok()?, minute.parse().ok()?, 0)
}

/// Parses a number of hours or minutes.
fn parse_hours(text: &str) -> Option<TimeDelta> {
    let span = TimeSpan::parse(text, LetterM::Month)?;
    let is_short = matches!(span.unit, TimeUnit::Hour | TimeUnit::Minute);
    let seconds = i64::try_from(span.seconds()).ok()?;
    TimeDelta::try_seconds(seconds).filter(|_| is_short && seconds > 0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Noon of Monday, 23 November 2026.
    fn noon() -> NaiveDateTime {
        NaiveDate::from_ymd_opt(2026, 11, 23).unwrap().and_hms_opt(12, 0, 0).unwrap()
    }

    #[test]
    fn time_to_come_is_a_day_a_time_of_day_or_both() {
        for (text, expected) in [
            ("18:00", "2026-11-23 18:00"),
            ("10:00", "2026-11-24 10:00"),
            ("12:00", "2026-11-24 12:00"),
            ("9:05", "2026-11-24 09:05"),
            ("tomorrow", "2026-11-24 00:00"),
            ("Tomorrow  8:00", "2026-11-24 08:00"),
            ("today 18:00", "2026-11-23 18:00"),
            ("monday", "2026-11-30 00:00"),
            ("mon 18:00", "2026-11-23 18:00"),
            ("mon 9:00", "2026-11-30 09:00"),
            (" fri 9:00 ", "2026-11-27 09:00"),
            ("2026-12-01", "2026-12-01 00:00"),
            ("2026-12-01 18:30", "2026-12-01 18:30"),
            ("2026-11-23 18:30", "2026-11-23 18:30"),
            ("2d", "2026-11-25 00:00"),
            ("2 days", "2026-11-25 00:00"),
            ("2d 9:00", "2026-11-25 09:00"),
            ("6m", "2027-05-23 00:00"),
            ("march 9:00", "2027-03-01 09:00"),
        ] {
            let found = parse_future_time(text, noon());
            let expected = NaiveDateTime::parse_from_str(expected, "%Y-%m-%d %H:%M").unwrap();
            assert_eq!(found, Some(FutureTime::Local(expected)), "{text}");
        }
        for (text, minutes) in [("2h", 120), ("90 min", 90), ("1 hour", 60)] {
            let expected = FutureTime::In(TimeDelta::minutes(minutes));
            assert_eq!(parse_future_time(text, noon()), Some(expected), "{text}");
        }
    }

    #[test]
    fn time_that_has_passed_or_is_none_is_rejected() {
        for text in [
            "",
            "today",
            "today 10:00",
            "yesterday",
            "2026-11-23 10:00",
            "2026-11-22 18:00",
            "24:00",
            "9:5",
            "9:",
            ":30",
            "+9:00",
            "123:00",
            "9:00 fri",
            "soon",
            "0h",
            "0d",
            "30s",
            "4294967296h",
            "é 9:00",
        ] {
            assert_eq!(parse_future_time(text, noon()), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn time_of_day_is_within_the_next_day(minute_now in 0..1_440_u32, minute in 0..1_440_u32) {
            let midnight = noon().date().and_time(NaiveTime::MIN);
            let now = midnight + TimeDelta::minutes(minute_now.into());
            let text = format!("{}:{:02}", minute / 60, minute % 60);
            let Some(FutureTime::Local(at)) = parse_future_time(&text, now) else { panic!("{text}") };
            prop_assert!(at > now && at - now <= TimeDelta::days(1));
            prop_assert_eq!(at.format("%-H:%M").to_string(), text);
        }

        #[test]
        fn weekday_with_a_time_is_within_the_next_week(day in 0..7_u8, minute in 0..1_440_u32) {
            let day = Weekday::try_from(day).unwrap();
            let text = format!("{day} {}:{:02}", minute / 60, minute % 60);
            let Some(FutureTime::Local(at)) = parse_future_time(&text, noon()) else { panic!("{text}") };
            prop_assert!(at > noon() && at - noon() <= TimeDelta::days(7));
            prop_assert_eq!(at.weekday(), day);
        }

        #[test]
        fn any_text_is_a_time_to_come_or_none(text in "\\PC{0,20}") {
            if let Some(FutureTime::Local(at)) = parse_future_time(&text, noon()) {
                prop_assert!(at > noon());
            }
        }
    }
}
