//! Dates as feeds write them: RFC 5322, RFC 3339, ISO 8601, `asctime`, and what people and broken programs make of them.
//!
//! A date is cut into numbers, words and signs. The time of day is what has a colon in it; what stands behind it with a
//! sign, or is the name of a zone, is the zone; a word may be a month; and the numbers that are left are year, month and
//! day, by how they are written. A word that is none of this means that the text is no date.

mod date_parts;
mod tokenizer;
mod words;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};
use date_parts::DateParts;
use tokenizer::{DateToken, tokenize_date};
use words::{DateWord, TimeZoneRule};

/// Longer texts are no dates, in bytes.
const MAX_DATE_BYTES: usize = 120;

/// The instant that a date in a feed document names; `None` if it names none.
///
/// Without a zone it is taken as UTC, without a time as midnight, without a day as the first.
pub fn parse_date(text: &str) -> Option<DateTime<Utc>> {
    if text.len() > MAX_DATE_BYTES {
        return None;
    }
    let mut reading = DateParser { tokens: tokenize_date(text), ..DateParser::default() };
    if let Some(at) = reading.parse_unix_timestamp() {
        return Some(at);
    }
    reading.take_time()?;
    reading.take_words()?;
    let day = DateParts { tokens: &reading.tokens, month: reading.month }.to_date()?;
    reading.to_utc(day)
}

/// What is known of a date while it is read; tokens that are understood are taken out.
#[derive(Debug, Default)]
struct DateParser {
    tokens: Vec<DateToken>,
    time: NaiveTime,
    /// 24:00 is the midnight that ends the day (ISO 8601-1 §5.3.2).
    ends_day: bool,
    zone: Option<TimeZoneRule>,
    month: Option<u32>,
}

impl DateParser {
    /// A number of seconds or milliseconds since 1970, and nothing else.
    fn parse_unix_timestamp(&self) -> Option<DateTime<Utc>> {
        let [DateToken::Number { value, digits }] = self.tokens[..] else { return None };
        let value = i64::try_from(value).ok()?;
        match digits {
            9 | 10 => DateTime::from_timestamp(value, 0),
            13 => DateTime::from_timestamp_millis(value),
            _ => None,
        }
    }

    /// Takes out the time and what belongs to it. `None` if there is one that is none.
    fn take_time(&mut self) -> Option<()> {
        let colon = self.tokens.iter().position(|token| *token == DateToken::Symbol(':'));
        let (start, fields, end) = match colon {
            Some(colon) => self.find_colon_time(colon.checked_sub(1)?)?,
            None => match self.find_basic_time() {
                Some(found) => found,
                None => return Some(()),
            },
        };
        let [hour, minute, second] = fields;
        let (mut hour, mut end) = (hour, end);
        if let Some(DateToken::Word(word)) = self.tokens.get(end)
            && let Some(afternoon) = words::parse_meridiem(word)
        {
            hour = to_24_hour(hour, afternoon)?;
            end += 1;
        } else if let Some(before) = start.checked_sub(1)
            && let Some(DateToken::Word(word)) = self.tokens.get(before)
            && let Some(afternoon) = words::parse_meridiem(word)
        {
            hour = to_24_hour(hour, afternoon)?;
        }
        self.ends_day = hour == 24 && minute == 0 && second == 0;
        // RFC 5322 §3.3 and ISO 8601 have leap seconds; the second before stands for them.
        let second = if second == 60 { 59 } else { second };
        self.time = NaiveTime::from_hms_opt(if self.ends_day { 0 } else { hour }, minute, second)?;
        end = self.read_zone(end)?;
        let from = if matches!(self.tokens.get(start.wrapping_sub(1)), Some(DateToken::Word(t)) if t == "t")
        {
            start - 1
        } else {
            start
        };
        self.tokens.drain(from..end);
        // What stood before and after the time are not neighbours.
        self.tokens.insert(from, DateToken::Symbol(','));
        Some(())
    }

    /// `hour:minute[:second[.fraction]]` from token `at` on: where it is, and its fields.
    fn find_colon_time(&self, at: usize) -> Option<(usize, [u32; 3], usize)> {
        let (hour, minute) = (self.number_at(at)?, self.number_at(at + 2)?);
        let mut end = at + 3;
        let mut second = 0;
        if self.tokens.get(end) == Some(&DateToken::Symbol(':')) {
            second = self.number_at(end + 1)?;
            end += 2;
            let point = matches!(self.tokens.get(end), Some(DateToken::Symbol('.' | ',')));
            if point && matches!(self.tokens.get(end + 1), Some(DateToken::Number { .. })) {
                end += 2;
            }
        }
        (self.tokens.get(end) != Some(&DateToken::Symbol(':'))).then_some((
            at,
            [hour, minute, second],
            end,
        ))
    }

