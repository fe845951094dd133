//! Maps entry ids to documents in the open segments.

use super::{BitSet, Segment};
use crate::model::EntryId;

/// Slot value of entries that are in no segment.
const NO_SEGMENT: u8 = u8::MAX;

/// Maximum number of open segments: their slots are below [`NO_SEGMENT`].
pub(super) const MAX_OPEN_SEGMENTS: usize = NO_SEGMENT as usize;

/// The slot of the segment and the document id of each entry, indexed by entry id.
#[derive(Debug, Default)]
pub(super) struct EntryLocations {
    slots: Vec<u8>,
    docs: Vec<u32>,
}

impl EntryLocations {
    /// Records the location of all documents of `segment` that are not deleted, replacing earlier
    /// locations of the same entries.
    pub(super) fn insert_segment(&mut self, slot: usize, segment: &Segment, deleted: &BitSet) {
        let slot = u8::try_from(slot).unwrap_or(NO_SEGMENT);
        let largest =
            segment.entry_ids().iter().max().and_then(|id| usize::try_from(*id).ok()).unwrap_or(0);
        let size = self.slots.len().max(largest + 1);
        self.slots.resize(size, NO_SEGMENT);
        self.docs.resize(size, 0);
        let live = segment.entry_ids().iter().zip(0..).filter(|(_, doc)| !deleted.get(*doc));
        for (id, doc) in live {
            if let Ok(id) = usize::try_from(*id) {
                self.slots[id] = slot;
                self.docs[id] = doc;
            }
        }
    }

    /// Returns the last recorded location of an entry: segment slot and document id.
    pub(super) fn get(&self, id: EntryId) -> Option<(usize, u32)> {
        let id = usize::try_from(id.0).ok()?;
        let slot = *self.slots.get(id)?;
        (slot != NO_SEGMENT).then(|| (usize::from(slot), self.docs[id]))
    }

    /// Returns the memory in use, in bytes.
    pub(super) fn memory_usage(&self) -> usize {
        // One byte for the slot, four for the document id.
        self.docs.len() * 5
    }
}
