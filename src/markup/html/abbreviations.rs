//! The expansions of abbreviations, which pages show when the pointer rests on them.

use std::collections::HashSet;

use dom_query::NodeRef;

/// Maximum number of expansions that are looked for in the text of a document.
const MAX_EXPANSIONS: usize = 64;

/// Maximum number of nodes in an abbreviation that are looked at.
const MAX_NODES: usize = 64;

/// The expansions that a document has given.
#[derive(Debug, Default)]
pub(super) struct Abbreviations {
    /// The expansions in lower case.
    given: HashSet<String>,
    /// The source in lower case; `None` until the first expansion.
    source: Option<String>,
}

impl Abbreviations {
    /// Returns the text to add after the abbreviation `short`, whose title is `title`: nothing if
    /// the document has given it before, or has it elsewhere in `source`, in any case.
    pub(super) fn expansion(&mut self, short: &str, title: &str, source: &str) -> Option<String> {
        let title = title.trim();
        let words = title.to_lowercase();
        // A title that begins with a digit is a date for programs.
        let is_expansion = title.contains(char::is_alphabetic)
            && !title.starts_with(|c: char| c.is_ascii_digit())
            && words != short.trim().to_lowercase();
        if !is_expansion || self.given.len() >= MAX_EXPANSIONS || self.given.contains(&words) {
            return None;
        }
        let source = self.source.get_or_insert_with(|| source.to_lowercase());
        let is_new = !is_in_text(&words, source);
        self.given.insert(words);
        is_new.then(|| format!(" ({title})"))
    }
}

/// Returns the text of `node`, as far as it matters for an abbreviation with this title: a longer one
/// is cut, so that nested abbreviations cost no more than their titles.
pub(super) fn abbreviation_text(node: &NodeRef<'_>, title: &str) -> String {
    let mut text = String::new();
    let mut next = node.first_child();
    for _ in 0..MAX_NODES {
        let Some(current) = next else { break };
        if current.is_text() {
            text.push_str(&current.text());
        }
        if text.len() > title.len() {
            break;
        }
        next = current.first_child().or_else(|| node_after(current, node));
    }
    text
}

/// Returns the node within `root` after `node` and its content.
fn node_after<'t>(mut node: NodeRef<'t>, root: &NodeRef<'_>) -> Option<NodeRef<'t>> {
    loop {
        if let Some(next) = node.next_sibling() {
            return Some(next);
        }
        node = node.parent().filter(|parent| parent.id != root.id)?;
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
            (
                format!("The World health organization ({abbr})."),
                "The World health organization (WHO).",
            ),
            (
                format!("{abbr} or {}", abbr.to_lowercase()),
                "WHO (World Health Organization) or who",
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

    #[test]
    fn nested_abbreviations_take_linear_time() {
        let nested: Vec<String> = (0..200).map(|at| format!("<abbr title='Title {at}'>")).collect();
        let html = format!("{}{}", nested.concat(), "word ".repeat(200_000));
        assert!(parse_html(&html, None).plain_text().contains("word"));
    }
}
