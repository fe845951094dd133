//! A document as Markdown.

use super::Heading;
use crate::markup::{Block, Document, Emphasis, Numbers, Target, Text, document::embed_text};

/// The document as CommonMark with tables, its links in place.
pub(super) fn write(document: &Document, heading: &Heading) -> String {
    let mut writer = Writer { document, out: String::new(), prefix: String::new() };
    if !heading.title.is_empty() {
        writer.line(&format!("# {}", escaped(&heading.title)));
        let facts: Vec<String> = heading.facts.iter().map(|fact| escaped(fact)).collect();
        let link = heading.link.as_ref().map(|link| format!("<{link}>"));
        writer.line("");
        writer.line(&facts.into_iter().chain(link).collect::<Vec<_>>().join(" · "));
        writer.line("");
    }
    writer.blocks(&document.blocks);
    writer.out
}

struct Writer<'a> {
    document: &'a Document,
    out: String,
    /// What stands before each line: the marks of the containers around it.
    prefix: String,
}

impl Writer<'_> {
    fn line(&mut self, text: &str) {
        let line = format!("{}{text}", self.prefix);
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    fn blocks(&mut self, blocks: &[Block]) {
        let mut first = true;
        for block in blocks.iter().filter(|block| !matches!(block, Block::Anchor(_))) {
            if !std::mem::take(&mut first) {
                self.line("");
            }
            self.block(block);
        }
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading { level, text } => {
                let words = self.words(text).replace('\n', " ");
                self.line(&format!("{} {words}", "#".repeat(usize::from(*level))));
            }
            Block::Paragraph(text) => self.paragraph(&self.words(text)),
            Block::Caption(text) => self.paragraph(&format!("*{}*", self.words(text).replace('\n', " "))),
            Block::Quote(blocks) => self.within("> ", blocks),
            Block::Definition(blocks) => self.item(":   ", blocks),
            Block::List { numbers, items } => self.list(*numbers, items),
            Block::Code { language, text } => self.code(language.as_deref(), text),
            Block::Table { head, rows } => self.table(head, rows),
            Block::Image { alt, link, .. } => {
                let url = link.and_then(|id| self.document.links.get(id.0 as usize));
                let url = url.map_or("", |link| &link.url);
                self.line(&format!("![{}]({})", escaped(alt), address(url)));
            }
            Block::Embed { kind, title, link } => {
                let url = self.document.links.get(link.0 as usize).map_or("", |link| &link.url);
                self.line(&format!("[{}]({})", escaped(&embed_text(*kind, title)), address(url)));
            }
            Block::Rule => self.line("---"),
            Block::Anchor(_) => {}
        }
    }

    fn paragraph(&mut self, words: &str) {
        let mut lines = words.split('\n').peekable();
        while let Some(line) = lines.next() {
            let end = if lines.peek().is_some() { "\\" } else { "" };
            self.line(&format!("{}{end}", started(line)));
        }
    }

    fn within(&mut self, mark: &str, blocks: &[Block]) {
        self.prefix.push_str(mark);
        self.blocks(blocks);
        self.prefix.truncate(self.prefix.len() - mark.len());
    }

    /// `blocks` behind `mark`, the lines after the first standing in as far.
    fn item(&mut self, mark: &str, blocks: &[Block]) {
        let from = self.out.len() + self.prefix.len();
        let indent = " ".repeat(mark.chars().count());
        self.within(&indent, blocks);
        if self.out.get(from..from + indent.len()) == Some(&indent) {
            self.out.replace_range(from..from + indent.len(), mark);
        }
    }

    fn list(&mut self, numbers: Option<Numbers>, items: &[Vec<Block>]) {
        for (index, item) in items.iter().enumerate() {
            // Markdown has no numbers below zero.
            let mark = numbers.map_or("- ".to_owned(), |numbers| format!("{}. ", numbers.of(index).max(0)));
            self.item(&mark, item);
        }
    }

    fn code(&mut self, language: Option<&str>, text: &str) {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.line(&format!("{fence}{}", language.unwrap_or_default()));
        for line in text.split('\n') {
            self.line(line);
        }
        self.line(&fence);
    }

    fn table(&mut self, head: &[Text], rows: &[Vec<Text>]) {
        let columns = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
        let cell = |text: Option<&Text>| {
            text.map_or_else(String::new, |text| self.words(text).replace('\n', " ").replace('|', "\\|"))
        };
        let row = |cells: &[Text]| {
            let cells: Vec<String> = (0..columns).map(|column| cell(cells.get(column))).collect();
            format!("| {} |", cells.join(" | "))
        };
        let rule = format!("|{}", "---|".repeat(columns));
        let lines: Vec<String> =
            [row(head), rule].into_iter().chain(rows.iter().map(|cells| row(cells))).collect();
        for line in &lines {
            self.line(line);
        }
    }

    fn words(&self, text: &Text) -> String {
        let mut out = String::new();
        for span in &text.0 {
            let words = if span.style.has(Emphasis::CODE) {
                let ticks = if span.text.contains('`') { "``" } else { "`" };
                format!("{ticks}{}{ticks}", span.text)
            } else {
                stressed(&escaped(&span.text), span.style)
            };
            let url = span.link.and_then(Target::link).and_then(|id| self.document.links.get(id.0 as usize));
            match url {
                Some(link) => out.extend(["[", &words, "](", &address(&link.url), ")"]),
                None => out.push_str(&words),
            }
        }
        out
    }
}

/// Words between marks of stress; blanks at their ends stay outside, where Markdown wants them.
fn stressed(words: &str, style: Emphasis) -> String {
    let inner = words.trim();
    if inner.is_empty() {
        return words.to_owned();
    }
    let marks = [(Emphasis::STRONG, "**"), (Emphasis::STRESSED, "*"), (Emphasis::STRUCK, "~~")];
    let marked = marks
        .iter()
        .filter(|(way, _)| style.has(*way))
        .fold(inner.to_owned(), |words, (_, mark)| format!("{mark}{words}{mark}"));
    words.replacen(inner, &marked, 1)
}

/// An address that no blank or parenthesis ends early.
fn address(url: &str) -> String {
    if url.contains([' ', '(', ')']) { format!("<{url}>") } else { url.to_owned() }
}

/// Text in which nothing is markup.
fn escaped(text: &str) -> String {
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
fn started(line: &str) -> String {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && line[digits..].starts_with(['.', ')']) {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    if line.starts_with(['#', '-', '+', '=', ':', '|']) { format!("\\{line}") } else { line.to_owned() }
}
