//! Times relative to now: `14m`, `3h`, `Sun`, `14:05`, `9 Nov`, `Apr 2018`, `3 Aug 2024`.
//!
//! A publisher's clock may be a few minutes ahead: such a time is `now`. A time that is further ahead is
//! one that the publisher states, and is shown as a date, never as `now` or `today`.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use super::LocalZone;

/// Maximum width of the dates of a list, in cells.
pub const LIST_DATE_WIDTH: u16 = 9;

/// Days after which a date of a list needs its year. Up to then, `28 Dec` can only be the last one.
const MAX_DAYS_WITHOUT_YEAR: i64 = 300;

/// Days until which a date to come in a list needs no year: the same day of last year has one.
const MAX_DAYS_AHEAD_WITHOUT_YEAR: i64 = 365 - MAX_DAYS_WITHOUT_YEAR;

/// Time by which a publisher's clock may be ahead of ours.
const MAX_CLOCK_SKEW: TimeDelta = TimeDelta::minutes(5);

/// The current time and the user's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalNow {
    /// The current instant.
    pub at: DateTime<Utc>,
    /// The user's time zone.
    pub zone: LocalZone,
}

impl LocalNow {
    /// Returns the current day in the user's time zone.
    pub fn today(self) -> NaiveDate {
        self.local().date()
    }

    /// Returns the current day and time in the user's time zone.
    pub fn local(self) -> NaiveDateTime {
        self.at.with_timezone(&self.zone).naive_local()
    }

    /// Returns the beginning of a day in the user's time zone; `None` beyond all calendars.
    pub fn start_of_day(self, day: NaiveDate) -> Option<DateTime<Utc>> {
        self.instant_of(day.and_time(NaiveTime::MIN))
    }

    /// Returns the instant of a local time, which is that of its own day's clock, as
    /// [`LocalZone::instant_of`] does; `None` beyond all calendars.
    pub fn instant_of(self, local: NaiveDateTime) -> Option<DateTime<Utc>> {
        self.zone.instant_of(local)
    }

