//! The Markdown parser: CommonMark with tables, strikethrough, footnotes, task lists and definition
//! lists.
//!
//! Start with [`parse_markdown`]; [`MarkdownConverter`] turns the events of `pulldown-cmark` into
//! builder calls.

use std::{collections::HashMap, ops::Range};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{
    Block, CancelFlag, Document, Emphasis, ListNumbering,
    builder::{ContainerKind, DocumentBuilder},
    html, inline,
    link_table::LinkDestination,
    open_list::ItemMarker,
    open_table::TableKind,
    plain_text::parse_plain_text,
    superscript,
    table_cell::CellKind,
    table_grid::CellSize,
};
use crate::text::{sanitize, url};

/// Maximum length of a Markdown text, in bytes; a longer one is parsed as plain text.
const MAX_BYTES: usize = 16 << 20;

/// Maximum of [`structure_cost`]; a text with more is parsed as plain text. At the maximum, the parser
/// and its document take up to 200 MB (`tests/hostile/measure.py`).
const MAX_STRUCTURE_COST: usize = 1 << 20;

/// Length below which a line may be a block of its own, such as a list item, in bytes.
const SHORT_LINE_BYTES: usize = 40;

/// Parses Markdown into a document; any text is valid. HTML in it loses its tags.
pub fn parse_markdown(text: &str) -> Document {
    parse_markdown_unless_cancelled(text, &CancelFlag::default())
}

/// As [`parse_markdown`]; the document is incomplete once `cancel` is set.
pub fn parse_markdown_unless_cancelled(text: &str, cancel: &CancelFlag) -> Document {
    if exceeds_limits(text) {
        return parse_plain_text(text);
    }
    let mut converter = MarkdownConverter::default();
    Parser::new_ext(text, parser_options())
        .take_while(|_| !cancel.is_cancelled())
        .for_each(|event| converter.handle_event(event));
    converter.builder.finish()
}

fn exceeds_limits(text: &str) -> bool {
    text.len() > MAX_BYTES || structure_cost(text) > MAX_STRUCTURE_COST
}

/// Estimates the memory that the structure of a text takes, in units of about 200 bytes: blocks and
/// cells take four, and marks of emphasis, links and code one.
fn structure_cost(text: &str) -> usize {
    let count =
        |marks: [u8; 3]| memchr::memchr3_iter(marks[0], marks[1], marks[2], text.as_bytes());
    let marks = count([b'*', b'_', b'[']).count() + count([b'`', b'~', b'<']).count();
    let bytes = text.as_bytes();
    let mut line_start = 0;
    let short_lines = memchr::memchr_iter(b'\n', bytes)
        .filter(|end| end - std::mem::replace(&mut line_start, end + 1) < SHORT_LINE_BYTES);
    4 * (short_lines.count() + memchr::memchr_iter(b'|', bytes).count()) + marks
}

/// Returns the text of the first heading and its byte range in the source; `None` if there is no
/// heading, it is empty, or the text is longer than the maximum.
pub fn find_first_heading(text: &str) -> Option<(String, Range<usize>)> {
    if exceeds_limits(text) {
        return None;
    }
    let mut events = Parser::new_ext(text, parser_options()).into_offset_iter();
    let is_start = |event: &Event<'_>| matches!(event, Event::Start(Tag::Heading { .. }));
    let is_end = |event: &Event<'_>| matches!(event, Event::End(TagEnd::Heading(_)));
    let (_, range) = events.find(|(event, _)| is_start(event))?;
    let mut title = String::new();
    for (event, _) in events.take_while(|(event, _)| !is_end(event)) {
        match event {
            Event::Text(text) | Event::Code(text) => title.push_str(&text),
            Event::SoftBreak | Event::HardBreak => title.push(' '),
            _ => {}
        }
    }
    Some((title.trim().to_owned(), range)).filter(|(title, _)| !title.is_empty())
}

fn parser_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST
}

/// An element whose text is collected outside of the builder.
#[derive(Debug)]
enum TextCapture {
    /// Code block: language and text.
    Code(Option<String>, String),
    /// HTML block: source.
    Html(String),
    /// Image: alternative text and URL.
    Image(String, Option<String>),
}

/// The state of a conversion from Markdown events to a document.
#[derive(Default)]
struct MarkdownConverter {
    builder: DocumentBuilder,
    capture: Option<TextCapture>,
    /// Numbers of the footnotes by their labels, in order of first appearance.
    footnotes: HashMap<String, usize>,
    cell_kind: CellKind,
    /// True after a soft line break, which becomes a space or, in Chinese and Japanese, nothing.
    soft_break: bool,
    last_char: Option<char>,
    /// Emphasis of the tags of HTML that are open in the paragraph.
    tag_emphasis: Emphasis,
}

