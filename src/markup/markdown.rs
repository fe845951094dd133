//! Markdown → document: CommonMark with tables, strikethrough and footnotes.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::{
    Block, Document, Emphasis, Numbers,
    build::{Builder, CellKind, Container, Leads, TableKind},
    html, inline, plain, shift,
};
use crate::text::{address, clean};

/// Longer texts are read as plain ones, in bytes.
const MAX_BYTES: usize = 16 << 20;

/// Reads Markdown; any text is. HTML in it loses its tags.
pub fn markdown(text: &str) -> Document {
    if text.len() > MAX_BYTES {
        return plain(text);
    }
    let mut walk = Walk::default();
    Parser::new_ext(text, options()).for_each(|event| walk.take(event));
    walk.builder.finish()
}

/// The words of the first heading and where it stands in the source.
pub fn first_heading(text: &str) -> Option<(String, Range<usize>)> {
    if text.len() > MAX_BYTES {
        return None;
    }
    let mut events = Parser::new_ext(text, options()).into_offset_iter();
    let (_, range) = events.find(|(event, _)| matches!(event, Event::Start(Tag::Heading { .. })))?;
    let mut title = String::new();
    for (event, _) in events.take_while(|(event, _)| !matches!(event, Event::End(TagEnd::Heading(_)))) {
        match event {
            Event::Text(text) | Event::Code(text) => title.push_str(&text),
            Event::SoftBreak | Event::HardBreak => title.push(' '),
            _ => {}
        }
    }
    Some((title.trim().to_owned(), range)).filter(|(title, _)| !title.is_empty())
}

fn options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_DEFINITION_LIST
}

/// What the text to come is part of, where that is not running text.
#[derive(Debug)]
enum Apart {
    Code(Option<String>, String),
    Html(String),
    Image(String, Option<String>),
}

#[derive(Default)]
struct Walk {
    builder: Builder,
    apart: Option<Apart>,
    notes: Vec<String>,
    cells: CellKind,
    /// Whether a line of the source has ended here, which means nothing.
    broken: bool,
    last: Option<char>,
}

impl Walk {
    fn take(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) => self.text(&text),
            Event::Code(text) => {
                self.builder.stress(Emphasis::CODE);
                self.text(&text);
                self.builder.unstress();
            }
            Event::Html(text) => self.text(&text),
            Event::InlineHtml(tag) if is_break(&tag) => self.builder.line_break(),
            Event::FootnoteReference(label) => {
                let mark = self.note(&label);
                self.builder.anchor(&back_to(&label));
                self.builder.link(Some(Leads::Within(note(&label))));
                self.text(&mark);
                self.builder.unlink();
            }
            Event::TaskListMarker(done) => self.text(if done { "☑ " } else { "☐ " }),
            Event::SoftBreak => self.broken = true,
            Event::HardBreak => self.builder.line_break(),
            Event::Rule => self.builder.block(Block::Rule),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        match &mut self.apart {
            Some(Apart::Code(_, held) | Apart::Html(held) | Apart::Image(held, _)) => held.push_str(text),
            None => {
                if std::mem::take(&mut self.broken) && !inline::runs_on(self.last, text.chars().next()) {
                    self.builder.blank();
                }
                self.last = text.chars().next_back();
                self.builder.literal(text);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => self.builder.begin_heading(level as u8),
            Tag::BlockQuote(_) => self.builder.open(Container::Quote),
            Tag::List(start) => {
                let first = start.map(|first| i64::try_from(first).unwrap_or(i64::MAX));
                self.builder.open(Container::List(first.map(Numbers::from)));
            }
            Tag::Item => self.builder.open(Container::Item),
            Tag::Table(_) => self.builder.open(Container::Table(TableKind::Data)),
            Tag::TableHead | Tag::TableRow => {
                self.cells = if matches!(tag, Tag::TableHead) { CellKind::Head } else { CellKind::Data };
                self.builder.open(Container::Row);
            }
            Tag::TableCell => self.builder.open(Container::Cell(self.cells)),
            Tag::CodeBlock(kind) => self.apart = Some(Apart::Code(language(&kind), String::new())),
            Tag::HtmlBlock => self.apart = Some(Apart::Html(String::new())),
            Tag::Image { dest_url, .. } => {
                self.apart = Some(Apart::Image(String::new(), address::resolve(&dest_url, None)));
            }
            Tag::Link { dest_url, .. } => {
                self.builder.link(address::resolve(&dest_url, None).map(Leads::To));
            }
            Tag::FootnoteDefinition(label) => {
                let mark = self.note(&label);
                self.builder.end_paragraph();
                self.builder.anchor(&note(&label));
                self.builder.link(Some(Leads::Within(back_to(&label))));
                self.builder.literal(&mark);
                self.builder.unlink();
                self.builder.literal(" ");
            }
            Tag::DefinitionListTitle => {
                self.builder.end_paragraph();
                self.builder.stress(Emphasis::STRONG);
            }
            Tag::DefinitionListDefinition => self.builder.open(Container::Definition),
            tag => stress(tag.to_end()).into_iter().for_each(|style| self.builder.stress(style)),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::FootnoteDefinition => self.builder.end_paragraph(),
            TagEnd::Heading(_) => self.builder.end_heading(),
            TagEnd::CodeBlock | TagEnd::HtmlBlock | TagEnd::Image => self.end_apart(),
            TagEnd::Link => self.builder.unlink(),
            TagEnd::DefinitionListTitle => {
                self.builder.end_paragraph();
                self.builder.unstress();
            }
            TagEnd::DefinitionListDefinition => self.builder.close(),
            tag if stress(tag).is_some() => self.builder.unstress(),
            TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item => self.builder.close(),
            TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => self.builder.close(),
            _ => {}
        }
        self.broken = false;
    }

