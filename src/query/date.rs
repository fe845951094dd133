//! Dates in filters: the days that `on:`, `since:`, `before:`, `between:` and `age:` can name.

use std::ops::Range;

use chrono::{Datelike, Days, Months, NaiveDate, Weekday};

use crate::model::{LetterM, TimeSpan, TimeUnit};

/// Returns the days that `text` names: `2026`, `2026-01`, `2026-01-28`, `today`, `yesterday`,
/// `monday` (the last Monday, or today), `march` (this March or the last one), `this-week`,
/// `last-month`, `3d`, `2w`, `6m`, `1y`, or two of these with `..` between them.
///
/// `3d`, `2w`, `6m` and `1y` name the single day that many days, weeks, months or years before
/// `today`.
pub(super) fn parse_days(text: &str, today: NaiveDate) -> Option<Range<NaiveDate>> {
    match text {
        "today" => single_day(today),
        "yesterday" => single_day(today.pred_opt()?),
        _ if text.contains("..") => parse_day_range(text, today),
        _ => parse_days_ago(text, today)
            .and_then(single_day)
            .or_else(|| parse_weekday(text, today))
            .or_else(|| parse_month(text, today))
            .or_else(|| parse_relative_period(text, today))
            .or_else(|| parse_calendar_date(text)),
    }
}

/// Returns the day to come that `text` names: `tomorrow`, `friday` (the next one), `2026-12-01`,
/// `2026-12` (its first day), `march` (the first day of the next one), `3d`, `2w`, `6m` or `1y` from
/// `today`.
pub fn parse_future_day(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    let week_later = || today.checked_add_days(Days::new(7));
    let named = match text {
        "tomorrow" => today.succ_opt(),
        _ => parse_span(text)
            .and_then(|span| span.after(today))
            // The last weekday or month with a name is a period before the next one.
            .or_else(|| parse_weekday(text, week_later()?).map(|days| days.start))
            .or_else(|| {
                let month = parse_month(text, today)?.start;
                month.checked_add_months(Months::new(12))
            })
            .or_else(|| parse_calendar_date(text).map(|days| days.start)),
    };
    named.filter(|day| *day > today)
}

/// Returns the days from the first day of one date to the last day of another: `2026-01..2026-03`.
/// One of the dates may be missing, and the range is then open on that side.
pub(super) fn parse_day_range(text: &str, today: NaiveDate) -> Option<Range<NaiveDate>> {
    let (from, to) = text.split_once("..")?;
    if from.contains("..") || to.contains("..") {
        return None;
    }
    let start = if from.is_empty() { NaiveDate::MIN } else { parse_days(from, today)?.start };
    let end = if to.is_empty() { NaiveDate::MAX } else { parse_days(to, today)?.end };
    (start < end && !(from.is_empty() && to.is_empty())).then_some(start..end)
}

/// Returns the days of publication of entries with an age: `<2d` is today and yesterday, `>1w` is
/// all days before the last seven, `1w..2w` is the days between.
pub(super) fn parse_age(text: &str, today: NaiveDate) -> Option<Range<NaiveDate>> {
    if let Some((young, old)) = text.split_once("..") {
        let (young, old) = (parse_days_ago(young, today)?, parse_days_ago(old, today)?);
        return (old <= young).then_some(old..young.succ_opt()?);
    }
    let sign = text.len() - text.trim_start_matches(['<', '>', '=']).len();
    let day = parse_days_ago(&text[sign..], today)?;
    let after = day.succ_opt()?;
    Some(match &text[..sign] {
        "<" => after..NaiveDate::MAX,
        "<=" => day..NaiveDate::MAX,
        ">" => NaiveDate::MIN..day,
        ">=" => NaiveDate::MIN..after,
        "" | "=" => day..after,
        _ => return None,
    })
}

fn single_day(day: NaiveDate) -> Option<Range<NaiveDate>> {
    Some(day..day.succ_opt()?)
}

/// A length of time in whole days or months.
enum CalendarSpan {
    Days(Days),
    Months(Months),
}

impl CalendarSpan {
    fn before(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            CalendarSpan::Days(days) => day.checked_sub_days(days),
            CalendarSpan::Months(months) => day.checked_sub_months(months),
        }
    }

    fn after(self, day: NaiveDate) -> Option<NaiveDate> {
        match self {
            CalendarSpan::Days(days) => day.checked_add_days(days),
            CalendarSpan::Months(months) => day.checked_add_months(months),
        }
    }
}

/// Parses a number and a unit of at least a day, such as `3d`.
fn parse_span(text: &str) -> Option<CalendarSpan> {
    let TimeSpan { count, unit } = TimeSpan::parse(text, LetterM::Month)?;
    Some(match unit {
        TimeUnit::Day => CalendarSpan::Days(Days::new(count.into())),
        TimeUnit::Week => CalendarSpan::Days(Days::new(u64::from(count) * 7)),
        TimeUnit::Month => CalendarSpan::Months(Months::new(count)),
        TimeUnit::Year => CalendarSpan::Months(Months::new(count.checked_mul(12)?)),
        TimeUnit::Second | TimeUnit::Minute | TimeUnit::Hour => return None,
    })
}

/// Parses a number and a unit, such as `3d`, and returns the day that long before `today`.
fn parse_days_ago(text: &str, today: NaiveDate) -> Option<NaiveDate> {
    parse_span(text)?.before(today)
}

/// Returns the last day with this name of a weekday, which may be today.
fn parse_weekday(text: &str, today: NaiveDate) -> Option<Range<NaiveDate>> {
    let wanted: Weekday = text.parse().ok()?;
    let days_ago = today.weekday().days_since(wanted);
    single_day(today.checked_sub_days(Days::new(days_ago.into()))?)
}