    /// ISO 8601's basic format: `T101455`, behind a date.
    fn find_basic_time(&self) -> Option<(usize, [u32; 3], usize)> {
        let t = self
            .tokens
            .iter()
            .position(|token| matches!(token, DateToken::Word(word) if word == "t"))?;
        let Some(DateToken::Number { value, digits }) = self.tokens.get(t + 1) else { return None };
        let value = u32::try_from(*value).ok()?;
        let fields = match digits {
            2 => [value, 0, 0],
            4 => [value / 100, value % 100, 0],
            6 => [value / 10_000, value / 100 % 100, value % 100],
            _ => return None,
        };
        Some((t + 1, fields, t + 2))
    }

    fn number_at(&self, at: usize) -> Option<u32> {
        match self.tokens.get(at)? {
            DateToken::Number { value, .. } => u32::try_from(*value).ok(),
            _ => None,
        }
    }

    /// Reads the zone at token `at`, if there is one; gives where it ends, `None` if it begins like one and is none.
    fn read_zone(&mut self, at: usize) -> Option<usize> {
        let mut end = at;
        if let Some(DateToken::Word(word)) = self.tokens.get(end)
            && let Some(zone) = words::parse_zone_name(word)
        {
            self.zone = Some(zone);
            end += 1;
        }
        let sign = match self.tokens.get(end) {
            Some(DateToken::Symbol('+')) => 1,
            Some(DateToken::Symbol('-')) => -1,
            _ => return Some(end),
        };
        let (seconds, end) = self.read_offset(end + 1)?;
        self.zone = Some(TimeZoneRule::fixed(sign * seconds));
        // `-05:00Z` says too much; the offset counts.
        let too_much = matches!(self.tokens.get(end), Some(DateToken::Word(word)) if word == "z");
        Some(end + usize::from(too_much))
    }

    /// `hh`, `hhmm` or `hh:mm` in seconds, and where it ends (RFC 3339 §5.6, RFC 5322 §3.3).
    fn read_offset(&self, at: usize) -> Option<(i32, usize)> {
        let Some(DateToken::Number { value, digits }) = self.tokens.get(at) else { return None };
        let value = i32::try_from(*value).ok()?;
        let (hours, minutes, end) = match (digits, self.tokens.get(at + 1)) {
            (_, Some(DateToken::Symbol(':'))) => {
                (value, i32::try_from(self.number_at(at + 2)?).ok()?, at + 3)
            }
            (1 | 2, _) => (value, 0, at + 1),
            (3 | 4, _) => (value / 100, value % 100, at + 1),
            _ => return None,
        };
        (hours < 24 && minutes < 60).then_some((hours * 3600 + minutes * 60, end))
    }

    /// Takes the words out: month, zone, and what may stand in a date. `None` if there is one that may not.
    fn take_words(&mut self) -> Option<()> {
        if self.tokens.contains(&DateToken::Symbol('년')) {
            self.zone = self.zone.or(Some(words::KOREA_ZONE));
        }
        for (at, token) in self.tokens.iter_mut().enumerate() {
            let DateToken::Word(word) = token else { continue };
            match words::classify_word(word) {
                DateWord::Month(month) => self.month = Some(month),
                DateWord::Zone(zone) => self.zone = self.zone.or(Some(zone)),
                DateWord::KoreanMeridiem => self.zone = self.zone.or(Some(words::KOREA_ZONE)),
                DateWord::WeekDesignator => continue,
                DateWord::Filler => {}
                // A day of the week, in whatever language.
                DateWord::Unknown if at == 0 => {}
                DateWord::Unknown => return None,
            }
            *token = DateToken::Symbol(' ');
        }
        self.tokens.retain(|token| *token != DateToken::Symbol(' '));
        Some(())
    }

    fn to_utc(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let local = day.and_time(self.time) + Duration::days(i64::from(self.ends_day));
        let offset = self.zone.map_or(0, |zone| zone.offset_at(local));
        local.checked_sub_signed(Duration::seconds(offset.into())).map(|at| at.and_utc())
    }
}

