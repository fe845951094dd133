//! The plain text parser: blank lines separate blocks, `>` marks quotations, and indented or
//! tabular lines are code.
//!
//! Files differ in their line breaks: old files break lines at a fixed column, poems and postal
//! addresses where the author wants it. The parser joins the first and keeps the second. Start with
//! [`parse_plain_text`].

use std::borrow::Cow;

use super::{
    Block, Document, LinkTarget, RichText, TextSpan, autolink,
    inline::{Inline, InlineStyle, joins_without_space},
    link_table::LinkTable,
};
use crate::text::{sanitize, width};

/// Minimum median width of the lines of a hard-wrapped paragraph, in cells.
const MIN_WRAPPED_WIDTH: usize = 40;

/// Maximum width of a single line of code, in cells; a wider indented line is prose.
const MAX_CODE_LINE_WIDTH: usize = 72;

/// Indent that makes a line a line of code.
const CODE_INDENT: &str = "    ";

/// Maximum nesting depth of quotations.
const MAX_QUOTE_DEPTH: usize = 16;

/// Maximum number of blocks of a text; the rest of the text is longer paragraphs.
/// A block takes about 500 bytes until it is shown.
pub(super) const MAX_BLOCKS: usize = 1 << 17;

/// Number of lines after which a paragraph beyond [`MAX_BLOCKS`] ends at the next blank line.
pub(super) const MERGED_LINES: usize = 256;

/// Maximum number of lines that are looked at together, so that a list of lines takes no more memory
/// than the text. What goes on after them is joined again, but for quotations.
const MAX_RUN_LINES: usize = 1 << 17;

/// Parses plain text into a document; any text is valid.
pub fn parse_plain_text(text: &str) -> Document {
    let text = normalize_newlines(text);
    let mut link_table = LinkTable::default();
    let blocks = parse_blocks(text.split('\n'), 0, &mut link_table);
    Document { blocks, links: link_table.into_links(), ..Document::default() }
}

/// Returns the text of the first paragraph, with `\n` only where the author broke the line; `None`
/// for blank text.
pub fn first_paragraph(text: &str) -> Option<String> {
    let text = normalize_newlines(text.trim_start());
    let lines: Vec<&str> = text.split('\n').take_while(|line| !is_blank(line)).collect();
    let joined = join_lines(&lines);
    Some(sanitize::to_text_block(&joined).trim().to_owned())
        .filter(|paragraph| !paragraph.is_empty())
}

/// Converts every line end to `\n`; a page break (form feed) becomes a blank line.
fn normalize_newlines(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\r', b'\x0c', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").replace('\u{c}', "\n\n"))
}

fn parse_blocks<'a>(
    mut lines: impl Iterator<Item = &'a str>,
    depth: usize,
    link_table: &mut LinkTable,
) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut goes_on = false;
    while blocks.len() < MAX_BLOCKS
        && let Some(run) = next_run(&mut lines)
    {
        let mut first = true;
        for part in run.chunk_by(|a, b| is_quoted(a) == is_quoted(b)) {
            let block = parse_block(part, depth, link_table);
            match (blocks.last_mut(), block) {
                // A blank line within code does not end it.
                (Some(Block::Code { text: before, .. }), Some(Block::Code { text, .. }))
                    if first =>
                {
                    before.push_str(if goes_on { "\n" } else { "\n\n" });
                    before.push_str(&text);
                }
                (Some(Block::Paragraph(before)), Some(Block::Paragraph(text)))
                    if first && goes_on =>
                {
                    before.0.push(TextSpan::plain("\n"));
                    before.0.extend(text.0);
                }
                (_, block) => blocks.extend(block),
            }
            first = false;
        }
        goes_on = run.len() == MAX_RUN_LINES;
    }
    blocks.iter_mut().for_each(dedent);
    add_merged_paragraphs(lines, &mut blocks);
    blocks
}

/// Returns the lines up to the next blank line, at most [`MAX_RUN_LINES`]; `None` at the end of the
/// text.
fn next_run<'a>(lines: &mut impl Iterator<Item = &'a str>) -> Option<Vec<&'a str>> {
    let mut run = vec![lines.next()?];
    if is_blank(run[0]) {
        return Some(Vec::new());
    }
    while run.len() < MAX_RUN_LINES
        && let Some(line) = lines.next().filter(|line| !is_blank(line))
    {
        run.push(line);
    }
    Some(run)
}

