//! The sidebar: views, feeds by folder, tags, and which of them the list shows.

use std::cell::LazyCell;

use super::{
    CountChange, ScrollAmount, ViewCounts,
    sidebar_rows::{
        RowOptions, SidebarRow, SidebarTarget, TagList, build_rows, feeds_in_order, is_view_shown,
    },
};
use crate::{
    app::{Effect, RequestId, SidebarData, SidebarTotals},
    model::{
        BuiltInView, CopyListing, Feed, FeedId, FeedKind, ListDefinition, ListedAccount, NewFeed,
        StarterCollection, TagCount, View, ViewCount, ViewScope, is_in_account,
    },
    text::LocalNow,
};

/// The sidebar: its rows, the selected one and the scroll offset.
#[derive(Debug, Default)]
pub struct Sidebar {
    data: SidebarData,
    view_counts: ViewCounts,
    is_loaded: bool,
    collections: LazyCell<Vec<StarterCollection>>,
    rows: Vec<SidebarRow>,
    options: RowOptions,
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

    /// Sets the source of the collections offered to a user without subscriptions. It is asked when
    /// they are shown first.
    pub fn set_collections(&mut self, source: fn() -> Vec<StarterCollection>) {
        self.collections = LazyCell::new(source);
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
        self.totals().unread
    }

    fn totals(&self) -> SidebarTotals {
        self.data.totals(self.options.copies)
    }

    fn folder_counts(&self, name: &str) -> (u64, u64) {
        self.data.folder_counts(name, self.options.copies)
    }

    /// Sets the treatment of copies in lists, so that the numbers are theirs.
    pub fn set_copies(&mut self, copies: CopyListing) {
        self.options.copies = copies;
        self.view_counts.expire();
        self.rebuild_rows();
    }

    /// Returns the number of entries of a scope that the feeds state; `None` if they do not.
    pub fn stated_count(&self, scope: &ViewScope) -> Option<u64> {
        match scope {
            ViewScope::Unread => Some(self.unread_count()),
            ViewScope::Starred => Some(self.totals().starred),
            ViewScope::Today => None,
            ViewScope::All => Some(self.totals().all),
            ViewScope::Feed(id) => self.feed(*id).map(|feed| feed.entry_count),
            ViewScope::Folder(name) => Some(self.folder_counts(name).0),
            ViewScope::Account(_) => Some(self.feeds_in(scope).map(|feed| feed.entry_count).sum()),
        }
    }

    /// Returns the number of unread entries of a scope that the feeds state; `None` if they do not.
    pub fn stated_unread(&self, scope: &ViewScope) -> Option<u64> {
        match scope {
            ViewScope::Unread | ViewScope::All => Some(self.unread_count()),
            ViewScope::Today => Some(self.totals().unread_today),
            ViewScope::Starred => None,
            ViewScope::Feed(id) => self.feed(*id).map(|feed| feed.unread_count),
            ViewScope::Folder(name) => Some(self.folder_counts(name).1),
            ViewScope::Account(_) => Some(self.feeds_in(scope).map(|feed| feed.unread_count).sum()),
        }
    }

    fn feeds_in(&self, folders: &ViewScope) -> impl Iterator<Item = &Feed> {
        self.data.feeds.iter().filter(move |feed| is_in_folders(feed, folders))
    }

    /// Finds a feed by its id.
    pub fn feed(&self, id: FeedId) -> Option<&Feed> {
        self.data.feeds.iter().find(|feed| feed.id == id)
    }

    /// Returns the name of a list on the screen: that of the view that it shows, else that of its scope.
    pub fn list_name(&self, list: &ListDefinition) -> String {
        let view = View::find_listed(&self.data.views, &list.scope, &list.filter);
        view.map_or_else(|| self.scope_name(&list.scope), |view| view.name.clone())
    }

