//! Lists of articles, rising: which articles have a word.
//!
//! A word in more than one article of sixteen has a bit per article; another the differences between its articles, 128
//! at a time in as many bits as the largest of them needs, the rest as [varints](super::varint).

use bitpacking::{BitPacker, BitPacker4x};

use super::{BitSet, varint};

/// Numbers in a packed group.
const BLOCK_DOCS: usize = BitPacker4x::BLOCK_LEN;

/// A word in more than one article out of so many has a bit per article.
const DENSE_RATIO: u32 = 16;

/// Fewer articles are never worth a bit per article.
const MAX_ALWAYS_PACKED: u32 = 64;

fn is_dense(count: u32, articles: u32) -> bool {
    count > MAX_ALWAYS_PACKED && count > articles / DENSE_RATIO
}

/// Appends the rising `list` of a segment of so many articles.
pub(super) fn encode_postings(list: &[u32], articles: u32, out: &mut Vec<u8>) {
    if is_dense(u32::try_from(list.len()).unwrap_or(u32::MAX), articles) {
        let mut bits = BitSet::empty(articles);
        for article in list {
            bits.insert(*article);
        }
        out.extend(bits.to_bytes());
        return;
    }
    let packer = BitPacker4x::new();
    let mut room = [0; BLOCK_DOCS * 4];
    let mut before = 0;
    let groups = list.chunks_exact(BLOCK_DOCS);
    let rest = groups.remainder();
    for group in groups {
        let bits = packer.num_bits_sorted(before, group);
        let bytes = packer.compress_sorted(before, group, &mut room, bits);
        out.push(bits);
        out.extend_from_slice(&room[..bytes]);
        before = group[BLOCK_DOCS - 1];
    }
    for article in rest {
        varint::encode(article - before, out);
        before = *article;
    }
}

/// Appends the bits that are set, as a list that [`decode_into_bitset`] reads.
pub(super) fn encode_bitset(bits: &BitSet, out: &mut Vec<u8>) -> u32 {
    let count = bits.count();
    if is_dense(count, bits.capacity()) {
        out.extend(bits.to_bytes());
    } else {
        let mut list: Vec<u32> = bits.iter_descending().collect();
        list.reverse();
        encode_postings(&list, bits.capacity(), out);
    }
    count
}

/// Adds the `count` articles that `bytes` begin with to `bits`, and takes the bytes; `None` if they are no such list.
pub(super) fn decode_into_bitset(bytes: &mut &[u8], count: u32, bits: &mut BitSet) -> Option<()> {
    if is_dense(count, bits.capacity()) {
        let (dense, rest) = bytes.split_at_checked(bitset_byte_len(bits.capacity()))?;
        bits.or_bytes(dense);
        *bytes = rest;
        return Some(());
    }
    let articles = bits.capacity();
    decode_postings(bytes, count, articles, |article| bits.insert(article))
}

/// Calls `take` with the `count` articles that `bytes` begin with, of a segment of so many; `None` if they are no such
/// list.
pub(super) fn decode_postings(
    bytes: &mut &[u8],
    count: u32,
    articles: u32,
    mut take: impl FnMut(u32),
) -> Option<()> {
    if is_dense(count, articles) {
        let (dense, rest) = bytes.split_at_checked(bitset_byte_len(articles))?;
        *bytes = rest;
        for (word, base) in dense.chunks_exact(8).zip((0..).step_by(64)) {
            let mut word = u64::from_le_bytes(word.try_into().expect("eight bytes at a time"));
            while word != 0 {
                let article = base + word.trailing_zeros();
                word &= word - 1;
                (article < articles).then(|| take(article))?;
            }
        }
        return Some(());
    }
    let packer = BitPacker4x::new();
    let mut group = [0; BLOCK_DOCS];
    let (mut before, mut left) = (0_u32, count as usize);
    while left >= BLOCK_DOCS {
        let (bits, rest) = bytes.split_first().filter(|(bits, _)| **bits <= 32)?;
        let (group_bytes, rest) = rest.split_at_checked(BLOCK_DOCS / 8 * usize::from(*bits))?;
        packer.decompress_sorted(before, group_bytes, &mut group, *bits);
        *bytes = rest;
        before = group[BLOCK_DOCS - 1];
        left -= BLOCK_DOCS;
        for article in group {
            (article < articles).then(|| take(article))?;
        }
    }
    for _ in 0..left {
        before =
            before.checked_add(varint::decode(bytes)?).filter(|article| *article < articles)?;
        take(before);
    }
    Some(())
}

fn bitset_byte_len(articles: u32) -> usize {
    articles.div_ceil(64) as usize * 8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn postings_round_trip(
            lists in prop::collection::vec(prop::collection::btree_set(0_u32..5000, 1..900), 1..4),
            articles in 5000_u32..20_000,
        ) {
            let mut bytes = Vec::new();
            for list in &lists {
                encode_postings(&list.iter().copied().collect::<Vec<_>>(), articles, &mut bytes);
            }
            let mut rest = bytes.as_slice();
            for list in &lists {
                let mut bits = BitSet::empty(articles);
                let before = rest;
                let count = u32::try_from(list.len()).unwrap();
                decode_into_bitset(&mut rest, count, &mut bits).unwrap();
                prop_assert_eq!(bits.iter_descending().collect::<Vec<_>>(), list.iter().rev().copied().collect::<Vec<_>>());
                let (mut again, mut same) = (before, Vec::new());
                decode_postings(&mut again, count, articles, |article| same.push(article)).unwrap();
                prop_assert_eq!(same, list.iter().copied().collect::<Vec<_>>());
                let mut encoded = Vec::new();
                prop_assert_eq!(encode_bitset(&bits, &mut encoded), count);
                prop_assert_eq!(&before[..encoded.len()], &encoded);
            }
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn postings_decode_never_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600), count in 0_u32..400, articles in 1_u32..3000) {
            let _ = decode_into_bitset(&mut bytes.as_slice(), count, &mut BitSet::empty(articles));
            let _ = decode_postings(&mut bytes.as_slice(), count, articles, |_| {});
        }
    }
}
