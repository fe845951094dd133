//! Running text ready for wrapping: one string and the runs of equal style in it.
//!
//! Link numbers such as `[1]` are part of the string. Start with [`StyledText`].

use std::{borrow::Cow, ops::Range};

use crate::markup::{Emphasis, LineSpan, LinkTarget, RichText, SpanRole};
use crate::text::{ColumnCounter, floor_char_boundary, is_grapheme_boundary, sanitize};

/// Maximum length of the text of a layout block, in bytes: wrapping one block must not cause a
/// noticeable delay. A single line of code or row of a table may be longer.
pub(super) const MAX_BLOCK_BYTES: usize = 64 * 1024;

/// Length of a grapheme that is kept whole where a text is divided into blocks, in bytes.
const MAX_GRAPHEME_BYTES: usize = 128;

/// The place where a flow is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum FlowMedium {
    /// A terminal: emoji are simplified, and what does not fit is scrolled.
    #[default]
    Screen,
    /// A file or a pipe: every character is written, and styles that matter become characters.
    Text,
}

impl FlowMedium {
    /// Returns `text` as the medium can show it.
    pub(super) fn shown(self, text: &str) -> Cow<'_, str> {
        match self {
            FlowMedium::Screen => sanitize::to_block(text),
            FlowMedium::Text => Cow::Borrowed(text),
        }
    }
}

/// A text and its style runs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct StyledText {
    pub(super) text: String,
    runs: Vec<StyleRun>,
    /// Places to break within words, in order.
    soft_breaks: Vec<SoftBreak>,
    /// True if the medium cannot show some character of the source.
    is_simplified: bool,
    /// The column at the end of the text, for tabs.
    columns: ColumnCounter,
}

/// A place to break within a word: a zero-width space or soft hyphen of the source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SoftBreak {
    /// Offset in the text, in bytes.
    pub(super) offset: usize,
    /// True if a line that ends here gets a hyphen.
    pub(super) hyphenated: bool,
}

/// Marks around text whose style matters where there are no styles.
const STYLE_MARKS: [(Emphasis, &str); 2] =
    [(Emphasis::STRIKETHROUGH, "~~"), (Emphasis::INSERTED, "++")];

const SOFT_HYPHEN: char = '\u{ad}';
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// A stretch of text of equal style. It begins at the end of the run before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct StyleRun {
    /// End in the text, in bytes.
    end: usize,
    role: SpanRole,
    emphasis: Emphasis,
    link: Option<LinkTarget>,
}

impl StyledText {
    /// Returns a text that has `role` throughout.
    pub(super) fn plain(text: impl Into<String>, role: SpanRole) -> StyledText {
        let mut styled = StyledText::default();
        styled.push(&text.into(), role, Emphasis::NONE, None);
        styled
    }

    /// Converts `text` and adds a number after each link. Text that is neither a link nor code gets
    /// `role`.
    pub(super) fn new(text: &RichText, role: SpanRole, medium: FlowMedium) -> StyledText {
        let RichText(spans) = text;
        let mut styled = StyledText::default();
        styled.text.reserve(spans.iter().map(|span| span.text.len()).sum());
        let mut remaining = spans.iter().peekable();
        let mut before = Emphasis::NONE;
        while let Some(span) = remaining.next() {
            let span_role = match span.link {
                Some(_) => SpanRole::Link,
                None if span.emphasis.contains(Emphasis::CODE) => SpanRole::Code,
                None => role,
            };
            if medium == FlowMedium::Text {
                styled.push_marks(before, span.emphasis, role);
                before = span.emphasis;
            }
            styled.push_source(&span.text, span_role, span.emphasis, span.link, medium);
            if remaining.peek().is_none_or(|next| next.link != span.link) {
                styled.push_link_number(span.link);
            }
        }
        styled.push_marks(before, Emphasis::NONE, role);
        styled.runs.shrink_to_fit();
        styled
    }

    /// Appends the marks of the styles that end and begin.
    fn push_marks(&mut self, before: Emphasis, after: Emphasis, role: SpanRole) {
        for (style, mark) in STYLE_MARKS {
            if before.contains(style) != after.contains(style) {
                self.push(mark, role, Emphasis::NONE, None);
            }
        }
    }

