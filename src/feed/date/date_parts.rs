//! Assignment of the numbers of a date to year, month and day.

use chrono::{NaiveDate, Weekday};

use super::tokenizer::DateToken;

/// The tokens of a date without its time, and the month if a word names it.
pub(super) struct DateParts<'a> {
    pub(super) tokens: &'a [DateToken],
    pub(super) month: Option<u32>,
}

/// A number and its count of digits.
type DigitRun = (u32, usize);

impl DateParts<'_> {
    /// Returns the calendar day; `None` if the numbers do not form one.
    pub(super) fn to_date(&self) -> Option<NaiveDate> {
        let numbers = self.digit_runs()?;
        // The only word that is still among the tokens is the `W` of a week date.
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
        let has_symbol = |symbol: char| self.tokens.contains(&DateToken::Symbol(symbol));
        // ISO 8601:1988 allowed dates without a century: `-0311` (`-YYMM`) is November 2003.
        let starts_with_hyphen = self.tokens.first() == Some(&DateToken::Symbol('-'));
        match *numbers {
            [(value, digits)] if starts_with_hyphen => {
                (digits == 4).then(|| calendar_date((value / 100, 2), value % 100, 1))?
            }
            [number] => parse_compact_date(number),
            [year, (day, 3)] if day > 12 || year.1 == 4 && day > 31 => ordinal_date(year, day),
            [year, (month, _)] if starts_with_hyphen || year.1 == 4 => {
                calendar_date(year, month, 1)
            }
            [year, (month, _), (day, _)] if year.1 >= 3 => calendar_date(year, month, day),
            // A year of two digits comes first only in the order of ISO 8601, which uses hyphens.
            [year, (month, _), (day, digits)] if has_symbol('-') && digits <= 2 => {
                calendar_date(year, month, day)
            }
            [(day, _), (month, _), year] if has_symbol('.') => {
                calendar_date(year, month, day).or_else(|| calendar_date(year, day, month))
            }
            // Most dates with slashes come from the United States, where the month comes first.
            [(first, _), (second, _), year] if has_symbol('/') && first <= 12 => {
                calendar_date(year, first, second).or_else(|| calendar_date(year, second, first))
            }
            [(day, _), (month, _), year] => {
                calendar_date(year, month, day).or_else(|| calendar_date(year, day, month))
            }
            _ => None,
        }
    }
}

/// Parses `2003-W52-3` and `2003W523` (ISO 8601-1 §5.2.3); without a day, Monday.
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

/// Combines a named month with day and year; without a day, the first of the month.
fn parse_named_month_date(month: u32, numbers: &[DigitRun]) -> Option<NaiveDate> {
    match *numbers {
        [year] if year.1 == 4 => calendar_date(year, month, 1),
        [year, (day, _)] if year.1 > 2 || year.0 > 31 => calendar_date(year, month, day),
        [(day, _), year] => calendar_date(year, month, day),
        _ => None,
    }
}

/// Parses a date written as one number: `20031231`, `031231`, `2003335`, `2003`.
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

/// Expands a year of two or three digits (RFC 5322 §4.3); four digits stay.
fn expand_year((value, digits): DigitRun) -> Option<i32> {
    let value = i32::try_from(value).ok()?;
    match digits {
        1 | 2 if value < 50 => Some(2000 + value),
        1..=3 => Some(1900 + value),
        4 => Some(value),
        _ => None,
    }
}
