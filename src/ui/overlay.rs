//! The overlays: the command menu and pickers, and the boxes of all others.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{ScreenPainter, feed_dialogs::FormFoot, row_painter::RowPainter};
use crate::{
    app::{
        CommandMenu, MenuLayout, Overlay, PaneLayout, Picker, PickerAction, PickerKind, TermSense,
        TextInput,
    },
    command::Command,
    markup::{Block, RichText, wrap_block, wrap_sentence},
    text::{sanitize, width},
};

impl ScreenPainter<'_> {
    /// Draws the overlay; returns the position of its caret.
    pub(super) fn draw_overlay(&self, panes: &PaneLayout, buffer: &mut Buffer) -> Option<Position> {
        match self.app.overlay.as_ref()? {
            Overlay::CommandMenu(menu) => self.draw_menu(menu, panes, buffer),
            Overlay::Picker(picker) => Some(self.draw_picker(picker, panes, buffer)),
            Overlay::AddFeed(dialog) => Some(self.draw_add_feed(dialog, panes, buffer)),
            Overlay::FeedTable(table) => self.draw_feed_table(table, panes, buffer),
            Overlay::Journal(table) => self.draw_journal(table, panes, buffer),
            Overlay::FeedForm(form) => {
                let foot = FormFoot::default();
                Some(self.draw_form(&form.title, &form.form, &foot, panes, buffer))
            }
            Overlay::FolderForm(form) => {
                let foot = FormFoot::default();
                Some(self.draw_form(&form.title, &form.form, &foot, panes, buffer))
            }
            Overlay::ViewForm(form) => {
                let foot = FormFoot::default();
                Some(self.draw_form(&form.title, &form.form, &foot, panes, buffer))
            }
            Overlay::RuleForm(form) => Some(self.draw_rule_form(form, panes, buffer)),
            Overlay::RuleTable(table) => self.draw_rule_table(table, panes, buffer),
            Overlay::AccountTable(table) => self.draw_account_table(table, panes, buffer),
            Overlay::AccountForm(form) => Some(self.draw_account_form(form, panes, buffer)),
            Overlay::FindBar(find) => self.draw_find_line(find, panes, buffer),
            Overlay::PathPrompt(prompt) => Some(self.draw_path_prompt(prompt, panes, buffer)),
            Overlay::Question(question) => {
                if let Some(table) = question.rule_table() {
                    self.draw_rule_table(table, panes, buffer);
                }
                Some(self.draw_question(question, panes, buffer))
            }
            Overlay::TagPrompt(prompt) => Some(self.draw_tag_prompt(prompt, panes, buffer)),
        }
    }

    /// Draws a page of the commands that have a letter, in columns, at the bottom of the screen.
    /// Returns the position of its text for screen readers.
    fn draw_menu(
        &self,
        menu: &CommandMenu,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        if !menu.is_shown() {
            return None;
        }
        let layout = menu.layout(panes, self.app.active_keymap());
        if self.app.ui.settings.accessible {
            return Some(self.draw_spoken_menu(menu, &layout, buffer));
        }
        let title = match layout.page_count {
            1 => "Commands".to_owned(),
            count => format!("Commands {}/{count}", menu.page() + 1),
        };
        self.draw_box(layout.dialog.frame, &title, buffer);
        let right = layout.dialog.list.right();
        for (item, area) in layout.placed_items() {
            let gap = u16::from(area.right() < right);
            let mut painter = RowPainter::new(buffer, area.x, area.y, area.width - gap);
            painter.put_text(&self.style.glyphs.key_text(&item.key), self.style.theme.focus);
            painter.put_text("  ", self.style.theme.text);
            painter.put_truncated(&item.title, self.style.theme.text);
        }
        None
    }

    /// Draws the menu for screen readers: a sentence, at which the cursor is, and a row for each command of
    /// the page. Returns the position of the sentence.
    fn draw_spoken_menu(
        &self,
        menu: &CommandMenu,
        layout: &MenuLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let text = self.style.theme.text;
        let inner = self.draw_box(layout.dialog.frame, "Commands", buffer);
        let sentence = wrap_sentence(&self.menu_sentence(menu, layout), inner.width, 3);
        for (row, y) in sentence.iter().zip(inner.y..inner.bottom()) {
            RowPainter::new(buffer, inner.x, y, inner.width).put_truncated(row, text);
        }
        for (item, area) in layout.placed_items() {
            let row = format!("{}: {}", self.style.glyphs.key_text(&item.key), item.title);
            RowPainter::new(buffer, area.x, area.y, area.width).put_truncated(&row, text);
        }
        inner.as_position()
    }

    /// Returns what to do in the menu, as a screen reader says it: `Page 1 of 5. Type the letter of a
    /// command.`
    fn menu_sentence(&self, menu: &CommandMenu, layout: &MenuLayout) -> String {
        let page = match layout.page_count {
            1 => String::new(),
            count => format!("Page {} of {count}. ", menu.page() + 1),
        };
        let find = self.shortcut(Command::Palette);
        let find = find.map_or_else(String::new, |key| format!(" {key} finds one by its name."));
        format!("{page}Type the letter of a command.{find}")
    }

    fn draw_picker(&self, picker: &Picker, panes: &PaneLayout, buffer: &mut Buffer) -> Position {
        let title = match picker.kind {
            PickerKind::Help => "Help",
            PickerKind::Palette => "Commands",
            PickerKind::Links => "Links",
            PickerKind::Headings => "Contents",
            PickerKind::BidiModes => "Which one reads right?",
            PickerKind::SortOrders => "Sort",
            PickerKind::Groupings => "Group",
            PickerKind::SnoozeTimes => "Hide until",
            PickerKind::Scopes => "Go to",
            PickerKind::Errors => "What failed",
            PickerKind::History => "Why the article is as it is",
            PickerKind::Targets => "Act on",
            PickerKind::Acts => "Do what?",
            PickerKind::Terms(TermSense::With) => "Filter by",
            PickerKind::Terms(TermSense::Without) => "Filter out",
            PickerKind::AccountRemovals => "Remove the account",
        };
        let layout = picker.layout(panes);
        let inner = self.draw_box(layout.frame, title, buffer);
        let caret = self.draw_input(&picker.input, "type to search", inner, buffer);
        let selected = match picker.kind {
            _ if picker.shows_help_page() => {
                self.draw_help_page(picker, layout.list, buffer);
                Some(layout.list.as_position())
            }
            _ if picker.has_details() => {
                self.draw_detailed_items(picker, layout.list, inner, buffer)
            }
            _ => self.draw_picker_items(picker, layout.list, buffer),
        };
        self.spoken_position(selected).unwrap_or(caret)
    }

    /// Returns the position of a selected row if the cursor of the terminal belongs there: a screen
    /// reader reads the row that the cursor comes to.
    pub(super) fn spoken_position(&self, selected: Option<Position>) -> Option<Position> {
        selected.filter(|_| self.app.ui.settings.accessible)
    }

    /// Draws the items; returns the position of the selected one.
    fn draw_picker_items(
        &self,
        picker: &Picker,
        area: Rect,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let mut cursor = None;
        let names_keys = matches!(picker.kind, PickerKind::Help | PickerKind::Palette);
        let top = picker.top_index();
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
            if selected {
                cursor = Some(Position::new(area.x, y));
            }
            let details = match picker.kind {
                _ if picker.has_details() => String::new(),
                _ if names_keys => self.style.glyphs.key_text(&item.detail),
                _ => item.detail.clone(),
            };
            let columns = u16::try_from(width(&details)).unwrap_or(0).min(area.width / 2);
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
                .put_truncated(&details, detail);
        }
        cursor
    }

    /// Draws the items, and the selected one in full below.
    fn draw_detailed_items(
        &self,
        picker: &Picker,
        list: Rect,
        inner: Rect,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let (rows, full) = (inner.bottom() - list.bottom(), list.bottom());
        let cursor = self.draw_picker_items(picker, list, buffer);
        let item = picker.matching_items().nth(picker.selected_index())?;
        let style = match picker.kind {
            PickerKind::Errors => self.style.theme.error,
            _ => self.style.theme.text,
        };
        let sentence = Block::Paragraph(RichText::plain(sanitize::to_line(&item.detail)));
        for (line, y) in
            wrap_block(sentence, list.width.max(1), rows.saturating_sub(1)).iter().zip(full + 1..)
        {
            RowPainter::new(buffer, list.x, y, list.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_text(&line.text(), style);
        }
        cursor
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
        clear_wide_characters_before(area, buffer);
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

/// Clears the wide characters that reach into the area from its left.
fn clear_wide_characters_before(area: Rect, buffer: &mut Buffer) {
    let Some(x) = area.x.checked_sub(1) else { return };
    for y in area.top()..area.bottom() {
        if width(buffer[(x, y)].symbol()) > 1 {
            buffer[(x, y)].set_symbol(" ");
        }
    }
}
