//! One entry of the list, in one row or two.
//!
//! The date has a column of its own at the right edge: whatever else is too long is cut.

use std::ops::Range;

use ratatui::{
    buffer::Buffer,
    layout::Rect,
    style::{Modifier, Style},
};

use super::{
    ScreenPainter,
    row_painter::{Highlights, RowPainter},
};
use crate::{
    app::{LayoutClass, SpokenHeadline, StoryPlace, state_words},
    model::{CopyListing, Entry, PublicationDate, removal_time},
    text::{
        LIST_DATE_WIDTH,
        bidi::{BidiMode, BidiParagraph, has_rtl_base},
        count_noun, format_clock, sanitize, split_row, truncate, width,
    },
};

/// Columns of marks in front of a title: selection, unread, star, blank.
const MARKER_COLUMNS: u16 = 4;

/// Minimum width of a list that shows dates beside headlines.
const MIN_WIDTH_WITH_DATE: u16 = 30;

/// Columns that the second row of a long headline leaves to the feed and the numbers of its story.
const STORY_COLUMNS: u16 = 24;

/// Minimum columns of the second row of a headline that leaves so much.
const MIN_STORY_ROW: u16 = 28;

/// Columns that the name of a feed keeps in the second row of a long headline.
const MIN_FEED_COLUMNS: u16 = 8;

/// A painter of one entry in its area of the screen.
pub(super) struct EntryRowPainter<'a> {
    pub(super) screen: &'a ScreenPainter<'a>,
    pub(super) entry: &'a Entry,
    pub(super) area: Rect,
    pub(super) selected: bool,
    /// The list has entries of several feeds.
    pub(super) names_feeds: bool,
    /// The place of the row in the story of its article, in a list grouped by story.
    pub(super) story: Option<StoryPlace>,
}

/// The title of an entry, ready to be drawn.
struct Title<'a> {
    text: &'a str,
    /// The matches of the filter, as byte ranges of the text.
    matches: Vec<Range<usize>>,
    /// The base direction is right to left.
    rtl: bool,
}

