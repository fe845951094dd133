//! The search of the shared archive for articles of the list that the library has not, and their rows.

use crate::{
    app::RequestId,
    model::{EntryId, FarArticle, FarResults, ListDefinition, ListGrouping, SortOrder},
};

/// The state of the search in the archive for a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FarStatus {
    /// The archive was not asked, or there is none.
    #[default]
    Unknown,
    /// The archive is being searched.
    Searching,
    /// The archive has answered. The list has the articles, as its last rows.
    Found(FarResults),
    /// The archive has not answered, for this reason.
    Failed(String),
}

/// A row below those of the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum FarRow {
    /// An article that only the archive has.
    Far(Box<FarArticle>),
    /// An article that was taken from this row into the library, and stays in its place.
    Taken(EntryId),
}

/// The search in the archive for the list that was asked about last, and what it has found.
#[derive(Debug, Default)]
pub(in crate::app) struct FarList {
    definition: ListDefinition,
    requested_id: RequestId,
    status: FarStatus,
    rows: Vec<FarRow>,
    /// The rows were compared with what the library has, since it was searched.
    is_compared: bool,
    /// The article that is being taken.
    taking: Option<FarArticle>,
}

impl FarList {
    /// Returns the state of the search for a list, if it is the one that was asked about last.
    pub(in crate::app) fn status_of(&self, list: &ListDefinition) -> &FarStatus {
        if self.definition == *list { &self.status } else { &FarStatus::Unknown }
    }

    /// Returns the rows that follow those of a list. They do where it is sorted by date, newest first, and not grouped by
    /// something else: elsewhere they would have places among the rows above.
    pub(in crate::app) fn rows_of(&self, list: &ListDefinition) -> &[FarRow] {
        if self.rows.is_empty() || !joins(list) || self.definition != *list {
            return &[];
        }
        &self.rows
    }

    /// Returns the number of rows, shown or not.
    pub(in crate::app) fn row_count(&self) -> usize {
        self.rows.len()
    }

    /// Returns the number of articles that only the archive has.
    pub(in crate::app) fn count(&self) -> usize {
        self.rows.iter().filter(|row| matches!(row, FarRow::Far(_))).count()
    }

    /// Notes the request for a list, and the number of its search; returns whether it is another list than before. The
    /// same list is searched again whenever articles arrive, and what is beyond them stays the same.
    pub(in crate::app) fn note_request(&mut self, id: RequestId, list: &ListDefinition) -> bool {
        if self.definition == *list && self.requested_id != RequestId::default() {
            return false;
        }
        self.definition.clone_from(list);
        (self.requested_id, self.status) = (id, FarStatus::Unknown);
        self.rows.clear();
        true
    }

    /// Notes that the library was searched again.
    pub(in crate::app) fn note_results(&mut self) {
        self.is_compared = false;
    }

    /// Returns the articles that only the archive had, unless they were compared with the library since that was searched,
    /// and notes that they are.
    pub(in crate::app) fn list_uncompared(&mut self) -> Vec<FarArticle> {
        if std::mem::replace(&mut self.is_compared, true) {
            return Vec::new();
        }
        let article = |row: &FarRow| match row {
            FarRow::Far(article) => Some(FarArticle::clone(article)),
            FarRow::Taken(_) => None,
        };
        self.rows.iter().filter_map(article).collect()
    }

    /// Sets the state of the search with this number, unless another one was asked for since.
    pub(in crate::app) fn set(&mut self, id: RequestId, mut status: FarStatus) {
        if self.requested_id != id {
            return;
        }
        if let FarStatus::Found(results) = &mut status {
            let found = std::mem::take(&mut results.articles);
            self.is_compared = false;
            self.rows = found.into_iter().map(|article| FarRow::Far(Box::new(article))).collect();
        }
        self.status = status;
    }

    /// Has the archive asked again.
    pub(in crate::app) fn forget(&mut self) {
        *self = FarList { taking: self.taking.take(), ..FarList::default() };
    }

    /// Notes that an article is being taken; returns false if it is already.
    pub(in crate::app) fn begin_taking(&mut self, article: &FarArticle) -> bool {
        let is_new = self.taking.as_ref().is_none_or(|taking| !taking.is_same(article));
        self.taking = Some(article.clone());
        is_new
    }

    /// Notes that an article was taken, or could not be.
    pub(in crate::app) fn finish_taking(&mut self, article: &FarArticle) {
        self.taking.take_if(|taking| taking.is_same(article));
    }

    /// Returns the row of an article that only the archive has.
    pub(in crate::app) fn find(&self, article: &FarArticle) -> Option<usize> {
        self.rows.iter().position(|row| matches!(row, FarRow::Far(far) if far.is_same(article)))
    }

    /// Turns a row into one of the library.
    pub(in crate::app) fn set_taken(&mut self, row: usize, id: EntryId) {
        if let Some(row) = self.rows.get_mut(row) {
            *row = FarRow::Taken(id);
        }
    }

    /// Removes a row.
    pub(in crate::app) fn remove(&mut self, row: usize) {
        if row < self.rows.len() {
            self.rows.remove(row);
        }
    }

    /// Moves the ids of articles that were taken behind the others, as their rows are. Those that the library lists no
    /// more lose their rows, if `is_complete`.
    pub(in crate::app) fn move_taken_to_end(&mut self, ids: &mut Vec<EntryId>, is_complete: bool) {
        let taken = |rows: &[FarRow]| -> Vec<EntryId> {
            let id = |row: &FarRow| if let FarRow::Taken(id) = row { Some(*id) } else { None };
            rows.iter().filter_map(id).collect()
        };
        let moved: Vec<EntryId> =
            taken(&self.rows).into_iter().filter(|id| ids.contains(id)).collect();
        if is_complete {
            self.rows.retain(|row| match row {
                FarRow::Far(_) => true,
                FarRow::Taken(id) => moved.contains(id),
            });
        }
        ids.retain(|id| !moved.contains(id));
        ids.extend(moved);
    }

    /// Returns whether articles were taken from rows.
    pub(in crate::app) fn has_taken(&self) -> bool {
        self.rows.iter().any(|row| matches!(row, FarRow::Taken(_)))
    }
}

/// Returns whether rows of the archive follow those of a list.
pub(in crate::app) fn joins(list: &ListDefinition) -> bool {
    list.order == SortOrder::NewestFirst
        && matches!(list.grouping, ListGrouping::None | ListGrouping::Day)
}
