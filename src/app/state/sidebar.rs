//! The sidebar: views, feeds by folder, saved filters, and which of them the list shows.

use std::collections::BTreeSet;

use super::ScrollAmount;
use crate::{
    app::{Action, Actions, SidebarData},
    model::{Feed, FeedHealth, FeedId, FeedKind, NewFeed, StarterCollection, ViewScope},
};

/// One row of the sidebar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SidebarRow {
    /// A built-in view.
    View(ViewScope, &'static str, u64),
    /// A folder and the unread entries in it.
    Folder(String, u64, FolderState),
    /// A feed.
    Feed(Box<Feed>),
    /// A saved filter.
    SavedFilter(String),
    /// The line over the saved filters, or a blank one.
    Caption(&'static str),
}

/// The state of a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FolderState {
    /// Its feeds are shown.
    Open,
    /// Its feeds are hidden.
    Closed,
}

/// The list that a row of the sidebar opens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SidebarTarget {
    /// A scope.
    Scope(ViewScope),
    /// A filter over everything.
    Filter(String),
}

/// The sidebar: its rows, the selected one and the scroll offset.
#[derive(Debug, Default)]
pub struct Sidebar {
    data: SidebarData,
    is_loaded: bool,
    collections: Vec<StarterCollection>,
    rows: Vec<SidebarRow>,
    closed_folders: BTreeSet<String>,
    selected_index: usize,
    top_index: usize,
    height: usize,
}

impl Sidebar {
    /// Returns whether the feeds are loaded.
    pub fn is_loaded(&self) -> bool {
        self.is_loaded
    }

    /// Returns the collections offered to a user without subscriptions.
    pub fn collections(&self) -> &[StarterCollection] {
        &self.collections
    }

    /// Sets the collections offered to a user without subscriptions.
    pub fn set_collections(&mut self, collections: Vec<StarterCollection>) {
        self.collections = collections;
    }

    /// Returns the contents as they were loaded.
    pub fn data(&self) -> &SidebarData {
        &self.data
    }

    /// Returns the rows.
    pub fn rows(&self) -> &[SidebarRow] {
        &self.rows
    }

    /// Returns the index of the selected row.
    pub fn selected_index(&self) -> usize {
        self.selected_index
    }

    /// Returns the index of the first row on the screen.
    pub fn top_index(&self) -> usize {
        self.top_index
    }

    /// Returns the number of unread entries.
    pub fn unread_count(&self) -> u64 {
        self.data.feeds.iter().map(|feed| feed.unread_count).sum()
    }

    /// Finds a feed by its id.
    pub fn feed(&self, id: FeedId) -> Option<&Feed> {
        self.data.feeds.iter().find(|feed| feed.id == id)
    }

    /// Returns the name of a scope on the screen.
    pub fn scope_name(&self, scope: &ViewScope) -> String {
        match scope {
            ViewScope::Unread => "Unread".to_owned(),
            ViewScope::Starred => "Starred".to_owned(),
            ViewScope::Today => "Today".to_owned(),
            ViewScope::All => "All articles".to_owned(),
            ViewScope::Feed(id) => self
                .feed(*id)
                .map_or_else(|| "Feed".to_owned(), |feed| feed.display_name().to_owned()),
            ViewScope::Folder(name) => name.clone(),
        }
    }

    /// Returns whether all entries of a scope are of the same feed.
    pub fn has_one_feed(&self, scope: &ViewScope) -> bool {
        let feeds = self.data.feeds.iter();
        match scope {
            ViewScope::Feed(_) => true,
            ViewScope::Folder(name) => {
                feeds.filter(|feed| feed.folder() == Some(name)).take(2).count() < 2
            }
            ViewScope::Unread | ViewScope::Starred | ViewScope::Today | ViewScope::All => {
                feeds.take(2).count() < 2
            }
        }
    }

    /// Replaces the contents.
    pub fn set_data(&mut self, data: SidebarData) {
        self.data = data;
        self.is_loaded = true;
        self.rebuild_rows();
    }

    /// Moves the selection over the rows that can be selected; negative is up.
    pub fn move_selection(&mut self, delta: isize) {
        let step = if delta < 0 { -1 } else { 1 };
        for _ in 0..delta.unsigned_abs() {
            let mut next = self.selected_index;
            loop {
                let Some(index) =
                    next.checked_add_signed(step).filter(|index| *index < self.rows.len())
                else {
                    return;
                };
                next = index;
                if !matches!(self.rows[next], SidebarRow::Caption(_)) {
                    break;
                }
            }
            self.select_row(next);
        }
    }

    /// Selects a row, if it can be selected.
    pub fn select_row(&mut self, index: usize) {
        if self.rows.get(index).is_some_and(|row| !matches!(row, SidebarRow::Caption(_))) {
            self.selected_index = index;
        }
        self.scroll_into_view();
    }

    /// Selects the row of a scope, if it has one.
    pub fn select_scope(&mut self, scope: &ViewScope) {
        let found = self
            .rows
            .iter()
            .position(|row| row_target(row).as_ref() == Some(&SidebarTarget::Scope(scope.clone())));
        if let Some(index) = found {
            self.select_row(index);
        }
    }

    /// Returns the target of the selected row.
    pub fn selected_target(&self) -> Option<SidebarTarget> {
        self.rows.get(self.selected_index).and_then(row_target)
    }

