//! The search of the shared archive for articles of the list that the library has not.

use crate::{
    app::RequestId,
    model::{FarCount, ListDefinition},
};

/// The state of the search in the archive for a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum FarStatus {
    /// The archive was not asked, or there is none.
    #[default]
    Unknown,
    /// The archive is being searched.
    Searching,
    /// The archive has answered.
    Found(FarCount),
    /// The archive has not answered, for this reason.
    Failed(String),
}

/// The search in the archive for the list that was asked about last.
#[derive(Debug, Default)]
pub(in crate::app) struct FarCounter {
    definition: ListDefinition,
    requested_id: RequestId,
    status: FarStatus,
}

impl FarCounter {
    /// Returns the state of the search for a list, if it is the one that was asked about last.
    pub(in crate::app) fn status_of(&self, list: &ListDefinition) -> &FarStatus {
        if self.definition == *list { &self.status } else { &FarStatus::Unknown }
    }

    /// Notes the request for a list, and the number of its search; returns whether it is another list than before. The
    /// same list is searched again whenever articles arrive, and what is beyond them stays the same.
    pub(in crate::app) fn note_request(&mut self, id: RequestId, list: &ListDefinition) -> bool {
        if self.definition == *list && self.requested_id != RequestId::default() {
            return false;
        }
        self.definition.clone_from(list);
        (self.requested_id, self.status) = (id, FarStatus::Unknown);
        true
    }

    /// Sets the state of the search with this number, unless another one was asked for since.
    pub(in crate::app) fn set(&mut self, id: RequestId, status: FarStatus) {
        if self.requested_id == id {
            self.status = status;
        }
    }

    /// Has the archive asked again.
    pub(in crate::app) fn forget(&mut self) {
        *self = FarCounter::default();
    }
}
