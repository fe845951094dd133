//! Running text while it grows.

use super::{Emphasis, LinkTarget, RichText, TextSpan};
use crate::text::sanitize;

/// How the next words look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct InlineStyle {
    pub(super) emphasis: Emphasis,
    pub(super) link: Option<LinkTarget>,
}

/// The spans of a paragraph not yet ended.
#[derive(Debug, Default)]
pub(super) struct Inline {
    spans: Vec<TextSpan>,
    /// A blank that counts only if words follow on the same line.
    pending_space: bool,
}

impl Inline {
    /// Adds text as it is.
    pub(super) fn push_literal(&mut self, text: &str, look: InlineStyle) {
        self.flush_space(look);
        self.push_styled(text, look);
    }

    /// Adds text in which any run of white space is one blank, as CSS has it.
    pub(super) fn push_collapsed(&mut self, text: &str, look: InlineStyle) {
        let white = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        self.pending_space |= text.starts_with(white);
        for word in text.split(white).filter(|word| !word.is_empty()) {
            self.flush_space(look);
            self.push_styled(word, look);
            self.pending_space = true;
        }
        self.pending_space &= text.ends_with(white) || text.is_empty();
    }

    /// A blank, unless the line ends here.
    pub(super) fn push_space(&mut self) {
        self.pending_space = true;
    }

    /// Ends the line where the author wants it.
    pub(super) fn push_line_break(&mut self) {
        self.pending_space = false;
        let look = self.spans.last().map_or(InlineStyle::default(), |last| InlineStyle {
            emphasis: last.emphasis,
            link: None,
        });
        self.push_styled("\n", look);
    }

    /// Whether nothing has been added.
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The paragraph, clean, without white space around it; begins the next one.
    pub(super) fn take_text(&mut self) -> RichText {
        self.pending_space = false;
        let mut spans = std::mem::take(&mut self.spans);
        for span in &mut spans {
            if let std::borrow::Cow::Owned(clean) = sanitize::to_block(&span.text) {
                span.text = clean;
            }
        }
        trim_spans(&mut spans);
        RichText(spans)
    }

    /// Writes the blank that is due, with the stress, and with the link, that both sides of it share.
    fn flush_space(&mut self, look: InlineStyle) {
        if !std::mem::take(&mut self.pending_space) {
            return;
        }
        let Some(last) = self.spans.last().filter(|last| !last.text.ends_with('\n')) else {
            return;
        };
        let between = InlineStyle {
            emphasis: if last.emphasis == look.emphasis { look.emphasis } else { Emphasis::NONE },
            link: look.link.filter(|_| last.link == look.link),
        };
        self.push_styled(" ", between);
    }

    fn push_styled(&mut self, text: &str, look: InlineStyle) {
        match self.spans.last_mut() {
            Some(last) if last.emphasis == look.emphasis && last.link == look.link => {
                last.text.push_str(text);
            }
            _ => {
                self.spans.push(TextSpan {
                    text: text.to_owned(),
                    emphasis: look.emphasis,
                    link: look.link,
                });
            }
        }
    }
}

/// Whether text runs on from `before` to `after` without a blank where a source broke the line: it does in Chinese
/// and Japanese.
pub(super) fn joins_without_space(before: Option<char>, after: Option<char>) -> bool {
    let wide = |c: char| matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}');
    before.is_some_and(wide) && after.is_some_and(wide)
}

fn trim_spans(spans: &mut Vec<TextSpan>) {
    while spans.last_mut().is_some_and(|last| {
        last.text.truncate(last.text.trim_end().len());
        last.text.is_empty()
    }) {
        spans.pop();
    }
    let blank = spans.iter().take_while(|span| span.text.trim().is_empty()).count();
    spans.drain(..blank);
    if let Some(first) = spans.first_mut() {
        let start = first.text.len() - first.text.trim_start().len();
        first.text.drain(..start);
    }
    spans.retain(|span| !span.text.is_empty());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_push_collapses_white_space() {
        let mut inline = Inline::default();
        let strong = InlineStyle { emphasis: Emphasis::STRONG, link: None };
        inline.push_collapsed("\n  one\n two ", InlineStyle::default());
        inline.push_collapsed(" three", strong);
        inline.push_collapsed("  \n", InlineStyle::default());
        inline.push_line_break();
        inline.push_collapsed("  four  ", InlineStyle::default());
        let text = inline.take_text();
        assert_eq!(text.plain_text(), "one two three\nfour");
        assert_eq!(text.0[1].emphasis, Emphasis::STRONG);
        assert!(inline.is_empty());
    }
}
