//! The frame of the panes: rules, dividers, banner, positions.

use ratatui::{buffer::Buffer, style::Style};

use super::{ScreenPainter, overlay_hints::Hint, row_painter::RowPainter};
use crate::{
    app::{LayoutClass, Pane, PaneLayout},
    command::Command,
    text::{bidi::BidiMode, group_thousands},
};

impl ScreenPainter<'_> {
    pub(super) fn draw_chrome(&self, panes: &PaneLayout, buffer: &mut Buffer) {
        if let (Some(area), Some(banner)) = (panes.banner, self.app.notices.banner()) {
            RowPainter::new(buffer, area.x, area.y, area.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_text(" ", self.style.theme.text)
                .put_truncated(
                    &self.banner_text_within(banner, usize::from(area.width.saturating_sub(2))),
                    self.style.theme.focus,
                );
        }
        if let Some(y) = panes.top_rule {
            self.draw_rule(panes, buffer, y, self.style.glyphs.tee_down);
            self.draw_histogram(panes, buffer);
            self.draw_new_above(panes, buffer, y);
            self.draw_filter_error(panes, buffer);
        }
        self.draw_dividers(panes, buffer);
        if let Some(y) = panes.bottom_rule {
            self.draw_rule(panes, buffer, y, self.style.glyphs.tee_up);
            self.draw_positions(panes, buffer, y);
        }
        match panes.class {
            LayoutClass::Tiny => self.draw_tiny_position(panes, buffer),
            _ => self.draw_hint_line(panes, buffer),
        }
    }

    /// Draws a line across the screen, in the colour of the focus along the focused pane.
    fn draw_rule(&self, panes: &PaneLayout, buffer: &mut Buffer, y: u16, tee: &str) {
        let glyphs = &self.style.glyphs;
        let dividers: Vec<u16> = panes.divider_columns().collect();
        for x in panes.screen.left()..panes.screen.right() {
            let symbol = if dividers.contains(&x) { tee } else { glyphs.horizontal };
            buffer[(x, y)].set_symbol(symbol).set_style(self.rule_style(panes, x));
        }
    }

    fn rule_style(&self, panes: &PaneLayout, x: u16) -> Style {
        let focused = match self.app.ui.focus {
            Pane::Sidebar => panes.sidebar,
            Pane::List => panes.list,
            Pane::Article => panes.article,
        };
        let divided = panes.divider_columns().next().is_some();
        let along = focused.is_some_and(|area| area.left() <= x && x <= area.right());
        if along && divided { self.style.theme.focus } else { self.style.theme.line }
    }

    fn draw_dividers(&self, panes: &PaneLayout, buffer: &mut Buffer) {
        let from = panes.top_rule.map_or(1, |rule| rule + 1);
        let to = panes.bottom_rule.unwrap_or(panes.screen.bottom());
        // Terminals that reorder a row by themselves must not reorder it across a divider.
        let fence = if self.app.ui.bidi_mode() == BidiMode::Runs { "\u{200e}" } else { "" };
        let divider = format!("{}{fence}", self.style.glyphs.vertical);
        for x in panes.divider_columns() {
            for y in from..to {
                buffer[(x, y)].set_symbol(&divider).set_style(self.style.theme.line);
            }
        }
        if let Some(y) = panes.stack_rule_row() {
            self.draw_rule(panes, buffer, y, self.style.glyphs.horizontal);
        }
    }

    fn draw_new_above(&self, panes: &PaneLayout, buffer: &mut Buffer, y: u16) {
        let new = self.app.entry_list.new_above();
        if let (Some(list), true) = (panes.list, new > 0) {
            let glyphs = &self.style.glyphs;
            // Elsewhere the key goes to the first row of the focused pane.
            let is_focused = self.app.ui.focus == Pane::List;
            let key = self.shortcut(Command::GoFirst).filter(|_| is_focused);
            let key = key.map_or_else(String::new, |key| format!("{} {key} ", glyphs.separator));
            let text = format!(" {} {} new {key}", glyphs.arrow_up, group_thousands(new as u64));
            RowPainter::new(buffer, list.x + 2, y, list.width.saturating_sub(2))
                .put_text(&text, self.style.theme.focus);
        }
    }

    /// Draws `3 of 128` under the list, and `38% · 4 min` under the article.
    fn draw_positions(&self, panes: &PaneLayout, buffer: &mut Buffer, y: u16) {
        if let Some(list) = panes.list {
            let text = format!(" {} ", self.position_text());
            RowPainter::new(buffer, list.x + 2, y, list.width.saturating_sub(2))
                .put_text(&text, self.style.theme.muted);
        }
        if let (Some(article), Some(text), false) =
            (panes.article, self.progress_text(), panes.is_article_alone())
        {
            let text = format!(" {text} ");
            let columns = u16::try_from(text.chars().count()).unwrap_or(0);
            if columns + 1 < article.width {
                RowPainter::new(buffer, article.right() - columns - 1, y, columns)
                    .put_text(&text, self.style.theme.muted);
            }
        }
    }

    /// Returns the position of the selection in the list, such as `3 of 128`.
    pub(super) fn position_text(&self) -> String {
        let entries = &self.app.entry_list;
        let at = if entries.row_count() == 0 { 0 } else { entries.selected_index() + 1 };
        format!(
            "{} of {}",
            group_thousands(at as u64),
            group_thousands(self.app.listed_row_count())
        )
    }

    /// Returns the share of the article that is read and the time for the rest, such as `38% · 4
    /// min`.
    pub(super) fn progress_text(&self) -> Option<String> {
        let view = self.app.article_pane.view()?;
        let percent = usize::from(view.progress_percent());
        let left = (view.reading_minutes() * (100 - percent)).div_ceil(100);
        let time = if left == 0 { "end".to_owned() } else { format!("{left} min") };
        Some(format!("{percent}% {} {time}", self.style.glyphs.separator))
    }

    fn draw_tiny_position(&self, panes: &PaneLayout, buffer: &mut Buffer) {
        let Some(area) = panes.hint_line else { return };
        let entries = &self.app.entry_list;
        let at = if entries.row_count() == 0 { 0 } else { entries.selected_index() + 1 };
        let (position, hint): (String, Hint) =
            match (self.app.ui.focus, self.app.article_pane.view()) {
                (Pane::Article, Some(view)) => {
                    (format!("{}%", view.progress_percent()), (&[Command::ScrollLeft], "back"))
                }
                _ => (format!("{at}/{}", self.app.listed_row_count()), (&[Command::Help], "help")),
            };
        let text = format!("{position}  {}", self.hint_text(&[hint]));
        RowPainter::new(buffer, area.x, area.y, area.width)
            .put_truncated(&text, self.style.theme.muted);
    }
}
