//! URLs and sizes of images.

use dom_query::Element;

use super::{inline_style::style_value, tokenizer::HtmlTag};

/// Maximum size of images that are part of a line, like letters, in CSS pixels.
const MAX_INLINE_SIZE: f64 = 32.0;

/// Size of a letter in CSS pixels, by which other units are converted.
const PIXELS_PER_EM: f64 = 16.0;

/// Classes of images that stand for characters or formulas, as blogs and wikis write them.
const INLINE_CLASSES: [&str; 14] = [
    "emoji",
    "emojione",
    "twemoji",
    "emoticon",
    "smiley",
    "smilies",
    "smilie",
    "wp-smiley",
    "latex",
    "tex",
    "katex",
    "math",
    "formula",
    "texmath",
];

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

/// The attributes of an image that say how it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ImageAttributes {
    pub(super) alt: String,
    class: String,
    style: String,
    width: String,
    height: String,
}

impl ImageAttributes {
    /// Reads the attributes of an element of the tree.
    pub(super) fn of_element(element: &Element) -> ImageAttributes {
        ImageAttributes::read(|name| element.attr(name).map(|value| value.trim().to_owned()))
    }

    /// Reads the attributes of a tag.
    pub(super) fn of_tag(tag: &HtmlTag<'_>) -> ImageAttributes {
        ImageAttributes::read(|name| tag.attribute(name))
    }

    fn read(attribute: impl Fn(&str) -> Option<String>) -> ImageAttributes {
        let value = |name| attribute(name).unwrap_or_default();
        ImageAttributes {
            alt: value("alt"),
            class: value("class"),
            style: value("style"),
            width: value("width"),
            height: value("height"),
        }
    }

    /// Returns true if an image is part of a line, like a letter: by its size or its class.
    pub(super) fn is_inline(&self) -> bool {
        self.sizes().any(|pixels| pixels <= MAX_INLINE_SIZE)
            || self.class.split_whitespace().any(is_inline_class)
    }

    /// Returns true if an image is at most one pixel wide or high: such images only track readers.
    pub(super) fn is_tracking_pixel(&self) -> bool {
        self.sizes().any(|pixels| pixels <= 1.0)
    }

    /// Returns the width and the height in CSS pixels, as far as given.
    fn sizes(&self) -> impl Iterator<Item = f64> {
        let style =
            |property| style_value(&self.style, property).and_then(|value| css_pixels(&value));
        let styled = |property, attribute: &str| style(property).or_else(|| css_pixels(attribute));
        let sizes =
            [styled("width", &self.width), styled("height", &self.height), style("max-height")];
        sizes.into_iter().flatten()
    }
}

fn is_inline_class(class: &str) -> bool {
    let class = class.to_ascii_lowercase();
    INLINE_CLASSES.contains(&class.as_str())
        || class.starts_with("mwe-math-fallback-image")
        || class.starts_with("emoji-")
}

/// Parses a length in CSS units, or in pixels without a unit.
fn css_pixels(length: &str) -> Option<f64> {
    let length = length.trim().to_ascii_lowercase();
    let unit_start = length.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(length.len());
    let number: f64 = length[..unit_start].parse().ok()?;
    match &length[unit_start..] {
        "" | "px" => Some(number),
        "em" | "rem" => Some(number * PIXELS_PER_EM),
        "ex" | "ch" => Some(number * PIXELS_PER_EM / 2.0),
        "pt" => Some(number * 4.0 / 3.0),
        _ => None,
    }
}

/// Returns width and height of an image, if the page gives both.
pub(super) fn image_size(element: &Element) -> Option<(u32, u32)> {
    Some((pixel_attribute(element, "width")?, pixel_attribute(element, "height")?))
}

/// Parses a length in CSS pixels.
pub(super) fn pixel_attribute(element: &Element, name: &str) -> Option<u32> {
    element.attr(name)?.trim().trim_end_matches("px").parse().ok()
}

#[cfg(test)]
mod tests {
    use crate::markup::{html_to_text, parse_html};

    #[test]
    fn small_images_are_their_alternative_text_in_the_line() {
        let inline = [
            "class='wp-smiley' style='height: 1em; max-height: 1em;'",
            "class='emoji x'",
            "style='height:1.2em'",
            "style='vertical-align:middle;width:20px'",
            "height=20",
            "width='16px'",
            "class='latex'",
            "class='mwe-math-fallback-image-inline' aria-hidden='true' style='width:12ex;height:2.8ex'",
        ];
        for attributes in inline {
            let html = format!("<p>one <img src='/a.png' alt='📰' {attributes}> two</p>");
            assert_eq!(parse_html(&html, None).plain_text(), "one 📰 two", "{attributes}");
            assert_eq!(html_to_text(&html).trim(), "one 📰 two", "{attributes}");
        }
        let blocks = [
            "",
            "class='photo-emoji-x'",
            "width=640 height=480",
            "style='height:50%'",
            "style='height:auto'",
        ];
        for attributes in blocks {
            let html = format!(
                "<p>one <img src='https://example.org/a.png' alt='A' {attributes}> two</p>"
            );
            assert_eq!(parse_html(&html, None).blocks.len(), 3, "{attributes}");
        }
        let pixel = "one<img src='https://example.org/p' alt=x style='width:1px;height:1px'>";
        assert_eq!(parse_html(pixel, None).plain_text(), "one");
        assert_eq!(html_to_text(pixel), "one");
    }
}
