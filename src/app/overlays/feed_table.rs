//! The table of all feeds.

use ratatui::layout::Rect;

use super::{DialogLayout, RowWindow};
use crate::{
    app::TextInput,
    model::{Feed, FeedHealth, FeedId},
};

/// The table of feeds.
#[derive(Debug, Default)]
pub struct FeedTable {
    /// Text that narrows the table.
    pub filter_input: TextInput,
    /// Letters go into the text, instead of being commands.
    pub is_filtering: bool,
    /// The feeds in view.
    pub window: RowWindow,
    selected_id: Option<FeedId>,
}

impl FeedTable {
    /// Returns the feeds that match the text, in order.
    pub fn matching_feeds<'a>(&self, feeds: &'a [Feed]) -> Vec<&'a Feed> {
        let words: Vec<String> =
            self.filter_input.text().split_whitespace().map(str::to_lowercase).collect();
        let matches = |feed: &&Feed| {
            let state = if feed.health == FeedHealth::Healthy { "" } else { "failing" };
            let text = format!(
                "{} {} {} {state}",
                feed.display_name(),
                feed.url,
                feed.folder().unwrap_or_default()
            );
            let text = text.to_lowercase();
            words.iter().all(|word| text.contains(word.as_str()))
        };
        feeds.iter().filter(matches).collect()
    }

    /// Returns the index of the selected row, which stays with its feed.
    pub fn selected_index(&self, rows: &[&Feed]) -> usize {
        rows.iter().position(|feed| Some(feed.id) == self.selected_id).unwrap_or(0)
    }

    /// Moves the selection; negative is up.
    pub fn move_selection(&mut self, delta: isize, feeds: &[Feed]) {
        let rows = self.matching_feeds(feeds);
        let index = self
            .selected_index(&rows)
            .saturating_add_signed(delta)
            .min(rows.len().saturating_sub(1));
        self.selected_id = rows.get(index).map(|feed| feed.id);
    }

    /// Lays out the table; its list holds the feeds.
    pub fn layout(screen: Rect) -> DialogLayout {
        let dialog = DialogLayout::centered(screen, 106, screen.height.saturating_sub(2));
        let details = if dialog.inner.height > 9 { 3 } else { 0 };
        dialog.with_margins(1, details)
    }

    pub(in crate::app) fn resize(&mut self, screen: Rect, feeds: &[Feed]) {
        let rows = self.matching_feeds(feeds);
        let selected = self.selected_index(&rows);
        self.window.fit(FeedTable::layout(screen).rows(), selected, rows.len());
    }

    /// Selects the feed in a row; returns whether it was selected before.
    pub(in crate::app) fn click_row(&mut self, row: usize, feeds: &[Feed]) -> bool {
        let rows = self.matching_feeds(feeds);
        let index = self.window.top_index() + row;
        let was_selected = index == self.selected_index(&rows);
        match rows.get(index) {
            Some(feed) => self.selected_id = Some(feed.id),
            None => return false,
        }
        was_selected
    }

    /// Scrolls the feeds; negative is up.
    pub(in crate::app) fn scroll_rows(&mut self, delta: isize, feeds: &[Feed]) {
        let rows = self.matching_feeds(feeds);
        let selected = self.window.scroll(delta, self.selected_index(&rows), rows.len());
        self.selected_id = rows.get(selected).map(|feed| feed.id);
    }

    /// Selects a feed.
    pub fn select_feed(&mut self, feed: FeedId) {
        self.selected_id = Some(feed);
    }

    /// Returns the selected feed.
    pub fn selected_feed<'a>(&self, feeds: &'a [Feed]) -> Option<&'a Feed> {
        let rows = self.matching_feeds(feeds);
        rows.get(self.selected_index(&rows)).copied()
    }
}
