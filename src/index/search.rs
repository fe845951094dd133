//! A question to all segments, being answered: what is found at once, and what texts have yet to tell.

use super::{
    BitSet, HitStatistics, IndexError, Segment,
    evaluate::Evaluation,
    index_query::{Part, PhraseQuery},
    phrase_matcher::{PhraseMatcher, title_of_text},
    segment::term_key::{DAY_ONLY_ATTRIBUTE, TermField},
};
use crate::{model::EntryId, query::Predicate};

/// When an entry was published, and its number: what lists are sorted by.
pub type SortKey = (i64, EntryId);

/// The ends of neighbouring stretches of time, rising, in seconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HistogramBounds {
    /// For articles of which the instant is known.
    pub instants: Vec<i64>,
    /// For those of which only the day is.
    pub days: Vec<i64>,
}

/// Bytes between two texts that are read with them: one more call would cost as much.
const MAX_READ_GAP: u64 = 2 * 1024;

/// Texts that are read together at the most.
const MAX_TEXTS_PER_READ: usize = 64;

/// An article that may be a hit: its segment among those that are searched, and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SearchCandidate {
    segment: usize,
    doc: u32,
}

/// A question being answered.
#[derive(Debug)]
pub struct IndexSearch<'i> {
    segments: Vec<SegmentSearch<'i>>,
}

/// What is found in one segment.
#[derive(Debug)]
pub(super) struct SegmentSearch<'i> {
    segment: &'i Segment,
    evaluation: Evaluation,
    hits: BitSet,
    /// Articles that may be hits; their texts tell.
    candidates: BitSet,
}

