//! Texts of a page, and their length.

use dom_query::{NodeData, NodeRef};

use crate::{markup::html_to_text, text::sanitize};

/// Maximum length of a title, a name or a date, in characters; longer ones are ignored as mistakes
/// of the page.
const MAX_LINE_CHARS: usize = 300;

/// Counts the characters in `node`, without white space; stops soon after `limit` is exceeded.
pub(super) fn count_characters(node: &NodeRef<'_>, limit: usize) -> usize {
    let mut count = count_own_characters(node, limit);
    for inner in node.descendants_it() {
        if count > limit {
            break;
        }
        count += count_own_characters(&inner, limit - count);
    }
    count
}

/// Counts the characters in the links of `node`, or in `node` itself if it is a link; stops soon
/// after `limit` is exceeded.
pub(super) fn count_linked_characters(node: &NodeRef<'_>, limit: usize) -> usize {
    if node.has_name("a") {
        return count_characters(node, limit);
    }
    let mut count = 0;
    for link in node.descendants_it().filter(|inner| inner.has_name("a")) {
        if count > limit {
            break;
        }
        count += count_characters(&link, limit);
    }
    count
}

/// Returns the text of `node` with single spaces between the words.
pub(super) fn collapsed_text(node: &NodeRef<'_>) -> String {
    node.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns the text of `node` with a line break after each element that is not part of a line.
pub(super) fn block_text(node: &NodeRef<'_>) -> String {
    html_to_text(&node.inner_html()).into_owned()
}

/// Returns a text of the page on one line, without control characters; `None` if it is empty or
/// longer than [`MAX_LINE_CHARS`].
pub(super) fn single_line(text: &str) -> Option<String> {
    let line = sanitize::strip_controls(text).split_whitespace().collect::<Vec<_>>().join(" ");
    (!line.is_empty() && line.chars().count() <= MAX_LINE_CHARS).then_some(line)
}

/// Counts the characters of a text node, without white space, up to one more than `limit`; 0 for
/// other nodes.
fn count_own_characters(node: &NodeRef<'_>, limit: usize) -> usize {
    node.query_or(0, |node| match &node.data {
        NodeData::Text { contents } => {
            let characters = contents.chars().filter(|c| !c.is_whitespace());
            characters.take(limit.saturating_add(1)).count()
        }
        _ => 0,
    })
}
