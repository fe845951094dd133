//! Plain text → document: paragraphs parted by blank lines, in files of every age and origin.
//!
//! Old files break their lines at some column, poems and addresses where they mean it; tables and programs are
//! indented or hold tabs; mail quotes with `>`.

use std::borrow::Cow;

use super::{
    Block, Document, Target, Text, autolink,
    inline::{Inline, Look, runs_on},
    links::Links,
};
use crate::text::{clean, width};

/// Lines are broken at some column and not on purpose if they typically reach this far.
const FILLED: usize = 40;

/// A single indented line wider than this is prose.
const CODE_LINE: usize = 72;

/// Blanks before a line that make it a line of code.
const INDENT: &str = "    ";

/// Quotes within quotes at the most.
const MAX_QUOTES: usize = 16;

/// Reads plain text; any text is.
pub fn plain(text: &str) -> Document {
    let text = with_newlines(text);
    let lines: Vec<&str> = text.split('\n').collect();
    let mut numbers = Links::default();
    let blocks = blocks(&lines, 0, &mut numbers);
    Document { blocks, links: numbers.into_list(), language: None }
}

/// The words of the first paragraph, `\n` only where a line break is meant; `None` in a blank text.
pub fn first_paragraph(text: &str) -> Option<String> {
    let text = with_newlines(text.trim_start());
    let run: Vec<&str> = text.split('\n').take_while(|line| !is_blank(line)).collect();
    Some(clean::block(&joined(&run)).trim().to_owned()).filter(|words| !words.is_empty())
}

/// `text` with `\n` as its only line end; a page break ends a paragraph.
fn with_newlines(text: &str) -> Cow<'_, str> {
    if memchr::memchr2(b'\r', b'\x0c', text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n").replace('\u{c}', "\n\n"))
}

