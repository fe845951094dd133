//! The strongest terms of an article, as they are compared and stored.

use crate::text::stable_digest;

/// Maximum number of terms of an article. With more, the recall of a labelled corpus did not grow.
pub const MAX_TERMS: usize = 32;

/// Number of the strongest terms by which candidates are found: they keep 98.8 % of the pairs of one
/// event.
pub(super) const STRONG_TERMS: usize = 24;

/// Maximum number of years of an article.
const MAX_YEARS: usize = 4;

/// The first year that can be stored.
const FIRST_YEAR: u16 = 1900;

/// The largest weight of a term; that of an article's strongest one.
const MAX_WEIGHT: u8 = 63;

/// The smallest sum of the squared weights of an article: the strongest term has the largest weight.
pub(super) const MIN_SQUARE: u32 = (MAX_WEIGHT as u32).pow(2);

/// The bits of a weight.
const WEIGHT_BITS: u8 = 0x3f;

/// The bit of a term that is one of the strongest.
pub(super) const STRONG_BIT: u8 = 0x40;

/// The bit of a name or a number.
const DISTINCTIVE_BIT: u8 = 0x80;

/// Length of a stored term in bytes.
const STORED_TERM_BYTES: usize = 5;

/// Returns the number by which a word is stored and compared. Of 400,000 words, some twenty pairs have
/// the same one, which costs less than longer numbers.
pub fn term_hash(word: &str) -> u32 {
    u32::try_from(stable_digest(&[word.as_bytes()]) >> 32).expect("the upper half has 32 bits")
}

/// A term of an article with its weight, before the terms are packed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct WeightedTerm {
    /// The hash of the word.
    pub(super) hash: u32,
    /// The weight, greater than zero.
    pub(super) weight: f64,
    /// The term is a name or a number.
    pub(super) is_distinctive: bool,
}

/// The strongest terms of an article with their weights, and the years that its text names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StoryTerms {
    /// The hashes of the terms, in ascending order.
    hashes: Vec<u32>,
    /// The weights of the terms, from 1 to 63, with the bits of [`STRONG_BIT`] and [`DISTINCTIVE_BIT`].
    weights: Vec<u8>,
    /// The latest years in the text, as the number of years since [`FIRST_YEAR`].
    years: Vec<u8>,
}

impl StoryTerms {
    /// Packs terms, the strongest first.
    pub(super) fn pack(terms: &[WeightedTerm], years: impl Iterator<Item = u16>) -> StoryTerms {
        let strongest = terms.first().map_or(1.0, |term| term.weight);
        let mut packed: Vec<(u32, u8)> = terms
            .iter()
            .take(MAX_TERMS)
            .enumerate()
            .map(|(rank, term)| (term.hash, pack_weight(term, strongest, rank < STRONG_TERMS)))
            .collect();
        packed.sort_unstable();
        packed.dedup_by_key(|(hash, _)| *hash);
        let (hashes, weights) = packed.into_iter().unzip();
        StoryTerms { hashes, weights, years: pack_years(years) }
    }

    /// Returns the number of terms.
    pub fn len(&self) -> usize {
        self.hashes.len()
    }

    /// Returns whether there are no terms.
    pub fn is_empty(&self) -> bool {
        self.hashes.is_empty()
    }

    /// Returns the hashes of the terms, in ascending order.
    pub(super) fn hashes(&self) -> &[u32] {
        &self.hashes
    }

    /// Returns the terms as they are compared.
    pub(super) fn as_slice(&self) -> TermSlice<'_> {
        TermSlice { hashes: &self.hashes, weights: &self.weights, years: &self.years }
    }

    /// Returns the form in which the library stores the terms: at most 165 bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(1 + self.years.len() + self.len() * STORED_TERM_BYTES);
        bytes.push(u8::try_from(self.years.len()).expect("there are at most four years"));
        bytes.extend(&self.years);
        for (hash, weight) in self.hashes.iter().zip(&self.weights) {
            bytes.extend(hash.to_le_bytes());
            bytes.push(*weight);
        }
        bytes
    }

    /// Reads what [`StoryTerms::to_bytes`] has returned; `None` for anything else.
    pub fn from_bytes(bytes: &[u8]) -> Option<StoryTerms> {
        let (year_count, rest) = bytes.split_first()?;
        let (years, rest) = rest.split_at_checked(usize::from(*year_count))?;
        let (terms, tail) = rest.as_chunks::<STORED_TERM_BYTES>();
        if years.len() > MAX_YEARS || terms.len() > MAX_TERMS || !tail.is_empty() {
            return None;
        }
        let mut read = StoryTerms { years: years.to_vec(), ..StoryTerms::default() };
        for [a, b, c, d, weight] in terms {
            let hash = u32::from_le_bytes([*a, *b, *c, *d]);
            if weight & WEIGHT_BITS == 0 || read.hashes.last().is_some_and(|last| *last >= hash) {
                return None;
            }
            read.hashes.push(hash);
            read.weights.push(*weight);
        }
        Some(read)
    }
}

