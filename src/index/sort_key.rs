//! The sort key of entry lists.

use crate::model::EntryId;

/// The sort key of entry lists: publication time in seconds since 1970, then entry id.
pub type SortKey = (i64, EntryId);
