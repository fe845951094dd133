//! The lines of newsboat's configuration, split into words.

/// Maximum number of lines that mean something.
const MAX_LINES: usize = 20_000;

/// A line of the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ConfigLine {
    /// The number of the line, from 1.
    pub(super) line: u64,
    /// The line as it is written, without a comment in a line of its own.
    pub(super) raw: String,
    /// The words.
    pub(super) words: Vec<String>,
    /// The line has the output of a program in it.
    pub(super) runs_program: bool,
}

impl ConfigLine {
    /// Returns a word; empty if there are fewer.
    pub(super) fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", String::as_str)
    }

    /// Returns the value of a switch.
    pub(super) fn flag(&self) -> Option<bool> {
        match self.word(1) {
            "yes" | "true" => Some(true),
            "no" | "false" => Some(false),
            _ => None,
        }
    }
}

/// Splits a configuration into lines; a line that ends with a backslash goes on in the next. Returns
/// whether there are more lines than are read.
pub(super) fn split_config_lines(text: &str) -> (Vec<ConfigLine>, bool) {
    let mut lines = Vec::new();
    let mut open: Option<(u64, String)> = None;
    let numbered = (1..).zip(text.lines()).chain(std::iter::once((u64::MAX, "")));
    for (number, part) in numbered {
        let (line, mut raw) = open.take().unwrap_or((number, String::new()));
        let is_continued = part.ends_with('\\') && !part.ends_with("\\\\") && number != u64::MAX;
        raw.push_str(if is_continued { &part[..part.len() - 1] } else { part });
        if is_continued {
            open = Some((line, raw));
            continue;
        }
        let (words, runs_program) = split_config_words(&raw);
        if words.is_empty() {
            continue;
        }
        if lines.len() == MAX_LINES {
            return (lines, true);
        }
        lines.push(ConfigLine { line, raw: raw.trim().to_owned(), words, runs_program });
    }
    (lines, false)
}

/// Splits a line into words, up to a comment. Also returns whether the line has the output of a program
/// in it, between backticks.
pub(super) fn split_config_words(line: &str) -> (Vec<String>, bool) {
    let (mut words, mut runs_program) = (Vec::new(), false);
    let (mut word, mut is_quoted): (Option<String>, bool) = (None, false);
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_default();
            }
            '\\' => push_escaped(chars.next(), is_quoted, word.get_or_insert_default()),
            '`' => {
                runs_program = true;
                word.get_or_insert_default().push(c);
            }
            '#' if !is_quoted => break,
            c if c.is_whitespace() && !is_quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    (words, runs_program)
}

/// Adds the character that a backslash and `escaped` mean.
fn push_escaped(escaped: Option<char>, is_quoted: bool, word: &mut String) {
    match escaped {
        Some('n') if is_quoted => word.push('\n'),
        Some('r') if is_quoted => word.push('\r'),
        Some('t') if is_quoted => word.push('\t'),
        Some(c @ ('"' | '\\' | '`' | '#')) => word.push(c),
        Some(c) if is_quoted => word.push(c),
        Some(c) => word.extend(['\\', c]),
        None => word.push('\\'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn config_lines_have_words_quotes_and_comments() {
        let text = "# a comment\n\nbrowser \"firefox \\\"%u\\\"\" # another\nbind-key \\# quit\n\
                    color article \\\n  white black\nhtml-renderer `which w3m`\nx \"a#b\" c\\d\n";
        let (lines, is_cut) = split_config_lines(text);
        let words: Vec<(u64, Vec<&str>)> = lines
            .iter()
            .map(|line| (line.line, line.words.iter().map(String::as_str).collect()))
            .collect();
        assert_eq!(
            words,
            [
                (3, vec!["browser", "firefox \"%u\""]),
                (4, vec!["bind-key", "#", "quit"]),
                (5, vec!["color", "article", "white", "black"]),
                (7, vec!["html-renderer", "`which", "w3m`"]),
                (8, vec!["x", "a#b", "c\\d"]),
            ]
        );
        assert!(lines[3].runs_program && !is_cut);
    }

    #[test]
    fn config_is_read_up_to_its_limit() {
        let (lines, is_cut) = split_config_lines(&"a b\n".repeat(MAX_LINES + 1));
        assert_eq!((lines.len(), is_cut), (MAX_LINES, true));
        assert!(!split_config_lines(&"a b\n".repeat(MAX_LINES)).1);
        let (open, _) = split_config_lines("a \\");
        assert_eq!(open[0].words, ["a"]);
    }
}
