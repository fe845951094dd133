//! The table of rules, those with a mistake included.

use super::{DialogLayout, RowWindow};
use crate::{
    app::PaneLayout,
    model::{Failure, ListedRule, Rule},
};

/// The table of rules.
#[derive(Debug, Default)]
pub struct RuleTable {
    /// The rows in view.
    pub window: RowWindow,
    rows: Vec<ListedRule>,
    selected_index: usize,
    state: LoadState,
}

/// The extent to which the rules are loaded.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
enum LoadState {
    /// Nothing is loaded, or what is loaded has changed since.
    #[default]
    Outdated,
    /// The rules were requested.
    Requested,
    /// The rules are loaded.
    Loaded,
    /// The rules cannot be loaded.
    Failed(Failure),
}

impl RuleTable {
    /// Returns the rows, in the order of the file.
    pub fn rows(&self) -> &[ListedRule] {
        &self.rows
    }

    /// Returns the index of the selected row.
    pub fn selected_index(&self) -> usize {
        self.selected_index
    }

    /// Returns the selected row.
    pub fn selected_row(&self) -> Option<&ListedRule> {
        self.rows.get(self.selected_index)
    }

    /// Returns the rule of the selected row; `None` if it has a mistake.
    pub(in crate::app) fn selected_rule(&self) -> Option<&Rule> {
        self.selected_row()?.rule.as_ref().ok()
    }

    /// Returns whether the rows have arrived at least once.
    pub fn has_loaded(&self) -> bool {
        !self.rows.is_empty() || self.state == LoadState::Loaded
    }

    /// Returns the number of rows with a mistake.
    pub fn mistake_count(&self) -> usize {
        self.rows.iter().filter(|row| row.rule.is_err()).count()
    }

    /// Returns the reason why the rules cannot be loaded.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.state {
            LoadState::Failed(failure) => Some(failure),
            _ => None,
        }
    }

    /// Returns whether the rules are to be loaded now.
    pub(in crate::app) fn request_rows(&mut self) -> bool {
        let is_outdated = self.state == LoadState::Outdated;
        if is_outdated {
            self.state = LoadState::Requested;
        }
        is_outdated
    }

    /// Has the rules loaded anew, because something has changed.
    pub(in crate::app) fn reload(&mut self) {
        self.state = LoadState::Outdated;
    }

    /// Takes the rules. The selection stays with its rule, or else in its place.
    pub(in crate::app) fn set_rows(&mut self, rows: Result<Vec<ListedRule>, Failure>) {
        // After a change, these are the rules of before it.
        if self.state != LoadState::Requested {
            return;
        }
        match rows {
            Ok(rows) => {
                let name = self.selected_row().and_then(|row| row.name().map(str::to_owned));
                self.rows = rows;
                let found = self.rows.iter().position(|row| row.name() == name.as_deref());
                self.select(found.filter(|_| name.is_some()).unwrap_or(self.selected_index));
                self.state = LoadState::Loaded;
            }
            Err(failure) => self.state = LoadState::Failed(failure),
        }
    }

    /// Selects a row, or the last one.
    fn select(&mut self, index: usize) {
        self.selected_index = index.min(self.rows.len().saturating_sub(1));
    }

    /// Moves the selection; negative is up.
    pub(in crate::app) fn move_selection(&mut self, delta: isize) {
        self.select(self.selected_index.saturating_add_signed(delta));
    }

    /// Scrolls the rows; negative is up.
    pub(in crate::app) fn scroll_rows(&mut self, delta: isize) {
        let selected = self.window.scroll(delta, self.selected_index, self.rows.len());
        self.select(selected);
    }

    /// Selects the row at a place in view; returns whether it was selected before.
    pub(in crate::app) fn click_row(&mut self, row: usize) -> bool {
        let index = self.window.top_index() + row;
        let was_selected = index == self.selected_index;
        if index < self.rows.len() {
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
