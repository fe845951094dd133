//! Lengths of time as users write them: in settings, intervals, ages and dates.

/// A length of time, as a number and a unit: `90m`, `2 h`, `3d`, `2w`, `9 months`, `1y`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeSpan {
    /// Number of units.
    pub count: u32,
    /// The unit.
    pub unit: TimeUnit,
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TimeUnit {
    /// A second.
    Second,
    /// A minute.
    Minute,
    /// An hour.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month of the calendar.
    Month,
    /// A year of the calendar.
    Year,
}

/// The unit that the letter `m` alone names. `min` and `mo` name theirs everywhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LetterM {
    /// A minute, where times are short: `every = "90m"`.
    Minute,
    /// A month, where times are counted in days: `since:6m`, `keep = "9m"`.
    Month,
}

/// The words for the units, in lower case.
const UNIT_WORDS: [(TimeUnit, &[&str]); 7] = [
    (TimeUnit::Second, &["s", "sec", "second", "seconds"]),
    (TimeUnit::Minute, &["min", "mins", "minute", "minutes"]),
    (TimeUnit::Hour, &["h", "hour", "hours"]),
    (TimeUnit::Day, &["d", "day", "days"]),
    (TimeUnit::Week, &["w", "week", "weeks"]),
    (TimeUnit::Month, &["mo", "month", "months"]),
    (TimeUnit::Year, &["y", "year", "years"]),
];

/// Seconds of a day.
const DAY: u64 = 86_400;

impl TimeSpan {
    /// Parses a number and a unit, in any case, with or without a blank between them.
    pub fn parse(text: &str, letter_m: LetterM) -> Option<TimeSpan> {
        let text = text.trim();
        let (digits, word) =
            text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
        let unit = TimeUnit::parse(&word.trim_start().to_lowercase(), letter_m)?;
        Some(TimeSpan { count: digits.parse().ok()?, unit })
    }

    /// Returns the length in seconds. A year has 365 days, and twelve months are a year.
    pub fn seconds(self) -> u64 {
        let count = u64::from(self.count);
        match self.unit {
            TimeUnit::Second => count,
            TimeUnit::Minute => count * 60,
            TimeUnit::Hour => count * 3_600,
            TimeUnit::Day => count * DAY,
            TimeUnit::Week => count * 7 * DAY,
            TimeUnit::Month => count * 365 / 12 * DAY,
            TimeUnit::Year => count * 365 * DAY,
        }
    }
}

impl TimeUnit {
    fn parse(word: &str, letter_m: LetterM) -> Option<TimeUnit> {
        match (word, letter_m) {
            ("m", LetterM::Minute) => Some(TimeUnit::Minute),
            ("m", LetterM::Month) => Some(TimeUnit::Month),
            _ => {
                let (unit, _) = UNIT_WORDS.into_iter().find(|(_, words)| words.contains(&word))?;
                Some(unit)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn time_span_is_a_number_with_a_unit() {
        let seconds = |text, letter_m| TimeSpan::parse(text, letter_m).map(TimeSpan::seconds);
        for (text, expected) in [
            ("30s", Some(30)),
            ("2min", Some(120)),
            (" 2 H ", Some(7_200)),
            ("1 day", Some(DAY)),
            ("2w", Some(14 * DAY)),
            ("1mo", Some(30 * DAY)),
            ("12 months", Some(365 * DAY)),
            ("1y", Some(365 * DAY)),
            ("4294967295y", Some(4_294_967_295 * 365 * DAY)),
            ("", None),
            ("5", None),
            ("d", None),
            ("-2d", None),
            ("+2d", None),
            ("2x", None),
            ("2d 3h", None),
            ("4294967296d", None),
            ("é", None),
        ] {
            assert_eq!(seconds(text, LetterM::Month), expected, "{text}");
            assert_eq!(seconds(text, LetterM::Minute), expected, "{text}");
        }
        assert_eq!(seconds("9m", LetterM::Minute), Some(540));
        assert_eq!(seconds("9m", LetterM::Month), Some(273 * DAY));
    }

    proptest! {
        #[test]
        fn time_span_is_read_by_each_word_of_its_unit(count: u32, unit in 0..7_usize, word in 0..4_usize) {
            let (unit, words) = UNIT_WORDS[unit];
            let word = words[word % words.len()];
            let expected = Some(TimeSpan { count, unit });
            prop_assert_eq!(TimeSpan::parse(&format!("{count}{word}"), LetterM::Month), expected);
            prop_assert_eq!(TimeSpan::parse(&format!("{count} {word}"), LetterM::Minute), expected);
        }
    }
}
