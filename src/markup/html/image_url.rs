//! Pictures: where they are and how large, as pages say it.

use dom_query::Element;

/// Pictures up to this size stand within the text, like letters; in CSS pixels.
const MAX_INLINE_SIZE: u32 = 32;

/// Where a picture is. Pages that load their pictures late name it elsewhere, and put a blank one in its place.
pub(super) fn image_source(element: &Element) -> Option<String> {
    let named = ["data-src", "data-lazy-src", "data-original", "src"].iter();
    let mut sources =
        named.filter_map(|name| element.attr(name).map(|source| source.trim().to_owned()));
    sources
        .find(|source| !source.is_empty() && !source.starts_with("data:"))
        .or_else(|| largest_srcset_candidate(element))
}

/// The last of several sizes, which is the largest as a rule.
fn largest_srcset_candidate(element: &Element) -> Option<String> {
    let set = element.attr("srcset")?;
    let last = set.rsplit(", ").find_map(|candidate| candidate.split_whitespace().next());
    last.map(str::to_owned).filter(|source| !source.starts_with("data:"))
}

/// Whether a picture stands within the text, like a letter.
pub(super) fn is_inline_image(element: &Element) -> bool {
    ["width", "height"]
        .iter()
        .filter_map(|name| pixel_attribute(element, name))
        .any(|pixels| pixels <= MAX_INLINE_SIZE)
}

/// Width and height of a picture, if the page names both.
pub(super) fn image_size(element: &Element) -> Option<(u32, u32)> {
    Some((pixel_attribute(element, "width")?, pixel_attribute(element, "height")?))
}

/// A length in CSS pixels.
pub(super) fn pixel_attribute(element: &Element, name: &str) -> Option<u32> {
    element.attr(name)?.trim().trim_end_matches("px").parse().ok()
}
