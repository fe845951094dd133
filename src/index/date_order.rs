//! The order of all documents by date, for segments whose dates interleave.

use super::{BitSet, Segment, SortKey};
use crate::model::EntryId;

/// Maximum number of documents that are ordered, each in four bytes. Larger libraries have been merged to
/// few segments.
const MAX_DOCS: usize = 1 << 18;

/// Number of bits of a document id in a [`DateOrder`]; the segment is above them.
const DOC_BITS: u32 = 24;

/// Number of successive documents of one segment from which on merging the hits of segments takes less
/// time: see `HitMerge`.
const LONG_RUN: usize = 16;

/// Proportion of the documents that must be hits: of fewer, it takes less time to merge them.
const MAX_DOCS_PER_HIT: usize = 8;

/// The documents of all segments, newest first.
///
/// A folder that is indexed for the first time makes segments whose dates interleave. Of 100,000 articles
/// in a dozen of them, merging the hits of a letter took milliseconds, for every key.
#[derive(Debug, Default)]
pub(super) struct DateOrder {
    /// Index of the segment and document id, packed; empty if merging is as fast.
    docs: Vec<u32>,
}

impl DateOrder {
    /// Orders the documents of `segments`; the order is empty if they are too many, or the dates of the
    /// segments follow each other.
    pub(super) fn new(segments: &[&Segment]) -> DateOrder {
        let count: usize = segments.iter().map(|segment| segment.max_doc() as usize).sum();
        if segments.len() < 2 || count > MAX_DOCS {
            return DateOrder::default();
        }
        let mut keys: Vec<(SortKey, u32)> = Vec::with_capacity(count);
        for (segment, index) in segments.iter().zip(0..) {
            let sort_key = |doc: u32| (segment.published(doc), segment.entry_id(doc));
            let docs = (0..segment.max_doc()).rev();
            keys.extend(docs.map(|doc| (sort_key(doc), index << DOC_BITS | doc)));
        }
        // The stable sort merges what is sorted already.
        keys.sort_by(|(one, _), (other, _)| other.cmp(one));
        let docs: Vec<u32> = keys.into_iter().map(|(_, doc)| doc).collect();
        let run_count = docs.chunk_by(|doc, next| doc >> DOC_BITS == next >> DOC_BITS).count();
        if run_count * LONG_RUN < docs.len() { DateOrder::default() } else { DateOrder { docs } }
    }

    /// Returns the memory in use, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        self.docs.len() * size_of::<u32>()
    }

    /// Returns whether merging so many hits takes longer than going through all documents.
    pub(super) fn is_faster_for(&self, hit_count: usize) -> bool {
        !self.docs.is_empty() && hit_count >= self.docs.len() / MAX_DOCS_PER_HIT
    }

    /// Returns the ids of the hits of the segments, merged with those of `unindexed`, which are sorted:
    /// all that are newer than `limit`, newest first.
    pub(super) fn merge_newer_than(
        &self,
        limit: Option<SortKey>,
        hits: &[(&Segment, &BitSet)],
        unindexed: &[SortKey],
        capacity: usize,
    ) -> Vec<EntryId> {
        let mut ids = Vec::with_capacity(capacity);
        let mut unindexed = unindexed.iter().copied().peekable();
        for packed in &self.docs {
            let (segment, bits) = hits[(packed >> DOC_BITS) as usize];
            let doc = packed & ((1 << DOC_BITS) - 1);
            if !bits.get(doc) {
                continue;
            }
            let id = segment.entry_id(doc);
            if limit.is_some() || unindexed.peek().is_some() {
                let sort_key = Some((segment.published(doc), id));
                let newer = |other: &SortKey| Some(*other) > sort_key.max(limit);
                ids.extend(std::iter::from_fn(|| unindexed.next_if(newer)).map(|(_, id)| id));
                if sort_key <= limit {
                    return ids;
                }
            }
            ids.push(id);
        }
        ids.extend(unindexed.take_while(|other| Some(*other) > limit).map(|(_, id)| id));
        ids
    }
}

#[cfg(test)]
mod tests {
    use super::{BitSet, DateOrder, Segment, SortKey};
    use crate::{
        index::{
            COMMON_WORD_MIN_DOCS, IndexDocument, SegmentBuilder, SegmentLocation,
            hit_merge::{HitList, HitMerge},
        },
        model::{EntryId, FeedId},
        query::{EntryAttributes, FoldedText},
    };

    /// Writes a segment of entries with these ids, each published at the second of its id by three.
    fn write_segment(folder: &std::path::Path, number: i64, ids: &[i64]) -> Segment {
        let mut builder = SegmentBuilder::default();
        for id in ids {
            builder.add_document(&IndexDocument {
                id: EntryId(*id),
                feed: FeedId(1),
                published: id / 3,
                day_only: false,
                arrived: 0,
                text: FoldedText::new("A title", "", "", "", ""),
                attributes: EntryAttributes::default(),
            });
        }
        let location = SegmentLocation::new(folder, number, Some(number));
        builder.write_segment(&location, COMMON_WORD_MIN_DOCS, &mut || true).unwrap();
        Segment::open(&location).unwrap()
    }

    #[test]
    fn date_order_merges_hits_like_hit_merge() {
        let folder = tempfile::tempdir().unwrap();
        let of_segment = |number| (0..60).filter(move |id| id * id % 3 == number).collect();
        let ids: [Vec<i64>; 2] = [of_segment(0), of_segment(1)];
        let segments: Vec<Segment> =
            ids.iter().zip(1..).map(|(ids, n)| write_segment(folder.path(), n, ids)).collect();
        let segments: Vec<&Segment> = segments.iter().collect();
        let order = DateOrder::new(&segments);
        assert!(order.is_faster_for(60) && !order.is_faster_for(3));
        let every_nth = |segment: &Segment, n: u32| {
            let mut bits = BitSet::empty(segment.max_doc());
            (0..segment.max_doc()).filter(|doc| doc % n == 0).for_each(|doc| bits.insert(doc));
            bits
        };
        let unindexed: Vec<SortKey> = vec![(30, EntryId(90)), (7, EntryId(99)), (0, EntryId(0))];
        for (n, unindexed) in [(1, &unindexed[..]), (2, &unindexed[..]), (1, &[]), (7, &[])] {
            for limit in
                [None, Some((7, EntryId(22))), Some((0, EntryId(0))), Some((99, EntryId(1)))]
            {
                let bits: Vec<BitSet> =
                    segments.iter().map(|segment| every_nth(segment, n)).collect();
                let hits: Vec<(&Segment, &BitSet)> = segments.iter().copied().zip(&bits).collect();
                let lists = hits.iter().map(|(segment, hits)| HitList::Segment {
                    segment,
                    hits,
                    end: u32::MAX,
                });
                let lists = lists.chain([HitList::Unindexed(unindexed)]).collect();
                let merged = HitMerge::new(lists, 0).merge_newer_than(limit);
                assert_eq!(
                    order.merge_newer_than(limit, &hits, unindexed, 0),
                    merged,
                    "{n} {limit:?}"
                );
            }
        }
    }

    #[test]
    fn segments_that_follow_each_other_have_no_order() {
        let folder = tempfile::tempdir().unwrap();
        let ids: Vec<i64> = (0..200).collect();
        let segments = [&ids[..100], &ids[100..]];
        let segments: Vec<Segment> =
            segments.iter().zip(1..).map(|(ids, n)| write_segment(folder.path(), n, ids)).collect();
        let order = DateOrder::new(&segments.iter().collect::<Vec<_>>());
        assert_eq!(order.memory_usage(), 0);
    }
}
