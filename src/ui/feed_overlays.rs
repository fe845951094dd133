//! The overlays about feeds: the dialog that adds one, the table, the form, and the prompt for paths.

use ratatui::{
    buffer::Buffer,
    layout::{Position, Rect},
    style::Style,
};

use super::{ScreenPainter, overlay_hints::Hint, row_painter::RowPainter};
use crate::{
    app::{
        AddFeedDialog, AddFeedStage, DiscoveredFeeds, FeedForm, FeedTable, FormField, PaneLayout,
        PathPrompt, PathPurpose, PathStage,
    },
    command::Command,
    markup::{Block, LayoutLine, RichText, wrap_block},
    model::{Feed, FeedHealth},
    text::{
        bidi::BidiMode, count_noun, group_thousands, redact_user_info, sanitize,
        width as text_width,
    },
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

/// The explanation in the dialog that adds a feed; three rows in 36 columns.
const ADD_FEED_HELP: &str = "The address of a site is enough: its feeds are found. A folder works \
                             too. A pasted address opens this dialog.";

/// Width of the labels of the options in the dialog that adds a feed.
const LABEL_COLUMNS: u16 = 16;

/// Width of the column with the state.
const STATE_COLUMNS: u16 = 28;

impl ScreenPainter<'_> {
    pub(super) fn draw_add_feed(
        &self,
        adding: &AddFeedDialog,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let found = matches!(adding.stage, AddFeedStage::Choosing(_));
        let option_rows =
            if found { 0 } else { u16::try_from(adding.request_inputs.len()).unwrap_or(0) };
        let inner = self.draw_box(adding.layout(panes).frame, "Add feed", buffer);
        let row = |at: u16| Rect {
            y: (inner.y + at).min(inner.bottom().saturating_sub(1)),
            height: 1,
            ..inner
        };
        let mut caret = self.draw_input(
            &adding.url_input,
            "address of a site or feed, or path",
            row(0),
            buffer,
        );
        if !found {
            let lines = adding.request_inputs.iter().enumerate().zip(1..);
            for ((index, (field, input)), at) in lines {
                let line = row(at);
                RowPainter::new(buffer, line.x, line.y, line.width)
                    .put_truncated(field.label(), self.style.theme.muted);
                let columns = LABEL_COLUMNS.min(line.width);
                let line = Rect { x: line.x + columns, width: line.width - columns, ..line };
                let position = self.draw_input(input, field.help(), line, buffer);
                if adding.focused_option == Some(index) {
                    caret = position;
                }
            }
        }
        let say = |buffer: &mut Buffer, at: u16, text: &str, style: Style| {
            let at = at + option_rows;
            if at < inner.height {
                RowPainter::new(buffer, inner.x, inner.y + at, inner.width)
                    .with_bidi_mode(self.app.ui.bidi_mode())
                    .put_truncated(text, style);
            }
        };
        let muted = self.style.theme.muted;
        match &adding.stage {
            AddFeedStage::Typing => {
                for (row, at) in wrapped_rows(ADD_FEED_HELP, inner.width, 3).iter().zip(2..) {
                    say(buffer, at, row, muted);
                }
            }
            AddFeedStage::Completing(names) => {
                for (row, at) in candidate_rows(names, inner.width, 3).iter().zip(2..) {
                    say(buffer, at, row, muted);
                }
            }
            AddFeedStage::Discovering => say(buffer, 2, "Looking…", muted),
            AddFeedStage::Failed(sentence) => {
                for (row, at) in wrapped_rows(sentence, inner.width, 3).iter().zip(2..) {
                    say(buffer, at, row, self.style.theme.error);
                }
            }
            AddFeedStage::Choosing(found) => {
                return self.draw_found_feeds(adding, found, panes, buffer);
            }
        }
        caret
    }

    fn draw_found_feeds(
        &self,
        adding: &AddFeedDialog,
        found: &DiscoveredFeeds,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let theme = &self.style.theme;
        let layout = adding.layout(panes);
        let (inner, rows) = (layout.inner, layout.list.height);
        let line = |at: u16| Rect {
            y: (inner.y + at).min(inner.bottom().saturating_sub(1)),
            height: 1,
            ..inner
        };
        let count = found.feeds.len();
        let heading = format!("{} found:", count_noun(count, "feed"));
        let heading = found.notes.iter().fold(heading, |text, note| format!("{text} {note}."));
        RowPainter::new(buffer, inner.x, line(1).y, inner.width)
            .with_bidi_mode(self.app.ui.bidi_mode())
            .put_truncated(&heading, theme.muted);
        let mut cursor = None;
        let top = found.window.top_index();
        for ((index, (feed, chosen)), at) in
            found.feeds.iter().enumerate().skip(top).zip(2..2 + rows)
        {
            let style = if index == found.selected_index { theme.selection } else { theme.text };
            buffer.set_style(line(at), style);
            if index == found.selected_index {
                cursor = Some(Position::new(inner.x, line(at).y));
            }
            let newest = feed
                .newest_published
                .map_or_else(|| "no dates".to_owned(), |newest| self.now.format_long_age(newest));
            let mark = self.tick_mark(*chosen);
            let subscribed = if feed.is_subscribed { "subscribed, " } else { "" };
            let noun = if feed.entry_count == 1 { "article" } else { "articles" };
            let text = format!(
                "{mark} {}  {subscribed}{}, {} {noun}, {newest}",
                feed.title,
                feed.format,
                group_thousands(feed.entry_count as u64)
            );
            RowPainter::new(buffer, inner.x, line(at).y, inner.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(&text, style);
        }
        let titles = found
            .feeds
            .get(found.selected_index)
            .map(|(feed, _)| feed.entry_titles.as_slice())
            .unwrap_or_default();
        let below = 3 + rows.min(u16::try_from(count).unwrap_or(rows));
        for (title, at) in titles.iter().zip(below..inner.height.saturating_sub(2)) {
            RowPainter::new(buffer, inner.x + 4, line(at).y, inner.width.saturating_sub(4))
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(title, theme.muted);
        }
        let caret = self.draw_input(
            &adding.folder_input,
            "folder to put it in, if any",
            line(inner.height.saturating_sub(1)),
            buffer,
        );
        self.spoken_position(cursor).unwrap_or(caret)
    }

    pub(super) fn draw_path_prompt(
        &self,
        prompt: &PathPrompt,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let (title, placeholder) = match prompt.purpose {
            PathPurpose::ImportFeeds => {
                ("Import", "path of an OPML file, or of newsboat's urls file")
            }
            PathPurpose::ExportFeeds => ("Export", "path of the OPML file to write"),
            PathPurpose::ExportArticle(_) => {
                ("Export the article", "path of the file: .md, .html or .txt")
            }
        };
        let inner = self.draw_box(prompt.layout(panes).frame, title, buffer);
        let below = Rect { y: inner.y + 1, height: inner.height.saturating_sub(1), ..inner };
        let wrapped = |text: &str| wrapped_rows(text, below.width, below.height);
        let (muted, error) = (self.style.theme.muted, self.style.theme.error);
        let (rows, style) = match &prompt.stage {
            PathStage::Typing => (Vec::new(), muted),
            PathStage::Completing(names) => {
                (candidate_rows(names, below.width, below.height), muted)
            }
            PathStage::Working => (wrapped("Working…"), muted),
            PathStage::Failed(sentence) => (wrapped(sentence), error),
            PathStage::Exists => (wrapped(&self.overwrite_text()), error),
        };
        for (row, y) in rows.iter().zip(below.y..below.bottom()) {
            RowPainter::new(buffer, below.x, y, below.width)
                .with_bidi_mode(self.app.ui.bidi_mode())
                .put_truncated(row, style);
        }
        self.draw_input(&prompt.input, placeholder, Rect { height: 1, ..inner }, buffer)
    }

    /// Returns the question whether an existing file is to be overwritten.
    fn overwrite_text(&self) -> String {
        let exists = "A file of that name exists";
        match self.shortcut(Command::Open) {
            Some(key) => {
                format!("{exists} {} {key} again overwrites it", self.style.glyphs.separator)
            }
            None => exists.to_owned(),
        }
    }

    pub(super) fn draw_feed_form(
        &self,
        form: &FeedForm,
        panes: &PaneLayout,
        buffer: &mut Buffer,
    ) -> Position {
        let layout = form.layout(panes);
        let inner = self.draw_box(layout.frame, &form.title, buffer);
        let theme = &self.style.theme;
        let label_room = 15.min(inner.width / 2);
        let top = form.window.top_index();
        let mut caret = Position::new(inner.x, inner.y);
        for ((index, (field, line)), y) in
            form.fields.iter().enumerate().skip(top).zip(inner.y..layout.list.bottom())
        {
            let selected = index == form.focused_index;
            let style = if selected { theme.focus } else { theme.muted };
            RowPainter::new(buffer, inner.x, y, label_room).put_truncated(field.label(), style);
            let place =
                Rect { x: inner.x + label_room, y, width: inner.width - label_room, height: 1 };
            if selected && field.choices().is_empty() {
                // Screen readers read the help in the last row, and would read it twice.
                let help = if self.app.ui.settings.accessible { "" } else { field.help() };
                caret = self.draw_input(line, help, place, buffer);
                continue;
            }
            if selected {
                caret = Position::new(place.x + 2, y);
            }
            RowPainter::new(buffer, place.x + 2, y, place.width.saturating_sub(2))
                .put_truncated(self.choice_text(*field, line.text()), theme.text);
        }
        let (text, style) = match &form.error {
            Some(mistake) => (mistake.as_str(), theme.error),
            None => (form.fields[form.focused_index].0.help(), theme.muted),
        };
        let bottom = inner.bottom().saturating_sub(1);
        RowPainter::new(buffer, inner.x, bottom, inner.width).put_truncated(text, style);
        caret
    }

    /// Returns the text of a field of the form as it is drawn without a caret.
    fn choice_text<'t>(&self, field: FormField, text: &'t str) -> &'t str {
        match field.choices() {
            ["no", "yes"] => self.tick_mark(text == "yes"),
            _ => text,
        }
    }

    fn tick_mark(&self, is_ticked: bool) -> &'static str {
        let [ticked, not_ticked] = self.style.glyphs.ticks;
        if is_ticked { ticked } else { not_ticked }
    }

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
        let next = feed.refresh_state.next_check.filter(|_| !paused);
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

/// Wraps a sentence into rows.
fn wrapped_rows(sentence: &str, columns: u16, max_rows: u16) -> Vec<String> {
    let text = Block::Paragraph(RichText::plain(sanitize::to_line(sentence)));
    wrap_block(text, columns.max(1), max_rows).iter().map(LayoutLine::text).collect()
}

/// Packs the names that complete a path into rows, each name whole. The last row ends with `…` if
/// there are more.
fn candidate_rows(names: &[String], columns: u16, max_rows: u16) -> Vec<String> {
    match names {
        [] => return vec!["No file or folder begins with that".to_owned()],
        [_] => return Vec::new(),
        _ => {}
    }
    let mut rows: Vec<String> = Vec::new();
    for name in names {
        match rows.last_mut() {
            Some(row) if text_width(row) + 2 + text_width(name) <= usize::from(columns) => {
                row.push_str("  ");
                row.push_str(name);
            }
            _ => rows.push(name.clone()),
        }
    }
    let has_more = rows.len() > usize::from(max_rows);
    rows.truncate(usize::from(max_rows));
    if let Some(last) = rows.last_mut().filter(|_| has_more) {
        last.push_str(" …");
    }
    rows
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
