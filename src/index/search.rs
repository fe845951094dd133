//! A search over all segments: hits, and candidates whose texts have yet to be verified.

use super::{
    BitSet, HitStatistics, IndexError, Segment, SortKey,
    date_order::DateOrder,
    evaluate::Evaluation,
    hit_merge::{HitList, HitMerge},
    index_query::PhraseQuery,
    located_copies::LocatedCopies,
    locations::{EntryLocations, MAX_OPEN_SEGMENTS},
    phrase_matcher::PhraseMatcher,
    segment::term_key::{DAY_ONLY_ATTRIBUTE, TermField},
    stored_text::title_of_text,
};
use crate::{
    model::EntryId,
    query::{Field, Predicate},
};

/// The ascending bounds of the columns of a histogram, in seconds since 1970. Column `i` goes from
/// bound `i` to bound `i + 1`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistogramBounds {
    /// Bounds for documents whose exact publication time is known.
    pub instants: Vec<i64>,
    /// Bounds for documents of which only the day is known.
    pub days: Vec<i64>,
}

/// Maximum number of bytes between two texts that are read together: a separate read call would
/// cost about as much as reading them.
const MAX_READ_GAP: u64 = 2 * 1024;

/// Maximum number of texts that are read together, which bounds the buffer.
const MAX_TEXTS_PER_READ: usize = 64;

/// A document that may be a hit: the index of its segment in the search, and its document id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchCandidate {
    segment: usize,
    doc: u32,
}

/// The state of one search: the hits found so far and the candidates that are left.
#[derive(Debug)]
pub struct IndexSearch<'i> {
    locations: &'i EntryLocations,
    segments: Vec<SegmentSearch<'i>>,
    date_order: &'i DateOrder,
}

/// The state of a search in one segment.
#[derive(Debug)]
pub(super) struct SegmentSearch<'i> {
    /// The slot of the segment in the reader.
    slot: usize,
    segment: &'i Segment,
    /// The documents that are copies of others.
    copies: &'i BitSet,
    evaluation: Evaluation,
    hits: BitSet,
    /// Documents that may be hits and have not been verified.
    candidates: BitSet,
}

impl<'i> SegmentSearch<'i> {
    pub(super) fn new(
        slot: usize,
        (segment, copies): (&'i Segment, &'i BitSet),
        evaluation: Evaluation,
        deleted: &BitSet,
    ) -> SegmentSearch<'i> {
        let max_doc = segment.max_doc();
        let mut hits = evaluation.lower_bound(max_doc);
        hits.and_not(deleted);
        let mut candidates = match &evaluation {
            Evaluation::Exact(_) => BitSet::empty(max_doc),
            evaluation => evaluation.upper_bound(max_doc),
        };
        candidates.and_not(&hits);
        candidates.and_not(deleted);
        SegmentSearch { slot, segment, copies, evaluation, hits, candidates }
    }

    /// Appends the verdict on each of `candidates`, which are sorted newest first, to `verdicts`.
    fn verify_candidates(
        &self,
        candidates: &[SearchCandidate],
        post_filter: &mut dyn FnMut(EntryId, &Predicate) -> Option<bool>,
        verdicts: &mut Vec<Option<bool>>,
    ) -> Result<(), IndexError> {
        let offsets = self.segment.all_text_offsets()?;
        let text_range = |candidate: &SearchCandidate| {
            offsets[candidate.doc as usize]..offsets[candidate.doc as usize + 1]
        };
        let is_near = |newer: &SearchCandidate, older: &SearchCandidate| {
            text_range(newer).start.saturating_sub(text_range(older).end) <= MAX_READ_GAP
        };
        let mut buffer = Vec::new();
        // Texts that are close together are read with one call, but only so many at a time.
        let batches = candidates.chunks(MAX_TEXTS_PER_READ);
        for neighbors in batches.flat_map(|batch| batch.chunk_by(is_near)) {
            // Texts are stored oldest first and candidates are sorted newest first.
            let start = text_range(&neighbors[neighbors.len() - 1]).start;
            self.segment.read_texts(start, text_range(&neighbors[0]).end, &mut buffer)?;
            let to_position =
                |offset: u64| usize::try_from(offset.saturating_sub(start)).unwrap_or(usize::MAX);
            for candidate in neighbors {
                let range = text_range(candidate);
                let range = to_position(range.start)..to_position(range.end);
                let text = buffer.get(range).unwrap_or_default();
                let id = self.segment.entry_id(candidate.doc);
                let mut filter_entry = |predicate: &Predicate| post_filter(id, predicate);
                let (segment, doc) = (self.segment, candidate.doc);
                verdicts.push(self.evaluation.decide(segment, doc, text, &mut filter_entry));
            }
        }
        Ok(())
    }

    fn sort_key(&self, doc: u32) -> SortKey {
        (self.segment.published(doc), self.segment.entry_id(doc))
    }
}

