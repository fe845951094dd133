//! The entry list: what it shows, what is selected, and which of its rows are at hand.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use super::{Effect, Effects, RequestId};
use crate::model::{
    Change, Entry, EntryId, EntryState, HistogramBuckets, SearchRequest, SearchResults,
    SearchSummary, View,
};

/// Rows kept at hand at the most; beyond that only those around the screen stay.
const MAX_LOADED_ROWS: usize = 4_096;

/// How far below the selection a list looks for what is still there.
const MAX_SELECTION_CANDIDATES: usize = 64;

/// A list over any number of entries; only the rows around the screen are in memory.
#[derive(Debug, Default)]
pub struct EntryList {
    view: View,
    results: CurrentResults,
    loaded_rows: HashMap<EntryId, Entry>,
    selected_index: usize,
    top_index: usize,
    height: usize,
    /// Columns of a histogram.
    histogram_columns: usize,
    requests: RequestTracker,
    new_above: usize,
    pending_selection: Option<EntryId>,
    /// What became read while this scope is shown: it stays in sight until the scope is opened again.
    recently_read: BTreeSet<EntryId>,
}

/// What the last answer said.
#[derive(Debug, Default)]
struct CurrentResults {
    ids: Arc<Vec<EntryId>>,
    stored_count: u64,
    /// More are being looked for.
    is_partial: bool,
    summary: SearchSummary,
}

/// What was asked, and what of it is answered.
#[derive(Debug, Default)]
struct RequestTracker {
    latest_id: RequestId,
    answered_id: RequestId,
    /// The one on its way asks what has come in since, not for another view.
    checks_for_new: bool,
    /// The one on its way goes to the top, unless the selection is moved from this entry before its answer is here.
    returns_to_top: Option<EntryId>,
    /// The rows on their way, by index.
    rows_in_flight: (usize, usize),
}

impl RequestTracker {
    fn next_id(&mut self) -> RequestId {
        // Where another view is still on its way, its answer shows no news but what it always had.
        self.checks_for_new = self.answered_id == self.latest_id;
        self.returns_to_top = None;
        self.latest_id.0 += 1;
        self.latest_id
    }
}

impl EntryList {
    /// What the list shows.
    pub fn view(&self) -> &View {
        &self.view
    }

    /// How many entries it shows.
    pub fn len(&self) -> usize {
        self.results.ids.len()
    }

    /// Whether it shows none.
    pub fn is_empty(&self) -> bool {
        self.results.ids.is_empty()
    }

    /// Every entry it shows.
    pub fn ids(&self) -> &[EntryId] {
        &self.results.ids
    }

    /// How many entries are stored in all.
    pub fn stored_count(&self) -> u64 {
        self.results.stored_count
    }

    /// Whether the newest question is answered.
    pub fn is_up_to_date(&self) -> bool {
        self.requests.answered_id == self.requests.latest_id
    }

    /// Whether any question was ever answered.
    pub fn has_loaded(&self) -> bool {
        self.requests.answered_id > RequestId::default()
    }

    /// Index of the selected entry.
    pub fn selected_index(&self) -> usize {
        self.selected_index
    }

    /// Index of the first entry on the screen.
    pub fn top_index(&self) -> usize {
        self.top_index
    }

    /// How many entries came in above the screen.
    pub fn new_above(&self) -> usize {
        self.new_above
    }

    /// The selected entry, if its row is at hand.
    pub fn selected_entry(&self) -> Option<&Entry> {
        self.row(self.selected_index)
    }

    /// The id of the selected entry.
    pub fn selected_id(&self) -> Option<EntryId> {
        self.results.ids.get(self.selected_index).copied()
    }

    /// The row at `index`, if it is at hand.
    pub fn row(&self, index: usize) -> Option<&Entry> {
        self.loaded_rows.get(self.results.ids.get(index)?)
    }

    /// The entries next to the selected one.
    pub fn neighbour_ids(&self) -> Vec<EntryId> {
        let indexes = [self.selected_index.checked_add(1), self.selected_index.checked_sub(1)];
        indexes
            .into_iter()
            .flatten()
            .filter_map(|index| self.results.ids.get(index).copied())
            .collect()
    }

    /// Selects `id` as soon as a list with it arrives.
    pub fn select_when_listed(&mut self, id: EntryId) {
        self.pending_selection = Some(id);
    }

    /// Asks for `view`; in another scope than before, what was read meanwhile may go out of sight.
    pub fn request_view(&mut self, view: View) -> Effects {
        if view.scope != self.view.scope || view.unread_only != self.view.unread_only {
            self.recently_read.clear();
        }
        self.view = view;
        self.new_above = 0;
        let asked = self.request_again();
        self.requests.checks_for_new = false;
        asked
    }

