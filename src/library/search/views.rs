//! The counts of views, each found by a search.

use super::searcher::Searcher;
use crate::{
    model::{BuiltInView, CopyListing, ListDefinition, SearchRequest, View, ViewCount, ViewScope},
    store::StoreError,
};

impl Searcher<'_> {
    /// Returns the number of unread entries that each of `views` finds in the whole library, copies as
    /// `copies` says; of the queue, that of all. While the index does not have all entries, no count is
    /// known.
    ///
    /// Returns `None` if `is_stale` returned true, because a search waits.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn count_views(
        &mut self,
        views: &[View],
        copies: CopyListing,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Option<Vec<ViewCount>>, StoreError> {
        let mut counts = Vec::with_capacity(views.len());
        for view in views {
            let filter = view.query.clone();
            let scope = ViewScope::All;
            let list = ListDefinition {
                scope,
                filter,
                unread_only: !view.built_in.is_some_and(BuiltInView::counts_read),
                copies,
                ..ListDefinition::default()
            };
            let request = SearchRequest { list, ..SearchRequest::default() };
            let Some(count) = self.count_hits(&request, is_stale)? else { return Ok(None) };
            if self.searches_everything() {
                counts.push(ViewCount { view: view.id, unread_count: count as u64 });
            }
        }
        Ok(Some(counts))
    }
}
