//! Recognition of a stored article whose guid and link have both changed: only the words of the
//! headline in its URL are others, or the host is.

use std::collections::{HashMap, HashSet};

use super::{edit::ComparableText, similarity::is_same_text, stored_entries::StoredEntries};
use crate::{
    feed::ParsedEntry,
    model::EntryId,
    store::{EntryFingerprint, StoreError, StoredIdentity},
    text::url,
};

/// Minimum number of digits of a number that identifies an article.
const MIN_NUMBER_DIGITS: usize = 4;

/// Minimum number of words of a text that tells an article from one on an unrelated site.
const MIN_TELLING_WORDS: usize = 8;

/// Second-level domains under which others register their domains, as in `example.co.uk`.
const PUBLIC_SECOND_LEVELS: [&str; 7] = ["co", "com", "org", "net", "ac", "gov", "edu"];

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
            let url = entry.link.as_deref().unwrap_or(&entry.guid);
            for key in url_keys(url) {
                by_key.entry(key).or_default().push(index);
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
        let mut tried = HashSet::new();
        for index in url_keys(url).iter().filter_map(|key| self.by_key.get(key)).flatten() {
            let candidate = &self.entries[*index];
            let id = candidate.fingerprint.id;
            if !claimed.contains(&id)
                && tried.insert(id)
                && is_same_article(entry, url, candidate, stored)?
            {
                return Ok(Some(candidate.fingerprint));
            }
        }
        Ok(None)
    }
}

/// Returns true if `candidate` is the article `entry` at `url`: the same text on another host, or
/// under another headline on the same site.
fn is_same_article(
    entry: &ParsedEntry,
    url: &str,
    candidate: &StoredIdentity,
    stored: &dyn StoredEntries,
) -> Result<bool, StoreError> {
    let candidate_url = candidate.link.as_deref().unwrap_or(&candidate.guid);
    let is_same_site = site_of(url) == site_of(candidate_url);
    let is_same_path = path_of(url) == path_of(candidate_url);
    // One URL of several articles tells nothing; that of a single one was found before.
    if is_same_path && host_of(url) == host_of(candidate_url) {
        return Ok(false);
    }
    let Some((title, body)) = stored.load_text(candidate.fingerprint.id)? else { return Ok(false) };
    let (old_title, old_text) = ComparableText::from_stored(title, body).into_title_and_text();
    let (new_title, new_text) = ComparableText::from_parsed(entry).into_title_and_text();
    let is_same_title = old_title == new_title;
    let has_text = !old_text.is_empty() && !new_text.is_empty();
    let is_same_text = has_text && is_same_text(&old_text, &new_text);
    Ok(match (is_same_site, is_same_path) {
        (true, _) if has_text => is_same_text,
        (true, true) => is_same_title,
        (true, false) => similar_titles(&old_title, &new_title),
        (false, true) => {
            let is_long = new_text.split_whitespace().count() >= MIN_TELLING_WORDS;
            is_same_title && is_same_text && is_long
        }
        (false, false) => false,
    })
}

fn similar_titles(one: &str, other: &str) -> bool {
    one == other || is_same_text(one, other)
}

/// Returns the keys of a URL: its path with the query, and the numbers in them.
fn url_keys(url: &str) -> Vec<String> {
    let path = path_of(url);
    let mut keys: Vec<String> = identifying_numbers(&path).into_iter().map(str::to_owned).collect();
    if path.trim_matches('/').len() > 1 {
        keys.push(path);
    }
    keys
}

/// Returns the path and the query of a URL, with or without a scheme, without a slash at the end.
fn path_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split('#').next().unwrap_or_default();
    rest.find(['/', '?']).map_or("", |at| rest[at..].trim_end_matches('/')).to_owned()
}

/// Returns the numbers of a path that can identify an article; years, months and days cannot.
fn identifying_numbers(path: &str) -> Vec<&str> {
    let numbers = path.split(|c: char| !c.is_ascii_digit());
    numbers.filter(|number| number.len() >= MIN_NUMBER_DIGITS && !is_date(number)).collect()
}

/// Returns true for `2026`, `202611` and `20261123`.
fn is_date(number: &str) -> bool {
    let is_century = number.starts_with("19") || number.starts_with("20");
    let in_range = |range: std::ops::Range<usize>, largest: u8| {
        number[range].parse::<u8>().is_ok_and(|value| (1..=largest).contains(&value))
    };
    is_century
        && match number.len() {
            4 => true,
            6 => in_range(4..6, 12),
            8 => in_range(4..6, 12) && in_range(6..8, 31),
            _ => false,
        }
}

/// Returns the host of a URL, with or without a scheme, in lower case.
fn host_of(url: &str) -> String {
    let url = if url.contains("://") { url.to_owned() } else { format!("http://{url}") };
    url::host(&url).to_ascii_lowercase()
}

/// Returns the domain that the owner of a site registered: `example.org` of `mail.example.org`.
fn site_of(url: &str) -> String {
    let host = host_of(url);
    let labels: Vec<&str> = host.split('.').collect();
    let is_address = labels.last().is_some_and(|label| label.parse::<u8>().is_ok());
    let count = match labels[..] {
        _ if is_address => labels.len(),
        [.., second, country] if country.len() == 2 && PUBLIC_SECOND_LEVELS.contains(&second) => 3,
        _ => 2,
    };
    labels[labels.len().saturating_sub(count)..].join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifying_numbers_skips_dates() {
        let cases: [(&str, &[&str]); 5] = [
            ("/2026/11/23/minister-resigns-a-77310", &["77310"]),
            ("/news?id=4711&title=x", &["4711"]),
            ("/20261123/202611/2026/x", &[]),
            ("/a/12/345", &[]),
            ("/20269923", &["20269923"]),
        ];
        for (path, expected) in cases {
            assert_eq!(identifying_numbers(path), expected, "{path}");
        }
    }

    #[test]
    fn site_of_drops_subdomains() {
        for (url, expected) in [
            ("https://mail.mill.example/a", "mill.example"),
            ("mill.example/a", "mill.example"),
            ("http://m.mill.co.uk:80/", "mill.co.uk"),
            ("http://127.0.0.1:8080/a", "127.0.0.1"),
            ("http://localhost/", "localhost"),
        ] {
            assert_eq!(site_of(url), expected, "{url}");
        }
    }
}
