//! Dated plain text: `date YYYY-MM-DD`, with or without a time, then the text. The title is the first
//! sentence.

use chrono::NaiveDate;

use super::dates;

/// A text that begins with a date, split into the two.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DatedText<'a> {
    /// The day; `Err` with the original word if no such day exists, such as `2026-13-99`.
    pub(super) day: Result<NaiveDate, &'a str>,
    /// The text after the date.
    pub(super) text: &'a str,
}

/// Splits the date from a text that begins with `date YYYY-MM-DD`; `None` for other texts. A time after
/// the day, as in `2026-01-28T10:00`, is left out.
pub(super) fn split_date(text: &str) -> Option<DatedText<'_>> {
    let trimmed = text.trim_start();
    let after_keyword =
        trimmed.get("date".len()..).filter(|_| trimmed[..4].eq_ignore_ascii_case("date"))?;
    if !after_keyword.starts_with(char::is_whitespace) {
        return None;
    }
    let words = after_keyword.trim_start();
    let (stamp, rest) = words.split_at(words.find(char::is_whitespace).unwrap_or(words.len()));
    let date = match stamp.split_once(['T', 't']) {
        Some((day, time)) if is_time(time) => day,
        _ => stamp,
    };
    if !dates::has_day_format(date) {
        return None;
    }
    Some(DatedText { day: dates::parse_day(date).ok_or(date), text: rest.trim_start() })
}

/// Returns whether `text` begins like a time: `10:00`, with or without seconds and an offset.
fn is_time(text: &str) -> bool {
    let is_digit = |at: usize| text.as_bytes().get(at).is_some_and(u8::is_ascii_digit);
    [0, 1, 3, 4].into_iter().all(is_digit) && text.as_bytes()[2] == b':'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn split_date_reads_leading_date_line() {
        let day = NaiveDate::from_ymd_opt(2026, 1, 28);
        let cases = [
            (" date 2026-01-28 Text.\n\nMore.", day.map(Ok), "Text.\n\nMore."),
            ("date 2026-01-28\r\n\r\nText.", day.map(Ok), "Text."),
            ("\n\nDate\t2026-01-28", day.map(Ok), ""),
            ("date 2026-01-28T10:00 Text.", day.map(Ok), "Text."),
            ("date 2026-01-28T10:00:05+01:00\nText.", day.map(Ok), "Text."),
            ("date 2026-13-99 Text.", Some(Err("2026-13-99")), "Text."),
        ];
        for (source, day, text) in cases {
            assert_eq!(split_date(source), day.map(|day| DatedText { day, text }), "{source}");
        }
        for source in [
            "",
            "dat",
            "date",
            "date night",
            "date 2026-01-28Tea",
            "date 2026-01-28T1",
            "date2026-01-28 x",
            "update 2026-01-28",
            "dat\u{e9}",
        ] {
            assert_eq!(split_date(source), None, "{source}");
        }
    }
}
