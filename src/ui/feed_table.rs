//! The table of feeds as it is drawn: rows by column, the selected feed in full, the list of keys.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::{ScreenPainter, overlay_hints::Hint, row_painter::RowPainter};
use crate::{
    app::{FeedTable, PaneLayout},
    command::Command,
    markup::{Block, RichText, wrap_block},
    model::{Feed, FeedHealth},
    text::{bidi::BidiMode, group_thousands, redact_user_info, sanitize, width as text_width},
};

/// Columns of the table beside the name: heading, width, and the minimum width of the table at which they are shown.
const TABLE_COLUMNS: [(&str, u16, u16); 4] =
    [("Folder", 16, 100), ("Unread", 7, 44), ("Last new", 9, 64), ("Checked", 8, 76)];

/// Every key of the table, one a line.
const TABLE_KEYS: &[Hint] = &[
    (&[Command::MoveUp, Command::MoveDown], "choose a feed"),
    (&[Command::Open], "show its articles"),
    (&[Command::AddFeed], "add a feed"),
    (&[Command::EditFeed], "edit the feed: name, address, folder …"),
    (&[Command::RefreshFeed], "refresh the feed now"),
    (&[Command::PauseFeed], "pause the feed, or resume it"),
    (&[Command::MuteFeed], "mute the feed: new articles arrive as read; or unmute it"),
    (&[Command::OpenSite], "open the site of the feed"),
    (&[Command::Unsubscribe], "unsubscribe from the feed"),
    (&[Command::Undo], "undo the last change"),
    (&[Command::Redo], "redo it"),
    (&[Command::SortList], "sort by the next column"),
    (&[Command::FocusFilter], "filter the table"),
    (&[Command::ImportFeeds], "subscribe to the feeds of an OPML file"),
    (&[Command::ExportFeeds], "write the feeds to an OPML file"),
    (&[Command::Back], "clear the filter, then close the table"),
];

/// Width of the column with the keys in the list of keys.
const TABLE_KEY_COLUMNS: u16 = 10;

/// Width of the column with the state.
const STATE_COLUMNS: u16 = 28;

