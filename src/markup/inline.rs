//! Running text while it grows.

use super::{Emphasis, Span, Target, Text};
use crate::text::clean;

/// How the next words look.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    pub(super) style: Emphasis,
    pub(super) link: Option<Target>,
}

/// The spans of a paragraph not yet ended.
#[derive(Debug, Default)]
pub(super) struct Inline {
    spans: Vec<Span>,
    /// A blank that counts only if words follow on the same line.
    blank: bool,
}

impl Inline {
    /// Adds text as it is.
    pub(super) fn literal(&mut self, text: &str, look: Look) {
        self.settle(look);
        self.push(text, look);
    }

    /// Adds text in which any run of white space is one blank, as CSS has it.
    pub(super) fn collapsed(&mut self, text: &str, look: Look) {
        let white = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}');
        self.blank |= text.starts_with(white);
        for word in text.split(white).filter(|word| !word.is_empty()) {
            self.settle(look);
            self.push(word, look);
            self.blank = true;
        }
        self.blank &= text.ends_with(white) || text.is_empty();
    }

    /// A blank, unless the line ends here.
    pub(super) fn blank(&mut self) {
        self.blank = true;
    }

    /// Ends the line where the author wants it.
    pub(super) fn line_break(&mut self) {
        self.blank = false;
        let look = self.spans.last().map_or(Look::default(), |last| Look { style: last.style, link: None });
        self.push("\n", look);
    }

    /// Whether nothing has been added.
    pub(super) fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// The paragraph, clean, without white space around it; begins the next one.
    pub(super) fn take(&mut self) -> Text {
        self.blank = false;
        let mut spans = std::mem::take(&mut self.spans);
        for span in &mut spans {
            if let std::borrow::Cow::Owned(clean) = clean::block(&span.text) {
                span.text = clean;
            }
        }
        trim(&mut spans);
        Text(spans)
    }

    /// Writes the blank that is due, with the stress, and with the link, that both sides of it share.
    fn settle(&mut self, look: Look) {
        if !std::mem::take(&mut self.blank) {
            return;
        }
        let Some(last) = self.spans.last().filter(|last| !last.text.ends_with('\n')) else { return };
        let between = Look {
            style: if last.style == look.style { look.style } else { Emphasis::NONE },
            link: look.link.filter(|_| last.link == look.link),
        };
        self.push(" ", between);
    }

    fn push(&mut self, text: &str, look: Look) {
        match self.spans.last_mut() {
            Some(last) if last.style == look.style && last.link == look.link => last.text.push_str(text),
            _ => self.spans.push(Span { text: text.to_owned(), style: look.style, link: look.link }),
        }
    }
}

/// Whether text runs on from `before` to `after` without a blank where a source broke the line: it does in Chinese
/// and Japanese.
pub(super) fn runs_on(before: Option<char>, after: Option<char>) -> bool {
    let wide =
        |c: char| matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ff00}'..='\u{ff60}');
    before.is_some_and(wide) && after.is_some_and(wide)
}

fn trim(spans: &mut Vec<Span>) {
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
    fn white_space_collapses() {
        let mut inline = Inline::default();
        let strong = Look { style: Emphasis::STRONG, link: None };
        inline.collapsed("\n  one\n two ", Look::default());
        inline.collapsed(" three", strong);
        inline.collapsed("  \n", Look::default());
        inline.line_break();
        inline.collapsed("  four  ", Look::default());
        let text = inline.take();
        assert_eq!(text.text(), "one two three\nfour");
        assert_eq!(text.0[1].style, Emphasis::STRONG);
        assert!(inline.is_empty());
    }
}