/// Adds the lines as paragraphs that keep every line break.
fn add_merged_paragraphs<'a>(lines: impl Iterator<Item = &'a str>, blocks: &mut Vec<Block>) {
    let mut lines = lines.peekable();
    while lines.peek().is_some() {
        let mut merged = Vec::new();
        for line in lines.by_ref() {
            // The layout puts a blank line between two paragraphs.
            if merged.len() >= MERGED_LINES && is_blank(line) {
                break;
            }
            merged.push(line.trim_end());
        }
        let text = merged.join("\n");
        let sanitized = sanitize::to_text_block(&text);
        let paragraph = sanitized.trim();
        if !paragraph.is_empty() {
            blocks.push(Block::Paragraph(RichText::plain(paragraph)));
        }
    }
}

fn parse_block(lines: &[&str], depth: usize, link_table: &mut LinkTable) -> Option<Block> {
    if depth < MAX_QUOTE_DEPTH && lines.first().is_some_and(|line| is_quoted(line)) {
        let lines: Vec<&str> = lines.iter().map(|line| strip_quote_marker(line)).collect();
        let blocks = parse_blocks(&mut lines.into_iter(), depth + 1, link_table);
        return (!blocks.is_empty()).then_some(Block::Quote(blocks));
    }
    if is_code_block(lines) {
        let text = lines.join("\n");
        return Some(Block::Code {
            language: None,
            text: sanitize::to_text_block(&text).into_owned(),
        });
    }
    let joined = join_lines(lines);
    let sanitized = sanitize::to_text_block(&joined);
    let paragraph = sanitized.trim();
    (!paragraph.is_empty()).then(|| Block::Paragraph(link_bare_urls(paragraph, link_table)))
}

/// Turns the bare URLs of `text` into links.
fn link_bare_urls(text: &str, link_table: &mut LinkTable) -> RichText {
    let mut urls = autolink::find_urls(text).peekable();
    if urls.peek().is_none() {
        return RichText::plain(text);
    }
    let mut inline = Inline::default();
    let mut last_end = 0;
    for (range, url) in urls {
        inline.push_literal(&text[last_end..range.start], InlineStyle::default());
        let link = Some(LinkTarget::Link(link_table.intern_url(&url)));
        inline.push_literal(&text[range.clone()], InlineStyle { link, ..InlineStyle::default() });
        last_end = range.end;
    }
    inline.push_literal(&text[last_end..], InlineStyle::default());
    inline.take_text()
}

/// Joins the lines of a paragraph: with a space where a program wrapped them, with `\n` where the
/// author broke them.
fn join_lines<'a>(lines: &[&'a str]) -> Cow<'a, str> {
    if let [line] = lines {
        return Cow::Borrowed(line);
    }
    let hard_wrapped = is_hard_wrapped(lines);
    let mut text = String::new();
    for line in lines {
        let line = line.trim_end();
        let words = line.trim_start();
        if text.is_empty() {
            text.push_str(words);
        } else if !hard_wrapped || starts_list_item(words) {
            text.push('\n');
            text.push_str(line);
        } else {
            if !joins_without_space(text.chars().next_back(), words.chars().next()) {
                text.push(' ');
            }
            text.push_str(words);
        }
    }
    Cow::Owned(text)
}

/// Returns true if the median width of the lines, without the last one, reaches
/// [`MIN_WRAPPED_WIDTH`].
fn is_hard_wrapped(lines: &[&str]) -> bool {
    let mut widths: Vec<usize> =
        lines.iter().take(lines.len().saturating_sub(1)).map(|line| width(line)).collect();
    let middle = widths.len() / 2;
    !widths.is_empty() && *widths.select_nth_unstable(middle).1 >= MIN_WRAPPED_WIDTH
}

/// Returns true if a line begins a list item: `- `, `* `, `• `, `12. `.
fn starts_list_item(line: &str) -> bool {
    let marker = line.split(' ').next().unwrap_or_default();
    let number = marker.strip_suffix(['.', ')']).unwrap_or_default();
    let is_numbered =
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    let is_bullet = matches!(marker, "-" | "*" | "+" | "•" | "–" | "—");
    marker.len() < line.len() && (is_bullet || is_numbered)
}

/// Returns true if all lines are indented, or at least half of them hold a tab between words.
///
/// A single indented line wider than [`MAX_CODE_LINE_WIDTH`] is prose.
fn is_code_block(lines: &[&str]) -> bool {
    let is_indented = |line: &&str| line.starts_with(CODE_INDENT) || line.starts_with('\t');
    let is_prose = || matches!(lines, [line] if width(line.trim()) > MAX_CODE_LINE_WIDTH);
    let tabbed_lines = lines.iter().filter(|line| line.trim().contains('\t')).count();
    let is_tabular = tabbed_lines > 0 && tabbed_lines * 2 >= lines.len();
    !lines.is_empty() && ((lines.iter().all(is_indented) && !is_prose()) || is_tabular)
}

