//! The Markdown writer.

use super::{
    ExportHeader,
    footnotes::{Footnotes, split_note, without_backlinks},
    markdown_inline::{
        InlineContext, LineBreakForm, escape_markdown, link_destination, render_inline,
    },
};
use crate::markup::{
    AnchorId, Block, Document, LinkId, ListNumbering, RichText, document::embed_label,
};

/// Maximum number of a list item (CommonMark §5.2 allows nine digits).
const MAX_ITEM_NUMBER: i64 = 999_999_999;

/// Renders `document` below `header` as CommonMark with tables, strikethrough and task lists (GitHub
/// Flavored Markdown), footnotes and definition lists; links are inline.
pub(super) fn write_markdown(document: &Document, header: &ExportHeader) -> String {
    let footnotes = Footnotes::find(document);
    let mut writer =
        MarkdownWriter { document, footnotes, out: String::new(), prefix: String::new() };
    if !header.title.is_empty() {
        if let Some(title) = header.headline_of(document) {
            writer.write_line(&heading_line(1, &escape_markdown(title)));
            writer.write_line("");
        }
        let details = header.details.iter().map(|detail| escape_markdown(detail));
        let link = header.url.as_ref().map(|link| format!("<{link}>"));
        let byline = details.chain(link).collect::<Vec<_>>().join(" · ");
        writer.write_line(&escape_block_start(&byline));
        writer.write_line("");
    }
    writer.write_blocks(&document.blocks, BlockPlace::Elsewhere);
    writer.out
}

struct MarkdownWriter<'a> {
    document: &'a Document,
    footnotes: Footnotes,
    out: String,
    /// Text before each line: the markers and indents of the open containers.
    prefix: String,
}

/// The place of blocks, as far as it changes how they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlockPlace {
    /// At the start of a list item, where a check box is one.
    ItemStart,
    Elsewhere,
}

/// The kind of list that a block ends with, and its marker: the next list needs another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ListMarker {
    Bullet(char),
    Number(char),
}

