//! The rows that the user marked, for commands on several articles.

use std::collections::HashSet;

use crate::model::EntryId;

/// The entries whose rows are marked.
#[derive(Debug, Default)]
pub(in crate::app) struct RowMarks {
    ids: HashSet<EntryId>,
    /// The entry that was marked last; a range begins at it.
    last: Option<EntryId>,
}

impl RowMarks {
    /// Returns whether no row is marked.
    pub(in crate::app) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns whether the row of an entry is marked.
    pub(in crate::app) fn contains(&self, id: EntryId) -> bool {
        self.ids.contains(&id)
    }

    /// Returns the marked ones of `listed`, in this order.
    pub(in crate::app) fn among(&self, listed: &[EntryId]) -> Vec<EntryId> {
        if self.is_empty() {
            return Vec::new();
        }
        listed.iter().copied().filter(|id| self.contains(*id)).collect()
    }

    /// Returns the number of marked ones of `listed`.
    pub(in crate::app) fn count_among(&self, listed: &[EntryId]) -> usize {
        if self.is_empty() {
            return 0;
        }
        listed.iter().filter(|id| self.contains(**id)).count()
    }

    /// Marks a row, or takes its mark off.
    pub(in crate::app) fn toggle(&mut self, id: EntryId) {
        if !self.ids.remove(&id) {
            self.ids.insert(id);
            self.last = Some(id);
        }
    }

    /// Marks the rows from the one that was marked last to `to`, or `to` alone if there is none.
    pub(in crate::app) fn mark_range(&mut self, listed: &[EntryId], to: usize) {
        let from = listed.iter().position(|id| Some(*id) == self.last).unwrap_or(to);
        let range = listed.get(from.min(to)..=from.max(to)).unwrap_or_default();
        self.ids.extend(range);
        self.last = listed.get(to).copied();
    }

    /// Marks the rows of `listed` that are not marked, and no others.
    pub(in crate::app) fn invert(&mut self, listed: &[EntryId]) {
        self.ids = listed.iter().copied().filter(|id| !self.ids.contains(id)).collect();
        self.last = None;
    }

    /// Takes the marks off all rows.
    pub(in crate::app) fn clear(&mut self) {
        *self = RowMarks::default();
    }

    /// Takes the marks off entries that are not listed any more.
    pub(in crate::app) fn keep_listed(&mut self, listed: &[EntryId]) {
        self.ids = self.among(listed).into_iter().collect();
        self.last = self.last.filter(|id| self.ids.contains(id));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{EntryId, RowMarks};

    fn marks(ids: &[i64]) -> RowMarks {
        RowMarks { ids: ids.iter().copied().map(EntryId).collect(), last: None }
    }

    #[test]
    fn range_begins_at_the_last_mark() {
        let listed: Vec<EntryId> = (1..=9).map(EntryId).collect();
        let mut range = RowMarks::default();
        range.mark_range(&listed, 6);
        assert_eq!(range.among(&listed), [EntryId(7)], "nothing was marked before");
        range.mark_range(&listed, 3);
        assert_eq!(range.among(&listed), [4, 5, 6, 7].map(EntryId));
        range.keep_listed(&listed[5..]);
        range.mark_range(&listed[5..], 3);
        assert_eq!(range.among(&listed), [6, 7, 9].map(EntryId), "the last mark has left the list");
    }

    proptest! {
        #[test]
        fn inverting_twice_restores_the_marks_that_are_listed(
            ids in prop::collection::vec(0_i64..40, 0..20),
            listed in prop::collection::vec(0_i64..40, 0..40),
        ) {
            let listed: Vec<EntryId> = listed.into_iter().map(EntryId).collect();
            let mut inverted = marks(&ids);
            let before = inverted.among(&listed);
            inverted.invert(&listed);
            prop_assert_eq!(inverted.count_among(&listed) + before.len(), listed.len());
            inverted.invert(&listed);
            prop_assert_eq!(inverted.among(&listed), before);
        }
    }
}
