//! Merges the hits of segments and of the backlog into one list, newest first.

use std::collections::{BinaryHeap, binary_heap::PeekMut};

use super::{BitSet, Segment, SortKey};
use crate::model::EntryId;

/// Number of successive hits of one list after which the rest of its run is taken at once, which
/// takes a binary search. Segments of articles that arrived in the order of their dates have runs of
/// thousands of hits; those of a folder that was indexed in parts have runs of one or two.
const SHORT_RUN: usize = 16;

/// Hits that are left to merge, newest first.
pub(super) enum HitList<'a> {
    /// The hits of a segment whose document ids are below `end`.
    Segment { segment: &'a Segment, hits: &'a BitSet, end: u32 },
    /// The sort keys of entries that are not in the index.
    Unindexed(&'a [SortKey]),
}

impl HitList<'_> {
    /// Removes the newest hit and returns its sort key.
    fn take_newest(&mut self) -> Option<SortKey> {
        match self {
            HitList::Segment { segment, hits, end } => {
                *end = hits.highest_bit_below(*end)?;
                Some((segment.published(*end), segment.entry_id(*end)))
            }
            HitList::Unindexed(sort_keys) => sort_keys.split_off_first().copied(),
        }
    }

    /// Moves the ids of all hits newer than `limit` to `ids`.
    fn take_newer(&mut self, limit: Option<SortKey>, ids: &mut Vec<EntryId>) {
        match self {
            HitList::Segment { segment, hits, end } => {
                let start = segment.first_doc_after(limit).min(*end);
                let entry_ids = segment.entry_ids();
                hits.for_each_descending_in(start..*end, |doc| {
                    ids.push(EntryId(entry_ids[doc as usize]));
                });
                *end = start;
            }
            HitList::Unindexed(sort_keys) => {
                let newer = sort_keys.partition_point(|sort_key| Some(*sort_key) > limit);
                ids.extend(sort_keys[..newer].iter().map(|(_, id)| *id));
                *sort_keys = &sort_keys[newer..];
            }
        }
    }
}

/// A merge of lists.
pub(super) struct HitMerge<'a> {
    lists: Vec<HitList<'a>>,
    /// The newest hit of each list that is not used up, with the index of the list. The lists have
    /// only the hits after them.
    heads: BinaryHeap<(SortKey, usize)>,
    ids: Vec<EntryId>,
}

impl HitMerge<'_> {
    /// Begins a merge of lists that have `capacity` hits together.
    pub(super) fn new(mut lists: Vec<HitList<'_>>, capacity: usize) -> HitMerge<'_> {
        let newest = |(list, index): (&mut HitList<'_>, usize)| Some((list.take_newest()?, index));
        let heads = lists.iter_mut().zip(0..).filter_map(newest).collect();
        HitMerge { lists, heads, ids: Vec::with_capacity(capacity) }
    }

    /// Returns the hits newer than `limit`, newest first.
    pub(super) fn merge_newer_than(mut self, limit: Option<SortKey>) -> Vec<EntryId> {
        let (mut run_list, mut run_len) = (usize::MAX, 0);
        while let Some((sort_key, list)) = self.heads.peek().copied()
            && Some(sort_key) > limit
        {
            self.ids.push(sort_key.1);
            run_len = if list == run_list { run_len + 1 } else { 1 };
            run_list = list;
            if run_len < SHORT_RUN {
                self.advance();
            } else {
                self.finish_run(limit);
                run_len = 0;
            }
        }
        self.ids
    }

    /// Replaces the newest head by the next hit of its list.
    fn advance(&mut self) {
        let Some(mut head) = self.heads.peek_mut() else { return };
        match self.lists[head.1].take_newest() {
            Some(sort_key) => head.0 = sort_key,
            None => drop(PeekMut::pop(head)),
        }
    }

    /// Takes the hits after the newest head that are newer than the other heads and `limit`.
    fn finish_run(&mut self, limit: Option<SortKey>) {
        let Some((_, index)) = self.heads.pop() else { return };
        let runner_up = self.heads.peek().map(|(sort_key, _)| *sort_key);
        let list = &mut self.lists[index];
        list.take_newer(runner_up.max(limit), &mut self.ids);
        self.heads.extend(list.take_newest().map(|sort_key| (sort_key, index)));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Both lists whose hits alternate and lists with long runs.
        #[test]
        fn hits_are_merged_newest_first(
            list_of_hit in prop::collection::vec((0_usize..4, 1_usize..40), 0..30),
            limit in prop::option::of(0_i64..600),
        ) {
            let runs = list_of_hit.into_iter().flat_map(|(list, len)| std::iter::repeat_n(list, len));
            let mut lists: [Vec<SortKey>; 4] = Default::default();
            let mut all: Vec<SortKey> = Vec::new();
            for (list, number) in runs.zip(0..) {
                // Two entries of each second.
                let sort_key = (number / 2, EntryId(number));
                lists[list].insert(0, sort_key);
                all.insert(0, sort_key);
            }
            let limit = limit.map(|seconds| (seconds, EntryId(2 * seconds)));
            let hit_lists = lists.iter().map(|list| HitList::Unindexed(list)).collect();
            let merged = HitMerge::new(hit_lists, all.len()).merge_newer_than(limit);
            let newer = all.iter().filter(|sort_key| Some(**sort_key) > limit);
            prop_assert_eq!(merged, newer.map(|(_, id)| *id).collect::<Vec<_>>());
        }
    }
}