    /// Asks for the same view again.
    pub fn request_again(&mut self) -> Effects {
        let ticket = self.requests.next_id();
        Effect::Search(ticket, self.build_request()).into()
    }

    fn build_request(&self) -> SearchRequest {
        SearchRequest {
            view: self.view.clone(),
            selection_candidates: self.selection_candidates(),
            // What one left off at is found again, though it was read.
            keep_listed: self
                .recently_read
                .iter()
                .chain(&self.pending_selection)
                .copied()
                .collect(),
            row_count: self.height.max(16) * 4,
            histogram_columns: HistogramBuckets::AtMost(self.histogram_columns),
        }
    }

    /// Asks for the same view again, and goes to its top.
    pub fn request_from_top(&mut self) -> Effects {
        let selected = self.selected_id();
        let ticket = self.requests.next_id();
        self.requests.returns_to_top = selected;
        let near = self.pending_selection.into_iter().collect();
        Effect::Search(ticket, SearchRequest { selection_candidates: near, ..self.build_request() })
            .into()
    }

    fn selection_candidates(&self) -> Vec<EntryId> {
        let below =
            self.results.ids.iter().skip(self.selected_index).take(MAX_SELECTION_CANDIDATES);
        self.pending_selection.iter().chain(below).copied().collect()
    }

    /// Takes the answer to a question, unless a newer one has been asked; tells whether it was taken.
    ///
    /// The selected entry stays where it is on the screen; what comes in above it moves nothing.
    pub fn apply_results(&mut self, ticket: RequestId, mut listing: SearchResults) -> bool {
        if ticket != self.requests.latest_id {
            return false;
        }
        let goes_on = std::mem::replace(&mut self.results.is_partial, listing.is_partial);
        self.results.summary = std::mem::take(&mut listing.summary);
        if goes_on && self.requests.answered_id == ticket && !self.results.ids.is_empty() {
            self.extend_results(listing);
            return true;
        }
        let (offset, before) =
            (self.selected_index.saturating_sub(self.top_index), self.selected_index);
        let kept = self.selected_id();
        self.requests.answered_id = ticket;
        self.results.ids = listing.ids;
        self.results.stored_count = listing.stored_count;
        let moved = kept
            .filter(|_| self.requests.returns_to_top.take().is_some_and(|from| Some(from) != kept));
        let moved = moved.and_then(|kept| self.results.ids.iter().position(|id| *id == kept));
        self.selected_index =
            moved.unwrap_or(listing.selected_index).min(self.results.ids.len().saturating_sub(1));
        self.top_index = self.selected_index.saturating_sub(offset);
        if self.requests.checks_for_new
            && kept.is_some()
            && kept == self.selected_id()
            && self.top_index > 0
        {
            self.new_above += self.selected_index.saturating_sub(before);
        }
        if self.pending_selection.is_some_and(|wanted| Some(wanted) == self.selected_id()) {
            self.pending_selection = None;
        }
        // Rows elsewhere may have changed; they are asked for again when they come into view.
        self.loaded_rows.clear();
        self.insert_rows(listing.rows);
        self.scroll_into_view();
        true
    }

    /// Takes the rest of an answer: mostly what is shown is the beginning of it. Where something stands above that was
    /// not there, the selected entry stays where it is on the screen.
    fn extend_results(&mut self, listing: SearchResults) {
        let (offset, kept) =
            (self.selected_index.saturating_sub(self.top_index), self.selected_id());
        self.results.ids = listing.ids;
        if self.selected_id() == kept {
            return;
        }
        let moved = self.results.ids.iter().position(|id| Some(*id) == kept);
        self.selected_index =
            moved.unwrap_or(listing.selected_index).min(self.results.ids.len().saturating_sub(1));
        self.top_index = self.selected_index.saturating_sub(offset);
        self.insert_rows(listing.rows);
        self.scroll_into_view();
    }

    /// Whether more entries are being looked for.
    pub fn is_partial(&self) -> bool {
        self.results.is_partial
    }

    /// What is told of what the filter found.
    pub fn search_summary(&self) -> &SearchSummary {
        &self.results.summary
    }

    /// Takes rows that were asked for.
    pub fn insert_rows(&mut self, rows: Vec<Entry>) {
        self.requests.rows_in_flight = (0, 0);
        if self.loaded_rows.len() + rows.len() > MAX_LOADED_ROWS {
            let around: Vec<EntryId> = self.ids_around_screen(self.height * 4).to_vec();
            self.loaded_rows.retain(|id, _| around.contains(id));
        }
        self.loaded_rows.extend(rows.into_iter().map(|row| (row.id, row)));
    }

