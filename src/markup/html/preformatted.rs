//! Preformatted text: its lines, which pages also write as elements.

use dom_query::Element;

use super::{
    element_role::ElementRole,
    image_url::ImageAttributes,
    inline_style::{DisplayKind, declared_display},
};
use crate::{
    markup::{Block, Emphasis},
    text::sanitize,
};

/// The `<pre>` element around the current node.
#[derive(Debug, Default)]
pub(super) struct PreformattedBlock {
    text: String,
    language: Option<String>,
    /// The number of further `<pre>` elements within it.
    nested: usize,
    /// An element has just ended the last line.
    line_ended: bool,
}

impl PreformattedBlock {
    /// Adds text. A line break right after an element that is a line belongs to that line.
    pub(super) fn push_text(&mut self, text: &str) {
        let rest = text.strip_prefix("\r\n").or_else(|| text.strip_prefix('\n'));
        self.text.push_str(rest.filter(|_| self.line_ended).unwrap_or(text));
        self.line_ended &= text.is_empty();
    }

    /// Enters an element.
    pub(super) fn enter_element(&mut self, element: &Element, meaning: ElementRole) {
        if is_line(element, meaning) {
            self.end_line();
            self.line_ended = false;
        }
        match meaning {
            ElementRole::Preformatted => self.nested += 1,
            ElementRole::LineBreak => self.push_text("\n"),
            ElementRole::TableCell(_) if !self.is_at_line_start() => self.text.push(' '),
            ElementRole::Image => {
                self.push_text(&ImageAttributes::of_element(element).description());
            }
            ElementRole::Emphasis(Emphasis::CODE) => self.read_language(element),
            _ => {}
        }
    }

    /// Leaves an element; returns false if it was the outermost `<pre>`.
    pub(super) fn leave_element(&mut self, element: &Element, meaning: ElementRole) -> bool {
        if meaning == ElementRole::Preformatted && self.nested == 0 {
            return false;
        }
        self.nested -= usize::from(meaning == ElementRole::Preformatted);
        if is_line(element, meaning) {
            self.line_ended |= !self.is_at_line_start();
            self.end_line();
        }
        true
    }

    /// Returns the block of code; `None` if it is blank.
    pub(super) fn into_block(self) -> Option<Block> {
        let text = sanitize::to_text_block(self.text.trim_end()).into_owned();
        let is_blank = text.trim().is_empty();
        (!is_blank).then_some(Block::Code { language: self.language, text })
    }

    fn is_at_line_start(&self) -> bool {
        self.text.is_empty() || self.text.ends_with('\n')
    }

    fn end_line(&mut self) {
        if !self.is_at_line_start() {
            self.text.push('\n');
        }
    }

    fn read_language(&mut self, element: &Element) {
        let class = element.attr("class").unwrap_or_default();
        let language = class.split_whitespace().find_map(|class| class.strip_prefix("language-"));
        if let Some(language) = language {
            self.language = Some(sanitize::to_line(language).into_owned());
        }
    }
}

/// Returns true if an element has lines of its own, by its style or else by its name.
fn is_line(element: &Element, meaning: ElementRole) -> bool {
    match declared_display(element) {
        Some(DisplayKind::Block) => true,
        Some(DisplayKind::Inline) => false,
        None => {
            meaning.is_block() || matches!(meaning, ElementRole::ListItem | ElementRole::TableRow)
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::markup::parse_html;

    #[test]
    fn preformatted_elements_are_lines() {
        let cases = [
            ("<div>let a = 1;</div><div>  let b;</div>", "let a = 1;\n  let b;"),
            ("<div>one</div>\n<div>two</div>", "one\ntwo"),
            ("<div>one</div>\n<div></div>\n<div>two</div>", "one\n\ntwo"),
            ("<div>one\n</div><div><br></div><div>two</div>", "one\n\ntwo"),
            ("<p>one</p><p>two</p>three", "one\ntwo\nthree"),
            ("<code><ol><li>one<li>two</ol></code>", "one\ntwo"),
            (
                "<span style='display:block'>one</span><span style='Display: Block'>two</span>",
                "one\ntwo",
            ),
            (
                "<code><span style='display:flex'><i>one\n</i></span><span style='display:flex'><i>two\n\
                 </i></span></code>",
                "one\ntwo",
            ),
            ("a<div style='display:inline'>b</div>c", "abc"),
            ("a<table><tr><td>1<td>one<tr><td>2<td>two</table>", "a\n1 one\n2 two"),
            ("<span>a</span><span>b</span>\n<span>c</span>", "ab\nc"),
            ("a<br>\nb", "a\n\nb"),
        ];
        for (content, expected) in cases {
            let html = format!("<pre>{content}</pre>");
            assert_eq!(parse_html(&html, None).plain_text(), expected, "{html}");
        }
    }

    #[test]
    fn preformatted_language_is_that_of_any_code() {
        let html = "<pre><code class='x language-rust'>a</code><code>b</code></pre>";
        let document = parse_html(html, None);
        let crate::markup::Block::Code { language, text } = &document.blocks[0] else {
            unreachable!("{document:?}")
        };
        assert_eq!((language.as_deref(), text.as_str()), (Some("rust"), "ab"));
    }
}
