//! Moving episodes within the queue.

use super::EntryId;

/// Maximum number of episodes of a queue that can be put in an order: each has a row.
pub const MAX_ORDERED_EPISODES: usize = 10_000;

/// A place to which episodes are moved in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QueueTarget {
    /// To the beginning: they are played next.
    First,
    /// To the end.
    Last,
    /// Before this episode.
    Before(EntryId),
    /// By one place towards the beginning.
    Up,
    /// By one place towards the end.
    Down,
}

/// Returns the queue `order` with `moved`, in their own order, at another place. At an end, they stay.
pub fn move_in_queue(order: &[EntryId], moved: &[EntryId], target: QueueTarget) -> Vec<EntryId> {
    let rest: Vec<EntryId> = order.iter().copied().filter(|id| !moved.contains(id)).collect();
    let first_place = order.iter().position(|id| moved.contains(id)).unwrap_or_default();
    let place = match target {
        QueueTarget::First => 0,
        QueueTarget::Last => rest.len(),
        QueueTarget::Before(other) => {
            rest.iter().position(|id| *id == other).unwrap_or(first_place).min(rest.len())
        }
        QueueTarget::Up => first_place.saturating_sub(1),
        QueueTarget::Down => (first_place + 1).min(rest.len()),
    };
    let (before, after) = rest.split_at(place.min(rest.len()));
    [before, moved, after].concat()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{EntryId, QueueTarget, move_in_queue};

    fn ids(numbers: &[i64]) -> Vec<EntryId> {
        numbers.iter().copied().map(EntryId).collect()
    }

    #[test]
    fn episodes_move_within_the_queue() {
        let order = ids(&[1, 2, 3, 4]);
        for (moved, target, expected) in [
            (&[3][..], QueueTarget::First, [3, 1, 2, 4]),
            (&[1], QueueTarget::Last, [2, 3, 4, 1]),
            (&[4], QueueTarget::Before(EntryId(2)), [1, 4, 2, 3]),
            (&[1], QueueTarget::Before(EntryId(4)), [2, 3, 1, 4]),
            (&[4, 2], QueueTarget::First, [4, 2, 1, 3]),
            (&[3], QueueTarget::Up, [1, 3, 2, 4]),
            (&[3], QueueTarget::Down, [1, 2, 4, 3]),
            (&[1], QueueTarget::Up, [1, 2, 3, 4]),
            (&[4], QueueTarget::Down, [1, 2, 3, 4]),
            (&[2], QueueTarget::Before(EntryId(2)), [1, 2, 3, 4]),
        ] {
            assert_eq!(move_in_queue(&order, &ids(moved), target), ids(&expected), "{target:?}");
        }
    }

    proptest! {
        #[test]
        fn moving_up_and_down_again_changes_nothing(count in 2_i64..20, at in 1_usize..19) {
            let order = ids(&(0..count).collect::<Vec<_>>());
            let moved = [order[at.min(order.len() - 1)]];
            let up = move_in_queue(&order, &moved, QueueTarget::Up);
            prop_assert_eq!(move_in_queue(&up, &moved, QueueTarget::Down), order);
        }
    }
}