/// The hour of 24 of one of 12.
fn to_24_hour(hour: u32, afternoon: bool) -> Option<u32> {
    match (hour, afternoon) {
        (12, false) => Some(0),
        (1..=11, true) => Some(hour + 12),
        (0..=23, _) => Some(hour),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn assert_parses_to(text: &str, expected: &str) {
        let found = parse_date(text)
            .map_or_else(String::new, |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn parse_date_accepts_rfc_5322_variants() {
        assert_parses_to("Mon, 23 Nov 2026 14:05:06 GMT", "2026-11-23T14:05:06Z");
        assert_parses_to("23 Nov 26 14:05 EST", "2026-11-23T19:05:00Z");
        assert_parses_to("Monday, 23-Nov-98 14:05:06 GMT", "1998-11-23T14:05:06Z");
        assert_parses_to("Mon,23 November,2026 14:05:06 +0130", "2026-11-23T12:35:06Z");
        assert_parses_to("Mon, Nov 23 2026 2:05 PM PDT", "2026-11-23T21:05:00Z");
        assert_parses_to("Mon Nov 23 14:05:06 2026", "2026-11-23T14:05:06Z");
        assert_parses_to("Mon Nov 23 14:05:06 +0100 2026", "2026-11-23T13:05:06Z");
        assert_parses_to(
            "Mon, 23 Nov 2026 14:05:06 GMT+0200 (Eastern European Time)",
            "2026-11-23T12:05:06Z",
        );
        assert_parses_to("Sat, 4 Jul 2026 08:00:00 Europe/Paris", "2026-07-04T06:00:00Z");
        assert_parses_to("Sat, 5 Dec 2026 08:00:00 America/New_York", "2026-12-05T13:00:00Z");
        assert_parses_to("Tue, 30 Jun 2026 23:59:60 Z", "2026-06-30T23:59:59Z");
        assert_parses_to("23rd Nov 2026", "2026-11-23T00:00:00Z");
        assert_parses_to("November 2026", "2026-11-01T00:00:00Z");
    }

    #[test]
    fn parse_date_accepts_iso_8601_variants() {
        assert_parses_to("2026-11-23T14:05:06Z", "2026-11-23T14:05:06Z");
        assert_parses_to("2026-11-23 14:05:06.789 -0330", "2026-11-23T17:35:06Z");
        assert_parses_to("2026-11-23T14:05+02:00", "2026-11-23T12:05:00Z");
        assert_parses_to("2026-11-23T24:00:00Z", "2026-11-24T00:00:00Z");
        assert_parses_to("20261123T140506Z", "2026-11-23T14:05:06Z");
        assert_parses_to("2026-W48-1", "2026-11-23T00:00:00Z");
        assert_parses_to("2026W48", "2026-11-23T00:00:00Z");
        assert_parses_to("2026-327", "2026-11-23T00:00:00Z");
        assert_parses_to("2026327", "2026-11-23T00:00:00Z");
        assert_parses_to("26-11-23", "2026-11-23T00:00:00Z");
        assert_parses_to("2026-11", "2026-11-01T00:00:00Z");
        assert_parses_to("2026", "2026-01-01T00:00:00Z");
    }

    #[test]
    fn parse_date_accepts_foreign_words_and_orders() {
        assert_parses_to("Mo, 23 März 2026 14:05:06 +0100", "2026-03-23T13:05:06Z");
        assert_parses_to("lun., 23 févr. 2026 09:00:00 +0100", "2026-02-23T08:00:00Z");
        assert_parses_to("mar., 03 mars 2026", "2026-03-03T00:00:00Z");
        assert_parses_to("23 listopada 2026", "2026-11-23T00:00:00Z");
        assert_parses_to("23 ноября 2026, 14:05", "2026-11-23T14:05:00Z");
        assert_parses_to("2026年11月23日 14:05", "2026-11-23T14:05:00Z");
        assert_parses_to("2026-11-23 오전 09:05:06", "2026-11-23T00:05:06Z");
        assert_parses_to("11/23/2026 2:05 pm", "2026-11-23T14:05:00Z");
        assert_parses_to("23/11/2026", "2026-11-23T00:00:00Z");
        assert_parses_to("23.11.26", "2026-11-23T00:00:00Z");
        assert_parses_to("1763906706", "2025-11-23T14:05:06Z");
        assert_parses_to("1763906706000", "2025-11-23T14:05:06Z");
    }

    #[test]
    fn parse_date_rejects_invalid_text() {
        let texts = [
            "",
            "today",
            "Nov",
            "23",
            "2026-13-01",
            "2026-11-31",
            "2026-11-23T25:00",
            "2026-11-23T10:60",
            "1:2:3:4",
            "Mon, 23 Foo 2026",
            "2026-11-23T10:00:00+xx",
            "2026-11-23T10:00:00+99:00",
            "99 Jun 2026",
            "2026-11-23-04",
            "12345",
            "about 2026-11-23 or so",
            ":",
            "+",
            "10:",
            "T",
            "99999999999999999999999",
        ];
        for text in texts {
            assert_parses_to(text, "");
        }
    }

    proptest! {
        #[test]
        fn parse_date_never_panics_on_any_text(text in "\\PC{0,130}") {
            let _ = parse_date(&text);
        }

        #[test]
        fn parse_date_never_panics_on_token_soup(parts in prop::collection::vec(prop::sample::select(TOKEN_SOUP), 0..14)) {
            let _ = parse_date(&parts.concat());
        }

        #[test]
        fn parse_date_round_trips_rfc_3339_and_rfc_2822(seconds in 0_i64..4_102_444_800, offset in -14 * 60..14 * 60) {
            let at = DateTime::from_timestamp(seconds, 0).unwrap();
            let local = at.with_timezone(&chrono::FixedOffset::east_opt(offset * 60).unwrap());
            prop_assert_eq!(parse_date(&local.to_rfc3339()), Some(at));
            prop_assert_eq!(parse_date(&local.to_rfc2822()), Some(at));
        }
    }

    const TOKEN_SOUP: &[&str] = &[
        "2026",
        "11",
        "23",
        "99",
        "1",
        ":",
        "-",
        "+",
        "/",
        ".",
        " ",
        ", ",
        "T",
        "Z",
        "W",
        "Nov",
        "Mon",
        "pm",
        "EST",
        "年",
        "Europe/Paris",
        "x",
        "오후",
        "(",
        ")",
    ];
}
