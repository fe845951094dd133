//! Length of the text in a part of a page.

use dom_query::{NodeData, NodeRef};

/// Counts the characters in `node`, without white space; stops soon after `limit` is exceeded.
pub(super) fn count_characters(node: &NodeRef<'_>, limit: usize) -> usize {
    let mut count = count_own_characters(node);
    for inner in node.descendants_it() {
        if count > limit {
            break;
        }
        count += count_own_characters(&inner);
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

/// Counts the characters of a text node, without white space; 0 for other nodes.
fn count_own_characters(node: &NodeRef<'_>) -> usize {
    node.query_or(0, |node| match &node.data {
        NodeData::Text { contents } => contents.chars().filter(|c| !c.is_whitespace()).count(),
        _ => 0,
    })
}
