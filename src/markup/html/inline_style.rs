//! The declarations in `style` attributes.

use std::borrow::Cow;

use dom_query::Element;

/// The way in which a style places an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DisplayKind {
    /// On lines of its own.
    Block,
    /// As part of a line.
    Inline,
}

/// Returns the way in which the style of an element places it (CSS Display §2); `None` if it does
/// not say.
pub(super) fn declared_display(element: &Element) -> Option<DisplayKind> {
    display_of_style(&element.attr("style").filter(|_| !element.attrs.is_empty())?)
}

/// Returns the way in which a style places its element; `None` if it does not say.
pub(super) fn display_of_style(style: &str) -> Option<DisplayKind> {
    match style_value(style, "display")?.split_whitespace().next()? {
        "block" | "flex" | "grid" | "flow-root" | "list-item" | "table" | "table-row"
        | "table-caption" => Some(DisplayKind::Block),
        "inline" | "inline-block" | "inline-flex" | "inline-grid" | "contents" => {
            Some(DisplayKind::Inline)
        }
        _ => None,
    }
}

/// Returns the value of a property in the value of a `style` attribute, in lower case; of several
/// the last one, and an important one before others (CSS Cascade §6.1).
pub(super) fn style_value(style: &str, property: &str) -> Option<String> {
    let style = without_comments(style);
    let declarations = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    let mut found: Option<(bool, String)> = None;
    for (name, value) in declarations {
        if !name.trim().eq_ignore_ascii_case(property) {
            continue;
        }
        let value = value.to_ascii_lowercase();
        let (value, priority) = value.split_once('!').unwrap_or((value.as_str(), ""));
        let important = priority.trim() == "important";
        if important || found.as_ref().is_none_or(|(before, _)| !before) {
            found = Some((important, value.trim().to_owned()));
        }
    }
    found.map(|(_, value)| value)
}

/// Returns a style without its comments, of which an unclosed one hides the rest (CSS Syntax §4.3.2).
fn without_comments(style: &str) -> Cow<'_, str> {
    if !style.contains("/*") {
        return Cow::Borrowed(style);
    }
    let mut kept = String::with_capacity(style.len());
    let mut rest = style;
    while let Some((before, comment)) = rest.split_once("/*") {
        kept.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_value_reads_whole_names_and_priorities() {
        let cases = [
            ("display:none", Some("none")),
            (" x-display: block; DISPLAY : None ", Some("none")),
            ("display:none; display:block", Some("block")),
            ("display:none !important; display:block", Some("none")),
            ("x-display:none; color:display", None),
            ("/* a:b; */display/**/:/* c */none /* d */; color:red", Some("none")),
            ("/*display:none*/", None),
            ("display:block;/*display:none", Some("block")),
            ("", None),
        ];
        for (style, expected) in cases {
            assert_eq!(style_value(style, "display").as_deref(), expected, "{style}");
        }
    }
}
