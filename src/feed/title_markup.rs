//! Tags that are the subject of a title: `The <video> element`.
//!
//! RSS does not say whether a title is HTML. Most are text with at most some words in italics; a tag
//! that formats nothing was written to be read.

use std::collections::HashMap;

use crate::markup::{HtmlTag, scan_tags};

/// Elements that format the words of titles.
const TITLE_ELEMENTS: [&str; 46] = [
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "center", "cite", "code", "del", "dfn",
    "div", "em", "font", "h1", "h2", "h3", "h4", "h5", "h6", "i", "ins", "kbd", "mark", "nobr",
    "p", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup",
    "time", "tt", "u", "var", "wbr", "img",
];

/// Byte offsets of the first start tag and of the last end tag of an element.
#[derive(Default, Clone, Copy)]
struct ElementExtent {
    first_start: Option<usize>,
    last_end: Option<usize>,
}

/// Escapes the tags in `title` that are its subject; returns `None` if there are none.
pub(super) fn escape_subject_tags(title: &str) -> Option<String> {
    if !title.contains('<') {
        return None;
    }
    let tags: Vec<HtmlTag<'_>> = scan_tags(title).filter(HtmlTag::is_element).collect();
    let mut extents: HashMap<String, ElementExtent> = HashMap::new();
    for tag in &tags {
        let extent = extents.entry(tag.name.to_ascii_lowercase()).or_default();
        if tag.closing {
            extent.last_end = Some(tag.start);
        } else {
            extent.first_start.get_or_insert(tag.start);
        }
    }
    let (mut escaped, mut copied) = (String::new(), 0);
    for tag in &tags {
        let name = tag.name.to_ascii_lowercase();
        let extent = extents.get(&name).copied().unwrap_or_default();
        if is_subject(tag, &name, extent) {
            escaped.push_str(&title[copied..tag.start]);
            escaped.push_str("&lt;");
            copied = tag.start + 1;
        }
    }
    (copied > 0).then(|| escaped + &title[copied..])
}

/// Returns true if a tag formats nothing: its element never does in a title, or its other tag is
/// missing.
fn is_subject(tag: &HtmlTag<'_>, name: &str, extent: ElementExtent) -> bool {
    let attributes = tag.attributes.trim();
    if !matches!(attributes, "" | "/") {
        return false;
    }
    match name {
        "br" | "wbr" => false,
        "img" => true,
        _ if !TITLE_ELEMENTS.contains(&name) => true,
        _ if attributes == "/" => false,
        _ if tag.closing => extent.first_start.is_none_or(|start| start > tag.start),
        // At the start, an end tag was forgotten: `<p>Title`.
        _ => tag.start > 0 && extent.last_end.is_none_or(|end| end < tag.start),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_subject_tags_keeps_formatting() {
        for (title, expected) in [
            ("When <table> is right", Some("When &lt;table> is right")),
            ("<audio> or </audio>?", Some("&lt;audio> or &lt;/audio>?")),
            ("An <em> too many", Some("An &lt;em> too many")),
            ("An </em> too many", Some("An &lt;/em> too many")),
            ("<i>Ulysses</i> &amp; <img>", Some("<i>Ulysses</i> &amp; &lt;img>")),
            ("A <b>bold</b> move<br>ahead", None),
            ("<p>Paragraph", None),
            ("<div/>", None),
            ("A picture <img src='a.png'>", None),
            ("Vec<T> in Rust", Some("Vec&lt;T> in Rust")),
        ] {
            assert_eq!(escape_subject_tags(title).as_deref(), expected, "{title}");
        }
    }
}
