//! Documents written for other programs.

mod html;
mod markdown;

use std::sync::Arc;

use super::{Document, Flow, FlowLayout, ScrollPosition};

/// Columns of plain text.
const PLAIN_TEXT_WIDTH: u16 = 72;

/// A format that articles are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// CommonMark.
    Markdown,
    /// A page by itself.
    Html,
    /// Lines of at most 72 columns.
    PlainText,
}

impl ExportFormat {
    /// The format that the name of a file asks for; plain text for names that ask for nothing.
    pub fn from_file_name(name: &str) -> ExportFormat {
        let end = name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase());
        match end.as_deref() {
            Some("md" | "markdown") => ExportFormat::Markdown,
            Some("html" | "htm") => ExportFormat::Html,
            _ => ExportFormat::PlainText,
        }
    }
}

/// What stands above an article.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ExportHeader {
    /// The title.
    pub title: String,
    /// Source, author and date, as they are to be read.
    pub details: Vec<String>,
    /// The address of the original.
    pub url: Option<String>,
}

impl Document {
    /// The document in `format`, under `heading`.
    pub fn export(self, heading: &ExportHeader, format: ExportFormat) -> String {
        match format {
            ExportFormat::Markdown => markdown::write_markdown(&self, heading),
            ExportFormat::Html => html::write_html(&self, heading),
            ExportFormat::PlainText => write_plain_text(self, heading),
        }
    }
}

fn write_plain_text(document: Document, heading: &ExportHeader) -> String {
    let facts: Vec<&str> = heading.details.iter().chain(&heading.url).map(String::as_str).collect();
    let mut out = format!("{}\n{}\n\n", heading.title, facts.join(" · "));
    let mut layout = FlowLayout::new(Arc::new(Flow::new(document)), PLAIN_TEXT_WIDTH);
    for line in layout.visible_lines(ScrollPosition::default(), u16::MAX) {
        out.push_str(line.text().trim_end());
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::markup::{parse_html, parse_markdown, parse_plain_text};

    #[test]
    fn export_format_follows_file_extension() {
        for (name, format) in [
            ("a.md", ExportFormat::Markdown),
            ("a.HTML", ExportFormat::Html),
            ("~/notes", ExportFormat::PlainText),
            ("a.txt", ExportFormat::PlainText),
        ] {
            assert_eq!(ExportFormat::from_file_name(name), format, "{name}");
        }
    }

    proptest! {
        #[test]
        fn export_markdown_round_trips(
            paragraphs in prop::collection::vec("[a-z#*_`<>\\[\\]()!+&;.|~=\\\\0-9-]{1,8}( [a-z#*_`<>\\[\\]()!+&;.|~=\\\\0-9-]{1,8}){0,5}", 1..4)
        ) {
            let document = parse_plain_text(&paragraphs.join("\n\n"));
            let words = document.plain_text();
            let written = document.export(&ExportHeader::default(), ExportFormat::Markdown);
            prop_assert_eq!(parse_markdown(&written).plain_text(), words, "{}", written);
        }

        #[test]
        fn export_html_round_trips(text in "[ -~é\n]{0,200}") {
            let document = parse_plain_text(&text);
            let words: Vec<String> = document.plain_text().split_whitespace().map(str::to_owned).collect();
            let written = document.export(&ExportHeader::default(), ExportFormat::Html);
            let again = parse_html(&written, None).plain_text();
            prop_assert_eq!(again.split_whitespace().collect::<Vec<_>>(), words);
        }
    }
}
