//! Plain text as HTML, for mails that have both.

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

/// Converts plain text to HTML: paragraphs, quotations of one level, and indented lines.
pub(super) fn plain_to_html(text: &str, line_ends: LineEnds) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let lines: Vec<&str> = text.split('\n').collect();
    let paragraphs = lines.split(|line| line.trim().is_empty()).flat_map(|lines| {
        lines
            .chunk_by(|one, other| is_quoted(one) == is_quoted(other))
            .map(|lines| paragraph_html(lines, line_ends))
    });
    paragraphs.collect()
}

fn is_quoted(line: &str) -> bool {
    line.starts_with('>')
}

fn paragraph_html(lines: &[&str], line_ends: LineEnds) -> String {
    let is_quotation = lines.first().is_some_and(|line| is_quoted(line));
    let (start, end) = if is_quotation { ("<blockquote>", "</blockquote>") } else { ("", "") };
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_start_matches('>')).collect();
    let is_code = !is_quotation
        && lines.iter().all(|line| line.starts_with('\t') || line.starts_with("    "));
    let is_wrapped = line_ends == LineEnds::Wrapped && is_wrapped(&lines);
    let joined = |separator: &str| escape_lines(&lines, separator);
    match (is_code, is_wrapped) {
        (true, _) => format!("<pre>{}</pre>\n", joined("\n")),
        (false, true) => format!("{start}<p>{}</p>{end}\n", joined("\n")),
        (false, false) => format!("{start}<p>{}</p>{end}\n", joined("<br>\n")),
    }
}

/// Returns true if a program broke the lines: each but the last is long, and the first word of the next
/// one had no room in it.
fn is_wrapped(lines: &[&str]) -> bool {
    let width = |line: &str| line.chars().count();
    // A long address is never broken.
    let with_blanks = lines.iter().filter(|line| line.trim().contains(' '));
    let widest = with_blanks.map(|line| width(line)).max().unwrap_or(0);
    lines.windows(2).all(|pair| {
        let next_word = pair[1].split_whitespace().next().map_or(0, width);
        width(pair[0]) >= MIN_WRAPPED_CHARS && width(pair[0].trim_end()) + 1 + next_word > widest
    })
}

fn escape_lines(lines: &[&str], separator: &str) -> String {
    lines.iter().map(|line| escape_html(line)).collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::{LineEnds, plain_to_html};
    use crate::markup::parse_html;

    #[test]
    fn plain_to_html_keeps_paragraphs_and_lines() {
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
            assert_eq!(plain_to_html(&text, LineEnds::Wrapped), html, "{text:?}");
        }
        let words = "if a < b && c > d: \"it's\" &amp;";
        assert_eq!(
            parse_html(&plain_to_html(words, LineEnds::Wrapped), None).plain_text().trim(),
            words
        );
    }
}
