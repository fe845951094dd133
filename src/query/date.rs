//! The days that `on:`, `since:` and `before:` can name.

use std::ops::Range;

use chrono::{Days, Months, NaiveDate};

/// The days that `text` names: `2026`, `2026-01`, `2026-01-28`, `today`, `yesterday`, `3d`, `2w`, `6m`, `1y`.
///
/// The last four name the one day that many days, weeks, months or years before `today`.
pub(super) fn days(text: &str, today: NaiveDate) -> Option<Range<NaiveDate>> {
    match text {
        "today" => one_day(today),
        "yesterday" => one_day(today.pred_opt()?),
        _ => ago(text, today).or_else(|| calendar(text)),
    }
}

fn one_day(day: NaiveDate) -> Option<Range<NaiveDate>> {
    Some(day..day.succ_opt()?)
}

fn ago(text: &str, today: NaiveDate) -> Option<Range<NaiveDate>> {
    let unit = text.chars().next_back()?;
    let count: u32 = text[..text.len() - unit.len_utf8()].parse().ok()?;
    let day = match unit {
        'd' => today.checked_sub_days(Days::new(count.into())),
        'w' => today.checked_sub_days(Days::new(u64::from(count) * 7)),
        'm' => today.checked_sub_months(Months::new(count)),
        'y' => today.checked_sub_months(Months::new(count.checked_mul(12)?)),
        _ => None,
    }?;
    one_day(day)
}

fn calendar(text: &str) -> Option<Range<NaiveDate>> {
    let mut numbers = text.split('-');
    let year = number(numbers.next()?, 4)?;
    let month = numbers.next().map(|month| number(month, 2));
    let day = numbers.next().map(|day| number(day, 2));
    if numbers.next().is_some() {
        return None;
    }
    let year_number = i32::try_from(year).ok()?;
    match (month, day) {
        (None, _) => {
            Some(NaiveDate::from_ymd_opt(year_number, 1, 1)?..NaiveDate::from_ymd_opt(year_number + 1, 1, 1)?)
        }
        (Some(month), None) => {
            let first = NaiveDate::from_ymd_opt(year_number, month?, 1)?;
            Some(first..first.checked_add_months(Months::new(1))?)
        }
        (Some(month), Some(day)) => one_day(NaiveDate::from_ymd_opt(year_number, month?, day?)?),
    }
}

/// A number of exactly `digits` ASCII digits.
fn number(text: &str, digits: usize) -> Option<u32> {
    let all = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use chrono::NaiveDate;

    use super::days;

    fn check(text: &str, expected: Option<(&str, &str)>) {
        let today = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let found = days(text, today).map(|days| (days.start.to_string(), days.end.to_string()));
        assert_eq!(found, expected.map(|(start, end)| (start.to_owned(), end.to_owned())), "of {text:?}");
    }

    #[test]
    fn dates_name_days() {
        check("2026", Some(("2026-01-01", "2027-01-01")));
        check("2026-02", Some(("2026-02-01", "2026-03-01")));
        check("2026-01-28", Some(("2026-01-28", "2026-01-29")));
        check("yesterday", Some(("2026-11-22", "2026-11-23")));
        check("2d", Some(("2026-11-21", "2026-11-22")));
        check("1y", Some(("2025-11-23", "2025-11-24")));
        for nonsense in
            ["", "2026-13-99", "2026-1", "202", "2026-01-28-1", "-2d", "99999999999d", "4294967295y", "é"]
        {
            check(nonsense, None);
        }
    }
}
