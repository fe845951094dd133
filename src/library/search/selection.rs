//! The position of the selection in new results.

use std::collections::HashMap;

use crate::model::EntryId;

/// Number of bits of the filter that tells most entries from the candidates.
const FILTER_SLOTS: usize = 1 << 13;

fn filter_slot(id: EntryId) -> usize {
    usize::try_from(id.0.unsigned_abs() % FILTER_SLOTS as u64).unwrap_or(0)
}

/// Returns the index in `ids` of the first of `near` that is listed; 0 if none is.
pub(super) fn nearest_position(ids: &[EntryId], near: &[EntryId]) -> usize {
    // Usually it is the very first, and finding that is a plain comparison.
    let first = near.first().and_then(|first| ids.iter().position(|id| id == first));
    first.unwrap_or_else(|| {
        let ranks: HashMap<EntryId, usize> =
            near.iter().enumerate().rev().map(|(rank, id)| (*id, rank)).collect();
        // Most of a million are none of them, which one bit tells.
        let mut likely = [false; FILTER_SLOTS];
        for id in near {
            likely[filter_slot(*id)] = true;
        }
        let candidates = ids.iter().enumerate().filter(|(_, id)| likely[filter_slot(**id)]);
        let found = candidates.filter_map(|(index, id)| ranks.get(id).map(|rank| (*rank, index)));
        found.min().map_or(0, |(_, index)| index)
    })
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
