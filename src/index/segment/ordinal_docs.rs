//! The documents of terms that are given by their ordinals.

use std::ops::Range;

use super::{
    format::TERM_INFO_BYTES,
    reader::{Segment, TermInfo},
    sequential_reader::SequentialReader,
};
use crate::index::{BitSet, IndexError, postings::decode_into_bitset};

/// Number of terms whose entries in the table are read together, about as many bytes as are read ahead.
const TERMS_PER_READ: u32 = 1 << 14;

/// Maximum number of terms between two that are wanted, for which reading the table on is faster than
/// reading twice.
const MAX_ORDINAL_GAP: u32 = 256;

impl Segment {
    /// Adds the documents of ordinals in ascending ranges to `bits`. The posting lists of neighbours are
    /// adjacent, so they are read in large blocks.
    pub(in crate::index) fn add_ordinal_docs(
        &self,
        ordinals: &[Range<u32>],
        bits: &mut BitSet,
    ) -> Result<(), IndexError> {
        let is_near = |range: &Range<u32>, next: &Range<u32>| {
            next.start.saturating_sub(range.end) <= MAX_ORDINAL_GAP
        };
        ordinals.chunk_by(is_near).try_for_each(|near| self.add_docs_of_near_ordinals(near, bits))
    }

    /// Adds the documents of ordinals whose ranges are near each other.
    fn add_docs_of_near_ordinals(
        &self,
        ranges: &[Range<u32>],
        bits: &mut BitSet,
    ) -> Result<(), IndexError> {
        let mut table = Vec::new();
        let mut postings = SequentialReader::new(&self.postings);
        for part in split_ranges(ranges, TERMS_PER_READ) {
            let (start, end) = (part[0].start, part[part.len() - 1].end);
            let offset = u64::from(start) * TERM_INFO_BYTES as u64;
            self.term_infos.read_range(
                offset,
                (end - start) as usize * TERM_INFO_BYTES,
                &mut table,
            )?;
            let infos = table.as_chunks::<TERM_INFO_BYTES>().0;
            let wanted = part.iter().flat_map(Range::clone);
            let terms: Vec<TermInfo> = wanted
                .map(|ordinal| TermInfo::decode(&infos[(ordinal - start) as usize]))
                .collect();
            self.add_listed_docs(&terms, &mut postings, bits)?;
        }
        Ok(())
    }

    /// Adds the documents of `terms`, whose posting lists are near each other.
    fn add_listed_docs(
        &self,
        terms: &[TermInfo],
        postings: &mut SequentialReader<'_>,
        bits: &mut BitSet,
    ) -> Result<(), IndexError> {
        let last_list = terms.iter().rev().find(|term| term.len > 0);
        let limit = last_list.map_or(0, |last| last.offset + u64::from(last.len));
        for term in terms {
            if let Some(doc) = term.inlined_doc() {
                bits.set_to(doc, true);
                continue;
            }
            let mut list = postings.read(term.offset, term.len as usize, limit)?;
            decode_into_bitset(&mut list, term.doc_freq, bits)
                .ok_or_else(|| self.postings.corrupt_error())?;
        }
        Ok(())
    }
}

/// Splits ascending ranges into parts, none of which spans more than `max_span` numbers.
fn split_ranges(ranges: &[Range<u32>], max_span: u32) -> Vec<Vec<Range<u32>>> {
    let mut parts: Vec<Vec<Range<u32>>> = Vec::new();
    let mut part_end = 0;
    for range in ranges {
        let mut start = range.start;
        while start < range.end {
            if parts.is_empty() || start >= part_end {
                part_end = start.saturating_add(max_span);
                parts.push(Vec::new());
            }
            let end = range.end.min(part_end);
            parts.last_mut().into_iter().for_each(|part| part.push(start..end));
            start = end;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::split_ranges;

    proptest! {
        #[test]
        fn parts_of_ranges_have_all_numbers_within_their_span(
            lengths in prop::collection::vec((0_u32..9, 0_u32..9), 0..12),
            max_span in 1_u32..12,
        ) {
            let mut start = 0;
            let ranges: Vec<_> = lengths.into_iter().map(|(gap, len)| {
                start += gap + len;
                start - len..start
            }).collect();
            let parts = split_ranges(&ranges, max_span);
            prop_assert!(parts.iter().all(|part| part[part.len() - 1].end - part[0].start <= max_span));
            let numbers: Vec<u32> = parts.into_iter().flatten().flatten().collect();
            prop_assert_eq!(numbers, ranges.into_iter().flatten().collect::<Vec<u32>>());
        }
    }
}
