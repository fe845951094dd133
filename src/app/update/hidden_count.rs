//! The count of the hidden articles that the list leaves out.

use crate::{
    app::{Effect, EntryList, RequestId},
    model::{HiddenCount, SearchRequest},
};

impl EntryList {
    /// Returns the hidden articles that the list leaves out, as far as they are counted.
    pub fn hidden_count(&self) -> HiddenCount {
        if self.is_outdated() {
            return HiddenCount::default();
        }
        self.hidden.count_of(self.definition())
    }

    /// Has the hidden articles counted that the list leaves out, once for each complete result.
    pub(in crate::app) fn request_hidden_count(&mut self) -> Option<Effect> {
        let id = self.latest_request().filter(|_| self.is_up_to_date() && !self.is_partial())?;
        if !self.hidden.note_request(id) {
            return None;
        }
        let request = SearchRequest { selection_candidates: Vec::new(), ..self.build_request() };
        Some(Effect::CountHidden(id, request))
    }

    /// Takes the number of hidden articles, unless it is that of an earlier list.
    pub(in crate::app) fn set_hidden_count(&mut self, id: RequestId, count: HiddenCount) {
        if self.latest_request() == Some(id) {
            let list = self.definition().clone();
            self.hidden.set(&list, count);
        }
    }
}
