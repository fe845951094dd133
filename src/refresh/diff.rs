//! The difference between the entries of a feed document and those that are stored.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};

use super::identity::{EntryIdentity, identify_entries};
use crate::{
    feed::{self, Enclosure, FeedDocument, ParsedEntry},
    model::{AttachedFile, Attachments, BodyFormat, EntryBody, Feed, NewEntry, PublicationDate},
    store::{EntryFingerprint, EntryUpsert, StoreError},
    text::stable_digest,
};

/// The difference between a feed document and the library.
#[derive(Debug, Default)]
pub struct FeedDiff {
    /// New and changed entries.
    pub upserts: Vec<EntryUpsert>,
    /// Number of new entries among them.
    pub new_entries: usize,
}

/// Looks up an entry of the feed by its guid or else by its link key.
pub type FindEntry<'a> =
    dyn Fn(&str, Option<&str>) -> Result<Option<EntryFingerprint>, StoreError> + 'a;

/// Compares the document of `feed` with the entries that `find_entry` knows.
///
/// Entries that have not changed are left out; of two with one identity, the first counts.
pub fn diff_feed(
    find_entry: &FindEntry<'_>,
    feed: &Feed,
    mut parsed: FeedDocument,
    now: DateTime<Utc>,
) -> Result<FeedDiff, StoreError> {
    feed::clamp_future_dates(&mut parsed, now);
    let identities = identify_entries(&parsed.entries);
    let mut seen = HashSet::new();
    let mut diff = FeedDiff::default();
    for (index, (entry, identity)) in parsed.entries.into_iter().zip(identities).enumerate() {
        if !seen.insert(identity.guid.clone()) {
            continue;
        }
        // Nothing is known of a new feed; this saves a query per entry.
        let known = match feed.entry_count {
            0 => None,
            _ => find_entry(&identity.guid, identity.link_key.as_deref())?,
        };
        let digest = entry_digest(&entry);
        if known.is_some_and(|known| known.digest == digest) {
            continue;
        }
        diff.new_entries += usize::from(known.is_none());
        // Without dates, the first of two entries is the newer.
        let undated = now - Duration::seconds(index.try_into().unwrap_or(0));
        diff.upserts.push(build_upsert(entry, identity, digest, known, undated));
    }
    Ok(diff)
}

/// Builds the entry to store; one without a date keeps the date that is stored, or gets `undated`.
fn build_upsert(
    mut entry: ParsedEntry,
    identity: EntryIdentity,
    digest: u64,
    known: Option<EntryFingerprint>,
    undated: DateTime<Utc>,
) -> EntryUpsert {
    let stored_date = known.map(|known| known.published);
    let published = entry
        .dates
        .sort_date()
        .map(PublicationDate::Instant)
        .or(stored_date)
        .unwrap_or(PublicationDate::Arrival(undated));
    let body = take_body(&mut entry);
    let new = NewEntry {
        guid: identity.guid,
        digest,
        title: entry.title.to_single_line(),
        author: feed::join_author_names(&entry.authors),
        published,
        tags: entry.tags,
        body,
        attachments: Attachments {
            files: entry.enclosures.into_iter().map(attached_file).collect(),
            comments: entry.comments,
        },
        link: entry.link,
        page_article: None,
    };
    let upsert = EntryUpsert::new(new, 0, None).with_link_key(identity.link_key);
    match known {
        Some(known) => upsert.with_known_id(known.id),
        None => upsert,
    }
}

/// Moves the text to read out of the entry: there may be megabytes of it.
fn take_body(entry: &mut ParsedEntry) -> EntryBody {
    let text = entry.take_longest_text();
    let format = if text.is_html { BodyFormat::Html } else { BodyFormat::Plain };
    EntryBody { format, text: text.value }
}

fn attached_file(file: Enclosure) -> AttachedFile {
    AttachedFile { url: file.href, media_type: file.media_type, length: file.length }
}

/// Returns the digest of everything that an edit by the publisher would change.
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
