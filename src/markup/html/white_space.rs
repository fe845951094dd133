//! White space that a style keeps (CSS Text §3).

use dom_query::{Element, NodeId};

use super::inline_style::style_value;

/// The way in which the white space of a text is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum WhiteSpace {
    /// Runs of white space become one space.
    #[default]
    Collapsed,
    /// Line breaks are kept.
    LinesKept,
    /// Line breaks and spaces are kept.
    Kept,
}

/// The elements around a node that change the way in which white space is read.
#[derive(Debug, Default)]
pub(super) struct WhiteSpaceStack(Vec<(NodeId, WhiteSpace)>);

impl WhiteSpaceStack {
    /// Returns the way in which text is read here.
    pub(super) fn current(&self) -> WhiteSpace {
        self.0.last().map(|(_, white_space)| *white_space).unwrap_or_default()
    }

    /// Enters an element.
    pub(super) fn enter_element(&mut self, id: NodeId, element: &Element) {
        if let Some(white_space) = declared_white_space(element) {
            self.0.push((id, white_space));
        }
    }

    /// Leaves an element.
    pub(super) fn leave_element(&mut self, id: NodeId) {
        self.0.pop_if(|(entered, _)| *entered == id);
    }
}

/// Returns the way in which the style of an element says to read white space.
fn declared_white_space(element: &Element) -> Option<WhiteSpace> {
    let style = element.attr("style").filter(|_| !element.attrs.is_empty())?;
    let value = style_value(&style, "white-space")
        .or_else(|| style_value(&style, "white-space-collapse"))?;
    match value.split_whitespace().next()? {
        "pre" | "pre-wrap" | "break-spaces" | "preserve" => Some(WhiteSpace::Kept),
        "pre-line" | "preserve-breaks" => Some(WhiteSpace::LinesKept),
        "normal" | "nowrap" | "collapse" => Some(WhiteSpace::Collapsed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::markup::parse_html;

    #[test]
    fn white_space_is_kept_where_a_style_says_so() {
        let cases = [
            ("<p style='white-space:pre-wrap'>a  b\n  c</p>d\ne", "a  b\n  c\n\nd e"),
            ("<p style='white-space : PRE-LINE'>a  b \n  c</p>", "a b\nc"),
            ("<div style='white-space:pre'>\n<p>a\nb</p>\n\n<p>c</p>\n</div>", "a\nb\n\nc"),
            (
                "<div style='white-space:pre'>a\n<i style='white-space:normal'>b\nc</i>\nd</div>",
                "a\nb c\nd",
            ),
            ("<span style='white-space:nowrap'>a\nb</span>", "a b"),
            ("<p style='white-space:pre-line'>a<br>b\n<b>c</b>", "a\nb\nc"),
        ];
        for (html, expected) in cases {
            assert_eq!(parse_html(html, None).plain_text(), expected, "{html}");
        }
    }
}
