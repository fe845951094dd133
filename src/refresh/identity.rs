//! The identity of entries, which stays the same when a publisher moves to HTTPS, adds tracking
//! parameters, or leaves out ids.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::similarity::is_same_text;
use crate::{
    feed::ParsedEntry,
    text::{is_tracking_parameter, stable_digest},
};

/// The identity of an entry within its feed.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntryIdentity {
    /// The publisher's id, or a substitute: the normalized link, or a digest of the content. Of
    /// articles that share it, each has a digest of its headline after it.
    pub guid: String,
    /// The guid without that digest, if other articles of the document share it.
    pub shared_guid: Option<String>,
    /// The normalized link, unless several entries share it.
    pub link_key: Option<String>,
}

/// Returns the identities of the entries of one document, in order.
///
/// An entry is identified by the publisher's id, else by its link, else by title and date. If
/// entries with different links share an id, the id and the link together identify them. If
/// different articles share both, the headline identifies them.
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
        EntryIdentity { guid, shared_guid: None, link_key: own_link }
    };
    let mut identities: Vec<EntryIdentity> =
        entries.iter().zip(&ids).zip(&links).map(identity).collect();
    tell_apart_shared_guids(entries, &mut identities);
    identities
}

/// Minimum length of a text that is not the same under every headline, such as "Read more".
const MIN_TELLING_BYTES: usize = 30;

/// Maximum number of articles with one guid and one headline that are compared by their texts.
const MAX_NAMESAKES: usize = 4;

/// Gives different articles with one guid different guids. The same article twice keeps one guid.
fn tell_apart_shared_guids(entries: &[ParsedEntry], identities: &mut [EntryIdentity]) {
    let mut by_guid: HashMap<&str, Vec<usize>> = HashMap::new();
    for (index, identity) in identities.iter().enumerate() {
        by_guid.entry(&identity.guid).or_default().push(index);
    }
    let shared: Vec<Vec<usize>> = by_guid.into_values().filter(|group| group.len() > 1).collect();
    for group in shared {
        let articles = distinct_articles(entries, &group);
        let mut title_counts: HashMap<String, usize> = HashMap::new();
        for (index, article) in &articles {
            *title_counts.entry(title_key(&entries[*index])).or_default() +=
                usize::from(index == article);
        }
        let is_shared = articles.iter().any(|(_, article)| *article != group[0]);
        for (index, article) in articles.into_iter().filter(|_| is_shared) {
            let guid = identities[index].guid.clone();
            let entry = &entries[article];
            let has_namesake = title_counts.get(&title_key(entry)).is_some_and(|count| *count > 1);
            identities[index].guid = variant_guid(&guid, entry, has_namesake);
            identities[index].shared_guid = Some(guid);
        }
    }
}

/// Returns each entry of a group with the first entry that is the same article.
fn distinct_articles(entries: &[ParsedEntry], group: &[usize]) -> Vec<(usize, usize)> {
    let mut by_title: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_text: HashMap<(String, DateTime<Utc>), usize> = HashMap::new();
    let mut articles = Vec::with_capacity(group.len());
    for index in group {
        let entry = &entries[*index];
        let text = entry.longest_text().to_single_line();
        let date = entry.dates.sort_date().filter(|_| text.len() >= MIN_TELLING_BYTES);
        let namesakes = by_title.entry(title_key(entry)).or_default();
        let is_same = |other: &&usize| {
            let other_text = entries[**other].longest_text().to_single_line();
            text.is_empty() || other_text.is_empty() || is_same_text(&text, &other_text)
        };
        let same = namesakes.iter().take(MAX_NAMESAKES).find(is_same).copied();
        // One text of one time under two headlines: the publisher corrected the headline.
        let text_key = date.map(|date| (text.clone(), date));
        let renamed = text_key.as_ref().and_then(|key| by_text.get(key)).copied();
        let article = same.or(renamed).unwrap_or(*index);
        if article == *index {
            namesakes.push(*index);
            by_text.extend(text_key.map(|key| (key, *index)));
        }
        articles.push((*index, article));
    }
    articles
}

/// Returns the guid of one of several articles that share `guid`: with a digest of its headline, and
/// of its text where another one has that headline.
pub(super) fn variant_guid(guid: &str, entry: &ParsedEntry, has_namesake: bool) -> String {
    let text = if has_namesake { entry.longest_text().to_single_line() } else { String::new() };
    let digest = stable_digest(&[title_key(entry).as_bytes(), text.as_bytes()]);
    format!("{guid} digest:{digest:016x}")
}

/// Returns the words of the headline, by which it is compared.
fn title_key(entry: &ParsedEntry) -> String {
    let title = entry.title.to_single_line().to_lowercase();
    let words = title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
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
    use std::collections::HashSet;

    use super::*;
    use crate::feed::TextConstruct;

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

    fn article(title: &str, text: &str) -> ParsedEntry {
        ParsedEntry {
            title: TextConstruct::plain(title),
            summary: TextConstruct::plain(text),
            ..entry(Some("m1"), Some("https://x.org"))
        }
    }

    #[test]
    fn identity_of_different_articles_with_one_id_includes_headline() {
        let begins = article("Works begin", "The bridge is closed from Monday on");
        let ends = article("Works end", "All lanes of the bridge are open again");
        let both = guids(&[begins.clone(), ends.clone()]);
        assert!(both[0] != both[1] && both[0].starts_with("m1 digest:"), "{both:?}");
        let reversed = guids(&[ends.clone(), begins.clone()]);
        assert_eq!(reversed, [both[1].clone(), both[0].clone()]);
        assert_eq!(
            guids(&[ends.clone(), begins.clone(), ends]),
            [reversed[0].clone(), reversed[1].clone(), reversed[0].clone()]
        );
        let revised = article("Works begin", "The bridge is closed from Monday on, until Friday");
        assert_eq!(guids(&[begins.clone(), revised]), ["m1", "m1"]);
        let at = |mut entry: ParsedEntry| {
            entry.dates.published = DateTime::from_timestamp(1_700_000_000, 0);
            entry
        };
        let renamed = at(article("The works begin", "The bridge is closed from Monday on"));
        let begins = at(begins);
        assert_eq!(guids(&[begins, renamed]), ["m1", "m1"]);
        let daily = [
            article("Report", "Rain in the north until noon"),
            article("Report", "Sun all over the coast"),
        ];
        assert_ne!(guids(&daily)[0], guids(&daily)[1]);
    }

    #[test]
    fn identity_takes_linear_time_on_one_id() {
        let entries: Vec<ParsedEntry> =
            (0..5_000).map(|n| article(&format!("Number {n}"), "text")).collect();
        assert_eq!(guids(&entries).into_iter().collect::<HashSet<_>>().len(), 5_000);
    }

    #[test]
    fn identity_ignores_link_shared_by_entries() {
        let entries = [entry(None, Some("https://x.org")), entry(None, Some("https://x.org"))];
        assert!(identify_entries(&entries).iter().all(|identity| identity.link_key.is_none()));
        assert!(guids(&entries)[0].starts_with("digest:"));
    }
}