/// Returns the last month with this name, which may be the current one.
fn parse_month(text: &str, today: NaiveDate) -> Option<Range<NaiveDate>> {
    let month: chrono::Month = text.parse().ok()?;
    let month = month.number_from_month();
    let year = if month > today.month() { today.year() - 1 } else { today.year() };
    month_range(NaiveDate::from_ymd_opt(year, month, 1)?, 1)
}

/// Parses `this-week`, `last-month` and the like. Weeks begin on Monday.
fn parse_relative_period(text: &str, today: NaiveDate) -> Option<Range<NaiveDate>> {
    let (period, unit) = text.split_once('-')?;
    let periods_ago = match period {
        "this" => 0,
        "last" => 1,
        _ => return None,
    };
    match unit {
        "week" => {
            let monday =
                today.checked_sub_days(Days::new(today.weekday().num_days_from_monday().into()))?;
            let start = monday.checked_sub_days(Days::new(7 * u64::from(periods_ago)))?;
            Some(start..start.checked_add_days(Days::new(7))?)
        }
        "month" => month_range(today.with_day(1)?.checked_sub_months(Months::new(periods_ago))?, 1),
        "year" => month_range(
            NaiveDate::from_ymd_opt(today.year(), 1, 1)?
                .checked_sub_months(Months::new(12 * periods_ago))?,
            12,
        ),
        _ => None,
    }
}

/// Returns `count` months from `first`.
fn month_range(first: NaiveDate, count: u32) -> Option<Range<NaiveDate>> {
    Some(first..first.checked_add_months(Months::new(count))?)
}

/// Parses `2026`, `2026-01` and `2026-01-28`.
fn parse_calendar_date(text: &str) -> Option<Range<NaiveDate>> {
    let mut numbers = text.split('-');
    let year = parse_fixed_digits(numbers.next()?, 4)?;
    let month = numbers.next().map(|month| parse_fixed_digits(month, 2));
    let day = numbers.next().map(|day| parse_fixed_digits(day, 2));
    if numbers.next().is_some() {
        return None;
    }
    let year_number = i32::try_from(year).ok()?;
    match (month, day) {
        (None, _) => Some(
            NaiveDate::from_ymd_opt(year_number, 1, 1)?
                ..NaiveDate::from_ymd_opt(year_number + 1, 1, 1)?,
        ),
        (Some(month), None) => {
            let first = NaiveDate::from_ymd_opt(year_number, month?, 1)?;
            Some(first..first.checked_add_months(Months::new(1))?)
        }
        (Some(month), Some(day)) => single_day(NaiveDate::from_ymd_opt(year_number, month?, day?)?),
    }
}

/// Parses a number of exactly `digits` ASCII digits.
fn parse_fixed_digits(text: &str, digits: usize) -> Option<u32> {
    let is_number = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::{parse_age, parse_day_range, parse_days};

    fn assert_days(text: &str, expected: Option<(&str, &str)>) {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let found =
            parse_days(text, today).map(|days| (days.start.to_string(), days.end.to_string()));
        assert_eq!(
            found,
            expected.map(|(start, end)| (start.to_owned(), end.to_owned())),
            "of {text:?}"
        );
    }

    #[test]
    fn parse_days_resolves_dates() {
        assert_days("2026", Some(("2026-01-01", "2027-01-01")));
        assert_days("2026-02", Some(("2026-02-01", "2026-03-01")));
        assert_days("2026-01-28", Some(("2026-01-28", "2026-01-29")));
        assert_days("yesterday", Some(("2026-11-22", "2026-11-23")));
        assert_days("2d", Some(("2026-11-21", "2026-11-22")));
        assert_days("1y", Some(("2025-11-23", "2025-11-24")));
        assert_days("2months", Some(("2026-09-23", "2026-09-24")));
        assert_days("monday", Some(("2026-11-23", "2026-11-24")));
        assert_days("tue", Some(("2026-11-17", "2026-11-18")));
        assert_days("march", Some(("2026-03-01", "2026-04-01")));
        assert_days("dec", Some(("2025-12-01", "2026-01-01")));
        assert_days("this-week", Some(("2026-11-23", "2026-11-30")));
        assert_days("last-week", Some(("2026-11-16", "2026-11-23")));
        assert_days("last-month", Some(("2026-10-01", "2026-11-01")));
        assert_days("last-year", Some(("2025-01-01", "2026-01-01")));
        assert_days("2026-01..2026-03", Some(("2026-01-01", "2026-04-01")));
        assert_days("3w..1w", Some(("2026-11-02", "2026-11-17")));
        for nonsense in [
            "",
            "2026-13-99",
            "2026-1",
            "202",
            "2026-01-28-1",
            "-2d",
            "99999999999d",
            "4294967295y",
            "é",
            "..",
            "1w..3w",
            "1w..2..3",
            "last-",
            "last-day",
        ] {
            assert_days(nonsense, None);
        }
    }

    #[test]
    fn parse_age_resolves_day_ranges() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let days_of = |text: &str| parse_age(text, today).map(|days| (days.start, days.end));
        let day = |day| NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
        assert_eq!(days_of("<2d"), Some((day(22), NaiveDate::MAX)));
        assert_eq!(days_of("<=2d"), Some((day(21), NaiveDate::MAX)));
        assert_eq!(days_of(">1w"), Some((NaiveDate::MIN, day(16))));
        assert_eq!(days_of("1w"), Some((day(16), day(17))));
        assert_eq!(days_of("1w..2w"), Some((day(9), day(17))));
        assert_eq!(parse_day_range("2026-11-22..", today), Some(day(22)..NaiveDate::MAX));
        for nonsense in ["", "<", "2", "<<2d", "2w..1w", "<2h", "é"] {
            assert_eq!(days_of(nonsense), None, "{nonsense}");
        }
    }
}
