//! The Markdown writer.

use super::ExportHeader;
use crate::markup::{
    Block, Document, Emphasis, LinkId, LinkTarget, ListNumbering, RichText, document::embed_label,
};

/// Renders `document` below `header` as CommonMark with tables and strikethrough (GitHub Flavored
/// Markdown) and definition lists; links are inline.
pub(super) fn write_markdown(document: &Document, header: &ExportHeader) -> String {
    let mut writer = MarkdownWriter { document, out: String::new(), prefix: String::new() };
    if !header.title.is_empty() {
        writer.write_line(&format!("# {}", escape_markdown(&header.title)));
        let details = header.details.iter().map(|detail| escape_markdown(detail));
        let link = header.url.as_ref().map(|link| format!("<{link}>"));
        writer.write_line("");
        writer.write_line(&details.chain(link).collect::<Vec<_>>().join(" · "));
        writer.write_line("");
    }
    writer.write_blocks(&document.blocks);
    writer.out
}

struct MarkdownWriter<'a> {
    document: &'a Document,
    out: String,
    /// Text before each line: the markers and indents of the open containers.
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
            Block::List { numbers, items } => self.write_list(numbers.as_ref(), items),
            Block::Code { language, text } => self.write_code(language.as_deref(), text),
            Block::Table { head, rows, .. } => self.write_table(head, rows),
            Block::Image { alt, link, .. } => {
                let url = link_destination(link.map_or("", |id| self.link_url(id)));
                self.write_line(&format!("![{}]({url})", escape_markdown(alt)));
            }
            Block::Embed { kind, title, link } => {
                let label = escape_markdown(&embed_label(*kind, title));
                let url = link_destination(self.link_url(*link));
                self.write_line(&format!("[{label}]({url})"));
            }
            Block::Rule => self.write_line("---"),
            Block::Anchor(_) => {}
        }
    }

    fn link_url(&self, id: LinkId) -> &str {
        self.document.links.get(id.0 as usize).map_or("", |link| &link.url)
    }

    fn write_paragraph(&mut self, text: &str) {
        let mut lines = text.split('\n').peekable();
        while let Some(line) = lines.next() {
            // A backslash before a line end is a hard line break (CommonMark section 6.7).
            let line_break = if lines.peek().is_some() { "\\" } else { "" };
            self.write_line(&format!("{}{line_break}", escape_block_start(line)));
        }
    }

    fn write_prefixed(&mut self, marker: &str, blocks: &[Block]) {
        self.prefix.push_str(marker);
        self.write_blocks(blocks);
        self.prefix.truncate(self.prefix.len() - marker.len());
    }

    /// Writes `blocks` after `marker` and indents the following lines by the width of the marker.
    fn write_item(&mut self, marker: &str, blocks: &[Block]) {
        let start = self.out.len() + self.prefix.len();
        let indent = " ".repeat(marker.chars().count());
        let marker_range = start..start + indent.len();
        self.write_prefixed(&indent, blocks);
        // `write_line` trims trailing whitespace: a blank first line has no indent to replace.
        if self.out.get(marker_range.clone()) == Some(&indent) {
            self.out.replace_range(marker_range, marker);
        }
    }

    fn write_list(&mut self, numbers: Option<&ListNumbering>, items: &[Vec<Block>]) {
        for (index, item) in items.iter().enumerate() {
            // CommonMark has no negative list numbers.
            let marker = numbers.map_or("- ".to_owned(), |numbers| {
                format!("{}. ", numbers.number_at(index).max(0))
            });
            self.write_item(&marker, item);
        }
    }

    fn write_code(&mut self, language: Option<&str>, text: &str) {
        // The fence must be longer than any run of backticks in the code, and at least three.
        let longest_run = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest_run.max(2) + 1);
        self.write_line(&format!("{fence}{}", language.unwrap_or_default()));
        for line in text.split('\n') {
            self.write_line(line);
        }
        self.write_line(&fence);
    }

    fn write_table(&mut self, head: &[RichText], rows: &[Vec<RichText>]) {
        let column_count = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
        let render_cell = |text: Option<&RichText>| {
            text.map_or_else(String::new, |text| {
                self.render_text(text).replace('\n', " ").replace('|', "\\|")
            })
        };
        let render_row = |cells: &[RichText]| {
            let rendered: Vec<String> =
                (0..column_count).map(|column| render_cell(cells.get(column))).collect();
            format!("| {} |", rendered.join(" | "))
        };
        let mut lines = vec![render_row(head), format!("|{}", "---|".repeat(column_count))];
        lines.extend(rows.iter().map(|cells| render_row(cells)));
        for line in &lines {
            self.write_line(line);
        }
    }

    fn render_text(&self, text: &RichText) -> String {
        let mut out = String::new();
        for span in &text.0 {
            let styled = if span.emphasis.contains(Emphasis::CHECK_BOX) {
                span.text.clone()
            } else if span.emphasis.contains(Emphasis::CODE) {
                let backticks = if span.text.contains('`') { "``" } else { "`" };
                format!("{backticks}{}{backticks}", span.text)
            } else {
                render_emphasis(&escape_markdown(&span.text), span.emphasis)
            };
            let link_id = span.link.and_then(LinkTarget::link_id);
            match link_id.and_then(|id| self.document.links.get(id.0 as usize)) {
                Some(link) => out.extend(["[", &styled, "](", &link_destination(&link.url), ")"]),
                None => out.push_str(&styled),
            }
        }
        out
    }
}

/// Puts `text` between emphasis delimiters.
///
/// Whitespace at its ends stays outside, because a delimiter next to whitespace does not open or
/// close emphasis (CommonMark section 6.2).
fn render_emphasis(text: &str, emphasis: Emphasis) -> String {
    let inner = text.trim();
    if inner.is_empty() {
        return text.to_owned();
    }
    let delimiters =
        [(Emphasis::STRONG, "**"), (Emphasis::EMPHASIZED, "*"), (Emphasis::STRIKETHROUGH, "~~")];
    let delimited = delimiters
        .iter()
        .filter(|(style, _)| emphasis.contains(*style))
        .fold(inner.to_owned(), |text, (_, mark)| format!("{mark}{text}{mark}"));
    text.replacen(inner, &delimited, 1)
}

/// Returns `url` as a link destination, in angle brackets if a space or parenthesis would end it.
fn link_destination(url: &str) -> String {
    if url.contains([' ', '(', ')']) { format!("<{url}>") } else { url.to_owned() }
}

/// Escapes the characters of `text` that are inline markup.
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

/// Escapes the start of a line that would otherwise begin a block, such as a list item or a header.
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
