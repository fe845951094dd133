//! The tags of an article: beside its headline, in its head, and in the prompt that changes them.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::{ScreenPainter, row_painter::RowPainter};
use crate::{
    app::{PaneLayout, TagPrompt, tag_label},
    markup::wrap_sentence,
    model::EntryTag,
    text::{sanitize, width},
};

/// The blanks between two tags.
const GAP: &str = "  ";

/// The longest number of tags that are left out: an article has at most 64.
const LONGEST_REST: &str = " #64";

impl ScreenPainter<'_> {
    /// Draws as many tags as have room, each whole, and the number of the others; reserved ones come
    /// first. `lead` stands before them, if there is room for any.
    pub(super) fn draw_tags(
        &self,
        tags: &[EntryTag],
        lead: &str,
        painter: &mut RowPainter<'_>,
        style_for: impl Fn(Style) -> Style,
    ) {
        let (own, reserved): (Vec<&EntryTag>, Vec<&EntryTag>) =
            tags.iter().partition(|tag| !tag.id.is_reserved());
        let muted = style_for(self.style.theme.muted);
        let (mut before, mut left_out) = (lead, 0);
        for (index, tag) in reserved.into_iter().chain(own).enumerate() {
            let label = tag_label(tag, self.now);
            let label = sanitize::to_line(&label);
            let rest_columns = if index + 1 < tags.len() { LONGEST_REST.len() } else { 0 };
            let columns = width(before) + width(&label) + rest_columns;
            if left_out > 0 || columns > usize::from(painter.remaining_columns()) {
                left_out += 1;
                continue;
            }
            painter.put_text(before, muted);
            painter.put_sanitized(&label, style_for(self.style.theme.tag(tag.color)));
            before = GAP;
        }
        if left_out > 0 {
            // “+2” alone would look like the number of the copies of the article.
            let noun = if left_out == 1 { "tag" } else { "tags" };
            let lead = if before == GAP { " " } else { before };
            let forms = [format!("{lead}+{left_out} {noun}"), format!("{lead}#{left_out}")];
            let room = usize::from(painter.remaining_columns());
            if let Some(rest) = forms.iter().find(|form| width(form) <= room) {
                painter.put_text(rest, muted);
            }
        }
    }

    /// Draws the tags of an article at the beginning of the rule below its head.
    pub(super) fn draw_head_tags(&self, tags: &[EntryTag], row: Rect, buffer: &mut Buffer) -> u16 {
        if tags.is_empty() {
            return 0;
        }
        let lead = if self.app.ui.settings.accessible { "tagged " } else { "" };
        let mut painter = RowPainter::new(buffer, row.x, row.y, row.width)
            .with_bidi_mode(self.app.ui.bidi_mode());
        self.draw_tags(tags, lead, &mut painter, |style| style);
        painter.put_text(" ", self.style.theme.text);
        painter.x() - row.x
    }

    /// Draws the prompt for tags; returns the position of its caret.
    pub(super) fn draw_tag_prompt(
        &self,
        prompt: &TagPrompt,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let (of, placeholder) = if prompt.asks_for_day() {
            ("Hide until when:", "18:00  tomorrow  fri 9:00  2026-12-01  2d  3w")
        } else {
            ("Tags of", "urgent  -done  later until friday")
        };
        let title = format!("{of} {}", sanitize::to_line(prompt.title()));
        let inner = self.draw_box(prompt.layout(panes).frame, &title, buffer);
        let caret =
            self.draw_input(&prompt.input, placeholder, Rect { height: 1, ..inner }, buffer);
        let below = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        let completions = prompt.completions();
        let (text, style) = match prompt.problem() {
            Some(problem) => (problem.to_owned(), self.style.theme.error),
            None => (completions.join(GAP), self.style.theme.muted),
        };
        let rows = below.height.saturating_sub(1);
        for (row, y) in wrap_sentence(&text, below.width, rows).iter().zip(below.y..) {
            RowPainter::new(buffer, below.x, y, below.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(row, style);
        }
        if !below.is_empty() && !prompt.tags().is_empty() && !prompt.is_for_several() {
            let mut painter = RowPainter::new(buffer, below.x, below.bottom() - 1, below.width)
                .with_bidi_mode(self.app.ui.bidi_mode());
            self.draw_tags(prompt.tags(), "has ", &mut painter, |style| style);
        }
        caret
    }
}