    /// Returns the name of a scope on the screen.
    pub fn scope_name(&self, scope: &ViewScope) -> String {
        match scope {
            ViewScope::Unread | ViewScope::Starred | ViewScope::Today | ViewScope::All => {
                let view = self.data.views.iter().find(|view| view.scope().as_ref() == Some(scope));
                let built_in =
                    BuiltInView::ALL.into_iter().find(|view| view.scope().as_ref() == Some(scope));
                let first_name = built_in.map_or("", BuiltInView::first_name);
                view.map_or_else(|| first_name.to_owned(), |view| view.name.clone())
            }
            ViewScope::Feed(id) => self
                .feed(*id)
                .map_or_else(|| "Feed".to_owned(), |feed| feed.display_name().to_owned()),
            ViewScope::Folder(name) | ViewScope::Account(name) => name.clone(),
        }
    }

    /// Returns whether all entries of a scope have the same source: they are of one feed, and not
    /// saved pages, each of which has a website of its own.
    pub fn has_one_source(&self, scope: &ViewScope) -> bool {
        let is_listed = |feed: &&Feed| match scope {
            ViewScope::Feed(id) => feed.id == *id,
            ViewScope::Folder(_) | ViewScope::Account(_) => is_in_folders(feed, scope),
            ViewScope::Unread | ViewScope::Starred | ViewScope::Today | ViewScope::All => true,
        };
        let mut listed = self.data.feeds.iter().filter(is_listed);
        match (listed.next(), listed.next()) {
            (Some(feed), None) => feed.kind != FeedKind::Saved,
            (_, second) => second.is_none(),
        }
    }

    /// Replaces the contents.
    pub fn set_data(&mut self, data: SidebarData) {
        self.data = data;
        self.view_counts.expire();
        self.is_loaded = true;
        self.rebuild_rows();
    }