impl MarkdownConverter {
    fn handle_event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start_tag(tag),
            Event::End(tag) => self.end_tag(tag),
            Event::Text(text) => self.push_text(&text),
            Event::Code(text) => {
                self.builder.begin_emphasis(Emphasis::CODE);
                self.push_text(&text);
                self.builder.end_emphasis();
            }
            Event::Html(text) => self.push_text(&text),
            Event::InlineHtml(tag) if is_br_tag(&tag) => self.builder.push_line_break(),
            Event::InlineHtml(tag) => self.handle_inline_html(&tag),
            Event::FootnoteReference(label) => {
                let mark = self.footnote_mark(&label);
                self.builder.add_anchor(&footnote_backlink_anchor(&label));
                self.builder.begin_link(Some(LinkDestination::Anchor(footnote_anchor(&label))));
                self.push_text(&mark);
                self.builder.end_link();
            }
            Event::TaskListMarker(done) => self.builder.push_check_box(done),
            Event::SoftBreak => {
                self.soft_break = true;
                self.builder.push_space();
            }
            Event::HardBreak => self.builder.push_line_break(),
            Event::Rule => self.builder.add_block(Block::Rule),
            _ => {}
        }
    }

    /// Applies a tag of HTML that emphasizes text; others are left out.
    fn handle_inline_html(&mut self, tag: &str) {
        let name = tag.trim_start_matches(['<', '/']).trim_end_matches('>').to_ascii_lowercase();
        if let Some(style) = html::emphasis_of_element(&name) {
            self.tag_emphasis = if tag.starts_with("</") {
                self.tag_emphasis.difference(style)
            } else {
                self.tag_emphasis.union(style)
            };
            self.builder.set_tag_emphasis(self.tag_emphasis);
        }
    }

    /// Ends the emphasis of tags without an end tag.
    fn end_tag_emphasis(&mut self) {
        self.tag_emphasis = Emphasis::NONE;
        self.builder.set_tag_emphasis(Emphasis::NONE);
    }

    fn push_text(&mut self, text: &str) {
        match &mut self.capture {
            Some(
                TextCapture::Code(_, captured)
                | TextCapture::Html(captured)
                | TextCapture::Image(captured, _),
            ) => {
                captured.push_str(text);
            }
            None => {
                if std::mem::take(&mut self.soft_break)
                    && inline::joins_without_space(self.last_char, text.chars().next())
                {
                    self.builder.remove_space();
                }
                self.last_char = text.chars().next_back();
                self.builder.push_literal(text);
            }
        }
    }

    fn start_tag(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.builder.begin_heading(level as u8),
            Tag::BlockQuote(_) => self.builder.open_container(ContainerKind::Quote),
            Tag::List(start) => {
                let first = start.map(|first| i64::try_from(first).unwrap_or(i64::MAX));
                self.builder
                    .open_container(ContainerKind::List(first.map(ListNumbering::starting_at)));
            }
            Tag::Item => {
                self.builder.open_container(ContainerKind::ListItem(ItemMarker::default()));
            }
            Tag::Table(_) => self.builder.open_container(ContainerKind::Table(TableKind::Data)),
            Tag::TableHead | Tag::TableRow => {
                self.cell_kind =
                    if matches!(tag, Tag::TableHead) { CellKind::Header } else { CellKind::Data };
                self.builder.open_container(ContainerKind::TableRow);
            }
            Tag::TableCell => self
                .builder
                .open_container(ContainerKind::TableCell(self.cell_kind, CellSize::SINGLE)),
            Tag::CodeBlock(kind) => {
                self.capture = Some(TextCapture::Code(code_language(&kind), String::new()));
            }
            Tag::HtmlBlock => self.capture = Some(TextCapture::Html(String::new())),
            Tag::Image { dest_url, .. } => {
                self.capture =
                    Some(TextCapture::Image(String::new(), url::resolve(&dest_url, None)));
            }
            Tag::Link { dest_url, .. } => {
                self.builder.begin_link(url::resolve(&dest_url, None).map(LinkDestination::Url));
            }
            Tag::FootnoteDefinition(label) => {
                let mark = self.footnote_mark(&label);
                self.builder.end_paragraph();
                self.builder.add_anchor(&footnote_anchor(&label));
                self.builder
                    .begin_link(Some(LinkDestination::Anchor(footnote_backlink_anchor(&label))));
                self.builder.push_literal(&mark);
                self.builder.end_link();
                self.builder.push_literal(" ");
            }
            Tag::DefinitionListTitle => {
                self.builder.end_paragraph();
                self.builder.begin_emphasis(Emphasis::STRONG);
            }
            Tag::DefinitionListDefinition => self.builder.open_container(ContainerKind::Definition),
            tag => {
                if let Some(style) = tag_emphasis(tag.to_end()) {
                    self.builder.begin_emphasis(style);
                }
            }
        }
    }

    fn end_tag(&mut self, tag: TagEnd) {
        if tag_emphasis(tag).is_none() && tag != TagEnd::Link {
            self.end_tag_emphasis();
        }
        match tag {
            TagEnd::Paragraph | TagEnd::FootnoteDefinition => self.builder.end_paragraph(),
            TagEnd::Heading(_) => self.builder.end_heading(),
            TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Image => self.finish_capture(),
            TagEnd::Link => self.builder.end_link(),
            TagEnd::DefinitionListTitle => {
                self.builder.end_paragraph();
                self.builder.end_emphasis();
            }
            tag if tag_emphasis(tag).is_some() => self.builder.end_emphasis(),
            TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::Item
            | TagEnd::Table
            | TagEnd::TableHead
            | TagEnd::TableRow
            | TagEnd::TableCell
            | TagEnd::DefinitionListDefinition => {
                self.builder.close_container();
            }
            _ => {}
        }
        self.soft_break = false;
    }

    fn finish_capture(&mut self) {
        match self.capture.take() {
            Some(TextCapture::Code(language, text)) => {
                let text = sanitize::to_text_block(text.trim_end_matches('\n')).into_owned();
                self.builder.add_block(Block::Code { language, text });
            }
            Some(TextCapture::Html(text)) => html::for_each_paragraph(&text, |words| {
                self.builder.push_collapsed(words);
                self.builder.end_paragraph();
            }),
            Some(TextCapture::Image(alt, url)) => {
                self.builder.add_image(&alt, url.as_deref(), None);
            }
            None => {}
        }
    }

    /// Returns the marker of a footnote: its number in superscript digits, counted from 1 in order
    /// of first appearance.
    fn footnote_mark(&mut self, label: &str) -> String {
        let next = self.footnotes.len() + 1;
        let number = *self.footnotes.entry(label.to_owned()).or_insert(next);
        superscript::to_superscript(&number.to_string())
    }
}

