//! The stored entries of a feed for comparing articles that come one by one: from a sync server or an archive.

use super::feed_entries::FeedEntries;
use crate::{
    model::{EntryBody, EntryId},
    refresh::StoredEntries,
    store::{EntryFingerprint, EntryVersion, StoreError, StoredIdentity},
};

/// The stored entries of a feed, which are found by guid or link alone. Only a whole feed document tells which guids
/// have changed.
pub(super) struct EntriesByGuidOrLink<'a> {
    pub(super) entries: FeedEntries<'a>,
    /// Finds the entry of a link, by the key of the link.
    pub(super) find_by_link: fn(&FeedEntries<'a>, &str) -> FoundEntry,
}

/// The entry that was found, if there is one.
pub(super) type FoundEntry = Result<Option<EntryFingerprint>, StoreError>;

impl StoredEntries for EntriesByGuidOrLink<'_> {
    fn find_by_guid(&self, guid: &str) -> FoundEntry {
        self.entries.find_by_guid(guid)
    }

    fn find_by_link_key(&self, link_key: &str) -> FoundEntry {
        (self.find_by_link)(&self.entries, link_key)
    }

    fn list_guid_variants(&self, _: &str) -> Result<Vec<StoredIdentity>, StoreError> {
        Ok(Vec::new())
    }

    fn list_newest(&self, limit: usize) -> Result<Vec<StoredIdentity>, StoreError> {
        // Asked for one, the caller wants to know whether there are any.
        if limit == 1 { self.entries.list_newest(limit) } else { Ok(Vec::new()) }
    }

    fn load_text(&self, id: EntryId) -> Result<Option<(String, EntryBody)>, StoreError> {
        self.entries.load_text(id)
    }

    fn list_versions(&self, id: EntryId) -> Result<Vec<EntryVersion>, StoreError> {
        self.entries.list_versions(id)
    }
}