impl EntryRowPainter<'_> {
    pub(super) fn draw_entry(&self, buffer: &mut Buffer) {
        if let Some(headline) = self.screen.app.spoken_headline().filter(|_| self.selected) {
            return self.draw_spoken(&headline, buffer);
        }
        let x = self.draw_markers(buffer);
        let x = self.draw_story_marker(x, buffer);
        let text = sanitize::to_line(&self.entry.title);
        // Whatever the length of a title, only what may be in view is looked at.
        let text = truncate(&text, usize::from(self.area.width) * usize::from(self.area.height));
        let matches = self.screen.app.filter_bar.query().highlight_ranges(&text);
        let title = Title { text: &text, matches, rtl: has_rtl_base(&text) };
        if self.area.height > 1 {
            self.draw_two_rows(&title, x, buffer);
        } else {
            self.draw_one_row(&title, x, buffer);
        }
    }

    /// Draws the selected headline for a screen reader: whole, with the date in the first row.
    fn draw_spoken(&self, headline: &SpokenHeadline, buffer: &mut Buffer) {
        let title = Title {
            text: &headline.text,
            matches: self.screen.app.filter_bar.query().highlight_ranges(&headline.text),
            rtl: has_rtl_base(&headline.text),
        };
        let end = self.area.right().saturating_sub(1);
        let (mut x, mut row_end) = (self.draw_state_words(buffer), end);
        if self.area.width >= MIN_WIDTH_WITH_DATE {
            row_end = self.draw_date(self.area.y, end, buffer).saturating_sub(1);
        }
        let rows = headline.rows(self.area.width, self.area.height);
        for ((start, part), y) in rows.into_iter().zip(self.area.y..) {
            let row = Rect { x, y, width: row_end.saturating_sub(x), height: 1 };
            self.draw_title(&title, &part, start, row, buffer);
            (x, row_end) = (self.area.x, end);
        }
    }

    /// Draws title, feed and date side by side.
    fn draw_one_row(&self, title: &Title<'_>, x: u16, buffer: &mut Buffer) {
        let mut end = self.area.right().saturating_sub(1);
        if self.area.width >= MIN_WIDTH_WITH_DATE {
            end = self.draw_date(self.area.y, end, buffer).saturating_sub(1);
        }
        let feed_columns = self.feed_columns();
        if feed_columns > 0 {
            let feed_x = end.saturating_sub(feed_columns);
            self.draw_source(feed_x, self.area.y, feed_columns, buffer);
            end = feed_x.saturating_sub(1);
        }
        let row = Rect { x, width: end.saturating_sub(x), ..self.area };
        self.draw_title(title, &truncate(title.text, usize::from(row.width)), 0, row, buffer);
        if !title.rtl {
            let columns = cells(title.text).min(row.width);
            self.draw_row_tags(x + columns, self.area.y, row.width - columns, true, buffer);
        }
    }

    /// Draws the title over two rows; the second one also has the feed and the date.
    fn draw_two_rows(&self, title: &Title<'_>, x: u16, buffer: &mut Buffer) {
        let end = self.area.right().saturating_sub(1);
        let first_row = Rect { x, width: end.saturating_sub(x), ..self.area };
        let (first, rest) = split_row(title.text, usize::from(first_row.width));
        self.draw_title(title, first, 0, first_row, buffer);
        let (x, y) = (x.max(self.area.x + MARKER_COLUMNS), self.area.y + 1);
        let end = self.draw_date(y, end, buffer).saturating_sub(1);
        let room = end.saturating_sub(x);
        if rest.is_empty() {
            let tags_x = self.draw_source(x, y, room, buffer);
            let room = end.saturating_sub(tags_x);
            return self.draw_row_tags(tags_x, y, room, tags_x > x, buffer);
        }
        let start = title.text.len() - rest.len();
        let rest_columns = room.saturating_sub(self.reserved_feed_columns(room));
        let rest = truncate(rest, usize::from(rest_columns));
        if title.rtl {
            // The feed is at the left, so that the title goes on at the right edge.
            let feed_columns = room - rest_columns;
            self.draw_source(x, y, feed_columns.saturating_sub(1), buffer);
            let row = Rect { x: x + feed_columns, y, width: rest_columns, height: 1 };
            return self.draw_title(title, &rest, start, row, buffer);
        }
        let row = Rect { x, y, width: rest_columns, height: 1 };
        self.draw_title(title, &rest, start, row, buffer);
        let mut x = x + cells(&rest);
        if self.has_source() {
            let separator = self.separator();
            let muted = self.style_for(self.screen.style.theme.muted);
            let mut painter = RowPainter::new(buffer, x, y, cells(&separator));
            x = painter.put_text(&separator, muted).x();
            x = self.draw_source(x, y, end.saturating_sub(x), buffer);
        }
        self.draw_row_tags(x, y, end.saturating_sub(x), true, buffer);
    }

    /// Draws the tags in the room that headline, feed and date leave, after a separator if something
    /// stands before them.
    fn draw_row_tags(&self, x: u16, y: u16, columns: u16, is_after: bool, buffer: &mut Buffer) {
        let lead = if is_after { self.separator() } else { String::new() };
        let mut painter =
            RowPainter::new(buffer, x, y, columns).with_bidi_mode(self.screen.app.ui.bidi_mode());
        let style_for = |style| self.style_for(style);
        self.screen.draw_tags(&self.entry.tags, &lead, &mut painter, style_for);
    }

    fn separator(&self) -> String {
        format!(" {} ", self.screen.style.glyphs.separator)
    }

    /// Returns the columns of a second row of `room` columns that the rest of a title leaves to the feed.
    fn reserved_feed_columns(&self, room: u16) -> u16 {
        let others = cells(&self.other_feeds(if room < MIN_STORY_ROW { 0 } else { STORY_COLUMNS }));
        match self.day_of_dropping() {
            Some(day) => cells(&day) + others + 3,
            None if self.has_source() => {
                let length = self.with_length("");
                let lead = if length.is_empty() { 0 } else { cells(&length) + 3 };
                let name = if self.names_feeds { cells(self.feed_name()) } else { 0 };
                lead + name.min(MIN_FEED_COLUMNS) + others + 3
            }
            None => 0,
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
        let is_marked = self.is_marked();
        if has_all_markers {
            let bar = if self.selected { glyphs.selected } else { " " };
            for y in area.top()..area.bottom() {
                let mark = if is_marked && y == area.y { glyphs.marked } else { bar };
                RowPainter::new(buffer, area.x, y, 1).put_text(mark, self.style_for(theme.focus));
            }
        }
        let mut painter =
            RowPainter::new(buffer, area.x + u16::from(has_all_markers), area.y, area.width);
        let unread = if self.is_unread() { glyphs.unread } else { " " };
        // The narrowest list has one column for marks; its unread headlines are bold as well.
        let mark = if is_marked && !has_all_markers { glyphs.marked } else { unread };
        painter.put_text(mark, self.style_for(theme.unread));
        if has_all_markers {
            let star = if self.entry.state.starred { glyphs.star } else { " " };
            painter
                .put_text(star, self.style_for(theme.star))
                .put_text(" ", self.style_for(theme.text));
        }
        painter.x()
    }

    /// Draws the mark of a story in front of the title, or the indent of an article in an open one; returns
    /// the column of the title.
    fn draw_story_marker(&self, x: u16, buffer: &mut Buffer) -> u16 {
        let [open, closed] = self.screen.style.glyphs.fold_markers;
        let marker = match self.story {
            None => return x,
            Some(StoryPlace::Open) => open,
            Some(StoryPlace::Closed) => closed,
            Some(StoryPlace::Member) => " ",
        };
        let room = self.area.right().saturating_sub(x);
        RowPainter::new(buffer, x, self.area.y, room)
            .put_text(marker, self.style_for(self.screen.style.theme.muted))
            .put_text(" ", self.style_for(self.screen.style.theme.text))
            .x()
    }

    /// Returns whether the row has an unread article: its own, or one that it stands for.
    fn is_unread(&self) -> bool {
        let closed = self.entry.story.filter(|_| self.story == Some(StoryPlace::Closed));
        !self.entry.state.read || closed.is_some_and(|story| story.unread > 0)
    }

    fn is_marked(&self) -> bool {
        self.screen.app.entry_list.is_marked(self.entry.id)
    }

    /// Draws the marks as words, for screen readers.
    fn draw_state_words(&self, buffer: &mut Buffer) -> u16 {
        let words = state_words(self.entry.state, self.is_marked());
        let mut painter = RowPainter::new(buffer, self.area.x, self.area.y, self.area.width);
        painter.put_text(&words, self.style_for(self.screen.style.theme.muted)).x()
    }

    /// Draws the part of the title at byte `start` with its matches highlighted, at the right edge
    /// of `row` if the title is right-to-left.
    fn draw_title(
        &self,
        title: &Title<'_>,
        part: &str,
        start: usize,
        row: Rect,
        buffer: &mut Buffer,
    ) {
        let theme = &self.screen.style.theme;
        let match_style = if self.selected { theme.matched_selected } else { theme.matched };
        let bold = if self.entry.state.read { Modifier::empty() } else { Modifier::BOLD };
        // Hidden articles stay in the list until it is opened again.
        let role = if self.entry.state.is_unlisted() { theme.muted } else { theme.text };
        let style = self.style_for(role).add_modifier(bold);
        let highlights = Highlights {
            ranges: &title.matches,
            style: match_style,
            current: None,
            current_style: match_style,
        };
        let mode = self.screen.app.ui.bidi_mode();
        let is_aligned_right = title.rtl && mode != BidiMode::Logical;
        let indent = if is_aligned_right { row.width.saturating_sub(cells(part)) } else { 0 };
        let mut painter =
            RowPainter::new(buffer, row.x + indent, row.y, row.width - indent).with_bidi_mode(mode);
        let paragraph = BidiParagraph::with_direction(part, title.rtl);
        if let Some(paragraph) = paragraph.filter(|_| mode != BidiMode::Logical) {
            let order = paragraph.line_order(0..part.len());
            painter.put_reordered(part, &order, |byte| highlights.style_at(start + byte, style));
        } else {
            painter.put_highlighted(part, style, start, &highlights);
        }
    }

    /// Returns the columns of the feed's name beside the title.
    fn feed_columns(&self) -> u16 {
        match self.area.width {
            _ if !self.has_source() => 0,
            ..60 => 0,
            // Room for “Evening… +3, 2 unread”, and beyond for “ sources”.
            60..100 if self.is_in_story_list() => 24,
            100.. if self.is_in_story_list() => 34,
            // Room for “dropped 31 Dec +2”.
            60..120 if self.entry.dropped_at.is_some() => 17,
            // Room for “1:02:03 · ” and some of the name.
            60..120 if self.entry.queued_seconds.is_some() => 18,
            60..80 => 10,
            80..120 => 16,
            _ => 20,
        }
    }

    /// Returns whether the row says more than title and date: the feed, the length of a queued episode, or
    /// the days in the trash.
    fn has_source(&self) -> bool {
        self.names_feeds || self.entry.dropped_at.is_some() || self.entry.queued_seconds.is_some()
    }

    /// Draws the name of the feed, and before it the days of an entry in the trash.
    /// Returns the column behind them.
    fn draw_source(&self, x: u16, y: u16, columns: u16, buffer: &mut Buffer) -> u16 {
        if !self.has_source() {
            return x;
        }
        let name = if self.names_feeds { self.feed_name() } else { "" };
        let mut others = self.other_feeds(columns);
        let trash_text = self.trash_text(name, columns, &others);
        let text = trash_text.unwrap_or_else(|| self.with_length(name));
        // The days say more than the number of copies.
        if self.entry.dropped_at.is_some() && cells(&text) + cells(&others) > columns {
            others.clear();
        }
        let style = self.style_for(self.screen.style.theme.muted);
        // The number is never cut: a name that is may be guessed.
        let room = columns.saturating_sub(cells(&others));
        let name_end = RowPainter::new(buffer, x, y, room)
            .with_bidi_mode(self.screen.app.ui.bidi_mode())
            .put_truncated(&text, style)
            .x();
        let room = columns.saturating_sub(name_end - x);
        RowPainter::new(buffer, name_end, y, room).put_text(&others, style).x()
    }

    /// Returns the name of the feed after the length of a queued episode: `1:02:03 · Tides`.
    fn with_length(&self, name: &str) -> String {
        match self.entry.queued_seconds.map(format_clock) {
            None => name.to_owned(),
            Some(length) if name.is_empty() => length,
            Some(length) => format!("{length}{}{name}", self.separator()),
        }
    }

    fn is_in_story_list(&self) -> bool {
        self.screen.app.entry_list.is_grouped_by_story()
    }

    /// Returns what the row of a story tells about its other articles, in the longest form that leaves room
    /// for the name of the feed: ` +3 sources, 2 unread`, ` +3, 2 unread`, ` +3`; `None` for other rows.
    fn other_sources(&self, columns: u16) -> Option<String> {
        let place = self.story.filter(|place| *place != StoryPlace::Member);
        let story = self.entry.story.filter(|_| place.is_some())?;
        let unread = match story.unread {
            0 => String::new(),
            count => format!(", {count} unread"),
        };
        if story.other_feeds == 0 {
            return Some(if unread.is_empty() { unread } else { format!(" ({})", &unread[2..]) });
        }
        let short = format!(" +{}", story.other_feeds);
        let long = format!(" +{}", count_noun(story.other_feeds, "source"));
        let room = columns.saturating_sub(MIN_FEED_COLUMNS);
        let forms = [format!("{long}{unread}"), format!("{short}{unread}")];
        Some(forms.into_iter().find(|form| cells(form) <= room).unwrap_or(short))
    }

    /// Returns the number of other feeds whose articles the row stands for: ` +2`; empty if there are
    /// none. Of a story it says more, if there is room in so many columns.
    fn other_feeds(&self, columns: u16) -> String {
        if let Some(others) = self.other_sources(columns) {
            return others;
        }
        let count = self.entry.other_feeds.len();
        let is_folded = self.screen.app.ui.copies == CopyListing::Fold;
        if self.names_feeds && is_folded && count > 0 {
            format!(" +{count}")
        } else {
            String::new()
        }
    }

    /// Returns the most about an entry in the trash that is not cut in so many columns, with the number
    /// of its copies; or else the day on which it is dropped.
    fn trash_text(&self, name: &str, columns: u16, others: &str) -> Option<String> {
        let (days, dropped) = (self.days_in_trash()?, self.day_of_dropping()?);
        let separator = self.screen.style.glyphs.separator;
        let mut forms = vec![days.clone()];
        if !name.is_empty() {
            forms.insert(0, format!("{days} {separator} {name}"));
            forms.push(format!("{dropped} {separator} {name}"));
        }
        let room = columns.saturating_sub(cells(others));
        Some(forms.into_iter().find(|form| cells(form) <= room).unwrap_or(dropped))
    }

    /// Returns the days of an entry in the trash: `removed 3 Nov, dropped 3 Dec`.
    fn days_in_trash(&self) -> Option<String> {
        let removed_at = self.screen.now.format_short_day(removal_time(self.entry.dropped_at?));
        Some(format!("removed {removed_at}, {}", self.day_of_dropping()?))
    }

    fn day_of_dropping(&self) -> Option<String> {
        let dropped_at = self.screen.now.format_short_day(self.entry.dropped_at?);
        Some(format!("dropped {dropped_at}"))
    }

    fn feed_name(&self) -> &str {
        self.entry.source_name(self.screen.app.sidebar.feed(self.entry.feed))
    }

    /// Draws the date so that it ends before column `end`; returns the first column of all dates.
    fn draw_date(&self, y: u16, end: u16, buffer: &mut Buffer) -> u16 {
        let date = self.date_text();
        let x = end.saturating_sub(LIST_DATE_WIDTH).max(self.area.x);
        let indent = LIST_DATE_WIDTH.saturating_sub(cells(&date));
        RowPainter::new(buffer, x + indent, y, (end - x).saturating_sub(indent))
            .put_sanitized(&date, self.style_for(self.screen.style.theme.muted));
        x
    }

    fn date_text(&self) -> String {
        let now = self.screen.now;
        match self.entry.published {
            PublicationDate::Day(day) => now.format_list_day(day),
            PublicationDate::Instant(at) | PublicationDate::Arrival(at) => now.format_list_date(at),
        }
    }
}

fn cells(text: &str) -> u16 {
    u16::try_from(width(text)).unwrap_or(u16::MAX)
}
