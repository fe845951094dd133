//! The export of documents to Markdown, HTML and plain text.
//!
//! Start with [`Document::export`].

mod header;
mod html;
mod markdown;

use std::sync::Arc;

pub use header::ExportHeader;

use super::{Document, Flow, FlowLayout};

/// Columns of exported plain text.
const PLAIN_TEXT_WIDTH: u16 = 72;

/// The file format of an exported document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ExportFormat {
    /// CommonMark.
    Markdown,
    /// A self-contained HTML page.
    Html,
    /// Plain text in lines of at most 72 columns; lines of code and of wide tables may be longer.
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
    out += &FlowLayout::new(Arc::new(Flow::for_text(document)), PLAIN_TEXT_WIDTH).to_text();
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

    #[test]
    fn export_plain_text_is_never_cut() {
        let code = format!("let path = \"{}\";\tEND", "x".repeat(200));
        let columns = |row: &str| format!("|{}\n", format!(" {row}-{row}-{row}-{row} |").repeat(9));
        let rule = format!("|{}\n", "---|".repeat(9));
        let lines = "line\n".repeat(70_000);
        let family =
            "👨\u{200d}👩\u{200d}👧\u{200d}👦 👩🏽\u{200d}💻 🏳\u{fe0f}\u{200d}🌈 1\u{fe0f}\u{20e3}";
        let text = format!(
            "```\n{code}\n```\n\n{}{rule}{}\n\n{family}\n\n```\n{lines}```",
            columns("head"),
            columns("cell")
        );
        let exported =
            parse_markdown(&text).export(&ExportHeader::default(), ExportFormat::PlainText);
        assert_eq!(exported.matches("  line\n").count(), 70_000);
        for kept in [code.as_str(), family] {
            assert!(exported.contains(kept), "{kept}");
        }
        assert_eq!(exported.matches("cell-cell-cell-cell").count(), 9);
        assert!(!exported.contains('›'));
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
