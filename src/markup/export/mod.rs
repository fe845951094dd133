//! The export of documents to Markdown, HTML and plain text.
//!
//! Start with [`Document::export`].

mod header;
mod html;
mod markdown;

use std::sync::Arc;

pub use header::ExportHeader;

use super::{Document, Flow, FlowLayout, ScrollPosition};

/// Columns of exported plain text.
const PLAIN_TEXT_WIDTH: u16 = 72;

/// The file format of an exported document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// CommonMark.
    Markdown,
    /// A self-contained HTML page.
    Html,
    /// Plain text in lines of at most 72 columns.
    PlainText,
}

impl ExportFormat {
    /// Returns the format that the extension of a file name stands for; plain text for an unknown
    /// extension or none.
    pub fn from_file_name(name: &str) -> ExportFormat {
        let extension = name.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
        match extension.as_deref() {
            Some("md" | "markdown") => ExportFormat::Markdown,
            Some("html" | "htm") => ExportFormat::Html,
            _ => ExportFormat::PlainText,
        }
    }
}

impl Document {
    /// Renders the document in `format` below `header`.
    pub fn export(self, header: &ExportHeader, format: ExportFormat) -> String {
        match format {
            ExportFormat::Markdown => markdown::write_markdown(&self, header),
            ExportFormat::Html => html::write_html(&self, header),
            ExportFormat::PlainText => write_plain_text(self, header),
        }
    }
}

fn write_plain_text(document: Document, header: &ExportHeader) -> String {
    let details: Vec<&str> = header.details.iter().chain(&header.url).map(String::as_str).collect();
    let mut out = format!("{}\n{}\n\n", header.title, details.join(" · "));
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
