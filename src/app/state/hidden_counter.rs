//! The number of hidden articles that the list leaves out, counted after each search.

use super::EntryList;
use crate::{
    app::{Effect, RequestId},
    model::{HiddenCount, ListDefinition, SearchRequest},
};

/// The number of hidden articles of the list that was counted last.
#[derive(Debug, Default)]
pub(in crate::app) struct HiddenCounter {
    definition: ListDefinition,
    count: HiddenCount,
    /// The search whose hidden articles were to be counted last.
    requested_id: RequestId,
}

impl EntryList {
    /// Returns the hidden articles that the list leaves out, as far as they are counted.
    pub fn hidden_count(&self) -> HiddenCount {
        let is_of_list = self.hidden.definition == *self.definition() && !self.is_outdated();
        if is_of_list { self.hidden.count } else { HiddenCount::default() }
    }

    /// Has the hidden articles counted that the list leaves out, once for each complete result.
    pub(in crate::app) fn request_hidden_count(&mut self) -> Option<Effect> {
        let id = self.latest_request()?;
        if self.hidden.requested_id == id || !self.is_up_to_date() || self.is_partial() {
            return None;
        }
        self.hidden.requested_id = id;
        let request = SearchRequest { selection_candidates: Vec::new(), ..self.build_request() };
        Some(Effect::CountHidden(id, request))
    }

    /// Takes the number of hidden articles, unless it is that of an earlier list.
    pub(in crate::app) fn set_hidden_count(&mut self, id: RequestId, count: HiddenCount) {
        if self.latest_request() == Some(id) {
            self.hidden.definition = self.definition().clone();
            self.hidden.count = count;
        }
    }
}
