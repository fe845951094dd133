//! The stories of a list that is grouped by them: their number, the places of rows, and unread counts.

use std::collections::HashSet;

use super::EntryList;
use crate::{
    app::StoryPlace,
    model::{Entry, EntryId, ListGrouping, StoryId},
};

impl EntryList {
    /// Returns whether the requested list is grouped by story.
    pub fn is_grouped_by_story(&self) -> bool {
        self.definition.grouping == ListGrouping::Story
    }

    /// Returns the number of stories of the list, each article without one counted as one; `None` for a
    /// list that is not grouped by story, and before all of its articles have arrived.
    pub fn story_count(&self) -> Option<usize> {
        let fold = self.stories.fold.as_ref().filter(|_| !self.is_partial())?;
        Some(self.len().saturating_sub(fold.opened.len()))
    }

    /// Returns the place of a row in a list grouped by story; `None` in another list, and for an article
    /// without a story.
    pub fn story_place(&self, entry: &Entry) -> Option<StoryPlace> {
        let place = self.stories.place_of(entry.id)?;
        (entry.story.is_some() || place != StoryPlace::Closed).then_some(place)
    }

    /// Returns the ids of all entries of the list: those of its rows, and those that a story folds.
    pub(in crate::app) fn listed_ids(&self) -> Vec<EntryId> {
        let mut ids = self.ids().to_vec();
        if let Some(fold) = &self.stories.fold {
            // The selected row stays where an article has taken its place since.
            let shown: HashSet<EntryId> = ids.iter().copied().collect();
            ids.extend(fold.folded.iter().filter(|id| !shown.contains(id)));
        }
        ids
    }

    /// Adds to the numbers of unread articles that the rows of stories have.
    pub(super) fn count_unread_of_stories(&mut self, changes: &[(StoryId, i32)]) {
        for (story, change) in changes {
            let rows = self.loaded_rows.values_mut().filter_map(|row| row.story.as_mut());
            rows.filter(|row| row.story == *story)
                .for_each(|row| row.unread = row.unread.saturating_add_signed(*change));
        }
    }
}
