//! Running text ready for wrapping: one string, and where its looks change. Link numbers are part of it.

use std::ops::Range;

use super::{Emphasis, LineSpan, Role, Target, Text};
use crate::text::boundary;

/// Text and its looks.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Styled {
    pub(super) text: String,
    runs: Vec<Run>,
}

/// A stretch of text that looks the same throughout; it begins where the one before ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Run {
    end: usize,
    role: Role,
    emphasis: Emphasis,
    link: Option<Target>,
}

impl Styled {
    /// Text that is `role` throughout.
    pub(super) fn plain(text: impl Into<String>, role: Role) -> Styled {
        let mut styled = Styled::default();
        styled.push(&text.into(), role, Emphasis::NONE, None);
        styled
    }

    /// `text`, what is neither link nor code in it being `role`, with the numbers of its links.
    pub(super) fn new(text: Text, role: Role) -> Styled {
        let Text(spans) = text;
        let mut styled = Styled::default();
        if let Some(length) = spans.iter().map(|span| span.text.len()).reduce(|a, b| a + b) {
            styled.text.reserve(length);
        }
        let mut spans = spans.into_iter().peekable();
        while let Some(span) = spans.next() {
            let role = match span.link {
                Some(_) => Role::Link,
                None if span.style.has(Emphasis::CODE) => Role::Code,
                None => role,
            };
            styled.push(&span.text, role, span.style, span.link);
            if spans.peek().is_none_or(|next| next.link != span.link) {
                styled.push_number(span.link);
            }
        }
        styled
    }

    pub(super) fn push(&mut self, text: &str, role: Role, emphasis: Emphasis, link: Option<Target>) {
        self.text.push_str(text);
        let run = Run { end: self.text.len(), role, emphasis, link };
        match self.runs.last_mut() {
            Some(last) if (last.role, last.emphasis, last.link) == (role, emphasis, link) => {
                last.end = run.end;
            }
            _ => self.runs.push(run),
        }
    }

    /// The number of a link behind its text.
    pub(super) fn push_number(&mut self, link: Option<Target>) {
        if let Some(id) = link.and_then(Target::link) {
            self.push(&format!("[{}]", id.number()), Role::LinkNumber, Emphasis::NONE, link);
        }
    }

    /// Where link numbers begin: no line may break there.
    pub(super) fn glued(&self) -> impl Iterator<Item = usize> {
        let starts = std::iter::once(0).chain(self.runs.iter().map(|run| run.end));
        starts.zip(&self.runs).filter(|(_, run)| run.role == Role::LinkNumber).map(|(start, _)| start)
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
    pub(super) fn split(self, bytes: usize) -> Vec<Styled> {
        if self.text.len() <= bytes {
            return vec![self];
        }
        let mut parts = Vec::new();
        let mut at = 0;
        while at < self.text.len() {
            let window = &self.text[at..boundary(&self.text, at + bytes)];
            let whole = at + window.len() == self.text.len();
            let blank = window.rfind([' ', '\n']).map(|blank| blank + 1).filter(|_| !whole);
            let end = at + blank.unwrap_or(window.len());
            let mut part = Styled::default();
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
    use crate::markup::{LinkId, Span};

    fn linked(text: &str) -> Span {
        Span { text: text.into(), link: Some(Target::Link(LinkId(0))), ..Span::default() }
    }

    #[test]
    fn links_carry_their_number_once() {
        let mut strong = linked("b");
        strong.style = Emphasis::STRONG;
        let styled =
            Styled::new(Text(vec![Span::plain("x "), linked("a"), strong, Span::plain(" y")]), Role::Text);
        assert_eq!(styled.text, "x ab[1] y");
        assert_eq!(styled.glued().collect::<Vec<_>>(), [4]);
        let roles: Vec<Role> = styled.spans(1..6).map(|span| span.role).collect();
        assert_eq!(roles, [Role::Text, Role::Link, Role::Link, Role::LinkNumber]);
    }

    #[test]
    fn long_text_is_split_at_blanks() {
        let parts = Styled::plain("one two three", Role::Text).split(9);
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["one two ", "three"]);
        assert_eq!(Styled::plain("東京の天気", Role::Text).split(4).len(), 5);
    }
}
