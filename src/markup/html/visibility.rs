//! Elements that a page hides.
//!
//! [`is_hidden`] is the only rule for them, for articles and searches alike.

use memchr::memchr2_iter;

use super::{inline_style::style_value, tag_scanner::parse_attributes};
use crate::text::decode_entities;

/// Returns true if the page hides the element `name`, by its attributes.
///
/// `hidden="until-found"` is shown, because a search has to find it (HTML standard §6.1), and so is
/// what is hidden from screen readers but is the page itself or stands in for a formula. A dialog is
/// hidden until it is open (§4.11.4), a popover until a script shows it (§6.12).
pub(super) fn is_hidden(name: &str, attributes: &str) -> bool {
    if is_closed_dialog(name, attributes) {
        return true;
    }
    mentions_hiding(attributes)
        && !["html", "body"].iter().any(|root| name.eq_ignore_ascii_case(root))
        && parse_attributes(attributes).any(|(attribute, value)| {
            if attribute.eq_ignore_ascii_case("hidden") {
                !value.trim().eq_ignore_ascii_case("until-found")
                    && !is_streamed_content(attributes)
            } else if attribute.eq_ignore_ascii_case("style") {
                hides_by_style(value)
            } else if attribute.eq_ignore_ascii_case("popover") {
                true
            } else {
                attribute.eq_ignore_ascii_case("aria-hidden")
                    && value.trim().eq_ignore_ascii_case("true")
                    && !is_shown_in_spite_of_aria(name, attributes)
            }
        })
}

/// Returns true if `attributes` may hide an element: a fast test that most tags fail.
fn mentions_hiding(attributes: &str) -> bool {
    let bytes = attributes.as_bytes();
    let has = |at: usize, word: &[u8]| {
        bytes.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word))
    };
    memchr2_iter(b'd', b'D', bytes).any(|at| has(at, b"dden") || has(at, b"display"))
        || memchr2_iter(b'p', b'P', bytes).any(|at| has(at, b"popover") || has(at, b"pse"))
}

fn is_closed_dialog(name: &str, attributes: &str) -> bool {
    name.eq_ignore_ascii_case("dialog") && attribute_value(attributes, "open").is_none()
}

/// Returns true if an element that is hidden is so only by its `visibility`, which parts of it can
/// overrule.
pub(super) fn is_only_invisible(name: &str, attributes: &str) -> bool {
    let is_other = |(attribute, _): (&str, &str)| {
        ["hidden", "popover", "aria-hidden"]
            .iter()
            .any(|other| attribute.eq_ignore_ascii_case(other))
    };
    style_of(attributes).is_some_and(|style| is_invisible(&style) && !is_not_displayed(&style))
        && !is_closed_dialog(name, attributes)
        && !parse_attributes(attributes).any(is_other)
}

/// Returns true if the style of an element says that it is visible (CSS Display §4).
pub(super) fn is_declared_visible(attributes: &str) -> bool {
    memchr2_iter(b'v', b'V', attributes.as_bytes()).next().is_some()
        && style_of(attributes)
            .and_then(|style| style_value(&style, "visibility"))
            .is_some_and(|value| value == "visible")
}

fn style_of(attributes: &str) -> Option<String> {
    attribute_value(attributes, "style").map(decode)
}

fn decode(style: &str) -> String {
    let mut decoded = String::new();
    decode_entities(style, &mut decoded);
    decoded
}

/// Returns true for the parts that React streams as hidden elements and a script puts in place.
fn is_streamed_content(attributes: &str) -> bool {
    attribute_value(attributes, "id").is_some_and(|id| id.starts_with("S:"))
}

/// Returns true for the article itself, which a page hides from screen readers behind a dialog, and
/// for the image of a formula whose text is hidden.
fn is_shown_in_spite_of_aria(name: &str, attributes: &str) -> bool {
    ["main", "article"].iter().any(|part| name.eq_ignore_ascii_case(part))
        || attribute_value(attributes, "class")
            .is_some_and(|class| class.contains("fallback-image"))
}

fn attribute_value<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut all = parse_attributes(attributes);
    all.find(|(written, _)| written.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

fn hides_by_style(style: &str) -> bool {
    let style = decode(style);
    is_not_displayed(&style) || is_invisible(&style)
}

fn is_not_displayed(style: &str) -> bool {
    style_value(style, "display").is_some_and(|value| value == "none")
}

fn is_invisible(style: &str) -> bool {
    style_value(style, "visibility").is_some_and(|value| matches!(&*value, "hidden" | "collapse"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_hidden_reads_each_way_to_hide() {
        let hidden = [
            " hidden",
            " HIDDEN=''",
            " hidden=hidden",
            " style='display:none'",
            " style=\"color: red; DISPLAY : None !important; display: block\"",
            " style='visibility: hidden'",
            " style='display&#58;none'",
            " style='visibility: collapse'",
            " style='/* a */display:/* b */none'",
            " popover",
            " popover=manual",
            " aria-hidden=true",
            " class='x' aria-hidden='TRUE'",
        ];
        for attributes in hidden {
            assert!(is_hidden("div", attributes), "{attributes}");
        }
        let shown = [
            "",
            " hidden=until-found",
            " class=hidden",
            " title='display:none'",
            " style='x-display:none-y'",
            " style='display:none; display:block'",
            " style='display:inline; --x:display'",
            " style='overflow:hidden'",
            " aria-hidden=false",
            " data-hidden",
            " hidden id='S:1'",
        ];
        for attributes in shown {
            assert!(!is_hidden("div", attributes), "{attributes}");
        }
        assert!(is_hidden("dialog", " class=open") && !is_hidden("DIALOG", " OPEN"));
        assert!(!is_hidden("body", " style='display:none'"));
        assert!(!is_hidden("main", " aria-hidden=true") && is_hidden("main", " hidden"));
        assert!(!is_hidden("img", " aria-hidden=true class='math-fallback-image-inline'"));
    }
}
