//! Elements whose style strikes their text through, or makes blocks of what is part of a line.

use dom_query::{Element, NodeId};

use super::{
    element_role::ElementRole,
    inline_style::{DisplayKind, display_of_style, style_value},
    tag_scanner::HtmlTag,
};

/// The effects of the style of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct StyleEffects {
    /// The text is struck through.
    pub(super) strikes: bool,
    /// The element stands between paragraphs although it is an inline one.
    pub(super) is_block: bool,
}

/// The open elements whose style has an effect.
#[derive(Debug, Default)]
pub(super) struct StyledElements(Vec<(NodeId, StyleEffects)>);

impl StyledElements {
    /// Enters an element and returns the effects of its style.
    pub(super) fn enter_element(
        &mut self,
        id: NodeId,
        element: &Element,
        role: ElementRole,
    ) -> StyleEffects {
        let effects = StyleEffects::of_element(element, role);
        if effects != StyleEffects::default() {
            self.0.push((id, effects));
        }
        effects
    }

    /// Leaves an element and returns the effects that end.
    pub(super) fn leave_element(&mut self, id: NodeId) -> StyleEffects {
        self.0.pop_if(|(entered, _)| *entered == id).map(|(_, effects)| effects).unwrap_or_default()
    }
}

impl StyleEffects {
    fn of_element(element: &Element, role: ElementRole) -> StyleEffects {
        let Some(style) = element.attr("style").filter(|_| !element.attrs.is_empty()) else {
            return StyleEffects::default();
        };
        let is_struck = |property| {
            style_value(&style, property)
                .is_some_and(|value| value.split_whitespace().any(|word| word == "line-through"))
        };
        StyleEffects {
            strikes: is_struck("text-decoration") || is_struck("text-decoration-line"),
            is_block: role.is_within_line() && display_of_style(&style) == Some(DisplayKind::Block),
        }
    }
}

/// The open inline elements of a text without a tree that the style makes blocks.
#[derive(Debug, Default)]
pub(super) struct StyledBlocks<'a>(Vec<StyledBlock<'a>>);

#[derive(Debug)]
struct StyledBlock<'a> {
    name: &'a str,
    /// Number of open elements of the same name within it.
    nested: usize,
}

impl<'a> StyledBlocks<'a> {
    /// Follows the tags; returns true if such an element begins or ends with `tag`.
    pub(super) fn separates(&mut self, tag: &HtmlTag<'a>) -> bool {
        let innermost = self.0.last_mut().filter(|block| block.name.eq_ignore_ascii_case(tag.name));
        if tag.closing {
            match innermost {
                Some(block) if block.nested > 0 => block.nested -= 1,
                Some(_) => return self.0.pop().is_some(),
                None => {}
            }
            return false;
        }
        let is_block = tag.is_element() && is_styled_block(tag);
        if is_block {
            self.0.push(StyledBlock { name: tag.name, nested: 0 });
        } else if let Some(block) = innermost {
            block.nested += 1;
        }
        is_block
    }
}

/// Returns true if the style of a tag places its element between paragraphs.
fn is_styled_block(tag: &HtmlTag<'_>) -> bool {
    // Most tags have no style.
    memchr::memmem::find(tag.attributes.as_bytes(), b":").is_some()
        && tag.attribute("style").and_then(|style| display_of_style(&style))
            == Some(DisplayKind::Block)
}

#[cfg(test)]
mod tests {
    use crate::markup::{Block, Emphasis, ExportFormat, ExportHeader, html_to_text, parse_html};

    #[test]
    fn struck_through_style_is_that_of_deleted_text() {
        for html in [
            "a <span style='text-decoration:line-through'>b</span> c",
            "a <b style='Text-Decoration: underline LINE-THROUGH red'>b</b> c",
            "a <span style='text-decoration-line: line-through'>b</span> c",
        ] {
            let document = parse_html(html, None);
            let Block::Paragraph(text) = &document.blocks[0] else { unreachable!("a paragraph") };
            let struck: Vec<&str> = text
                .0
                .iter()
                .filter(|span| span.emphasis.contains(Emphasis::STRIKETHROUGH))
                .map(|span| span.text.as_str())
                .collect();
            assert_eq!(struck, ["b"], "{html}");
        }
        let html = "<p style='text-decoration:line-through'>a</p><p>b</p>";
        let written =
            parse_html(html, None).export(&ExportHeader::default(), ExportFormat::Markdown);
        assert_eq!(written, "~~a~~\n\nb\n");
    }

    #[test]
    fn inline_elements_with_the_style_of_blocks_are_blocks() {
        let cases = [
            (
                "<span style='display:block'>a</span><span style='display:block'>b</span>c",
                "a\n\nb\n\nc",
            ),
            ("a<b style='DISPLAY: Flex'>b <span>c</span></b>d", "a\n\nb c\n\nd"),
            ("a<span style='display:block'><span>b</span>c</span>d", "a\n\nbc\n\nd"),
            (
                "<h2><span style='display:block'>a</span><span style='display:block'>b</span></h2>c",
                "a\nb\n\nc",
            ),
            ("a<span style='display:inline-block'>b</span>", "ab"),
            ("<ul><li>a<i style='display:block'>b</i>c</ul>", "• a\nb\nc"),
        ];
        for (html, expected) in cases {
            assert_eq!(parse_html(html, None).plain_text(), expected, "{html}");
            let words =
                |text: &str| text.replace('•', "").split_whitespace().collect::<Vec<_>>().join(" ");
            assert_eq!(words(&html_to_text(html)), words(expected), "text of {html}");
        }
    }
}
