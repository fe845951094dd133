//! The hidden entries that a list leaves out, counted by a search.

use super::{execute::execute, plan::SearchPlan, searcher::Searcher};
use crate::{
    library::clock::local_today,
    model::{HiddenCount, SearchRequest},
    query,
    store::StoreError,
};

/// Maximum number of hidden entries of which the rules are looked for: beyond, each count would take
/// tenths of a second.
const MAX_ENTRIES_WITH_RULES: usize = 1_000;

impl Searcher<'_> {
    /// Counts the entries that the list of `request` leaves out because they are hidden, and the rules
    /// that have hidden them. A list whose filter names a state such as `is:hidden` leaves none out, and
    /// while the index does not have all entries, none is counted.
    ///
    /// Returns `None` if `is_stale` returned true, because a search waits.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn count_hidden(
        &mut self,
        request: &SearchRequest,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<Option<HiddenCount>, StoreError> {
        let query = query::parse(&request.list.filter, local_today());
        if query.names_unlisted_state() {
            return Ok(Some(HiddenCount::default()));
        }
        self.prepare(is_stale)?;
        if is_stale() {
            return Ok(None);
        }
        if !self.snapshot.has_hidden_entries() || !self.searches_everything() {
            return Ok(Some(HiddenCount::default()));
        }
        self.snapshot.load_named_stories(&query)?;
        let plan = SearchPlan::for_hidden(&self.snapshot, request, &query);
        match execute(&self.snapshot, &plan, is_stale, &mut drop) {
            Ok(None) => Ok(None),
            Ok(Some(hits)) => {
                let reader = self.snapshot.reader;
                let rules = match hits.ids.len() {
                    0..=MAX_ENTRIES_WITH_RULES => Some(reader.count_hiding_rules(&hits.ids)?),
                    _ => None,
                };
                Ok(Some(HiddenCount { articles: hits.ids.len(), rules }))
            }
            Err(error) => {
                self.note_index_error(error);
                Ok(Some(HiddenCount::default()))
            }
        }
    }
}
