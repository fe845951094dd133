//! A visit of the trash, after which the list shows again what it has shown before.

use crate::model::{EntryId, ListDefinition};

/// The filter that lists the trash.
pub(in crate::app) const TRASH_FILTER: &str = "is:removed";

/// The list that was shown before the trash, and the entry that was selected in it.
#[derive(Debug)]
pub(in crate::app) struct TrashVisit {
    /// The list.
    pub(in crate::app) list: ListDefinition,
    /// The entry.
    pub(in crate::app) selected: Option<EntryId>,
}
