//! The stored entries of a feed, as a refresh asks for them.

use crate::{
    model::{EntryBody, EntryId},
    store::{EntryFingerprint, EntryVersion, StoreError, StoredIdentity},
};

/// The stored entries of one feed.
pub trait StoredEntries {
    /// Finds the entry with this guid.
    fn find_by_guid(&self, guid: &str) -> Result<Option<EntryFingerprint>, StoreError>;

    /// Finds an entry with this link key.
    fn find_by_link_key(&self, link_key: &str) -> Result<Option<EntryFingerprint>, StoreError>;

    /// Lists the entries with this guid, or with this guid and the digest that tells apart articles
    /// that share one.
    fn list_guid_variants(&self, guid: &str) -> Result<Vec<StoredIdentity>, StoreError>;

    /// Lists the newest entries, at most `limit`.
    fn list_newest(&self, limit: usize) -> Result<Vec<StoredIdentity>, StoreError>;

    /// Loads the title and the body of an entry; `None` if it no longer exists.
    fn load_text(&self, id: EntryId) -> Result<Option<(String, EntryBody)>, StoreError>;

    /// Lists the earlier versions of an entry, newest first.
    fn list_versions(&self, id: EntryId) -> Result<Vec<EntryVersion>, StoreError>;
}
