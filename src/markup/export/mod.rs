//! The export of documents to Markdown, HTML and plain text.
//!
//! Start with [`Document::export`].

mod footnotes;
mod header;
mod html;
mod inline_pieces;
mod markdown;
mod markdown_inline;
mod xml_form;

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

impl Document {
    /// Renders the document below `header` as an `article` element of an HTML page with several. All ids
    /// begin with `id`, which is that of the element.
    pub fn to_html_article(&self, header: &ExportHeader, id: &str) -> String {
        html::write_html_article(self, header, id)
    }

    /// Renders the document as a part of an HTML page.
    pub fn to_html_fragment(&self) -> String {
        html::write_html_fragment(self)
    }

    /// Renders the document below `header` as the content of the body of an XHTML page, as books (EPUB)
    /// have it: well-formed, and with links in place of pictures.
    pub fn to_xhtml_body(&self, header: &ExportHeader) -> String {
        html::write_xhtml_body(self, header)
    }
}

fn write_plain_text(document: Document, header: &ExportHeader) -> String {
    let details: Vec<&str> = header.details.iter().chain(&header.url).map(String::as_str).collect();
    let headline =
        header.headline_of(&document).map_or(String::new(), |title| format!("{title}\n"));
    let mut out = format!("{headline}{}\n\n", details.join(" · "));
    out += &FlowLayout::new(Arc::new(Flow::for_text(document)), PLAIN_TEXT_WIDTH).to_text();
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{
        inline_pieces::{InlinePiece, split_pieces},
        *,
    };
    use crate::markup::{
        Block, DocumentLink, Emphasis, LinkId, LinkTarget, ListNumbering, RichText, TextSpan,
        parse_html, parse_markdown, parse_plain_text,
    };

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

    fn to_markdown(document: &Document) -> String {
        document.clone().export(&ExportHeader::default(), ExportFormat::Markdown)
    }

    #[test]
    fn export_markdown_keeps_the_meaning_of_each_construct() {
        let cases = [
            "# Title with a #\n",
            "## A \\# in C\\#\n",
            "a `b`` ` c ``` ``d`e`` ```\n",
            "***a** b* **c *d***\n",
            "**a.** b *(c)*d\n",
            "1\\. no list\n",
            "- [x] done\n- [ ] open\n\n+ another list\n",
            "3. c\n4. d\n\n1) new\n",
            "- ***\n- ```\n  code\n  ```\n- > quote\n",
            "| a\\|b | `c\\|d` |\n|---|---|\n| e<br>f | |\n",
            "wow\\![a](https://example.org/?a=1&copy;=2 )\n",
            "~~old~~ <ins>new</ins>\n",
            "a\\\nb\\\n\\\nc\n",
        ];
        for text in cases {
            let document = parse_markdown(text);
            let written = to_markdown(&document);
            assert_eq!(
                normal_blocks(&parse_markdown(&written)),
                normal_blocks(&document),
                "{written}"
            );
        }
    }

    #[test]
    fn export_markdown_keeps_neighbours_of_one_style_apart() {
        let cases = [
            ("<code>a</code> <code>b</code>", "`a` `b`"),
            ("<code>a</code>\n<b>x</b> <code>b c</code>", "`a` **x** `b c`"),
            ("<em>a</em> <em>b</em>", "*a* *b*"),
            ("<b>a</b>, <b>b</b> <b>c d</b>", "**a**, **b** **c d**"),
            ("<s>a</s><br><s>b</s>", "~~a~~\\\n~~b~~"),
            (
                "<a href='https://e.org/'>a</a> <a href='https://e.org/'><b>b</b> c</a>",
                "[a](https://e.org/) [**b** c](https://e.org/)",
            ),
            (
                "<a href='https://e.org/'>a<br>b</a><br><a href='https://e.org/'>c</a>",
                "[a\\\nb](https://e.org/)\\\n[c](https://e.org/)",
            ),
            ("<b>a <i>b</i> c</b> d", "**a *b* c** d"),
        ];
        for (html, expected) in cases {
            let document = parse_html(html, None);
            let written = to_markdown(&document);
            assert_eq!(written.trim_end(), expected, "{html}");
            assert_eq!(to_markdown(&parse_markdown(&written)), written, "{html}");
        }
        let soft = parse_markdown("`a`\n`b`\n**c**\n**d**");
        assert_eq!(to_markdown(&soft).trim_end(), "`a` `b` **c** **d**");
    }

    /// Returns the blocks in a form in which equal documents are equal: links by URL, and blanks
    /// between texts of several styles without one.
    fn normal_blocks(document: &Document) -> String {
        let url = |target: LinkTarget| match target {
            LinkTarget::Link(id) => document.links[id.0 as usize].url.clone(),
            LinkTarget::Anchor(_) => String::new(),
        };
        let normal_text = |text: &RichText| -> String {
            let pieces = split_pieces(&text.0);
            let normal_piece = |InlinePiece { text, emphasis, link }: &InlinePiece| {
                let is_white = text.chars().all(char::is_whitespace);
                let (emphasis, link) =
                    if is_white { (Emphasis::NONE, None) } else { (*emphasis, *link) };
                format!("{text:?}{emphasis:?}{:?} ", link.map(url))
            };
            pieces.iter().map(normal_piece).collect()
        };
        let mut lines = Vec::new();
        let mut open: Vec<(&Block, usize)> =
            document.blocks.iter().rev().map(|block| (block, 0)).collect();
        while let Some((block, depth)) = open.pop() {
            let line = match block {
                Block::Heading { level, text } => format!("h{level} {}", normal_text(text)),
                Block::Paragraph(text) => normal_text(text),
                Block::Quote(blocks) => {
                    open.extend(blocks.iter().rev().map(|block| (block, depth + 1)));
                    "quote".to_owned()
                }
                Block::List { numbers, items } => {
                    for (index, item) in items.iter().enumerate().rev() {
                        open.extend(item.iter().rev().map(|block| (block, depth + 2 + index % 2)));
                    }
                    format!("list {:?}", numbers.as_ref().map(|numbers| numbers.first))
                }
                Block::Table { head, rows, .. } => {
                    let normal_row = |row: &Vec<RichText>| {
                        let cells: Vec<String> = row.iter().map(normal_text).collect();
                        cells.join(";").trim_end_matches(';').to_owned()
                    };
                    std::iter::once(head).chain(rows).map(normal_row).collect::<Vec<_>>().join("|")
                }
                other => format!("{other:?}"),
            };
            lines.push(format!("{:depth$}{line}", ""));
        }
        lines.join("\n")
    }

    fn any_emphasis() -> impl Strategy<Value = Emphasis> {
        let styles = [
            Emphasis::STRONG,
            Emphasis::EMPHASIZED,
            Emphasis::CODE,
            Emphasis::STRIKETHROUGH,
            Emphasis::INSERTED,
        ];
        prop::collection::vec(prop::sample::select(styles.to_vec()), 0..3)
            .prop_map(|styles| styles.into_iter().fold(Emphasis::NONE, Emphasis::union))
    }

    fn any_text(separators: &'static [&'static str]) -> impl Strategy<Value = RichText> {
        let word = prop_oneof![
            "[a-zé東0-9]{1,3}",
            "[-#*_`<>\\[\\]()!+&;:.|~=^\\\\\"'a1]{1,4}",
            prop::sample::select(vec![
                "1.",
                "2)",
                "&amp;",
                "<b>",
                "[x]",
                "http://a.b",
                "C#",
                "「x」",
                "``",
                "—"
            ])
            .prop_map(str::to_owned),
        ];
        let link = prop_oneof![3 => Just(None), 1 => (0..2_u32).prop_map(Some)];
        let span = (word, any_emphasis(), link, prop::sample::select(separators));
        prop::collection::vec(span, 1..6).prop_map(|spans| {
            let last = spans.len() - 1;
            let spans =
                spans.into_iter().enumerate().map(|(index, (word, emphasis, link, after))| {
                    let after = if index == last { "" } else { after };
                    let link = link.map(|id| LinkTarget::Link(LinkId(id)));
                    TextSpan { text: word + after, emphasis, link }
                });
            RichText(spans.collect())
        })
    }

    fn any_block() -> impl Strategy<Value = Block> {
        let text = || any_text(&["", " ", "  ", "\n"]);
        let cells = || prop::collection::vec(any_text(&["", " "]), 2);
        let leaf = prop_oneof![
            4 => text().prop_map(Block::Paragraph),
            1 => (1..7_u8, text()).prop_map(|(level, text)| Block::Heading { level, text }),
            1 => "[a`~ \t\n>-]{0,12}[a`]".prop_map(|text| Block::Code { language: None, text }),
            1 => (cells(), prop::collection::vec(cells(), 1..3))
                .prop_map(|(head, rows)| Block::Table { head, rows, spans: Vec::new() }),
            1 => Just(Block::Rule),
        ];
        leaf.prop_recursive(3, 12, 3, |inner| {
            let blocks = || prop::collection::vec(inner.clone(), 1..3);
            prop_oneof![
                blocks().prop_map(Block::Quote),
                (prop::option::of(0..12_i64), prop::collection::vec(blocks(), 1..3)).prop_map(
                    |(first, items)| Block::List {
                        numbers: first.map(ListNumbering::starting_at),
                        items
                    }
                ),
            ]
        })
    }

    proptest! {
        #[test]
        fn export_markdown_of_any_document_parses_to_it(blocks in prop::collection::vec(any_block(), 1..4)) {
            let links = ["https://example.org/a_(b)?c=1&lt;", "https://example.com/*x*"];
            let links = links.map(|url| DocumentLink { url: url.to_owned() }).to_vec();
            let document = Document { blocks, links, ..Document::default() };
            let written = to_markdown(&document);
            prop_assert_eq!(normal_blocks(&parse_markdown(&written)), normal_blocks(&document), "{}", written);
        }

        #[test]
        fn export_html_of_any_document_parses_to_it(blocks in prop::collection::vec(any_block(), 1..4)) {
            let links = ["https://example.org/a_(b)?c=1&lt;", "https://example.com/*x*"];
            let links = links.map(|url| DocumentLink { url: url.to_owned() }).to_vec();
            let document = Document { blocks, links, ..Document::default() };
            let written = document.clone().export(&ExportHeader::default(), ExportFormat::Html);
            prop_assert_eq!(normal_blocks(&parse_html(&written, None)), normal_blocks(&document), "{}", written);
        }

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
