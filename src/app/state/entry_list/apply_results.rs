//! Taking over the results of a search: the selected entry keeps its place on the screen.

use std::sync::Arc;

use super::{EntryList, MAX_SELECTION_CANDIDATES};
use crate::{
    app::RequestId,
    model::{EntryId, SearchResults},
};

impl EntryList {
    /// Applies results, unless there is a newer request; returns whether they were applied.
    ///
    /// The selected entry keeps its place on the screen; new entries above it move nothing.
    pub fn apply_results(&mut self, id: RequestId, mut results: SearchResults) -> bool {
        if id != self.requests.latest_id {
            return false;
        }
        self.results.progress = results.progress.filter(|_| results.is_partial);
        if self.defers_results(&results) {
            return false;
        }
        let is_same_list = self.has_loaded() && !self.is_outdated();
        // Taken with the first results, also of another list: those after it are to keep what is selected.
        let may_lose_selected = std::mem::take(&mut self.requests.may_lose_selected);
        let keeps_selected = is_same_list && !may_lose_selected;
        let far_row = self.selected_far_row().filter(|_| keeps_selected);
        if keeps_selected {
            self.keep_selected(&mut results);
        }
        self.results.definition = self.definition.clone();
        self.far.note_results();
        let is_continuation = std::mem::replace(&mut self.results.is_partial, results.is_partial);
        self.results.summary = std::mem::take(&mut results.summary);
        self.results.suggested_filter = None;
        self.results.total = results.total;
        let chosen = results.ids.get(results.selected_index).copied();
        self.move_taken_to_end(&mut results);
        self.stories.fold = results.stories.take();
        if is_continuation && self.requests.answered_id == id && !self.results.ids.is_empty() {
            self.extend_results(results);
            self.drop_unlisted_marks();
            return true;
        }
        let (offset, before) =
            (self.selected_index.saturating_sub(self.top_index), self.selected_index);
        let selected = self.selected_id();
        self.requests.answered_id = id;
        let ids_before = std::mem::replace(&mut self.results.ids, results.ids);
        self.requests.absent_rows.clear();
        self.drop_unlisted_marks();
        self.results.stored_count = results.stored_count;
        self.results.scope_count = results.scope_count;
        let moved_to = selected.filter(|_| selected != self.requests.selected_before);
        let moved_to = moved_to.and_then(|selected| self.index_of(selected));
        let moved_to = moved_to.or(far_row.map(|row| self.first_far_index() + row));
        self.selected_index = moved_to
            .unwrap_or_else(|| self.chosen_index(chosen, results.selected_index))
            .min(self.row_count().saturating_sub(1));
        self.top_index = match () {
            () if selected.is_some() || far_row.is_some() => {
                self.selected_index.saturating_sub(offset)
            }
            // Nothing was selected that could keep its place: the rows before it are shown as well.
            () if self.selected_index < self.height => 0,
            () => self.selected_index.saturating_sub(self.height / 2),
        };
        if self.requests.checks_for_new
            && selected.is_some()
            && selected == self.selected_id()
            && self.top_index > 0
        {
            self.new_above += self.count_new_above(&ids_before, before);
        }
        let selected = self.selected_id();
        if let Some(restored) = self.pending_selection.take_if(|id| Some(*id) == selected) {
            // It may have been read in the last session, and stays like those read in this one.
            self.recently_left.read.insert(restored);
        }
        // Rows elsewhere may have changed; they are loaded again when they come into view.
        self.loaded_rows.clear();
        self.insert_rows(results.rows);
        self.scroll_into_view();
        true
    }

    /// Counts the entries above the selected one that have arrived since `before` stood above it. Entries are
    /// numbered as they arrive, so that those which came back are not taken for new ones.
    fn count_new_above(&self, ids_before: &[EntryId], before: usize) -> usize {
        if self.selected_index <= before {
            return 0;
        }
        let newest = ids_before.iter().max();
        let above = self.results.ids.iter().take(self.selected_index);
        above.filter(|id| Some(*id) > newest).count()
    }

    /// Keeps the selected entry listed although the same list no longer has it: somebody marked, hid or
    /// removed it, and nothing moves under the reader's hand. It stays before the entries that followed
    /// it, and leaves once another one is selected.
    fn keep_selected(&self, results: &mut SearchResults) {
        let Some(row) = self.selected_entry().filter(|row| !results.ids.contains(&row.id)) else {
            return;
        };
        if results.is_partial {
            return;
        }
        let selected = self.id_index(self.selected_index);
        let followers = self.results.ids.iter().skip(selected);
        let mut followers = followers.take(MAX_SELECTION_CANDIDATES);
        let next = results.ids.get(results.selected_index);
        let index = match next {
            Some(next) if followers.any(|id| id == next) => results.selected_index,
            _ => selected.min(results.ids.len()),
        };
        Arc::make_mut(&mut results.ids).insert(index, row.id);
        results.rows.push(row.clone());
        results.selected_index = index;
    }

    /// Returns whether partial results come too early to be shown: there is nothing to show yet, or
    /// the entry that stays selected is not found yet, so that the selection would jump twice.
    fn defers_results(&self, results: &SearchResults) -> bool {
        let kept_selection = self.selected_id().filter(|_| !self.is_outdated());
        let awaited = self.pending_selection.or(kept_selection);
        let is_in_archive = !self.is_outdated() && self.selected_far_row().is_some();
        results.is_partial
            && (results.ids.is_empty()
                || is_in_archive
                || awaited.is_some_and(|id| !results.ids.contains(&id)))
    }

    /// Returns the number of the selected row among those of the archive.
    fn selected_far_row(&self) -> Option<usize> {
        self.selected_far_article()?;
        self.selected_index.checked_sub(self.first_far_index())
    }

    /// Puts the articles that were taken from rows of the archive where their rows are.
    fn move_taken_to_end(&mut self, results: &mut SearchResults) {
        if self.far.has_taken() && !self.far.rows_of(&self.definition).is_empty() {
            let ids = Arc::make_mut(&mut results.ids);
            self.far.move_taken_to_end(ids, !results.is_partial);
        }
    }

    /// Returns the index of the row that results select, whose ids may have been moved.
    fn chosen_index(&self, chosen: Option<EntryId>, index: usize) -> usize {
        let moved = self.far.has_taken().then(|| self.index_of(chosen?)).flatten();
        moved.unwrap_or(index)
    }

    /// Applies further results of the same request, which usually only append entries. If entries
    /// were inserted above the selected one, it keeps its place on the screen.
    fn extend_results(&mut self, results: SearchResults) {
        let (offset, selected) =
            (self.selected_index.saturating_sub(self.top_index), self.selected_id());
        self.results.ids = results.ids;
        if self.selected_id() == selected {
            return;
        }
        let moved_to = selected.and_then(|id| self.index_of(id));
        self.selected_index =
            moved_to.unwrap_or(results.selected_index).min(self.row_count().saturating_sub(1));
        self.top_index = self.selected_index.saturating_sub(offset);
        self.insert_rows(results.rows);
        self.scroll_into_view();
    }
}
