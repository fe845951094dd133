//! One bit per article: the answer to a condition.

use std::ops::Range;

/// Bits by number, as many as a segment has articles.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BitSet {
    words: Vec<u64>,
    capacity: u32,
}

impl BitSet {
    /// None of `len` bits is set.
    pub fn empty(len: u32) -> BitSet {
        BitSet { words: vec![0; len.div_ceil(64) as usize], capacity: len }
    }

    /// All of `len` bits are set.
    pub fn full(len: u32) -> BitSet {
        let mut bits = BitSet { words: vec![u64::MAX; len.div_ceil(64) as usize], capacity: len };
        bits.clear_unused_bits();
        bits
    }

    /// The bits of `range`, of `len`.
    pub fn from_range(len: u32, range: Range<u32>) -> BitSet {
        let mut bits = BitSet::empty(len);
        for (index, word) in bits.words.iter_mut().enumerate() {
            *word = range_mask(index, &range);
        }
        bits
    }

    /// The bits that `bytes` hold, eight in each; what is missing is not set.
    pub fn from_bytes(len: u32, bytes: &[u8]) -> BitSet {
        let mut bits = BitSet::empty(len);
        bits.or_bytes(bytes);
        bits.clear_unused_bits();
        bits
    }

    /// The bits as bytes, eight in each.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.words.iter().flat_map(|word| word.to_le_bytes()).collect()
    }

    /// How many bits there are, set or not.
    pub fn capacity(&self) -> u32 {
        self.capacity
    }

    /// Whether none is set.
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Whether bit `at` is set; one beyond the last is not.
    pub fn get(&self, at: u32) -> bool {
        self.words.get(at as usize / 64).is_some_and(|word| word >> (at % 64) & 1 == 1)
    }

    /// Sets bit `at`, or clears it. One beyond the last is left alone.
    pub fn set_to(&mut self, at: u32, set: bool) {
        if at < self.capacity {
            let word = &mut self.words[at as usize / 64];
            *word = *word & !(1 << (at % 64)) | u64::from(set) << (at % 64);
        }
    }

    /// Sets bit `at`, which is none beyond the last.
    pub(super) fn insert(&mut self, at: u32) {
        self.words[at as usize / 64] |= 1 << (at % 64);
    }

    /// How many are set.
    pub fn count(&self) -> u32 {
        self.words.iter().map(|word| word.count_ones()).sum()
    }

    /// How many of `range` are set.
    pub fn count_in_range(&self, range: Range<u32>) -> u32 {
        let range = range.start..range.end.min(self.capacity);
        if range.is_empty() {
            return 0;
        }
        let (first, last) = (range.start as usize / 64, (range.end as usize - 1) / 64);
        let words = self.words[first..=last].iter().enumerate();
        words.map(|(index, word)| (word & range_mask(first + index, &range)).count_ones()).sum()
    }

    /// Keeps what is set in both.
    pub fn and(&mut self, other: &BitSet) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= other);
    }

    /// Adds what is set in the other.
    pub fn or(&mut self, other: &BitSet) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    /// Removes what is set in the other.
    pub fn and_not(&mut self, other: &BitSet) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word &= !other);
    }

    /// Turns every bit over.
    pub fn invert(&mut self) {
        self.words.iter_mut().for_each(|word| *word = !*word);
        self.clear_unused_bits();
    }

    /// Adds what is set in `bytes`, as [`BitSet::to_bytes`] writes them.
    pub(super) fn or_bytes(&mut self, bytes: &[u8]) {
        for (word, bytes) in self.words.iter_mut().zip(bytes.chunks(8)) {
            let mut eight = [0; 8];
            eight[..bytes.len()].copy_from_slice(bytes);
            *word |= u64::from_le_bytes(eight);
        }
    }

    /// The lowest set bit.
    pub fn lowest_bit(&self) -> Option<u32> {
        let index = self.words.iter().position(|word| *word != 0)?;
        u32::try_from(index * 64).ok().map(|base| base + self.words[index].trailing_zeros())
    }

    /// The highest set bit below `end`.
    pub fn highest_bit_below(&self, end: u32) -> Option<u32> {
        let end = end.min(self.capacity);
        let mut index = end as usize / 64;
        let mut word = self.words.get(index).map_or(0, |word| word & ((1 << (end % 64)) - 1));
        while word == 0 {
            index = index.checked_sub(1)?;
            word = self.words[index];
        }
        u32::try_from(index * 64).ok().map(|base| base + 63 - word.leading_zeros())
    }

    /// The set bits, the highest first.
    pub fn iter_descending(&self) -> impl Iterator<Item = u32> {
        self.iter_descending_in(0..self.capacity)
    }

    /// The set bits of a range, the highest first.
    pub fn iter_descending_in(&self, range: Range<u32>) -> impl Iterator<Item = u32> {
        let range = range.start..range.end.min(self.capacity).max(range.start);
        let (first, behind) = (range.start as usize / 64, (range.end as usize).div_ceil(64));
        let words = self.words.get(first..behind).unwrap_or_default().iter().enumerate().rev();
        words.flat_map(move |(index, word)| {
            let index = first + index;
            let base = u32::try_from(index * 64).unwrap_or(u32::MAX);
            let mut word = *word & range_mask(index, &range);
            std::iter::from_fn(move || {
                let bit = word.checked_ilog2()?;
                word &= !(1 << bit);
                Some(base + bit)
            })
        })
    }

    fn clear_unused_bits(&mut self) {
        if !self.capacity.is_multiple_of(64)
            && let Some(last) = self.words.last_mut()
        {
            *last &= (1 << (self.capacity % 64)) - 1;
        }
    }
}

