//! The few beginnings of words that so many words have that adding their lists up would be felt: `t`, `co`. Their sums
//! are made ahead.

use super::term_key::TermField;
use crate::index::BitSet;

/// Characters of the longest beginning that is looked at.
const MAX_PREFIX_CHARS: usize = 4;

/// A sum costs as much as reading so many numbers, whatever it is of.
const UNION_BASE_COST: u32 = 30;

/// Sums below this cost are made when they are asked for.
const MIN_CACHED_COST: u32 = 2_000;

/// A sum that was made ahead: where its list is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CachedPrefix {
    pub(super) prefix: Vec<u8>,
    pub(super) offset: u64,
    pub(super) len: u32,
    pub(super) doc_freq: u32,
}

/// Adds up, as keys come in order.
pub(super) struct PrefixCacheBuilder {
    max_doc: u32,
    open: Vec<OpenPrefix>,
    cached: Vec<CachedPrefix>,
}

/// A beginning that the last key had.
struct OpenPrefix {
    prefix: Vec<u8>,
    docs: DocUnion,
    cost: u32,
    term_count: u32,
}

/// The articles of a beginning, some of them more than once while they are few: most never get a bit per article.
enum DocUnion {
    Sparse(Vec<u32>),
    Dense(BitSet),
}

impl DocUnion {
    fn add_docs(&mut self, list: &[u32], articles: u32) {
        match self {
            DocUnion::Dense(bits) => list.iter().for_each(|article| bits.insert(*article)),
            DocUnion::Sparse(few) if few.len() + list.len() <= articles as usize / 64 => {
                few.extend_from_slice(list);
            }
            DocUnion::Sparse(few) => {
                let mut bits = BitSet::empty(articles);
                few.iter().chain(list).for_each(|article| bits.insert(*article));
                *self = DocUnion::Dense(bits);
            }
        }
    }

    fn into_bitset(self, articles: u32) -> BitSet {
        match self {
            DocUnion::Dense(bits) => bits,
            DocUnion::Sparse(few) => {
                let mut bits = BitSet::empty(articles);
                for article in few {
                    bits.insert(article);
                }
                bits
            }
        }
    }
}

impl PrefixCacheBuilder {
    pub(super) fn new(articles: u32) -> PrefixCacheBuilder {
        PrefixCacheBuilder { max_doc: articles, open: Vec::new(), cached: Vec::new() }
    }

    /// Takes the next key; gives the sums that are ready and worth keeping.
    pub(super) fn add_term(&mut self, key: &[u8], list: &[u32]) -> Vec<(Vec<u8>, BitSet)> {
        let kept = self.open.iter().take_while(|open| key.starts_with(&open.prefix)).count();
        let ready = self.close_prefixes(kept);
        if !matches!(key.first(), Some(space) if *space == TermField::Word as u8 || *space == TermField::Title as u8)
        {
            return ready;
        }
        let word = std::str::from_utf8(&key[1..]).unwrap_or_default();
        let ends = word.char_indices().map(|(at, c)| 1 + at + c.len_utf8()).take(MAX_PREFIX_CHARS);
        for end in ends.skip(self.open.len()) {
            self.open.push(OpenPrefix {
                prefix: key[..end].to_vec(),
                docs: DocUnion::Sparse(Vec::new()),
                cost: 0,
                term_count: 0,
            });
        }
        let dense = self.max_doc / 256 + UNION_BASE_COST;
        let cost = u32::try_from(list.len())
            .unwrap_or(u32::MAX)
            .saturating_add(UNION_BASE_COST)
            .min(dense.max(UNION_BASE_COST * 2));
        for open in &mut self.open {
            open.docs.add_docs(list, self.max_doc);
            open.cost = open.cost.saturating_add(cost);
            open.term_count += 1;
        }
        ready
    }

    /// There are no more keys.
    pub(super) fn finish(&mut self) -> Vec<(Vec<u8>, BitSet)> {
        self.close_prefixes(0)
    }

    /// Notes where a sum is kept.
    pub(super) fn record(&mut self, heavy: CachedPrefix) {
        self.cached.push(heavy);
    }

    /// What was noted, as bytes: for each the length of the beginning (u8) and it, offset, length, count.
    pub(super) fn encode(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for heavy in &self.cached {
            bytes.push(u8::try_from(heavy.prefix.len()).unwrap_or(0));
            bytes.extend_from_slice(&heavy.prefix);
            bytes.extend(heavy.offset.to_le_bytes());
            bytes.extend(heavy.len.to_le_bytes());
            bytes.extend(heavy.doc_freq.to_le_bytes());
        }
        bytes
    }

    fn close_prefixes(&mut self, kept: usize) -> Vec<(Vec<u8>, BitSet)> {
        let worth = (self.max_doc / 2).max(MIN_CACHED_COST);
        let closed = self.open.drain(kept..).rev();
        let worthy = closed.filter(|open| open.term_count > 1 && open.cost > worth);
        worthy.map(|open| (open.prefix, open.docs.into_bitset(self.max_doc))).collect()
    }
}

/// The sums that `bytes` note; `None` if they are no such notes.
pub(super) fn decode_cached_prefixes(mut bytes: &[u8]) -> Option<Vec<CachedPrefix>> {
    let mut all = Vec::new();
    while let Some((len, rest)) = bytes.split_first() {
        let (prefix, rest) = rest.split_at_checked(usize::from(*len))?;
        let (at, rest) = rest.split_first_chunk()?;
        let (len, rest) = rest.split_first_chunk()?;
        let (count, rest) = rest.split_first_chunk()?;
        let (at, len, count) =
            (u64::from_le_bytes(*at), u32::from_le_bytes(*len), u32::from_le_bytes(*count));
        all.push(CachedPrefix { prefix: prefix.to_vec(), offset: at, len, doc_freq: count });
        bytes = rest;
    }
    Some(all)
}
