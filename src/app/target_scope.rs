//! Choices of several articles of the list.

use super::EntryList;
use crate::model::EntryId;

/// A choice of articles of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetScope {
    /// The marked ones.
    Marked,
    /// Those above the selected one.
    Above,
    /// Those below the selected one.
    Below,
    /// All of them.
    Listed,
    /// Those that were published more than so many days ago.
    OlderThan {
        /// Number of days.
        days: u64,
    },
}

impl TargetScope {
    /// Returns the ids of the scope; `None` if the list does not know them.
    pub(in crate::app) fn ids(self, list: &EntryList) -> Option<Vec<EntryId>> {
        let selected = list.id_index(list.selected_index());
        let below = selected + usize::from(list.selected_far_article().is_none());
        match self {
            TargetScope::Marked => Some(list.marked_ids()),
            TargetScope::Above => list.ids().get(..selected).map(<[EntryId]>::to_vec),
            TargetScope::Below => list.ids().get(below..).map(<[EntryId]>::to_vec),
            TargetScope::Listed => Some(list.listed_ids()),
            TargetScope::OlderThan { .. } => None,
        }
    }
}