    fn end_apart(&mut self) {
        match self.apart.take() {
            Some(Apart::Code(language, text)) => {
                let text = clean::block(text.trim_end_matches('\n')).into_owned();
                self.builder.block(Block::Code { language, text });
            }
            Some(Apart::Html(text)) => html::paragraphs(&text, |words| {
                self.builder.collapsed(words);
                self.builder.end_paragraph();
            }),
            Some(Apart::Image(alt, address)) => self.builder.image(&alt, address.as_deref(), None),
            None => {}
        }
    }

    /// The mark of a footnote: raised digits, in order of first appearance.
    fn note(&mut self, label: &str) -> String {
        let known = self.notes.iter().position(|other| other == label);
        let index = known.unwrap_or_else(|| {
            self.notes.push(label.to_owned());
            self.notes.len() - 1
        });
        shift::raised(&(index + 1).to_string())
    }
}

/// The name of the place where the footnote stands.
fn note(label: &str) -> String {
    format!("note {label}")
}

/// The name of the place that refers to it.
fn back_to(label: &str) -> String {
    format!("back {label}")
}

fn stress(tag: TagEnd) -> Option<Emphasis> {
    match tag {
        TagEnd::Emphasis => Some(Emphasis::STRESSED),
        TagEnd::Strong => Some(Emphasis::STRONG),
        TagEnd::Strikethrough => Some(Emphasis::STRUCK),
        _ => None,
    }
}

fn language(kind: &CodeBlockKind<'_>) -> Option<String> {
    match kind {
        CodeBlockKind::Fenced(info) => info
            .split([' ', ','])
            .next()
            .filter(|name| !name.is_empty())
            .map(|name| clean::line(name).into_owned()),
        CodeBlockKind::Indented => None,
    }
}

fn is_break(tag: &str) -> bool {
    let name = tag.trim_start_matches('<').trim_end_matches(['>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_common_forms() {
        let cases = [
            ("# Head\n\ntext\nrun on", "Head\n\ntext run on"),
            ("東京\n天気", "東京天気"),
            ("a  \nb", "a\nb"),
            ("a<br>b <i>c</i>", "a\nb c"),
            ("- one\n- two\n  1. deep", "• one\n• two\n1. deep"),
            ("> quoted\n>\n> > twice", "quoted\n\ntwice"),
            ("```rust\nlet x;\n```", "let x;"),
            ("| k | v |\n|---|---|\n| a | ![b](https://example.org/b.png) |", "k\tv\na\tb"),
            ("![alt](https://example.org/a.png)", "[image: alt]"),
            ("note[^x]\n\n[^x]: words", "note¹\n\n¹ words"),
            ("- [x] done\n- [ ] not yet", "• ☑ done\n• ☐ not yet"),
            ("Term\n: meaning", "Term\n\nmeaning"),
            ("<div>\n<p>raw &amp; <b>bold</b></p><script>x</script>\n</div>", "raw & bold"),
            ("a\u{1b}[31mb", "ab"),
        ];
        for (text, expected) in cases {
            assert_eq!(markdown(text).plain_text(), expected, "{text}");
        }
    }

    #[test]
    fn links_are_numbered_once_and_only_if_safe() {
        let document =
            markdown("[a](https://example.org) [b](https://example.org) [c](javascript:x) [d](rel)");
        assert_eq!(document.links.len(), 1);
        assert_eq!(document.plain_text(), "a b c d");
    }

    #[test]
    fn tables_have_heads() {
        let document = markdown("| k | v |\n|---|---|\n| a | b |");
        let Block::Table { head, rows } = &document.blocks[0] else { unreachable!("a table") };
        assert_eq!((head.len(), rows.len()), (2, 1));
    }

    #[test]
    fn the_first_heading_is_found_where_it_stands() {
        let text = "\nHead *line*\n===\n\ntext";
        let (title, range) = first_heading(text).expect("there is one");
        assert_eq!(title, "Head line");
        assert_eq!(text[range].trim_end(), "Head *line*\n===");
        assert_eq!(first_heading("no heading"), None);
    }
}