/// Removes the common indent of the lines of a code block, and trailing whitespace.
fn dedent(block: &mut Block) {
    let Block::Code { text, .. } = block else { return };
    let indent_of =
        |line: &'_ str| -> usize { line.len() - line.trim_start_matches([' ', '\t']).len() };
    let nonblank_lines = || text.split('\n').filter(|line| !is_blank(line));
    let first = nonblank_lines().next().unwrap_or_default();
    let shared = |line: &str| {
        let same = line.bytes().zip(first.bytes()).take_while(|(a, b)| a == b).count();
        same.min(indent_of(line))
    };
    let indent = nonblank_lines().map(shared).min().unwrap_or(0);
    let lines: Vec<&str> =
        text.split('\n').map(|line| line.get(indent..).unwrap_or("").trim_end()).collect();
    *text = lines.join("\n");
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>')
}

fn strip_quote_marker(line: &str) -> &str {
    let line = line.strip_prefix('>').unwrap_or(line);
    line.strip_prefix(' ').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(RichText::plain(text))
    }

    fn code(text: &str) -> Block {
        Block::Code { language: None, text: text.to_owned() }
    }

    #[test]
    fn parse_plain_text_reads_each_kind_of_block() {
        let long = "a line that a program has broken at column sixty or so, as old";
        let cases: Vec<(String, Vec<Block>)> = vec![
            (String::new(), vec![]),
            (" \n\t\n".into(), vec![]),
            (" one\r\n\r\n\r\ntwo".into(), vec![paragraph("one"), paragraph("two")]),
            (
                format!("{long}\n{long}\nfiles do"),
                vec![paragraph(&format!("{long} {long} files do"))],
            ),
            ("short\n  lines\nstay".into(), vec![paragraph("short\n  lines\nstay")]),
            (format!("{long}\n- item"), vec![paragraph(&format!("{long}\n- item"))]),
            ("one\u{c}two".into(), vec![paragraph("one"), paragraph("two")]),
            ("    let x;\n\n      x".into(), vec![code("let x;\n\n  x")]),
            ("a\t1\nbb\t2".into(), vec![code("a\t1\nbb\t2")]),
            ("\tif x {\n\t\ty\n\t}".into(), vec![code("if x {\n\ty\n}")]),
            (
                "said:\n> yes\n> > no".into(),
                vec![
                    paragraph("said:"),
                    Block::Quote(vec![paragraph("yes"), Block::Quote(vec![paragraph("no")])]),
                ],
            ),
            (
                "東京の天気は今日も晴れで明日も晴れるでしょう。\n次の行".into(),
                vec![paragraph("東京の天気は今日も晴れで明日も晴れるでしょう。次の行")],
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(parse_plain_text(&text).blocks, expected, "{text:?}");
        }
    }

    #[test]
    fn parse_plain_text_merges_paragraphs_beyond_limit() {
        for (count, merged) in [(MAX_BLOCKS, 0), (MAX_BLOCKS + 1, 1), (MAX_BLOCKS + 200, 2)] {
            let paragraphs: Vec<String> = (0..count).map(|number| number.to_string()).collect();
            let text = paragraphs.join("\n\n");
            let document = parse_plain_text(&text);
            assert_eq!(document.blocks.len(), MAX_BLOCKS + merged);
            assert_eq!(document.plain_text(), text);
        }
    }

    #[test]
    fn parse_plain_text_joins_blocks_of_more_lines_than_are_looked_at_together() {
        for line in ["x", "    code"] {
            let text = vec![line; MAX_RUN_LINES + 10].join("\n");
            let document = parse_plain_text(&text);
            assert_eq!(document.blocks.len(), 1);
            assert_eq!(document.plain_text(), text.replace("    ", ""));
        }
    }

    #[test]
    fn parse_plain_text_links_bare_urls() {
        let document = parse_plain_text(
            "See https://example.org/a (or http://example.com/b_(c)), then https://example.org/a.",
        );
        let urls: Vec<&str> = document.links.iter().map(|link| link.url.as_str()).collect();
        assert_eq!(urls, ["https://example.org/a", "http://example.com/b_(c)"]);
        let Block::Paragraph(RichText(spans)) = &document.blocks[0] else {
            unreachable!("a paragraph")
        };
        assert_eq!(spans[5].link, spans[1].link);
        assert_eq!(spans[6].text, ".");
    }

    #[test]
    fn first_paragraph_skips_blank_lines() {
        assert_eq!(first_paragraph("\n\n one\ntwo\n\nthree").as_deref(), Some("one\ntwo"));
        assert_eq!(first_paragraph(" \n"), None);
    }
}