/// The bits of `range` that are in the word at `index`.
fn range_mask(index: usize, range: &Range<u32>) -> u64 {
    let base = index as u64 * 64;
    let below = |end: u32| match u64::from(end).saturating_sub(base) {
        0 => 0,
        bits @ 1..64 => (1 << bits) - 1,
        _ => u64::MAX,
    };
    below(range.end) & !below(range.start)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bitset_from_bools(set: &[bool]) -> BitSet {
        let mut bits = BitSet::empty(u32::try_from(set.len()).unwrap());
        set.iter().zip(0..).filter(|(set, _)| **set).for_each(|(_, at)| bits.insert(at));
        bits
    }

    proptest! {
        #[test]
        fn bitset_operations_match_vec_of_bools(a in prop::collection::vec(any::<bool>(), 0..300), b in prop::collection::vec(any::<bool>(), 300), from in 0_u32..310, to in 0_u32..310) {
            let len = u32::try_from(a.len()).unwrap();
            let b = &b[..a.len()];
            let both = |f: fn(bool, bool) -> bool| bitset_from_bools(&a.iter().zip(b).map(|(a, b)| f(*a, *b)).collect::<Vec<_>>());
            let with = |f: fn(&mut BitSet, &BitSet)| { let mut made = bitset_from_bools(&a); f(&mut made, &bitset_from_bools(b)); made };
            prop_assert_eq!(with(BitSet::and), both(|a, b| a && b));
            prop_assert_eq!(with(BitSet::or), both(|a, b| a || b));
            prop_assert_eq!(with(BitSet::and_not), both(|a, b| a && !b));
            prop_assert_eq!(with(|a, _| a.invert()), both(|a, _| !a));
            let highest: Vec<u32> = (0..len).rev().filter(|at| a[*at as usize]).collect();
            prop_assert_eq!(bitset_from_bools(&a).highest_bit_below(to), highest.iter().copied().find(|at| *at < to));
            let within = highest.iter().filter(|at| (from..to).contains(at)).count();
            prop_assert_eq!(bitset_from_bools(&a).count_in_range(from..to) as usize, within);
            prop_assert_eq!(bitset_from_bools(&a).iter_descending().collect::<Vec<_>>(), highest.clone());
            let within: Vec<u32> = highest.into_iter().filter(|at| (from..to).contains(at)).collect();
            prop_assert_eq!(bitset_from_bools(&a).iter_descending_in(from..to).collect::<Vec<_>>(), within);
            prop_assert_eq!(BitSet::from_bytes(len, &bitset_from_bools(&a).to_bytes()), bitset_from_bools(&a));
            let range = BitSet::from_range(len, from.min(len)..to.min(len));
            prop_assert!((0..len).all(|at| range.get(at) == (from..to).contains(&at)));
            prop_assert_eq!(BitSet::full(len).count(), len);
        }
    }
}
