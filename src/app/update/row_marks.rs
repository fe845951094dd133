//! Commands on the marks of rows.

use crate::{
    app::{Actions, EntryList, Notice, NoticeAction},
    command::Command,
    model::EntryId,
};

impl EntryList {
    /// Returns whether rows are marked.
    pub fn has_marked_rows(&self) -> bool {
        !self.row_marks.is_empty()
    }

    /// Returns whether the row of an entry is marked.
    pub fn is_marked(&self, id: EntryId) -> bool {
        self.row_marks.contains(id)
    }

    /// Returns the marked entries, in the order of the list.
    pub fn marked_ids(&self) -> Vec<EntryId> {
        self.row_marks.among(self.ids())
    }

    /// Returns the number of marked entries.
    pub fn marked_count(&self) -> usize {
        self.row_marks.count_among(self.ids())
    }

    /// Marks the selected row, or takes its mark off, and selects the next one.
    pub(in crate::app) fn toggle_row_mark(&mut self) -> Actions {
        let Some(id) = self.selected_id() else { return no_rows() };
        self.row_marks.toggle(id);
        self.move_selection(1);
        Actions::none()
    }

    /// Marks the rows from the one that was marked last to the selected one.
    pub(in crate::app) fn mark_range(&mut self) -> Actions {
        if self.is_empty() {
            return no_rows();
        }
        let (ids, selected) = (self.shared_ids(), self.id_index(self.selected_index()));
        self.row_marks.mark_range(&ids, selected);
        Actions::none()
    }

    /// Marks the rows that are not marked, and no others.
    pub(in crate::app) fn invert_row_marks(&mut self) -> Actions {
        if self.is_empty() {
            return no_rows();
        }
        let ids = self.shared_ids();
        self.row_marks.invert(&ids);
        Actions::none()
    }

    /// Takes the marks off all rows.
    pub(in crate::app) fn clear_row_marks(&mut self) -> Actions {
        const MARK: &[NoticeAction] = &[NoticeAction::new(Command::ToggleRowMark, "marks one")];
        if !self.has_marked_rows() {
            return Notice::info("No row is marked").offering(MARK).into();
        }
        self.row_marks.clear();
        Actions::none()
    }
}

fn no_rows() -> Actions {
    Notice::info("The list is empty").into()
}
