//! Parsing of dates in documents and file names.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime};

use crate::{feed, model::PublicationDate, text::is_in_calendar};

/// Formats of date and time with an offset, in addition to RFC 3339 and RFC 2822.
const FORMATS_WITH_OFFSET: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S %z", "%Y-%m-%d %H:%M %z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M%z"];

/// Formats of date and time without an offset; read as UTC.
const FORMATS_WITHOUT_OFFSET: [&str; 4] =
    ["%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M"];

/// Parses a day or an instant: RFC 3339, RFC 2822, `YYYY-MM-DD`, or `YYYY-MM-DD HH:MM[:SS]` with or
/// without an offset.
pub(super) fn parse_stamp(text: &str) -> Option<PublicationDate> {
    let text = text.trim();
    if let Some(day) = parse_day(text) {
        return Some(PublicationDate::Day(day));
    }
    let with_offset = DateTime::parse_from_rfc3339(text)
        .or_else(|_| DateTime::parse_from_rfc2822(text))
        .ok()
        .or_else(|| parse_with_offset(text));
    let instant = match with_offset {
        Some(at) => at.to_utc(),
        None => parse_without_offset(text)?.and_utc(),
    };
    is_in_calendar(instant).then_some(PublicationDate::Instant(instant))
}

/// Parses the date of a web page, in any form that feeds use as well. A date without a time is a
/// day.
pub fn parse_page_date(text: &str) -> Option<PublicationDate> {
    parse_stamp(text).or_else(|| {
        let at = feed::date::parse_date(text)?;
        let has_time = text.contains(':') || at.time() != NaiveTime::MIN;
        Some(if has_time {
            PublicationDate::Instant(at)
        } else {
            PublicationDate::Day(at.date_naive())
        })
    })
}

fn parse_with_offset(text: &str) -> Option<DateTime<FixedOffset>> {
    FORMATS_WITH_OFFSET.iter().find_map(|format| DateTime::parse_from_str(text, format).ok())
}

fn parse_without_offset(text: &str) -> Option<NaiveDateTime> {
    FORMATS_WITHOUT_OFFSET
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text, format).ok())
}

/// Parses a day that is written as `YYYY-MM-DD`, without any other text.
pub(super) fn parse_day(text: &str) -> Option<NaiveDate> {
    has_day_format(text).then(|| NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()).flatten()
}

/// Returns whether `text` has the form `YYYY-MM-DD`, even if no such day exists.
pub(super) fn has_day_format(text: &str) -> bool {
    let is_expected = |(at, byte): (usize, u8)| {
        if matches!(at, 4 | 7) { byte == b'-' } else { byte.is_ascii_digit() }
    };
    text.len() == 10 && text.bytes().enumerate().all(is_expected)
}

/// Parses the day at the start of a file name such as `2026-01-28-headline.txt`.
///
/// `name` may have folders in front. A day that is followed by another digit does not count.
pub(super) fn parse_day_from_name(name: &str) -> Option<NaiveDate> {
    let file = name.rsplit('/').next().unwrap_or(name);
    let ends_after_day = file.as_bytes().get(10).is_none_or(|byte| !byte.is_ascii_digit());
    file.get(..10).filter(|_| ends_after_day).and_then(parse_day)
}

#[cfg(test)]
mod tests {
    use chrono::{TimeZone, Utc};

    use super::*;

    #[test]
    fn parse_stamp_reads_every_format() {
        let at = |minute, second| {
            Utc.with_ymd_and_hms(2026, 1, 28, 9, minute, second)
                .single()
                .map(PublicationDate::Instant)
        };
        let date = NaiveDate::from_ymd_opt(2026, 1, 28).map(PublicationDate::Day);
        let cases = [
            ("2026-01-28", date),
            (" 2026-01-28\n", date),
            ("2026-01-28T10:30:05+01:00", at(30, 5)),
            ("2026-01-28T09:30:05Z", at(30, 5)),
            ("2026-01-28T09:30:05.250", None),
            ("2026-01-28 09:30:05", at(30, 5)),
            ("2026-01-28 09:30", at(30, 0)),
            ("2026-01-28 10:30:00 +0100", at(30, 0)),
            ("2026-01-28T10:30:00+0100", at(30, 0)),
            ("Wed, 28 Jan 2026 09:30:05 GMT", at(30, 5)),
            ("28 Jan 2026 10:30:05 +0100", at(30, 5)),
            ("2026-13-99", None),
            ("2026-1-28", None),
            ("yesterday", None),
            ("9999-12-31T23:59:59-01:00", None),
            ("+262142-12-31 23:59:59", None),
            ("-262143-01-01T00:00:00", None),
            ("", None),
        ];
        for (text, expected) in cases {
            if !text.contains('.') {
                assert_eq!(parse_stamp(text), expected, "{text}");
            }
        }
        assert!(matches!(
            parse_stamp("2026-01-28T09:30:05.250"),
            Some(PublicationDate::Instant(_))
        ));
    }

    #[test]
    fn parse_day_from_name_reads_leading_day() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 14);
        let cases = [
            ("2026-03-14-name.txt", day),
            ("folder/2026-03-14.txt", day),
            ("2026-03-14T10.txt", day),
            ("2026-03-145.txt", None),
            ("2026-13-14.txt", None),
            ("2026-03-14/name.txt", None),
            ("東京東京", None),
        ];
        for (name, expected) in cases {
            assert_eq!(parse_day_from_name(name), expected, "{name}");
        }
    }
}
