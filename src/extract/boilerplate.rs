//! Removal of boilerplate from an article: newsletter boxes, links to other articles, repeated
//! captions and titles.
//!
//! Start with [`remove_boilerplate`].

use std::collections::HashSet;

use dom_query::{Document, NodeRef};

use super::{
    class_names,
    page_text::{collapsed_text, count_characters, count_linked_characters},
};

/// The attribute that marks boilerplate.
const MARK_ATTRIBUTE: &str = "data-noise";

/// Maximum length of boilerplate, in characters; longer parts of an article are kept.
const MAX_BOILERPLATE_CHARS: usize = 4000;

/// Minimum length of a caption that is removed when repeated, in bytes; shorter texts may rightly
/// stand below two images.
const MIN_CAPTION_BYTES: usize = 40;

/// Beginnings of links to other articles, in lower case.
const LEAD_INS: [&str; 26] = [
    "you may also like",
    "you might also like",
    "read more",
    "read also",
    "also read",
    "related",
    "see more",
    "more:",
    "more from",
    "more stories",
    "don't miss",
    "don’t miss",
    "recommended",
    "leggi anche",
    "à lire aussi",
    "lire aussi",
    "lesen sie auch",
    "lesen sie mehr",
    "mehr zum thema",
    "lee también",
    "lea también",
    "leia também",
    "leia mais",
    "lees ook",
    "läs också",
    "читайте также",
];

/// Marks elements whose class names say that they are boilerplate, and all elements in them.
///
/// The elements inside are marked too because Readability replaces an element that has a single
/// child by that child.
pub(super) fn mark_boilerplate(page: &Document) {
    for node in page.root().descendants() {
        if node.has_attr(MARK_ATTRIBUTE)
            || !class_names::is_boilerplate(&node)
            || count_characters(&node, MAX_BOILERPLATE_CHARS) > MAX_BOILERPLATE_CHARS
        {
            continue;
        }
        node.set_attr(MARK_ATTRIBUTE, "");
        for inner in node.descendants().iter().filter(|inner| inner.is_element()) {
            inner.set_attr(MARK_ATTRIBUTE, "");
        }
    }
}

/// Removes the comments of readers, except in an element that is declared as the article.
pub(super) fn remove_comments(page: &Document) {
    for node in page.root().descendants() {
        if class_names::is_comment(&node) && !node.has_attr("itemprop") && !node.has_name("body") {
            node.remove_from_parent();
        }
    }
}

/// Removes boilerplate from the article `root`, whose title is `title`.
pub(super) fn remove_boilerplate(root: &NodeRef<'_>, title: Option<&str>) {
    remove_marked(root);
    remove_related_links(root);
    remove_repeated_captions(root);
    if let Some(title) = title {
        remove_title_heading(root, title);
    }
}

/// Returns the descendants of `root` with one of the given tag names.
fn elements_named<'a>(
    root: &NodeRef<'a>,
    names: &'static [&'static str],
) -> impl Iterator<Item = NodeRef<'a>> {
    root.descendants().into_iter().filter(move |node| names.iter().any(|name| node.has_name(name)))
}

/// Returns whether an element is marked as boilerplate.
pub(super) fn is_marked(node: &NodeRef<'_>) -> bool {
    node.has_attr(MARK_ATTRIBUTE)
}

/// Removes marked elements: each only if it is at most a quarter of the article, and all of them
/// only if they are at most half of it. Otherwise the class names are wrong about this page.
fn remove_marked(root: &NodeRef<'_>) {
    let article_chars = count_characters(root, usize::MAX);
    let limit = article_chars / 4;
    let mut marked = root.descendants();
    marked
        .retain(|node| is_marked(node) && !node.parent().is_some_and(|parent| is_marked(&parent)));
    marked.retain(|node| count_characters(node, limit) <= limit);
    let marked_chars: usize = marked.iter().map(|node| count_characters(node, limit)).sum();
    if marked_chars * 2 <= article_chars {
        marked.iter().for_each(NodeRef::remove_from_parent);
    }
}

