//! Lists of ids.

use crate::model::RemoteId;

/// The ids of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct IdList {
    /// The ids, each once.
    pub ids: Vec<RemoteId>,
    /// The server has more, or may have, so that the absence of an id proves nothing.
    pub is_cut: bool,
}
