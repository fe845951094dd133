//! A document as Markdown.

use super::ExportHeader;
use crate::markup::{
    Block, Document, Emphasis, LinkTarget, ListNumbering, RichText, document::embed_label,
};

/// The document as CommonMark with tables, its links in place.
pub(super) fn write_markdown(document: &Document, heading: &ExportHeader) -> String {
    let mut writer = MarkdownWriter { document, out: String::new(), prefix: String::new() };
    if !heading.title.is_empty() {
        writer.write_line(&format!("# {}", escape_markdown(&heading.title)));
        let facts: Vec<String> = heading.details.iter().map(|fact| escape_markdown(fact)).collect();
        let link = heading.url.as_ref().map(|link| format!("<{link}>"));
        writer.write_line("");
        writer.write_line(&facts.into_iter().chain(link).collect::<Vec<_>>().join(" · "));
        writer.write_line("");
    }
    writer.write_blocks(&document.blocks);
    writer.out
}

struct MarkdownWriter<'a> {
    document: &'a Document,
    out: String,
    /// What stands before each line: the marks of the containers around it.
    prefix: String,
}

impl MarkdownWriter<'_> {
    fn write_line(&mut self, text: &str) {
        let line = format!("{}{text}", self.prefix);
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn write_blocks(&mut self, blocks: &[Block]) {
        let mut first = true;
        for block in blocks.iter().filter(|block| !matches!(block, Block::Anchor(_))) {
            if !std::mem::take(&mut first) {
                self.write_line("");
            }
            self.write_block(block);
        }
    }

    fn write_block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                let words = self.render_text(text).replace('\n', " ");
                self.write_line(&format!("{} {words}", "#".repeat(usize::from(*level))));
            }
            Block::Paragraph(text) => self.write_paragraph(&self.render_text(text)),
            Block::Caption(text) => {
                self.write_paragraph(&format!("*{}*", self.render_text(text).replace('\n', " ")));
            }
            Block::Quote(blocks) => self.write_prefixed("> ", blocks),
            Block::Definition(blocks) => self.write_item(":   ", blocks),
            Block::List { numbers, items } => self.write_list(*numbers, items),
            Block::Code { language, text } => self.write_code(language.as_deref(), text),
            Block::Table { head, rows } => self.write_table(head, rows),
            Block::Image { alt, link, .. } => {
                let url = link.and_then(|id| self.document.links.get(id.0 as usize));
                let url = url.map_or("", |link| &link.url);
                self.write_line(&format!("![{}]({})", escape_markdown(alt), link_destination(url)));
            }
            Block::Embed { kind, title, link } => {
                let url = self.document.links.get(link.0 as usize).map_or("", |link| &link.url);
                self.write_line(&format!(
                    "[{}]({})",
                    escape_markdown(&embed_label(*kind, title)),
                    link_destination(url)
                ));
            }
            Block::Rule => self.write_line("---"),
            Block::Anchor(_) => {}
        }
    }

    fn write_paragraph(&mut self, words: &str) {
        let mut lines = words.split('\n').peekable();
        while let Some(line) = lines.next() {
            let end = if lines.peek().is_some() { "\\" } else { "" };
            self.write_line(&format!("{}{end}", escape_block_start(line)));
        }
    }

    fn write_prefixed(&mut self, mark: &str, blocks: &[Block]) {
        self.prefix.push_str(mark);
        self.write_blocks(blocks);
        self.prefix.truncate(self.prefix.len() - mark.len());
    }

    /// `blocks` behind `mark`, the lines after the first standing in as far.
    fn write_item(&mut self, mark: &str, blocks: &[Block]) {
        let from = self.out.len() + self.prefix.len();
        let indent = " ".repeat(mark.chars().count());
        self.write_prefixed(&indent, blocks);
        if self.out.get(from..from + indent.len()) == Some(&indent) {
            self.out.replace_range(from..from + indent.len(), mark);
        }
    }

    fn write_list(&mut self, numbers: Option<ListNumbering>, items: &[Vec<Block>]) {
        for (index, item) in items.iter().enumerate() {
            // Markdown has no numbers below zero.
            let mark = numbers.map_or("- ".to_owned(), |numbers| {
                format!("{}. ", numbers.number_at(index).max(0))
            });
            self.write_item(&mark, item);
        }
    }

    fn write_code(&mut self, language: Option<&str>, text: &str) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.write_line(&format!("{fence}{}", language.unwrap_or_default()));
        for line in text.split('\n') {
            self.write_line(line);
        }
        self.write_line(&fence);
    }

    fn write_table(&mut self, head: &[RichText], rows: &[Vec<RichText>]) {
        let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
        let cell = |text: Option<&RichText>| {
            text.map_or_else(String::new, |text| {
                self.render_text(text).replace('\n', " ").replace('|', "\\|")
            })
        };
        let row = |cells: &[RichText]| {
            let cells: Vec<String> = (0..columns).map(|column| cell(cells.get(column))).collect();
            format!("| {} |", cells.join(" | "))
        };
        let rule = format!("|{}", "---|".repeat(columns));
        let lines: Vec<String> =
            [row(head), rule].into_iter().chain(rows.iter().map(|cells| row(cells))).collect();
        for line in &lines {
            self.write_line(line);
        }
    }

    fn render_text(&self, text: &RichText) -> String {
        let mut out = String::new();
        for span in &text.0 {
            let words = if span.emphasis.contains(Emphasis::CODE) {
                let ticks = if span.text.contains('`') { "``" } else { "`" };
                format!("{ticks}{}{ticks}", span.text)
            } else {
                render_emphasis(&escape_markdown(&span.text), span.emphasis)
            };
            let url = span
                .link
                .and_then(LinkTarget::link_id)
                .and_then(|id| self.document.links.get(id.0 as usize));
            match url {
                Some(link) => out.extend(["[", &words, "](", &link_destination(&link.url), ")"]),
                None => out.push_str(&words),
            }
        }
        out
    }
}

/// Words between marks of stress; blanks at their ends stay outside, where Markdown wants them.
fn render_emphasis(words: &str, style: Emphasis) -> String {
    let inner = words.trim();
    if inner.is_empty() {
        return words.to_owned();
    }
    let marks =
        [(Emphasis::STRONG, "**"), (Emphasis::EMPHASIZED, "*"), (Emphasis::STRIKETHROUGH, "~~")];
    let marked = marks
        .iter()
        .filter(|(way, _)| style.contains(*way))
        .fold(inner.to_owned(), |words, (_, mark)| format!("{mark}{words}{mark}"));
    words.replacen(inner, &marked, 1)
}

/// An address that no blank or parenthesis ends early.
fn link_destination(url: &str) -> String {
    if url.contains([' ', '(', ')']) { format!("<{url}>") } else { url.to_owned() }
}

/// Text in which nothing is markup.
fn escape_markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '&' | '~' | '^') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// A line that would begin a block, made one that does not.
fn escape_block_start(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && line[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    if line.starts_with(['#', '-', '+', '=', ':', '|']) {
        format!("\\{line}")
    } else {
        line.to_owned()
    }
}
