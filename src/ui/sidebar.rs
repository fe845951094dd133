//! The sidebar: views, feeds by folder, tags.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{ScreenPainter, row_painter::RowPainter};
use crate::{
    app::{FolderState, Pane, SidebarRow},
    text::{count_noun, group_thousands, width},
};

impl ScreenPainter<'_> {
    /// Draws the sidebar; returns the position of the selected row.
    pub(super) fn draw_sidebar(&self, area: Rect, buffer: &mut Buffer) -> Position {
        let sidebar = &self.app.sidebar;
        let rows = sidebar.rows().iter().enumerate().skip(sidebar.top_index());
        for ((index, row), y) in rows.zip(area.y..area.bottom()) {
            let row_area = Rect { y, height: 1, ..area };
            let selected = index == sidebar.selected_index();
            let style = match (selected, self.app.ui.focus == Pane::Sidebar) {
                (true, true) => self.style.theme.selection,
                (true, false) => self.style.theme.text.add_modifier(Modifier::BOLD),
                (false, _) => self.style.theme.text,
            };
            if selected {
                buffer.set_style(row_area, style);
            }
            self.draw_sidebar_row(row, row_area, style, buffer);
        }
        let row = u16::try_from(sidebar.selected_index().saturating_sub(sidebar.top_index()))
            .unwrap_or(0);
        Position::new(area.x, area.y + row.min(area.height.saturating_sub(1)))
    }

    fn draw_sidebar_row(
        &self,
        row: &SidebarRow,
        row_area: Rect,
        style: Style,
        buffer: &mut Buffer,
    ) {
        let (indent, label, count) = match row {
            SidebarRow::View(view, count) => (1, view.name.clone(), count.unwrap_or_default()),
            SidebarRow::Folder(name, count, fold) => {
                let (indent, name) = match self.name_in_account(name) {
                    Some(short) => (3, short),
                    None => (1, name.as_str()),
                };
                (indent, format!("{} {name}", self.fold_marker(*fold)), *count)
            }
            SidebarRow::Account(listed, count, fold) => {
                let name = &listed.account.name;
                (1, format!("{} {name}", self.fold_marker(*fold)), *count)
            }
            SidebarRow::TagGroup(fold) => (1, format!("{} Tags", self.fold_marker(*fold)), 0),
            SidebarRow::Tag(counted) => (5, counted.tag.clone(), counted.entry_count as u64),
            SidebarRow::Feed(feed) => {
                let indent = match feed.folder() {
                    Some(folder) if self.name_in_account(folder).is_some() => 7,
                    Some(_) => 5,
                    None => 1,
                };
                (indent, feed.display_name().to_owned(), feed.unread_count)
            }
            SidebarRow::Caption(text) => {
                RowPainter::new(buffer, row_area.x, row_area.y, row_area.width)
                    .put_text(" ", style)
                    .put_truncated(text, self.style.theme.muted);
                return;
            }
        };
        let count = self.count_text(row, count);
        let columns = u16::try_from(count.len()).unwrap_or(0);
        let failing = self.style.glyphs.failing;
        let mark = if row.is_failing() { format!(" {failing}") } else { String::new() };
        let mark_columns = u16::try_from(width(&mark)).unwrap_or(0);
        let room = row_area.width.saturating_sub(indent + columns + 2 + mark_columns);
        let mut painter = RowPainter::new(buffer, row_area.x + indent, row_area.y, room)
            .with_bidi_mode(self.app.ui.bidi_mode());
        painter.put_truncated(&label, self.label_style(row, style));
        let end = painter.x();
        RowPainter::new(buffer, end, row_area.y, mark_columns).put_text(&mark, style);
        RowPainter::new(buffer, row_area.right().saturating_sub(columns + 1), row_area.y, columns)
            .put_text(&count, self.count_style(row, style));
    }

    /// Returns the name of a folder within that of an account; `None` for any other.
    fn name_in_account<'n>(&self, folder: &'n str) -> Option<&'n str> {
        let accounts = &self.app.sidebar.data().accounts;
        let inside = accounts.iter().find(|listed| listed.has_folder(folder))?;
        folder.strip_prefix(inside.account.name.as_str())?.strip_prefix(" / ")
    }

    /// Returns the style of the name of a row: a tag of the user's has its colour.
    fn label_style(&self, row: &SidebarRow, style: Style) -> Style {
        match row {
            SidebarRow::Tag(counted) if style == self.style.theme.text => {
                counted.color.map_or(style, |color| self.style.theme.tag(color))
            }
            _ => style,
        }
    }

    /// Returns the style of a count: that of the row for unread articles, muted for all articles, and
    /// dimmed for a view that is being counted again.
    fn count_style(&self, row: &SidebarRow, style: Style) -> Style {
        match row {
            SidebarRow::View(view, _)
                if view.scope().is_none() && !self.app.sidebar.has_current_view_counts() =>
            {
                style.add_modifier(Modifier::DIM)
            }
            _ if row.counts_all_articles() && style == self.style.theme.text => {
                self.style.theme.muted
            }
            _ => style,
        }
    }

    /// Returns the count of a row; screen readers say what is counted.
    fn count_text(&self, row: &SidebarRow, count: u64) -> String {
        if count == 0 {
            String::new()
        } else if !self.app.ui.settings.accessible {
            group_thousands(count)
        } else if row.counts_all_articles() {
            count_noun(count, "article")
        } else {
            format!("{} unread", group_thousands(count))
        }
    }

    fn fold_marker(&self, state: FolderState) -> &'static str {
        let [open, closed] = self.style.glyphs.fold_markers;
        if state == FolderState::Open { open } else { closed }
    }
}
