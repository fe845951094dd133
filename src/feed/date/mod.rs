//! Parser for the dates in feeds: RFC 5322, RFC 3339, ISO 8601, `asctime`, and their variations in
//! other languages and from broken programs.
//!
//! [`parse_date`] cuts the text into numbers, words and symbols. The time of day contains a colon.
//! The zone follows it as a name or as a signed offset; an unknown name is UTC. A word may be a month. The remaining
//! numbers are year, month and day; their digits and separators decide which is which. A text with
//! any other word is not a date.

mod date_parts;
mod separators;
mod time_zones;
mod tokenizer;
mod words;
mod zone_parser;

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Utc};
use date_parts::DateParts;
use time_zones::TimeZoneRule;
use tokenizer::{DateToken, tokenize_date};
use words::DateWord;

use crate::text::is_in_calendar;

/// Year and day of the year of dates that mean "no date": the first days of Windows' file times and
/// of spreadsheets. Every day of the years 0 and 1 does.
const EMPTY_DATES: [(i32, u32); 2] = [(1601, 1), (1899, 364)];

/// Years whose first instant means "no date": where computers begin to count.
const EPOCH_YEARS: [i32; 2] = [1900, 1970];

/// Maximum length of a date in bytes.
const MAX_DATE_BYTES: usize = 120;

/// Parses a date of a feed document; `None` if the text is not a date.
///
/// A date without a zone is in UTC, without a time at midnight, without a day on the first.
pub fn parse_date(text: &str) -> Option<DateTime<Utc>> {
    if text.len() > MAX_DATE_BYTES {
        return None;
    }
    let mut parser = DateParser { tokens: tokenize_date(text), ..DateParser::default() };
    parser.separate_date_and_time();
    if let Some(at) = parser.parse_unix_timestamp() {
        return Some(at);
    }
    parser.take_time()?;
    parser.take_trailing_zone();
    parser.take_words()?;
    parser.take_trailing_offset();
    let day = DateParts { tokens: &parser.tokens, month: parser.month }.to_date()?;
    parser.take_zone_in_comment(text);
    parser.to_utc(day)
}

/// The state of the parser; tokens are removed once they are understood.
#[derive(Debug, Default)]
struct DateParser {
    tokens: Vec<DateToken>,
    time: NaiveTime,
    /// True if the time is 24:00, the midnight that ends the day (ISO 8601-1 §5.3.2).
    ends_day: bool,
    zone: Option<TimeZoneRule>,
    month: Option<u32>,
}

/// A time of day in the tokens, before its zone.
#[derive(Debug, Clone, Copy)]
struct TimeMatch {
    /// Index of the first token.
    start: usize,
    /// Index after the last token.
    end: usize,
    hour: u32,
    minute: u32,
    second: u32,
}

impl DateParser {
    /// Returns the instant if the text is only a number of seconds or milliseconds since 1970.
    fn parse_unix_timestamp(&self) -> Option<DateTime<Utc>> {
        let (value, digits) = match self.tokens[..] {
            [DateToken::Number { value, digits }] => (value, digits),
            // The fraction is dropped.
            [
                DateToken::Number { value, digits },
                DateToken::Symbol('.'),
                DateToken::Number { .. },
            ] if digits >= 9 => (value, digits),
            _ => return None,
        };
        let value = i64::try_from(value).ok()?;
        match digits {
            9 | 10 => DateTime::from_timestamp(value, 0),
            13 => DateTime::from_timestamp_millis(value),
            16 => DateTime::from_timestamp_micros(value),
            19 => Some(DateTime::from_timestamp_nanos(value)),
            _ => None,
        }
    }

