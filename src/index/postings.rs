//! Encoding of posting lists: the ascending ids of the documents that have a term.
//!
//! A term that more than one document in 16 has is stored as a bit set. Other lists are stored as
//! the differences between consecutive ids: in blocks of 128 ids, each with as many bits per id as
//! its largest difference needs, and the remaining ids as [varints](super::varint).

use bitpacking::{BitPacker, BitPacker4x};

use super::{BitSet, varint};

/// Number of ids in a packed block.
const BLOCK_DOCS: usize = BitPacker4x::BLOCK_LEN;

/// A list is stored as a bit set if more than one document in this number has the term.
const DENSE_RATIO: u32 = 16;

/// Longest list that is never stored as a bit set.
const MAX_ALWAYS_PACKED: u32 = 64;

/// Returns true if a list of this length is stored as a bit set.
fn is_dense(doc_freq: u32, max_doc: u32) -> bool {
    doc_freq > MAX_ALWAYS_PACKED && doc_freq > max_doc / DENSE_RATIO
}

/// Appends the ascending `list` of documents of a segment with `max_doc` documents.
pub(super) fn encode_postings(list: &[u32], max_doc: u32, out: &mut Vec<u8>) {
    if is_dense(u32::try_from(list.len()).unwrap_or(u32::MAX), max_doc) {
        let mut bits = BitSet::empty(max_doc);
        for doc in list {
            bits.insert(*doc);
        }
        out.extend(bits.to_bytes());
        return;
    }
    let packer = BitPacker4x::new();
    let mut buffer = [0; BLOCK_DOCS * 4];
    let mut previous = 0;
    let blocks = list.chunks_exact(BLOCK_DOCS);
    let remainder = blocks.remainder();
    for block in blocks {
        let bits = packer.num_bits_sorted(previous, block);
        let packed_len = packer.compress_sorted(previous, block, &mut buffer, bits);
        out.push(bits);
        out.extend_from_slice(&buffer[..packed_len]);
        previous = block[BLOCK_DOCS - 1];
    }
    for doc in remainder {
        varint::encode(doc - previous, out);
        previous = *doc;
    }
}

/// Appends the set bits in the form that [`decode_into_bitset`] reads, and returns their number.
pub(super) fn encode_bitset(bits: &BitSet, out: &mut Vec<u8>) -> u32 {
    let doc_freq = bits.count();
    if is_dense(doc_freq, bits.capacity()) {
        out.extend(bits.to_bytes());
    } else {
        let mut list: Vec<u32> = bits.iter_descending().collect();
        list.reverse();
        encode_postings(&list, bits.capacity(), out);
    }
    doc_freq
}

/// Adds the `doc_freq` documents at the start of `bytes` to `bits` and removes those bytes. Returns
/// `None` if the encoding is invalid.
pub(super) fn decode_into_bitset(
    bytes: &mut &[u8],
    doc_freq: u32,
    bits: &mut BitSet,
) -> Option<()> {
    if is_dense(doc_freq, bits.capacity()) {
        let (dense, rest) = bytes.split_at_checked(bitset_byte_len(bits.capacity()))?;
        bits.or_bytes(dense);
        *bytes = rest;
        return Some(());
    }
    let max_doc = bits.capacity();
    decode_postings(bytes, doc_freq, max_doc, |doc| bits.insert(doc))
}

/// Calls `visit` with each of the `doc_freq` documents at the start of `bytes` and removes those
/// bytes. Returns `None` if the encoding is invalid for a segment with `max_doc` documents.
pub(super) fn decode_postings(
    bytes: &mut &[u8],
    doc_freq: u32,
    max_doc: u32,
    mut visit: impl FnMut(u32),
) -> Option<()> {
    if is_dense(doc_freq, max_doc) {
        let (dense, rest) = bytes.split_at_checked(bitset_byte_len(max_doc))?;
        *bytes = rest;
        for (word, base) in dense.chunks_exact(8).zip((0..).step_by(64)) {
            let mut word = u64::from_le_bytes(word.try_into().expect("eight bytes at a time"));
            while word != 0 {
                let doc = base + word.trailing_zeros();
                word &= word - 1;
                (doc < max_doc).then(|| visit(doc))?;
            }
        }
        return Some(());
    }
    let packer = BitPacker4x::new();
    let mut block = [0; BLOCK_DOCS];
    let (mut previous, mut remaining) = (0_u32, doc_freq as usize);
    while remaining >= BLOCK_DOCS {
        let (bits, rest) = bytes.split_first().filter(|(bits, _)| **bits <= 32)?;
        let (block_bytes, rest) = rest.split_at_checked(BLOCK_DOCS / 8 * usize::from(*bits))?;
        packer.decompress_sorted(previous, block_bytes, &mut block, *bits);
        *bytes = rest;
        previous = block[BLOCK_DOCS - 1];
        remaining -= BLOCK_DOCS;
        for doc in block {
            (doc < max_doc).then(|| visit(doc))?;
        }
    }
    for _ in 0..remaining {
        previous = previous.checked_add(varint::decode(bytes)?).filter(|doc| *doc < max_doc)?;
        visit(previous);
    }
    Some(())
}

fn bitset_byte_len(max_doc: u32) -> usize {
    max_doc.div_ceil(64) as usize * 8
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn postings_round_trip(
            lists in prop::collection::vec(prop::collection::btree_set(0_u32..5000, 1..900), 1..4),
            max_doc in 5000_u32..20_000,
        ) {
            let mut bytes = Vec::new();
            for list in &lists {
                encode_postings(&list.iter().copied().collect::<Vec<_>>(), max_doc, &mut bytes);
            }
            let mut rest = bytes.as_slice();
            for list in &lists {
                let mut bits = BitSet::empty(max_doc);
                let before = rest;
                let count = u32::try_from(list.len()).unwrap();
                decode_into_bitset(&mut rest, count, &mut bits).unwrap();
                prop_assert_eq!(bits.iter_descending().collect::<Vec<_>>(), list.iter().rev().copied().collect::<Vec<_>>());
                let (mut again, mut same) = (before, Vec::new());
                decode_postings(&mut again, count, max_doc, |doc| same.push(doc)).unwrap();
                prop_assert_eq!(same, list.iter().copied().collect::<Vec<_>>());
                let mut encoded = Vec::new();
                prop_assert_eq!(encode_bitset(&bits, &mut encoded), count);
                prop_assert_eq!(&before[..encoded.len()], &encoded);
            }
            prop_assert!(rest.is_empty());
        }

        #[test]
        fn postings_decode_never_panics_on_any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600), count in 0_u32..400, max_doc in 1_u32..3000) {
            let _ = decode_into_bitset(&mut bytes.as_slice(), count, &mut BitSet::empty(max_doc));
            let _ = decode_postings(&mut bytes.as_slice(), count, max_doc, |_| {});
        }
    }
}
