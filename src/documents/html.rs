//! HTML files.

use super::{dates, found::Found, sentence};
use crate::{
    markup,
    model::{Body, BodyFormat},
};

/// Reads an HTML file. A heading that is the title is not shown again above the text.
pub(super) fn read(text: &str) -> Found {
    let head = markup::head(text);
    let body =
        head.title.as_ref().map_or_else(|| text.to_owned(), |title| markup::without_heading(text, title));
    let mut found = Found::new(BodyFormat::Html, body);
    found.title = head.title.or_else(|| first_words(text));
    found.author = head.author;
    found.link = head.canonical;
    found.published = head.published.as_deref().and_then(dates::stamp);
    found
}

fn first_words(text: &str) -> Option<String> {
    let body = Body { format: BodyFormat::Html, text: text.to_owned() };
    sentence::headline(&super::document(&body).plain_text())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_only_top_heading() {
        let found = read("<title>Site</title><meta name=date content='2026-01-28'><h1>Head</h1><p>Text");
        assert_eq!(found.title.as_deref(), Some("Head"));
        assert!(found.published.is_some() && !found.text.contains("Head"));
        assert_eq!(read("<p>First words. More.").title.as_deref(), Some("First words"));
    }
}
