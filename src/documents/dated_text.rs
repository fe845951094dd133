//! The user's own form: `date YYYY-MM-DD`, then the text. The headline is its first sentence.

use chrono::NaiveDate;

use super::dates;

/// A text that begins with its date.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DatedText<'a> {
    /// The day, or the words in its place that name none.
    pub(super) day: Result<NaiveDate, &'a str>,
    /// The text after it.
    pub(super) text: &'a str,
}

/// Splits the date off a text that begins with one.
pub(super) fn split_date(text: &str) -> Option<DatedText<'_>> {
    let rest = text.trim_start();
    let rest = rest.get(4..).filter(|_| rest[..4].eq_ignore_ascii_case("date"))?;
    let (words, after) = (rest.trim_start(), rest.starts_with(char::is_whitespace));
    let (token, text) = words.split_at(words.find(char::is_whitespace).unwrap_or(words.len()));
    if !after || !dates::has_day_format(token) {
        return None;
    }
    Some(DatedText { day: dates::parse_day(token).ok_or(token), text: text.trim_start() })
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
