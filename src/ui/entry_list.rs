//! The entry list; only the rows in view are drawn.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{
    ScreenPainter,
    entry_row::EntryRowPainter,
    row_painter::{RowPainter, key_columns},
};
use crate::{
    app::{FarStatus, ListGroup, VisibleRow},
    command::Command,
    model::{Feed, FeedHealth, ViewScope},
    text::{group_thousands, sanitize},
};

impl ScreenPainter<'_> {
    /// Draws the list; returns the position of the selected row.
    pub(super) fn draw_entry_list(&self, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let entries = &self.app.entry_list;
        if entries.row_count() == 0 {
            if !entries.has_loaded() {
                return None;
            }
            self.draw_empty_list(area, buffer);
            return self.spoken_position(Some(Position::new(area.x, area.y + 1)));
        }
        self.draw_rows(area, buffer)
    }

    /// Draws the rows; returns the position of the selected one. Rows of an earlier view are dimmed.
    fn draw_rows(&self, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        let entries = &self.app.entry_list;
        let names_feeds = !self.app.sidebar.has_one_source(self.app.scope());
        let (mut cursor, mut end) = (None, area.y);
        for VisibleRow { index, line, line_count, heading } in entries.visible_rows() {
            let y = area.y + u16::try_from(line).unwrap_or(area.height);
            if let Some(group) = heading {
                let row = Rect { y: y.saturating_sub(1), height: 1, ..area };
                self.draw_group_heading(&group, row, buffer);
            }
            let lines = u16::try_from(line_count).unwrap_or(area.height);
            let row_area = Rect { y, height: lines.min(area.bottom().saturating_sub(y)), ..area };
            let selected = index == entries.selected_index();
            if selected {
                cursor = Some(Position::new(area.x, row_area.y));
                buffer.set_style(row_area, self.style.theme.selection);
            }
            end = row_area.bottom();
            if let Some(entry) = entries.row(index) {
                let story = entries.story_place(entry);
                let area = row_area;
                EntryRowPainter { screen: self, entry, area, selected, names_feeds, story }
                    .draw_entry(buffer);
            } else if let Some(article) = entries.far_row(index) {
                let (entry, area, names_feeds, story) = (&article.entry, row_area, true, None);
                EntryRowPainter { screen: self, entry, area, selected, names_feeds, story }
                    .draw_entry(buffer);
            }
        }
        self.draw_archive_progress(Rect { y: end, height: area.bottom() - end, ..area }, buffer);
        if entries.is_outdated_for_long() {
            buffer.set_style(area, Style::new().add_modifier(Modifier::DIM));
        }
        cursor
    }

    /// Draws what the archive is doing in the first line below the rows, where its own will stand.
    fn draw_archive_progress(&self, area: Rect, buffer: &mut Buffer) {
        let Some(text) = self.archive_progress_text().filter(|_| area.height > 0) else { return };
        RowPainter::new(buffer, area.x + 1, area.y, area.width.saturating_sub(2))
            .put_truncated(&text, self.style.theme.muted);
    }

    /// Returns what the archive is doing for the list; `None` if that is nothing, or rows that follow.
    fn archive_progress_text(&self) -> Option<String> {
        let entries = &self.app.entry_list;
        match entries.far_status() {
            _ if !entries.joins_far_rows() => None,
            FarStatus::Searching => Some("Searching the archive…".to_owned()),
            FarStatus::Failed(reason) => Some(reason.clone()),
            FarStatus::Found(_) | FarStatus::Unknown => None,
        }
    }

    /// Draws the heading of a group.
    fn draw_group_heading(&self, group: &ListGroup, row: Rect, buffer: &mut Buffer) {
        let name = match group {
            ListGroup::Day(day) => capitalize(&self.now.format_day(*day)),
            ListGroup::Feed(id) => {
                let feed = self.app.sidebar.feed(*id);
                feed.map_or_else(
                    || "Unknown feed".to_owned(),
                    |feed| feed.display_name().to_owned(),
                )
            }
            ListGroup::Folder(Some(name)) => name.clone(),
            ListGroup::Folder(None) => "No folder".to_owned(),
            ListGroup::Archive => "From the archive".to_owned(),
        };
        RowPainter::new(buffer, row.x + 1, row.y, row.width.saturating_sub(2))
            .with_bidi_mode(self.app.ui.bidi_mode())
            .put_truncated(&name, self.style.theme.muted.add_modifier(Modifier::BOLD));
    }

    /// Draws the reason for an empty list, and the keys that help.
    fn draw_empty_list(&self, area: Rect, buffer: &mut Buffer) {
        let lines = self.empty_list_lines();
        let key_columns = key_columns(lines.iter().map(|(key, _)| key));
        for (y, (key, text)) in (area.y + 1..area.bottom()).zip(lines) {
            let x = area.x + 2;
            let mut painter = RowPainter::new(buffer, x, y, area.width.saturating_sub(3));
            if !key.is_empty() {
                painter.put_text(&key, self.style.theme.focus).skip_to(x + key_columns);
            }
            painter.put_truncated(&text, self.style.theme.text);
        }
    }

    fn empty_list_lines(&self) -> Vec<(String, String)> {
        if self.app.filter_bar.is_empty() {
            self.empty_scope_lines()
        } else {
            self.no_match_lines()
        }
    }

    /// Returns a line with the key of a command; `None` if it has none here.
    fn key_line(&self, command: Command, text: &str) -> Option<(String, String)> {
        Some((self.shortcut(command)?, text.to_owned()))
    }

    fn no_match_lines(&self) -> Vec<(String, String)> {
        let app = self.app;
        let everything = !app.entry_list.definition().limits_search();
        let place = self.limited_scope_name();
        let scope_suffix = if place.is_empty() { String::new() } else { format!(" in {place}") };
        if app.entry_list.is_searching() {
            return vec![text_line("Searching the texts…")];
        }
        let unindexed = app.entry_list.search_summary().unindexed_count;
        let yet = if unindexed > 0 { " yet" } else { "" };
        let mut lines = vec![text_line(&format!(
            "Nothing matches “{}”{scope_suffix}{yet}.",
            app.filter_bar.text().trim()
        ))];
        if unindexed > 0 {
            lines.push(text_line(&format!("{} are not indexed yet.", group_thousands(unindexed))));
        }
        lines.extend(self.archive_progress_text().map(|text| text_line(&text)));
        lines.push(text_line(""));
        lines.extend(self.key_line(Command::ClearFilter, "clear the filter"));
        if app.entry_list.has_far_articles() {
            lines.extend(self.key_line(Command::TakeFromArchive, "take what the archive has"));
        }
        if let Some(suggestion) = app.entry_list.suggested_filter() {
            let label = format!("look for “{}”", sanitize::to_line(suggestion.trim()));
            lines.extend(self.key_line(Command::Open, &label));
        } else if !everything {
            lines.extend(self.key_line(Command::Open, "search all articles"));
        }
        lines
    }

    /// Returns the lines about a view, folder or feed without articles; none while there are no feeds.
    fn empty_scope_lines(&self) -> Vec<(String, String)> {
        let (scope, feeds) = (self.app.scope(), &self.app.sidebar.data().feeds);
        if feeds.is_empty() {
            return Vec::new();
        }
        let is_empty_library = self.app.entry_list.stored_count() == 0;
        let is_listed = |feed: &&Feed| *scope == ViewScope::Feed(feed.id) || is_empty_library;
        let is_failing = |feed: &Feed| feed.health != FeedHealth::Healthy;
        let (fact, key) = match scope {
            ViewScope::Unread | ViewScope::All if is_empty_library => {
                let refresh = self.key_line(Command::Refresh, "refresh the feeds");
                ("No articles yet.".to_owned(), refresh)
            }
            ViewScope::Unread => {
                ("All read.".to_owned(), self.key_line(Command::NextPane, "all articles"))
            }
            _ => {
                let name = self.app.sidebar.scope_name(scope);
                (format!("Nothing in {name}."), self.key_line(Command::Back, "other feeds"))
            }
        };
        let has_failed = feeds.iter().filter(is_listed).any(is_failing);
        let why = self.key_line(Command::ShowErrors, "why refreshing failed");
        let lines = [text_line(&fact), text_line("")].into_iter().chain(key);
        lines.chain(why.filter(|_| has_failed)).collect()
    }
}

/// Returns a line without a key.
fn text_line(text: &str) -> (String, String) {
    (String::new(), text.to_owned())
}

/// Returns `text` with its first letter in upper case.
fn capitalize(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().into_iter().flat_map(char::to_uppercase);
    first.chain(chars).collect()
}