    /// Moves the selection; negative is up.
    pub fn move_selection(&mut self, delta: isize) {
        self.select(self.selected_index.saturating_add_signed(delta));
    }

    /// Moves the selection by whole screens.
    pub fn move_selection_by_pages(&mut self, pages: isize) {
        let page = isize::try_from(self.height.saturating_sub(1).max(1)).unwrap_or(1);
        self.move_selection(pages * page);
    }

    /// Selects the entry at `index`, or the last one.
    pub fn select(&mut self, index: usize) {
        self.selected_index = index.min(self.results.ids.len().saturating_sub(1));
        self.scroll_into_view();
    }

    /// Selects the next unread entry below; tells whether there is one among the rows at hand.
    pub fn select_next_unread(&mut self) -> bool {
        let unread = |index: &usize| self.row(*index).is_none_or(|entry| !entry.state.read);
        let found = (self.selected_index + 1..self.results.ids.len()).find(unread);
        if let Some(index) = found {
            self.select(index);
        }
        found.is_some()
    }

    /// Scrolls without moving the selection off the screen.
    pub fn scroll_rows(&mut self, rows: isize) {
        let last = self.results.ids.len().saturating_sub(self.height);
        self.top_index = self.top_index.saturating_add_signed(rows).min(last);
        self.selected_index = self
            .selected_index
            .clamp(self.top_index, (self.top_index + self.height.max(1)) - 1)
            .min(self.results.ids.len().saturating_sub(1));
        self.reset_new_above_at_top();
    }

    /// How many entries fit on the screen, and columns of a histogram above them.
    pub fn resize(&mut self, height: usize, columns: usize) {
        self.histogram_columns = columns;
        if self.height != height {
            self.height = height;
            self.scroll_into_view();
        }
    }

    /// Asks for the rows around the screen that are not at hand.
    pub fn request_missing_rows(&mut self) -> Effects {
        let (from, to) = self.index_window(self.height.max(8));
        if self.requests.rows_in_flight == (from, to)
            || self.results.ids[from..to].iter().all(|id| self.loaded_rows.contains_key(id))
        {
            return Effects::none();
        }
        self.requests.rows_in_flight = (from, to);
        let (from, to) = self.index_window(self.height.max(8) * 3);
        let missing = self.results.ids[from..to]
            .iter()
            .filter(|id| !self.loaded_rows.contains_key(id))
            .copied()
            .collect();
        Effect::LoadRows(missing).into()
    }

    /// Changes the state of entries at hand.
    pub fn update_states(&mut self, ids: &[i64], set: impl Fn(&mut EntryState)) {
        for id in ids {
            if let Some(row) = self.loaded_rows.get_mut(&EntryId(*id)) {
                let was = row.state;
                set(&mut row.state);
                if row.state.read && !was.read {
                    self.recently_read.insert(row.id);
                }
            }
        }
    }

    /// The change that turns the star of the selected entry.
    pub fn toggle_star_change(&self) -> Option<Change> {
        self.selected_entry().map(|entry| Change::set_starred(&[entry.id], !entry.state.starred))
    }

    /// The change that turns read into unread, or back.
    pub fn toggle_read_change(&self) -> Option<Change> {
        self.selected_entry().map(|entry| Change::set_read(&[entry.id], !entry.state.read))
    }

    /// The change that makes the selected entry read, if it is not.
    pub fn mark_read_change(&self) -> Option<Change> {
        self.selected_entry()
            .filter(|entry| !entry.state.read)
            .map(|entry| Change::set_read(&[entry.id], true))
    }

    fn scroll_into_view(&mut self) {
        let last = self.results.ids.len().saturating_sub(self.height.max(1));
        let lowest = self.selected_index.saturating_sub(self.height.max(1) - 1);
        self.top_index =
            self.top_index.clamp(lowest, self.selected_index.max(lowest)).min(last.max(lowest));
        self.reset_new_above_at_top();
    }

    fn reset_new_above_at_top(&mut self) {
        if self.top_index == 0 {
            self.new_above = 0;
        }
    }

    fn ids_around_screen(&self, margin: usize) -> &[EntryId] {
        let (from, to) = self.index_window(margin);
        &self.results.ids[from..to]
    }

    fn index_window(&self, margin: usize) -> (usize, usize) {
        let to = (self.top_index + self.height + margin).min(self.results.ids.len());
        (self.top_index.saturating_sub(margin).min(to), to)
    }
}