    /// Removes the time of day and its zone from the tokens. `None` if what looks like a time is none.
    fn take_time(&mut self) -> Option<()> {
        let colon = self.tokens.iter().position(|token| *token == DateToken::Symbol(':'));
        let has_colon =
            |time: &TimeMatch| self.tokens.get(time.end) == Some(&DateToken::Symbol(':'));
        let basic_time = self.find_basic_time().filter(|time| !has_colon(time));
        let time = match (basic_time, colon) {
            // A colon after the time is that of its offset.
            (Some(time), None) => time,
            (Some(time), Some(colon)) if time.end < colon => time,
            (_, Some(colon)) => self.find_colon_time(colon.checked_sub(1)?)?,
            (None, None) => return Some(()),
        };
        let (hour, end) = self.read_meridiem(time)?;
        // Programs that count the hours from 1 to 24 write 24:05 for five past midnight.
        self.ends_day = hour == 24 && time.minute == 0 && time.second == 0;
        let hour = if hour == 24 { 0 } else { hour };
        // RFC 5322 §3.3 and ISO 8601 allow leap seconds; the second before is used instead.
        let second = if time.second == 60 { 59 } else { time.second };
        let end = self.read_zone(end);
        match NaiveTime::from_hms_opt(hour, time.minute, second) {
            Some(time) => self.time = time,
            // The day is right even if the time is none.
            None => self.zone = Some(TimeZoneRule::fixed(0)),
        }
        let follows_t = time.start.checked_sub(1).and_then(|at| self.word_at(at)) == Some("t");
        let start = time.start - usize::from(follows_t);
        self.tokens.drain(start..end);
        // A separator, because the tokens before and after the time do not belong together.
        self.tokens.insert(start, DateToken::Symbol(','));
        Some(())
    }

    /// Parses `hour:minute[:second[.fraction]]` from token `start` on.
    fn find_colon_time(&self, start: usize) -> Option<TimeMatch> {
        let (hour, minute) = (self.number_at(start)?, self.number_at(start + 2)?);
        let mut end = start + 3;
        let mut second = 0;
        if self.tokens.get(end) == Some(&DateToken::Symbol(':')) {
            second = self.number_at(end + 1)?;
            end += 2;
            let has_point = matches!(self.tokens.get(end), Some(DateToken::Symbol('.' | ',')));
            if has_point && matches!(self.tokens.get(end + 1), Some(DateToken::Number { .. })) {
                end += 2;
            }
        }
        // Hundredths after a colon; `1:2:3:4` is not a time.
        let is_long = |at| matches!(self.tokens.get(at), Some(DateToken::Number { digits: 2, .. }));
        let has_fourth = self.tokens.get(end) == Some(&DateToken::Symbol(':'))
            && self.number_at(end + 1).is_some();
        if has_fourth && ![start, start + 2, start + 4, end + 1].into_iter().all(is_long) {
            return None;
        }
        end += if has_fourth { 2 } else { 0 };
        Some(TimeMatch { start, end, hour, minute, second })
    }

    /// Finds a time in the basic format of ISO 8601: `T101455` after a date.
    fn find_basic_time(&self) -> Option<TimeMatch> {
        let t = (0..self.tokens.len()).find(|at| self.word_at(*at) == Some("t"))?;
        let Some(DateToken::Number { value, digits }) = self.tokens.get(t + 1) else { return None };
        let value = u32::try_from(*value).ok()?;
        let (hour, minute, second) = match digits {
            2 => (value, 0, 0),
            4 => (value / 100, value % 100, 0),
            6 => (value / 10_000, value / 100 % 100, value % 100),
            _ => return None,
        };
        Some(TimeMatch { start: t + 1, end: t + 2, hour, minute, second })
    }

    /// Returns the hour of a 24-hour clock and the end of the time, after a word such as `pm` after
    /// or before the time.
    fn read_meridiem(&self, time: TimeMatch) -> Option<(u32, usize)> {
        if let Some(is_afternoon) = self.word_at(time.end).and_then(words::parse_meridiem) {
            return Some((to_24_hour(time.hour, is_afternoon)?, time.end + 1));
        }
        let word_before = time.start.checked_sub(1).and_then(|at| self.word_at(at));
        match word_before.and_then(words::parse_meridiem) {
            Some(is_afternoon) => Some((to_24_hour(time.hour, is_afternoon)?, time.end)),
            None => Some((time.hour, time.end)),
        }
    }

    fn number_at(&self, at: usize) -> Option<u32> {
        match self.tokens.get(at)? {
            DateToken::Number { value, .. } => u32::try_from(*value).ok(),
            _ => None,
        }
    }

    fn word_at(&self, at: usize) -> Option<&str> {
        match self.tokens.get(at)? {
            DateToken::Word(word) => Some(word),
            _ => None,
        }
    }

