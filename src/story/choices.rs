//! The user's choices about stories.

use std::collections::HashMap;

use crate::model::{EntryId, StoryLink};

/// The pairs of articles that the user has put into one story, or into different ones. They are few.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryChoices {
    same: HashMap<EntryId, Vec<EntryId>>,
    different: HashMap<EntryId, Vec<EntryId>>,
}

impl StoryChoices {
    /// Adds a choice about two entries.
    pub fn add(&mut self, (first, second): (EntryId, EntryId), link: StoryLink) {
        let choices = match link {
            StoryLink::None => return,
            StoryLink::Same => &mut self.same,
            StoryLink::Different => &mut self.different,
        };
        choices.entry(first).or_default().push(second);
        choices.entry(second).or_default().push(first);
    }

    /// Returns the entries in whose story an entry belongs.
    pub(super) fn same_as(&self, entry: EntryId) -> &[EntryId] {
        self.same.get(&entry).map_or(&[], Vec::as_slice)
    }

    /// Returns the entries in whose story an entry must not be.
    pub(super) fn refused_by(&self, entry: EntryId) -> &[EntryId] {
        self.different.get(&entry).map_or(&[], Vec::as_slice)
    }

    /// Returns whether the user has chosen something for an entry.
    pub(super) fn has_any_of(&self, entry: EntryId) -> bool {
        self.same.contains_key(&entry) || self.different.contains_key(&entry)
    }
}
