//! The stored entries of a feed, as articles of an archive are compared with them.

use crate::{
    library::feed_entries::FeedEntries,
    model::{EntryBody, EntryId},
    refresh::StoredEntries,
    store::{EntryFingerprint, EntryVersion, StoreError, StoredIdentity},
};

/// The stored entries of a feed, which are found by guid or link. What a whole document tells about guids that have
/// changed, a few articles do not.
pub(super) struct ArchiveEntries<'a>(pub(super) FeedEntries<'a>);

impl StoredEntries for ArchiveEntries<'_> {
    fn find_by_guid(&self, guid: &str) -> Result<Option<EntryFingerprint>, StoreError> {
        self.0.find_by_guid(guid)
    }

    fn find_by_link_key(&self, link_key: &str) -> Result<Option<EntryFingerprint>, StoreError> {
        self.0.find_by_link_key(link_key)
    }

    fn list_guid_variants(&self, _: &str) -> Result<Vec<StoredIdentity>, StoreError> {
        Ok(Vec::new())
    }

    fn list_newest(&self, limit: usize) -> Result<Vec<StoredIdentity>, StoreError> {
        // Asked for one, the caller wants to know whether there are any.
        if limit == 1 { self.0.list_newest(limit) } else { Ok(Vec::new()) }
    }

    fn load_text(&self, id: EntryId) -> Result<Option<(String, EntryBody)>, StoreError> {
        self.0.load_text(id)
    }

    fn list_versions(&self, id: EntryId) -> Result<Vec<EntryVersion>, StoreError> {
        self.0.list_versions(id)
    }
}
