//! The results that the entry list shows.

use std::sync::Arc;

use crate::model::{EntryId, ListDefinition, SearchProgress, SearchSummary};

/// The results of the last search.
#[derive(Debug, Default)]
pub(in crate::app) struct CurrentResults {
    /// The list that was requested.
    pub(in crate::app) definition: ListDefinition,
    /// The entries.
    pub(in crate::app) ids: Arc<Vec<EntryId>>,
    /// Number of stored entries.
    pub(in crate::app) stored_count: u64,
    /// Number of entries that the list has without its filter.
    pub(in crate::app) scope_count: u64,
    /// More entries are still being searched for.
    pub(in crate::app) is_partial: bool,
    /// Number of entries, if it is known although `ids` has only the first.
    pub(in crate::app) total: Option<usize>,
    /// Progress of the search for the latest request.
    pub(in crate::app) progress: Option<SearchProgress>,
    /// Remarks of the search about its results.
    pub(in crate::app) summary: SearchSummary,
    /// The filter with one word corrected, which is looked for after a search without hits.
    pub(in crate::app) suggested_filter: Option<String>,
}
