//! Where each entry is among the segments that are open.

use super::{BitSet, Segment};
use crate::model::EntryId;

/// In no segment.
const NO_SEGMENT: u8 = u8::MAX;

/// By the numbers of entries: the segment and the article.
#[derive(Debug, Default)]
pub(super) struct EntryLocations {
    slots: Vec<u8>,
    docs: Vec<u32>,
}

impl EntryLocations {
    /// Notes that what is alive in `segment` is there, whatever was noted of it before.
    pub(super) fn insert_segment(&mut self, at: usize, segment: &Segment, dead: &BitSet) {
        let at = u8::try_from(at).unwrap_or(NO_SEGMENT);
        let largest =
            segment.entry_ids().iter().max().and_then(|id| usize::try_from(*id).ok()).unwrap_or(0);
        let size = self.slots.len().max(largest + 1);
        self.slots.resize(size, NO_SEGMENT);
        self.docs.resize(size, 0);
        for (id, article) in
            segment.entry_ids().iter().zip(0..).filter(|(_, article)| !dead.get(*article))
        {
            if let Ok(id) = usize::try_from(*id) {
                self.slots[id] = at;
                self.docs[id] = article;
            }
        }
    }

    /// The segment that was noted last for an entry, and its article there.
    pub(super) fn get(&self, id: EntryId) -> Option<(usize, u32)> {
        let id = usize::try_from(id.0).ok()?;
        let at = *self.slots.get(id)?;
        (at != NO_SEGMENT).then(|| (usize::from(at), self.docs[id]))
    }

    /// Bytes of memory that they take.
    pub(super) fn memory_usage(&self) -> usize {
        self.docs.len() * 5
    }
}
