//! The entries of a feed document → what is to be stored, compared with what is.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};

use super::identity::{EntryIdentity, identify_entries};
use crate::{
    feed::{self, FeedDocument, ParsedEntry, Person},
    model::{AttachedFile, Attachments, BodyFormat, EntryBody, Feed, NewEntry, PublicationDate},
    store::{EntryFingerprint, EntryUpsert, ReadConnection, StoreError},
    text::stable_digest,
};

/// What a document brings, and how much of it is new.
#[derive(Debug, Default)]
pub struct FeedDiff {
    /// New and changed entries.
    pub upserts: Vec<EntryUpsert>,
    /// How many of them are new.
    pub new_entries: usize,
}

/// Compares `parsed` with what `reader` knows of `feed`. Entries that have not changed are left out; of two with one
/// identity, the first counts.
pub fn diff_feed(
    reader: &ReadConnection,
    feed: &Feed,
    mut parsed: FeedDocument,
    now: DateTime<Utc>,
) -> Result<FeedDiff, StoreError> {
    feed::clamp_future_dates(&mut parsed, now);
    let identities = identify_entries(&parsed.entries);
    let mut seen = HashSet::new();
    let mut found = FeedDiff::default();
    for (index, (entry, identity)) in parsed.entries.into_iter().zip(identities).enumerate() {
        if !seen.insert(identity.guid.clone()) {
            continue;
        }
        let known = match feed.entry_count {
            0 => None,
            _ => reader.find_entry_fingerprint(
                feed.id,
                &identity.guid,
                identity.link_key.as_deref(),
            )?,
        };
        let digest = entry_digest(&entry);
        if known.is_some_and(|known| known.digest == digest) {
            continue;
        }
        found.new_entries += usize::from(known.is_none());
        found.upserts.push(build_upsert(entry, identity, digest, known, (now, index)));
    }
    Ok(found)
}

/// `fetched` is when the document came, and where in it the entry stands: the first of two without a date is newer.
fn build_upsert(
    mut entry: ParsedEntry,
    identity: EntryIdentity,
    digest: u64,
    known: Option<EntryFingerprint>,
    fetched: (DateTime<Utc>, usize),
) -> EntryUpsert {
    let (now, index) = fetched;
    let undated = || {
        known.map_or(
            PublicationDate::Instant(now - Duration::seconds(index.try_into().unwrap_or(0))),
            |known| known.published,
        )
    };
    let published = entry.dates.sort_date();
    let body = take_body(&mut entry);
    let new = NewEntry {
        guid: identity.guid,
        digest,
        title: entry.title.to_single_line(),
        author: join_authors(&entry.authors),
        published: published.map_or_else(undated, PublicationDate::Instant),
        tags: entry.tags,
        body,
        attachments: Attachments {
            files: entry.enclosures.into_iter().map(attached_file).collect(),
            comments: entry.comments,
        },
        link: entry.link,
        page_article: None,
    };
    let arrival = EntryUpsert::new(new, 0, None).with_link_key(identity.link_key);
    match known {
        Some(known) => arrival.with_known_id(known.id),
        None => arrival,
    }
}

/// The text to read, taken out of the entry: there may be megabytes of it.
fn take_body(entry: &mut ParsedEntry) -> EntryBody {
    let text = entry.take_longest_text();
    let format = if text.is_html { BodyFormat::Html } else { BodyFormat::Plain };
    EntryBody { format, text: text.value }
}

fn attached_file(file: crate::feed::Enclosure) -> AttachedFile {
    AttachedFile { url: file.href, media_type: file.media_type, length: file.length }
}

/// Everybody by name, or else by mail address.
fn join_authors(people: &[Person]) -> Option<String> {
    let names: Vec<&str> = people
        .iter()
        .filter_map(|person| person.name.as_deref().or(person.email.as_deref()))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// What an edit would change.
fn entry_digest(entry: &ParsedEntry) -> u64 {
    let link = entry.link.as_deref().unwrap_or_default();
    let date = entry.dates.sort_date().map_or(0, |at| at.timestamp());
    stable_digest(&[
        entry.title.value.as_bytes(),
        link.as_bytes(),
        &date.to_le_bytes(),
        entry.longest_text().value.as_bytes(),
    ])
}
