//! Precomputed unions for short prefixes, such as `t` or `co`, whose posting lists are expensive to
//! merge.
//!
//! A filter is searched while it is typed, so short prefixes are frequent queries. Measured when
//! the format was designed: with 1,000,000 articles 177 prefixes were cached in 21 MB, and a query
//! of one letter took 0.03 ms.

use super::term_key::TermField;
use crate::index::BitSet;

/// Length of the longest cached prefix in characters. Few long ones are worth their space: those of large
/// families such as `inter` and `govern`.
const MAX_PREFIX_CHARS: usize = 8;

/// Cost of adding one list to a union, whatever its length, in document ids that could be read in
/// the same time.
const UNION_BASE_COST: u32 = 30;

/// Unions below this cost are computed when they are needed.
const MIN_CACHED_COST: u32 = 2_000;

/// A cached prefix and the position of its list in `postings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CachedPrefix {
    pub(super) prefix: Vec<u8>,
    pub(super) offset: u64,
    pub(super) len: u32,
    pub(super) doc_freq: u32,
}

/// Computes the unions while the keys are written in order.
pub(super) struct PrefixCacheBuilder {
    max_doc: u32,
    open: Vec<OpenPrefix>,
    cached: Vec<CachedPrefix>,
}

/// A prefix of the last key, whose union is still growing.
struct OpenPrefix {
    prefix: Vec<u8>,
    docs: DocUnion,
    cost: u32,
    term_count: u32,
}

impl OpenPrefix {
    fn new(prefix: &[u8]) -> OpenPrefix {
        let docs = DocUnion::Sparse(Vec::new());
        OpenPrefix { prefix: prefix.to_vec(), docs, cost: 0, term_count: 0 }
    }

    /// Adds the documents of a longer prefix.
    fn add_longer(&mut self, longer: &OpenPrefix, max_doc: u32) {
        match (&mut self.docs, &longer.docs) {
            (docs, DocUnion::Sparse(list)) => docs.add_docs(list, max_doc),
            (DocUnion::Dense(bits), DocUnion::Dense(others)) => bits.or(others),
            (DocUnion::Sparse(list), DocUnion::Dense(others)) => {
                let mut bits = others.clone();
                for doc in list {
                    bits.insert(*doc);
                }
                self.docs = DocUnion::Dense(bits);
            }
        }
        self.cost = self.cost.saturating_add(longer.cost);
        self.term_count += longer.term_count;
    }
}

/// A union of documents. A short one is a list that may contain a document more than once, because
/// most unions never need a bit set.
enum DocUnion {
    Sparse(Vec<u32>),
    Dense(BitSet),
}

impl DocUnion {
    fn add_docs(&mut self, list: &[u32], max_doc: u32) {
        match self {
            DocUnion::Dense(bits) => list.iter().for_each(|doc| bits.insert(*doc)),
            // A list of this length takes at most half the memory of a bit set.
            DocUnion::Sparse(docs) if docs.len() + list.len() <= max_doc as usize / 64 => {
                docs.extend_from_slice(list);
            }
            DocUnion::Sparse(docs) => {
                let mut bits = BitSet::empty(max_doc);
                docs.iter().chain(list).for_each(|doc| bits.insert(*doc));
                *self = DocUnion::Dense(bits);
            }
        }
    }

    fn into_bitset(self, max_doc: u32) -> BitSet {
        match self {
            DocUnion::Dense(bits) => bits,
            DocUnion::Sparse(docs) => {
                let mut bits = BitSet::empty(max_doc);
                for doc in docs {
                    bits.insert(doc);
                }
                bits
            }
        }
    }
}

impl PrefixCacheBuilder {
    pub(super) fn new(max_doc: u32) -> PrefixCacheBuilder {
        PrefixCacheBuilder { max_doc, open: Vec::new(), cached: Vec::new() }
    }

    /// Adds the documents of the next key. Returns the finished unions that are worth caching.
    pub(super) fn add_term(&mut self, key: &[u8], list: &[u32]) -> Vec<(Vec<u8>, BitSet)> {
        let kept_count = self.open.iter().take_while(|open| key.starts_with(&open.prefix)).count();
        let finished = self.close_prefixes(kept_count);
        let cached_fields = [TermField::Word as u8, TermField::Title as u8];
        if !key.first().is_some_and(|field| cached_fields.contains(field)) {
            return finished;
        }
        let word = std::str::from_utf8(&key[1..]).unwrap_or_default();
        let ends = word.char_indices().map(|(at, c)| 1 + at + c.len_utf8()).take(MAX_PREFIX_CHARS);
        self.open.extend(ends.skip(self.open.len()).map(|end| OpenPrefix::new(&key[..end])));
        let cost = self.union_cost(list);
        // The shorter prefixes get the documents when this one is closed.
        if let Some(longest) = self.open.last_mut() {
            longest.docs.add_docs(list, self.max_doc);
            longest.cost = longest.cost.saturating_add(cost);
            longest.term_count += 1;
        }
        finished
    }

