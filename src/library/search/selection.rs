//! The position of the selection in new results.

use std::collections::HashMap;

use crate::model::EntryId;

/// Number of slots of the filter that excludes most entries which are not candidates.
const FILTER_SLOTS: usize = 1 << 13;

/// Returns the slot of an entry in the filter.
fn filter_slot(id: EntryId) -> usize {
    usize::try_from(id.0.unsigned_abs() % FILTER_SLOTS as u64).unwrap_or(0)
}

/// Returns the index in `ids` of the first of `candidates` that is listed; 0 if none is.
pub(super) fn nearest_position(ids: &[EntryId], candidates: &[EntryId]) -> usize {
    // Usually the first candidate is listed, and a plain scan finds it.
    let position_of_first =
        candidates.first().and_then(|first| ids.iter().position(|id| id == first));
    position_of_first.unwrap_or_else(|| position_of_best(ids, candidates))
}

/// Returns the index in `ids` of the candidate with the best rank; 0 if none is listed.
fn position_of_best(ids: &[EntryId], candidates: &[EntryId]) -> usize {
    let ranks: HashMap<EntryId, usize> =
        candidates.iter().enumerate().rev().map(|(rank, id)| (*id, rank)).collect();
    // Up to a million entries are looked up. One slot excludes most of them without hashing.
    let mut may_be_candidate = [false; FILTER_SLOTS];
    for id in candidates {
        may_be_candidate[filter_slot(*id)] = true;
    }
    let possible = ids.iter().enumerate().filter(|(_, id)| may_be_candidate[filter_slot(**id)]);
    let ranked = possible.filter_map(|(index, id)| ranks.get(id).map(|rank| (*rank, index)));
    ranked.min().map_or(0, |(_, index)| index)
}

#[cfg(test)]
mod tests {
    use super::{EntryId, nearest_position};

    #[test]
    fn nearest_position_returns_first_remaining_neighbour() {
        let ids = |ids: &[i64]| ids.iter().map(|id| EntryId(*id)).collect::<Vec<_>>();
        assert_eq!(nearest_position(&ids(&[9, 7, 5, 3]), &ids(&[8, 7, 5])), 1);
        assert_eq!(nearest_position(&ids(&[9, 7]), &ids(&[1])), 0);
        assert_eq!(nearest_position(&[], &ids(&[1])), 0);
    }
}
