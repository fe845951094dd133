//! The identity of entries, which stays the same when a publisher moves to HTTPS, adds tracking
//! parameters, or leaves out ids.

use std::collections::HashMap;

use crate::{feed::ParsedEntry, text::stable_digest};

/// Query parameters for tracking, which do not change the target of a link.
const TRACKING_PARAMETERS: [&str; 10] = [
    "fbclid",
    "gclid",
    "mc_cid",
    "mc_eid",
    "ref",
    "source",
    "src",
    "cmpid",
    "sessionid",
    "phpsessid",
];

/// The identity of an entry within its feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntryIdentity {
    /// The publisher's id, or a substitute: the normalized link, or a digest of the content.
    pub guid: String,
    /// The normalized link, unless several entries share it.
    pub link_key: Option<String>,
}

/// Returns the identities of the entries of one document, in order.
///
/// An entry is identified by the publisher's id, else by its link, else by title and date. If
/// entries with different links share an id, the id and the link together identify them.
pub fn identify_entries(entries: &[ParsedEntry]) -> Vec<EntryIdentity> {
    let links: Vec<Option<String>> =
        entries.iter().map(|entry| entry.link.as_deref().map(normalize_link)).collect();
    let ids: Vec<Option<String>> =
        entries.iter().map(|entry| entry.id.as_deref().map(normalize_id)).collect();
    let mut first: HashMap<&str, &Option<String>> = HashMap::new();
    let mut shared: HashMap<&str, bool> = HashMap::new();
    for (id, link) in ids.iter().zip(&links) {
        if let Some(id) = id {
            let known = first.entry(id).or_insert(link);
            *shared.entry(id).or_default() |= *known != link;
        }
    }
    // A link that several entries share is that of the website, not of an article.
    let mut link_counts: HashMap<&str, usize> = HashMap::new();
    for link in links.iter().flatten() {
        *link_counts.entry(link).or_default() += 1;
    }
    let identity = |((entry, id), link): ((&ParsedEntry, &Option<String>), &Option<String>)| {
        let own_link = link.clone().filter(|link| link_counts.get(link.as_str()) == Some(&1));
        let guid = match (id, link) {
            (Some(id), Some(link)) if shared.get(id.as_str()) == Some(&true) => {
                format!("{id} {link}")
            }
            (Some(id), _) => id.clone(),
            (None, _) => own_link.clone().unwrap_or_else(|| content_guid(entry)),
        };
        EntryIdentity { guid, link_key: own_link }
    };
    entries.iter().zip(&ids).zip(&links).map(identity).collect()
}

/// Normalizes an id: drops the scheme and the trailing slash of a web URL.
fn normalize_id(id: &str) -> String {
    let id = id.trim();
    let bare = id.strip_prefix("https://").or_else(|| id.strip_prefix("http://"));
    bare.map_or_else(|| id.to_owned(), |bare| bare.trim_end_matches('/').to_owned())
}

/// Normalizes a link: drops scheme, `www.`, fragment, trailing slash and tracking parameters.
fn normalize_link(link: &str) -> String {
    let bare = link.split_once("://").map_or(link, |(_, rest)| rest);
    let bare = bare.strip_prefix("www.").unwrap_or(bare);
    let bare = bare.split('#').next().unwrap_or_default();
    let (path, query) = bare.split_once('?').unwrap_or((bare, ""));
    let parameters: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !is_tracking_parameter(pair)).collect();
    let mut key = path.trim_end_matches('/').to_owned();
    if !parameters.is_empty() {
        key.push('?');
        key.push_str(&parameters.join("&"));
    }
    key
}

fn is_tracking_parameter(pair: &str) -> bool {
    let name = pair.split('=').next().unwrap_or_default().to_ascii_lowercase();
    name.starts_with("utm_")
        || name.starts_with("at_")
        || TRACKING_PARAMETERS.contains(&name.as_str())
}

fn content_guid(entry: &ParsedEntry) -> String {
    let title = entry.title.to_single_line();
    let date = entry.dates.sort_date().map_or(0, |at| at.timestamp());
    let text = if title.is_empty() { entry.longest_text().value.as_str() } else { "" };
    format!(
        "digest:{:016x}",
        stable_digest(&[title.as_bytes(), &date.to_le_bytes(), text.as_bytes()])
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: Option<&str>, link: Option<&str>) -> ParsedEntry {
        ParsedEntry {
            id: id.map(str::to_owned),
            link: link.map(str::to_owned),
            ..ParsedEntry::default()
        }
    }

    fn guids(entries: &[ParsedEntry]) -> Vec<String> {
        identify_entries(entries).into_iter().map(|identity| identity.guid).collect()
    }

    #[test]
    fn identity_ignores_scheme_and_tracking_parameters() {
        let one = entry(None, Some("http://www.example.org/a/?utm_source=feed&id=7#top"));
        let two = entry(None, Some("https://example.org/a?id=7&fbclid=xyz"));
        assert_eq!(guids(&[one]), guids(&[two]));
        assert_eq!(
            guids(&[entry(Some("http://x.org/1/"), None)]),
            guids(&[entry(Some("https://x.org/1"), None)])
        );
    }

    #[test]
    fn identity_of_shared_id_includes_link() {
        let entries =
            [entry(Some("1"), Some("https://x.org/a")), entry(Some("1"), Some("https://x.org/b"))];
        assert_eq!(guids(&entries), ["1 x.org/a", "1 x.org/b"]);
        let twice =
            [entry(Some("1"), Some("https://x.org/a")), entry(Some("1"), Some("https://x.org/a"))];
        assert_eq!(guids(&twice), ["1", "1"]);
    }

    #[test]
    fn identity_ignores_link_shared_by_entries() {
        let entries = [entry(None, Some("https://x.org")), entry(None, Some("https://x.org"))];
        assert!(identify_entries(&entries).iter().all(|identity| identity.link_key.is_none()));
        assert!(guids(&entries)[0].starts_with("digest:"));
    }
}
