//! The entries of a feed document → what is to be stored, compared with what is.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};

use super::identity::{Identity, digest, identities};
use crate::{
    feed::{self, Parsed, ParsedEntry, Person},
    model::{Attached, AttachedFile, Body, BodyFormat, Feed, NewEntry, Stamp},
    store::{Arrival, KnownEntry, Reader, StoreError},
};

/// What a document brings, and how much of it is new.
#[derive(Debug, Default)]
pub struct Found {
    /// New and changed entries.
    pub arrivals: Vec<Arrival>,
    /// How many of them are new.
    pub new: usize,
}

/// Compares `parsed` with what `reader` knows of `feed`. Entries that have not changed are left out; of two with one
/// identity, the first counts.
pub fn arrivals(
    reader: &Reader,
    feed: &Feed,
    mut parsed: Parsed,
    now: DateTime<Utc>,
) -> Result<Found, StoreError> {
    feed::keep_to_the_present(&mut parsed, now);
    let identities = identities(&parsed.entries);
    let mut seen = HashSet::new();
    let mut found = Found::default();
    for (index, (entry, identity)) in parsed.entries.into_iter().zip(identities).enumerate() {
        if !seen.insert(identity.guid.clone()) {
            continue;
        }
        let known = match feed.total {
            0 => None,
            _ => reader.known_entry(feed.id, &identity.guid, identity.link.as_deref())?,
        };
        let digest = digest_of(&entry);
        if known.is_some_and(|known| known.digest == digest) {
            continue;
        }
        found.new += usize::from(known.is_none());
        found.arrivals.push(arrival(entry, identity, digest, known, (now, index)));
    }
    Ok(found)
}

/// `fetched` is when the document came, and where in it the entry stands: the first of two without a date is newer.
fn arrival(
    mut entry: ParsedEntry,
    identity: Identity,
    digest: u64,
    known: Option<KnownEntry>,
    fetched: (DateTime<Utc>, usize),
) -> Arrival {
    let (now, index) = fetched;
    let undated = || {
        known.map_or(Stamp::Instant(now - Duration::seconds(index.try_into().unwrap_or(0))), |known| {
            known.published
        })
    };
    let published = entry.dates.best();
    let body = body(&mut entry);
    let new = NewEntry {
        guid: identity.guid,
        digest,
        title: entry.title.line(),
        author: authors(&entry.authors),
        published: published.map_or_else(undated, Stamp::Instant),
        tags: entry.tags,
        body,
        attached: Attached {
            files: entry.enclosures.into_iter().map(file).collect(),
            comments: entry.comments,
        },
        link: entry.link,
        article: None,
    };
    let arrival = Arrival::new(new, 0, None).found_at(identity.link);
    match known {
        Some(known) => arrival.known_as(known.id),
        None => arrival,
    }
}

/// The text to read, taken out of the entry: there may be megabytes of it.
fn body(entry: &mut ParsedEntry) -> Body {
    let text = entry.take_text();
    let format = if text.html { BodyFormat::Html } else { BodyFormat::Plain };
    Body { format, text: text.value }
}

fn file(file: crate::feed::Enclosure) -> AttachedFile {
    AttachedFile { url: file.href, kind: file.kind, length: file.length }
}

/// Everybody by name, or else by mail address.
fn authors(people: &[Person]) -> Option<String> {
    let names: Vec<&str> =
        people.iter().filter_map(|person| person.name.as_deref().or(person.email.as_deref())).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// What an edit would change.
fn digest_of(entry: &ParsedEntry) -> u64 {
    let link = entry.link.as_deref().unwrap_or_default();
    let date = entry.dates.best().map_or(0, |at| at.timestamp());
    digest(&[
        entry.title.value.as_bytes(),
        link.as_bytes(),
        &date.to_le_bytes(),
        entry.text().value.as_bytes(),
    ])
}
