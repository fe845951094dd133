//! Elements that are not shown: hidden ones and tracking pixels.

use dom_query::Element;

use super::image_url;

/// Returns true if the page hides an element.
pub(super) fn is_hidden(element: &Element) -> bool {
    // Most elements have no attributes.
    !element.attrs.is_empty() && (element.has_attr("hidden") || has_display_none(element))
}

fn has_display_none(element: &Element) -> bool {
    let Some(style) = element.attr("style") else { return false };
    let style: String = style.chars().filter(|c| !c.is_whitespace()).collect();
    style.to_ascii_lowercase().contains("display:none")
}

/// Returns true if an element is at most one pixel wide or high: such images and frames only track
/// readers.
pub(super) fn is_tracking_pixel(element: &Element) -> bool {
    ["width", "height"]
        .iter()
        .any(|name| matches!(image_url::pixel_attribute(element, name), Some(0 | 1)))
}
