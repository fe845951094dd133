//! The likeness of two sets of words.

use std::{collections::HashSet, hash::Hash};

/// Returns the share of the smaller set that the other one has too, from 0 to 1; 0 if it is empty.
pub(crate) fn shared_of_shorter<T: Hash + Eq>(one: &HashSet<T>, other: &HashSet<T>) -> f32 {
    let shorter = one.len().min(other.len());
    if shorter == 0 {
        return 0.0;
    }
    let shared = u16::try_from(one.intersection(other).count()).unwrap_or(u16::MAX);
    f32::from(shared) / f32::from(u16::try_from(shorter).unwrap_or(u16::MAX))
}