impl<'i> IndexSearch<'i> {
    pub(super) fn new(
        locations: &'i EntryLocations,
        segments: Vec<SegmentSearch<'i>>,
        date_order: &'i DateOrder,
    ) -> IndexSearch<'i> {
        IndexSearch { locations, segments, date_order }
    }

    /// Returns true if no candidates are left, so that the hits are complete.
    pub fn is_verified(&self) -> bool {
        self.segments.iter().all(|search| search.candidates.is_empty())
    }

    /// Returns up to `limit` unverified documents, segment by segment, the newest of each segment
    /// first.
    pub fn candidates(&self, limit: usize) -> Vec<SearchCandidate> {
        let candidates = self.segments.iter().zip(0..).flat_map(|(search, segment)| {
            let docs = search.candidates.iter_descending();
            docs.map(move |doc| SearchCandidate { segment, doc })
        });
        candidates.take(limit).collect()
    }

    /// Returns whether each of `candidates` is a hit. `post_filter` decides predicates that need the
    /// entry itself; the verdict is `None` if it depends on one of which `post_filter` returns `None`.
    /// `candidates` must be in the order of [`IndexSearch::candidates`].
    ///
    /// The search is not changed, so several threads may verify candidates at the same time; the
    /// results go to [`IndexSearch::apply_verdicts`].
    pub fn verify_candidates(
        &self,
        candidates: &[SearchCandidate],
        post_filter: &mut dyn FnMut(EntryId, &Predicate) -> Option<bool>,
    ) -> Result<Vec<Option<bool>>, IndexError> {
        let mut verdicts = Vec::with_capacity(candidates.len());
        for of_segment in candidates.chunk_by(|one, other| one.segment == other.segment) {
            self.segments[of_segment[0].segment].verify_candidates(
                of_segment,
                post_filter,
                &mut verdicts,
            )?;
        }
        Ok(verdicts)
    }

    /// Moves `candidates` whose verdict is true to the hits and discards those whose verdict is false.
    /// The others stay candidates.
    pub fn apply_verdicts(&mut self, candidates: &[SearchCandidate], verdicts: &[Option<bool>]) {
        for (SearchCandidate { segment, doc }, verdict) in candidates.iter().zip(verdicts) {
            if let Some(is_hit) = verdict {
                self.segments[*segment].hits.set_to(*doc, *is_hit);
                self.segments[*segment].candidates.set_to(*doc, false);
            }
        }
    }

    /// Removes from the hits found so far each of `copies` whose first entry is a hit as well. They have been
    /// located in the same reader as it is now.
    pub fn discard_represented(&mut self, copies: &LocatedCopies) {
        let mut index_by_slot = [None; MAX_OPEN_SEGMENTS];
        for (search, index) in self.segments.iter().zip(0_usize..) {
            index_by_slot[search.slot] = Some(index);
        }
        for ((copy_slot, copy_doc), (first_slot, first_doc)) in copies.iter() {
            let (Some(copy_at), Some(first_at)) =
                (index_by_slot[copy_slot], index_by_slot[first_slot])
            else {
                continue;
            };
            let is_hit = |at: usize, doc| self.segments[at].hits.get(doc);
            if is_hit(copy_at, copy_doc) && is_hit(first_at, first_doc) {
                self.segments[copy_at].hits.set_to(copy_doc, false);
            }
        }
    }

    /// Returns the hits found so far that are copies of others.
    pub fn copy_hits(&self) -> Vec<EntryId> {
        let of_segment = |search: &SegmentSearch<'_>| {
            let mut copies = search.hits.clone();
            copies.and(search.copies);
            let ids = copies.iter_descending().map(|doc| search.segment.entry_id(doc));
            ids.collect::<Vec<EntryId>>()
        };
        self.segments.iter().flat_map(of_segment).collect()
    }

    /// Returns true if an entry is one of the hits found so far.
    pub fn is_hit(&self, id: EntryId) -> bool {
        self.locate(id).is_some_and(|(at, doc)| self.segments[at].hits.get(doc))
    }

    /// Removes entries from the hits.
    pub fn discard_hits(&mut self, ids: impl IntoIterator<Item = EntryId>) {
        for id in ids {
            if let Some((at, doc)) = self.locate(id) {
                self.segments[at].hits.set_to(doc, false);
            }
        }
    }

    /// Returns the index of the segment that contains an entry, and the document id there.
    fn locate(&self, id: EntryId) -> Option<(usize, u32)> {
        let (slot, doc) = self.locations.get(id)?;
        let at = self.segments.iter().position(|search| search.slot == slot)?;
        // The recorded segment may be closed by now, and its slot in use by another segment.
        let ids = self.segments[at].segment.entry_ids();
        (ids.get(doc as usize) == Some(&id.0)).then_some((at, doc))
    }

    /// Returns the number of candidates that are left.
    pub fn candidate_count(&self) -> usize {
        self.segments.iter().map(|search| search.candidates.count() as usize).sum()
    }

    /// Returns the number of hits found so far.
    pub fn hit_count(&self) -> usize {
        self.segments.iter().map(|search| search.hits.count() as usize).sum()
    }

    /// Returns the publication times of the oldest and the newest hit found so far, in seconds
    /// since 1970.
    pub fn published_range(&self) -> Option<(i64, i64)> {
        let ranges = self.segments.iter().filter_map(|search| {
            let (oldest, newest) =
                (search.hits.lowest_bit()?, search.hits.highest_bit_below(u32::MAX)?);
            Some((search.segment.published(oldest), search.segment.published(newest)))
        });
        ranges.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// Returns the number of hits found so far in each column.
    pub fn histogram(&self, bounds: &HistogramBounds) -> Result<Vec<u32>, IndexError> {
        let mut counts = vec![0; bounds.instants.len().saturating_sub(1)];
        for search in &self.segments {
            let mut day_only = BitSet::empty(search.segment.max_doc());
            search.segment.add_term_docs(
                TermField::Attribute,
                DAY_ONLY_ATTRIBUTE,
                &mut day_only,
            )?;
            day_only.and(&search.hits);
            let mut timed = search.hits.clone();
            timed.and_not(&day_only);
            for (hits, bounds) in [(timed, &bounds.instants), (day_only, &bounds.days)] {
                let docs: Vec<u32> =
                    bounds.iter().map(|bound| search.segment.first_doc_since(*bound)).collect();
                for (count, range) in counts.iter_mut().zip(docs.windows(2)) {
                    *count += hits.count_in_range(range[0]..range[1]);
                }
            }
        }
        Ok(counts)
    }

    /// Returns the statistics of the `limit` newest hits, from which their relevance is computed.
    pub fn collect_hit_statistics(
        &self,
        phrases: &[PhraseQuery],
        limit: usize,
    ) -> Result<Vec<HitStatistics>, IndexError> {
        let mut matchers = Vec::new();
        for search in &self.segments {
            let of_segment = phrases
                .iter()
                .map(|phrase| PhraseMatcher::new(search.segment, Field::Anywhere, phrase));
            matchers.push(of_segment.collect::<Result<Vec<_>, _>>()?);
        }
        let mut text = Vec::new();
        let statistics = self.newest_hits(limit).into_iter().map(|(sort_key, index, doc)| {
            let segment = self.segments[index].segment;
            let offsets = segment.text_offsets(doc..doc + 1)?;
            text.clear();
            segment.read_texts(offsets[0], offsets[1], &mut text)?;
            Ok(hit_statistics(sort_key, &text, &matchers[index]))
        });
        statistics.collect()
    }

    /// Returns the sort key, segment index and document id of the `limit` newest hits.
    fn newest_hits(&self, limit: usize) -> Vec<(SortKey, usize, u32)> {
        let mut newest = Vec::new();
        for (search, index) in self.segments.iter().zip(0..) {
            let hits = search.hits.iter_descending().take(limit);
            newest.extend(hits.map(|doc| (search.sort_key(doc), index, doc)));
        }
        newest.sort_unstable_by(|one, other| other.cmp(one));
        newest.truncate(limit);
        newest
    }

    /// Returns the newest `limit` hits merged with `unindexed`, newest first; `unindexed` must be sorted
    /// newest first, and no candidates may be left.
    pub fn merge_newest_hits(&self, limit: usize, unindexed: &[SortKey]) -> Vec<EntryId> {
        let indexed = self.newest_hits(limit).into_iter().map(|(sort_key, ..)| sort_key);
        let mut newest: Vec<SortKey> =
            indexed.chain(unindexed.iter().copied().take(limit)).collect();
        newest.sort_unstable_by(|one, other| other.cmp(one));
        newest.truncate(limit);
        newest.into_iter().map(|(_, id)| id).collect()
    }

    /// Returns the hits merged with `unindexed`, newest first; `unindexed` must be sorted newest
    /// first.
    ///
    /// While candidates are left, only entries newer than the newest candidate are returned.
    /// Entries found later are then appended and never inserted.
    pub fn merge_hits(&self, unindexed: &[SortKey]) -> Vec<EntryId> {
        let newest_candidates = self.segments.iter().filter_map(|search| {
            Some(search.sort_key(search.candidates.highest_bit_below(u32::MAX)?))
        });
        let limit = newest_candidates.max();
        let hit_count = self.hit_count();
        let capacity = hit_count + unindexed.len();
        if self.date_order.is_faster_for(hit_count) {
            let hits = self.segments.iter().map(|search| (search.segment, &search.hits));
            let hits: Vec<(&Segment, &BitSet)> = hits.collect();
            return self.date_order.merge_newer_than(limit, &hits, unindexed, capacity);
        }
        let in_segments = self.segments.iter().map(|search| HitList::Segment {
            segment: search.segment,
            hits: &search.hits,
            end: u32::MAX,
        });
        let lists = in_segments.chain([HitList::Unindexed(unindexed)]).collect();
        HitMerge::new(lists, capacity).merge_newer_than(limit)
    }
}

/// Counts the occurrences of phrases in a stored text. A matcher is `None` if its phrase cannot
/// occur in the segment.
fn hit_statistics(
    sort_key: SortKey,
    text: &[u8],
    matchers: &[Option<PhraseMatcher>],
) -> HitStatistics {
    let count_matches = |text: &[u8]| -> Vec<u32> {
        let counts = matchers
            .iter()
            .map(|matcher| matcher.as_ref().map_or(0, |matcher| matcher.count_matches(text)));
        counts.collect()
    };
    let title_freqs = count_matches(title_of_text(text));
    let title_matches = title_freqs.iter().filter(|freq| **freq > 0).count();
    // Each term id ends with its only byte below 0x80.
    let term_ids = text.iter().filter(|byte| **byte < 0x80).count();
    HitStatistics {
        sort_key,
        title_matches: u32::try_from(title_matches).unwrap_or(u32::MAX),
        phrase_freqs: count_matches(text),
        word_count: u32::try_from(term_ids).unwrap_or(u32::MAX),
    }
}