    /// Applies marks that the library does not state yet to the counts.
    pub(in crate::app) fn apply_marks<'m>(
        &mut self,
        marks: impl IntoIterator<Item = &'m CountChange>,
        now: LocalNow,
    ) {
        self.view_counts.expire();
        for mark in marks {
            let feed = self.data.feeds.iter_mut().find(|feed| feed.id == mark.feed);
            if let Some(feed) = feed {
                feed.unread_count = feed.unread_count.saturating_add_signed(mark.unread);
            }
            if mark.published.day_in(&now.zone) >= now.today() {
                let unread = self.data.unread_today;
                self.data.unread_today = unread.saturating_add_signed(mark.unread);
            }
            let starred = self.data.starred_count;
            self.data.starred_count = starred.saturating_add_signed(mark.starred);
        }
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
                if self.rows[next].can_be_selected() {
                    break;
                }
            }
            self.select_row(next);
        }
    }

    /// Selects a row, if it can be selected.
    pub fn select_row(&mut self, index: usize) {
        if self.rows.get(index).is_some_and(SidebarRow::can_be_selected) {
            self.selected_index = index;
        }
        self.scroll_into_view();
    }

    /// Selects the row of the filter or else of the scope that a list shows; for a feed in a closed
    /// folder, that of the folder. Shows the top of the sidebar if the row is in view there.
    pub fn select_listed(&mut self, listed: &ListDefinition) {
        let filter = SidebarTarget::Filter(listed.filter.clone());
        let scope = SidebarTarget::Scope(listed.scope.clone());
        let groups = || {
            let groups = self.groups_of(&listed.scope).into_iter();
            groups.map(SidebarTarget::Scope).find_map(|group| self.index_of(&group))
        };
        let found = self.index_of(&filter).or_else(|| self.index_of(&scope)).or_else(groups);
        self.selected_index = found.unwrap_or(self.selected_index);
        self.scroll_from_top();
    }

    /// Returns the target of the selected row.
    pub fn selected_target(&self) -> Option<SidebarTarget> {
        self.selected_row().and_then(SidebarRow::target)
    }

    /// Returns the selected row.
    pub fn selected_row(&self) -> Option<&SidebarRow> {
        self.rows.get(self.selected_index)
    }

    /// Returns every row as it is while all folders are open and nothing is hidden.
    pub fn all_rows(&self) -> Vec<SidebarRow> {
        let options = RowOptions { shows_hidden_views: true, ..RowOptions::default() };
        build_rows(&self.data, &self.view_counts, &options)
    }

    /// Returns the view of the selected row.
    pub(in crate::app) fn selected_view(&self) -> Option<&View> {
        match self.selected_row()? {
            SidebarRow::View(view, _) => Some(view),
            _ => None,
        }
    }

    /// Returns the view that a list shows.
    pub(in crate::app) fn listed_view(&self, listed: &ListDefinition) -> Option<&View> {
        View::find_listed(&self.data.views, &listed.scope, &listed.filter)
    }

    /// Returns the next view above or below `view` that has a row.
    pub(in crate::app) fn adjacent_view(&self, view: &View, step: isize) -> Option<&View> {
        let mut position = view.position;
        loop {
            position = position.checked_add_signed(step)?;
            let next = self.data.views.get(position)?;
            if is_view_shown(next, &self.view_counts, &self.options) {
                return Some(next);
            }
        }
    }

    /// Returns whether the counts of the user's views are true, and not of an earlier state.
    pub fn has_current_view_counts(&self) -> bool {
        self.view_counts.are_current()
    }

    /// Notes that the views have to be counted again.
    pub(in crate::app) fn expire_view_counts(&mut self) {
        self.view_counts.expire();
    }

    /// Requests the counts of the user's views, if they are outdated.
    pub(in crate::app) fn request_view_counts(&mut self) -> Option<Effect> {
        self.view_counts.request(&self.data.views, self.options.copies)
    }

    /// Shows the counts of the user's views, unless something has changed since they were requested.
    pub(in crate::app) fn set_view_counts(&mut self, request: RequestId, counts: &[ViewCount]) {
        if self.view_counts.set(request, counts) {
            self.rebuild_rows();
        }
    }

    /// Returns whether a filter is that of a row.
    pub(in crate::app) fn has_filter(&self, text: &str) -> bool {
        self.index_of(&SidebarTarget::Filter(text.to_owned())).is_some()
    }

    fn index_of(&self, target: &SidebarTarget) -> Option<usize> {
        self.rows.iter().position(|row| row.target().as_ref() == Some(target))
    }

    /// Returns the folder of a feed or of a folder, and the account: what is closed shows the next.
    fn groups_of(&self, scope: &ViewScope) -> Vec<ViewScope> {
        let folder = match scope {
            ViewScope::Feed(id) => self.feed(*id).and_then(Feed::folder),
            ViewScope::Folder(name) => Some(name.as_str()),
            _ => None,
        };
        let Some(folder) = folder else { return Vec::new() };
        let account = self.data.accounts.iter().find(|listed| listed.has_folder(folder));
        let account = account.map(|listed| ViewScope::Account(listed.account.name.clone()));
        [ViewScope::Folder(folder.to_owned())].into_iter().chain(account).collect()
    }

    /// Returns the account of the selected row.
    pub(in crate::app) fn selected_account(&self) -> Option<&ListedAccount> {
        match self.selected_row()? {
            SidebarRow::Account(listed, ..) => Some(listed),
            _ => None,
        }
    }

    /// Returns the folder of the selected row.
    pub(in crate::app) fn selected_folder(&self) -> Option<&str> {
        match self.selected_row()? {
            SidebarRow::Folder(name, ..) => Some(name),
            _ => None,
        }
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

    /// Opens or closes the selected folder. Returns false if no folder is selected.
    pub(in crate::app) fn toggle_folder(&mut self) -> bool {
        let name = match self.selected_row() {
            Some(SidebarRow::Folder(name, ..)) => name.clone(),
            Some(SidebarRow::Account(listed, ..)) => listed.account.name.clone(),
            _ => return false,
        };
        if !self.options.closed_folders.remove(&name) {
            self.options.closed_folders.insert(name);
        }
        self.rebuild_rows();
        true
    }

    /// Opens or closes the group of tags. Requests their counts where it opens.
    pub(in crate::app) fn toggle_tags(&mut self) -> Option<Effect> {
        let opens = self.options.tags == TagList::Closed;
        self.options.tags = if opens { TagList::Counting } else { TagList::Closed };
        self.rebuild_rows();
        self.recount_tags()
    }

    /// Requests the counts of the tags again, if their group is open.
    pub(in crate::app) fn recount_tags(&self) -> Option<Effect> {
        (self.options.tags != TagList::Closed).then_some(Effect::CountTags(self.options.copies))
    }

    /// Shows the tags, unless their group has been closed since.
    pub fn set_tags(&mut self, tags: Vec<TagCount>) {
        if self.options.tags != TagList::Closed {
            self.options.tags = TagList::Counted(tags);
            self.rebuild_rows();
        }
    }

    /// Returns whether feeds without unread entries are hidden.
    pub fn hides_read_feeds(&self) -> bool {
        self.options.hides_read_feeds
    }

    /// Hides feeds without unread entries, except the selected one, or shows all.
    pub fn set_hides_read_feeds(&mut self, hides: bool) {
        self.options.hides_read_feeds = hides;
        self.rebuild_rows();
    }

    /// Returns the next feed with unread entries below the one that a list shows, in the order of
    /// the sidebar; after the last one, the first.
    pub(in crate::app) fn next_unread_feed(&self, listed: &ViewScope) -> Option<FeedId> {
        let feeds = feeds_in_order(&self.data);
        let below = match listed {
            ViewScope::Feed(id) => feeds.iter().position(|feed| feed.id == *id).map(|at| at + 1),
            ViewScope::Folder(_) | ViewScope::Account(_) => {
                feeds.iter().position(|feed| is_in_folders(feed, listed))
            }
            _ => None,
        };
        let (above, below) = feeds.split_at(below.unwrap_or(0));
        let unread = |feed: &&&Feed| feed.unread_count > 0 && ViewScope::Feed(feed.id) != *listed;
        below.iter().chain(above).find(unread).map(|feed| feed.id)
    }

    /// Sets the number of rows that fit on the screen.
    pub fn resize(&mut self, height: usize) {
        if height != self.height {
            self.height = height;
            self.scroll_from_top();
        }
    }

    /// Shows the top, or so little less that the selected row is in view.
    fn scroll_from_top(&mut self) {
        self.top_index = 0;
        self.scroll_into_view();
    }

    fn scroll_into_view(&mut self) {
        let lowest = self.selected_index.saturating_sub(self.height.max(1) - 1);
        self.top_index = self.top_index.clamp(lowest, self.selected_index.max(lowest));
    }

    /// Makes the rows anew; the selection stays with its target.
    fn rebuild_rows(&mut self) {
        let selected = self.selected_target();
        self.options.kept.clone_from(&selected);
        self.rows = build_rows(&self.data, &self.view_counts, &self.options);
        let found = selected.and_then(|target| self.index_of(&target));
        let selectable = |index: &usize| self.rows[*index].can_be_selected();
        let end = (self.selected_index + 1).min(self.rows.len());
        self.selected_index = found.or_else(|| (0..end).rev().find(selectable)).unwrap_or_default();
        self.scroll_into_view();
    }
}

/// Returns whether a feed is in the folder of a scope, or in those of the account of one.
fn is_in_folders(feed: &Feed, scope: &ViewScope) -> bool {
    match scope {
        ViewScope::Folder(name) => feed.folder() == Some(name),
        ViewScope::Account(name) => feed.folder().is_some_and(|folder| is_in_account(name, folder)),
        _ => false,
    }
}
