//! Where each entry is among the segments that are open.

use super::{Bits, Segment};
use crate::model::EntryId;

/// In no segment.
const NOWHERE: u8 = u8::MAX;

/// By the numbers of entries: the segment and the article.
#[derive(Debug, Default)]
pub(super) struct Places {
    segments: Vec<u8>,
    articles: Vec<u32>,
}

impl Places {
    /// Notes that what is alive in `segment` is there, whatever was noted of it before.
    pub(super) fn put(&mut self, at: usize, segment: &Segment, dead: &Bits) {
        let at = u8::try_from(at).unwrap_or(NOWHERE);
        let largest = segment.ids().iter().max().and_then(|id| usize::try_from(*id).ok()).unwrap_or(0);
        let size = self.segments.len().max(largest + 1);
        self.segments.resize(size, NOWHERE);
        self.articles.resize(size, 0);
        for (id, article) in segment.ids().iter().zip(0..).filter(|(_, article)| !dead.get(*article)) {
            if let Ok(id) = usize::try_from(*id) {
                self.segments[id] = at;
                self.articles[id] = article;
            }
        }
    }

    /// The segment that was noted last for an entry, and its article there.
    pub(super) fn get(&self, id: EntryId) -> Option<(usize, u32)> {
        let id = usize::try_from(id.0).ok()?;
        let at = *self.segments.get(id)?;
        (at != NOWHERE).then(|| (usize::from(at), self.articles[id]))
    }

    /// Bytes of memory that they take.
    pub(super) fn memory(&self) -> usize {
        self.articles.len() * 5
    }
}