impl<'i> SegmentSearch<'i> {
    pub(super) fn new(segment: &'i Segment, known: Evaluation, dead: &BitSet) -> SegmentSearch<'i> {
        let articles = segment.max_doc();
        let mut hits = known.lower_bound(articles);
        hits.and_not(dead);
        let mut open = match &known {
            Evaluation::Exact(_) => BitSet::empty(articles),
            known => known.upper_bound(articles),
        };
        open.and_not(&hits);
        open.and_not(dead);
        SegmentSearch { segment, evaluation: known, hits, candidates: open }
    }

    /// Whether each of `articles`, the newest first, is a hit.
    fn verify_candidates(
        &self,
        articles: &[SearchCandidate],
        outside: &mut dyn FnMut(EntryId, &Predicate) -> bool,
        hits: &mut Vec<bool>,
    ) -> Result<(), IndexError> {
        let starts = self.segment.all_text_offsets()?;
        let place =
            |open: &SearchCandidate| starts[open.doc as usize]..starts[open.doc as usize + 1];
        let is_near = |newer: &SearchCandidate, older: &SearchCandidate| {
            place(newer).start.saturating_sub(place(older).end) <= MAX_READ_GAP
        };
        let mut texts = Vec::new();
        // What lies close together is read at once, but not without end.
        for span in
            articles.chunks(MAX_TEXTS_PER_READ).flat_map(|articles| articles.chunk_by(is_near))
        {
            let base = place(&span[span.len() - 1]).start;
            self.segment.read_texts(base, place(&span[0]).end, &mut texts)?;
            for open in span {
                let at =
                    |start: u64| usize::try_from(start.saturating_sub(base)).unwrap_or(usize::MAX);
                let place = place(open);
                let text = texts.get(at(place.start)..at(place.end)).unwrap_or_default();
                let id = self.segment.entry_id(open.doc);
                hits.push(self.evaluation.matches(open.doc, text, &mut |test| outside(id, test)));
            }
        }
        Ok(())
    }

    fn sort_key(&self, article: u32) -> SortKey {
        (self.segment.published(article), self.segment.entry_id(article))
    }
}

impl<'i> IndexSearch<'i> {
    pub(super) fn new(found: Vec<SegmentSearch<'i>>) -> IndexSearch<'i> {
        IndexSearch { segments: found }
    }

    /// Whether texts have nothing more to tell.
    pub fn is_verified(&self) -> bool {
        self.segments.iter().all(|found| found.candidates.is_empty())
    }

    /// Looks at so many texts, the newest of each segment first. `outside` tells whether a test holds of an entry, where
    /// the index does not.
    pub fn verify_newest(
        &mut self,
        texts: usize,
        outside: &mut dyn FnMut(EntryId, &Predicate) -> bool,
    ) -> Result<(), IndexError> {
        let open = self.candidates(texts);
        let hits = self.verify_candidates(&open, outside)?;
        self.apply_verdicts(&open, &hits);
        Ok(())
    }

    /// So many articles that only their texts can decide, the newest of each segment first.
    pub fn candidates(&self, most: usize) -> Vec<SearchCandidate> {
        let of_segment = |(found, segment): (&SegmentSearch<'i>, usize)| -> Vec<SearchCandidate> {
            found
                .candidates
                .iter_descending()
                .take(most)
                .map(|article| SearchCandidate { segment, doc: article })
                .collect()
        };
        self.segments.iter().zip(0..).flat_map(of_segment).take(most).collect()
    }

    /// Whether each of some articles that [`IndexSearch::candidates`] gave, in its order, is a hit. This changes nothing: several
    /// may look at the same time.
    pub fn verify_candidates(
        &self,
        open: &[SearchCandidate],
        outside: &mut dyn FnMut(EntryId, &Predicate) -> bool,
    ) -> Result<Vec<bool>, IndexError> {
        let mut hits = Vec::with_capacity(open.len());
        for of_segment in open.chunk_by(|one, other| one.segment == other.segment) {
            self.segments[of_segment[0].segment]
                .verify_candidates(of_segment, outside, &mut hits)?;
        }
        Ok(hits)
    }

    /// Notes which of these articles are hits.
    pub fn apply_verdicts(&mut self, open: &[SearchCandidate], hits: &[bool]) {
        for (SearchCandidate { segment, doc: article }, hit) in open.iter().zip(hits) {
            self.segments[*segment].hits.set_to(*article, *hit);
            self.segments[*segment].candidates.set_to(*article, false);
        }
    }

    /// How many there are, of those that are known.
    pub fn hit_count(&self) -> usize {
        self.segments.iter().map(|found| found.hits.count() as usize).sum()
    }

    /// When the oldest and the newest of those that are known were published, in seconds since 1970.
    pub fn published_range(&self) -> Option<(i64, i64)> {
        let reaches = self.segments.iter().filter_map(|found| {
            let (oldest, newest) =
                (found.hits.lowest_bit()?, found.hits.highest_bit_below(u32::MAX)?);
            Some((found.segment.published(oldest), found.segment.published(newest)))
        });
        reaches.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)))
    }

    /// How many there are between neighbouring bounds, of those that are known.
    pub fn histogram(&self, bounds: &HistogramBounds) -> Result<Vec<u32>, IndexError> {
        let mut counts = vec![0; bounds.instants.len().saturating_sub(1)];
        for found in &self.segments {
            let mut of_days = BitSet::empty(found.segment.max_doc());
            found.segment.add_term_docs(TermField::Attribute, DAY_ONLY_ATTRIBUTE, &mut of_days)?;
            of_days.and(&found.hits);
            let mut exact = found.hits.clone();
            exact.and_not(&of_days);
            for (hits, bounds) in [(exact, &bounds.instants), (of_days, &bounds.days)] {
                let places: Vec<u32> =
                    bounds.iter().map(|bound| found.segment.first_doc_since(*bound)).collect();
                for (count, range) in counts.iter_mut().zip(places.windows(2)) {
                    *count += hits.count_in_range(range[0]..range[1]);
                }
            }
        }
        Ok(counts)
    }

    /// What the newest hits have to do with `phrases`, `most` of them at the most.
    pub fn collect_hit_statistics(
        &self,
        phrases: &[PhraseQuery],
        most: usize,
    ) -> Result<Vec<HitStatistics>, IndexError> {
        let mut newest: Vec<(SortKey, usize, u32)> = Vec::new();
        for (found, index) in self.segments.iter().zip(0..) {
            let hits = found.hits.iter_descending().take(most);
            newest.extend(hits.map(|article| (found.sort_key(article), index, article)));
        }
        newest.sort_unstable_by(|one, other| other.cmp(one));
        newest.truncate(most);
        let mut matchers = Vec::new();
        for found in &self.segments {
            let of_segment = phrases
                .iter()
                .map(|phrase| PhraseMatcher::new(found.segment, Part::Anywhere, phrase));
            matchers.push(of_segment.collect::<Result<Vec<_>, _>>()?);
        }
        let mut text = Vec::new();
        let weighed = newest.into_iter().map(|(rank, index, article)| {
            let segment = self.segments[index].segment;
            let starts = segment.text_offsets(article..article + 1)?;
            text.clear();
            segment.read_texts(starts[0], starts[1], &mut text)?;
            let count = |text: &[u8]| -> Vec<u32> {
                matchers[index]
                    .iter()
                    .map(|matcher| matcher.as_ref().map_or(0, |it| it.count_matches(text)))
                    .collect()
            };
            let in_title = count(title_of_text(&text)).iter().filter(|count| **count > 0).count();
            let words = text.iter().filter(|byte| **byte < 0x80).count();
            Ok(HitStatistics {
                sort_key: rank,
                title_matches: u32::try_from(in_title).unwrap_or(u32::MAX),
                phrase_freqs: count(&text),
                word_count: u32::try_from(words).unwrap_or(u32::MAX),
            })
        });
        weighed.collect()
    }

    /// The hits together with `others`, which are sorted, the newest first. While texts have yet to tell, those that are
    /// newer than the first open one: what comes later only follows them.
    pub fn merge_hits(&self, others: &[SortKey]) -> Vec<EntryId> {
        let open = self.segments.iter().filter_map(|found| {
            Some(found.sort_key(found.candidates.highest_bit_below(u32::MAX)?))
        });
        let open = open.max();
        let mut heads: Vec<MergeHead<'_>> = self
            .segments
            .iter()
            .map(MergeHead::from_segment)
            .chain([MergeHead::Unindexed(others)])
            .collect();
        let mut ids = Vec::with_capacity(self.hit_count() + others.len());
        loop {
            let ranks: Vec<Option<SortKey>> = heads.iter().map(MergeHead::peek_newest).collect();
            let newest = (0..heads.len()).max_by_key(|head| ranks[*head]);
            let Some(newest) = newest.filter(|newest| ranks[*newest].is_some()) else { break };
            let behind = (0..heads.len())
                .filter(|head| *head != newest)
                .filter_map(|head| ranks[head])
                .max();
            let before = ids.len();
            heads[newest].take_newer(behind.max(open), &mut ids);
            if ids.len() == before {
                break;
            }
        }
        ids
    }
}

