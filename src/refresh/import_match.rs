//! The stored entry of each article that is imported from another reader, if there is one.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};

use super::{
    diff::{build_upsert, entry_digest},
    entry_matcher::{IdentifiedEntry, match_entries},
    identity::{EntryIdentity, identify_entries},
    stored_entries::StoredEntries,
};
use crate::{
    feed::ParsedEntry,
    model::EntryId,
    store::{EntryUpsert, StoreError},
};

/// The relation of an imported article to the library.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ArticleMatch {
    /// The article is new, and is stored like this.
    New(Box<EntryUpsert>),
    /// The library has the article.
    Known(EntryId),
    /// The article is the same as the one with this index.
    SameAs(usize),
}

/// Finds the entries of a feed that are the articles of another reader, as a refresh would. Returns a
/// match for each article, in order. What is stored of an article counts more than what is imported.
pub fn match_imported(
    stored: &dyn StoredEntries,
    entries: Vec<ParsedEntry>,
    now: DateTime<Utc>,
) -> Result<Vec<ArticleMatch>, StoreError> {
    let identities = identify_entries(&entries);
    let mut distinct = DistinctArticles::new(entries, identities);
    if !stored.list_newest(1)?.is_empty() {
        match_entries(stored, &mut distinct.identified)?;
    }
    Ok(distinct.into_matches(now))
}

/// Finds the saved pages that are the articles of another reader: those are identified by their URLs.
/// Returns a match for each article, in order.
pub fn match_saved_pages(
    stored: &dyn StoredEntries,
    entries: Vec<ParsedEntry>,
    now: DateTime<Utc>,
) -> Result<Vec<ArticleMatch>, StoreError> {
    let mut identities = identify_entries(&entries);
    for (identity, entry) in identities.iter_mut().zip(&entries) {
        if let Some(link) = &entry.link {
            *identity = EntryIdentity { guid: link.clone(), shared_guid: None, link_key: None };
        }
    }
    let mut distinct = DistinctArticles::new(entries, identities);
    for page in &mut distinct.identified {
        page.known = stored.find_by_guid(&page.identity.guid)?;
    }
    Ok(distinct.into_matches(now))
}

/// Articles of which none is another one of them.
struct DistinctArticles {
    identified: Vec<IdentifiedEntry>,
    /// For each of all articles, the index of the first that is the same.
    firsts: Vec<usize>,
}

impl DistinctArticles {
    fn new(entries: Vec<ParsedEntry>, identities: Vec<EntryIdentity>) -> DistinctArticles {
        let (mut first_by_guid, mut identified) = (HashMap::new(), Vec::new());
        let mut firsts = Vec::with_capacity(entries.len());
        for (index, (entry, identity)) in entries.into_iter().zip(identities).enumerate() {
            let first = *first_by_guid.entry(identity.guid.clone()).or_insert(index);
            firsts.push(first);
            if first == index {
                let digest = entry_digest(&entry);
                identified.push(IdentifiedEntry { entry, identity, digest, known: None });
            }
        }
        DistinctArticles { identified, firsts }
    }

    fn into_matches(self, now: DateTime<Utc>) -> Vec<ArticleMatch> {
        let mut distinct = self.identified.into_iter().enumerate().map(|(index, identified)| {
            // Without dates, the first of two entries is the newer.
            let undated = now - Duration::seconds(index.try_into().unwrap_or(0));
            let IdentifiedEntry { entry, identity, digest, known } = identified;
            if let Some(known) = known {
                return ArticleMatch::Known(known.id);
            }
            let upsert = build_upsert(entry, identity, digest, None, undated);
            ArticleMatch::New(Box::new(upsert))
        });
        let to_match = |(index, first)| {
            if index == first {
                distinct.next().expect("each first article is distinct")
            } else {
                ArticleMatch::SameAs(first)
            }
        };
        self.firsts.into_iter().enumerate().map(to_match).collect()
    }
}
