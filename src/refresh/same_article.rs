//! Recognition of a stored article whose guid and link have both changed: only the words of the
//! headline in its URL are others, or the host has another name.
//!
//! Two articles taken for one lose the first; one article taken for two is only read twice. So the
//! URL, the headline and the text must all agree.

use std::collections::{HashMap, HashSet};

use super::{
    article_url::{ArticleUrl, words},
    edit::ComparableText,
    similarity::is_same_text,
    stored_entries::StoredEntries,
};
use crate::{
    feed::ParsedEntry,
    model::{EntryId, PublicationDate},
    store::{EntryFingerprint, StoreError, StoredIdentity},
};

/// Minimum number of characters of a text that tells an article from others. Shorter ones, such as
/// "Read more on our site", are under many headlines.
const MIN_TELLING_CHARS: usize = 100;

/// Minimum number of words of a headline that is continued by another one.
const MIN_CONTINUED_WORDS: usize = 2;

/// Maximum number of stored entries that share a key; one of more entries identifies none of them.
const MAX_SHARING_ENTRIES: usize = 16;

/// Maximum number of stored entries that are compared with one entry.
const MAX_CANDIDATES: usize = 64;

/// The newest stored entries of a feed, by the parts of their URLs that stay.
pub(super) struct SimilarEntries {
    entries: Vec<StoredIdentity>,
    /// Indices by path and query, and by numbers in them.
    by_key: HashMap<String, Vec<usize>>,
}

impl SimilarEntries {
    /// Indexes `entries`.
    pub(super) fn new(entries: Vec<StoredIdentity>) -> SimilarEntries {
        let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, entry) in entries.iter().enumerate() {
            for key in ArticleUrl::new(url_of(entry)).keys() {
                by_key.entry(key.to_owned()).or_default().push(index);
            }
        }
        SimilarEntries { entries, by_key }
    }

    /// Finds the stored entry that is `entry` under another URL and that is not in `claimed`.
    pub(super) fn find(
        &self,
        entry: &ParsedEntry,
        claimed: &HashSet<EntryId>,
        stored: &dyn StoredEntries,
    ) -> Result<Option<EntryFingerprint>, StoreError> {
        let Some(url) = entry.link.as_deref().or(entry.id.as_deref()) else { return Ok(None) };
        let url = ArticleUrl::new(url);
        let mut tried = HashSet::new();
        let keys = url.keys().into_iter().filter_map(|key| self.by_key.get(key));
        let telling = keys.filter(|sharing| sharing.len() <= MAX_SHARING_ENTRIES);
        let candidates = telling.flatten().map(|index| &self.entries[*index]);
        for candidate in candidates.filter(|candidate| !claimed.contains(&candidate.fingerprint.id))
        {
            if tried.len() == MAX_CANDIDATES {
                break;
            }
            if tried.insert(candidate.fingerprint.id)
                && is_same_article(entry, &url, candidate, stored)?
            {
                return Ok(Some(candidate.fingerprint));
            }
        }
        Ok(None)
    }
}

fn url_of(entry: &StoredIdentity) -> &str {
    entry.link.as_deref().unwrap_or(&entry.guid)
}

/// Returns true if `candidate` is the article `entry` at `url`.
fn is_same_article(
    entry: &ParsedEntry,
    url: &ArticleUrl<'_>,
    candidate: &StoredIdentity,
    stored: &dyn StoredEntries,
) -> Result<bool, StoreError> {
    let old_url = ArticleUrl::new(url_of(candidate));
    let new_title = entry.title.to_single_line();
    let slug = url.changed_slug(&old_url);
    let slug = slug.filter(|slug| slug.spells(&candidate.title, &new_title));
    if slug.is_none() && !url.is_host_alias_of(&old_url) {
        return Ok(false);
    }
    let Some((title, body)) = stored.load_text(candidate.fingerprint.id)? else { return Ok(false) };
    let headline = compare_headlines(&title, &new_title);
    let old = ComparableText::from_stored(title, body);
    let new = ComparableText::from_parsed(entry);
    let is_long = |text: &ComparableText| text.char_count() >= MIN_TELLING_CHARS;
    let is_same_words = is_long(&new) && old.differs_in_counters_only(&new);
    let ((_, old), (_, new)) = (old.into_title_and_text(), new.into_title_and_text());
    Ok(match headline {
        HeadlineChange::None => is_same_text(&old, &new),
        HeadlineChange::Continued => !old.is_empty() && is_same_text(&old, &new),
        HeadlineChange::Reworded => {
            let is_telling_url = slug.is_none_or(|slug| slug.has_sentences());
            is_telling_url && is_same_words && has_same_date(entry, candidate)
        }
    })
}

/// The difference between two headlines.
#[derive(Debug, PartialEq, Eq)]
enum HeadlineChange {
    None,
    /// All words of one are in the other.
    Continued,
    Reworded,
}

fn compare_headlines(old: &str, new: &str) -> HeadlineChange {
    let (old, new) = (words(old), words(new));
    let shorter = old.len().min(new.len());
    if old == new {
        HeadlineChange::None
    } else if shorter >= MIN_CONTINUED_WORDS && old.intersection(&new).count() == shorter {
        HeadlineChange::Continued
    } else {
        HeadlineChange::Reworded
    }
}

/// Returns true unless both state a date, and not the same one.
fn has_same_date(entry: &ParsedEntry, candidate: &StoredIdentity) -> bool {
    match (entry.dates.published, candidate.fingerprint.published) {
        (Some(new), old @ (PublicationDate::Instant(_) | PublicationDate::Day(_))) => {
            old.instant() == new
        }
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn compare_headlines_accepts_added_words() {
        for (old, new, expected) in [
            ("Ferry sinks", "FERRY SINKS!", HeadlineChange::None),
            ("Ferry sinks", "Ferry sinks off the coast", HeadlineChange::Continued),
            ("Ferry sinks off the coast", "Ferry sinks", HeadlineChange::Continued),
            ("Ferry", "Ferry sinks", HeadlineChange::Reworded),
            ("Episode: Ferry", "Episode: Bridge", HeadlineChange::Reworded),
        ] {
            assert_eq!(compare_headlines(old, new), expected, "{old} {new}");
        }
    }
}
