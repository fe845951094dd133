//! URLs and sizes of images.

use dom_query::Element;

/// Maximum size of images that are part of a line, like letters, in CSS pixels.
const MAX_INLINE_SIZE: u32 = 32;

/// Returns the URL of an image. Pages that load images late have it in other attributes, and a
/// blank image in its place.
pub(super) fn image_source(element: &Element) -> Option<String> {
    let named = ["data-src", "data-lazy-src", "data-original", "src"].iter();
    let mut sources =
        named.filter_map(|name| element.attr(name).map(|source| source.trim().to_owned()));
    sources
        .find(|source| !source.is_empty() && !source.starts_with("data:"))
        .or_else(|| largest_srcset_candidate(element))
}

/// Returns the last of several sizes, which usually is the largest.
fn largest_srcset_candidate(element: &Element) -> Option<String> {
    let set = element.attr("srcset")?;
    let last = set.rsplit(", ").find_map(|candidate| candidate.split_whitespace().next());
    last.map(str::to_owned).filter(|source| !source.starts_with("data:"))
}

/// Returns true if an image is part of a line, like a letter.
pub(super) fn is_inline_image(element: &Element) -> bool {
    ["width", "height"]
        .iter()
        .filter_map(|name| pixel_attribute(element, name))
        .any(|pixels| pixels <= MAX_INLINE_SIZE)
}

/// Returns width and height of an image, if the page gives both.
pub(super) fn image_size(element: &Element) -> Option<(u32, u32)> {
    Some((pixel_attribute(element, "width")?, pixel_attribute(element, "height")?))
}

/// Parses a length in CSS pixels.
pub(super) fn pixel_attribute(element: &Element, name: &str) -> Option<u32> {
    element.attr(name)?.trim().trim_end_matches("px").parse().ok()
}
