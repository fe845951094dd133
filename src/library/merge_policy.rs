//! The merge policy of the search index: chooses which segments become one.
//!
//! Merging is tiered: [`SEGMENTS_PER_TIER`] segments of about the same size become one segment of
//! the next tier, so that each document is written again only as often as there are tiers.

use crate::store::SegmentRecord;

/// Number of segments in a tier from which they are merged into one of the next tier.
const SEGMENTS_PER_TIER: usize = 8;

/// Maximum number of segments in one merge, because the term dictionary of each is in memory.
const MAX_MERGED_SEGMENTS: usize = 16;

/// Number of documents below which a segment belongs to the smallest tier.
const SMALLEST_TIER_DOCUMENTS: u32 = 2048;

/// Selects the segments to merge: one whose documents are mostly deleted, or else those of the
/// smallest full tier.
pub(super) fn select_segments_to_merge(segments: Vec<SegmentRecord>) -> Vec<SegmentRecord> {
    if let Some(index) = segments.iter().position(is_mostly_deleted) {
        return segments.into_iter().skip(index).take(1).collect();
    }
    // No segment is above tier 7, because a document count has 32 bits.
    let full_tier = (0..=7).find(|tier| {
        segments.iter().filter(|record| size_tier(record) == *tier).count() >= SEGMENTS_PER_TIER
    });
    segments
        .into_iter()
        .filter(|record| Some(size_tier(record)) == full_tier)
        .take(MAX_MERGED_SEGMENTS)
        .collect()
}

/// Returns the tier of a segment by its number of documents: each tier is eight times as large as
/// the one before.
fn size_tier(record: &SegmentRecord) -> u32 {
    (record.doc_count / SMALLEST_TIER_DOCUMENTS).checked_ilog(8).map_or(0, |power| power + 1)
}

/// Returns true if more than half of the documents of a segment are deleted.
fn is_mostly_deleted(record: &SegmentRecord) -> bool {
    let deleted_count: u32 = record.tombstones.iter().map(|byte| byte.count_ones()).sum();
    deleted_count * 2 > record.doc_count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(number: i64, doc_count: u32, deleted: u32) -> SegmentRecord {
        let bytes = doc_count.div_ceil(8) as usize;
        let mut tombstones = vec![0; bytes];
        for doc in 0..deleted as usize {
            tombstones[doc / 8] |= 1 << (doc % 8);
        }
        SegmentRecord { number, id: None, doc_count, tombstones }
    }

    fn selected(segments: Vec<SegmentRecord>) -> Vec<i64> {
        select_segments_to_merge(segments).iter().map(|record| record.number).collect()
    }

    #[test]
    fn merge_policy_waits_for_a_full_tier() {
        let small = |count: i64| (0..count).map(|id| segment(id, 600, 0)).collect::<Vec<_>>();
        assert_eq!(selected(small(7)), [0; 0]);
        assert_eq!(selected(small(8)), (0..8).collect::<Vec<_>>());
        assert_eq!(selected(small(20)).len(), MAX_MERGED_SEGMENTS);
    }

    #[test]
    fn merge_policy_keeps_tiers_apart() {
        let mut segments: Vec<_> = (0..7).map(|id| segment(id, 600, 0)).collect();
        segments.extend((7..14).map(|id| segment(id, SMALLEST_TIER_DOCUMENTS, 0)));
        assert_eq!(selected(segments), [0; 0]);
    }

    #[test]
    fn merge_policy_rewrites_a_mostly_deleted_segment_first() {
        let segments = vec![segment(1, 600, 300), segment(2, 600, 301), segment(3, 600, 0)];
        assert_eq!(selected(segments), [2]);
    }
}
