//! Images that a page shows by a script, and the copies of them in `<noscript>`.
//!
//! Scripts never run here, so the copy is the image: [`is_placeholder`] finds the placeholder before
//! it, and [`NoscriptImage`] the one after it.

use super::{
    image_url::{ImageAttributes, tag_image_source},
    tag_scanner::{HtmlTag, scan_tags},
    visibility::is_hidden,
};

/// Maximum number of tags between a placeholder and its copy.
const MAX_TAGS_BETWEEN: usize = 4;

/// Parts of the names of the files that stand in for an image.
const PLACEHOLDER_NAMES: [&str; 9] =
    ["placeholder", "blank", "spacer", "pixel", "1px", "1x1", "transparent", "lazy", "loading"];

/// Returns true if `tag` is an image that only stands for its copy in the `<noscript>` right after
/// it in `text`.
pub(super) fn is_placeholder(tag: &HtmlTag<'_>, text: &str) -> bool {
    let Some(copy) = noscript_copy(tag, text) else { return false };
    match tag_image_source(tag) {
        None => true,
        Some(source) => source == copy || is_loaded_late(tag, &source),
    }
}

/// The image of the last `<noscript>`, as long as nothing has followed it.
#[derive(Debug, Default)]
pub(super) struct NoscriptImage {
    is_inside: bool,
    source: Option<String>,
    end: usize,
}

impl NoscriptImage {
    /// Follows the tags of `text`; returns true if `tag` is an image that the `<noscript>` right
    /// before it has shown.
    pub(super) fn is_shown_before(&mut self, tag: &HtmlTag<'_>, text: &str) -> bool {
        if tag.name.eq_ignore_ascii_case("noscript") {
            self.is_inside = !tag.closing;
            self.end = tag.end;
            self.source = self.source.take().filter(|_| tag.closing);
            return false;
        }
        if self.is_inside {
            self.source = if is_image(tag) { tag_image_source(tag) } else { None };
            return false;
        }
        let Some(source) = self.source.take() else { return false };
        let is_next = text.get(self.end..tag.start).is_some_and(|text| text.trim().is_empty());
        is_next && is_image(tag) && tag_image_source(tag).is_some_and(|other| other == source)
    }
}

/// Returns true for the start tag of an image.
pub(super) fn is_image(tag: &HtmlTag<'_>) -> bool {
    !tag.closing && ["img", "amp-img"].iter().any(|name| tag.name.eq_ignore_ascii_case(name))
}

/// Returns the URL of the image in the `<noscript>` right after `tag`.
fn noscript_copy(tag: &HtmlTag<'_>, text: &str) -> Option<String> {
    let mut end = tag.end;
    let mut is_inside = false;
    for next in scan_tags(&text[tag.end..]).take(MAX_TAGS_BETWEEN) {
        let start = tag.end + next.start;
        if !text[end..start].trim().is_empty() {
            return None;
        }
        end = tag.end + next.end;
        let is = |name: &str| next.name.eq_ignore_ascii_case(name);
        if is_image(&next) && is_inside {
            return tag_image_source(&next).filter(|_| is_seen(&next));
        }
        let is_between = (next.closing && is("picture")) || (is_inside && is("picture"));
        let opens = is("noscript") && !next.closing && !is_inside;
        if !is_between && !opens {
            return None;
        }
        is_inside |= opens;
    }
    None
}

fn is_seen(image: &HtmlTag<'_>) -> bool {
    !ImageAttributes::of_tag(image).is_tracking_pixel() && !is_hidden(image.name, image.attributes)
}

/// Returns true if the attributes of an image say that a script loads it, or if its file has the
/// name of a placeholder.
fn is_loaded_late(tag: &HtmlTag<'_>, source: &str) -> bool {
    let attributes = tag.attributes.to_ascii_lowercase();
    let file = source.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    attributes.contains("lazy")
        || attributes.contains("data-src")
        || PLACEHOLDER_NAMES.iter().any(|name| file.contains(name))
}

#[cfg(test)]
mod tests {
    use crate::markup::{html_to_text, parse_html, sanitize_page};

    fn check(html: &str, expected: &str) {
        let document = parse_html(html, Some("https://example.org/"));
        assert_eq!(document.plain_text(), expected, "{html}");
        let letters =
            |text: &str| text.replace("[image:", "").replace(|c: char| !c.is_alphabetic(), "");
        assert_eq!(letters(&html_to_text(html)), letters(expected), "text of {html}");
    }

    #[test]
    fn noscript_is_shown_because_scripts_never_run() {
        let copy = "<noscript><img src='/a.jpg' alt=Harbour></noscript>";
        for placeholder in [
            "",
            "<img src='data:image/gif;base64,R0' alt=Harbour>",
            "<img class=lazyload src='/x.svg' alt=Harbour>",
            "<img src='/blank.gif' alt=Harbour>\n",
            "<img data-src='/a.jpg?w=10' alt=Harbour>",
            "<picture><source data-srcset='/a.webp'><img alt=Harbour></picture>",
            "<img src='/a.jpg' alt=Harbour>",
        ] {
            check(&format!("<p>a</p>{placeholder}{copy}<p>b</p>"), "a\n\n[image: Harbour]\n\nb");
        }
        check(&format!("{copy} <img data-src='/a.jpg' alt=Harbour>"), "[image: Harbour]");
        check(
            &format!("<figure>{copy}<figcaption>c</figcaption></figure>"),
            "[image: Harbour]\n\nc",
        );
        check("<noscript><p>a <b>b</b></p><p hidden>c</p></noscript>d", "a b\n\nd");
        check(
            "<img src='/b.jpg' alt=B><noscript><img src='/c.jpg' alt=C></noscript>",
            "[image: B]\n\n[image: C]",
        );
        check(
            "<img src='/b.jpg' alt=B class=lazy><noscript><img src='/p' width=1 alt=x></noscript>",
            "[image: B]",
        );
        check("<noscript>a", "a");
    }

    #[test]
    fn noscript_images_are_part_of_extracted_pages() {
        let page =
            "<figure><img class=lazy src='/x.svg'><noscript><img src='/a.jpg'></noscript></figure>";
        assert_eq!(sanitize_page(page).as_deref(), Some("<figure><img src=\"/a.jpg\"></figure>"));
    }

    #[test]
    fn noscript_takes_linear_time() {
        for part in
            ["<noscript>", "<img><noscript>", "<img>", "<noscript><img></noscript>", "<img>    "]
        {
            let html = part.repeat(50_000);
            parse_html(&html, None);
            html_to_text(&html);
        }
    }
}
