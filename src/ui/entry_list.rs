//! The entry list; only the rows in view are drawn.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{ScreenPainter, entry_row::EntryRowPainter, row_painter::RowPainter};
use crate::{
    command::Command,
    model::ViewScope,
    text::{group_thousands, sanitize},
};

impl ScreenPainter<'_> {
    /// Draws the list; returns the position of the selected row.
    pub(super) fn draw_entry_list(&self, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let entries = &self.app.entry_list;
        if entries.is_empty() {
            if entries.has_loaded() {
                self.draw_empty_list(area, buffer);
            }
            return None;
        }
        self.draw_rows(area, buffer)
    }

    /// Draws the rows; returns the position of the selected one. Rows of an earlier view are dimmed.
    fn draw_rows(&self, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let entries = &self.app.entry_list;
        let per_entry = self.app.rows_per_entry();
        let names_feeds = !self.app.sidebar.has_one_feed(self.app.scope());
        let mut cursor = None;
        for row in 0..area.height / per_entry {
            let index = entries.top_index() + usize::from(row);
            if index >= entries.len() {
                break;
            }
            let row_area = Rect { y: area.y + row * per_entry, height: per_entry, ..area };
            let selected = index == entries.selected_index();
            if selected {
                cursor = Some(Position::new(area.x, row_area.y));
                buffer.set_style(row_area, self.style.theme.selection);
            }
            if let Some(entry) = entries.row(index) {
                EntryRowPainter { screen: self, entry, area: row_area, selected, names_feeds }
                    .draw_entry(buffer);
            }
        }
        if entries.is_outdated_for_long() {
            buffer.set_style(area, Style::new().add_modifier(Modifier::DIM));
        }
        cursor
    }

    /// Draws the reason for an empty list, and the keys that help.
    fn draw_empty_list(&self, area: Rect, buffer: &mut Buffer) {
        let lines = self.empty_list_lines();
        for (y, (key, text)) in (area.y + 1..area.bottom()).zip(lines) {
            let x = area.x + 2;
            let mut painter = RowPainter::new(buffer, x, y, area.width.saturating_sub(3));
            if !key.is_empty() {
                painter.put_text(&key, self.style.theme.focus).skip_to(x + 7);
            }
            painter.put_truncated(&text, self.style.theme.text);
        }
    }

    fn empty_list_lines(&self) -> Vec<(String, String)> {
        let app = self.app;
        let name = app.sidebar.scope_name(app.scope());
        let plain = |text: &str| (String::new(), text.to_owned());
        let key = |command: Command, text: &str| {
            let key = self.shortcut(command)?;
            Some((key, text.to_owned()))
        };
        if !app.filter_bar.is_empty() {
            let everything = !app.entry_list.view().limits_search();
            let place = self.limited_scope_name();
            let scope_suffix =
                if place.is_empty() { String::new() } else { format!(" in {place}") };
            if app.entry_list.is_outdated() || app.entry_list.is_partial() {
                return vec![plain("Looking through the texts …")];
            }
            let unindexed = app.entry_list.search_summary().unindexed_count;
            let yet = if unindexed > 0 { " yet" } else { "" };
            let mut lines = vec![plain(&format!(
                "Nothing matches “{}”{scope_suffix}{yet}.",
                app.filter_bar.text().trim()
            ))];
            if unindexed > 0 {
                lines.push(plain(&format!("{} are not indexed yet.", group_thousands(unindexed))));
            }
            lines.push(plain(""));
            lines.extend(key(Command::ClearFilter, "clear the filter"));
            if let Some(suggestion) = &app.entry_list.search_summary().did_you_mean {
                let label = format!("look for “{}”", sanitize::to_line(suggestion.trim()));
                lines.extend(key(Command::Open, &label));
            } else if !everything {
                lines.extend(key(Command::Open, "search all articles"));
            }
            return lines;
        }
        match (app.scope(), app.sidebar.data().feeds.is_empty()) {
            (_, true) => Vec::new(),
            (ViewScope::Unread, _) => {
                let all = key(Command::NextPane, "all articles");
                [plain("All read."), plain("")].into_iter().chain(all).collect()
            }
            _ => {
                let other = key(Command::Back, "other feeds");
                [plain(&format!("Nothing in {name}.")), plain("")]
                    .into_iter()
                    .chain(other)
                    .collect()
            }
        }
    }
}
