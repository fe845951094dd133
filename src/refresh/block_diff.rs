//! The blocks of a text that differ from those of its earlier version.

/// Maximum number of differing blocks that are aligned; of more, the first are paired in order.
const MAX_ALIGNED_BLOCKS: usize = 64;

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
    let prefix = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let (old_rest, new_rest) = (&old[prefix..], &new[prefix..]);
    let suffix = old_rest
        .iter()
        .rev()
        .zip(new_rest.iter().rev())
        .take_while(|(old, new)| old == new)
        .count();
    let old_middle = &old_rest[..old_rest.len() - suffix];
    let new_middle = &new_rest[..new_rest.len() - suffix];
    let place = |index: usize| {
        ChangePlace::Block(prefix + index, (new.len().max(prefix + index + 1)) - prefix - index - 1)
    };
    let mut changes = Vec::new();
    let (mut old_at, mut new_at) = (0, 0);
    let anchors = common_blocks(old_middle, new_middle);
    for (old_end, new_end) in anchors.into_iter().chain([(old_middle.len(), new_middle.len())]) {
        let (gone, come) = (&old_middle[old_at..old_end], &new_middle[new_at..new_end]);
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

/// Returns the indices of a longest common subsequence of two lists of blocks; of long lists, none.
fn common_blocks(old: &[String], new: &[String]) -> Vec<(usize, usize)> {
    if old.len() > MAX_ALIGNED_BLOCKS || new.len() > MAX_ALIGNED_BLOCKS {
        return Vec::new();
    }
    // `lengths[i][j]`: the length of the longest common subsequence of `old[i..]` and `new[j..]`.
    let mut lengths = vec![vec![0_usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i][j] = if old[i] == new[j] {
                lengths[i + 1][j + 1] + 1
            } else {
                lengths[i + 1][j].max(lengths[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[i + 1][j] >= lengths[i][j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}
