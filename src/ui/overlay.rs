//! The overlays: the command menu and pickers, and the boxes of all others.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{ScreenPainter, row_painter::RowPainter};
use crate::{
    app::{Overlay, PaneLayout, Picker, PickerAction, PickerKind, TextInput},
    command::KeyContext,
    markup::{Block, RichText, wrap_block},
    text::{sanitize, width},
};

impl ScreenPainter<'_> {
    /// Draws the overlay; returns the position of its caret.
    pub(super) fn draw_overlay(&self, panes: &PaneLayout, buffer: &mut Buffer) -> Option<Position> {
        match self.app.overlay.as_ref()? {
            Overlay::CommandMenu { shown: false, .. } => None,
            Overlay::CommandMenu { .. } => {
                self.draw_menu(panes, buffer);
                None
            }
            Overlay::Picker(picker) => Some(self.draw_picker(picker, panes, buffer)),
            Overlay::AddFeed(dialog) => Some(self.draw_add_feed(dialog, panes, buffer)),
            Overlay::FeedTable(table) => self.draw_feed_table(table, panes, buffer),
            Overlay::FeedForm(form) => Some(self.draw_feed_form(form, panes, buffer)),
            Overlay::FindBar(find) => self.draw_find_line(find, panes, buffer),
            Overlay::PathPrompt(prompt) => Some(self.draw_path_prompt(prompt, panes, buffer)),
        }
    }

    /// Draws every command that has a letter, in columns, at the bottom of the screen.
    fn draw_menu(&self, panes: &PaneLayout, buffer: &mut Buffer) {
        let items: Vec<(String, &str)> = self
            .app
            .active_keymap()
            .iter()
            .filter(|(context, ..)| *context == KeyContext::Menu)
            .filter_map(|(_, keys, command)| match keys {
                [key] => Some((key.hint(), command.spec().title)),
                _ => None,
            })
            .collect();
        let inside = usize::from(panes.screen.width.saturating_sub(4)).max(1);
        let widest =
            items.iter().map(|(key, title)| width(key) + width(title) + 4).max().unwrap_or(1);
        // Where there are too few rows, titles are cut rather than commands left out.
        let least = items.len().div_ceil(usize::from(panes.screen.height.saturating_sub(4)).max(1));
        let columns = (inside / widest).max(least).max(1);
        let (rows, column) = (items.len().div_ceil(columns), inside / columns);
        let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(panes.screen.height);
        let bottom = panes.hint_line.map_or(panes.screen.bottom(), |hints| hints.y).max(height);
        let area = Rect { y: bottom - height, height, ..panes.screen };
        let inner = self.draw_box(area, "Command… (a letter runs it)", buffer);
        for (index, (key, title)) in items.iter().enumerate() {
            let (x, y) = (index / rows * column, index % rows);
            let x = inner.x.saturating_add(u16::try_from(x).unwrap_or(u16::MAX));
            let y = inner.y.saturating_add(u16::try_from(y).unwrap_or(u16::MAX));
            if y < inner.bottom() && x < inner.right() {
                let room = u16::try_from(column.saturating_sub(1))
                    .unwrap_or(u16::MAX)
                    .min(inner.right() - x);
                let gap = if column < widest { " " } else { "  " };
                let mut painter = RowPainter::new(buffer, x, y, room);
                painter.put_text(key, self.style.theme.focus).put_text(gap, self.style.theme.text);
                painter.put_truncated(title, self.style.theme.text);
            }
        }
    }

    fn draw_picker(&self, picker: &Picker, panes: &PaneLayout, buffer: &mut Buffer) -> Position {
        let title = match picker.kind {
            PickerKind::Help => "Help",
            PickerKind::Palette => "Commands",
            PickerKind::Links => "Links",
            PickerKind::Headings => "Contents",
            PickerKind::BidiModes => "Which one reads right?",
            PickerKind::SortOrders => "Sort",
            PickerKind::Scopes => "Go to",
            PickerKind::Errors => "What failed",
        };
        let area = center_rect(panes.screen, 70, 26);
        let inner = self.draw_box(area, title, buffer);
        let caret = self.draw_input(&picker.input, "type to search", inner, buffer);
        let below = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        match picker.kind {
            _ if picker.shows_help_page() => self.draw_help(picker.selected_index(), below, buffer),
            PickerKind::Errors => self.draw_errors(picker, below, buffer),
            _ => self.draw_picker_items(picker, below, buffer),
        }
        caret
    }

    fn draw_picker_items(&self, picker: &Picker, area: Rect, buffer: &mut Buffer) {
        let height = usize::from(area.height.max(1));
        let top = picker.selected_index().saturating_sub(height - 1);
        if picker.matching_items().len() == 0 {
            RowPainter::new(buffer, area.x, area.y, area.width)
                .put_text("Nothing matches.", self.style.theme.muted);
        }
        for ((index, item), y) in
            picker.matching_items().enumerate().skip(top).zip(area.y..area.bottom())
        {
            let selected = index == picker.selected_index();
            let selection = self.style.theme.selection;
            let plain = (self.style.theme.text, self.style.theme.muted);
            let (label, detail) = if selected { (selection, selection) } else { plain };
            buffer.set_style(Rect { y, height: 1, ..area }, label);
            let columns = u16::try_from(width(&item.detail)).unwrap_or(0).min(area.width / 2);
            let room = area.width.saturating_sub(columns + 1);
            let mode = match item.action {
                PickerAction::SetBidiMode(mode) => mode,
                _ => self.app.ui.bidi_mode(),
            };
            RowPainter::new(buffer, area.x, y, room)
                .with_bidi_mode(mode)
                .put_truncated(&item.label, label);
            RowPainter::new(buffer, area.right() - columns, y, columns)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(&item.detail, detail);
        }
    }

    /// Draws the failures, and the selected one in full below.
    fn draw_errors(&self, picker: &Picker, area: Rect, buffer: &mut Buffer) {
        let rows = if area.height > 8 { 4 } else { 0 };
        let (list, full) = (area.height - rows, area.bottom() - rows);
        self.draw_picker_items(picker, Rect { height: list, ..area }, buffer);
        let Some(item) = picker.matching_items().nth(picker.selected_index()) else { return };
        let sentence = format!("{} {}", item.label, item.detail);
        let sentence = Block::Paragraph(RichText::plain(sanitize::to_line(&sentence)));
        for (line, y) in
            wrap_block(sentence, area.width.max(1), rows.saturating_sub(1)).iter().zip(full + 1..)
        {
            RowPainter::new(buffer, area.x, y, area.width)
                .put_text(&line.text(), self.style.theme.error);
        }
    }

    /// Draws the focused line of an overlay; returns the position of its caret.
    pub(super) fn draw_input(
        &self,
        line: &TextInput,
        placeholder: &str,
        inner: Rect,
        buffer: &mut Buffer,
    ) -> Position {
        let mut painter = RowPainter::new(buffer, inner.x, inner.y, inner.width)
            .with_bidi_mode(self.app.ui.bidi_mode());
        painter
            .put_text(self.style.glyphs.prompt, self.style.theme.focus)
            .put_text(" ", self.style.theme.text);
        let start = painter.x();
        if line.text().is_empty() {
            painter.put_truncated(placeholder, self.style.theme.muted);
            return Position::new(start, inner.y);
        }
        let room = usize::from(painter.remaining_columns()).max(2);
        let before = line.text_before_caret();
        let mut from = 0;
        while width(&before[from..]) + 1 > room {
            from += before[from..].chars().next().map_or(1, char::len_utf8);
        }
        painter.put_text(&line.text()[from..], self.style.theme.text);
        let caret = start + u16::try_from(width(&before[from..])).unwrap_or(0);
        Position::new(caret.min(inner.right().saturating_sub(1)), inner.y)
    }

    /// Clears `area` and draws a frame with a title; returns the area inside.
    pub(super) fn draw_box(&self, area: Rect, title: &str, buffer: &mut Buffer) -> Rect {
        let area = area.intersection(*buffer.area());
        let (glyphs, theme) = (&self.style.glyphs, &self.style.theme);
        for position in area.positions() {
            buffer[position].reset();
            buffer[position].set_style(theme.text);
        }
        if area.width < 4 || area.height < 3 {
            return area;
        }
        let across = glyphs.horizontal.repeat(usize::from(area.width) - 2);
        let [top_left, top_right, bottom_right, bottom_left] = glyphs.corners;
        let mut edge = |y: u16, left: &str, right: &str| {
            let mut painter = RowPainter::new(buffer, area.x, y, area.width);
            painter
                .put_text(left, theme.focus)
                .put_sanitized(&across, theme.focus)
                .put_text(right, theme.focus);
        };
        edge(area.y, top_left, top_right);
        edge(area.bottom() - 1, bottom_left, bottom_right);
        for y in area.y + 1..area.bottom() - 1 {
            buffer[(area.x, y)].set_symbol(glyphs.vertical).set_style(theme.focus);
            buffer[(area.right() - 1, y)].set_symbol(glyphs.vertical).set_style(theme.focus);
        }
        RowPainter::new(buffer, area.x + 2, area.y, area.width - 4)
            .put_truncated(&format!(" {title} "), theme.focus);
        Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
    }
}

/// Returns an area of at most this size in the middle of the screen.
pub(super) fn center_rect(screen: Rect, width: u16, height: u16) -> Rect {
    let (width, height) =
        (width.min(screen.width), height.min(screen.height.saturating_sub(2)).max(1));
    Rect {
        x: (screen.width - width) / 2,
        y: (screen.height - height.min(screen.height)) / 2,
        width,
        height,
    }
}
