//! Plain text → document: paragraphs parted by blank lines, in files of every age and origin.
//!
//! Old files break their lines at some column, poems and addresses where they mean it; tables and programs are
//! indented or hold tabs; mail quotes with `>`.

use std::borrow::Cow;

use super::{
    Block, Document, LinkTarget, RichText, autolink,
    inline::{Inline, InlineStyle, joins_without_space},
    link_table::LinkTable,
};
use crate::text::{sanitize, width};

/// Lines are broken at some column and not on purpose if they typically reach this far.
const MIN_WRAPPED_WIDTH: usize = 40;

/// A single indented line wider than this is prose.
const MAX_CODE_LINE_WIDTH: usize = 72;

/// Blanks before a line that make it a line of code.
const CODE_INDENT: &str = "    ";

/// Quotes within quotes at the most.
const MAX_QUOTE_DEPTH: usize = 16;

/// Reads plain text; any text is.
pub fn parse_plain_text(text: &str) -> Document {
    let text = normalize_newlines(text);
    let lines: Vec<&str> = text.split('\n').collect();
    let mut numbers = LinkTable::default();
    let blocks = parse_blocks(&lines, 0, &mut numbers);
    Document { blocks, links: numbers.into_links(), language: None }
}

/// The words of the first paragraph, `\n` only where a line break is meant; `None` in a blank text.
pub fn first_paragraph(text: &str) -> Option<String> {
    let text = normalize_newlines(text.trim_start());
    let run: Vec<&str> = text.split('\n').take_while(|line| !is_blank(line)).collect();
    Some(sanitize::to_block(&join_lines(&run)).trim().to_owned()).filter(|words| !words.is_empty())
}

/// `text` with `\n` as its only line end; a page break ends a paragraph.
fn normalize_newlines(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\r', b'\x0c', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").replace('\u{c}', "\n\n"))
}

fn parse_blocks(lines: &[&str], depth: usize, numbers: &mut LinkTable) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    for run in lines.split(|line| is_blank(line)) {
        let mut first = true;
        for part in run.chunk_by(|a, b| is_quoted(a) == is_quoted(b)) {
            let block = parse_block(part, depth, numbers);
            match (found.last_mut(), block) {
                (Some(Block::Code { text: before, .. }), Some(Block::Code { text, .. }))
                    if first =>
                {
                    before.push_str("\n\n");
                    before.push_str(&text);
                }
                (_, block) => found.extend(block),
            }
            first = false;
        }
    }
    found.iter_mut().for_each(dedent);
    found
}

fn parse_block(run: &[&str], depth: usize, numbers: &mut LinkTable) -> Option<Block> {
    if depth < MAX_QUOTE_DEPTH && run.first().is_some_and(|line| is_quoted(line)) {
        let inner: Vec<&str> = run.iter().map(|line| strip_quote_marker(line)).collect();
        let inner = parse_blocks(&inner, depth + 1, numbers);
        return (!inner.is_empty()).then_some(Block::Quote(inner));
    }
    if is_code_block(run) {
        let text = run.join("\n");
        return Some(Block::Code { language: None, text: sanitize::to_block(&text).into_owned() });
    }
    let words = join_lines(run);
    let words = sanitize::to_block(&words);
    let words = words.trim();
    (!words.is_empty()).then(|| Block::Paragraph(link_bare_urls(words, numbers)))
}

/// `words`, their bare addresses as links.
fn link_bare_urls(words: &str, numbers: &mut LinkTable) -> RichText {
    let mut found = autolink::find_urls(words).peekable();
    if found.peek().is_none() {
        return RichText::plain(words);
    }
    let mut inline = Inline::default();
    let mut done = 0;
    for (range, url) in found {
        inline.push_literal(&words[done..range.start], InlineStyle::default());
        let link = Some(LinkTarget::Link(numbers.intern_url(&url)));
        inline.push_literal(&words[range.clone()], InlineStyle { link, ..InlineStyle::default() });
        done = range.end;
    }
    inline.push_literal(&words[done..], InlineStyle::default());
    inline.take_text()
}

/// The lines of a paragraph as one text: joined where a program broke them, `\n` where the author did.
fn join_lines<'a>(run: &[&'a str]) -> Cow<'a, str> {
    if let [line] = run {
        return Cow::Borrowed(line);
    }
    let filled = is_hard_wrapped(run);
    let mut text = String::new();
    for line in run {
        let line = line.trim_end();
        let words = line.trim_start();
        if text.is_empty() {
            text.push_str(words);
        } else if !filled || starts_list_item(words) {
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

/// Whether the typical line, the last aside, is as wide as a filled one.
fn is_hard_wrapped(run: &[&str]) -> bool {
    let mut widths: Vec<usize> =
        run.iter().take(run.len().saturating_sub(1)).map(|line| width(line)).collect();
    let middle = widths.len() / 2;
    !widths.is_empty() && *widths.select_nth_unstable(middle).1 >= MIN_WRAPPED_WIDTH
}

/// Whether a line begins an item of a list: `- `, `* `, `• `, `12. `.
fn starts_list_item(line: &str) -> bool {
    let mark = line.split(' ').next().unwrap_or_default();
    let number = mark.strip_suffix(['.', ')']).unwrap_or_default();
    let numbered =
        (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    mark.len() < line.len() && (matches!(mark, "-" | "*" | "+" | "•" | "–" | "—") || numbered)
}

fn is_code_block(run: &[&str]) -> bool {
    let indented = |line: &&str| line.starts_with(CODE_INDENT) || line.starts_with('\t');
    let is_prose = || matches!(run, [line] if width(line.trim()) > MAX_CODE_LINE_WIDTH);
    let tabbed = run.iter().filter(|line| line.trim().contains('\t')).count();
    !run.is_empty()
        && ((run.iter().all(indented) && !is_prose()) || (tabbed > 0 && tabbed * 2 >= run.len()))
}

/// Takes the blanks that all lines of a code block begin with.
fn dedent(block: &mut Block) {
    let Block::Code { text, .. } = block else { return };
    let filled = text.split('\n').filter(|line| !line.trim().is_empty());
    let indent =
        filled.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
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
            ("a\t1\nbb\t2".into(), vec![code("a       1\nbb      2")]),
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
