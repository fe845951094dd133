//! The stored entry of each entry of a document, if there is one.
//!
//! Certain signs come first, so that an entry never takes the stored one of another entry of its
//! document: the guid, then the link, then the headline and the text among articles that share
//! a guid, and last a similar URL with the same text.

use std::collections::HashSet;

use super::{
    edit::ComparableText,
    guid_variants::GuidVariants,
    identity::{EntryIdentity, variant_guid},
    same_article::SimilarEntries,
    stored_entries::StoredEntries,
};
use crate::{
    feed::ParsedEntry,
    model::EntryId,
    store::{EntryFingerprint, StoreError},
};

/// Minimum number of stored entries among which a similar URL is looked for, newest first. The URL
/// of an article changes in its first hours.
const MIN_SIMILAR_ENTRIES: usize = 500;

/// An entry of the document with its identity and the digest of its content.
pub(super) struct IdentifiedEntry {
    pub(super) entry: ParsedEntry,
    pub(super) identity: EntryIdentity,
    pub(super) digest: u64,
    pub(super) known: Option<EntryFingerprint>,
}

/// Finds the stored entries of `entries`, and writes them to [`IdentifiedEntry::known`].
pub(super) fn match_entries(
    stored: &dyn StoredEntries,
    entries: &mut [IdentifiedEntry],
) -> Result<(), StoreError> {
    let mut matcher = EntryMatcher { stored, claimed: HashSet::new(), reused: HashSet::new() };
    matcher.match_guids(entries)?;
    matcher.match_links(entries)?;
    matcher.match_variants(entries)?;
    matcher.match_similar(entries)
}

struct EntryMatcher<'a> {
    stored: &'a dyn StoredEntries,
    /// The stored entries that are found.
    claimed: HashSet<EntryId>,
    /// Indices of entries whose guid several stored articles share, so that it does not tell which.
    reused: HashSet<usize>,
}

impl EntryMatcher<'_> {
    fn claim(&mut self, entry: &mut IdentifiedEntry, known: EntryFingerprint) {
        self.claimed.insert(known.id);
        entry.known = Some(known);
    }

    fn match_guids(&mut self, entries: &mut [IdentifiedEntry]) -> Result<(), StoreError> {
        for (index, entry) in entries.iter_mut().enumerate() {
            let Some(known) = self.stored.find_by_guid(&entry.identity.guid)? else { continue };
            let is_changed = known.digest != entry.digest;
            if is_changed && self.stored.list_guid_variants(&entry.identity.guid)?.len() > 1 {
                self.reused.insert(index);
            } else {
                self.claim(entry, known);
            }
        }
        Ok(())
    }

    fn match_links(&mut self, entries: &mut [IdentifiedEntry]) -> Result<(), StoreError> {
        for (index, entry) in entries.iter_mut().enumerate() {
            let Some(key) = entry.identity.link_key.clone() else { continue };
            if entry.known.is_some() || self.reused.contains(&index) {
                continue;
            }
            let found = self.stored.find_by_link_key(&key)?;
            if let Some(known) = found.filter(|known| !self.claimed.contains(&known.id)) {
                self.claim(entry, known);
            }
        }
        Ok(())
    }

    /// Finds articles among those that share their guid: by the headline, else by the text.
    fn match_variants(&mut self, entries: &mut [IdentifiedEntry]) -> Result<(), StoreError> {
        let mut variants = GuidVariants::new(self.stored);
        for by_title in [true, false] {
            for entry in entries.iter_mut().filter(|entry| entry.known.is_none()) {
                let identity = &entry.identity;
                let guid = identity.shared_guid.as_ref().unwrap_or(&identity.guid);
                // Most guids have none, so that most texts need not be read.
                if !variants.has_any(guid)? {
                    continue;
                }
                let (title, text) = ComparableText::from_parsed(&entry.entry).into_title_and_text();
                let found = if by_title {
                    variants.find_by_title(guid, &title, &self.claimed)?
                } else {
                    variants.find_by_text(guid, &text, &self.claimed)?
                };
                if let Some(found) = found {
                    if entry.identity.shared_guid.is_none() {
                        entry.identity.guid = found.guid;
                    }
                    self.claim(entry, found.fingerprint);
                }
            }
        }
        // The guid itself belongs to another article.
        for (index, entry) in entries.iter_mut().enumerate() {
            if entry.known.is_none() && self.reused.contains(&index) {
                entry.identity.guid = variant_guid(&entry.identity.guid, &entry.entry, false);
            }
        }
        Ok(())
    }

    fn match_similar(&mut self, entries: &mut [IdentifiedEntry]) -> Result<(), StoreError> {
        if entries.iter().all(|entry| entry.known.is_some()) {
            return Ok(());
        }
        let limit = MIN_SIMILAR_ENTRIES.max(2 * entries.len());
        let similar = SimilarEntries::new(self.stored.list_newest(limit)?);
        for entry in entries.iter_mut().filter(|entry| entry.known.is_none()) {
            if let Some(known) = similar.find(&entry.entry, &self.claimed, self.stored)? {
                self.claim(entry, known);
            }
        }
        Ok(())
    }
}
