//! The numbers of ordered lists and their items.

use dom_query::Element;

use super::inline_style::style_value;
use crate::markup::{ListNumbering, NumberStyle};

/// Returns the numbering of a list. A reversed list without a start ends at 1.
pub(super) fn list_numbering(element: &Element) -> ListNumbering {
    let first = element.attr("start").and_then(|start| parse_integer(&start));
    let down = element.has_attr("reversed");
    ListNumbering {
        first: first.unwrap_or(if down { i64::MIN } else { 1 }),
        descending: down,
        style: number_style(element),
        restarts: Vec::new(),
    }
}

/// Returns the number that the source gives to an item.
pub(super) fn item_number(element: &Element) -> Option<i64> {
    element.attr("value").and_then(|value| parse_integer(&value))
}

/// Parses an integer and ignores what follows it (HTML standard §2.3.4.1).
fn parse_integer(text: &str) -> Option<i64> {
    let text = text.trim_start();
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let length = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    let number: i64 = digits[..length].parse().ok()?;
    Some(if text.starts_with('-') { -number } else { number })
}

fn number_style(element: &Element) -> NumberStyle {
    let declared = element.attr("style").and_then(|style| {
        style_value(&style, "list-style-type").or_else(|| style_value(&style, "list-style"))
    });
    let style = declared.and_then(|value| value.split_whitespace().find_map(css_number_style));
    style.unwrap_or_else(|| match element.attr("type").as_deref().map(str::trim) {
        Some("a") => NumberStyle::LowerAlpha,
        Some("A") => NumberStyle::UpperAlpha,
        Some("i") => NumberStyle::LowerRoman,
        Some("I") => NumberStyle::UpperRoman,
        _ => NumberStyle::Decimal,
    })
}

fn css_number_style(name: &str) -> Option<NumberStyle> {
    match name {
        "decimal" => Some(NumberStyle::Decimal),
        "lower-alpha" | "lower-latin" => Some(NumberStyle::LowerAlpha),
        "upper-alpha" | "upper-latin" => Some(NumberStyle::UpperAlpha),
        "lower-roman" => Some(NumberStyle::LowerRoman),
        "upper-roman" => Some(NumberStyle::UpperRoman),
        _ => None,
    }
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
