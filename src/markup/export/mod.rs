//! Documents written for other programs.

mod hypertext;
mod markdown;

use std::sync::Arc;

use super::{Document, Flow, Layout, Place};

/// Columns of plain text.
const MEASURE: u16 = 72;

/// A format that articles are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// CommonMark.
    Markdown,
    /// A page by itself.
    Html,
    /// Lines of at most 72 columns.
    Text,
}

impl Format {
    /// The format that the name of a file asks for; plain text for names that ask for nothing.
    pub fn of_name(name: &str) -> Format {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match end.as_deref() {
            Some("md" | "markdown") => Format::Markdown,
            Some("html" | "htm") => Format::Html,
            _ => Format::Text,
        }
    }
}

/// What stands above an article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Heading {
    /// The title.
    pub title: String,
    /// Source, author and date, as they are to be read.
    pub facts: Vec<String>,
    /// The address of the original.
    pub link: Option<String>,
}

impl Document {
    /// The document in `format`, under `heading`.
    pub fn export(self, heading: &Heading, format: Format) -> String {
        match format {
            Format::Markdown => markdown::write(&self, heading),
            Format::Html => hypertext::write(&self, heading),
            Format::Text => text(self, heading),
        }
    }
}

fn text(document: Document, heading: &Heading) -> String {
    let facts: Vec<&str> = heading.facts.iter().chain(&heading.link).map(String::as_str).collect();
    let mut out = format!("{}\n{}\n\n", heading.title, facts.join(" · "));
    let mut layout = Layout::new(Arc::new(Flow::new(document)), MEASURE);
    for line in layout.page(Place::default(), u16::MAX) {
        out.push_str(line.text().trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markup::{html, markdown, plain};

    #[test]
    fn the_name_of_a_file_says_its_format() {
        for (name, format) in [
            ("a.md", Format::Markdown),
            ("a.HTML", Format::Html),
            ("~/notes", Format::Text),
            ("a.txt", Format::Text),
        ] {
            assert_eq!(Format::of_name(name), format, "{name}");
        }
    }

    proptest! {
        #[test]
        fn markdown_that_is_written_is_read_again(
            paragraphs in prop::collection::vec("[a-z#*_`<>\\[\\]()!+&;.|~=\\\\0-9-]{1,8}( [a-z#*_`<>\\[\\]()!+&;.|~=\\\\0-9-]{1,8}){0,5}", 1..4)
        ) {
            let document = plain(&paragraphs.join("\n\n"));
            let words = document.plain_text();
            let written = document.export(&Heading::default(), Format::Markdown);
            prop_assert_eq!(markdown(&written).plain_text(), words, "{}", written);
        }

        #[test]
        fn html_that_is_written_is_read_again(text in "[ -~é\n]{0,200}") {
            let document = plain(&text);
            let words: Vec<String> = document.plain_text().split_whitespace().map(str::to_owned).collect();
            let written = document.export(&Heading::default(), Format::Html);
            let again = html(&written, None).plain_text();
            prop_assert_eq!(again.split_whitespace().collect::<Vec<_>>(), words);
        }
    }
}
