//! Dated plain text: `date YYYY-MM-DD`, then the text. The title is the first sentence.

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

/// Splits the date from a text that begins with `date YYYY-MM-DD`; `None` for other texts.
pub(super) fn split_date(text: &str) -> Option<DatedText<'_>> {
    let trimmed = text.trim_start();
    let after_keyword =
        trimmed.get("date".len()..).filter(|_| trimmed[..4].eq_ignore_ascii_case("date"))?;
    if !after_keyword.starts_with(char::is_whitespace) {
        return None;
    }
    let words = after_keyword.trim_start();
    let (date, rest) = words.split_at(words.find(char::is_whitespace).unwrap_or(words.len()));
    if !dates::has_day_format(date) {
        return None;
    }
    Some(DatedText { day: dates::parse_day(date).ok_or(date), text: rest.trim_start() })
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
            ("date 2026-13-99 Text.", Some(Err("2026-13-99")), "Text."),
        ];
        for (source, day, text) in cases {
            assert_eq!(split_date(source), day.map(|day| DatedText { day, text }), "{source}");
        }
        for source in
            ["", "dat", "date", "date night", "date2026-01-28 x", "update 2026-01-28", "dat\u{e9}"]
        {
            assert_eq!(split_date(source), None, "{source}");
        }
    }
}
