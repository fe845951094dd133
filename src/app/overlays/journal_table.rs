//! The journal: every change, by whom and when it was made, newest first.

use chrono::{DateTime, Utc};

use super::{DialogLayout, RowWindow};
use crate::{
    app::{JournalPage, JournalRequest, JournalRow, PaneLayout},
    model::Failure,
};

/// Number of rows that are loaded at a time.
const PAGE_ROWS: usize = 500;

/// Number of rows below the ones in view at which older ones are loaded.
const ROWS_AHEAD: usize = 100;

/// The journal as a table.
#[derive(Debug, Default)]
pub struct JournalTable {
    /// The rows in view.
    pub window: RowWindow,
    rows: Vec<JournalRow>,
    selected_index: usize,
    state: LoadState,
    /// The request whose rows have not arrived.
    pending: Option<JournalRequest>,
    /// The question about the selected row is open.
    is_asking: bool,
}

/// The extent to which the rows are loaded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum LoadState {
    /// Nothing is loaded, or what is loaded has changed since.
    #[default]
    Outdated,
    /// There are older rows.
    Partial,
    /// All rows are loaded.
    Complete,
    /// The journal cannot be read.
    Failed(Failure),
}

/// The question before several changes are undone or redone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JournalQuestion {
    /// The changes are redone, instead of undone.
    pub is_redo: bool,
    /// Number of changes.
    pub count: usize,
    /// The time of the selected change.
    pub at: DateTime<Utc>,
}

impl JournalTable {
    /// Returns the rows that are loaded.
    pub fn rows(&self) -> &[JournalRow] {
        &self.rows
    }

    /// Returns the index of the selected row.
    pub fn selected_index(&self) -> usize {
        self.selected_index
    }

    /// Returns the selected row.
    pub fn selected_row(&self) -> Option<&JournalRow> {
        self.rows.get(self.selected_index)
    }

    /// Returns whether the rows have arrived at least once.
    pub fn has_loaded(&self) -> bool {
        !self.rows.is_empty() || self.state == LoadState::Complete
    }

    /// Returns whether older rows are not loaded.
    pub fn has_older_rows(&self) -> bool {
        self.state == LoadState::Partial
    }

    /// Returns the reason why the journal cannot be read.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.state {
            LoadState::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// Returns the open question.
    pub fn question(&self) -> Option<JournalQuestion> {
        self.question_at_selection().filter(|_| self.is_asking)
    }

    /// Returns the question about the selected row: how many changes a step up to it concerns. The
    /// rows above it are the newer ones, and those that are undone are redone from the oldest on.
    pub(in crate::app) fn question_at_selection(&self) -> Option<JournalQuestion> {
        let row = self.selected_row().filter(|row| row.is_step())?;
        let (newer, older) = self.rows.split_at(self.selected_index);
        let others = if row.is_undone { &older[1..] } else { newer };
        let count = 1 + others.iter().filter(|other| other.can_step(row.is_undone)).count();
        Some(JournalQuestion { is_redo: row.is_undone, count, at: row.at })
    }

    /// Opens or closes the question.
    pub(in crate::app) fn set_asking(&mut self, is_asking: bool) {
        self.is_asking = is_asking;
    }

    /// Returns a request for rows that are missing, unless one is on its way: after a change for all
    /// rows anew, otherwise for older ones before the last row comes into view.
    ///
    /// All changes that are undone are loaded, because the question counts them from the oldest on.
    pub(in crate::app) fn request_missing(&mut self) -> Option<JournalRequest> {
        if self.pending.is_some() {
            return None;
        }
        let last = self.rows.last();
        let is_near_end = self.window.bottom_index() + ROWS_AHEAD >= self.rows.len();
        self.pending = match self.state {
            LoadState::Outdated => {
                Some(JournalRequest { before: None, limit: self.rows.len().max(PAGE_ROWS) })
            }
            LoadState::Partial if is_near_end || last.is_some_and(|row| row.is_undone) => {
                Some(JournalRequest { before: last.map(|row| row.id), limit: PAGE_ROWS })
            }
            LoadState::Partial | LoadState::Complete | LoadState::Failed(_) => None,
        };
        self.pending
    }

    /// Takes the rows of a request, unless they are those of an earlier one.
    pub(in crate::app) fn insert_page(
        &mut self,
        request: JournalRequest,
        page: Result<JournalPage, Failure>,
    ) {
        if self.pending != Some(request) {
            return;
        }
        self.pending = None;
        // After a change, these rows are older than the ones that come next.
        if self.state == LoadState::Outdated && request.before.is_some() {
            return;
        }
        match page {
            Ok(page) if request.before.is_some() => {
                self.rows.extend(page.rows);
                self.state = LoadState::after(page.has_more);
            }
            Ok(page) => {
                let selected = self.selected_row().map(|row| row.id);
                self.rows = page.rows;
                let found = self.rows.iter().position(|row| Some(row.id) == selected);
                self.select(found.unwrap_or(self.selected_index));
                self.state = LoadState::after(page.has_more);
            }
            Err(failure) => self.state = LoadState::Failed(failure),
        }
    }

    /// Has the rows loaded anew, because the library has changed.
    pub(in crate::app) fn reload(&mut self) {
        self.state = LoadState::Outdated;
        // The rows on their way may be those of before the change.
        self.pending = None;
        self.is_asking = false;
    }

    /// Selects a row, or the last one.
    fn select(&mut self, index: usize) {
        self.selected_index = index.min(self.rows.len().saturating_sub(1));
        self.is_asking = false;
    }

    /// Moves the selection; negative is up.
    pub(in crate::app) fn move_selection(&mut self, delta: isize) {
        self.select(self.selected_index.saturating_add_signed(delta));
    }

    /// Scrolls the rows; negative is up.
    pub(in crate::app) fn scroll_rows(&mut self, delta: isize) {
        let selected = self.window.scroll(delta, self.selected_index, self.rows.len());
        if selected != self.selected_index {
            self.select(selected);
        }
    }

    /// Selects the row at a place in view; returns whether it was selected before.
    pub(in crate::app) fn click_row(&mut self, row: usize) -> bool {
        let index = self.window.top_index() + row;
        if index >= self.rows.len() {
            return false;
        }
        let was_selected = index == self.selected_index;
        if !was_selected {
            self.select(index);
        }
        was_selected
    }

    /// Lays out the table; its list holds the rows.
    pub fn layout(&self, panes: &PaneLayout) -> DialogLayout {
        DialogLayout::of_table(panes, 1)
    }

    pub(in crate::app) fn resize(&mut self, panes: &PaneLayout) {
        self.window.fit(self.layout(panes).rows(), self.selected_index, self.rows.len());
    }
}

impl LoadState {
    fn after(has_more: bool) -> LoadState {
        if has_more { LoadState::Partial } else { LoadState::Complete }
    }
}
