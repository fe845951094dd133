//! The number of hidden articles that the list leaves out, counted after each search.

use crate::{
    app::RequestId,
    model::{HiddenCount, ListDefinition},
};

/// The number of hidden articles of the list that was counted last.
#[derive(Debug, Default)]
pub(in crate::app) struct HiddenCounter {
    definition: ListDefinition,
    count: HiddenCount,
    /// The search whose hidden articles were to be counted last.
    requested_id: RequestId,
}

impl HiddenCounter {
    /// Returns the number of hidden articles of a list, if it is the one that was counted last.
    pub(in crate::app) fn count_of(&self, list: &ListDefinition) -> HiddenCount {
        if self.definition == *list { self.count } else { HiddenCount::default() }
    }

    /// Notes the request for the hidden articles of a search; returns whether it is a new one.
    pub(in crate::app) fn note_request(&mut self, id: RequestId) -> bool {
        std::mem::replace(&mut self.requested_id, id) != id
    }

    /// Sets the number of hidden articles of a list.
    pub(in crate::app) fn set(&mut self, list: &ListDefinition, count: HiddenCount) {
        self.definition.clone_from(list);
        self.count = count;
    }
}