    /// Returns the cost of adding `list` to a union. The cost has an upper limit, because long
    /// lists are stored as bit sets and added many documents at a time.
    fn union_cost(&self, list: &[u32]) -> u32 {
        let dense_cost = self.max_doc / 256 + UNION_BASE_COST;
        let sparse_cost =
            u32::try_from(list.len()).unwrap_or(u32::MAX).saturating_add(UNION_BASE_COST);
        sparse_cost.min(dense_cost.max(UNION_BASE_COST * 2))
    }

    /// Returns the remaining unions that are worth caching, after the last key.
    pub(super) fn finish(&mut self) -> Vec<(Vec<u8>, BitSet)> {
        self.close_prefixes(0)
    }

    /// Records a cached prefix whose list has been written.
    pub(super) fn record(&mut self, cached: CachedPrefix) {
        self.cached.push(cached);
    }

    /// Encodes the recorded prefixes: for each the length of the key in bytes (u8), the key, offset
    /// (u64), length (u32) and number of documents (u32).
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for cached in &self.cached {
            bytes.push(u8::try_from(cached.prefix.len()).unwrap_or(0));
            bytes.extend_from_slice(&cached.prefix);
            bytes.extend(cached.offset.to_le_bytes());
            bytes.extend(cached.len.to_le_bytes());
            bytes.extend(cached.doc_freq.to_le_bytes());
        }
        bytes
    }

    /// Closes all open prefixes except the first `kept_count`. Returns the unions that are worth
    /// caching.
    fn close_prefixes(&mut self, kept_count: usize) -> Vec<(Vec<u8>, BitSet)> {
        // A union that reads as many ids as half of the documents is worth its space.
        let min_cost = (self.max_doc / 2).max(MIN_CACHED_COST);
        let mut expensive = Vec::new();
        while self.open.len() > kept_count {
            let Some(closed) = self.open.pop() else { break };
            if let Some(shorter) = self.open.last_mut() {
                shorter.add_longer(&closed, self.max_doc);
            }
            if closed.term_count > 1 && closed.cost > min_cost {
                expensive.push((closed.prefix, closed.docs.into_bitset(self.max_doc)));
            }
        }
        expensive
    }
}

/// Decodes cached prefixes. Returns `None` if the encoding is invalid.
pub(super) fn decode_cached_prefixes(mut bytes: &[u8]) -> Option<Vec<CachedPrefix>> {
    let mut prefixes = Vec::new();
    while let Some((len, rest)) = bytes.split_first() {
        let (prefix, rest) = rest.split_at_checked(usize::from(*len))?;
        let (offset, rest) = rest.split_first_chunk()?;
        let (len, rest) = rest.split_first_chunk()?;
        let (doc_freq, rest) = rest.split_first_chunk()?;
        prefixes.push(CachedPrefix {
            prefix: prefix.to_vec(),
            offset: u64::from_le_bytes(*offset),
            len: u32::from_le_bytes(*len),
            doc_freq: u32::from_le_bytes(*doc_freq),
        });
        bytes = rest;
    }
    Some(prefixes)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::{MAX_PREFIX_CHARS, PrefixCacheBuilder};
    use crate::index::segment::term_key::{TermField, term_key};

    /// More documents than make a short union dense.
    const MAX_DOC: u32 = 6_000;

    type Lists = BTreeMap<String, BTreeSet<u32>>;

    fn cached_unions(lists: &Lists) -> Lists {
        let mut builder = PrefixCacheBuilder::new(MAX_DOC);
        let mut cached = Vec::new();
        for (word, docs) in lists {
            let docs: Vec<u32> = docs.iter().copied().collect();
            cached.extend(builder.add_term(&term_key(TermField::Word, word), &docs));
        }
        cached.extend(builder.finish());
        let word = |prefix: &[u8]| String::from_utf8_lossy(&prefix[1..]).into_owned();
        cached
            .into_iter()
            .map(|(prefix, docs)| (word(&prefix), docs.iter_descending().collect()))
            .collect()
    }

    fn union_of(prefix: &str, lists: &Lists) -> BTreeSet<u32> {
        let with_prefix = lists.iter().filter(|(word, _)| word.starts_with(prefix));
        with_prefix.flat_map(|(_, docs)| docs).copied().collect()
    }

    #[test]
    fn unions_of_large_families_are_cached_up_to_the_longest_prefix() {
        let docs: BTreeSet<u32> = (0..MAX_DOC).step_by(2).collect();
        let family = (0..60).map(|number| format!("government{number}"));
        let lists = family.chain(["zero".to_owned()]).map(|word| (word, docs.clone())).collect();
        let cached = cached_unions(&lists);
        assert!(cached.contains_key("governme"), "{:?}", cached.keys());
        assert!(cached.keys().all(|prefix| prefix.chars().count() <= MAX_PREFIX_CHARS));
        assert!(!cached.contains_key("zero"));
    }

    proptest! {
        #[test]
        fn cached_union_has_the_documents_of_all_words_with_the_prefix(
            lists in prop::collection::btree_map(
                "[ab]{3,10}|ä[ab]{0,9}",
                prop::collection::btree_set(0..MAX_DOC, 1..90),
                100..200,
            ),
        ) {
            for (prefix, docs) in cached_unions(&lists) {
                prop_assert_eq!(&docs, &union_of(&prefix, &lists), "{}", prefix);
            }
        }
    }
}
