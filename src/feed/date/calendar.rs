//! Which of the numbers of a date are year, month and day.

use chrono::{NaiveDate, Weekday};

use super::tokens::Token;

/// The numbers and signs of a date without its time, and the month if a word names it.
pub(super) struct Calendar<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) month: Option<u32>,
}

/// A number with how many digits it is written.
type Number = (u32, usize);

impl Calendar<'_> {
    /// The day.
    pub(super) fn day(&self) -> Option<NaiveDate> {
        let numbers = self.numbers()?;
        if self.tokens.iter().any(|token| matches!(token, Token::Word(_))) {
            return week(&numbers);
        }
        match self.month {
            Some(month) => named(month, &numbers),
            None => self.numeric(&numbers),
        }
    }

    fn numbers(&self) -> Option<Vec<Number>> {
        let numbers = self.tokens.iter().filter_map(|token| match token {
            Token::Number { value, digits } => Some(u32::try_from(*value).map(|value| (value, *digits))),
            _ => None,
        });
        numbers.collect::<Result<_, _>>().ok()
    }

    fn numeric(&self, numbers: &[Number]) -> Option<NaiveDate> {
        let sign = |wanted: char| self.tokens.contains(&Token::Sign(wanted));
        let leading = self.tokens.first() == Some(&Token::Sign('-'));
        match *numbers {
            [(value, digits)] if leading => (digits == 4).then(|| date((value / 100, 2), value % 100, 1))?,
            [number] => compact(number),
            [year, (day, 3)] if day > 12 || year.1 == 4 && day > 31 => ordinal(year, day),
            [year, (month, _)] if leading || year.1 == 4 => date(year, month, 1),
            [first, (month, _), (day, _)] if first.1 >= 3 => date(first, month, day),
            // Two digits for the year come first only in ISO 8601's order, which is written with hyphens.
            [first, (month, _), last] if sign('-') && last.1 <= 2 => date(first, month, last.0),
            [(day, _), (month, _), year] if sign('.') => date(year, month, day),
            // Between slashes the month comes first in America, where most of those come from.
            [(first, _), (second, _), year] if sign('/') && first <= 12 => {
                date(year, first, second).or_else(|| date(year, second, first))
            }
            [(day, _), (month, _), year] => date(year, month, day),
            _ => None,
        }
    }
}

/// `2003-W52-3`, `2003W523` (ISO 8601-1 §5.2.3).
fn week(numbers: &[Number]) -> Option<NaiveDate> {
    let (year, week, day) = match *numbers {
        [year, (week, 3)] => (year, week / 10, week % 10),
        [year, (week, _)] => (year, week, 1),
        [year, (week, _), (day, 1)] => (year, week, day),
        _ => return None,
    };
    let day = Weekday::try_from(u8::try_from(day.checked_sub(1)?).ok()?).ok()?;
    NaiveDate::from_isoywd_opt(full_year(year)?, week, day)
}

/// Day and year beside a month that is named; without a day, the first.
fn named(month: u32, numbers: &[Number]) -> Option<NaiveDate> {
    match *numbers {
        [year] if year.1 == 4 => date(year, month, 1),
        [first, second] if first.1 > 2 || first.0 > 31 => date(first, month, second.0),
        [(day, _), year] => date(year, month, day),
        _ => None,
    }
}

/// All in one number: `20031231`, `031231`, `2003335`, `2003`.
fn compact((value, digits): Number) -> Option<NaiveDate> {
    match digits {
        4 => date((value, 4), 1, 1),
        6 => date((value / 10_000, 2), value / 100 % 100, value % 100),
        7 => ordinal((value / 1_000, 4), value % 1_000),
        8 => date((value / 10_000, 4), value / 100 % 100, value % 100),
        _ => None,
    }
}

fn ordinal(year: Number, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_yo_opt(full_year(year)?, day)
}

fn date(year: Number, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(full_year(year)?, month, day)
}

/// The year that is meant by two digits (RFC 5322 §4.3), three, or four.
fn full_year((value, digits): Number) -> Option<i32> {
    let value = i32::try_from(value).ok()?;
    match digits {
        1 | 2 if value < 50 => Some(2000 + value),
        1..=3 => Some(1900 + value),
        4 => Some(value),
        _ => None,
    }
}
