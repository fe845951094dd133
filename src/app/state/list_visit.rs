//! A visit of a list, after which the one before is shown again: the trash, or what a rule matches.

use crate::model::{EntryId, ListArrangement, ListDefinition};

/// The filter that lists the trash.
pub(in crate::app) const TRASH_FILTER: &str = "is:removed";

/// A list that is shown for a while, and what was shown before it.
#[derive(Debug)]
pub(in crate::app) struct ListVisit {
    /// The filter of the visited list.
    pub(in crate::app) filter: String,
    /// The order and groups of the visited list; `None` for those that are remembered.
    pub(in crate::app) arrangement: Option<ListArrangement>,
    /// The list before.
    pub(in crate::app) list: ListDefinition,
    /// The entry that was selected in it.
    pub(in crate::app) selected: Option<EntryId>,
}
