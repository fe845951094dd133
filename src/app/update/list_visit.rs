//! Visiting a list, and going back to where one came from.

use crate::{
    app::{Action, Actions, EntryList, ListVisit, Pane, TRASH_FILTER},
    model::{ListArrangement, ListDefinition, ListGrouping, SortOrder, ViewScope},
};

impl EntryList {
    /// Lists the articles of the trash, until the filter is cleared.
    pub(super) fn show_trash(&mut self) -> Actions {
        self.visit_list(TRASH_FILTER.to_owned())
    }

    /// Lists all articles that a filter matches, until it is cleared.
    pub(super) fn visit_list(&mut self, filter: String) -> Actions {
        self.visit_arranged(filter, None)
    }

    /// Lists all articles that a filter matches, the best first, until it is cleared.
    pub(super) fn visit_ranked(&mut self, filter: String) -> Actions {
        let ranked = ListArrangement { order: SortOrder::Relevance, grouping: ListGrouping::None };
        self.visit_arranged(filter, Some(ranked))
    }

    /// Lists all articles that a query matches while it is typed elsewhere, and from then on until the filter
    /// is cleared.
    pub(super) fn follow_query(&mut self, query: String) -> Actions {
        self.note_visit(&query, None);
        show_results(ViewScope::All, query)
    }

    fn visit_arranged(&mut self, filter: String, arrangement: Option<ListArrangement>) -> Actions {
        self.note_visit(&filter, arrangement);
        show_list(ViewScope::All, filter)
    }

    /// Notes what is shown before the articles that a filter matches, unless these are shown already.
    fn note_visit(&mut self, filter: &str, arrangement: Option<ListArrangement>) {
        if self.definition().filter == filter {
            return;
        }
        // From one visit to the next, the way back leads to the first list.
        let before = self.visit.take().map(|visit| (visit.list, visit.selected));
        let (list, selected) =
            before.unwrap_or_else(|| (self.definition().clone(), self.selected_id()));
        self.visit = Some(ListVisit { filter: filter.to_owned(), arrangement, list, selected });
    }

    /// Shows the list from which another one is visited, if that is still shown.
    pub(super) fn leave_visit(&mut self) -> Option<Actions> {
        let ListVisit { list, selected, .. } = self.visit.take()?;
        if let Some(id) = selected {
            self.select_when_listed(id);
        }
        let ListDefinition { scope, filter, .. } = list;
        Some(show_list(scope, filter))
    }
}

fn show_list(scope: ViewScope, filter: String) -> Actions {
    Actions::from(Action::Focus(Pane::List)).and(show_results(scope, filter))
}

fn show_results(scope: ViewScope, filter: String) -> Actions {
    Actions::from(Action::SetFilter(filter)).and(Action::ShowScope(scope))
}
