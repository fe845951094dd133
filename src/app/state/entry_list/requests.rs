//! Requests of the list: of another one, or of the same one again.

use super::{EntryList, MAX_SELECTION_CANDIDATES};
use crate::{
    app::{Effect, Effects},
    model::{EntryId, HistogramBuckets, KeptEntries, ListDefinition, SearchRequest, ViewScope},
};

impl EntryList {
    /// Requests `list`, in the order and groups that it has. If its scope differs from the
    /// current one, entries that became read meanwhile leave the list.
    pub fn request_list(&mut self, list: ListDefinition) -> Effects {
        if list.scope != self.definition.scope {
            self.stories.close_all();
        }
        if list.scope != self.definition.scope || list.unread_only != self.definition.unread_only {
            self.recently_left = KeptEntries::default();
            self.row_marks.forget_left_out();
        }
        if list.filter != self.definition.filter {
            self.recently_left.unlisted.clear();
        }
        self.visit.take_if(|visit| list.filter != visit.filter);
        let visited = self.visit.as_ref().filter(|visit| visit.filter == list.filter);
        let arrangement = visited.and_then(|visit| visit.arrangement);
        let arrangement = arrangement.unwrap_or_else(|| self.arrangements.find(&list));
        self.definition = ListDefinition { copies: self.copies, ..list.arranged(arrangement) };
        self.results.progress = None;
        self.new_above = 0;
        let effects = self.request_again();
        self.requests.checks_for_new = false;
        effects
    }

    /// Gives the scope another name: the list stays the same.
    pub(in crate::app) fn rename_scope(&mut self, scope: &ViewScope) {
        for definition in [&mut self.definition, &mut self.results.definition] {
            definition.scope = scope.clone();
        }
    }

    /// Requests the same list again.
    pub fn request_again(&mut self) -> Effects {
        self.keep_rows_in_view();
        let id = self.requests.next_id();
        self.requests.selected_before = self.selected_id();
        Effect::Search(id, self.build_request()).into()
    }

    /// Requests the same list again after a change that may bring entries back: they are not new.
    pub(in crate::app) fn request_after_change(&mut self) -> Effects {
        let effects = self.request_again();
        self.requests.checks_for_new = false;
        effects
    }

    /// Requests the same list again after a change of feeds, with which the selected entry may leave.
    pub(in crate::app) fn request_after_feed_change(&mut self) -> Effects {
        self.requests.may_lose_selected = true;
        self.request_after_change()
    }

    pub(in crate::app) fn build_request(&self) -> SearchRequest {
        SearchRequest {
            list: self.definition.clone(),
            selection_candidates: self.selection_candidates(),
            kept: self.kept_entries(),
            row_count: self.height.max(16) * 4,
            histogram_columns: HistogramBuckets::AtMost(self.histogram_columns),
            open_stories: if self.is_grouped_by_story() {
                self.stories.open_stories()
            } else {
                Vec::new()
            },
        }
    }

    /// Keeps the selected entry selected when the pending response arrives, because the user has
    /// acted on it.
    pub(in crate::app) fn hold_selection(&mut self) {
        self.requests.selected_before = None;
    }

    /// Requests the same list again, and selects its top.
    pub fn request_from_top(&mut self) -> Effects {
        let id = self.requests.next_id();
        self.requests.selected_before = self.selected_id();
        self.requests.may_lose_selected = true;
        let near = self.pending_selection.into_iter().collect();
        Effect::Search(id, SearchRequest { selection_candidates: near, ..self.build_request() })
            .into()
    }

    fn selection_candidates(&self) -> Vec<EntryId> {
        let selected = self.id_index(self.selected_index);
        let below = self.results.ids.iter().skip(selected).take(MAX_SELECTION_CANDIDATES);
        self.pending_selection.iter().chain(below).copied().collect()
    }
}
