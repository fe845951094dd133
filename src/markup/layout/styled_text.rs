//! Running text ready for wrapping: one string, and where its looks change. Link numbers are part of it.

use std::ops::Range;

use crate::markup::{Emphasis, LineSpan, LinkTarget, RichText, SpanRole};
use crate::text::floor_char_boundary;

/// Text and its looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct StyledText {
    pub(super) text: String,
    runs: Vec<StyleRun>,
}

/// A stretch of text that looks the same throughout; it begins where the one before ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct StyleRun {
    end: usize,
    role: SpanRole,
    emphasis: Emphasis,
    link: Option<LinkTarget>,
}

impl StyledText {
    /// Text that is `role` throughout.
    pub(super) fn plain(text: impl Into<String>, role: SpanRole) -> StyledText {
        let mut styled = StyledText::default();
        styled.push(&text.into(), role, Emphasis::NONE, None);
        styled
    }

    /// `text`, what is neither link nor code in it being `role`, with the numbers of its links.
    pub(super) fn new(text: RichText, role: SpanRole) -> StyledText {
        let RichText(spans) = text;
        let mut styled = StyledText::default();
        if let Some(length) = spans.iter().map(|span| span.text.len()).reduce(|a, b| a + b) {
            styled.text.reserve(length);
        }
        let mut spans = spans.into_iter().peekable();
        while let Some(span) = spans.next() {
            let role = match span.link {
                Some(_) => SpanRole::Link,
                None if span.emphasis.contains(Emphasis::CODE) => SpanRole::Code,
                None => role,
            };
            styled.push(&span.text, role, span.emphasis, span.link);
            if spans.peek().is_none_or(|next| next.link != span.link) {
                styled.push_link_number(span.link);
            }
        }
        styled
    }

    pub(super) fn push(
        &mut self,
        text: &str,
        role: SpanRole,
        emphasis: Emphasis,
        link: Option<LinkTarget>,
    ) {
        self.text.push_str(text);
        let run = StyleRun { end: self.text.len(), role, emphasis, link };
        match self.runs.last_mut() {
            Some(last) if (last.role, last.emphasis, last.link) == (role, emphasis, link) => {
                last.end = run.end;
            }
            _ => self.runs.push(run),
        }
    }

    /// The number of a link behind its text.
    pub(super) fn push_link_number(&mut self, link: Option<LinkTarget>) {
        if let Some(id) = link.and_then(LinkTarget::link_id) {
            self.push(&format!("[{}]", id.number()), SpanRole::LinkNumber, Emphasis::NONE, link);
        }
    }

    /// Where link numbers begin: no line may break there.
    pub(super) fn no_break_offsets(&self) -> impl Iterator<Item = usize> {
        let starts = std::iter::once(0).chain(self.runs.iter().map(|run| run.end));
        starts
            .zip(&self.runs)
            .filter(|(_, run)| run.role == SpanRole::LinkNumber)
            .map(|(start, _)| start)
    }

    /// The spans of a part of the text.
    pub(super) fn spans(&self, range: Range<usize>) -> impl Iterator<Item = LineSpan> {
        let first = self.runs.partition_point(|run| run.end <= range.start);
        let mut at = range.start;
        self.runs[first..].iter().map_while(move |run| {
            let part = at..run.end.min(range.end);
            at = part.end;
            (!part.is_empty()).then(|| LineSpan {
                text: self.text[part].to_owned(),
                role: run.role,
                emphasis: run.emphasis,
                link: run.link,
            })
        })
    }

    /// Parts of at most `bytes` bytes, each ending at a blank if there is one.
    pub(super) fn split_into_parts(self, bytes: usize) -> Vec<StyledText> {
        if self.text.len() <= bytes {
            return vec![self];
        }
        let mut parts = Vec::new();
        let mut at = 0;
        while at < self.text.len() {
            let window = &self.text[at..floor_char_boundary(&self.text, at + bytes)];
            let whole = at + window.len() == self.text.len();
            let blank = window.rfind([' ', '\n']).map(|blank| blank + 1).filter(|_| !whole);
            let end = at + blank.unwrap_or(window.len());
            let mut part = StyledText::default();
            for span in self.spans(at..end) {
                part.push(&span.text, span.role, span.emphasis, span.link);
            }
            parts.push(part);
            at = end;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::{LinkId, TextSpan};

    fn linked(text: &str) -> TextSpan {
        TextSpan {
            text: text.into(),
            link: Some(LinkTarget::Link(LinkId(0))),
            ..TextSpan::default()
        }
    }

    #[test]
    fn styled_text_link_is_followed_by_one_number() {
        let mut strong = linked("b");
        strong.emphasis = Emphasis::STRONG;
        let styled = StyledText::new(
            RichText(vec![TextSpan::plain("x "), linked("a"), strong, TextSpan::plain(" y")]),
            SpanRole::Text,
        );
        assert_eq!(styled.text, "x ab[1] y");
        assert_eq!(styled.no_break_offsets().collect::<Vec<_>>(), [4]);
        let roles: Vec<SpanRole> = styled.spans(1..6).map(|span| span.role).collect();
        assert_eq!(roles, [SpanRole::Text, SpanRole::Link, SpanRole::Link, SpanRole::LinkNumber]);
    }

    #[test]
    fn styled_text_split_breaks_at_spaces() {
        let parts = StyledText::plain("one two three", SpanRole::Text).split_into_parts(9);
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["one two ", "three"]);
        assert_eq!(StyledText::plain("東京の天気", SpanRole::Text).split_into_parts(4).len(), 5);
    }
}
