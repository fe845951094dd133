//! All segments of a library together, and what has changed since they were written: who is deleted, read, starred.

use std::path::Path;

use super::{
    BitSet, IndexError, IndexQuery, Segment, Suggester,
    evaluate::{StateBitSets, evaluate_query},
    locations::EntryLocations,
    search::{IndexSearch, SegmentSearch},
};
use crate::model::{EntryId, EntryState};

/// A segment as the library lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentMeta {
    /// Its number: the name of its folder.
    pub number: i64,
    /// Which of its articles are deleted or written anew elsewhere, a bit each.
    pub deleted: Vec<u8>,
}

/// The segments of a library.
#[derive(Debug, Default)]
pub struct IndexReader {
    /// Each where it was put; none where one was that is no more.
    slots: Vec<Option<OpenSegment>>,
    /// Where those are that there are, the newest articles first.
    newest_first: Vec<usize>,
    locations: EntryLocations,
}

/// A segment, and what has changed since.
#[derive(Debug)]
struct OpenSegment {
    meta: SegmentMeta,
    segment: Segment,
    deleted: BitSet,
    states: StateBitSets,
}

/// So many segments are open at the most.
const MAX_OPEN_SEGMENTS: usize = 255;

/// The folder of a segment.
pub fn segment_folder(folder: &Path, number: i64) -> std::path::PathBuf {
    folder.join(format!("{number:08}"))
}

impl IndexReader {
    /// Opens the segments that the library lists and that are not open yet, and closes those that it does not list.
    ///
    /// `state` tells what the user said of an entry; of those that are open already, [`IndexReader::update_entry_state`] was told. What was
    /// [forgotten](IndexReader::delete_entries) must be again. Gives the segments that are broken, and why.
    pub fn reload(
        &mut self,
        folder: &Path,
        listed: &[SegmentMeta],
        state: &dyn Fn(i64) -> EntryState,
    ) -> Vec<(i64, IndexError)> {
        let is_listed =
            |piece: &OpenSegment| listed.iter().any(|listed| listed.number == piece.meta.number);
        for place in &mut self.slots {
            place.take_if(|piece| !is_listed(piece));
        }
        let mut broken = Vec::new();
        // What was written later has the newer articles: of one that is in two of them, that is where it is.
        for listed in listed {
            let known =
                self.slots.iter_mut().flatten().find(|piece| piece.meta.number == listed.number);
            match known.map(|piece| piece.update_deleted(listed)) {
                Some(()) => {}
                None => match Segment::open(&segment_folder(folder, listed.number)) {
                    Ok(segment) => {
                        self.insert_segment(OpenSegment::new(listed.clone(), segment, state));
                    }
                    Err(error) => broken.push((listed.number, error)),
                },
            }
        }
        self.newest_first = (0..self.slots.len()).filter(|at| self.slots[*at].is_some()).collect();
        self.newest_first.sort_by_key(|at| {
            std::cmp::Reverse(self.slots[*at].as_ref().and_then(OpenSegment::newest_published))
        });
        broken
    }

    fn insert_segment(&mut self, piece: OpenSegment) {
        let free = self.slots.iter().position(Option::is_none).unwrap_or(self.slots.len());
        if free < MAX_OPEN_SEGMENTS {
            self.locations.insert_segment(free, &piece.segment, &piece.deleted);
            self.slots.resize_with(self.slots.len().max(free + 1), || None);
            self.slots[free] = Some(piece);
        }
    }

    /// The segments, the newest articles first.
    fn segments_newest_first(&self) -> impl Iterator<Item = (usize, &OpenSegment)> {
        self.newest_first.iter().filter_map(|at| Some((*at, self.slots[*at].as_ref()?)))
    }

    /// Where an entry is: its piece, and the article there.
    fn locate_entry(&self, id: EntryId) -> Option<(usize, u32)> {
        let (at, article) = self.locations.get(id)?;
        let piece = self.slots.get(at)?.as_ref()?;
        // The place of an entry that is gone may be another's by now.
        (piece.segment.entry_ids().get(article as usize) == Some(&id.0)).then_some((at, article))
    }

    /// How many articles there are that are not deleted.
    pub fn num_docs(&self) -> usize {
        self.segments_newest_first()
            .map(|(_, piece)| (piece.segment.max_doc() - piece.deleted.count()) as usize)
            .sum()
    }

    /// Bytes of memory that it takes.
    pub fn memory_usage(&self) -> usize {
        let memory = |piece: &OpenSegment| {
            piece.segment.memory_usage() + piece.segment.max_doc() as usize * 3 / 8
        };
        self.segments_newest_first().map(|(_, piece)| memory(piece)).sum::<usize>()
            + self.locations.memory_usage()
    }

    /// Notes that an entry is read or starred, or no longer.
    pub fn update_entry_state(&mut self, id: EntryId, set: impl Fn(&mut EntryState)) {
        let Some((at, article)) = self.locate_entry(id) else { return };
        let Some(OpenSegment { states, .. }) = &mut self.slots[at] else { return };
        let mut state =
            EntryState { read: states.read.get(article), starred: states.starred.get(article) };
        set(&mut state);
        states.read.set_to(article, state.read);
        states.starred.set_to(article, state.starred);
    }

    /// Leaves entries out from now on: they are written anew elsewhere, or gone.
    pub fn delete_entries(&mut self, ids: impl IntoIterator<Item = EntryId>) {
        for id in ids {
            let Some((at, article)) = self.locate_entry(id) else { continue };
            if let Some(piece) = &mut self.slots[at] {
                piece.deleted.set_to(article, true);
            }
        }
    }

    /// Looks for words like one that is nowhere.
    pub fn scan_for_suggestions(&self, likely: &mut Suggester) -> Result<(), IndexError> {
        self.segments_newest_first().try_for_each(|(_, piece)| likely.scan_segment(&piece.segment))
    }

    /// What fulfils `condition`, as far as it is told without looking at texts.
    pub fn search(&self, condition: &IndexQuery) -> Result<IndexSearch<'_>, IndexError> {
        let mut found = Vec::with_capacity(self.newest_first.len());
        for (at, piece) in self.segments_newest_first() {
            let place = |id: &EntryId| {
                self.locate_entry(*id).filter(|(of, _)| *of == at).map(|(_, article)| article)
            };
            let known = evaluate_query(condition, &piece.segment, &piece.states, &place)?;
            found.push(SegmentSearch::new(&piece.segment, known, &piece.deleted));
        }
        Ok(IndexSearch::new(found))
    }
}

impl OpenSegment {
    fn new(
        listed: SegmentMeta,
        segment: Segment,
        state: &dyn Fn(i64) -> EntryState,
    ) -> OpenSegment {
        let articles = segment.max_doc();
        let mut states =
            StateBitSets { read: BitSet::empty(articles), starred: BitSet::empty(articles) };
        for (id, article) in segment.entry_ids().iter().zip(0..) {
            let state = state(*id);
            states.read.set_to(article, state.read);
            states.starred.set_to(article, state.starred);
        }
        OpenSegment {
            deleted: BitSet::from_bytes(articles, &listed.deleted),
            meta: listed,
            segment,
            states,
        }
    }

    /// Takes over who is dead by now.
    fn update_deleted(&mut self, listed: &SegmentMeta) {
        if self.meta != *listed {
            self.deleted = BitSet::from_bytes(self.segment.max_doc(), &listed.deleted);
            self.meta = listed.clone();
        }
    }

    fn newest_published(&self) -> Option<i64> {
        self.segment.max_doc().checked_sub(1).map(|last| self.segment.published(last))
    }
}