    /// Formats an instant to come, as it follows "until": `18:00` today, `Fri` and `Fri 18:00` within
    /// a week, then `9 Nov` and `9 Nov 2027`. The beginning of a day is named by the day.
    pub fn format_until(self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone);
        let format = match (local.date_naive() - self.today()).num_days() {
            ..=0 => "%H:%M",
            1..=6 if local.time() == NaiveTime::MIN => "%a",
            1..=6 => "%a %H:%M",
            _ if local.year() == self.today().year() => "%-d %b",
            _ => "%-d %b %Y",
        };
        local.format(format).to_string()
    }

    /// Formats an instant until which something holds or held: `18:00` today, `Fri 27 Nov`, `Fri 27 Nov
    /// 09:00`, with the year unless it is this one. The beginning of a day is named by the day.
    pub fn format_end(self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone);
        let is_day = local.time() == NaiveTime::MIN;
        if local.date_naive() == self.today() && !is_day {
            return local.format("%H:%M").to_string();
        }
        let year = if local.year() == self.today().year() { "" } else { " %Y" };
        let time = if is_day { "" } else { " %H:%M" };
        local.format(&format!("%a %-d %b{year}{time}")).to_string()
    }

    /// Returns whether an instant is to come, although clocks are not always right.
    fn is_ahead(self, at: DateTime<Utc>) -> bool {
        at - self.at > MAX_CLOCK_SKEW
    }

    /// Returns whether a day needs no year in a list, because no other that a list shows without one has
    /// the same date.
    fn is_without_year(self, day: NaiveDate) -> bool {
        let (days, is_this_year) =
            ((self.today() - day).num_days(), day.year() == self.today().year());
        match days {
            ..=-1 => is_this_year && -days < MAX_DAYS_AHEAD_WITHOUT_YEAR,
            _ => is_this_year || days < MAX_DAYS_WITHOUT_YEAR,
        }
    }

    /// Formats the age of an instant, at most six cells wide: `now`, `14m`, `3h`, `Sun`, `9 Nov`,
    /// `2024`; an instant to come as `18:00`, `2 Dec` or `2027`.
    pub fn format_age(self, at: DateTime<Utc>) -> String {
        let passed = self.at - at;
        if self.is_ahead(at) {
            self.format_time_or(at, LocalNow::format_day_age)
        } else if passed < TimeDelta::minutes(1) {
            "now".to_owned()
        } else if passed < TimeDelta::hours(1) {
            format!("{}m", passed.num_minutes())
        } else if passed < TimeDelta::hours(24) {
            format!("{}h", passed.num_hours())
        } else {
            self.format_day_age(at.with_timezone(&self.zone).date_naive())
        }
    }

    /// Formats an instant for a list, at most [`LIST_DATE_WIDTH`] cells wide: `14:05` today, `Sun
    /// 14:05` yesterday, then `9 Nov` and `Apr 2018`, as days to come are. It stays the same for the
    /// whole day, so that no row changes while it is read.
    pub fn format_list_date(self, at: DateTime<Utc>) -> String {
        if at > self.at && !self.is_ahead(at) {
            return "now".to_owned();
        }
        let local = at.with_timezone(&self.zone);
        match (self.today() - local.date_naive()).num_days() {
            1 => local.format("%a %H:%M").to_string(),
            _ => self.format_time_or(at, LocalNow::format_list_day),
        }
    }

    /// Formats a day without a time for a list: `today`, `9 Nov`, `Apr 2018`.
    pub fn format_list_day(self, day: NaiveDate) -> String {
        match day {
            _ if day == self.today() => "today".to_owned(),
            _ if self.is_without_year(day) => day.format("%-d %b").to_string(),
            _ => day.format("%b %Y").to_string(),
        }
    }

    /// Formats an instant of today as a time, and any other by its day.
    fn format_time_or(
        self,
        at: DateTime<Utc>,
        format_day: impl Fn(LocalNow, NaiveDate) -> String,
    ) -> String {
        let local = at.with_timezone(&self.zone);
        match local.date_naive() {
            day if day == self.today() => local.format("%H:%M").to_string(),
            day => format_day(self, day),
        }
    }

    /// Formats an instant with its time of day: `14:02` today, `Tue 14:02` in the last week, else `9 Nov
    /// 14:02`, with the year unless it is this one.
    pub fn format_past(self, at: DateTime<Utc>) -> String {
        let local = at.with_timezone(&self.zone);
        let format = match (self.today() - local.date_naive()).num_days() {
            0 => "%H:%M",
            1..=6 => "%a %H:%M",
            _ if local.year() == self.today().year() => "%-d %b %H:%M",
            _ => "%-d %b %Y %H:%M",
        };
        local.format(format).to_string()
    }

    /// Formats the day of an instant, which may be in the future: `9 Nov`.
    pub fn format_short_day(self, at: DateTime<Utc>) -> String {
        at.with_timezone(&self.zone).format("%-d %b").to_string()
    }

    /// Formats the age of a day without a time: `today`, `Sun`, `9 Nov`, `2024`.
    fn format_day_age(self, day: NaiveDate) -> String {
        match (self.today() - day).num_days() {
            0 => "today".to_owned(),
            1..=6 => day.format("%a").to_string(),
            _ if self.is_without_year(day) => day.format("%-d %b").to_string(),
            _ => day.format("%Y").to_string(),
        }
    }

    /// Formats a day in a sentence: `today`, `yesterday`, `tomorrow`, else `28 January 2026`.
    pub fn format_day(self, day: NaiveDate) -> String {
        match (self.today() - day).num_days() {
            -1 => "tomorrow".to_owned(),
            0 => "today".to_owned(),
            1 => "yesterday".to_owned(),
            _ => format_long_date(day),
        }
    }

    /// Formats an instant for the head of an article: `14 min ago`, `3 h ago`, else `28 January
    /// 2026`; one of today that is to come as `18:00`.
    pub fn format_long_age(self, at: DateTime<Utc>) -> String {
        let passed = self.at - at;
        if self.is_ahead(at) {
            self.format_time_or(at, |_, day| format_long_date(day))
        } else if passed < TimeDelta::minutes(1) {
            "now".to_owned()
        } else if passed < TimeDelta::hours(1) {
            format!("{} min ago", passed.num_minutes())
        } else if passed < TimeDelta::hours(24) {
            format!("{} h ago", passed.num_hours())
        } else {
            format_long_date(at.with_timezone(&self.zone).date_naive())
        }
    }
}