/// A list, the newest first, from which the newest are taken.
enum MergeHead<'a> {
    /// The hits of a segment that are before an article.
    Segment(&'a SegmentSearch<'a>, u32),
    Unindexed(&'a [SortKey]),
}

impl<'a> MergeHead<'a> {
    fn from_segment(found: &'a SegmentSearch<'a>) -> MergeHead<'a> {
        MergeHead::Segment(found, found.segment.max_doc())
    }

    fn peek_newest(&self) -> Option<SortKey> {
        match self {
            MergeHead::Segment(found, end) => {
                found.hits.highest_bit_below(*end).map(|article| found.sort_key(article))
            }
            MergeHead::Unindexed(others) => others.first().copied(),
        }
    }

    /// Takes what is newer than `limit`.
    fn take_newer(&mut self, limit: Option<SortKey>, ids: &mut Vec<EntryId>) {
        match self {
            MergeHead::Segment(found, end) => {
                let start = found.segment.first_doc_after(limit);
                ids.extend(
                    found
                        .hits
                        .iter_descending_in(start..*end)
                        .map(|article| found.segment.entry_id(article)),
                );
                *end = start;
            }
            MergeHead::Unindexed(others) => {
                let newer = others.partition_point(|rank| Some(*rank) > limit);
                ids.extend(others[..newer].iter().map(|(_, id)| *id));
                *others = &others[newer..];
            }
        }
    }
}
