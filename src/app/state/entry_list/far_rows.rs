//! The rows of the archive below those of the library: which row an index means.
//!
//! Indexes of rows count both. The ids of the list are those of the library alone, so that every act on the list leaves the
//! archive's rows out. Articles that were taken from such rows have their ids at the end, in the order of the rows.

use std::sync::Arc;

use super::EntryList;
use crate::{
    app::state::far_list::{FarRow, joins},
    model::{Entry, EntryId, FarArticle, StoredFarArticle},
};

/// The meaning of the index of a row.
enum RowPlace<'a> {
    /// The index in the ids of the library's articles.
    Library(usize),
    /// An article that only the archive has.
    Far(&'a FarArticle),
}

impl EntryList {
    /// Returns the number of rows, those of the archive included.
    pub fn row_count(&self) -> usize {
        self.first_far_index() + self.far_rows().len()
    }

    /// Returns the id of the selected entry; `None` for an article that only the archive has.
    pub fn selected_id(&self) -> Option<EntryId> {
        self.id_at(self.selected_index)
    }

    /// Returns the entry of the row at `index`, if it is loaded.
    pub fn row(&self, index: usize) -> Option<&Entry> {
        self.loaded_rows.get(&self.id_at(index)?)
    }

    /// Returns the article of a row that only the archive has.
    pub fn far_row(&self, index: usize) -> Option<&FarArticle> {
        match self.place_of(index) {
            RowPlace::Far(article) => Some(article),
            RowPlace::Library(_) => None,
        }
    }

    /// Returns the selected article, if only the archive has it.
    pub fn selected_far_article(&self) -> Option<&FarArticle> {
        self.far_row(self.selected_index)
    }

    /// Returns whether a row is below those of the library.
    pub(super) fn is_far_index(&self, index: usize) -> bool {
        !self.far_rows().is_empty() && index >= self.first_far_index()
    }

    /// Returns the selected row for display, of the library or the archive.
    pub fn selected_row(&self) -> Option<&Entry> {
        self.selected_entry().or(self.selected_far_article().map(|article| &article.entry))
    }

    /// Returns whether the list is one that rows of the archive follow.
    pub fn joins_far_rows(&self) -> bool {
        joins(&self.definition)
    }

    /// Returns the place of a row in the ids of the library's articles, or of the next one below.
    pub(in crate::app) fn id_index(&self, index: usize) -> usize {
        let first = self.first_far_index();
        match index.checked_sub(first) {
            Some(row) => {
                let above = self.far_rows().iter().take(row);
                first + above.filter(|row| matches!(row, FarRow::Taken(_))).count()
            }
            None => index,
        }
    }

    /// Returns the id of the article of a row; `None` for those that only the archive has.
    pub(in crate::app) fn id_at(&self, index: usize) -> Option<EntryId> {
        match self.place_of(index) {
            RowPlace::Library(at) => self.results.ids.get(at).copied(),
            RowPlace::Far(_) => None,
        }
    }

    /// Returns the index of the row of an article.
    pub(in crate::app) fn index_of(&self, id: EntryId) -> Option<usize> {
        let at = self.results.ids.iter().position(|listed| *listed == id)?;
        let first = self.first_far_index();
        if at < first {
            return Some(at);
        }
        let row = self.far_rows().iter().position(|row| *row == FarRow::Taken(id))?;
        Some(first + row)
    }

    /// Turns the row of an article that was taken into one of the library, in its place; returns its index, or `None` if
    /// the list does not have it.
    pub(in crate::app) fn adopt_far_row(
        &mut self,
        article: &FarArticle,
        entry: Entry,
    ) -> Option<usize> {
        let row = self.far.find(article).filter(|_| !self.far_rows().is_empty())?;
        let ids = Arc::make_mut(&mut self.results.ids);
        // The library may have listed it already, by its date.
        if let Some(at) = ids.iter().position(|id| *id == entry.id) {
            ids.remove(at);
            self.selected_index -= usize::from(self.selected_index > at);
            self.top_index -= usize::from(self.top_index > at);
        }
        let index = self.first_far_index() + row;
        let at = self.id_index(index);
        Arc::make_mut(&mut self.results.ids).insert(at, entry.id);
        self.far.set_taken(row, entry.id);
        self.insert_rows(vec![entry]);
        Some(index)
    }

    /// Removes the row of an article that the archive has no more.
    pub(in crate::app) fn remove_far_row(&mut self, article: &FarArticle) {
        if let Some(row) = self.far.find(article) {
            self.far.remove(row);
            self.select(self.selected_index);
        }
    }

    /// Removes the rows of articles that the library has meanwhile. If one was selected, the row of the library is.
    pub(in crate::app) fn remove_far_rows(&mut self, stored: &[StoredFarArticle]) {
        for StoredFarArticle { article, id } in stored {
            let Some(row) = self.far.find(article) else { continue };
            let index = self.far_rows().get(row).map(|_| self.first_far_index() + row);
            self.far.remove(row);
            match index {
                Some(index) if index < self.selected_index => {
                    self.selected_index -= 1;
                    self.top_index = self.top_index.saturating_sub(1);
                }
                Some(index) if index == self.selected_index => {
                    let listed = id.and_then(|id| self.index_of(id));
                    self.selected_index = listed.unwrap_or(index);
                }
                _ => {}
            }
        }
        self.select(self.selected_index);
    }

    /// Has the archive asked again; its rows leave until it has answered.
    pub(in crate::app) fn forget_far_rows(&mut self) {
        self.far.forget();
        self.select(self.selected_index);
    }

    /// Returns the index of the first row below those of the library.
    pub(super) fn first_far_index(&self) -> usize {
        let taken = self.far_rows().iter().filter(|row| matches!(row, FarRow::Taken(_)));
        self.results.ids.len().saturating_sub(taken.count())
    }

    /// Returns the rows below those of the library. They join those of the same list, once it is complete.
    fn far_rows(&self) -> &[FarRow] {
        if self.results.is_partial { &[] } else { self.far.rows_of(&self.results.definition) }
    }

    fn place_of(&self, index: usize) -> RowPlace<'_> {
        // What is far above the end is answered without looking at the rows: a loop over a million asks this for each.
        if index + self.far.row_count() < self.results.ids.len() {
            return RowPlace::Library(index);
        }
        let row = index.checked_sub(self.first_far_index());
        match row.and_then(|row| self.far_rows().get(row)) {
            Some(FarRow::Far(article)) => RowPlace::Far(article),
            _ => RowPlace::Library(self.id_index(index)),
        }
    }
}