    /// Removes the words from the tokens: month, zone and fillers. `None` if a word is unknown.
    fn take_words(&mut self) -> Option<()> {
        if self.tokens.contains(&DateToken::Symbol('년')) {
            self.zone = self.zone.or(Some(time_zones::KOREA_ZONE));
        }
        for (at, token) in self.tokens.iter_mut().enumerate() {
            let DateToken::Word(word) = token else { continue };
            match words::classify_word(word) {
                DateWord::Month(month) => self.month = Some(month),
                DateWord::Zone(zone) => self.zone = self.zone.or(Some(zone)),
                DateWord::KoreanMeridiem => self.zone = self.zone.or(Some(time_zones::KOREA_ZONE)),
                DateWord::WeekDesignator => continue,
                DateWord::Filler => {}
                // An unknown first word is a day of the week in some language.
                DateWord::Unknown if at == 0 => {}
                DateWord::Unknown => return None,
            }
            *token = DateToken::Symbol(' ');
        }
        self.tokens.retain(|token| *token != DateToken::Symbol(' '));
        Some(())
    }

    /// Returns the instant of the time on `day`; `None` for a day that programs write in place of a
    /// date that they do not have.
    fn to_utc(&self, day: NaiveDate) -> Option<DateTime<Utc>> {
        let is_epoch = self.time == NaiveTime::MIN
            && !self.ends_day
            && day.ordinal() == 1
            && EPOCH_YEARS.contains(&day.year());
        let is_empty = day.year() <= 1 || EMPTY_DATES.contains(&(day.year(), day.ordinal()));
        if is_empty || is_epoch {
            return None;
        }
        let days = Duration::days(i64::from(self.ends_day));
        let local = day.and_time(self.time).checked_add_signed(days)?;
        let offset = self.zone.map_or(0, |zone| zone.offset_at(local));
        let at = local.checked_sub_signed(Duration::seconds(offset.into()))?.and_utc();
        (at != DateTime::UNIX_EPOCH && is_in_calendar(at)).then_some(at)
    }
}

