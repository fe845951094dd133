//! URLs, sizes and descriptions of images.

use std::borrow::Cow;

use dom_query::{Element, NodeRef};

use super::{inline_style::style_value, tag_scanner::HtmlTag};

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

/// Maximum number of nodes in a `<picture>` among which its sources are looked for.
const MAX_PICTURE_NODES: usize = 64;

/// Attributes with the URL of an image, the best first: pages that load images late have a blank
/// image in `src`. `href` is that of `<image>`.
const SOURCE_ATTRIBUTES: [&str; 8] = [
    "data-src",
    "data-lazy-src",
    "data-original",
    "data-original-src",
    "data-actualsrc",
    "data-lazy",
    "src",
    "href",
];

/// Attributes with several sizes of an image.
const SET_ATTRIBUTES: [&str; 3] = ["data-srcset", "data-lazy-srcset", "srcset"];

/// Returns the URL of the image that an element of the tree shows; in a `<picture>`, that of its
/// sources if the image has none of its own.
pub(super) fn image_source(node: &NodeRef<'_>, element: &Element) -> Option<String> {
    let own = |element: &Element| {
        source_of(|name| element.attr(name).map(|value| value.trim().to_owned()))
    };
    own(element).or_else(|| {
        let is_picture = |parent: &NodeRef<'_>| {
            parent.element_ref().is_some_and(|parent| &*parent.name.local == "picture")
        };
        let mut child = node.parent().filter(is_picture)?.first_child();
        for _ in 0..MAX_PICTURE_NODES {
            let node = child?;
            let element = node.element_ref().filter(|other| &*other.name.local == "source");
            if let Some(source) = element.and_then(|element| own(&element)) {
                return Some(source);
            }
            child = node.next_sibling();
        }
        None
    })
}

/// Returns the URL of the image that a tag shows.
pub(super) fn tag_image_source(tag: &HtmlTag<'_>) -> Option<String> {
    source_of(|name| tag.attribute(name))
}

fn source_of(attribute: impl Fn(&str) -> Option<String>) -> Option<String> {
    let is_url = |source: &String| !source.is_empty() && !source.starts_with("data:");
    let mut sources = SOURCE_ATTRIBUTES.iter().filter_map(|name| attribute(name));
    sources.find(is_url).or_else(|| {
        let mut sets = SET_ATTRIBUTES.iter().filter_map(|name| attribute(name));
        sets.find_map(|set| largest_candidate(&set).filter(is_url))
    })
}

/// Returns the last of several sizes, which usually is the largest.
fn largest_candidate(set: &str) -> Option<String> {
    let last = set.rsplit(", ").find_map(|candidate| candidate.split_whitespace().next());
    last.map(str::to_owned)
}

/// The attributes of an image that say how it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct ImageAttributes {
    alt: String,
    title: String,
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
            title: value("title"),
            class: value("class"),
            style: value("style"),
            width: value("width"),
            height: value("height"),
        }
    }

    /// Returns the text that stands for the image: its alternative text, with the title that says
    /// more, or else the title.
    pub(super) fn description(&self) -> Cow<'_, str> {
        let is_known = || self.alt.to_lowercase().contains(&self.title.to_lowercase());
        // A title of one word is the name of a file.
        match (self.alt.as_str(), self.title.as_str()) {
            ("", title) => Cow::Borrowed(title),
            (alt, title) if !title.contains(' ') || self.is_inline() || is_known() => {
                Cow::Borrowed(alt)
            }
            (alt, title) if title.to_lowercase().contains(&alt.to_lowercase()) => {
                Cow::Borrowed(title)
            }
            (alt, title) => Cow::Owned(format!("{alt} ({title})")),
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

/// Returns true for a length of at most that of a letter.
pub(super) fn is_letter_sized(length: &str) -> bool {
    css_pixels(length).is_some_and(|pixels| pixels <= MAX_INLINE_SIZE)
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
    #[test]
    fn image_is_described_by_its_text_and_its_title() {
        let cases = [
            ("alt='A fox' title='It is fast, too'", "A fox (It is fast, too)"),
            ("alt='A red fox' title='a red Fox'", "A red fox"),
            ("alt='Fox' title='A red fox in snow'", "A red fox in snow"),
            ("alt='A fox' title='IMG_7'", "A fox"),
            ("alt='' title='A red fox'", "A red fox"),
            ("title='Fox &amp; hare'", "Fox & hare"),
            ("alt=Fox", "Fox"),
        ];
        for (attributes, expected) in cases {
            let html = format!("<img src='https://example.org/a.png' {attributes}>");
            let shown = format!("[image: {expected}]");
            assert_eq!(parse_html(&html, None).plain_text(), shown, "{attributes}");
            assert_eq!(html_to_text(&html).trim(), expected, "{attributes}");
        }
        let emoji = "<img class=emoji src='/a.png' alt=':-)' title='A smiling face'>";
        assert_eq!(parse_html(emoji, None).plain_text(), ":-)");
    }

    #[test]
    fn image_source_is_found_in_each_place() {
        for image in [
            "<amp-img src='/a.png' alt=A width=640 height=480></amp-img>",
            "<image src='/a.png' alt=A>",
            "<image href='/a.png' alt=A />",
            "<picture><source data-srcset='/a.png 1x'><img alt=A></picture>",
            "<picture><source srcset='/b.png 1x, /a.png 2x'><img src='data:x' alt=A></picture>",
            "<img data-lazy-srcset='/b.png 300w, /a.png 900w' src='data:x' alt=A>",
            "<img data-actualsrc='/a.png' alt=A>",
        ] {
            let document = parse_html(image, Some("https://example.org/"));
            assert!(document.plain_text().starts_with("[image: A"), "{image}");
            assert_eq!(document.links[0].url, "https://example.org/a.png", "{image}");
            assert_eq!(html_to_text(image).trim(), "A", "text of {image}");
        }
    }
}
