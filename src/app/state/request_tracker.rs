//! The requests for the entry list, and which results have arrived.

use std::collections::HashSet;

use crate::{app::RequestId, model::EntryId};

/// The requests so far, and the results that arrived.
#[derive(Debug, Default)]
pub(in crate::app) struct RequestTracker {
    /// The latest request.
    pub(in crate::app) latest_id: RequestId,
    /// The request to which results arrived last.
    pub(in crate::app) answered_id: RequestId,
    /// The request that failed last.
    pub(in crate::app) failed_id: RequestId,
    /// The pending request repeats the current list, to find new entries.
    pub(in crate::app) checks_for_new: bool,
    /// The entry that was selected when the pending request was made. If another one is selected when
    /// the response arrives, the user has moved meanwhile, and the selection stays.
    pub(in crate::app) selected_before: Option<EntryId>,
    /// The selected entry may leave the list with the next results: its feed may be gone, or the top is
    /// to be selected.
    pub(in crate::app) may_lose_selected: bool,
    /// Range of the requested rows, by index.
    pub(in crate::app) rows_in_flight: (usize, usize),
    /// The rows that were requested and have not arrived.
    pub(in crate::app) awaited_rows: Vec<EntryId>,
    /// Rows that were requested in vain, because they cannot be read. They are not requested again
    /// before the list is.
    pub(in crate::app) absent_rows: HashSet<EntryId>,
}

impl RequestTracker {
    /// Returns the number of a new request.
    pub(in crate::app) fn next_id(&mut self) -> RequestId {
        // Differences to the results of another list do not count as new entries.
        self.checks_for_new = self.answered_id == self.latest_id;
        self.latest_id.0 += 1;
        self.latest_id
    }
}
