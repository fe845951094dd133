//! Rows that stay in the list although their articles were read, hidden or removed.

use super::EntryList;
use crate::model::{EntryId, KeptEntries};

impl EntryList {
    /// Returns whether entries stay listed although they were hidden or removed since.
    pub(in crate::app) fn has_unlisted_rows(&self) -> bool {
        !self.recently_left.unlisted.is_empty()
    }

    /// Returns the entries that the next results are to keep. The one that was selected in the last session
    /// is selected again, even if it is read.
    pub(super) fn kept_entries(&self) -> KeptEntries {
        let mut kept = self.recently_left.clone();
        kept.read.extend(self.pending_selection);
        kept
    }

    /// Keeps the unread rows in view: another program or machine may have read them, and no row disappears
    /// under the reader's hand. Those out of view leave.
    pub(super) fn keep_rows_in_view(&mut self) {
        if !self.has_loaded() || self.is_outdated() || !self.definition.hides_read() {
            return;
        }
        let (from, to) = self.index_window(0);
        let unread = |id: &EntryId| self.loaded_rows.get(id).is_some_and(|row| !row.state.read);
        let in_view: Vec<EntryId> = self.ids_between(from, to).filter(unread).collect();
        self.recently_left.read.extend(in_view);
    }
}
