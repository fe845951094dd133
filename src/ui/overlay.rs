//! What lies over the panes: the command menu, and lists to pick from.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
};

use super::{Scene, pen::Pen};
use crate::{
    app::{Overlay, Panes, Pick, Picker, PickerKind, TextLine},
    command::Context,
    markup::{Block, Text, wrapped},
    text::{clean, width},
};

impl Scene<'_> {
    /// Draws what lies over the panes; tells where its caret is.
    pub(super) fn overlay(&self, panes: &Panes, buffer: &mut Buffer) -> Option<Position> {
        match self.app.overlay.as_ref()? {
            Overlay::Menu { shown: false, .. } => None,
            Overlay::Menu { .. } => {
                self.menu(panes, buffer);
                None
            }
            Overlay::Picker(picker) => Some(self.picker(picker, panes, buffer)),
            Overlay::Add(adding) => Some(self.add(adding, panes, buffer)),
            Overlay::Feeds(manager) => self.manager(manager, panes, buffer),
            Overlay::Edit(form) => Some(self.edit(form, panes, buffer)),
            Overlay::Find(find) => self.find_line(find, panes, buffer),
            Overlay::Path(purpose, line) => Some(self.path(*purpose, line, panes, buffer)),
        }
    }

    /// Every command that has a letter, in columns, at the bottom of the screen.
    fn menu(&self, panes: &Panes, buffer: &mut Buffer) {
        let items: Vec<(String, &str)> = self
            .app
            .keymap()
            .iter()
            .filter(|(context, ..)| *context == Context::Menu)
            .filter_map(|(_, keys, command)| match keys {
                [key] => Some((key.short(), command.spec().title)),
                _ => None,
            })
            .collect();
        let inside = usize::from(panes.screen.width.saturating_sub(4)).max(1);
        let widest = items.iter().map(|(key, title)| width(key) + width(title) + 4).max().unwrap_or(1);
        // Where there are too few rows, titles are cut rather than commands left out.
        let least = items.len().div_ceil(usize::from(panes.screen.height.saturating_sub(4)).max(1));
        let columns = (inside / widest).max(least).max(1);
        let (rows, column) = (items.len().div_ceil(columns), inside / columns);
        let height = u16::try_from(rows + 2).unwrap_or(u16::MAX).min(panes.screen.height);
        let bottom = panes.hints.map_or(panes.screen.bottom(), |hints| hints.y).max(height);
        let area = Rect { y: bottom - height, height, ..panes.screen };
        let inner = self.boxed(area, "Command… (a letter runs it)", buffer);
        for (index, (key, title)) in items.iter().enumerate() {
            let (x, y) = (index / rows * column, index % rows);
            let x = inner.x.saturating_add(u16::try_from(x).unwrap_or(u16::MAX));
            let y = inner.y.saturating_add(u16::try_from(y).unwrap_or(u16::MAX));
            if y < inner.bottom() && x < inner.right() {
                let room = u16::try_from(column.saturating_sub(1)).unwrap_or(u16::MAX).min(inner.right() - x);
                let gap = if column < widest { " " } else { "  " };
                let mut pen = Pen::new(buffer, x, y, room);
                pen.put(key, self.skin.theme.focus).put(gap, self.skin.theme.text);
                pen.cut(title, self.skin.theme.text);
            }
        }
    }

    fn picker(&self, picker: &Picker, panes: &Panes, buffer: &mut Buffer) -> Position {
        let title = match picker.kind {
            PickerKind::Help => "Help",
            PickerKind::Palette => "Commands",
            PickerKind::Links => "Links",
            PickerKind::Contents => "Contents",
            PickerKind::Directions => "Which one reads right?",
            PickerKind::Places => "Go to",
            PickerKind::Errors => "What failed",
        };
        let area = centred(panes.screen, 70, 26);
        let inner = self.boxed(area, title, buffer);
        let caret = self.input(&picker.line, "type to search", inner, buffer);
        let below = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        match picker.kind {
            _ if picker.shows_page() => self.help(picker.selected(), below, buffer),
            PickerKind::Errors => self.errors(picker, below, buffer),
            _ => self.items(picker, below, buffer),
        }
        caret
    }

    fn items(&self, picker: &Picker, area: Rect, buffer: &mut Buffer) {
        let height = usize::from(area.height.max(1));
        let top = picker.selected().saturating_sub(height - 1);
        if picker.items().len() == 0 {
            Pen::new(buffer, area.x, area.y, area.width).put("Nothing matches.", self.skin.theme.muted);
        }
        for ((index, item), y) in picker.items().enumerate().skip(top).zip(area.y..area.bottom()) {
            let selected = index == picker.selected();
            let selection = self.skin.theme.selection;
            let plain = (self.skin.theme.text, self.skin.theme.muted);
            let (label, detail) = if selected { (selection, selection) } else { plain };
            buffer.set_style(Rect { y, height: 1, ..area }, label);
            let columns = u16::try_from(width(&item.detail)).unwrap_or(0).min(area.width / 2);
            let room = area.width.saturating_sub(columns + 1);
            let writer = match item.pick {
                Pick::Direction(writer) => writer,
                _ => self.app.look.writer(),
            };
            Pen::new(buffer, area.x, y, room).arranged(writer).cut(&item.label, label);
            Pen::new(buffer, area.right() - columns, y, columns)
                .arranged(self.app.look.writer())
                .cut(&item.detail, detail);
        }
    }

    /// What failed, and the selected one in full below.
    fn errors(&self, picker: &Picker, area: Rect, buffer: &mut Buffer) {
        let rows = if area.height > 8 { 4 } else { 0 };
        let (list, full) = (area.height - rows, area.bottom() - rows);
        self.items(picker, Rect { height: list, ..area }, buffer);
        let Some(item) = picker.items().nth(picker.selected()) else { return };
        let sentence = format!("{} {}", item.label, item.detail);
        let sentence = Block::Paragraph(Text::plain(clean::line(&sentence)));
        for (line, y) in wrapped(sentence, area.width.max(1), rows.saturating_sub(1)).iter().zip(full + 1..) {
            Pen::new(buffer, area.x, y, area.width).put(&line.text(), self.skin.theme.error);
        }
    }

    /// The line of an overlay that is typed into; tells where its caret is.
    pub(super) fn input(
        &self,
        line: &TextLine,
        placeholder: &str,
        inner: Rect,
        buffer: &mut Buffer,
    ) -> Position {
        let mut pen = Pen::new(buffer, inner.x, inner.y, inner.width).arranged(self.app.look.writer());
        pen.put(self.skin.glyphs.prompt, self.skin.theme.focus).put(" ", self.skin.theme.text);
        let start = pen.x();
        if line.text().is_empty() {
            pen.cut(placeholder, self.skin.theme.muted);
            return Position::new(start, inner.y);
        }
        let room = usize::from(pen.room()).max(2);
        let before = line.before_caret();
        let mut from = 0;
        while width(&before[from..]) + 1 > room {
            from += before[from..].chars().next().map_or(1, char::len_utf8);
        }
        pen.put(&line.text()[from..], self.skin.theme.text);
        let caret = start + u16::try_from(width(&before[from..])).unwrap_or(0);
        Position::new(caret.min(inner.right().saturating_sub(1)), inner.y)
    }

    /// Clears `area`, draws a frame with a title, and tells what is inside.
    pub(super) fn boxed(&self, area: Rect, title: &str, buffer: &mut Buffer) -> Rect {
        let area = area.intersection(*buffer.area());
        let (glyphs, theme) = (&self.skin.glyphs, &self.skin.theme);
        for position in area.positions() {
            buffer[position].reset();
            buffer[position].set_style(theme.text);
        }
        if area.width < 4 || area.height < 3 {
            return area;
        }
        let across = glyphs.across.repeat(usize::from(area.width) - 2);
        let [top_left, top_right, bottom_right, bottom_left] = glyphs.corners;
        let mut edge = |y: u16, left: &str, right: &str| {
            let mut pen = Pen::new(buffer, area.x, y, area.width);
            pen.put(left, theme.focus).clean(&across, theme.focus).put(right, theme.focus);
        };
        edge(area.y, top_left, top_right);
        edge(area.bottom() - 1, bottom_left, bottom_right);
        for y in area.y + 1..area.bottom() - 1 {
            buffer[(area.x, y)].set_symbol(glyphs.down).set_style(theme.focus);
            buffer[(area.right() - 1, y)].set_symbol(glyphs.down).set_style(theme.focus);
        }
        Pen::new(buffer, area.x + 2, area.y, area.width - 4).cut(&format!(" {title} "), theme.focus);
        Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
    }
}

/// In the middle of the screen, at most so large.
pub(super) fn centred(screen: Rect, width: u16, height: u16) -> Rect {
    let (width, height) = (width.min(screen.width), height.min(screen.height.saturating_sub(2)).max(1));
    Rect { x: (screen.width - width) / 2, y: (screen.height - height.min(screen.height)) / 2, width, height }
}