    /// Appends text of a document, as `medium` can show it, and notes its places to break.
    pub(super) fn push_source(
        &mut self,
        text: &str,
        role: SpanRole,
        emphasis: Emphasis,
        link: Option<LinkTarget>,
        medium: FlowMedium,
    ) {
        let mut rest = text;
        while let Some(at) = rest.find([SOFT_HYPHEN, ZERO_WIDTH_SPACE]) {
            let hyphenated = rest[at..].starts_with(SOFT_HYPHEN);
            let end = at + if hyphenated { SOFT_HYPHEN } else { ZERO_WIDTH_SPACE }.len_utf8();
            // The screen keeps the zero-width spaces that separate words, as in Thai.
            let part = if medium == FlowMedium::Screen { &rest[..end] } else { &rest[..at] };
            self.push_shown(part, role, emphasis, link, medium);
            self.soft_breaks.push(SoftBreak { offset: self.text.len(), hyphenated });
            rest = &rest[end..];
        }
        self.push_shown(rest, role, emphasis, link, medium);
    }

    fn push_shown(
        &mut self,
        text: &str,
        role: SpanRole,
        emphasis: Emphasis,
        link: Option<LinkTarget>,
        medium: FlowMedium,
    ) {
        let shown = if medium == FlowMedium::Screen && text.contains('\t') {
            sanitize::to_block_at_column(text, self.columns.column_after(&self.text))
        } else {
            medium.shown(text)
        };
        self.is_simplified |= matches!(shown, Cow::Owned(_));
        self.push(&shown, role, emphasis, link);
    }

    /// Returns true if the medium cannot show some character of the source.
    pub(super) fn is_simplified(&self) -> bool {
        self.is_simplified
    }

    /// Returns the places to break within the byte range `range`.
    pub(super) fn soft_breaks(&self, range: Range<usize>) -> &[SoftBreak] {
        let start = self.soft_breaks.partition_point(|soft| soft.offset < range.start);
        let end = self.soft_breaks.partition_point(|soft| soft.offset < range.end);
        &self.soft_breaks[start..end]
    }

    /// Appends text and merges it with the last run if the style is the same.
    pub(super) fn push(
        &mut self,
        text: &str,
        role: SpanRole,
        emphasis: Emphasis,
        link: Option<LinkTarget>,
    ) {
        if text.is_empty() {
            return;
        }
        self.text.push_str(text);
        let run = StyleRun { end: self.text.len(), role, emphasis, link };
        match self.runs.last_mut() {
            Some(last) if (last.role, last.emphasis, last.link) == (role, emphasis, link) => {
                last.end = run.end;
            }
            _ => self.runs.push(run),
        }
    }

    /// Appends the number of a link to a URL; does nothing for other targets.
    pub(super) fn push_link_number(&mut self, link: Option<LinkTarget>) {
        if let Some(id) = link.and_then(LinkTarget::link_id) {
            self.push(&format!("[{}]", id.number()), SpanRole::LinkNumber, Emphasis::NONE, link);
        }
    }

    /// Returns the starts of the link numbers as byte offsets; a line must not break there.
    pub(super) fn no_break_offsets(&self) -> impl Iterator<Item = usize> {
        let starts = std::iter::once(0).chain(self.runs.iter().map(|run| run.end));
        starts
            .zip(&self.runs)
            .filter(|(_, run)| run.role == SpanRole::LinkNumber)
            .map(|(start, _)| start)
    }

    /// Returns the spans of a byte range of the text.
    pub(super) fn spans(&self, range: Range<usize>) -> impl Iterator<Item = LineSpan> {
        let first = self.runs.partition_point(|run| run.end <= range.start);
        let mut start = range.start;
        self.runs[first..].iter().map_while(move |run| {
            let part = start..run.end.min(range.end);
            start = part.end;
            (!part.is_empty()).then(|| LineSpan {
                text: self.text[part].to_owned(),
                role: run.role,
                emphasis: run.emphasis,
                link: run.link,
            })
        })
    }

