//! The expansions of abbreviations, which pages show when the pointer rests on them.

use std::collections::HashSet;

/// Maximum number of expansions that are looked for in the text of a document.
const MAX_EXPANSIONS: usize = 64;

/// The expansions that a document has given.
#[derive(Debug, Default)]
pub(super) struct Abbreviations {
    given: HashSet<String>,
}

impl Abbreviations {
    /// Returns the text to add after the abbreviation `short`, whose title is `title`: nothing if
    /// the document has given it before, or has it elsewhere in `source`.
    pub(super) fn expansion(&mut self, short: &str, title: &str, source: &str) -> Option<String> {
        let title = title.trim();
        // A title that begins with a digit is a date for programs.
        let is_expansion = title.contains(char::is_alphabetic)
            && !title.starts_with(|c: char| c.is_ascii_digit())
            && title.to_lowercase() != short.trim().to_lowercase();
        if !is_expansion || self.given.len() >= MAX_EXPANSIONS {
            return None;
        }
        let is_new = self.given.insert(title.to_owned());
        (is_new && !is_in_text(title, source)).then(|| format!(" ({title})"))
    }
}

/// Returns true if `words` occurs in `html` outside of a quoted value.
fn is_in_text(words: &str, html: &str) -> bool {
    html.match_indices(words).any(|(at, _)| !html[..at].ends_with(['"', '\'', '=']))
}

#[cfg(test)]
mod tests {
    use crate::markup::{html_to_text, parse_html};

    #[test]
    fn abbreviation_is_expanded_once() {
        let abbr = "<abbr title='World Health Organization'>WHO</abbr>";
        let cases = [
            (format!("{abbr} and {abbr}."), "WHO (World Health Organization) and WHO."),
            (
                format!("The World Health Organization ({abbr})."),
                "The World Health Organization (WHO).",
            ),
            ("<abbr title=who>WHO</abbr>".to_owned(), "WHO"),
            ("<abbr>WHO</abbr>".to_owned(), "WHO"),
            ("<abbr title='2026-01-28T10:00'>today</abbr>".to_owned(), "today"),
        ];
        for (html, expected) in cases {
            assert_eq!(parse_html(&html, None).plain_text(), expected, "{html}");
            assert_eq!(html_to_text(&html), expected, "text of {html}");
        }
    }
}
