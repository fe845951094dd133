//! The longest common subsequence of two lists, within a budget.

use std::{collections::HashMap, hash::Hash};

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// The steps that the comparisons of one diff may take. Counted and not timed, so that a diff is the
/// same on every machine.
#[derive(Debug)]
pub(crate) struct WorkBudget(usize);

impl WorkBudget {
    /// 64 million: two lists of 4,000 words without anything in common but their words take half a second.
    const STEPS: usize = 64_000_000;

    /// Creates a budget of so many steps.
    pub(crate) fn with_steps(steps: usize) -> WorkBudget {
        WorkBudget(steps)
    }

    /// Takes the steps of comparing lists of these lengths; returns false if they are not left.
    fn take(&mut self, old: usize, new: usize) -> bool {
        // Myers' algorithm takes at most (N + M) · D steps, and D is at most N + M.
        let steps = (old + new).saturating_mul(old + new);
        let is_left = steps <= self.0;
        if is_left {
            self.0 -= steps;
        }
        is_left
    }
}

impl Default for WorkBudget {
    fn default() -> WorkBudget {
        WorkBudget(WorkBudget::STEPS)
    }
}

/// Returns the indices of a longest common subsequence of two lists, in order. Where the budget is
/// spent, only the common beginning and end are found.
pub(crate) fn align_equal<T: Hash + Eq>(
    old: &[T],
    new: &[T],
    budget: &mut WorkBudget,
) -> Vec<(usize, usize)> {
    let prefix = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let ends = old[prefix..].iter().rev().zip(new[prefix..].iter().rev());
    let suffix = ends.take_while(|(old, new)| old == new).count();
    let (old_end, new_end) = (old.len() - suffix, new.len() - suffix);
    let middle = align_middle(&old[prefix..old_end], &new[prefix..new_end], budget);
    let prefixed = (0..prefix).map(|at| (at, at));
    let suffixed = (0..suffix).map(|at| (old_end + at, new_end + at));
    prefixed
        .chain(middle.into_iter().map(|(old, new)| (old + prefix, new + prefix)))
        .chain(suffixed)
        .collect()
}

fn align_middle<T: Hash + Eq>(
    old: &[T],
    new: &[T],
    budget: &mut WorkBudget,
) -> Vec<(usize, usize)> {
    // What is on one side only is in no common subsequence: without it, a text that was rewritten
    // costs little.
    let (old, new) = number_shared(old, new);
    if old.is_empty() || new.is_empty() || !budget.take(old.len(), new.len()) {
        return Vec::new();
    }
    let numbers = |side: &[(usize, u32)]| side.iter().map(|(_, number)| *number).collect();
    let (old_numbers, new_numbers): (Vec<u32>, Vec<u32>) = (numbers(&old), numbers(&new));
    let mut pairs = Vec::new();
    for op in capture_diff_slices(Algorithm::Myers, &old_numbers, &new_numbers) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            pairs.extend((0..len).map(|at| (old[old_index + at].0, new[new_index + at].0)));
        }
    }
    pairs
}

/// The positions of items, with a number that is the same for equal items.
type NumberedItems = Vec<(usize, u32)>;

/// Returns the items of two lists that both have, numbered.
fn number_shared<T: Hash + Eq>(old: &[T], new: &[T]) -> (NumberedItems, NumberedItems) {
    let mut numbers: HashMap<&T, (u32, bool)> = HashMap::new();
    for item in old {
        let next = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        numbers.entry(item).or_insert((next, false));
    }
    let mut numbered_new = Vec::new();
    for (at, item) in new.iter().enumerate() {
        if let Some((number, is_shared)) = numbers.get_mut(item) {
            *is_shared = true;
            numbered_new.push((at, *number));
        }
    }
    let shared = |(at, item)| {
        let (number, is_shared) = numbers.get(item)?;
        is_shared.then_some((at, *number))
    };
    (old.iter().enumerate().filter_map(shared).collect(), numbered_new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn align(old: &str, new: &str) -> Vec<(usize, usize)> {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        align_equal(&letters(old), &letters(new), &mut WorkBudget::default())
    }

    #[test]
    fn align_equal_finds_a_longest_common_subsequence() {
        assert_eq!(align("abc", "abc"), [(0, 0), (1, 1), (2, 2)]);
        assert_eq!(align("abxcd", "aycd"), [(0, 0), (3, 2), (4, 3)]);
        assert_eq!(align("ab", "xy"), []);
        assert_eq!(align("kitten", "sitting").len(), 4);
    }

    #[test]
    fn align_equal_without_budget_finds_ends_only() {
        let (old, new): (Vec<u32>, Vec<u32>) = ((0..40_000).collect(), {
            let mut new: Vec<u32> = (0..40_000).collect();
            new[1..39_999].reverse();
            new
        });
        let pairs = align_equal(&old, &new, &mut WorkBudget::default());
        assert_eq!(pairs, [(0, 0), (39_999, 39_999)]);
    }
}
