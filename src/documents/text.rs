//! Plain text files, with a date of their own or without.

use super::{
    dated,
    found::{Found, Oddity},
    sentence,
};
use crate::{
    markup::first_paragraph,
    model::{BodyFormat, Stamp},
    text::width,
};

/// A first line up to this wide, with a blank line below, is a title; in columns.
const TITLE_WIDTH: usize = 100;

/// Reads a plain text file.
pub(super) fn read(text: &str) -> Found {
    match dated::split(text) {
        Some(dated) => read_dated(&dated),
        None => read_undated(text),
    }
}

fn read_dated(dated: &dated::Dated<'_>) -> Found {
    let mut found = Found::new(BodyFormat::Plain, dated.text);
    found.title = first_paragraph(dated.text).and_then(|words| sentence::headline(&words));
    match dated.day {
        Ok(day) => found.published = Some(Stamp::Day(day)),
        Err(words) => found.oddities.push(Oddity::NoSuchDay(words.to_owned())),
    }
    found
}

fn read_undated(text: &str) -> Found {
    if let Some((title, body)) = title_line(text) {
        let mut found = Found::new(BodyFormat::Plain, body);
        found.title = sentence::headline(title);
        return found;
    }
    let mut found = Found::new(BodyFormat::Plain, text);
    found.title = first_paragraph(text).and_then(|words| sentence::headline(&words));
    found
}

/// A title standing alone above the text, and the text.
fn title_line(text: &str) -> Option<(&str, &str)> {
    let (title, rest) = text.trim_start().split_once('\n')?;
    let blank = rest.split('\n').next().is_some_and(|line| line.trim().is_empty());
    let body = rest.trim_start_matches(['\r', '\n']);
    let fits = title.len() <= TITLE_WIDTH * 4 && width(title.trim()) <= TITLE_WIDTH;
    (blank && fits && !body.trim().is_empty()).then_some((title, body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn undated_files_have_titles_too() {
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
            let found = read(text);
            assert_eq!((found.title.as_deref(), found.text.as_str()), (Some(title), body), "{text}");
        }
    }

    #[test]
    fn hard_wrapped_headlines_are_whole() {
        let text = "date 2026-01-28 The council has decided after a long debate to close the\nbridge for a year. More.";
        let title = "The council has decided after a long debate to close the bridge for a year";
        assert_eq!(read(text).title.as_deref(), Some(title));
    }
}
