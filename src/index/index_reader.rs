//! All open segments of the library with their deleted documents and entry states.

use std::{cmp::Reverse, path::Path};

use super::{
    BitSet, IndexError, IndexQuery, Segment, SegmentLocation, Suggester, TagWords,
    date_order::DateOrder,
    evaluate::{StateBitSets, evaluate_query},
    located_copies::LocatedCopies,
    locations::{EntryLocations, MAX_OPEN_SEGMENTS},
    search::{IndexSearch, SegmentSearch},
    tag_docs::TagDocs,
};
use crate::model::{EntryId, EntryState, TagId};

/// A segment as the library's index manifest lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SegmentMeta {
    /// Number of the segment, which names its folder.
    pub number: i64,
    /// Random id of the segment; `None` for a segment of an earlier version.
    pub id: Option<i64>,
    /// Bit set of the documents that were deleted or indexed again in a later segment; the form of
    /// [`BitSet::to_bytes`].
    pub deleted: Vec<u8>,
}

/// A searchable view of all segments.
#[derive(Debug, Default)]
pub struct IndexReader {
    /// Segment slots; `None` once a segment is closed. [`EntryLocations`] refers to slots by index.
    slots: Vec<Option<OpenSegment>>,
    /// Slots in use, sorted by the newest document, newest first.
    newest_first: Vec<usize>,
    /// The documents of the segments of `newest_first`, which it numbers.
    date_order: DateOrder,
    locations: EntryLocations,
}

/// An open segment and the data that change after it was written.
#[derive(Debug)]
struct OpenSegment {
    meta: SegmentMeta,
    segment: Segment,
    deleted: BitSet,
    states: StateBitSets,
}

impl IndexReader {
    /// Opens and closes segments so that exactly the segments in `listed` are open, and updates
    /// their deleted documents.
    ///
    /// `state` returns the state of an entry, and `tags` iterates over every tag of every entry; both
    /// are used only for newly opened segments, because [`IndexReader::update_entry_state`]
    /// and [`IndexReader::update_entry_tag`] keep the others up to date. Deletions made by
    /// [`IndexReader::delete_entries`] may be reverted and must be repeated afterwards.
    ///
    /// Returns the segments that cannot be opened, with the errors.
    pub fn reload(
        &mut self,
        folder: &Path,
        listed: &[SegmentMeta],
        state: &dyn Fn(i64) -> EntryState,
        tags: impl Iterator<Item = (TagId, EntryId)>,
    ) -> Vec<(i64, IndexError)> {
        let is_listed =
            |open: &OpenSegment| listed.iter().any(|meta| meta.number == open.meta.number);
        let mut has_closed = false;
        for slot in &mut self.slots {
            has_closed |= slot.take_if(|open| !is_listed(open)).is_some();
        }
        let (mut failed, mut has_opened) = (Vec::new(), false);
        // An entry may be in two segments; the later segment has the current version and is
        // inserted last, so `locations` points to it.
        for meta in listed {
            if let Some(open) = self.find_open_segment(meta.number) {
                open.update_deleted(meta);
                continue;
            }
            match Segment::open(&SegmentLocation::new(folder, meta.number, meta.id)) {
                Ok(segment) => {
                    has_opened = true;
                    self.insert_segment(OpenSegment::new(meta.clone(), segment, state));
                }
                Err(error) => failed.push((meta.number, error)),
            }
        }
        if has_opened {
            tags.for_each(|(tag, id)| self.update_entry_tag(id, tag, true));
        }
        if has_opened || has_closed {
            self.sort_slots();
        }
        failed
    }

    fn find_open_segment(&mut self, number: i64) -> Option<&mut OpenSegment> {
        self.slots.iter_mut().flatten().find(|open| open.meta.number == number)
    }

    fn sort_slots(&mut self) {
        let newest_published =
            |slot: &usize| self.slots[*slot].as_ref().and_then(OpenSegment::newest_published);
        let mut slots: Vec<usize> =
            (0..self.slots.len()).filter(|slot| self.slots[*slot].is_some()).collect();
        slots.sort_by_key(|slot| Reverse(newest_published(slot)));
        self.newest_first = slots;
        let segments: Vec<&Segment> =
            self.segments_newest_first().map(|(_, open)| &open.segment).collect();
        self.date_order = DateOrder::new(&segments);
    }

    /// Puts a segment into the first free slot. Drops the segment if all slots are in use.
    fn insert_segment(&mut self, open: OpenSegment) {
        let slot = self.slots.iter().position(Option::is_none).unwrap_or(self.slots.len());
        if slot < MAX_OPEN_SEGMENTS {
            self.locations.insert_segment(slot, &open.segment, &open.deleted);
            self.slots.resize_with(self.slots.len().max(slot + 1), || None);
            self.slots[slot] = Some(open);
        }
    }

    /// Iterates over the slots and open segments, sorted by the newest document, newest first.
    fn segments_newest_first(&self) -> impl Iterator<Item = (usize, &OpenSegment)> {
        self.newest_first.iter().filter_map(|slot| Some((*slot, self.slots[*slot].as_ref()?)))
    }

    /// Returns the slot of the segment that contains an entry, and the document id there.
    fn locate_entry(&self, id: EntryId) -> Option<(usize, u32)> {
        let (slot, doc) = self.locations.get(id)?;
        let open = self.slots.get(slot)?.as_ref()?;
        // The recorded segment may be closed by now, and its slot in use by another segment.
        (open.segment.entry_ids().get(doc as usize) == Some(&id.0)).then_some((slot, doc))
    }

