//! Times relative to now: `14m`, `3h`, `Sun`, `9 Nov`, `3 Aug 2024`.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, TimeDelta, Utc};

/// The current time and the user's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocalNow {
    /// The current instant.
    pub at: DateTime<Utc>,
    /// The user's time zone, as an offset from UTC.
    pub zone: FixedOffset,
}

impl LocalNow {
    /// Returns the current day in the user's time zone.
    pub fn today(self) -> NaiveDate {
        self.at.with_timezone(&self.zone).date_naive()
    }

    /// Formats the age of an instant, at most six cells wide: `now`, `14m`, `3h`, `Sun`, `9 Nov`,
    /// `2024`.
    ///
    /// An instant in the future is `now`: a wrong clock must not promise news.
    pub fn format_age(self, at: DateTime<Utc>) -> String {
        let passed = self.at - at;
        if passed < TimeDelta::minutes(1) {
            "now".to_owned()
        } else if passed < TimeDelta::hours(1) {
            format!("{}m", passed.num_minutes())
        } else if passed < TimeDelta::hours(24) {
            format!("{}h", passed.num_hours())
        } else {
            self.format_day_age(at.with_timezone(&self.zone).date_naive())
        }
    }

    /// Formats the age of a day without a time: `today`, `Sun`, `9 Nov`, `2024`.
    pub fn format_day_age(self, day: NaiveDate) -> String {
        let days = (self.today() - day).num_days();
        match days {
            ..=-1 => "now".to_owned(),
            0 => "today".to_owned(),
            1..=6 => day.format("%a").to_string(),
            _ if days < 300 || day.year() == self.today().year() => {
                day.format("%-d %b").to_string()
            }
            _ => day.format("%Y").to_string(),
        }
    }

    /// Formats a day in a sentence: `today`, `yesterday`, else `28 January 2026`.
    pub fn format_day(self, day: NaiveDate) -> String {
        match (self.today() - day).num_days() {
            ..=0 => "today".to_owned(),
            1 => "yesterday".to_owned(),
            _ => format_long_date(day),
        }
    }

    /// Formats an instant for the head of an article: `14 min ago`, `3 h ago`, else `28 January
    /// 2026`.
    pub fn format_long_age(self, at: DateTime<Utc>) -> String {
        let passed = self.at - at;
        if passed < TimeDelta::minutes(1) {
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
    use chrono::{FixedOffset, TimeDelta, TimeZone, Utc};

    use super::LocalNow;

    #[test]
    fn format_age_is_short_and_never_in_the_future() {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 12, 0, 0).unwrap();
        let now = LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap() };
        let cases = [
            (TimeDelta::days(-700), "now"),
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
    fn format_day_names_today_and_yesterday() {
        let at = Utc.with_ymd_and_hms(2026, 11, 23, 23, 30, 0).unwrap();
        let now = LocalNow { at, zone: FixedOffset::east_opt(3600).unwrap() };
        for (days, expected) in
            [(-1, "today"), (0, "today"), (1, "yesterday"), (2, "22 November 2026")]
        {
            assert_eq!(now.format_day(now.today() - TimeDelta::days(days)), expected);
        }
    }
}
