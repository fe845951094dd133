//! The entry list: the ids it shows, the selected one, and the rows around the screen.

mod apply_results;
mod far_rows;
mod kept_rows;
mod requests;
mod stories;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

use super::{
    CurrentResults, FarList, HiddenCounter, ListArrangements, ListGroup, ListLines, ListSize,
    ListVisit, RequestTracker, RowMarks, StoryRows, UnsavedMarks, VisibleRow,
};
use crate::app::{Effect, Effects, RequestId, StoreWrite};
use crate::model::{
    AppliedChange, CopyListing, Entry, EntryId, Feed, KeptEntries, ListArrangement, ListDefinition,
    ListGrouping, SearchProgress, SearchSummary, View, ViewScope,
};
use crate::text::LocalNow;

/// Maximum number of loaded rows; beyond it only those around the screen stay.
const MAX_LOADED_ROWS: usize = 4_096;

/// Number of entries below the selection that may take its place when it leaves the list.
const MAX_SELECTION_CANDIDATES: usize = 64;

/// A list of any number of entries; only the rows around the screen are in memory.
#[derive(Debug, Default)]
pub struct EntryList {
    definition: ListDefinition,
    /// The treatment of copies in every list.
    copies: CopyListing,
    results: CurrentResults,
    loaded_rows: HashMap<EntryId, Entry>,
    selected_index: usize,
    top_index: usize,
    /// Number of entries that fit on the screen without headings.
    height: usize,
    lines: ListLines,
    /// Columns that a histogram may take.
    histogram_columns: usize,
    requests: RequestTracker,
    new_above: usize,
    pending_selection: Option<EntryId>,
    /// The orders and groups that the user chose.
    arrangements: ListArrangements,
    /// Entries that became read or hidden while this scope is shown; they stay listed until the scope
    /// is opened again.
    recently_left: KeptEntries,
    /// The list from which the trash was opened, while the trash is shown.
    pub(in crate::app) visit: Option<ListVisit>,
    /// The marks that the rows show and that are not saved yet.
    pub(in crate::app) unsaved_marks: UnsavedMarks,
    pub(in crate::app) hidden: HiddenCounter,
    /// The search of the shared archive for the list.
    pub(in crate::app) far: FarList,
    /// The rows that the user marked; rows that leave the list lose their marks.
    pub(in crate::app) row_marks: RowMarks,
    /// The stories of a list that is grouped by them.
    pub(in crate::app) stories: StoryRows,
    /// With an article that is opened, the others of its story become read.
    pub(in crate::app) reads_stories: bool,
}

impl EntryList {
    /// Returns the definition of the list.
    pub fn definition(&self) -> &ListDefinition {
        &self.definition
    }

    /// Returns the number of the library's entries.
    pub fn len(&self) -> usize {
        self.results.ids.len()
    }

    /// Returns whether the library has no entries of the list.
    pub fn is_empty(&self) -> bool {
        self.results.ids.is_empty()
    }

    /// Returns the ids of all entries.
    pub fn ids(&self) -> &[EntryId] {
        &self.results.ids
    }

    /// Shows the same entries in another order at once; the selected one stays so.
    pub(in crate::app) fn show_order(&mut self, order: Vec<EntryId>) {
        let selected = self.selected_id();
        self.results.ids = Arc::new(order);
        let place = selected.and_then(|id| self.index_of(id));
        self.select(place.unwrap_or_default());
    }

    /// Returns the ids of all entries, shared with the search that found them.
    pub(in crate::app) fn shared_ids(&self) -> Arc<Vec<EntryId>> {
        Arc::clone(&self.results.ids)
    }

    /// Returns the loaded rows, in any order.
    pub(in crate::app) fn loaded_rows(&self) -> impl Iterator<Item = &Entry> {
        self.loaded_rows.values()
    }

    /// Returns the rows of `ids`, if all of them are loaded.
    pub(in crate::app) fn loaded_entries(&self, ids: &[EntryId]) -> Option<Vec<Entry>> {
        if ids.len() > self.loaded_rows.len() {
            return None;
        }
        ids.iter().map(|id| self.loaded_rows.get(id).cloned()).collect()
    }

    /// Returns the number of entries in the library.
    pub fn stored_count(&self) -> u64 {
        self.results.stored_count
    }

    /// Returns the number of entries that the list has without its filter.
    pub fn scope_count(&self) -> u64 {
        self.results.scope_count
    }

    /// Returns the id of the latest request; `None` before the first.
    pub fn latest_request(&self) -> Option<RequestId> {
        Some(self.requests.latest_id).filter(|id| *id > RequestId::default())
    }