    /// Moves the selection by lines or pages, or to an end.
    pub(in crate::app) fn move_by(&mut self, amount: ScrollAmount) {
        match amount {
            ScrollAmount::Lines(lines) => self.move_selection(lines as isize),
            ScrollAmount::Pages(pages) => self.move_selection(pages as isize * 10),
            ScrollAmount::Start => self.move_selection(-10_000),
            ScrollAmount::End => self.move_selection(10_000),
        }
    }

    /// Shows the target of the selected row in the list, unless the list shows it already.
    pub(in crate::app) fn show_selected(&self, listed: &ViewScope) -> Actions {
        match self.selected_target() {
            Some(SidebarTarget::Scope(scope)) if scope != *listed => {
                Action::ShowScope(scope).into()
            }
            Some(SidebarTarget::Filter(text)) => Action::SetFilter(text).into(),
            Some(SidebarTarget::Scope(_)) | None => Actions::none(),
        }
    }

    /// Returns the feed of the selected row.
    pub(in crate::app) fn selected_feed(&self) -> Option<&Feed> {
        match self.selected_target()? {
            SidebarTarget::Scope(ViewScope::Feed(id)) => self.feed(id),
            SidebarTarget::Scope(_) | SidebarTarget::Filter(_) => None,
        }
    }

    /// Returns the feed of the sample library, while it is shown.
    pub(in crate::app) fn samples_feed(&self) -> Option<&Feed> {
        self.data.feeds.iter().find(|feed| feed.kind == FeedKind::Samples)
    }

    /// Returns the feeds of a collection by the digit that the welcome screen shows for it; the
    /// digit after the last collection stands for all of them.
    pub(in crate::app) fn collection_feeds(&self, digit: char) -> Option<Vec<NewFeed>> {
        let index = usize::try_from(digit.to_digit(10)?).ok()?.checked_sub(1)?;
        if index == self.collections.len() {
            let all = self.collections.iter().flat_map(|collection| collection.feeds.clone());
            return Some(all.collect());
        }
        self.collections.get(index).map(|collection| collection.feeds.clone())
    }

    /// Opens or closes the selected folder.
    pub fn toggle_folder(&mut self) {
        if let Some(SidebarRow::Folder(name, ..)) = self.rows.get(self.selected_index) {
            let name = name.clone();
            if !self.closed_folders.remove(&name) {
                self.closed_folders.insert(name);
            }
            self.rebuild_rows();
        }
    }

    /// Sets the number of rows that fit on the screen.
    pub fn resize(&mut self, height: usize) {
        self.height = height;
        self.scroll_into_view();
    }

    fn scroll_into_view(&mut self) {
        let lowest = self.selected_index.saturating_sub(self.height.max(1) - 1);
        self.top_index = self.top_index.clamp(lowest, self.selected_index.max(lowest));
    }

    fn rebuild_rows(&mut self) {
        let mut rows = vec![
            SidebarRow::View(ViewScope::Unread, "All unread", self.unread_count()),
            SidebarRow::View(ViewScope::Starred, "Starred", self.data.starred_count),
            SidebarRow::View(ViewScope::Today, "Today", self.data.unread_today),
            SidebarRow::View(
                ViewScope::All,
                "All articles",
                self.data.feeds.iter().map(|feed| feed.entry_count).sum(),
            ),
        ];
        if !self.data.feeds.is_empty() {
            rows.push(SidebarRow::Caption(""));
        }
        let mut folder = None;
        for feed in &self.data.feeds {
            if feed.folder() != folder.as_deref() {
                folder = feed.folder().map(str::to_owned);
                rows.extend(folder.iter().map(|name| self.folder_row(name)));
            }
            if folder.as_ref().is_none_or(|name| !self.closed_folders.contains(name)) {
                rows.push(SidebarRow::Feed(Box::new(feed.clone())));
            }
        }
        if !self.data.saved_filters.is_empty() {
            rows.extend([SidebarRow::Caption(""), SidebarRow::Caption("Saved filters")]);
            rows.extend(self.data.saved_filters.iter().cloned().map(SidebarRow::SavedFilter));
        }
        self.rows = rows;
        self.selected_index = self.selected_index.min(self.rows.len() - 1);
        self.scroll_into_view();
    }

    fn folder_row(&self, name: &str) -> SidebarRow {
        let inside = self.data.feeds.iter().filter(|feed| feed.folder() == Some(name));
        let fold = if self.closed_folders.contains(name) {
            FolderState::Closed
        } else {
            FolderState::Open
        };
        SidebarRow::Folder(name.to_owned(), inside.map(|feed| feed.unread_count).sum(), fold)
    }
}

impl SidebarRow {
    /// Returns whether the last refresh of the feed failed.
    pub fn is_failing(&self) -> bool {
        matches!(self, SidebarRow::Feed(feed) if feed.health != FeedHealth::Healthy)
    }
}

fn row_target(row: &SidebarRow) -> Option<SidebarTarget> {
    match row {
        SidebarRow::View(scope, ..) => Some(SidebarTarget::Scope(scope.clone())),
        SidebarRow::Folder(name, ..) => Some(SidebarTarget::Scope(ViewScope::Folder(name.clone()))),
        SidebarRow::Feed(feed) => Some(SidebarTarget::Scope(ViewScope::Feed(feed.id))),
        SidebarRow::SavedFilter(text) => Some(SidebarTarget::Filter(text.clone())),
        SidebarRow::Caption(_) => None,
    }
}
