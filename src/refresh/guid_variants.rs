//! The stored articles that share a guid, for the entries of a document that share it too.
//!
//! A document may have thousands of them, so they are loaded once and found by headline and by text
//! in constant time. Only a text that was edited is compared with the others one by one, and the
//! number of these comparisons is limited.

use std::collections::{HashMap, HashSet, VecDeque};

use super::{edit::ComparableText, similarity::is_same_text, stored_entries::StoredEntries};
use crate::{
    model::EntryId,
    store::{StoreError, StoredIdentity},
};

/// Maximum number of comparisons of two texts per document; each takes some 20 µs. Entries beyond
/// that are new articles unless their headline or their whole text is stored.
const MAX_TEXT_COMPARISONS: usize = 10_000;

/// The stored articles with each guid that was asked for.
pub(super) struct GuidVariants<'a> {
    stored: &'a dyn StoredEntries,
    by_guid: HashMap<String, SharedGuid>,
    comparisons_left: usize,
}

/// The stored articles that share one guid.
#[derive(Default)]
struct SharedGuid {
    variants: Vec<StoredIdentity>,
    /// Indices of the variants with a headline.
    by_title: HashMap<String, VecDeque<usize>>,
    /// The texts of the variants that were free when a text was first asked for.
    texts: Option<VariantTexts>,
}

/// The texts of variants.
struct VariantTexts {
    /// Indices of variants with their texts.
    texts: Vec<(usize, String)>,
    by_text: HashMap<String, VecDeque<usize>>,
}

impl<'a> GuidVariants<'a> {
    pub(super) fn new(stored: &'a dyn StoredEntries) -> GuidVariants<'a> {
        GuidVariants { stored, by_guid: HashMap::new(), comparisons_left: MAX_TEXT_COMPARISONS }
    }

    /// Returns whether there are variants of `guid`.
    pub(super) fn has_any(&mut self, guid: &str) -> Result<bool, StoreError> {
        Ok(!self.shared_guid(guid)?.variants.is_empty())
    }

    /// Finds the first variant of `guid` with the headline `title` that is not in `claimed`.
    pub(super) fn find_by_title(
        &mut self,
        guid: &str,
        title: &str,
        claimed: &HashSet<EntryId>,
    ) -> Result<Option<StoredIdentity>, StoreError> {
        let shared = self.shared_guid(guid)?;
        let Some(indices) = shared.by_title.get_mut(title) else { return Ok(None) };
        Ok(take_free(indices, &shared.variants, claimed))
    }

    /// Finds the first variant of `guid` with the text `text`, perhaps edited, that is not in
    /// `claimed`.
    pub(super) fn find_by_text(
        &mut self,
        guid: &str,
        text: &str,
        claimed: &HashSet<EntryId>,
    ) -> Result<Option<StoredIdentity>, StoreError> {
        let (stored, mut left) = (self.stored, self.comparisons_left);
        let shared = self.shared_guid(guid)?;
        let texts = match &mut shared.texts {
            Some(texts) => texts,
            none => none.insert(VariantTexts::load(stored, &shared.variants, claimed)?),
        };
        let same = texts.by_text.get_mut(text);
        if let Some(found) = same.and_then(|all| take_free(all, &shared.variants, claimed)) {
            return Ok(Some(found));
        }
        if left == 0 || text.is_empty() {
            return Ok(None);
        }
        // Linear in all: whenever many texts are kept, many comparisons are spent on them.
        texts.texts.retain(|(index, _)| is_free(&shared.variants[*index], claimed));
        let compared = texts.texts.iter().take(left).inspect(|_| left -= 1);
        let found = compared.filter(|(_, old)| is_same_text(old, text)).map(|(index, _)| *index);
        let found = found.take(1).next().map(|index| shared.variants[index].clone());
        self.comparisons_left = left;
        Ok(found)
    }

    fn shared_guid(&mut self, guid: &str) -> Result<&mut SharedGuid, StoreError> {
        if !self.by_guid.contains_key(guid) {
            let shared = SharedGuid::new(self.stored.list_guid_variants(guid)?);
            self.by_guid.insert(guid.to_owned(), shared);
        }
        Ok(self.by_guid.get_mut(guid).expect("it was inserted"))
    }
}

impl SharedGuid {
    fn new(variants: Vec<StoredIdentity>) -> SharedGuid {
        let mut by_title: HashMap<String, VecDeque<usize>> = HashMap::new();
        for (index, variant) in variants.iter().enumerate() {
            by_title.entry(variant.title.clone()).or_default().push_back(index);
        }
        SharedGuid { variants, by_title, texts: None }
    }
}

impl VariantTexts {
    fn load(
        stored: &dyn StoredEntries,
        variants: &[StoredIdentity],
        claimed: &HashSet<EntryId>,
    ) -> Result<VariantTexts, StoreError> {
        let mut loaded = VariantTexts { texts: Vec::new(), by_text: HashMap::new() };
        for (index, variant) in variants.iter().enumerate() {
            if !is_free(variant, claimed) {
                continue;
            }
            let Some((title, body)) = stored.load_text(variant.fingerprint.id)? else { continue };
            let (_, text) = ComparableText::from_stored(title, body).into_title_and_text();
            if !text.is_empty() {
                loaded.by_text.entry(text.clone()).or_default().push_back(index);
                loaded.texts.push((index, text));
            }
        }
        Ok(loaded)
    }
}

fn is_free(variant: &StoredIdentity, claimed: &HashSet<EntryId>) -> bool {
    !claimed.contains(&variant.fingerprint.id)
}

/// Takes the first variant that is not in `claimed`; those before it will never be free again.
fn take_free(
    indices: &mut VecDeque<usize>,
    variants: &[StoredIdentity],
    claimed: &HashSet<EntryId>,
) -> Option<StoredIdentity> {
    while let Some(index) = indices.pop_front() {
        if is_free(&variants[index], claimed) {
            return Some(variants[index].clone());
        }
    }
    None
}
