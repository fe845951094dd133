//! Takes out of an article what is in it and not of it.

use std::collections::HashSet;

use dom_query::{Document, NodeRef};

use super::{
    class_names,
    text_length::{collapsed_text, count_characters, count_linked_characters},
};

/// The attribute that marks noise.
const MARK_ATTRIBUTE: &str = "data-noise";

/// Larger parts of an article are no noise, in characters.
const MAX_BOILERPLATE_CHARS: usize = 4000;

/// Shorter texts may well stand below two pictures, in bytes.
const MIN_CAPTION_BYTES: usize = 40;

/// What links to other articles begin with, in lower case.
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

/// Marks what is called noise, and all in it: on the way to a reader view, elements that hold one other vanish.
pub(super) fn mark_boilerplate(page: &Document) {
    for node in page.root().descendants() {
        if node.has_attr(MARK_ATTRIBUTE)
            || !class_names::is_boilerplate(&node)
            || count_characters(&node, MAX_BOILERPLATE_CHARS) > MAX_BOILERPLATE_CHARS
        {
            continue;
        }
        node.set_attr(MARK_ATTRIBUTE, "");
        node.descendants()
            .iter()
            .filter(|inner| inner.is_element())
            .for_each(|inner| inner.set_attr(MARK_ATTRIBUTE, ""));
    }
}

/// Takes the noise out of the article `root`, which is called `title`.
pub(super) fn remove_boilerplate(root: &NodeRef<'_>, title: Option<&str>) {
    remove_marked(root);
    remove_related_links(root);
    remove_repeated_captions(root);
    if let Some(title) = title {
        remove_title_heading(root, title);
    }
}

fn elements_named<'a>(
    root: &NodeRef<'a>,
    names: &'static [&'static str],
) -> impl Iterator<Item = NodeRef<'a>> {
    root.descendants().into_iter().filter(move |node| names.iter().any(|name| node.has_name(name)))
}

/// Removes what is marked, unless it is about everything.
fn remove_marked(root: &NodeRef<'_>) {
    let size = count_characters(root, usize::MAX);
    let limit = size / 4;
    let is_marked = |node: &NodeRef<'_>| node.has_attr(MARK_ATTRIBUTE);
    let mut marked = root.descendants();
    marked
        .retain(|node| is_marked(node) && !node.parent().is_some_and(|parent| is_marked(&parent)));
    marked.retain(|node| count_characters(node, limit) <= limit);
    if marked.iter().map(|node| count_characters(node, limit)).sum::<usize>() * 2 <= size {
        marked.iter().for_each(NodeRef::remove_from_parent);
    }
}

/// "Read more: …" and the links that follow it.
fn remove_related_links(root: &NodeRef<'_>) {
    for node in elements_named(root, &["p", "div", "li", "h3", "h4", "h5", "h6"]) {
        let size = count_characters(&node, 200);
        if size > 200 || !starts_with_lead_in(&node) {
            continue;
        }
        let links = count_linked_characters(&node, 200);
        if links == 0 && size <= 40 {
            if remove_following_links(&node) {
                node.remove_from_parent();
            }
        } else if links > 0 && size - links.min(size) <= 30 {
            node.remove_from_parent();
        }
    }
}

fn starts_with_lead_in(node: &NodeRef<'_>) -> bool {
    let words = collapsed_text(node).to_lowercase();
    LEAD_INS.iter().any(|lead| words.starts_with(lead))
}

/// Removes what follows `node` and is nothing but links; whether there was any.
fn remove_following_links(node: &NodeRef<'_>) -> bool {
    let mut found = false;
    while let Some(next) = node.next_element_sibling() {
        let size = count_characters(&next, MAX_BOILERPLATE_CHARS);
        let heading = next.has_name("h1") || next.has_name("h2");
        if heading
            || size > MAX_BOILERPLATE_CHARS
            || count_linked_characters(&next, MAX_BOILERPLATE_CHARS) * 10 < size * 9
        {
            break;
        }
        found |= size > 0;
        next.remove_from_parent();
    }
    found
}

/// Galleries tell each picture once in full and once more for a small screen.
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

fn is_in_caption(node: &NodeRef<'_>) -> bool {
    class_names::is_caption(node)
        || node.ancestors_it(Some(2)).any(|ancestor| class_names::is_caption(&ancestor))
}

/// A reader shows the title by itself.
fn remove_title_heading(root: &NodeRef<'_>, title: &str) {
    let Some(heading) =
        root.descendants_it().find(|node| node.has_name("h1") || node.has_name("p"))
    else {
        return;
    };
    let (said, title) = (collapsed_text(&heading).to_lowercase(), title.to_lowercase());
    if heading.has_name("h1") && !said.is_empty() && title.contains(&said) {
        heading.remove_from_parent();
    }
}
