//! Lists of articles, rising: which articles have a word.
//!
//! A word in more than one article of sixteen has a bit per article; another the differences between its articles, 128
//! at a time in as many bits as the largest of them needs, the rest as [varints](super::varint).

use bitpacking::{BitPacker, BitPacker4x};

use super::{Bits, varint};

/// Numbers in a packed group.
const GROUP: usize = BitPacker4x::BLOCK_LEN;

/// A word in more than one article out of so many has a bit per article.
const DENSE: u32 = 16;

/// Fewer articles are never worth a bit per article.
const FEW: u32 = 64;

fn is_dense(count: u32, articles: u32) -> bool {
    count > FEW && count > articles / DENSE
}

/// Appends the rising `list` of a segment of so many articles.
pub(super) fn encode(list: &[u32], articles: u32, out: &mut Vec<u8>) {
    if is_dense(u32::try_from(list.len()).unwrap_or(u32::MAX), articles) {
        let mut bits = Bits::none(articles);
        for article in list {
            bits.set(*article);
        }
        out.extend(bits.to_bytes());
        return;
    }
    let packer = BitPacker4x::new();
    let mut room = [0; GROUP * 4];
    let mut before = 0;
    let groups = list.chunks_exact(GROUP);
    let rest = groups.remainder();
    for group in groups {
        let bits = packer.num_bits_sorted(before, group);
        let bytes = packer.compress_sorted(before, group, &mut room, bits);
        out.push(bits);
        out.extend_from_slice(&room[..bytes]);
        before = group[GROUP - 1];
    }
    for article in rest {
        varint::put(article - before, out);
        before = *article;
    }
}

/// Appends the bits that are set, as a list that [`or_into`] reads.
pub(super) fn encode_bits(bits: &Bits, out: &mut Vec<u8>) -> u32 {
    let count = bits.count();
    if is_dense(count, bits.len()) {
        out.extend(bits.to_bytes());
    } else {
        let mut list: Vec<u32> = bits.highest_first().collect();
        list.reverse();
        encode(&list, bits.len(), out);
    }
    count
}

/// Adds the `count` articles that `bytes` begin with to `bits`, and takes the bytes; `None` if they are no such list.
pub(super) fn or_into(bytes: &mut &[u8], count: u32, bits: &mut Bits) -> Option<()> {
    if is_dense(count, bits.len()) {
        let (dense, rest) = bytes.split_at_checked(dense_bytes(bits.len()))?;
        bits.or_bytes(dense);
        *bytes = rest;
        return Some(());
    }
    let articles = bits.len();
    each(bytes, count, articles, |article| bits.set(article))
}

/// Calls `take` with the `count` articles that `bytes` begin with, of a segment of so many; `None` if they are no such
/// list.
pub(super) fn each(bytes: &mut &[u8], count: u32, articles: u32, mut take: impl FnMut(u32)) -> Option<()> {
    if is_dense(count, articles) {
        let (dense, rest) = bytes.split_at_checked(dense_bytes(articles))?;
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
    let mut group = [0; GROUP];
    let (mut before, mut left) = (0_u32, count as usize);
    while left >= GROUP {
        let (bits, rest) = bytes.split_first().filter(|(bits, _)| **bits <= 32)?;
        let (group_bytes, rest) = rest.split_at_checked(GROUP / 8 * usize::from(*bits))?;
        packer.decompress_sorted(before, group_bytes, &mut group, *bits);
        *bytes = rest;
        before = group[GROUP - 1];
        left -= GROUP;
        for article in group {
            (article < articles).then(|| take(article))?;
        }
    }
    for _ in 0..left {
        before = before.checked_add(varint::take(bytes)?).filter(|article| *article < articles)?;
        take(before);
    }
    Some(())
}

fn dense_bytes(articles: u32) -> usize {
    articles.div_ceil(64) as usize * 8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_encoded_is_read_again(
            lists in prop::collection::vec(prop::collection::btree_set(0_u32..5000, 1..900), 1..4),
            articles in 5000_u32..20_000,
        ) {
            let mut bytes = Vec::new();
            for list in &lists {
                encode(&list.iter().copied().collect::<Vec<_>>(), articles, &mut bytes);
            }
            let mut rest = bytes.as_slice();
            for list in &lists {
                let mut bits = Bits::none(articles);
                let before = rest;
                let count = u32::try_from(list.len()).unwrap();
                or_into(&mut rest, count, &mut bits).unwrap();
                prop_assert_eq!(bits.highest_first().collect::<Vec<_>>(), list.iter().rev().copied().collect::<Vec<_>>());
                let (mut again, mut same) = (before, Vec::new());
                each(&mut again, count, articles, |article| same.push(article)).unwrap();
                prop_assert_eq!(same, list.iter().copied().collect::<Vec<_>>());
                let mut encoded = Vec::new();
                prop_assert_eq!(encode_bits(&bits, &mut encoded), count);
                prop_assert_eq!(&before[..encoded.len()], &encoded);
            }
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn any_bytes_are_a_list_or_not(bytes in prop::collection::vec(any::<u8>(), 0..600), count in 0_u32..400, articles in 1_u32..3000) {
            let _ = or_into(&mut bytes.as_slice(), count, &mut Bits::none(articles));
            let _ = each(&mut bytes.as_slice(), count, articles, |_| {});
        }
    }
}
