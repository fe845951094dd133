//! The sidebar: views, feeds by folder, saved filters.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{Scene, chrome::grouped, pen::Pen};
use crate::app::{Fold, Pane, SidebarRow};

impl Scene<'_> {
    /// Draws the sidebar; tells where the selected row begins.
    pub(super) fn sidebar(&self, area: Rect, buffer: &mut Buffer) -> Position {
        let sidebar = &self.app.sidebar;
        let rows = sidebar.rows().iter().enumerate().skip(sidebar.top());
        for ((index, row), y) in rows.zip(area.y..area.bottom()) {
            let place = Rect { y, height: 1, ..area };
            let selected = index == sidebar.selected();
            let style = match (selected, self.app.look.focus == Pane::Sidebar) {
                (true, true) => self.skin.theme.selection,
                (true, false) => self.skin.theme.text.add_modifier(Modifier::BOLD),
                (false, _) => self.skin.theme.text,
            };
            if selected {
                buffer.set_style(place, style);
            }
            self.sidebar_row(row, place, style, buffer);
        }
        let row = u16::try_from(sidebar.selected().saturating_sub(sidebar.top())).unwrap_or(0);
        Position::new(area.x, area.y + row.min(area.height.saturating_sub(1)))
    }

    fn sidebar_row(&self, row: &SidebarRow, place: Rect, style: Style, buffer: &mut Buffer) {
        let glyphs = &self.skin.glyphs;
        let (indent, label, count) = match row {
            SidebarRow::View(_, name, count) => (1, (*name).to_owned(), *count),
            SidebarRow::Folder(name, count, fold) => {
                let mark = if *fold == Fold::Open { glyphs.folds[0] } else { glyphs.folds[1] };
                (1, format!("{mark} {name}"), *count)
            }
            SidebarRow::Feed(feed) => {
                let indent = if feed.folder().is_some() { 5 } else { 1 };
                let mark = if row.is_failing() { format!(" {}", glyphs.failing) } else { String::new() };
                (indent, format!("{}{mark}", feed.name()), feed.unread)
            }
            SidebarRow::Saved(text) => (3, text.clone(), 0),
            SidebarRow::Caption(text) => {
                Pen::new(buffer, place.x, place.y, place.width)
                    .put(" ", style)
                    .cut(text, self.skin.theme.muted);
                return;
            }
        };
        let count = if count == 0 { String::new() } else { grouped(count) };
        let columns = u16::try_from(count.len()).unwrap_or(0);
        let room = place.width.saturating_sub(indent + columns + 2);
        Pen::new(buffer, place.x + indent, place.y, room).arranged(self.app.look.writer()).cut(&label, style);
        Pen::new(buffer, place.right().saturating_sub(columns + 1), place.y, columns).put(&count, style);
    }
}