/// Returns the anchor name of a footnote.
fn footnote_anchor(label: &str) -> String {
    format!("note {label}")
}

/// Returns the anchor name of the reference to a footnote.
fn footnote_backlink_anchor(label: &str) -> String {
    format!("back {label}")
}

fn tag_emphasis(tag: TagEnd) -> Option<Emphasis> {
    match tag {
        TagEnd::Emphasis => Some(Emphasis::EMPHASIZED),
        TagEnd::Strong => Some(Emphasis::STRONG),
        TagEnd::Strikethrough => Some(Emphasis::STRIKETHROUGH),
        _ => None,
    }
}

/// Returns the first word of the info string of a fenced code block.
fn code_language(kind: &CodeBlockKind<'_>) -> Option<String> {
    match kind {
        CodeBlockKind::Fenced(info) => info
            .split([' ', ','])
            .next()
            .filter(|name| !name.is_empty())
            .map(|name| sanitize::to_line(name).into_owned()),
        CodeBlockKind::Indented => None,
    }
}

fn is_br_tag(tag: &str) -> bool {
    let name = tag.trim_start_matches('<').trim_end_matches(['>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parse_markdown_reads_large_structures_as_plain_text() {
        let table = |rows: usize| parse_markdown(&format!("|a\n|-\n{}", "|x\n".repeat(rows - 2)));
        // A row has one bar and is one short line.
        let max_rows = MAX_STRUCTURE_COST / 8;
        assert!(matches!(table(max_rows).blocks[..], [Block::Table { .. }]));
        assert!(matches!(table(max_rows + 1).blocks[..], [Block::Paragraph(_)]));
        let emphasis = |count| parse_markdown(&"*x* ".repeat(count)).plain_text();
        assert!(emphasis(MAX_STRUCTURE_COST / 2).starts_with("x x "));
        assert!(emphasis(MAX_STRUCTURE_COST / 2 + 1).starts_with("*x* *x* "));
    }

    #[test]
    fn parse_markdown_numbers_many_footnotes() {
        let marks =
            |write: fn(usize) -> String| (0..20_000).map(write).collect::<Vec<_>>().concat();
        let text = marks(|n| format!("[^{n}] ")) + "\n\n" + &marks(|n| format!("[^{n}]: note\n\n"));
        assert!(parse_markdown(&text).plain_text().contains("²⁰⁰⁰⁰"));
    }

    #[test]
    fn parse_markdown_survives_deep_nesting() {
        let parts = [
            "> ", "- ", "1. ", "* ", "[", "![", "[a](", "*a", "**a ", "_a*", "`", "~~a", "<b>",
            "<", "\\", ": ",
        ];
        for part in parts {
            let document = parse_markdown(&(part.repeat(30_000) + "\n\nwords"));
            assert!(document.plain_text().contains("words"), "{part}");
        }
        let indented: Vec<String> = (0..600).map(|at| " ".repeat(at * 2) + "- a\n").collect();
        assert!(parse_markdown(&(indented.concat() + "\n\nwords")).plain_text().contains("words"));
    }

    #[test]
    fn parse_markdown_reads_each_construct() {
        let cases = [
            ("# Head\n\ntext\nrun on", "Head\n\ntext run on"),
            ("東京\n天気", "東京天気"),
            ("a  \nb", "a\nb"),
            ("a <ins>b</ins> <b>c", "a b c"),
            ("a<br>b <i>c</i>", "a\nb c"),
            ("- one\n- two\n  1. deep", "• one\n• two\n1. deep"),
            ("> quoted\n>\n> > twice", "quoted\n\ntwice"),
            ("```rust\nlet x;\n```", "let x;"),
            ("| k | v |\n|---|---|\n| a | ![b](https://example.org/b.png) |", "k\tv\na\tb"),
            ("![alt](https://example.org/a.png)", "[image: alt]"),
            ("note[^x]\n\n[^x]: words", "note¹\n\n¹ words"),
            ("- [x] done\n- [ ] not yet", "• [x] done\n• [ ] not yet"),
            ("Term\n: meaning", "Term\n\nmeaning"),
            ("<div>\n<p>raw &amp; <b>bold</b></p><script>x</script>\n</div>", "raw & bold"),
            ("a\u{1b}[31mb", "ab"),
            ("**s**\u{301}taient", "śtaient"),
            ("règle~~s~~&#769;taient", "règleśtaient"),
            ("[s](https://example.org)\u{301} `s`\u{301} <b>s</b>\u{301}", "ś ś ś"),
            ("s![](https://example.org/a.png)\u{301}", "s\n\n[image]\n\n\u{301}"),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_markdown(text).plain_text(), expected, "{text}");
        }
    }

    #[test]
    fn parse_markdown_numbers_safe_links_once() {
        let document = parse_markdown(
            "[a](https://example.org) [b](https://example.org) [c](javascript:x) [d](rel)",
        );
        assert_eq!(document.links.len(), 1);
        assert_eq!(document.plain_text(), "a b c d");
    }

    #[test]
    fn parse_markdown_table_has_header() {
        let document = parse_markdown("| k | v |\n|---|---|\n| a | b |");
        let Block::Table { head, rows, .. } = &document.blocks[0] else { unreachable!("a table") };
        assert_eq!((head.len(), rows.len()), (2, 1));
    }

    #[test]
    fn parse_markdown_reads_emphasis_of_tags_within_their_paragraph() {
        let document = parse_markdown("a <ins>b *c*</ins> <b>d\n\ne");
        let [Block::Paragraph(first), Block::Paragraph(second)] = &document.blocks[..] else {
            unreachable!("two paragraphs")
        };
        let styles: Vec<_> = first.0.iter().map(|span| (span.text.trim(), span.emphasis)).collect();
        assert!(styles.contains(&("c", Emphasis::INSERTED.union(Emphasis::EMPHASIZED))));
        assert!(styles.contains(&("d", Emphasis::STRONG)));
        assert_eq!(second.0[0].emphasis, Emphasis::NONE);
    }

    #[test]
    fn find_first_heading_returns_title_and_range() {
        let text = "\nHead *line*\n===\n\ntext";
        let (title, range) = find_first_heading(text).expect("there is one");
        assert_eq!(title, "Head line");
        assert_eq!(text[range].trim_end(), "Head *line*\n===");
        assert_eq!(find_first_heading("no heading"), None);
    }
}
