//! Pictures: where they are and how large, as pages say it.

use dom_query::Element;

/// Pictures up to this size stand within the text, like letters; in CSS pixels.
const SMALL: u32 = 32;

/// Where a picture is. Pages that load their pictures late name it elsewhere, and put a blank one in its place.
pub(super) fn source(element: &Element) -> Option<String> {
    let named = ["data-src", "data-lazy-src", "data-original", "src"].iter();
    let mut sources = named.filter_map(|name| element.attr(name).map(|source| source.trim().to_owned()));
    sources.find(|source| !source.is_empty() && !source.starts_with("data:")).or_else(|| largest(element))
}

/// The last of several sizes, which is the largest as a rule.
fn largest(element: &Element) -> Option<String> {
    let set = element.attr("srcset")?;
    let last = set.rsplit(", ").find_map(|candidate| candidate.split_whitespace().next());
    last.map(str::to_owned).filter(|source| !source.starts_with("data:"))
}

/// Whether a picture stands within the text, like a letter.
pub(super) fn is_small(element: &Element) -> bool {
    ["width", "height"].iter().filter_map(|name| pixels(element, name)).any(|pixels| pixels <= SMALL)
}

/// Width and height of a picture, if the page names both.
pub(super) fn size(element: &Element) -> Option<(u32, u32)> {
    Some((pixels(element, "width")?, pixels(element, "height")?))
}

/// A length in CSS pixels.
pub(super) fn pixels(element: &Element, name: &str) -> Option<u32> {
    element.attr(name)?.trim().trim_end_matches("px").parse().ok()
}
