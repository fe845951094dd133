//! The rows that the user marked, for commands on several articles.

use std::collections::HashSet;

use crate::model::{EntryId, ListDefinition};

/// The entries whose rows are marked.
#[derive(Debug, Default)]
pub(in crate::app) struct RowMarks {
    ids: HashSet<EntryId>,
    /// Marked entries that the filter leaves out: their marks come back with their rows.
    left_out: HashSet<EntryId>,
    /// The entry that was marked last; a range begins at it.
    last: Option<EntryId>,
    /// The list whose complete results were seen last.
    list: ListDefinition,
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
        self.left_out.clear();
        self.last = None;
    }

    /// Takes the marks off all rows.
    pub(in crate::app) fn clear(&mut self) {
        self.ids.clear();
        self.left_out.clear();
        self.last = None;
    }

    /// Takes the marks off entries that are not listed any more. Where only the filter has changed,
    /// the marks come back with their rows: the first letters of a word or of `is:unread` are a filter
    /// of their own.
    pub(in crate::app) fn keep_listed(&mut self, listed: &[EntryId], list: &ListDefinition) {
        let has_other_filter = self.list != *list;
        if has_other_filter {
            self.list = list.clone();
        }
        if self.ids.is_empty() && self.left_out.is_empty() {
            return;
        }
        let mut known = std::mem::take(&mut self.ids);
        known.extend(self.left_out.drain());
        self.ids = listed.iter().copied().filter(|id| known.contains(id)).collect();
        if has_other_filter {
            known.retain(|id| !self.ids.contains(id));
            self.left_out = known;
        }
        self.last = self.last.filter(|id| self.ids.contains(id));
    }

    /// Forgets the marks of entries that the filter leaves out, because another list is opened.
    pub(in crate::app) fn forget_left_out(&mut self) {
        self.left_out.clear();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{EntryId, ListDefinition, RowMarks};

    fn marks(ids: &[i64]) -> RowMarks {
        RowMarks { ids: ids.iter().copied().map(EntryId).collect(), ..RowMarks::default() }
    }

    #[test]
    fn range_begins_at_the_last_mark() {
        let listed: Vec<EntryId> = (1..=9).map(EntryId).collect();
        let mut range = RowMarks::default();
        range.mark_range(&listed, 6);
        assert_eq!(range.among(&listed), [EntryId(7)], "nothing was marked before");
        range.mark_range(&listed, 3);
        assert_eq!(range.among(&listed), [4, 5, 6, 7].map(EntryId));
        range.keep_listed(&listed[5..], &ListDefinition::default());
        range.mark_range(&listed[5..], 3);
        assert_eq!(range.among(&listed), [6, 7, 9].map(EntryId), "the last mark has left the list");
    }

    #[test]
    fn marks_that_the_filter_leaves_out_come_back_with_their_rows() {
        let listed: Vec<EntryId> = (1..=5).map(EntryId).collect();
        let mut marked = marks(&[1, 4]);
        let filter =
            |text: &str| ListDefinition { filter: text.to_owned(), ..ListDefinition::default() };
        marked.keep_listed(&listed[3..], &filter("i"));
        assert_eq!(marked.among(&listed), [EntryId(4)], "nothing is acted on that is not listed");
        marked.keep_listed(&[EntryId(2), EntryId(3)], &filter("is"));
        assert!(marked.is_empty());
        marked.keep_listed(&listed, &filter("is:unread"));
        assert_eq!(marked.among(&listed), [EntryId(1), EntryId(4)]);
        marked.keep_listed(&listed[1..], &filter("is:unread"));
        marked.keep_listed(&listed, &filter(""));
        assert_eq!(marked.among(&listed), [EntryId(4)], "it has left the same list");
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