    /// Returns true if a segment contains the entry and it is not deleted there.
    pub fn contains_entry(&self, id: EntryId) -> bool {
        self.locate_entry(id).is_some_and(|(slot, doc)| {
            self.slots[slot].as_ref().is_some_and(|open| !open.deleted.get(doc))
        })
    }

    /// Returns the numbers of the open segments, in the order of their slots.
    pub fn segment_numbers(&self) -> Vec<Option<i64>> {
        let number = |slot: &Option<OpenSegment>| slot.as_ref().map(|open| open.meta.number);
        self.slots.iter().map(number).collect()
    }

    /// Locates copies, each given with the first entry of its group; those of which one is not in the index
    /// are left out. The result is valid until the next [`IndexReader::reload`].
    pub fn locate_copies(&self, copies: impl Iterator<Item = (EntryId, EntryId)>) -> LocatedCopies {
        let locate_pair = |(copy, first): (EntryId, EntryId)| {
            Some((self.locate_entry(copy)?, self.locate_entry(first)?))
        };
        LocatedCopies::collect(copies.filter_map(locate_pair))
    }

    /// Returns the number of documents that are not deleted.
    pub fn num_docs(&self) -> usize {
        self.segments_newest_first()
            .map(|(_, open)| (open.segment.max_doc() - open.deleted.count()) as usize)
            .sum()
    }

    /// Returns the memory in use, in bytes.
    pub fn memory_usage(&self) -> usize {
        // Six bit sets per segment: one for the deleted documents and one for each state.
        let size_of_segment = |open: &OpenSegment| {
            let tags: usize = open.states.tags.values().map(TagDocs::memory_usage).sum();
            open.segment.memory_usage() + open.segment.max_doc() as usize * 6 / 8 + tags
        };
        let segments = self.segments_newest_first().map(|(_, open)| size_of_segment(open));
        segments.sum::<usize>() + self.locations.memory_usage() + self.date_order.memory_usage()
    }

    /// Changes the state of an entry with `set`. Does nothing if no segment
    /// contains the entry.
    pub fn update_entry_state(&mut self, id: EntryId, set: impl Fn(&mut EntryState)) {
        let Some((slot, doc)) = self.locate_entry(id) else { return };
        let Some(OpenSegment { states, .. }) = &mut self.slots[slot] else { return };
        let mut state = states.get(doc);
        set(&mut state);
        states.set(doc, state);
    }

    /// Puts a tag on an entry, or takes it off. Does nothing if no segment contains the entry.
    pub fn update_entry_tag(&mut self, id: EntryId, tag: TagId, is_set: bool) {
        let Some((slot, doc)) = self.locate_entry(id) else { return };
        let Some(OpenSegment { states, segment, .. }) = &mut self.slots[slot] else { return };
        states.set_tag((doc, segment.max_doc()), tag, is_set);
    }

    /// Marks entries as deleted, because they were removed from the library or must be indexed
    /// again. Entries that no segment contains are ignored.
    pub fn delete_entries(&mut self, ids: impl IntoIterator<Item = EntryId>) {
        for id in ids {
            let Some((slot, doc)) = self.locate_entry(id) else { continue };
            if let Some(open) = &mut self.slots[slot] {
                open.deleted.set_to(doc, true);
            }
        }
    }

    /// Scans the dictionaries for words similar to the one that `suggester` was made for; stops early once
    /// `is_stale` returns true.
    pub fn scan_for_suggestions(
        &self,
        suggester: &mut Suggester,
        is_stale: &dyn Fn() -> bool,
    ) -> Result<(), IndexError> {
        let segments: Vec<&Segment> =
            self.segments_newest_first().map(|(_, open)| &open.segment).collect();
        suggester.scan_segments(&segments, is_stale)
    }

    /// Adds the words of the documents' tags.
    pub fn add_tag_words(&self, words: &mut TagWords) -> Result<(), IndexError> {
        self.segments_newest_first().try_for_each(|(_, open)| words.add_segment(&open.segment))
    }

    /// Starts a search for `query`. The hits that the postings decide are available at once; other
    /// documents remain candidates.
    pub fn search(&self, query: &IndexQuery) -> Result<IndexSearch<'_>, IndexError> {
        let mut segments = Vec::with_capacity(self.newest_first.len());
        for (slot, open) in self.segments_newest_first() {
            let locate_here = |id: &EntryId| {
                let (entry_slot, doc) = self.locate_entry(*id)?;
                (entry_slot == slot).then_some(doc)
            };
            let evaluation = evaluate_query(query, &open.segment, &open.states, &locate_here)?;
            let source = (&open.segment, &open.states.copy);
            segments.push(SegmentSearch::new(slot, source, evaluation, &open.deleted));
        }
        Ok(IndexSearch::new(&self.locations, segments, &self.date_order))
    }
}

impl OpenSegment {
    fn new(meta: SegmentMeta, segment: Segment, state: &dyn Fn(i64) -> EntryState) -> OpenSegment {
        let max_doc = segment.max_doc();
        let mut states = StateBitSets::empty(max_doc);
        for (id, doc) in segment.entry_ids().iter().zip(0..) {
            states.set(doc, state(*id));
        }
        OpenSegment { deleted: BitSet::from_bytes(max_doc, &meta.deleted), meta, segment, states }
    }

    /// Updates the set of deleted documents.
    fn update_deleted(&mut self, meta: &SegmentMeta) {
        if self.meta != *meta {
            self.deleted = BitSet::from_bytes(self.segment.max_doc(), &meta.deleted);
            self.meta = meta.clone();
        }
    }

    /// Returns the publication time of the newest document, in seconds since 1970.
    fn newest_published(&self) -> Option<i64> {
        self.segment.max_doc().checked_sub(1).map(|last| self.segment.published(last))
    }
}
