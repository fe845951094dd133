//! The markers of lists and their items: bullets, numbers, or none.

use dom_query::Element;

use super::inline_style::style_value;
use crate::markup::{
    ListNumbering, NumberStyle,
    builder::ContainerKind,
    open_list::{ItemMarker, MarkerStyle},
};

/// Returns the container of a list, whose style may give it other markers.
pub(super) fn list_container(element: &Element, is_ordered: bool) -> ContainerKind {
    match marker_style(element) {
        Some(MarkerStyle::Unmarked) => ContainerKind::UnmarkedList,
        Some(MarkerStyle::Bullet) => ContainerKind::List(None),
        Some(MarkerStyle::Number(style)) => {
            ContainerKind::List(Some(ListNumbering { style, ..list_numbering(element) }))
        }
        None => ContainerKind::List(is_ordered.then(|| list_numbering(element))),
    }
}

/// Returns the marker that the source gives to an item.
pub(super) fn item_marker(element: &Element) -> ItemMarker {
    if element.attrs.is_empty() {
        return ItemMarker::default();
    }
    let number = element.attr("value").and_then(|value| parse_integer(&value));
    ItemMarker { number, style: marker_style(element) }
}

/// Returns the numbering of a list. A reversed list without a start ends at 1.
fn list_numbering(element: &Element) -> ListNumbering {
    let first = element.attr("start").and_then(|start| parse_integer(&start));
    let down = element.has_attr("reversed");
    ListNumbering {
        first: first.unwrap_or(if down { i64::MIN } else { 1 }),
        descending: down,
        ..ListNumbering::default()
    }
}

/// Parses an integer and ignores what follows it (HTML standard §2.3.4.1).
fn parse_integer(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let number: i64 = digits[..length].parse().ok()?;
    Some(if text.starts_with('-') { -number } else { number })
}

/// Returns the markers that an element has by its style, or else by its type (HTML standard §16.3.8).
fn marker_style(element: &Element) -> Option<MarkerStyle> {
    let declared = element.attr("style").and_then(|style| {
        style_value(&style, "list-style-type").or_else(|| style_value(&style, "list-style"))
    });
    let style = declared.and_then(|value| value.split_whitespace().find_map(css_marker_style));
    style.or_else(|| match element.attr("type")?.trim() {
        "1" => Some(MarkerStyle::Number(NumberStyle::Decimal)),
        "a" => Some(MarkerStyle::Number(NumberStyle::LowerAlpha)),
        "A" => Some(MarkerStyle::Number(NumberStyle::UpperAlpha)),
        "i" => Some(MarkerStyle::Number(NumberStyle::LowerRoman)),
        "I" => Some(MarkerStyle::Number(NumberStyle::UpperRoman)),
        "none" => Some(MarkerStyle::Unmarked),
        name => css_marker_style(&name.to_ascii_lowercase())
            .filter(|style| *style == MarkerStyle::Bullet),
    })
}

fn css_marker_style(name: &str) -> Option<MarkerStyle> {
    let number = match name {
        "none" => return Some(MarkerStyle::Unmarked),
        "disc" | "circle" | "square" => return Some(MarkerStyle::Bullet),
        "decimal" => NumberStyle::Decimal,
        "lower-alpha" | "lower-latin" => NumberStyle::LowerAlpha,
        "upper-alpha" | "upper-latin" => NumberStyle::UpperAlpha,
        "lower-roman" => NumberStyle::LowerRoman,
        "upper-roman" => NumberStyle::UpperRoman,
        _ => return None,
    };
    Some(MarkerStyle::Number(number))
}

#[cfg(test)]
mod tests {
    use crate::markup::parse_html;

    #[test]
    fn ordered_lists_have_the_numbers_of_the_source() {
        let cases = [
            ("<ol><li>a<li value=7>b<li>c</ol>", "1. a\n7. b\n8. c"),
            ("<ol type=a start=25><li>x<li>y<li>z</ol>", "y. x\nz. y\naa. z"),
            ("<ol type=I><li>x<li value=4>y</ol>", "I. x\nIV. y"),
            ("<ol type=i style='list-style: upper-alpha inside'><li>x</ol>", "A. x"),
            ("<ol reversed><li>a<li value=9>b<li>c</ol>", "3. a\n9. b\n8. c"),
            ("<ol><li>a<li><li>c<li>d</ol>", "1. a\n3. c\n4. d"),
            ("<ol start='3.'><li value='x'>a</ol>", "3. a"),
            ("<ul><li value=3>a</ul>", "• a"),
            ("<ul><li type=1>a<li type=1>b</ul>", "1. a\n2. b"),
            ("<ol type=A start=3><li type=i>a<li type=i>b</ol>", "iii. a\niv. b"),
            ("<ol><li type=a>a<li>b</ol>", "1. a\n2. b"),
            ("<ul style='list-style-type: lower-roman'><li>a<li>b</ul>", "i. a\nii. b"),
            ("<ol type=disc><li>a</ol>", "• a"),
        ];
        for (html, expected) in cases {
            assert_eq!(parse_html(html, None).plain_text(), expected, "{html}");
        }
    }

    #[test]
    fn lists_without_markers_are_lines() {
        let cases = [
            ("<ul style='list-style:none'><li>a<li><b>b</b> c</ul>d", "a\nb c\n\nd"),
            ("<ol style='padding:0; list-style-type : NONE'><li>a</ol>", "a"),
            ("<ul><li style='list-style:none'>a<li style='list-style:none'>b</ul>", "a\nb"),
            (
                "<ul style='list-style:none outside'><li>a<ul><li>b</ul><li><p>c<p>d</ul>",
                "a\n\n• b\n\nc\n\nd",
            ),
            ("<ul style='list-style:square url(x)'><li>a</ul>", "• a"),
        ];
        for (html, expected) in cases {
            assert_eq!(parse_html(html, None).plain_text(), expected, "{html}");
        }
    }

    #[test]
    fn check_boxes_of_items_are_text() {
        let cases = [
            (
                "<ul><li><input type=checkbox checked> done<li><input type=CheckBox disabled>open</ul>",
                "• [x] done\n• [ ] open",
            ),
            ("<ul><li><label><input type=checkbox checked=''> a</label></ul>", "• [x] a"),
            ("<ul><li><p><input type=checkbox> a</p></ul>", "• [ ] a"),
            ("<ul><li><input type=radio>a<input type=checkbox hidden></ul>", "• a"),
            ("<p><input type=checkbox>a</p>", "a"),
        ];
        for (html, expected) in cases {
            assert_eq!(parse_html(html, None).plain_text(), expected, "{html}");
        }
    }
}