/// Maximum length of an element with links to other articles, in characters.
const MAX_RELATED_CHARS: usize = 200;

/// Maximum length of a lead-in such as "Read more:" that stands above its links, in characters.
const MAX_LEAD_IN_CHARS: usize = 40;

/// Maximum length of the text outside the links of an element with links to other articles, in
/// characters.
const MAX_UNLINKED_CHARS: usize = 30;

/// Removes links to other articles: elements such as "Read more: …", and lead-ins with the links
/// that follow them.
fn remove_related_links(root: &NodeRef<'_>) {
    for node in elements_named(root, &["p", "div", "li", "h3", "h4", "h5", "h6"]) {
        let chars = count_characters(&node, MAX_RELATED_CHARS);
        if chars > MAX_RELATED_CHARS || !starts_with_lead_in(&node) {
            continue;
        }
        let linked_chars = count_linked_characters(&node, MAX_RELATED_CHARS);
        if linked_chars == 0 && chars <= MAX_LEAD_IN_CHARS {
            if remove_following_links(&node) {
                node.remove_from_parent();
            }
        } else if linked_chars > 0 && chars.saturating_sub(linked_chars) <= MAX_UNLINKED_CHARS {
            node.remove_from_parent();
        }
    }
}

/// Returns whether the text of `node` begins with one of [`LEAD_INS`].
fn starts_with_lead_in(node: &NodeRef<'_>) -> bool {
    let words = collapsed_text(node).to_lowercase();
    let words = words.trim_start_matches(['(', '[', '»', '>', '•', ' ']);
    LEAD_INS.iter().any(|lead| words.starts_with(lead))
}

/// Removes the elements after `node` whose text is at least 90 % links, up to the next other
/// element. Returns whether any of them had text.
fn remove_following_links(node: &NodeRef<'_>) -> bool {
    let mut removed_text = false;
    while let Some(next) = node.next_element_sibling() {
        let chars = count_characters(&next, MAX_BOILERPLATE_CHARS);
        let is_heading = next.has_name("h1") || next.has_name("h2");
        if is_heading
            || chars > MAX_BOILERPLATE_CHARS
            || count_linked_characters(&next, MAX_BOILERPLATE_CHARS) * 10 < chars * 9
        {
            break;
        }
        removed_text |= chars > 0;
        next.remove_from_parent();
    }
    removed_text
}

/// Removes repeated captions: image galleries contain each caption once in full and once more for
/// small screens.
fn remove_repeated_captions(root: &NodeRef<'_>) {
    let mut seen = HashSet::new();
    for node in root.descendants().into_iter().filter(NodeRef::is_element) {
        let text = node.immediate_text();
        if text.trim().len() >= MIN_CAPTION_BYTES
            && is_in_caption(&node)
            && !seen.insert(text.trim().to_owned())
        {
            node.remove_from_parent();
        }
    }
}

/// Returns whether `node` or one of its two nearest ancestors is a caption.
fn is_in_caption(node: &NodeRef<'_>) -> bool {
    class_names::is_caption(node)
        || node.ancestors_it(Some(2)).any(|ancestor| class_names::is_caption(&ancestor))
}

/// Removes the first heading if it repeats the title, which the program shows itself.
fn remove_title_heading(root: &NodeRef<'_>, title: &str) {
    let names = ["h1", "h2", "h3", "p"];
    let Some(heading) =
        root.descendants_it().find(|node| names.iter().any(|name| node.has_name(name)))
    else {
        return;
    };
    let (text, title) = (collapsed_text(&heading).to_lowercase(), title.to_lowercase());
    // A top heading may say a part of the title only.
    let repeats_title = text == title || (heading.has_name("h1") && title.contains(&text));
    if !heading.has_name("p") && !text.is_empty() && repeats_title {
        heading.remove_from_parent();
    }
}