impl ScreenPainter<'_> {
    pub(super) fn draw_feed_table(
        &self,
        manager: &FeedTable,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Option<Position> {
        let feeds = &self.app.sidebar.data().feeds;
        let failing = feeds.iter().filter(|feed| feed.health != FeedHealth::Healthy).count();
        let failing = if failing == 0 {
            String::new()
        } else {
            format!(" {} {failing} failing", self.style.glyphs.separator)
        };
        let dot = self.style.glyphs.separator;
        let title = format!("Feeds  {}{failing} {dot} {}", feeds.len(), manager.order.label());
        let layout = manager.layout(panes);
        let inner = self.draw_box(layout.frame, &title, buffer);
        let rows = manager.matching_feeds(feeds);
        let selected = manager.selected_index(&rows);
        if manager.shows_keys {
            self.draw_table_keys(inner, buffer);
            return self.spoken_position(Some(inner.as_position()));
        }
        let table = layout.list;
        let top_row = Rect { height: 1, ..inner };
        let caret = manager
            .shows_filter()
            .then(|| self.draw_input(&manager.filter_input, "type to filter", top_row, buffer))
            .filter(|_| manager.is_filtering);
        if !self.app.ui.settings.accessible {
            let headings = Rect { y: table.y.saturating_sub(1), height: 1, ..table };
            self.draw_feed_headings(headings, buffer);
        }
        let top = manager.window.top_index();
        for ((index, feed), y) in rows.iter().enumerate().skip(top).zip(table.y..table.bottom()) {
            self.draw_feed_row(feed, index == selected, Rect { y, height: 1, ..table }, buffer);
        }
        if rows.is_empty() {
            let text = match self.shortcut(Command::AddFeed) {
                _ if !feeds.is_empty() => "Nothing matches.".to_owned(),
                Some(key) => format!("No feeds yet: {key} adds one."),
                None => "No feeds yet.".to_owned(),
            };
            RowPainter::new(buffer, table.x, table.y, table.width)
                .put_truncated(&text, self.style.theme.muted);
        }
        self.draw_feed_details(
            rows.get(selected).copied(),
            Rect { y: table.bottom(), height: inner.bottom() - table.bottom(), ..inner },
            buffer,
        );
        let row = u16::try_from(selected.saturating_sub(top)).unwrap_or(0);
        self.spoken_position(Some(Position::new(table.x, table.y + row))).or(caret)
    }

    /// Lists the keys of the table.
    fn draw_table_keys(&self, area: Rect, buffer: &mut Buffer) {
        for ((keys, text), y) in self.with_keys(TABLE_KEYS).zip(area.y..area.bottom()) {
            let mut painter = RowPainter::new(buffer, area.x, y, area.width);
            painter
                .put_text(&keys, self.style.theme.focus)
                .put_text(" ", self.style.theme.text)
                .skip_to(area.x + TABLE_KEY_COLUMNS.min(area.width / 2));
            painter.put_truncated(&text, self.style.theme.text);
        }
    }

    fn draw_feed_headings(&self, area: Rect, buffer: &mut Buffer) {
        let names = ["Feed".to_owned()]
            .into_iter()
            .chain(visible_columns(area.width).map(|(name, ..)| (*name).to_owned()));
        draw_table_row(
            names.chain(["State".to_owned()]),
            (self.style.theme.muted, self.style.theme.muted),
            BidiMode::Logical,
            area,
            buffer,
        );
    }

    fn draw_feed_row(&self, feed: &Feed, selected: bool, area: Rect, buffer: &mut Buffer) {
        let theme = &self.style.theme;
        let (style, failing) =
            if selected { (theme.selection, theme.selection) } else { (theme.text, theme.error) };
        buffer.set_style(area, style);
        if self.app.ui.settings.accessible {
            RowPainter::new(buffer, area.x, area.y, area.width)
                .put_truncated(&self.spoken_feed_row(feed), style);
            return;
        }
        let ago = |at: Option<chrono::DateTime<chrono::Utc>>| {
            at.map(|at| self.now.format_age(at)).unwrap_or_default()
        };
        let cell = |name: &str| match name {
            "Folder" => feed.folder().unwrap_or_default().to_owned(),
            "Unread" if feed.unread_count == 0 => String::new(),
            "Unread" => group_thousands(feed.unread_count),
            "Last new" => ago(feed.refresh_state.last_new_entry),
            _ => ago(feed.refresh_state.last_checked),
        };
        let health = if feed.health == FeedHealth::Healthy { style } else { failing };
        let row = [feed.display_name().to_owned()]
            .into_iter()
            .chain(visible_columns(area.width).map(|(name, ..)| cell(name)));
        draw_table_row(
            row.chain([self.feed_state_text(feed)]),
            (style, health),
            self.app.ui.bidi_mode(),
            area,
            buffer,
        );
    }

    /// Returns the row of a feed for screen readers, which do not read the headings with it. The state
    /// comes early, because long rows are cut.
    fn spoken_feed_row(&self, feed: &Feed) -> String {
        let state = self.feed_state_text(feed);
        let state = state.strip_prefix("! ").map(|why| format!("failing: {why}")).unwrap_or(state);
        let ago = |what: &str, at: Option<chrono::DateTime<chrono::Utc>>| {
            at.map(|at| format!("{what} {}", self.now.format_long_age(at)))
        };
        let unread = feed.unread_count;
        let parts = [
            Some(feed.display_name().to_owned()),
            (unread > 0).then(|| format!("{} unread", group_thousands(unread))),
            Some(state),
            feed.folder().map(|folder| format!("in {folder}")),
            ago("last new", feed.refresh_state.last_new_entry),
            ago("checked", feed.refresh_state.last_checked),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Draws the selected feed in full.
    fn draw_feed_details(&self, feed: Option<&Feed>, area: Rect, buffer: &mut Buffer) {
        let theme = &self.style.theme;
        let Some(feed) = feed.filter(|_| area.height > 2) else { return };
        let address = format!("{}  {}", feed.display_name(), feed.url);
        let address = redact_user_info(&address);
        RowPainter::new(buffer, area.x, area.y + 1, area.width)
            .with_bidi_mode(self.app.ui.bidi_mode())
            .put_truncated(&address, theme.text);
        let style = match &feed.health {
            FeedHealth::Failing(_) => theme.error,
            FeedHealth::Healthy => theme.muted,
        };
        let text = RichText::plain(sanitize::to_line(&self.feed_state_sentence(feed)));
        let lines = wrap_block(Block::Paragraph(text), area.width.max(1), 2);
        for (line, y) in lines.iter().zip(area.y + 2..area.bottom()) {
            RowPainter::new(buffer, area.x, y, area.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(&line.text(), style);
        }
    }

    /// Describes the state of a feed in a few words.
    fn feed_state_text(&self, feed: &Feed) -> String {
        if self.app.jobs.is_refreshing(feed.id) {
            return "refreshing…".to_owned();
        }
        feed.state_text()
    }

    /// Describes the state of a feed in full, and when it is refreshed next.
    fn feed_state_sentence(&self, feed: &Feed) -> String {
        let paused = feed.subscription.paused;
        let next = feed.next_check(self.app.jobs.feed_interval()).filter(|_| !paused);
        let until = next.map(|next| self.format_until(next));
        match (&feed.health, until) {
            _ if self.app.jobs.is_refreshing(feed.id) => "The feed is being refreshed.".to_owned(),
            (FeedHealth::Failing(sentence), Some(until)) => {
                format!("{sentence}. Next try {until}. Articles already here are kept.")
            }
            (FeedHealth::Failing(sentence), None) if paused => {
                format!("Paused. The last refresh failed: {sentence}")
            }
            (FeedHealth::Failing(sentence), None) => {
                format!("{sentence}. Articles already here are kept.")
            }
            (FeedHealth::Healthy, _) if paused => "Paused: the feed is not refreshed.".to_owned(),
            (FeedHealth::Healthy, Some(until)) => format!("Next refresh {until}."),
            (FeedHealth::Healthy, None) => String::new(),
        }
    }

    /// Formats the time until a future moment.
    fn format_until(&self, at: chrono::DateTime<chrono::Utc>) -> String {
        match (at - self.now.at).num_minutes() {
            ..1 => "now".to_owned(),
            minutes @ ..120 => format!("in {minutes} min"),
            minutes @ ..2880 => format!("in {} h", minutes / 60),
            minutes => format!("in {} days", minutes / (24 * 60)),
        }
    }
}

/// Returns the columns that fit into a table of this width.
fn visible_columns(width: u16) -> impl Iterator<Item = &'static (&'static str, u16, u16)> {
    TABLE_COLUMNS.iter().filter(move |(_, _, from)| width >= *from)
}

/// Returns whether a column has numbers, which are aligned at the right.
fn is_count((name, ..): &(&str, u16, u16)) -> bool {
    *name == "Unread"
}

/// Draws a row of the table; the name takes the columns that the others leave.
fn draw_table_row(
    cells: impl Iterator<Item = String>,
    styles: (Style, Style),
    writer: BidiMode,
    area: Rect,
    buffer: &mut Buffer,
) {
    let fixed: u16 = visible_columns(area.width).map(|(_, width, _)| width + 1).sum();
    let state = STATE_COLUMNS.min(area.width / 3);
    let name = area.width.saturating_sub(fixed + state + 1);
    let widths = [name]
        .into_iter()
        .chain(visible_columns(area.width).map(|(_, width, _)| *width))
        .chain([state]);
    let mut x = area.x;
    let last = visible_columns(area.width).count() + 1;
    for (index, (text, width)) in cells.zip(widths).enumerate() {
        let style = if index == last { styles.1 } else { styles.0 };
        let is_number =
            visible_columns(area.width).nth(index.wrapping_sub(1)).is_some_and(is_count);
        let columns = u16::try_from(text_width(&text)).unwrap_or(width).min(width);
        let indent = if is_number { width - columns } else { 0 };
        RowPainter::new(buffer, x + indent, area.y, width - indent)
            .with_bidi_mode(writer)
            .put_truncated(&text, style);
        x = x.saturating_add(width + 1);
    }
}
