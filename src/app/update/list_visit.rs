//! Opening the trash, and going back to where one came from.

use crate::{
    app::{Action, Actions, EntryList, Pane, TRASH_FILTER, TrashVisit},
    model::{ListDefinition, ViewScope},
};

impl EntryList {
    /// Lists the articles of the trash, until the filter is cleared.
    pub(super) fn show_trash(&mut self) -> Actions {
        if self.definition().filter != TRASH_FILTER {
            let (list, selected) = (self.definition().clone(), self.selected_id());
            self.trash_visit = Some(TrashVisit { list, selected });
        }
        show_list(ViewScope::All, TRASH_FILTER.to_owned())
    }

    /// Shows the list from which the trash was opened, if the trash is still shown.
    pub(super) fn leave_trash(&mut self) -> Option<Actions> {
        let TrashVisit { list, selected } = self.trash_visit.take()?;
        if let Some(id) = selected {
            self.select_when_listed(id);
        }
        let ListDefinition { scope, filter, .. } = list;
        Some(show_list(scope, filter))
    }
}

fn show_list(scope: ViewScope, filter: String) -> Actions {
    Actions::from(Action::Focus(Pane::List))
        .and(Action::SetFilter(filter))
        .and(Action::ShowScope(scope))
}
