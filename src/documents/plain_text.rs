//! Plain text files, with a date of their own or without.

use super::{
    dated_text, headline,
    parsed_file::{ParseWarning, ParsedFile},
};
use crate::{
    markup::first_paragraph,
    model::{BodyFormat, PublicationDate},
    text::width,
};

/// A first line up to this wide, with a blank line below, is a title; in columns.
const MAX_TITLE_WIDTH: usize = 100;

/// Reads a plain text file.
pub(super) fn parse_plain_text(text: &str) -> ParsedFile {
    match dated_text::split_date(text) {
        Some(dated) => parse_dated(&dated),
        None => parse_undated(text),
    }
}

fn parse_dated(dated: &dated_text::DatedText<'_>) -> ParsedFile {
    let mut found = ParsedFile::new(BodyFormat::Plain, dated.text);
    found.title = first_paragraph(dated.text).and_then(|words| headline::extract_headline(&words));
    match dated.day {
        Ok(day) => found.published = Some(PublicationDate::Day(day)),
        Err(words) => found.warnings.push(ParseWarning::NonexistentDay(words.to_owned())),
    }
    found
}

fn parse_undated(text: &str) -> ParsedFile {
    if let Some((title, body)) = split_title_line(text) {
        let mut found = ParsedFile::new(BodyFormat::Plain, body);
        found.title = headline::extract_headline(title);
        return found;
    }
    let mut found = ParsedFile::new(BodyFormat::Plain, text);
    found.title = first_paragraph(text).and_then(|words| headline::extract_headline(&words));
    found
}

/// A title standing alone above the text, and the text.
fn split_title_line(text: &str) -> Option<(&str, &str)> {
    let (title, rest) = text.trim_start().split_once('\n')?;
    let blank = rest.split('\n').next().is_some_and(|line| line.trim().is_empty());
    let body = rest.trim_start_matches(['\r', '\n']);
    let fits = title.len() <= MAX_TITLE_WIDTH * 4 && width(title.trim()) <= MAX_TITLE_WIDTH;
    (blank && fits && !body.trim().is_empty()).then_some((title, body))
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
            let found = parse_plain_text(text);
            assert_eq!(
                (found.title.as_deref(), found.text.as_str()),
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