/// Scales a weight to the strongest of the article, and adds the bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the value is between 1 and 63"
)]
fn pack_weight(term: &WeightedTerm, strongest: f64, is_strong: bool) -> u8 {
    let scaled = (term.weight / strongest * f64::from(MAX_WEIGHT)).round();
    let weight = scaled.clamp(1.0, f64::from(MAX_WEIGHT)) as u8;
    let strong = if is_strong { STRONG_BIT } else { 0 };
    let distinctive = if term.is_distinctive { DISTINCTIVE_BIT } else { 0 };
    weight | strong | distinctive
}

/// Packs the latest of the years.
fn pack_years(years: impl Iterator<Item = u16>) -> Vec<u8> {
    let offset = |year: u16| u8::try_from(year.checked_sub(FIRST_YEAR)?).ok();
    let mut packed: Vec<u8> = years.filter_map(offset).collect();
    packed.sort_unstable_by(|a, b| b.cmp(a));
    packed.dedup();
    packed.truncate(MAX_YEARS);
    packed
}

/// The terms of an article wherever they are kept.
#[derive(Debug, Clone, Copy)]
pub(super) struct TermSlice<'a> {
    pub(super) hashes: &'a [u32],
    pub(super) weights: &'a [u8],
    pub(super) years: &'a [u8],
}

/// A bit for each term of an article, which others may share. Most terms of another article have a bit that is not set,
/// and need not be looked for. A merge of both lists took longer, because its steps cannot be foreseen.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct TermFilter([u64; FILTER_WORDS]);

/// Number of words of a filter: of 1,024 bits, 32 terms set a few.
const FILTER_WORDS: usize = 16;

impl TermFilter {
    /// Creates the filter of an article's terms.
    pub(super) fn new(terms: &TermSlice<'_>) -> TermFilter {
        let mut filter = TermFilter::default();
        for hash in terms.hashes {
            filter.0[TermFilter::word_of(*hash)] |= 1 << (hash % u64::BITS);
        }
        filter
    }

    /// Returns whether the article may have a term; one that it has is never left out.
    fn may_have(&self, hash: u32) -> bool {
        self.0[TermFilter::word_of(hash)] >> (hash % u64::BITS) & 1 != 0
    }

    fn word_of(hash: u32) -> usize {
        (hash / u64::BITS) as usize % FILTER_WORDS
    }
}

/// The terms that two articles share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct TermOverlap {
    /// Number of shared terms.
    pub(super) count: usize,
    /// The sum of the products of their weights.
    pub(super) product: u32,
    /// The part of the sum that comes from terms which are names or numbers in both.
    pub(super) distinctive: u32,
    /// The sum of the squared weights of the shared terms in the first and in the second article.
    pub(super) squares: (u32, u32),
}

impl TermSlice<'_> {
    /// Returns the sum of the squared weights.
    pub(super) fn square(&self) -> u32 {
        self.weights.iter().map(|weight| u32::from(weight & WEIGHT_BITS).pow(2)).sum()
    }

    /// Iterates over the hashes of the strongest terms, with their weights.
    pub(super) fn strong_terms(&self) -> impl Iterator<Item = (u32, u32)> {
        let terms = self.hashes.iter().zip(self.weights);
        terms
            .filter(|(_, weight)| *weight & STRONG_BIT != 0)
            .map(|(hash, weight)| (*hash, u32::from(weight & WEIGHT_BITS)))
    }

    /// Returns what two articles share; `filter` is that of the terms of the first.
    pub(super) fn overlap(&self, filter: &TermFilter, other: &TermSlice<'_>) -> TermOverlap {
        let mut overlap = TermOverlap::default();
        for (hash, weight) in other.hashes.iter().zip(other.weights) {
            if filter.may_have(*hash)
                && let Ok(own) = self.hashes.binary_search(hash)
            {
                overlap.add(self.weights[own], *weight);
            }
        }
        overlap
    }

    /// Returns whether both texts name years, and none in common.
    pub(super) fn disagrees_about_years(&self, other: &TermSlice<'_>) -> bool {
        !self.years.is_empty()
            && !other.years.is_empty()
            && !self.years.iter().any(|year| other.years.contains(year))
    }
}