fn blocks(lines: &[&str], depth: usize, numbers: &mut Links) -> Vec<Block> {
    let mut found: Vec<Block> = Vec::new();
    for run in lines.split(|line| is_blank(line)) {
        let mut first = true;
        for part in run.chunk_by(|a, b| is_quoted(a) == is_quoted(b)) {
            let block = block(part, depth, numbers);
            match (found.last_mut(), block) {
                (Some(Block::Code { text: before, .. }), Some(Block::Code { text, .. })) if first => {
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

fn block(run: &[&str], depth: usize, numbers: &mut Links) -> Option<Block> {
    if depth < MAX_QUOTES && run.first().is_some_and(|line| is_quoted(line)) {
        let inner: Vec<&str> = run.iter().map(|line| unquoted(line)).collect();
        let inner = blocks(&inner, depth + 1, numbers);
        return (!inner.is_empty()).then_some(Block::Quote(inner));
    }
    if is_code(run) {
        let text = run.join("\n");
        return Some(Block::Code { language: None, text: clean::block(&text).into_owned() });
    }
    let words = joined(run);
    let words = clean::block(&words);
    let words = words.trim();
    (!words.is_empty()).then(|| Block::Paragraph(linked(words, numbers)))
}

/// `words`, their bare addresses as links.
fn linked(words: &str, numbers: &mut Links) -> Text {
    let mut found = autolink::addresses(words).peekable();
    if found.peek().is_none() {
        return Text::plain(words);
    }
    let mut inline = Inline::default();
    let mut done = 0;
    for (range, url) in found {
        inline.literal(&words[done..range.start], Look::default());
        let link = Some(Target::Link(numbers.number(&url)));
        inline.literal(&words[range.clone()], Look { link, ..Look::default() });
        done = range.end;
    }
    inline.literal(&words[done..], Look::default());
    inline.take()
}

/// The lines of a paragraph as one text: joined where a program broke them, `\n` where the author did.
fn joined<'a>(run: &[&'a str]) -> Cow<'a, str> {
    if let [line] = run {
        return Cow::Borrowed(line);
    }
    let filled = is_filled(run);
    let mut text = String::new();
    for line in run {
        let line = line.trim_end();
        let words = line.trim_start();
        if text.is_empty() {
            text.push_str(words);
        } else if !filled || is_listed(words) {
            text.push('\n');
            text.push_str(line);
        } else {
            if !runs_on(text.chars().next_back(), words.chars().next()) {
                text.push(' ');
            }
            text.push_str(words);
        }
    }
    Cow::Owned(text)
}

/// Whether the typical line, the last aside, is as wide as a filled one.
fn is_filled(run: &[&str]) -> bool {
    let mut widths: Vec<usize> =
        run.iter().take(run.len().saturating_sub(1)).map(|line| width(line)).collect();
    let middle = widths.len() / 2;
    !widths.is_empty() && *widths.select_nth_unstable(middle).1 >= FILLED
}

/// Whether a line begins an item of a list: `- `, `* `, `• `, `12. `.
fn is_listed(line: &str) -> bool {
    let mark = line.split(' ').next().unwrap_or_default();
    let number = mark.strip_suffix(['.', ')']).unwrap_or_default();
    let numbered = (1..=3).contains(&number.len()) && number.bytes().all(|byte| byte.is_ascii_digit());
    mark.len() < line.len() && (matches!(mark, "-" | "*" | "+" | "•" | "–" | "—") || numbered)
}

fn is_code(run: &[&str]) -> bool {
    let indented = |line: &&str| line.starts_with(INDENT) || line.starts_with('\t');
    let is_prose = || matches!(run, [line] if width(line.trim()) > CODE_LINE);
    let tabbed = run.iter().filter(|line| line.trim().contains('\t')).count();
    !run.is_empty() && ((run.iter().all(indented) && !is_prose()) || (tabbed > 0 && tabbed * 2 >= run.len()))
}

/// Takes the blanks that all lines of a code block begin with.
fn dedent(block: &mut Block) {
    let Block::Code { text, .. } = block else { return };
    let filled = text.split('\n').filter(|line| !line.trim().is_empty());
    let indent = filled.map(|line| line.len() - line.trim_start_matches(' ').len()).min().unwrap_or(0);
    let lines: Vec<&str> = text.split('\n').map(|line| line.get(indent..).unwrap_or("").trim_end()).collect();
    *text = lines.join("\n");
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>')
}

fn unquoted(line: &str) -> &str {
    let line = line.strip_prefix('>').unwrap_or(line);
    line.strip_prefix(' ').unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph(text: &str) -> Block {
        Block::Paragraph(Text::plain(text))
    }

    fn code(text: &str) -> Block {
        Block::Code { language: None, text: text.to_owned() }
    }

    #[test]
    fn reads_each_kind_of_block() {
        let long = "a line that a program has broken at column sixty or so, as old";
        let cases: Vec<(String, Vec<Block>)> = vec![
            (String::new(), vec![]),
            (" \n\t\n".into(), vec![]),
            (" one\r\n\r\n\r\ntwo".into(), vec![paragraph("one"), paragraph("two")]),
            (format!("{long}\n{long}\nfiles do"), vec![paragraph(&format!("{long} {long} files do"))]),
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
            assert_eq!(plain(&text).blocks, expected, "{text:?}");
        }
    }

    #[test]
    fn bare_addresses_are_links() {
        let document =
            plain("See https://example.org/a (or http://example.com/b_(c)), then https://example.org/a.");
        let urls: Vec<&str> = document.links.iter().map(|link| link.url.as_str()).collect();
        assert_eq!(urls, ["https://example.org/a", "http://example.com/b_(c)"]);
        let Block::Paragraph(Text(spans)) = &document.blocks[0] else { unreachable!("a paragraph") };
        assert_eq!(spans[5].link, spans[1].link);
        assert_eq!(spans[6].text, ".");
    }

    #[test]
    fn finds_the_first_paragraph() {
        assert_eq!(first_paragraph("\n\n one\ntwo\n\nthree").as_deref(), Some("one\ntwo"));
        assert_eq!(first_paragraph(" \n"), None);
    }
}
