//! The table of accounts.

use super::{DialogLayout, RowWindow};
use crate::{
    app::PaneLayout,
    model::{AccountId, ListedAccount},
};

/// Rows for the selected account in full: the reason of a failure may have two fingerprints.
const DETAIL_ROWS: u16 = 6;

/// The table of accounts.
#[derive(Debug, Default)]
pub struct AccountTable {
    /// The rows in view.
    pub window: RowWindow,
    selected_id: Option<AccountId>,
    /// The place of the selection, in case that the account is removed.
    last_index: usize,
}

impl AccountTable {
    /// Returns the index of the selected row, which stays with its account, or else in its place.
    pub fn selected_index(&self, accounts: &[ListedAccount]) -> usize {
        let found = accounts.iter().position(|listed| Some(listed.id()) == self.selected_id);
        found.unwrap_or(self.last_index.min(accounts.len().saturating_sub(1)))
    }

    /// Returns the selected account.
    pub fn selected<'a>(&self, accounts: &'a [ListedAccount]) -> Option<&'a ListedAccount> {
        accounts.get(self.selected_index(accounts))
    }

    /// Selects an account.
    pub(in crate::app) fn select(&mut self, account: AccountId) {
        self.selected_id = Some(account);
    }

    fn select_index(&mut self, index: usize, accounts: &[ListedAccount]) {
        self.last_index = index.min(accounts.len().saturating_sub(1));
        self.selected_id = accounts.get(self.last_index).map(ListedAccount::id);
    }

    /// Moves the selection; negative is up.
    pub(in crate::app) fn move_selection(&mut self, delta: isize, accounts: &[ListedAccount]) {
        let index = self.selected_index(accounts).saturating_add_signed(delta);
        self.select_index(index, accounts);
    }

    /// Scrolls the rows; negative is up.
    pub(in crate::app) fn scroll_rows(&mut self, delta: isize, accounts: &[ListedAccount]) {
        let index = self.window.scroll(delta, self.selected_index(accounts), accounts.len());
        self.select_index(index, accounts);
    }

    /// Selects the row at a place in view; returns whether it was selected before.
    pub(in crate::app) fn click_row(&mut self, row: usize, accounts: &[ListedAccount]) -> bool {
        let index = self.window.top_index() + row;
        let was_selected = index == self.selected_index(accounts);
        if index < accounts.len() {
            self.select_index(index, accounts);
        }
        was_selected && index < accounts.len()
    }

    /// Lays out the table; its list holds the accounts.
    pub fn layout(&self, panes: &PaneLayout) -> DialogLayout {
        DialogLayout::of_detailed_table(panes, 1, DETAIL_ROWS)
    }

    pub(in crate::app) fn resize(&mut self, panes: &PaneLayout, accounts: &[ListedAccount]) {
        let selected = self.selected_index(accounts);
        self.window.fit(self.layout(panes).rows(), selected, accounts.len());
    }
}
