//! The entry list; only the rows in view are drawn.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::{Modifier, Style},
};

use super::{
    ScreenPainter,
    chrome::group_thousands,
    row_painter::{Highlights, RowPainter},
};
use crate::{
    app::LayoutClass,
    command::Command,
    model::{Entry, PublicationDate, ViewScope},
    text::{sanitize, truncate, width},
};

/// Columns of marks in front of a title: selection, unread, star, blank.
const MARKER_COLUMNS: u16 = 4;

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
                EntryRowPainter { screen: self, entry, area: row_area, selected }.draw_row(buffer);
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

/// A painter of one entry in its area of the screen.
struct EntryRowPainter<'a> {
    screen: &'a ScreenPainter<'a>,
    entry: &'a Entry,
    area: Rect,
    selected: bool,
}

impl EntryRowPainter<'_> {
    fn draw_row(&self, buffer: &mut Buffer) {
        let area = self.area;
        let title = self.draw_markers(buffer);
        let tail = if area.height == 1 { self.tail_text() } else { String::new() };
        let columns = u16::try_from(width(&tail)).unwrap_or(0);
        let room = area.right().saturating_sub(title + columns + 1);
        self.draw_title(title, room, buffer);
        let muted = self.style_for(self.screen.style.theme.muted);
        let mut painter =
            RowPainter::new(buffer, area.right().saturating_sub(columns + 1), area.y, columns);
        painter.put_sanitized(&tail, muted);
        if area.height > 1 {
            let line = format!(
                "{} {} {}",
                self.feed_name(),
                self.screen.style.glyphs.separator,
                self.age_text()
            );
            let x = area.x + MARKER_COLUMNS;
            let room = area.right().saturating_sub(x + 1);
            RowPainter::new(buffer, x, area.y + 1, room)
                .with_bidi_mode(self.screen.app.ui.bidi_mode())
                .put_truncated(&line, muted);
        }
    }

    /// Returns the style of a role; on the selected row all roles look alike.
    fn style_for(&self, role: Style) -> Style {
        if self.selected { self.screen.style.theme.selection } else { role }
    }

    /// Draws the marks in front of the title; returns the column of the title.
    fn draw_markers(&self, buffer: &mut Buffer) -> u16 {
        if self.screen.app.ui.settings.accessible {
            return self.draw_state_words(buffer);
        }
        let (theme, glyphs, area) =
            (&self.screen.style.theme, &self.screen.style.glyphs, self.area);
        let has_all_markers = self.screen.app.pane_layout().class > LayoutClass::Tiny;
        if has_all_markers {
            let mark = if self.selected { glyphs.selected } else { " " };
            for y in area.top()..area.bottom() {
                RowPainter::new(buffer, area.x, y, 1).put_text(mark, self.style_for(theme.focus));
            }
        }
        let mut painter =
            RowPainter::new(buffer, area.x + u16::from(has_all_markers), area.y, area.width);
        painter.put_text(
            if self.entry.state.read { " " } else { glyphs.unread },
            self.style_for(theme.unread),
        );
        if has_all_markers {
            let star = if self.entry.state.starred { glyphs.star } else { " " };
            painter
                .put_text(star, self.style_for(theme.star))
                .put_text(" ", self.style_for(theme.text));
        }
        painter.x()
    }

    /// Draws the marks as words, for screen readers.
    fn draw_state_words(&self, buffer: &mut Buffer) -> u16 {
        let state = self.entry.state;
        let words = match (state.read, state.starred) {
            (false, true) => "unread, starred: ",
            (false, false) => "unread: ",
            (true, true) => "starred: ",
            (true, false) => "",
        };
        let mut painter = RowPainter::new(buffer, self.area.x, self.area.y, self.area.width);
        painter.put_text(words, self.style_for(self.screen.style.theme.muted)).x()
    }

    fn draw_title(&self, x: u16, room: u16, buffer: &mut Buffer) {
        let theme = &self.screen.style.theme;
        let title = sanitize::to_line(&self.entry.title);
        let title = truncate(&title, usize::from(room));
        let ranges = self.screen.app.filter_bar.query().highlight_ranges(&title);
        let match_style = if self.selected { theme.matched_selected } else { theme.matched };
        let bold = if self.entry.state.read { Modifier::empty() } else { Modifier::BOLD };
        let style = self.style_for(theme.text).add_modifier(bold);
        let highlights = Highlights {
            ranges: &ranges,
            style: match_style,
            current: None,
            current_style: match_style,
        };
        RowPainter::new(buffer, x, self.area.y, room)
            .with_bidi_mode(self.screen.app.ui.bidi_mode())
            .align_rtl(&title)
            .put_highlighted(&title, style, 0, &highlights);
    }

    /// Returns the feed, where there is room, and the age: right-aligned, and never cut.
    fn tail_text(&self) -> String {
        let age = self.age_text();
        match self.area.width {
            60.. => format!(" {} {age:>4}", pad_feed_name(&self.feed_name())),
            24.. => format!("  {age:>3}"),
            _ => String::new(),
        }
    }

    fn feed_name(&self) -> String {
        self.screen
            .app
            .sidebar
            .feed(self.entry.feed)
            .map(|feed| feed.display_name().to_owned())
            .unwrap_or_default()
    }

    fn age_text(&self) -> String {
        match self.entry.published {
            PublicationDate::Day(day) => self.screen.now.format_day_age(day),
            PublicationDate::Instant(at) | PublicationDate::Arrival(at) => {
                self.screen.now.format_age(at)
            }
        }
    }
}

/// Fits the name of a feed into ten columns, cut without a mark.
fn pad_feed_name(source: &str) -> String {
    let source = sanitize::to_line(source);
    let mut out = String::new();
    for c in source.chars() {
        if width(&out) + width(c.encode_utf8(&mut [0; 4])) > 10 {
            break;
        }
        out.push(c);
    }
    " ".repeat(10 - width(&out)) + &out
}