    /// Returns whether the results of the last request have arrived.
    pub fn is_up_to_date(&self) -> bool {
        self.requests.answered_id == self.requests.latest_id
    }

    /// Returns whether the list still shows the results of another list than the requested one.
    pub fn is_outdated(&self) -> bool {
        self.results.definition != self.definition
    }

    /// Returns whether the list still shows the results of another list because the search takes
    /// long.
    pub fn is_outdated_for_long(&self) -> bool {
        self.is_outdated() && self.results.progress.is_some()
    }

    /// Returns the progress of a search that reads texts.
    pub fn search_progress(&self) -> Option<SearchProgress> {
        self.results.progress
    }

    /// Returns whether the last request failed, so that the list shows the results of an older one.
    pub fn has_failed(&self) -> bool {
        self.requests.failed_id == self.requests.latest_id
            && self.requests.latest_id > RequestId::default()
    }

    /// Notes that a request failed.
    pub(in crate::app) fn note_failure(&mut self, id: RequestId) {
        if id == self.requests.latest_id {
            self.requests.failed_id = id;
            self.results.is_partial = false;
            (self.results.progress, self.results.total) = (None, None);
            self.drop_unlisted_marks();
        }
    }

    /// Takes the marks off rows that have left the list. While more rows are being searched for, one
    /// that is not listed may still be found.
    fn drop_unlisted_marks(&mut self) {
        if !self.results.is_partial {
            self.row_marks.keep_listed(&self.results.ids, &self.results.definition);
        }
    }

    /// Returns whether any results have arrived.
    pub fn has_loaded(&self) -> bool {
        self.requests.answered_id > RequestId::default()
    }

    /// Returns the index of the selected entry.
    pub fn selected_index(&self) -> usize {
        self.selected_index
    }

    /// Returns the index of the first entry on the screen.
    pub fn top_index(&self) -> usize {
        self.top_index
    }

    /// Returns the number of new entries above the screen.
    pub fn new_above(&self) -> usize {
        self.new_above
    }

    /// Returns the selected entry, if its row is loaded.
    pub fn selected_entry(&self) -> Option<&Entry> {
        self.row(self.selected_index)
    }

    /// Returns whether the row of an entry is loaded.
    pub(in crate::app) fn has_loaded_row(&self, id: EntryId) -> bool {
        self.loaded_rows.contains_key(&id)
    }

    /// Returns the ids of the entries next to the selected one.
    pub fn neighbour_ids(&self) -> Vec<EntryId> {
        let indexes = [self.selected_index.checked_add(1), self.selected_index.checked_sub(1)];
        indexes.into_iter().flatten().filter_map(|index| self.id_at(index)).collect()
    }

    /// Selects `id` as soon as results with it arrive.
    pub fn select_when_listed(&mut self, id: EntryId) {
        self.pending_selection = Some(id);
    }

    /// Sets the orders and groups that the user chose for feeds and folders in earlier runs.
    pub fn set_arrangements(&mut self, scopes: BTreeMap<ViewScope, ListArrangement>) {
        self.arrangements.set_scopes(scopes);
    }

    /// Takes over the views. If the listed one has another order or other groups than before, the
    /// list is requested again.
    pub fn set_views(&mut self, views: &[View]) -> Effects {
        self.arrangements.set_views(views);
        let is_as_before =
            self.arrangements.find(&self.definition) == self.definition.arrangement();
        if self.latest_request().is_none() || is_as_before {
            return Effects::none();
        }
        self.request_list(self.definition.clone())
    }

    /// Notes that the user chose an order and groups for the list. Returns the writes that keep
    /// them.
    pub(in crate::app) fn arrange(&mut self, arrangement: ListArrangement) -> Vec<StoreWrite> {
        self.arrangements.choose(&self.definition, arrangement)
    }

    /// Sets the treatment of copies in every list, from the next request on.
    pub fn set_copies(&mut self, copies: CopyListing) {
        self.copies = copies;
    }

    /// Returns whether more entries are on their way: they are still being searched for, or only the first
    /// of a long list have arrived.
    pub fn is_partial(&self) -> bool {
        self.results.is_partial
    }

    /// Returns whether the number of entries is not known yet.
    pub fn is_searching(&self) -> bool {
        self.is_outdated() || self.results.is_partial && self.results.total.is_none()
    }

    /// Returns the number of entries of the list as far as they are found, those that have not arrived
    /// and those that a story folds included.
    pub fn found_count(&self) -> usize {
        let of_stories = self.stories.fold.as_ref().map(|fold| fold.article_count);
        of_stories.or(self.results.total).unwrap_or(self.len())
    }

