//! Which of the numbers of a date are year, month and day.

use chrono::{NaiveDate, Weekday};

use super::tokenizer::DateToken;

/// The numbers and signs of a date without its time, and the month if a word names it.
pub(super) struct DateParts<'a> {
    pub(super) tokens: &'a [DateToken],
    pub(super) month: Option<u32>,
}

/// A number with how many digits it is written.
type DigitRun = (u32, usize);

impl DateParts<'_> {
    /// The day.
    pub(super) fn to_date(&self) -> Option<NaiveDate> {
        let numbers = self.digit_runs()?;
        if self.tokens.iter().any(|token| matches!(token, DateToken::Word(_))) {
            return parse_week_date(&numbers);
        }
        match self.month {
            Some(month) => parse_named_month_date(month, &numbers),
            None => self.date_from_numbers(&numbers),
        }
    }

    fn digit_runs(&self) -> Option<Vec<DigitRun>> {
        let numbers = self.tokens.iter().filter_map(|token| match token {
            DateToken::Number { value, digits } => {
                Some(u32::try_from(*value).map(|value| (value, *digits)))
            }
            _ => None,
        });
        numbers.collect::<Result<_, _>>().ok()
    }

    fn date_from_numbers(&self, numbers: &[DigitRun]) -> Option<NaiveDate> {
        let sign = |wanted: char| self.tokens.contains(&DateToken::Symbol(wanted));
        let leading = self.tokens.first() == Some(&DateToken::Symbol('-'));
        match *numbers {
            [(value, digits)] if leading => {
                (digits == 4).then(|| calendar_date((value / 100, 2), value % 100, 1))?
            }
            [number] => parse_compact_date(number),
            [year, (day, 3)] if day > 12 || year.1 == 4 && day > 31 => ordinal_date(year, day),
            [year, (month, _)] if leading || year.1 == 4 => calendar_date(year, month, 1),
            [first, (month, _), (day, _)] if first.1 >= 3 => calendar_date(first, month, day),
            // Two digits for the year come first only in ISO 8601's order, which is written with hyphens.
            [first, (month, _), last] if sign('-') && last.1 <= 2 => {
                calendar_date(first, month, last.0)
            }
            [(day, _), (month, _), year] if sign('.') => calendar_date(year, month, day),
            // Between slashes the month comes first in America, where most of those come from.
            [(first, _), (second, _), year] if sign('/') && first <= 12 => {
                calendar_date(year, first, second).or_else(|| calendar_date(year, second, first))
            }
            [(day, _), (month, _), year] => calendar_date(year, month, day),
            _ => None,
        }
    }
}

/// `2003-W52-3`, `2003W523` (ISO 8601-1 §5.2.3).
fn parse_week_date(numbers: &[DigitRun]) -> Option<NaiveDate> {
    let (year, week, day) = match *numbers {
        [year, (week, 3)] => (year, week / 10, week % 10),
        [year, (week, _)] => (year, week, 1),
        [year, (week, _), (day, 1)] => (year, week, day),
        _ => return None,
    };
    let day = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
    NaiveDate::from_isoywd_opt(expand_year(year)?, week, day)
}

/// Day and year beside a month that is named; without a day, the first.
fn parse_named_month_date(month: u32, numbers: &[DigitRun]) -> Option<NaiveDate> {
    match *numbers {
        [year] if year.1 == 4 => calendar_date(year, month, 1),
        [first, second] if first.1 > 2 || first.0 > 31 => calendar_date(first, month, second.0),
        [(day, _), year] => calendar_date(year, month, day),
        _ => None,
    }
}

/// All in one number: `20031231`, `031231`, `2003335`, `2003`.
fn parse_compact_date((value, digits): DigitRun) -> Option<NaiveDate> {
    match digits {
        4 => calendar_date((value, 4), 1, 1),
        6 => calendar_date((value / 10_000, 2), value / 100 % 100, value % 100),
        7 => ordinal_date((value / 1_000, 4), value % 1_000),
        8 => calendar_date((value / 10_000, 4), value / 100 % 100, value % 100),
        _ => None,
    }
}

fn ordinal_date(year: DigitRun, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_yo_opt(expand_year(year)?, day)
}

fn calendar_date(year: DigitRun, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(expand_year(year)?, month, day)
}

/// The year that is meant by two digits (RFC 5322 §4.3), three, or four.
fn expand_year((value, digits): DigitRun) -> Option<i32> {
    let value = i32::try_from(value).ok()?;
    match digits {
        1 | 2 if value < 50 => Some(2000 + value),
        1..=3 => Some(1900 + value),
        4 => Some(value),
        _ => None,
    }
}
