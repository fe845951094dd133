//! The stored entries of one feed, read for a refresh.

use crate::{
    model::{EntryBody, EntryId, FeedId},
    refresh::StoredEntries,
    store::{EntryFingerprint, EntryVersion, ReadConnection, StoreError, StoredIdentity},
};

/// The entries of a feed in a library.
pub(super) struct FeedEntries<'a> {
    pub(super) reader: &'a ReadConnection,
    pub(super) feed: FeedId,
}

impl StoredEntries for FeedEntries<'_> {
    fn find_by_guid(&self, guid: &str) -> Result<Option<EntryFingerprint>, StoreError> {
        self.reader.find_entry_by_guid(self.feed, guid)
    }

    fn find_by_link_key(&self, link_key: &str) -> Result<Option<EntryFingerprint>, StoreError> {
        self.reader.find_entry_by_link_key(self.feed, link_key)
    }

    fn list_guid_variants(&self, guid: &str) -> Result<Vec<StoredIdentity>, StoreError> {
        self.reader.list_guid_variants(self.feed, guid)
    }

    fn list_newest(&self, limit: usize) -> Result<Vec<StoredIdentity>, StoreError> {
        self.reader.list_newest_identities(self.feed, limit)
    }

    fn load_text(&self, id: EntryId) -> Result<Option<(String, EntryBody)>, StoreError> {
        // What a restored library lacks has not been edited.
        if self.reader.is_text_absent(id)? {
            return Ok(None);
        }
        let title = self.reader.load_entry(id)?.map(|entry| entry.title);
        Ok(title.zip(self.reader.load_body(id)?))
    }

    fn list_versions(&self, id: EntryId) -> Result<Vec<EntryVersion>, StoreError> {
        self.reader.list_versions(id)
    }
}
