//! The blocks of a text that differ from those of its earlier version.

use crate::diff::{WorkBudget, align_equal};

/// The steps of aligning the blocks of one article, of which a feed may have thousands: a thousand
/// blocks that both versions have are aligned. Of more, only the beginning and the end are.
const ALIGNMENT_STEPS: usize = 1 << 20;

/// The place of a changed block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ChangePlace {
    Title,
    /// Position counted from the first block and from the last one.
    Block(usize, usize),
}

impl ChangePlace {
    /// Returns true if a block at one place may be the one at the other, although blocks before or
    /// after it were added.
    pub(super) fn may_equal(self, other: ChangePlace) -> bool {
        match (self, other) {
            (ChangePlace::Title, ChangePlace::Title) => true,
            (ChangePlace::Block(start, end), ChangePlace::Block(other_start, other_end)) => {
                start == other_start || end == other_end
            }
            _ => false,
        }
    }
}

/// A block of the old text and the one in its place; one of the two may be missing.
pub(super) struct BlockChange<'a> {
    pub(super) old: Option<&'a str>,
    pub(super) new: Option<&'a str>,
    pub(super) place: ChangePlace,
}

/// Returns the blocks that differ. Blocks that moved count as removed and added.
pub(super) fn changed_blocks<'a>(old: &'a [String], new: &'a [String]) -> Vec<BlockChange<'a>> {
    let place = |index: usize| ChangePlace::Block(index, new.len().max(index + 1) - index - 1);
    let mut changes = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let anchors = align_equal(old, new, &mut WorkBudget::with_steps(ALIGNMENT_STEPS));
    for (old_end, new_end) in anchors.into_iter().chain([(old.len(), new.len())]) {
        let (gone, come) = (&old[old_at..old_end], &new[new_at..new_end]);
        for index in 0..gone.len().max(come.len()) {
            changes.push(BlockChange {
                old: gone.get(index).map(String::as_str),
                new: come.get(index).map(String::as_str),
                place: place(new_at + index),
            });
        }
        (old_at, new_at) = (old_end + 1, new_end + 1);
    }
    changes
}