    /// Splits the text into parts of at most `max_bytes` bytes: after a line break where the part has
    /// one, else after a space. The layout begins a new line with each part.
    pub(super) fn split_into_parts(self, max_bytes: usize) -> Vec<StyledText> {
        if self.text.len() <= max_bytes {
            return vec![self];
        }
        let mut parts = Vec::new();
        let mut start = 0;
        while start < self.text.len() {
            let window = &self.text[start..end_of_window(&self.text, start, max_bytes)];
            let is_last = start + window.len() == self.text.len();
            let last_break = window.rfind('\n').or_else(|| window.rfind(' '));
            let part_len = last_break.map(|at| at + 1).filter(|_| !is_last);
            let end = start + part_len.unwrap_or(window.len());
            let mut part = StyledText::default();
            let text_end = if self.text[start..end].ends_with('\n') { end - 1 } else { end };
            for span in self.spans(start..text_end) {
                part.push(&span.text, span.role, span.emphasis, span.link);
            }
            let in_part = self.soft_breaks(start..end).iter();
            part.soft_breaks =
                in_part.map(|soft| SoftBreak { offset: soft.offset - start, ..*soft }).collect();
            parts.push(part);
            start = end;
        }
        parts
    }
}

/// Returns the end of at most `max_bytes` bytes of `text` from `start` on, between graphemes unless one
/// is longer.
fn end_of_window(text: &str, start: usize, max_bytes: usize) -> usize {
    let end = floor_char_boundary(text, start + max_bytes);
    let is_boundary = |at: &usize| text.is_char_boundary(*at) && is_grapheme_boundary(text, *at);
    (start + 1..=end).rev().take(MAX_GRAPHEME_BYTES).find(is_boundary).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::markup::{LinkId, TextSpan};

    fn linked_span(text: &str) -> TextSpan {
        TextSpan {
            text: text.into(),
            link: Some(LinkTarget::Link(LinkId(0))),
            ..TextSpan::default()
        }
    }

    #[test]
    fn styled_text_link_is_followed_by_one_number() {
        let mut strong = linked_span("b");
        strong.emphasis = Emphasis::STRONG;
        let styled = StyledText::new(
            &RichText(vec![TextSpan::plain("x "), linked_span("a"), strong, TextSpan::plain(" y")]),
            SpanRole::Text,
            FlowMedium::Screen,
        );
        assert_eq!(styled.text, "x ab[1] y");
        assert_eq!(styled.no_break_offsets().collect::<Vec<_>>(), [4]);
        let roles: Vec<SpanRole> = styled.spans(1..6).map(|span| span.role).collect();
        assert_eq!(roles, [SpanRole::Text, SpanRole::Link, SpanRole::Link, SpanRole::LinkNumber]);
    }

    #[test]
    fn styled_text_marks_changes_where_there_are_no_styles() {
        let span = |text: &str, emphasis| TextSpan { text: text.into(), emphasis, link: None };
        let text = RichText(vec![
            span("a ", Emphasis::NONE),
            span("old", Emphasis::STRIKETHROUGH),
            span("er", Emphasis::STRIKETHROUGH.union(Emphasis::STRONG)),
            span("new", Emphasis::INSERTED),
        ]);
        let styled = |medium| StyledText::new(&text, SpanRole::Text, medium).text;
        assert_eq!(styled(FlowMedium::Text), "a ~~older~~++new++");
        assert_eq!(styled(FlowMedium::Screen), "a oldernew");
    }

    #[test]
    fn styled_text_notes_places_to_break() {
        let text = RichText::plain("no\u{ad}thing\u{200b}else");
        for medium in [FlowMedium::Screen, FlowMedium::Text] {
            let styled = StyledText::new(&text, SpanRole::Text, medium);
            assert_eq!(styled.text, "nothingelse");
            let breaks = styled.soft_breaks(0..20).iter();
            let breaks: Vec<_> = breaks.map(|soft| (soft.offset, soft.hyphenated)).collect();
            assert_eq!(breaks, [(2, true), (7, false)]);
        }
    }

    #[test]
    fn styled_text_split_breaks_at_spaces() {
        let parts = StyledText::plain("one two three", SpanRole::Text).split_into_parts(9);
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["one two ", "three"]);
        let parts = StyledText::plain("one\ntwo 3\n\nfour", SpanRole::Text).split_into_parts(8);
        let texts: Vec<&str> = parts.iter().map(|part| part.text.as_str()).collect();
        assert_eq!(texts, ["one", "two 3\n", "four"]);
        assert_eq!(StyledText::plain("東京の天気", SpanRole::Text).split_into_parts(4).len(), 5);
        let parts = StyledText::plain("x\u{323}x\u{323}", SpanRole::Text).split_into_parts(4);
        assert_eq!(parts.iter().map(|part| &*part.text).collect::<Vec<_>>(), ["x\u{323}"; 2]);
    }
}
