//! How much there is to read in a part of a page.

use dom_query::{NodeData, NodeRef};

/// The visible characters within `node`; stops counting beyond `limit`.
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

/// The same, of what is in links.
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

/// Its words, parted by single blanks.
pub(super) fn collapsed_text(node: &NodeRef<'_>) -> String {
    node.text().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn count_own_characters(node: &NodeRef<'_>) -> usize {
    node.query_or(0, |node| match &node.data {
        NodeData::Text { contents } => contents.chars().filter(|c| !c.is_whitespace()).count(),
        _ => 0,
    })
}