    /// Returns the filter that may have been meant in place of one without hits.
    pub fn suggested_filter(&self) -> Option<&str> {
        self.results.suggested_filter.as_deref()
    }

    /// Takes the filter that may have been meant, unless it is for an earlier search.
    pub(in crate::app) fn set_suggested_filter(&mut self, id: RequestId, filter: String) {
        if self.is_up_to_date() && self.latest_request() == Some(id) {
            self.results.suggested_filter = Some(filter);
        }
    }

    /// Returns the summary of the last search.
    pub fn search_summary(&self) -> &SearchSummary {
        &self.results.summary
    }

    /// Inserts loaded rows.
    pub fn insert_rows(&mut self, rows: Vec<Entry>) {
        self.requests.rows_in_flight = (0, 0);
        if self.loaded_rows.len() + rows.len() > MAX_LOADED_ROWS {
            let (from, to) = self.index_window(self.height * 4);
            let around: Vec<EntryId> = self.ids_between(from, to).collect();
            self.loaded_rows.retain(|id, _| around.contains(id));
        }
        self.loaded_rows.extend(rows.into_iter().map(|row| (row.id, row)));
        let awaited = std::mem::take(&mut self.requests.awaited_rows);
        self.requests.absent_rows.extend(awaited);
        self.requests.absent_rows.retain(|id| !self.loaded_rows.contains_key(id));
        self.show_unsaved_marks();
        if self.has_headings() {
            // The headings of these rows are known now, and take lines.
            self.scroll_into_view();
        }
    }

    /// Moves the selection; negative is up.
    pub fn move_selection(&mut self, delta: isize) {
        self.select(self.selected_index.saturating_add_signed(delta));
    }

    /// Moves the selection by whole screens.
    pub fn move_selection_by_pages(&mut self, pages: isize) {
        let row_count = if self.has_headings() { self.visible_rows().len() } else { self.height };
        let page = isize::try_from(row_count.saturating_sub(1).max(1)).unwrap_or(1);
        self.move_selection(pages * page);
    }

    /// Selects the entry at `index`, or the last one.
    pub fn select(&mut self, index: usize) {
        self.selected_index = index.min(self.row_count().saturating_sub(1));
        self.scroll_into_view();
    }

    /// Selects the next unread entry below; returns whether there is one.
    pub fn select_next_unread(&mut self) -> bool {
        let is_unread = |entry: &Entry| !entry.state.read && !entry.state.is_unlisted();
        let unread = |index: &usize| match self.row(*index) {
            Some(entry) => is_unread(entry),
            None => self.far_row(*index).is_none(),
        };
        let found = (self.selected_index + 1..self.row_count()).find(unread);
        if let Some(index) = found {
            self.select(index);
        }
        found.is_some()
    }

    /// Scrolls without moving the selection off the screen.
    pub fn scroll_rows(&mut self, rows: isize) {
        self.top_index = self.top_index.saturating_add_signed(rows).min(self.last_top(self.height));
        let last_visible = self.last_visible_from(self.top_index);
        self.selected_index = self
            .selected_index
            .clamp(self.top_index, last_visible.max(self.top_index))
            .min(self.row_count().saturating_sub(1));
        self.reset_new_above_at_top();
    }

    /// Returns the rows in view, with the headings of their groups.
    pub fn visible_rows(&self) -> Vec<VisibleRow> {
        self.rows_from(self.top_index)
    }

    /// Returns the index of the entry in a line of the list; `None` for headings and empty lines.
    pub(in crate::app) fn index_at_line(&self, line: usize) -> Option<usize> {
        let lines = |row: &VisibleRow| row.line..row.line + row.line_count;
        self.visible_rows().iter().find(|row| lines(row).contains(&line)).map(|row| row.index)
    }

    fn rows_from(&self, top: usize) -> Vec<VisibleRow> {
        let grouping = self.results.definition.grouping;
        let group = |index| {
            if self.is_far_index(index) {
                return Some(ListGroup::Archive);
            }
            self.row(index).and_then(|entry| self.lines.group_of(entry, grouping))
        };
        let heading = |index: usize| {
            let begins = index == top || group(index) != group(index - 1);
            begins.then(|| group(index)).flatten()
        };
        self.lines.place_rows(top..self.row_count(), self.selected_index, heading)
    }

    /// Returns whether headings take lines of the list.
    fn has_headings(&self) -> bool {
        !matches!(self.results.definition.grouping, ListGrouping::None | ListGrouping::Story)
            || self.row_count() > self.first_far_index()
    }