/// Converts an hour of a 12-hour clock to a 24-hour clock; hours above 12 stay.
fn to_24_hour(hour: u32, is_afternoon: bool) -> Option<u32> {
    match (hour, is_afternoon) {
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
        let parsed = parse_date(text)
            .map_or_else(String::new, |at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string());
        assert_eq!(parsed, expected, "{text}");
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
    fn parse_date_reads_unknown_zones_as_utc() {
        assert_parses_to("Mon, 23 Nov 2026 14:05:06 QQT", "2026-11-23T14:05:06Z");
        assert_parses_to("23 Nov 2026 14:05 Middle Sea Winter Time", "2026-11-23T14:05:00Z");
        assert_parses_to("Mon Nov 23 14:05:06 QQT 2026", "2026-11-23T14:05:06Z");
        assert_parses_to("Mon Nov 23 14:05:06 2026 QQT", "2026-11-23T14:05:06Z");
        assert_parses_to("2026-11-23 QQT", "2026-11-23T00:00:00Z");
        assert_parses_to("2026-11-23T14:05:06 Mars/Olympus", "2026-11-23T14:05:06Z");
        assert_parses_to("2026-11-23 14:05 QQT+2", "2026-11-23T12:05:00Z");
    }

    #[test]
    fn parse_date_accepts_zone_names() {
        assert_parses_to("23 Nov 2026 14:05 VET", "2026-11-23T18:05:00Z");
        assert_parses_to("23 Nov 2012 14:05 VET", "2012-11-23T18:35:00Z");
        assert_parses_to("23 Nov 2026 14:05 WAT", "2026-11-23T13:05:00Z");
        assert_parses_to("23 Nov 2026 14:05 MYT", "2026-11-23T06:05:00Z");
        assert_parses_to("23 Nov 2026 14:05 NPT", "2026-11-23T08:20:00Z");
        assert_parses_to("4 Jul 2026 14:05 Eastern Standard Time", "2026-07-04T19:05:00Z");
        assert_parses_to("4 Jul 2026 14:05 Eastern Daylight Time", "2026-07-04T18:05:00Z");
        assert_parses_to("Sat Jul 4 14:05:00 2026 Eastern Time", "2026-07-04T18:05:00Z");
        assert_parses_to("4 Jul 2026 14:05 W. Europe Standard Time", "2026-07-04T13:05:00Z");
        assert_parses_to("4 Jan 2026 14:05 AUS Eastern Time", "2026-01-04T03:05:00Z");
        assert_parses_to("4 Jul 2026 14:05 Australia/Sydney", "2026-07-04T04:05:00Z");
        assert_parses_to("4 Jan 2026 14:05 Pacific/Auckland", "2026-01-04T01:05:00Z");
        assert_parses_to("4 Jul 2026 14:05 US/Pacific", "2026-07-04T21:05:00Z");
    }

    #[test]
    fn parse_date_accepts_output_of_programs() {
        assert_parses_to("2026-11-23 14:05:06 +0000 UTC", "2026-11-23T14:05:06Z");
        assert_parses_to("2026-11-23 14:05:06.789 +0200 +0200", "2026-11-23T12:05:06Z");
        assert_parses_to("2026-11-23 14:05:06 +0300 +03", "2026-11-23T11:05:06Z");
        assert_parses_to("2026-11-23 14:05:06 +0100 CET m=+0.000012", "2026-11-23T13:05:06Z");
        assert_parses_to("2026-11-23 14:05:06 +0000 UTC m=-1.5", "2026-11-23T14:05:06Z");
        assert_parses_to("20261123140506", "2026-11-23T14:05:06Z");
        assert_parses_to("20261123140506+0100", "2026-11-23T13:05:06Z");
        assert_parses_to("202611231405", "2026-11-23T14:05:00Z");
        assert_parses_to("20261123T140506+01:00", "2026-11-23T13:05:06Z");
        assert_parses_to("23 Nov 2026 24:05 EST", "2026-11-23T05:05:00Z");
        assert_parses_to("2026:11:23 14:05:06", "2026-11-23T14:05:06Z");
        assert_parses_to("23/Nov/2026:14:05:06 +0100", "2026-11-23T13:05:06Z");
        assert_parses_to("Mon, 23 Nov 2026 14 -0500", "2026-11-23T19:00:00Z");
        assert_parses_to("2026-11-23T14:05:06:-0700", "2026-11-23T21:05:06Z");
        assert_parses_to("Mon, 23 Nov 2026 14:05:06 --0700", "2026-11-23T21:05:06Z");
        assert_parses_to("2026-11-23T14:05:06-07:00:00", "2026-11-23T21:05:06Z");
        assert_parses_to("Mon, 23 Nov 2026 14:05:06 00", "2026-11-23T14:05:06Z");
        assert_parses_to("14:05 - 23.11.2026", "2026-11-23T14:05:00Z");
        assert_parses_to("14:05 - 23 Nov 2026", "2026-11-23T14:05:00Z");
        assert_parses_to("11.23.2026", "2026-11-23T00:00:00Z");
        assert_parses_to("14:05 23.11.2026 -0700", "2026-11-23T21:05:00Z");
        assert_parses_to("23 Nov 2026 +0100", "2026-11-22T23:00:00Z");
        assert_parses_to("23 Monday, Nov 2026 14:05", "2026-11-23T14:05:00Z");
        assert_parses_to("lundi 23 novembre 2026 à 14h05", "2026-11-23T14:05:00Z");
        assert_parses_to("Mon, 23 Nov 2026 14.05.06 GMT", "2026-11-23T14:05:06Z");
        assert_parses_to("2026-11-23 14.05", "2026-11-23T14:05:00Z");
        assert_parses_to("2026.11.23", "2026-11-23T00:00:00Z");
        assert_parses_to("1763906706000000", "2025-11-23T14:05:06Z");
        assert_parses_to("1763906706.25", "2025-11-23T14:05:06Z");
    }

    #[test]
    fn parse_date_accepts_pdf_and_asn_1() {
        assert_parses_to("D:20240131120000+01'00'", "2024-01-31T11:00:00Z");
        assert_parses_to("D:20240131120000-08'30", "2024-01-31T20:30:00Z");
        assert_parses_to("D:20240131120000Z00'00'", "2024-01-31T12:00:00Z");
        assert_parses_to("D:20240131120000Z", "2024-01-31T12:00:00Z");
        assert_parses_to("D:20240131120000", "2024-01-31T12:00:00Z");
        assert_parses_to("D:202401311205", "2024-01-31T12:05:00Z");
        assert_parses_to("D:2024013112", "2024-01-31T12:00:00Z");
        assert_parses_to("D:20240131", "2024-01-31T00:00:00Z");
        assert_parses_to("261102100000Z", "2026-11-02T10:00:00Z");
        assert_parses_to("491231235959Z", "2049-12-31T23:59:59Z");
        assert_parses_to("500101000000Z", "1950-01-01T00:00:00Z");
        assert_parses_to("2611021000Z", "2026-11-02T10:00:00Z");
        assert_parses_to("261102100000+0100", "2026-11-02T09:00:00Z");
        assert_parses_to("20261102100000Z", "2026-11-02T10:00:00Z");
        assert_parses_to("202611021000Z", "2026-11-02T10:00:00Z");
        // With a year of four digits, or without a zone, the digits are not those of ASN.1.
        assert_parses_to("200112101500Z", "2001-12-10T15:00:00Z");
        assert_parses_to("202611021000", "2026-11-02T10:00:00Z");
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
    fn parse_date_keeps_the_day_of_a_wrong_time_or_zone() {
        assert_parses_to("2026-11-23T25:00", "2026-11-23T00:00:00Z");
        assert_parses_to("Mon, 23 Nov 2026 10:60:00 EST", "2026-11-23T00:00:00Z");
        assert_parses_to("2026-11-23T14:05:06+99:00", "2026-11-23T14:05:06Z");
        assert_parses_to("2026-11-23T14:05:06+xx", "2026-11-23T14:05:06Z");
        assert_parses_to("23 Nov 2026 14:05 -", "2026-11-23T14:05:00Z");
        assert_parses_to("1970-01-01T14:05:06Z", "1970-01-01T14:05:06Z");
        assert_parses_to("1900-01-02", "1900-01-02T00:00:00Z");
    }

    #[test]
    fn parse_date_reads_zones_of_posix_and_in_comments() {
        assert_parses_to("4 Jul 2026 14:05 EST5EDT", "2026-07-04T18:05:00Z");
        assert_parses_to("4 Dec 2026 14:05 PST8PDT", "2026-12-04T22:05:00Z");
        assert_parses_to("4 Jul 2026 14:05 CET-1CEST", "2026-07-04T12:05:00Z");
        assert_parses_to("4 Jul 2026 14:05 UTC0", "2026-07-04T14:05:00Z");
        assert_parses_to("Sat Jul 4 14:05:06 GMT0 2026", "2026-07-04T14:05:06Z");
        assert_parses_to("4 Jul 2026 14:05 (Mountain Standard Time)", "2026-07-04T21:05:00Z");
        assert_parses_to("4 Jul 2026 14:05 (JST)", "2026-07-04T05:05:00Z");
        assert_parses_to("4 Jul 2026 14:05 +0000 (JST)", "2026-07-04T14:05:00Z");
        assert_parses_to("4 Jul 2026 14:05 (updated)", "2026-07-04T14:05:00Z");
        assert_parses_to("4 Jul 2026 14:05 &nbsp; JST", "2026-07-04T05:05:00Z");
    }

    #[test]
    fn parse_date_reads_labels_and_compact_times() {
        assert_parses_to("20261123 140506", "2026-11-23T14:05:06Z");
        assert_parses_to("20261123 1405", "2026-11-23T14:05:00Z");
        assert_parses_to("Posted: 23 Nov 2026", "2026-11-23T00:00:00Z");
        assert_parses_to("Last update: 23 Nov 2026 14:05", "2026-11-23T14:05:00Z");
        assert_parses_to("周六, 23 五月 2026 14:05:06 +0800", "2026-05-23T06:05:06Z");
        assert_parses_to("十二月 23, 2026", "2026-12-23T00:00:00Z");
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
            "1:2:3:4",
            "1970-01-01T00:00:00Z",
            "Thu, 01 Jan 1970 01:00:00 +0100",
            "1900-01-01 00:00",
            "0001-01-01T00:00:00Z",
            "Mon, 01 Jan 0001 00:00:00 +0000",
            "0000-12-31",
            "0001-01-01T00:00:00-08:00",
            "1601-01-01T00:00:00Z",
            "1899-12-30 00:00",
            "20261323140506",
            "Mon, 23 Foo 2026",
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

    #[test]
    fn parse_date_leaves_out_an_offset_of_too_many_hours() {
        for offset in ["-24:00", "-999999999:00", "+2147483647:59"] {
            assert_parses_to(&format!("2016-02-09T14:22:00{offset}"), "2016-02-09T14:22:00Z");
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
