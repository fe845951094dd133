//! The running text of the paragraph that a builder collects, with CSS whitespace collapsing.
//!
//! Start with [`Inline`]; `builder` drives it.

use super::{Emphasis, LinkTarget, RichText, TextSpan, document::is_blank_char};
use crate::text::sanitize;

/// The style of text to be added: its emphasis and link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct InlineStyle {
    pub(super) emphasis: Emphasis,
    pub(super) link: Option<LinkTarget>,
}

impl InlineStyle {
    /// Returns the emphasis and the link that two styles share.
    fn shared(self, other: InlineStyle) -> InlineStyle {
        InlineStyle {
            emphasis: self.emphasis.intersection(other.emphasis),
            link: self.link.filter(|_| self.link == other.link),
        }
    }
}

impl TextSpan {
    fn style(&self) -> InlineStyle {
        InlineStyle { emphasis: self.emphasis, link: self.link }
    }
}

/// The spans of an unfinished paragraph.
#[derive(Debug, Default)]
pub(super) struct Inline {
    spans: Vec<TextSpan>,
    /// A space that is written only if more text follows on the same line, with the style that all
    /// the white space which it stands for has.
    pending_space: Option<InlineStyle>,
}

impl Inline {
    /// Adds text unchanged.
    pub(super) fn push_literal(&mut self, text: &str, style: InlineStyle) {
        self.flush_space(style);
        self.push_styled(text, style);
    }

    /// Adds text and collapses each run of whitespace to one space, as CSS `white-space: normal`
    /// does.
    pub(super) fn push_collapsed(&mut self, text: &str, style: InlineStyle) {
        let is_white = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        if text.starts_with(is_white) {
            self.push_space(style);
        }
        let mut words = text.split(is_white).filter(|word| !word.is_empty()).peekable();
        while let Some(word) = words.next() {
            self.flush_space(style);
            self.push_styled(word, style);
            if words.peek().is_some() || text.ends_with(is_white) {
                self.push_space(style);
            }
        }
    }

    /// Adds the text of a check box, and a space after it.
    pub(super) fn push_check_box(&mut self, checked: bool) {
        let style = InlineStyle { emphasis: Emphasis::CHECK_BOX, link: None };
        self.flush_space(style);
        self.push_styled(if checked { "[x]" } else { "[ ]" }, style);
        self.push_space(InlineStyle::default());
    }

    /// Adds a space, unless the line ends here.
    pub(super) fn push_space(&mut self, style: InlineStyle) {
        self.pending_space = Some(self.pending_space.map_or(style, |space| space.shared(style)));
    }

    /// Removes the space at the end.
    pub(super) fn remove_space(&mut self) {
        self.pending_space = None;
    }

    /// Adds a line break set by the author.
    pub(super) fn push_line_break(&mut self, style: InlineStyle) {
        self.pending_space = None;
        let before = self.spans.last().map(TextSpan::style).unwrap_or_default();
        self.push_styled("\n", style.shared(before));
    }

    /// Returns true if nothing has been added since the last line break.
    pub(super) fn is_at_line_start(&self) -> bool {
        self.spans.last().is_none_or(|last| last.text.ends_with('\n'))
    }

    /// Returns true if nothing has been added.
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Takes the paragraph, sanitized and trimmed, and starts the next one. A mark that continues the
    /// last character of a span belongs to that span, whatever markup is between them.
    pub(super) fn take_text(&mut self) -> RichText {
        self.pending_space = None;
        let mut spans = std::mem::take(&mut self.spans);
        let mut texts: Vec<&mut String> = spans.iter_mut().map(|span| &mut span.text).collect();
        sanitize::to_text_block_in_parts(&mut texts);
        trim_spans(&mut spans);
        // A vector that grows has room for four spans; most paragraphs have one.
        spans.shrink_to_fit();
        RichText(spans)
    }

    /// Writes the pending space, with the style that it shares with the text on both sides: a space
    /// between two elements belongs to neither. At the start of a line, it drops the space.
    fn flush_space(&mut self, style: InlineStyle) {
        let Some(space) = self.pending_space.take() else { return };
        let Some(last) = self.spans.last().filter(|last| !last.text.ends_with('\n')) else {
            return;
        };
        let shared_style = space.shared(style).shared(last.style());
        self.push_styled(" ", shared_style);
    }

    fn push_styled(&mut self, text: &str, style: InlineStyle) {
        match self.spans.last_mut() {
            Some(last) if last.emphasis == style.emphasis && last.link == style.link => {
                last.text.push_str(text);
            }
            _ => {
                self.spans.push(TextSpan {
                    text: text.to_owned(),
                    emphasis: style.emphasis,
                    link: style.link,
                });
            }
        }
    }
}

/// Returns true if a line break of the source between `before` and `after` becomes no space, as in
/// Chinese and Japanese text.
pub(super) fn joins_without_space(before: Option<char>, after: Option<char>) -> bool {
    let is_cjk = |c: char| matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}');
    before.is_some_and(is_cjk) && after.is_some_and(is_cjk)
}

/// Removes blank characters at both ends, and empty spans.
fn trim_spans(spans: &mut Vec<TextSpan>) {
    while spans.last_mut().is_some_and(|last| {
        last.text.truncate(last.text.trim_end_matches(is_blank_char).len());
        last.text.is_empty()
    }) {
        spans.pop();
    }
    let is_blank = |span: &&TextSpan| span.text.chars().all(is_blank_char);
    let blank = spans.iter().take_while(is_blank).count();
    spans.drain(..blank);
    if let Some(first) = spans.first_mut() {
        let start = first.text.len() - first.text.trim_start_matches(is_blank_char).len();
        first.text.drain(..start);
    }
    spans.retain(|span| !span.text.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_mark_belongs_to_span_of_its_letter() {
        let mut inline = Inline::default();
        let strong = InlineStyle { emphasis: Emphasis::STRONG, link: None };
        inline.push_literal("s", strong);
        inline.push_literal("\u{301}", InlineStyle::default());
        inline.push_collapsed("taient", InlineStyle::default());
        let spans = inline.take_text().0;
        let texts: Vec<&str> = spans.iter().map(|span| span.text.as_str()).collect();
        assert_eq!(texts, ["ś", "taient"]);
        assert_eq!(spans[0].emphasis, Emphasis::STRONG);
    }

    #[test]
    fn inline_push_collapses_white_space() {
        let mut inline = Inline::default();
        let strong = InlineStyle { emphasis: Emphasis::STRONG, link: None };
        inline.push_collapsed("\n  one\n two ", InlineStyle::default());
        inline.push_collapsed(" three", strong);
        inline.push_collapsed("  \n", InlineStyle::default());
        inline.push_line_break(InlineStyle::default());
        inline.push_collapsed("  four  ", InlineStyle::default());
        let text = inline.take_text();
        assert_eq!(text.plain_text(), "one two three\nfour");
        assert_eq!(text.0[1].emphasis, Emphasis::STRONG);
        assert!(inline.is_empty());
    }
}