impl TermOverlap {
    fn add(&mut self, a: u8, b: u8) {
        let (weight, other) = (u32::from(a & WEIGHT_BITS), u32::from(b & WEIGHT_BITS));
        self.count += 1;
        self.product += weight * other;
        if a & b & DISTINCTIVE_BIT != 0 {
            self.distinctive += weight * other;
        }
        self.squares.0 += weight * weight;
        self.squares.1 += other * other;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn term(hash: u32, weight: f64) -> WeightedTerm {
        WeightedTerm { hash, weight, is_distinctive: hash.is_multiple_of(2) }
    }

    #[test]
    fn pack_keeps_the_strongest_terms_and_the_latest_years() {
        let terms: Vec<WeightedTerm> =
            (0..40).map(|rank| term(1000 - rank, f64::from(100 - rank))).collect();
        let packed =
            StoryTerms::pack(&terms, [2019, 1850, 2024, 2020, 2024, 2021, 2022].into_iter());
        assert_eq!(packed.len(), MAX_TERMS);
        assert_eq!(packed.as_slice().strong_terms().count(), STRONG_TERMS);
        let last = packed.as_slice().strong_terms().last();
        assert_eq!(last, Some((1000, u32::from(MAX_WEIGHT))));
        assert_eq!(packed.years, [124, 122, 121, 120]);
        assert!(packed.to_bytes().len() <= 200);
    }

    #[test]
    fn overlap_counts_names_only_where_both_have_them() {
        let first = StoryTerms::pack(&[term(2, 4.0), term(3, 4.0), term(9, 4.0)], [].into_iter());
        let second = StoryTerms::pack(&[term(2, 1.0), term(3, 1.0), term(8, 1.0)], [].into_iter());
        let filter = TermFilter::new(&first.as_slice());
        let overlap = first.as_slice().overlap(&filter, &second.as_slice());
        assert_eq!((overlap.count, overlap.product, overlap.distinctive), (2, 2 * 3969, 3969));
    }

    #[test]
    fn years_disagree_only_where_both_texts_name_some() {
        let years = |years: &[u16]| StoryTerms::pack(&[term(1, 1.0)], years.iter().copied());
        let disagree =
            |a: &[u16], b: &[u16]| years(a).as_slice().disagrees_about_years(&years(b).as_slice());
        assert!(disagree(&[2008], &[2012, 2013]));
        assert!(!disagree(&[2008, 2012], &[2012]));
        assert!(!disagree(&[], &[2012]));
    }

    /// Counts the terms that two articles share, and sums the products of their weights, as [`TermSlice::overlap`] does.
    fn naive_overlap(first: &StoryTerms, second: &StoryTerms) -> (usize, u32) {
        let weight = |weight: &u8| u32::from(weight & WEIGHT_BITS);
        let pairs = first.hashes.iter().zip(&first.weights).flat_map(|(hash, own)| {
            let others = second.hashes.iter().zip(&second.weights);
            others.filter(move |(other, _)| *other == hash).map(move |(_, other)| (own, other))
        });
        pairs.fold((0, 0), |(count, sum), (own, other)| {
            (count + 1, sum + weight(own) * weight(other))
        })
    }

    proptest! {
        #[test]
        fn overlap_matches_naive_comparison(
            first in prop::collection::vec((0..99_u32, 1.0..9.0_f64), 0..40),
            second in prop::collection::vec((0..99_u32, 1.0..9.0_f64), 0..40),
            spread in 1..u32::MAX / 100,
        ) {
            let pack = |terms: Vec<(u32, f64)>| {
                let terms: Vec<WeightedTerm> =
                    terms.into_iter().map(|(hash, weight)| term(hash * spread, weight)).collect();
                StoryTerms::pack(&terms, [].into_iter())
            };
            let [first, second] = [first, second].map(pack);
            let filter = TermFilter::new(&first.as_slice());
            let overlap = first.as_slice().overlap(&filter, &second.as_slice());
            prop_assert_eq!((overlap.count, overlap.product), naive_overlap(&first, &second));
        }

        #[test]
        fn stored_terms_are_read_back(
            weights in prop::collection::vec((any::<u32>(), 1.0..9.0_f64), 0..40),
            years in prop::collection::vec(1800..2200_u16, 0..7),
        ) {
            let mut terms: Vec<WeightedTerm> =
                weights.into_iter().map(|(hash, weight)| term(hash, weight)).collect();
            terms.sort_by(|a, b| b.weight.total_cmp(&a.weight));
            let packed = StoryTerms::pack(&terms, years.into_iter());
            prop_assert_eq!(StoryTerms::from_bytes(&packed.to_bytes()), Some(packed));
        }

        #[test]
        fn damaged_terms_are_no_terms_or_ordered(bytes in prop::collection::vec(any::<u8>(), 0..220)) {
            if let Some(terms) = StoryTerms::from_bytes(&bytes) {
                prop_assert!(terms.len() <= MAX_TERMS && terms.hashes.is_sorted());
            }
        }
    }
}