    /// Returns the index of the last entry in view if the screen begins with `top`.
    fn last_visible_from(&self, top: usize) -> usize {
        if self.has_headings() {
            self.rows_from(top).last().map_or(top, |row| row.index)
        } else {
            top + self.height.max(1) - 1
        }
    }

    /// Returns the index of the first entry on the screen that ends with the last entry, of which
    /// `height` fit without headings.
    fn last_top(&self, height: usize) -> usize {
        let last = self.row_count().saturating_sub(1);
        let mut top = self.row_count().saturating_sub(height);
        while self.has_headings() && top < last && self.last_visible_from(top) < last {
            top += 1;
        }
        top
    }

    /// Sets what decides the groups of entries: the current time.
    pub(in crate::app) fn set_now(&mut self, now: LocalNow) {
        self.lines.set_now(now);
    }

    /// Sets what decides the groups of entries: the folders of feeds.
    pub(in crate::app) fn set_folders(&mut self, feeds: &[Feed]) {
        self.lines.set_folders(feeds);
    }

    /// Sets the columns that a histogram of the hits may take.
    pub fn set_histogram_columns(&mut self, columns: usize) {
        self.histogram_columns = columns;
    }

    /// Sets the lines of the screen that the list has, and those that entries take.
    pub fn resize(&mut self, size: ListSize) {
        let height = size.row_count();
        let has_changed = self.height != height || self.lines.size.line_count != size.line_count;
        self.height = height;
        self.lines.size = size;
        if has_changed {
            self.scroll_into_view();
        }
    }

    /// Requests the rows around the screen that are not loaded.
    pub fn request_missing_rows(&mut self) -> Effects {
        let (from, to) = self.index_window(self.height.max(8));
        let is_missing = |id: &EntryId| {
            !self.loaded_rows.contains_key(id) && !self.requests.absent_rows.contains(id)
        };
        if self.requests.rows_in_flight == (from, to)
            || !self.ids_between(from, to).any(|id| is_missing(&id))
        {
            return Effects::none();
        }
        let around = self.index_window(self.height.max(8) * 3);
        let missing: Vec<EntryId> =
            self.ids_between(around.0, around.1).filter(is_missing).collect();
        self.requests.rows_in_flight = (from, to);
        self.requests.awaited_rows.clone_from(&missing);
        Effect::LoadRows(missing).into()
    }

    /// Applies a change to the loaded rows, and over it the marks that wait to be saved.
    pub(in crate::app) fn update_states(&mut self, applied: &AppliedChange) {
        self.set_states(applied);
        self.show_unsaved_marks();
    }

    /// Applies the marks that wait to be saved: rows that were requested before, and older changes that
    /// are saved now, do not have them.
    fn show_unsaved_marks(&mut self) {
        let marks = std::mem::take(&mut self.unsaved_marks);
        marks.changes().for_each(|change| self.set_states(change));
        self.unsaved_marks = marks;
    }

    fn set_states(&mut self, applied: &AppliedChange) {
        let mut changed_stories = Vec::new();
        applied.change.for_each(&mut |change| {
            for id in change.entry_ids() {
                let Some(row) = self.loaded_rows.get_mut(id) else { continue };
                let was = row.state;
                change.update_entry(row);
                let unread = (row.story, i32::from(was.read) - i32::from(row.state.read));
                if let (Some(story), change @ (-1 | 1)) = unread {
                    changed_stories.push((story.story, change));
                }
                if row.state.is_unlisted() && !was.is_unlisted() {
                    self.recently_left.unlisted.insert(row.id);
                } else if row.state.read && !was.read {
                    self.recently_left.read.insert(row.id);
                }
            }
        });
        self.count_unread_of_stories(&changed_stories);
    }

    fn scroll_into_view(&mut self) {
        let last = self.last_top(self.height.max(1));
        let lowest = self.selected_index.saturating_sub(self.height.max(1) - 1);
        self.top_index =
            self.top_index.clamp(lowest, self.selected_index.max(lowest)).min(last.max(lowest));
        while self.top_index < self.selected_index
            && self.last_visible_from(self.top_index) < self.selected_index
        {
            self.top_index += 1;
        }
        self.reset_new_above_at_top();
    }

    fn reset_new_above_at_top(&mut self) {
        if self.top_index == 0 {
            self.new_above = 0;
        }
    }

    fn ids_between(&self, from: usize, to: usize) -> impl Iterator<Item = EntryId> {
        (from..to).filter_map(|index| self.id_at(index))
    }

    fn index_window(&self, margin: usize) -> (usize, usize) {
        let to = (self.top_index + self.height + margin).min(self.row_count());
        (self.top_index.saturating_sub(margin).min(to), to)
    }
}
