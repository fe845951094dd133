//! Parsing of plain text files, with or without a date at the start.

use super::{
    dated_text, headline,
    parsed_file::{ParseWarning, ParsedFile},
};
use crate::{
    markup::first_paragraph,
    model::{BodyFormat, PublicationDate},
    text::width,
};

/// Maximum width of a title line, in columns: a first line that is not wider and has a blank line
/// below is the title.
const MAX_TITLE_WIDTH: usize = 100;

/// Parses a plain text file.
pub(super) fn parse_plain_text(text: &str) -> ParsedFile {
    match dated_text::split_date(text) {
        Some(dated) => parse_dated(&dated),
        None => parse_undated(text),
    }
}

/// Parses a text that begins with a date; the title is the first sentence.
fn parse_dated(dated: &dated_text::DatedText<'_>) -> ParsedFile {
    let mut parsed = ParsedFile::new(BodyFormat::Plain, dated.text);
    parsed.title = first_paragraph(dated.text).and_then(|words| headline::extract_headline(&words));
    match dated.day {
        Ok(day) => parsed.published = Some(PublicationDate::Day(day)),
        Err(date) => parsed.warnings.push(ParseWarning::NonexistentDay(date.to_owned())),
    }
    parsed
}

/// Parses a text without a date; the title is the title line, otherwise the first sentence.
fn parse_undated(text: &str) -> ParsedFile {
    if let Some((title, body)) = split_title_line(text) {
        let mut parsed = ParsedFile::new(BodyFormat::Plain, body);
        parsed.title = headline::extract_headline(title);
        return parsed;
    }
    let mut parsed = ParsedFile::new(BodyFormat::Plain, text);
    parsed.title = first_paragraph(text).and_then(|words| headline::extract_headline(&words));
    parsed
}

/// Splits `text` into a title line and the body below the blank line; `None` if there is no title
/// line.
fn split_title_line(text: &str) -> Option<(&str, &str)> {
    let (title, rest) = text.trim_start().split_once('\n')?;
    let has_blank_line = rest.split('\n').next().is_some_and(|line| line.trim().is_empty());
    let body = rest.trim_start_matches(['\r', '\n']);
    // The cheap check comes first: a column usually takes at most 4 bytes of UTF-8.
    let fits = title.len() <= MAX_TITLE_WIDTH * 4 && width(title.trim()) <= MAX_TITLE_WIDTH;
    (has_blank_line && fits && !body.trim().is_empty()).then_some((title, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_plain_text_finds_title_without_date() {
        let cases = [
            ("A Title\r\n\r\n  Text.", "A Title", "  Text."),
            ("Only one line. And more.", "Only one line", "Only one line. And more."),
            (
                "Roses are red\nViolets are blue\n\nEnd",
                "Roses are red",
                "Roses are red\nViolets are blue\n\nEnd",
            ),
            ("Title\n\n  \n", "Title", "Title\n\n  \n"),
        ];
        for (text, title, body) in cases {
            let parsed = parse_plain_text(text);
            assert_eq!(
                (parsed.title.as_deref(), parsed.text.as_str()),
                (Some(title), body),
                "{text}"
            );
        }
    }

    #[test]
    fn parse_plain_text_joins_hard_wrapped_headline() {
        let text = "date 2026-01-28 The council has decided after a long debate to close the\nbridge for a year. More.";
        let title = "The council has decided after a long debate to close the bridge for a year";
        assert_eq!(parse_plain_text(text).title.as_deref(), Some(title));
    }
}