/// Formats a day in full: `28 January 2026`.
pub fn format_long_date(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};

    use super::{LIST_DATE_WIDTH, LocalNow};

    #[test]
    fn format_age_is_short() {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).unwrap();
        let now = LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap().into() };
        let cases = [
            (TimeDelta::days(-700), "2028"),
            (TimeDelta::days(-9), "2 Dec"),
            (TimeDelta::hours(-5), "18:00"),
            (TimeDelta::minutes(-5), "now"),
            (TimeDelta::seconds(5), "now"),
            (TimeDelta::minutes(14), "14m"),
            (TimeDelta::hours(23), "23h"),
            (TimeDelta::days(1), "Sun"),
            (TimeDelta::days(7), "16 Nov"),
            (TimeDelta::days(340), "2025"),
        ];
        for (passed, expected) in cases {
            assert_eq!(now.format_age(at - passed), expected);
        }
    }

    #[test]
    fn format_until_names_time_then_weekday_then_date() {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).unwrap();
        let now = LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap().into() };
        let midnight = now.start_of_day(now.today()).unwrap();
        for (until, expected) in [
            (at + TimeDelta::hours(5), "18:00"),
            (midnight + TimeDelta::days(1), "Tue"),
            (midnight + TimeDelta::hours(30), "Tue 06:00"),
            (midnight + TimeDelta::days(6), "Sun"),
            (midnight + TimeDelta::days(7), "30 Nov"),
            (midnight + TimeDelta::days(60), "22 Jan 2027"),
            (at - TimeDelta::hours(1), "12:00"),
        ] {
            assert_eq!(now.format_until(until), expected);
        }
    }

    #[test]
    fn format_end_names_the_day_of_a_time_that_has_passed() {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).unwrap();
        let now = LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap().into() };
        let midnight = now.start_of_day(now.today()).unwrap();
        for (end, expected) in [
            (at + TimeDelta::hours(5), "18:00"),
            (at - TimeDelta::hours(5), "08:00"),
            (midnight, "Mon 23 Nov"),
            (midnight - TimeDelta::hours(6), "Sun 22 Nov 18:00"),
            (midnight + TimeDelta::days(4), "Fri 27 Nov"),
            (midnight + TimeDelta::days(60), "Fri 22 Jan 2027"),
        ] {
            assert_eq!(now.format_end(end), expected);
        }
    }

    #[test]
    fn format_list_date_names_time_then_day_then_month() {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).unwrap();
        let now = LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap().into() };
        let cases = [
            (TimeDelta::days(-2_000_000), "Sep 7502"),
            (TimeDelta::days(-163), "May 2027"),
            (TimeDelta::days(-43), "Jan 2027"),
            (TimeDelta::days(-9), "2 Dec"),
            (TimeDelta::hours(-11), "24 Nov"),
            (TimeDelta::hours(-5), "18:00"),
            (TimeDelta::minutes(-5), "now"),
            (TimeDelta::seconds(5), "12:59"),
            (TimeDelta::minutes(780), "00:00"),
            (TimeDelta::minutes(781), "Sun 23:59"),
            (TimeDelta::hours(38), "21 Nov"),
            (TimeDelta::days(299), "28 Jan"),
            (TimeDelta::days(322), "5 Jan"),
            (TimeDelta::days(340), "Dec 2025"),
            (TimeDelta::days(9_000), "Apr 2002"),
        ];
        for (passed, expected) in cases {
            let date = now.format_list_date(at - passed);
            assert_eq!(date, expected);
            assert!(date.len() <= usize::from(LIST_DATE_WIDTH), "{date}");
        }
        assert_eq!(now.format_list_day(now.today()), "today");
        assert_eq!(now.format_list_day(now.today() - TimeDelta::days(1)), "22 Nov");
        assert_eq!(now.format_list_day(now.today() + TimeDelta::days(1)), "24 Nov");
    }

    #[test]
    fn date_without_year_is_of_one_day_alone() {
        for at in ["2026-01-05", "2026-03-01", "2026-11-23", "2024-12-31", "2024-02-29"] {
            let at = at.parse::<NaiveDate>().unwrap().and_time(NaiveTime::MIN).and_utc();
            let now = LocalNow { at, zone: FixedOffset::east_opt(0).unwrap().into() };
            let days = (-800..800).map(|days| now.today() - TimeDelta::days(days));
            let dates = days.map(|day| now.format_list_day(day));
            let has_year = |date: &String| date.ends_with(|c: char| c.is_ascii_digit());
            let mut short: Vec<String> = dates.filter(|date| !has_year(date)).collect();
            let count = short.len();
            short.sort();
            short.dedup();
            assert_eq!(short.len(), count, "{at}");
        }
    }

    #[test]
    fn long_forms_name_a_time_to_come_by_its_date() {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).unwrap();
        let now = LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap().into() };
        for (ahead, age, past) in [
            (TimeDelta::minutes(4), "now", "13:04"),
            (TimeDelta::hours(5), "18:00", "18:00"),
            (TimeDelta::days(9), "2 December 2026", "2 Dec 13:00"),
            (TimeDelta::days(163), "5 May 2027", "5 May 2027 13:00"),
        ] {
            assert_eq!(now.format_long_age(at + ahead), age);
            assert_eq!(now.format_past(at + ahead), past);
        }
    }

    #[test]
    fn format_day_names_the_days_around_today() {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 23, 30, 0).unwrap();
        let now = LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap().into() };
        for (days, expected) in [
            (-163, "6 May 2027"),
            (-1, "tomorrow"),
            (0, "today"),
            (1, "yesterday"),
            (2, "22 November 2026"),
        ] {
            assert_eq!(now.format_day(now.today() - TimeDelta::days(days)), expected);
        }
    }
}
