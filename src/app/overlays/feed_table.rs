//! The table of all feeds.

use std::cmp::Reverse;

use super::{DialogLayout, RowWindow};
use crate::{
    app::{PaneLayout, TextInput},
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
    /// The keys of the table are listed in place of the feeds.
    pub shows_keys: bool,
    /// Order of the rows.
    pub order: FeedTableOrder,
    selected_id: Option<FeedId>,
    /// Index of the selected row when it was selected: after its feed has left the table, the row in
    /// its place is selected.
    last_index: usize,
}

/// The order of the rows of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FeedTableOrder {
    /// By folder, then by name, as in the sidebar.
    #[default]
    Folder,
    /// By name.
    Name,
    /// Most unread entries first.
    Unread,
    /// Newest entry first.
    LastNew,
    /// Refreshed most recently first.
    Checked,
    /// Failing feeds first, then paused ones.
    State,
}

impl FeedTableOrder {
    /// Returns the order in two words.
    pub fn label(self) -> &'static str {
        match self {
            FeedTableOrder::Folder => "by folder",
            FeedTableOrder::Name => "by name",
            FeedTableOrder::Unread => "by unread",
            FeedTableOrder::LastNew => "by last new",
            FeedTableOrder::Checked => "by check",
            FeedTableOrder::State => "by state",
        }
    }

    /// Returns the next order; after the last one, the first.
    #[must_use]
    pub fn next(self) -> FeedTableOrder {
        match self {
            FeedTableOrder::Folder => FeedTableOrder::Name,
            FeedTableOrder::Name => FeedTableOrder::Unread,
            FeedTableOrder::Unread => FeedTableOrder::LastNew,
            FeedTableOrder::LastNew => FeedTableOrder::Checked,
            FeedTableOrder::Checked => FeedTableOrder::State,
            FeedTableOrder::State => FeedTableOrder::Folder,
        }
    }

    /// Sorts feeds that are in the order of the sidebar.
    fn sort(self, feeds: &mut [&Feed]) {
        match self {
            FeedTableOrder::Folder => {}
            FeedTableOrder::Name => feeds.sort_by_key(|feed| feed.display_name().to_lowercase()),
            FeedTableOrder::Unread => feeds.sort_by_key(|feed| Reverse(feed.unread_count)),
            FeedTableOrder::LastNew => {
                feeds.sort_by_key(|feed| Reverse(feed.refresh_state.last_new_entry));
            }
            FeedTableOrder::Checked => {
                feeds.sort_by_key(|feed| Reverse(feed.refresh_state.last_checked));
            }
            FeedTableOrder::State => {
                feeds.sort_by_key(|feed| {
                    (feed.health == FeedHealth::Healthy, !feed.subscription.paused)
                });
            }
        }
    }
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
        let mut rows: Vec<&Feed> = feeds.iter().filter(matches).collect();
        self.order.sort(&mut rows);
        rows
    }

    /// Returns whether a text narrows the table.
    pub fn is_filtered(&self) -> bool {
        !self.filter_input.text().trim().is_empty()
    }

    /// Returns the index of the selected row, which stays with its feed, or else in its place.
    pub fn selected_index(&self, rows: &[&Feed]) -> usize {
        let found = rows.iter().position(|feed| Some(feed.id) == self.selected_id);
        found.unwrap_or(self.last_index.min(rows.len().saturating_sub(1)))
    }

    /// Moves the selection; negative is up.
    pub fn move_selection(&mut self, delta: isize, feeds: &[Feed]) {
        let rows = self.matching_feeds(feeds);
        let index = self
            .selected_index(&rows)
            .saturating_add_signed(delta)
            .min(rows.len().saturating_sub(1));
        self.selected_id = rows.get(index).map(|feed| feed.id);
        self.last_index = index;
    }

    /// Shows all feeds again; the selection stays with the feed that the narrowed table had selected.
    pub fn clear_filter(&mut self, feeds: &[Feed]) {
        self.move_selection(0, feeds);
        self.is_filtering = false;
        self.filter_input.set_text("");
    }

    /// Returns whether the text that narrows the table is shown above it.
    pub fn shows_filter(&self) -> bool {
        self.is_filtering || self.is_filtered()
    }

    /// Lays out the table; its list holds the feeds.
    pub fn layout(&self, panes: &PaneLayout) -> DialogLayout {
        DialogLayout::of_table(panes, 1 + u16::from(self.shows_filter()))
    }

    pub(in crate::app) fn resize(&mut self, panes: &PaneLayout, feeds: &[Feed]) {
        let rows = self.matching_feeds(feeds);
        let selected = self.selected_index(&rows);
        self.window.fit(self.layout(panes).rows(), selected, rows.len());
    }

    /// Selects the feed in a row; returns whether it was selected before.
    pub(in crate::app) fn click_row(&mut self, row: usize, feeds: &[Feed]) -> bool {
        let rows = self.matching_feeds(feeds);
        let index = self.window.top_index() + row;
        let was_selected = index == self.selected_index(&rows);
        let Some(feed) = rows.get(index) else { return false };
        self.selected_id = Some(feed.id);
        self.last_index = index;
        was_selected
    }

    /// Scrolls the feeds; negative is up.
    pub(in crate::app) fn scroll_rows(&mut self, delta: isize, feeds: &[Feed]) {
        let rows = self.matching_feeds(feeds);
        let selected = self.window.scroll(delta, self.selected_index(&rows), rows.len());
        self.selected_id = rows.get(selected).map(|feed| feed.id);
        self.last_index = selected;
    }

    /// Selects a feed.
    pub fn select_feed(&mut self, feed: FeedId) {
        self.selected_id = Some(feed);
    }

    /// Sorts by the next column; the selection stays with its feed.
    pub fn cycle_order(&mut self, feeds: &[Feed]) {
        self.move_selection(0, feeds);
        self.order = self.order.next();
    }

    /// Returns the selected feed.
    pub fn selected_feed<'a>(&self, feeds: &'a [Feed]) -> Option<&'a Feed> {
        let rows = self.matching_feeds(feeds);
        rows.get(self.selected_index(&rows)).copied()
    }
}
