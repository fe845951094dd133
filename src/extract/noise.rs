//! Takes out of an article what is in it and not of it.

use std::collections::HashSet;

use dom_query::{Document, NodeRef};

use super::{
    names,
    size::{characters, linked, words},
};

/// The attribute that marks noise.
const MARK: &str = "data-noise";

/// Larger parts of an article are no noise, in characters.
const MAX_NOISE: usize = 4000;

/// Shorter texts may well stand below two pictures, in bytes.
const MIN_CAPTION: usize = 40;

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
pub(super) fn mark(page: &Document) {
    for node in page.root().descendants() {
        if node.has_attr(MARK) || !names::is_noise(&node) || characters(&node, MAX_NOISE) > MAX_NOISE {
            continue;
        }
        node.set_attr(MARK, "");
        node.descendants()
            .iter()
            .filter(|inner| inner.is_element())
            .for_each(|inner| inner.set_attr(MARK, ""));
    }
}

/// Takes the noise out of the article `root`, which is called `title`.
pub(super) fn remove(root: &NodeRef<'_>, title: Option<&str>) {
    remove_marked(root);
    remove_links_elsewhere(root);
    remove_repeated_captions(root);
    if let Some(title) = title {
        remove_heading(root, title);
    }
}

fn elements<'a>(root: &NodeRef<'a>, names: &'static [&'static str]) -> impl Iterator<Item = NodeRef<'a>> {
    root.descendants().into_iter().filter(move |node| names.iter().any(|name| node.has_name(name)))
}

/// Removes what is marked, unless it is about everything.
fn remove_marked(root: &NodeRef<'_>) {
    let size = characters(root, usize::MAX);
    let limit = size / 4;
    let is_marked = |node: &NodeRef<'_>| node.has_attr(MARK);
    let mut marked = root.descendants();
    marked.retain(|node| is_marked(node) && !node.parent().is_some_and(|parent| is_marked(&parent)));
    marked.retain(|node| characters(node, limit) <= limit);
    if marked.iter().map(|node| characters(node, limit)).sum::<usize>() * 2 <= size {
        marked.iter().for_each(NodeRef::remove_from_parent);
    }
}

/// "Read more: …" and the links that follow it.
fn remove_links_elsewhere(root: &NodeRef<'_>) {
    for node in elements(root, &["p", "div", "li", "h3", "h4", "h5", "h6"]) {
        let size = characters(&node, 200);
        if size > 200 || !leads_elsewhere(&node) {
            continue;
        }
        let links = linked(&node, 200);
        if links == 0 && size <= 40 {
            if remove_links_behind(&node) {
                node.remove_from_parent();
            }
        } else if links > 0 && size - links.min(size) <= 30 {
            node.remove_from_parent();
        }
    }
}

fn leads_elsewhere(node: &NodeRef<'_>) -> bool {
    let words = words(node).to_lowercase();
    LEAD_INS.iter().any(|lead| words.starts_with(lead))
}

/// Removes what follows `node` and is nothing but links; whether there was any.
fn remove_links_behind(node: &NodeRef<'_>) -> bool {
    let mut found = false;
    while let Some(next) = node.next_element_sibling() {
        let size = characters(&next, MAX_NOISE);
        let heading = next.has_name("h1") || next.has_name("h2");
        if heading || size > MAX_NOISE || linked(&next, MAX_NOISE) * 10 < size * 9 {
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
        if text.trim().len() >= MIN_CAPTION && is_in_caption(&node) && !seen.insert(text.trim().to_owned()) {
            node.remove_from_parent();
        }
    }
}

fn is_in_caption(node: &NodeRef<'_>) -> bool {
    names::is_caption(node) || node.ancestors_it(Some(2)).any(|ancestor| names::is_caption(&ancestor))
}

/// A reader shows the title by itself.
fn remove_heading(root: &NodeRef<'_>, title: &str) {
    let Some(heading) = root.descendants_it().find(|node| node.has_name("h1") || node.has_name("p")) else {
        return;
    };
    let (said, title) = (words(&heading).to_lowercase(), title.to_lowercase());
    if heading.has_name("h1") && !said.is_empty() && title.contains(&said) {
        heading.remove_from_parent();
    }
}
