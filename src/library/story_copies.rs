//! Copies by text: whether an article is, in whole or in half, one that another feed has brought.

use std::collections::VecDeque;

use hashbrown::HashMap;

use super::indexable::source_text;
use crate::{
    model::{EntryId, FeedId},
    store::{FullEntry, ReadConnection, StoreError},
    story::{Shingles, StoryText},
};

/// Maximum number of digests of the texts that were read last: 4 MiB. The articles of a day are compared with the
/// same others again and again.
const MAX_KNOWN_DIGESTS: usize = 1 << 20;

/// Maximum number of these texts.
const MAX_KNOWN_TEXTS: usize = 1 << 14;

/// Compares the texts of articles that may be copies.
#[derive(Default)]
pub(super) struct CopyFinder {
    /// The texts that were read last.
    known: HashMap<EntryId, KnownText>,
    /// The entries of these texts, the first that was read first.
    order: VecDeque<EntryId>,
    digest_count: usize,
}

/// The text of an entry, to be compared.
struct KnownText {
    feed: FeedId,
    shingles: Shingles,
}

impl KnownText {
    /// Reads the runs of words of an entry's text.
    fn new(entry: &FullEntry) -> KnownText {
        let text = source_text(entry);
        let text = StoryText { title: &text.title, body: &text.body };
        KnownText { feed: entry.feed, shingles: Shingles::new(text) }
    }
}

impl CopyFinder {
    /// Returns the first of several entries of which another one is a copy. Texts are only read if there are any.
    pub(super) fn find_copy(
        &mut self,
        reader: &ReadConnection,
        entry: EntryId,
        likely: &[EntryId],
    ) -> Result<Option<EntryId>, StoreError> {
        // Its text may have changed.
        self.forget(entry);
        if likely.is_empty() {
            return Ok(None);
        }
        let unread: Vec<EntryId> = likely
            .iter()
            .chain([&entry])
            .filter(|id| !self.known.contains_key(*id))
            .copied()
            .collect();
        reader
            .for_each_full_entry(&unread, |full| self.remember(full.id, KnownText::new(&full)))?;
        let Some(own) = self.known.get(&entry) else { return Ok(None) };
        let is_copy =
            |other: &KnownText| other.feed != own.feed && own.shingles.is_copy_of(&other.shingles);
        let first = likely.iter().find(|other| self.known.get(*other).is_some_and(is_copy));
        Ok(first.copied())
    }

    /// Keeps a text, and leaves out the oldest ones if there are too many.
    fn remember(&mut self, entry: EntryId, text: KnownText) {
        self.digest_count += text.shingles.len();
        self.order.push_back(entry);
        self.known.insert(entry, text);
        while (self.digest_count > MAX_KNOWN_DIGESTS || self.order.len() > MAX_KNOWN_TEXTS)
            && let Some(oldest) = self.order.pop_front()
        {
            self.forget(oldest);
        }
    }

    /// Leaves a text out.
    fn forget(&mut self, entry: EntryId) {
        if let Some(text) = self.known.remove(&entry) {
            self.digest_count -= text.shingles.len();
        }
    }
}