impl MarkdownWriter<'_> {
    fn write_line(&mut self, text: &str) {
        let line = format!("{}{text}", self.prefix);
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }

    /// Writes a line of code, with the white space at its end.
    fn write_code_line(&mut self, text: &str) {
        if text.is_empty() {
            return self.write_line("");
        }
        self.out.extend([&self.prefix, text, "\n"]);
    }

    fn write_blocks(&mut self, blocks: &[Block], mut place: BlockPlace) {
        let mut before: Option<&Block> = None;
        let (mut marker, mut anchors) = (None, Vec::new());
        for block in blocks {
            if let Block::Anchor(id) = block {
                anchors.push(*id);
                continue;
            }
            if before.is_some() {
                self.write_line("");
            }
            marker = if self.write_notes(block, &anchors) {
                None
            } else {
                self.write_block(block, before, marker, place)
            };
            place = BlockPlace::Elsewhere;
            before = Some(block);
            anchors.clear();
        }
    }

    /// Writes a block that is a note, or a list of notes, if it is one.
    fn write_notes(&mut self, block: &Block, anchors: &[AnchorId]) -> bool {
        match block {
            Block::Paragraph(text) => {
                let Some(number) = self.footnotes.number_of_note(anchors) else { return false };
                let Some((_, text)) = split_note(text) else { return false };
                self.write_note(number, &without_backlinks(&[Block::Paragraph(text)]));
            }
            Block::List { items, .. } => {
                let Some(numbers) = self.footnotes.numbers_of_items(items) else { return false };
                for (index, (number, item)) in numbers.iter().zip(items).enumerate() {
                    if index > 0 {
                        self.write_line("");
                    }
                    self.write_note(*number, &without_backlinks(item));
                }
            }
            _ => return false,
        }
        true
    }

    /// Writes a note; its lines after the first are indented by four blanks.
    fn write_note(&mut self, number: usize, blocks: &[Block]) {
        self.write_marked(&format!("[^{number}]: "), "    ", blocks, BlockPlace::Elsewhere);
    }

    /// Writes a block; returns the marker of a list.
    fn write_block(
        &mut self,
        block: &Block,
        before: Option<&Block>,
        marker: Option<ListMarker>,
        place: BlockPlace,
    ) -> Option<ListMarker> {
        match block {
            Block::Heading { level, text } => {
                let words = self.render_text(text, LineBreakForm::Tag, BlockPlace::Elsewhere);
                self.write_line(&heading_line(*level, &words));
            }
            Block::Paragraph(text) => {
                self.write_paragraph(&self.render_text(text, LineBreakForm::Backslash, place));
            }
            Block::Caption(text) => {
                let words = self.render_text(text, LineBreakForm::Tag, BlockPlace::Elsewhere);
                self.write_paragraph(&format!("*{words}*"));
            }
            Block::Quote(blocks) => self.write_prefixed("> ", blocks, BlockPlace::Elsewhere),
            // A definition needs a term before it.
            Block::Definition(blocks)
                if matches!(before, Some(Block::Paragraph(_) | Block::Definition(_))) =>
            {
                self.write_item(":   ", blocks);
            }
            Block::Definition(blocks) => self.write_blocks(blocks, BlockPlace::Elsewhere),
            Block::List { numbers: None, items } => {
                return Some(self.write_bullet_list(items, marker));
            }
            Block::List { numbers: Some(numbers), items } => {
                return Some(self.write_numbered_list(numbers, items, marker));
            }
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
            // After a bullet, hyphens would belong to one rule with it.
            Block::Rule if place == BlockPlace::ItemStart => self.write_line("***"),
            Block::Rule => self.write_line("---"),
            Block::Anchor(_) => {}
        }
        None
    }

    fn link_url(&self, id: LinkId) -> &str {
        self.document.links.get(id.0 as usize).map_or("", |link| &link.url)
    }

    fn render_text(&self, text: &RichText, line_break: LineBreakForm, place: BlockPlace) -> String {
        let context = InlineContext {
            links: &self.document.links,
            footnotes: &self.footnotes,
            line_break,
            has_check_box: place == BlockPlace::ItemStart,
        };
        render_inline(text, context)
    }

    fn write_paragraph(&mut self, text: &str) {
        let is_task = text.starts_with("[x]") || text.starts_with("[ ]");
        for (index, line) in text.split('\n').enumerate() {
            let is_check_box = is_task && index == 0;
            let line = if is_check_box { line.to_owned() } else { escape_block_start(line) };
            self.write_line(&line);
        }
    }

    fn write_prefixed(&mut self, marker: &str, blocks: &[Block], place: BlockPlace) {
        self.prefix.push_str(marker);
        self.write_blocks(blocks, place);
        self.prefix.truncate(self.prefix.len() - marker.len());
    }

    /// Writes `blocks` after `marker` and indents the following lines by the width of the marker.
    fn write_item(&mut self, marker: &str, blocks: &[Block]) {
        let indent = " ".repeat(marker.chars().count());
        self.write_marked(marker, &indent, blocks, BlockPlace::ItemStart);
    }

    fn write_marked(&mut self, marker: &str, indent: &str, blocks: &[Block], place: BlockPlace) {
        let start = self.out.len() + self.prefix.len();
        let marker_range = start..start + indent.len();
        self.write_prefixed(indent, blocks, place);
        // `write_line` trims trailing whitespace: a blank first line has no indent to replace.
        if self.out.get(marker_range.clone()) == Some(indent) {
            self.out.replace_range(marker_range, marker);
        }
    }

    fn write_bullet_list(
        &mut self,
        items: &[Vec<Block>],
        marker_before: Option<ListMarker>,
    ) -> ListMarker {
        let bullet = if marker_before == Some(ListMarker::Bullet('-')) { '+' } else { '-' };
        for item in items {
            self.write_item(&format!("{bullet} "), item);
        }
        ListMarker::Bullet(bullet)
    }

    /// Writes an ordered list. Markdown knows the first number only, so a new list, with another
    /// marker, begins where the numbers do not count up by one.
    fn write_numbered_list(
        &mut self,
        numbers: &ListNumbering,
        items: &[Vec<Block>],
        marker_before: Option<ListMarker>,
    ) -> ListMarker {
        let other = |mark| if mark == '.' { ')' } else { '.' };
        let mut mark = if marker_before == Some(ListMarker::Number('.')) { ')' } else { '.' };
        let mut expected = None;
        for (index, item) in items.iter().enumerate() {
            let number = numbers.number_at(index).clamp(0, MAX_ITEM_NUMBER);
            if expected.is_some_and(|expected| expected != number) {
                mark = other(mark);
                self.write_line("");
            }
            self.write_item(&format!("{number}{mark} "), item);
            expected = Some(number + 1);
        }
        ListMarker::Number(mark)
    }

    fn write_code(&mut self, language: Option<&str>, text: &str) {
        // The fence must be longer than any run of backticks in the code, and at least three.
        let longest_run = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest_run.max(2) + 1);
        let language = language.unwrap_or_default();
        let info = if language.contains('`') { String::new() } else { escape_markdown(language) };
        self.write_line(&format!("{fence}{info}"));
        for line in text.split('\n') {
            self.write_code_line(line);
        }
        self.write_line(&fence);
    }

    fn write_table(&mut self, head: &[RichText], rows: &[Vec<RichText>]) {
        let column_count = rows.iter().map(Vec::len).chain([head.len()]).max().unwrap_or(0);
        let render_cell = |text: Option<&RichText>| {
            text.map_or_else(String::new, |text| {
                self.render_text(text, LineBreakForm::Tag, BlockPlace::Elsewhere)
                    .replace('|', "\\|")
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
}

/// Returns a heading. A `#` at its end is escaped, because it would be part of the markup
/// (CommonMark §4.2).
fn heading_line(level: u8, words: &str) -> String {
    let marks = "#".repeat(usize::from(level));
    match words.strip_suffix('#') {
        Some(start) => format!("{marks} {start}\\#"),
        None => format!("{marks} {words}"),
    }
}

/// Escapes the start of a line that would otherwise begin a block, such as a list item or a header.
/// Blanks become a reference, because Markdown drops them there.
fn escape_block_start(line: &str) -> String {
    if let Some(first) = line.chars().next().filter(|first| matches!(first, ' ' | '\t')) {
        return format!("&#{};{}", u32::from(first), &line[1..]);
    }
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
