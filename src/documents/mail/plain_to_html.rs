//! Plain text as HTML, for mails that have both.

use std::borrow::Cow;

use crate::markup::escape_html;

/// Minimum width of all lines but the last of a paragraph whose lines were broken by a program, in
/// characters.
const MIN_WRAPPED_CHARS: usize = 50;

/// The meaning of the line ends within paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineEnds {
    /// The author set them.
    Kept,
    /// A program may have set them where a line was full.
    Wrapped,
}

/// Writes plain text as HTML to the end of `html`: paragraphs, quotations of one level, and indented
/// lines.
///
/// It keeps no list of lines, which would take more memory than short lines themselves.
pub(super) fn push_plain_as_html(html: &mut String, text: &str, line_ends: LineEnds) {
    let text = normalize_newlines(text);
    let (mut start, mut at, mut kind) = (0, 0, LineKind::Blank);
    for line in text.split_inclusive('\n') {
        let line_kind = LineKind::of_line(line);
        if line_kind != kind {
            push_lines(html, &text[start..at], kind, line_ends);
            (start, kind) = (at, line_kind);
        }
        at += line.len();
    }
    push_lines(html, &text[start..], kind, line_ends);
}

fn normalize_newlines(text: &str) -> Cow<'_, str> {
    if !text.contains('\r') {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace('\r', "\n"))
}

/// The kind of a line; neighbouring lines of one kind are a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LineKind {
    Blank,
    Quoted,
    Own,
}

impl LineKind {
    fn of_line(line: &str) -> LineKind {
        match line {
            line if line.trim().is_empty() => LineKind::Blank,
            line if line.starts_with('>') => LineKind::Quoted,
            _ => LineKind::Own,
        }
    }
}

/// Writes the lines of a paragraph.
fn push_lines(html: &mut String, paragraph: &str, kind: LineKind, line_ends: LineEnds) {
    let paragraph = paragraph.strip_suffix('\n').unwrap_or(paragraph);
    let is_indented = |line: &str| line.starts_with('\t') || line.starts_with("    ");
    let is_wrapped = || line_ends == LineEnds::Wrapped && is_wrapped(paragraph);
    match kind {
        LineKind::Blank => {}
        LineKind::Own if paragraph.split('\n').all(is_indented) => {
            push_enclosed(html, ("<pre>", "</pre>\n"), paragraph, "\n");
        }
        _ => {
            let separator = if is_wrapped() { "\n" } else { "<br>\n" };
            let tags = match kind {
                LineKind::Quoted => ("<blockquote><p>", "</p></blockquote>\n"),
                _ => ("<p>", "</p>\n"),
            };
            push_enclosed(html, tags, paragraph, separator);
        }
    }
}

/// Returns the lines of a paragraph without the marks of quotations.
fn unquoted_lines(paragraph: &str) -> impl Iterator<Item = &str> {
    paragraph.split('\n').map(|line| line.trim_start_matches('>'))
}

/// Returns true if a program broke the lines: each but the last is long, and the first word of the next
/// one had no room in it.
fn is_wrapped(paragraph: &str) -> bool {
    let width = |line: &str| line.chars().count();
    // A long address is never broken.
    let with_blanks = unquoted_lines(paragraph).filter(|line| line.trim().contains(' '));
    let widest = with_blanks.map(width).max().unwrap_or(0);
    unquoted_lines(paragraph).zip(unquoted_lines(paragraph).skip(1)).all(|(line, next)| {
        let next_word = next.split_whitespace().next().map_or(0, width);
        width(line) >= MIN_WRAPPED_CHARS && width(line.trim_end()) + 1 + next_word > widest
    })
}

/// Writes the lines of a paragraph between two tags, escaped.
fn push_enclosed(html: &mut String, tags: (&str, &str), paragraph: &str, separator: &str) {
    html.push_str(tags.0);
    for (index, line) in unquoted_lines(paragraph).enumerate() {
        html.push_str(if index > 0 { separator } else { "" });
        html.push_str(&escape_html(line));
    }
    html.push_str(tags.1);
}

#[cfg(test)]
mod tests {
    use super::{LineEnds, push_plain_as_html};
    use crate::markup::parse_html;

    fn to_html(text: &str) -> String {
        let mut html = String::new();
        push_plain_as_html(&mut html, text, LineEnds::Wrapped);
        html
    }

    #[test]
    fn plain_text_keeps_paragraphs_and_lines() {
        let long = "A line that a program broke where it found no more room for words";
        let cases = [
            (
                format!("{long}\nin it.\n\n\nNext <b>"),
                format!("<p>{long}\nin it.</p>\n<p>Next &lt;b&gt;</p>\n"),
            ),
            (
                format!("To unsubscribe from this list, send an empty mail.\nTo {long}"),
                format!(
                    "<p>To unsubscribe from this list, send an empty mail.<br>\nTo {long}</p>\n"
                ),
            ),
            ("Ann\r\nBo".to_owned(), "<p>Ann<br>\nBo</p>\n".to_owned()),
            (
                "said:\n> yes\nno".to_owned(),
                "<p>said:</p>\n<blockquote><p> yes</p></blockquote>\n<p>no</p>\n".to_owned(),
            ),
            ("    a\n    b".to_owned(), "<pre>    a\n    b</pre>\n".to_owned()),
            ("\n\n".to_owned(), String::new()),
        ];
        for (text, html) in cases {
            assert_eq!(to_html(&text), html, "{text:?}");
        }
        let words = "if a < b && c > d: \"it's\" &amp;";
        assert_eq!(parse_html(&to_html(words), None).plain_text().trim(), words);
    }
}
