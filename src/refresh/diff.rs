//! The difference between the entries of a feed document and those that are stored.

use std::collections::HashSet;

use chrono::{DateTime, Duration, Utc};

use super::{
    edit::{self, COMPARED_VERSIONS, ChangeCrowd, ComparableText, TextChange},
    entry_matcher::{IdentifiedEntry, match_entries},
    identity::{EntryIdentity, identify_entries},
    stored_entries::StoredEntries,
};
use crate::{
    feed::{self, Enclosure, FeedChapter, FeedDocument, ParsedEntry},
    model::{
        AttachedFile, Attachments, BodyFormat, EntryBody, EpisodeChapter, Feed, NewEntry,
        PublicationDate,
    },
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
    /// Number of edited entries among them. The others differ only in what no reader would call an
    /// edit: the date, the link, a counter.
    pub edited_entries: usize,
}

/// Compares the document of `feed` with the entries that are `stored`.
///
/// Entries that have not changed are left out; of two with one identity, the first counts.
pub fn diff_feed(
    stored: &dyn StoredEntries,
    feed: &Feed,
    mut parsed: FeedDocument,
    now: DateTime<Utc>,
) -> Result<FeedDiff, StoreError> {
    feed::clamp_future_dates(&mut parsed, now);
    let mut entries = identified_entries(parsed);
    // Nothing is known of a new feed; this saves the queries for each entry. The count leaves out what is
    // hidden, in the trash, or dropped from it.
    if feed.entry_count > 0 || !stored.list_newest(1)?.is_empty() {
        match_entries(stored, &mut entries)?;
    }
    let edited = find_edited(stored, &entries)?;
    let mut diff = FeedDiff::default();
    for (index, identified) in entries.into_iter().enumerate() {
        let IdentifiedEntry { entry, identity, digest, known } = identified;
        if known.is_some_and(|known| known.digest == digest) {
            continue;
        }
        // Without dates, the first of two entries is the newer.
        let undated = now - Duration::seconds(index.try_into().unwrap_or(0));
        let upsert = build_upsert(entry, identity, digest, known, undated);
        let is_edited = edited.contains(&index);
        diff.new_entries += usize::from(known.is_none());
        diff.edited_entries += usize::from(is_edited);
        diff.upserts.push(if is_edited { upsert } else { upsert.without_archiving() });
    }
    Ok(diff)
}

/// Identifies the entries of a document; of two with one identity, only the first is returned.
fn identified_entries(parsed: FeedDocument) -> Vec<IdentifiedEntry> {
    let identities = identify_entries(&parsed.entries);
    let mut seen = HashSet::new();
    let entries = parsed.entries.into_iter().zip(identities);
    let first = entries.filter(|(_, identity)| seen.insert(identity.guid.clone()));
    first
        .map(|(entry, identity)| {
            let digest = entry_digest(&entry);
            IdentifiedEntry { entry, identity, digest, known: None }
        })
        .collect()
}

/// Returns the indices of the entries that were edited.
fn find_edited(
    stored: &dyn StoredEntries,
    entries: &[IdentifiedEntry],
) -> Result<HashSet<usize>, StoreError> {
    let mut candidates = Vec::new();
    let mut crowd = ChangeCrowd::default();
    for (index, identified) in entries.iter().enumerate() {
        let changed_entry = identified.known.filter(|known| known.digest != identified.digest);
        let Some(known) = changed_entry else { continue };
        let Some((title, body)) = stored.load_text(known.id)? else { continue };
        let old = ComparableText::from_stored(title, body);
        let changes = old.changes_to(&ComparableText::from_parsed(&identified.entry));
        crowd.add_article(&changes);
        candidates.push((index, known, changes));
    }
    let mut edited = HashSet::new();
    for (index, known, changes) in candidates {
        if edit::is_edit(&changes, &[], &crowd)
            && edit::is_edit(&changes, &earlier_changes(stored, known)?, &crowd)
        {
            edited.insert(index);
        }
    }
    Ok(edited)
}

/// Returns the changes that led to the stored text of an entry, newest first.
fn earlier_changes(
    stored: &dyn StoredEntries,
    known: EntryFingerprint,
) -> Result<Vec<Vec<TextChange>>, StoreError> {
    let Some((title, body)) = stored.load_text(known.id)? else { return Ok(Vec::new()) };
    let mut newer = ComparableText::from_stored(title, body);
    let mut changes = Vec::new();
    for version in stored.list_versions(known.id)?.into_iter().take(COMPARED_VERSIONS) {
        let older = ComparableText::from_stored(version.title, version.body);
        changes.push(older.changes_to(&newer));
        newer = older;
    }
    Ok(changes)
}

/// Builds the entry to store; one without a date keeps the date that is stored, or gets `undated`.
pub(super) fn build_upsert(
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
            unsubscribe: None,
            chapters: entry.extras.chapters.into_iter().map(episode_chapter).collect(),
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
    AttachedFile {
        url: file.href,
        media_type: file.media_type,
        length: file.length,
        description: file.description,
        seconds: file.seconds,
    }
}

fn episode_chapter(chapter: FeedChapter) -> EpisodeChapter {
    let FeedChapter { start_seconds: second, title, link: url } = chapter;
    EpisodeChapter { second, title, url }
}

/// Returns the digest of everything by whose change an entry is stored again.
///
/// The descriptions and durations of files, and chapters, are part of it only where there are any: the
/// digests of other entries are as earlier versions stored them.
pub(super) fn entry_digest(entry: &ParsedEntry) -> u64 {
    let link = entry.link.as_deref().unwrap_or_default();
    let date = entry.dates.sort_date().map_or(0, |at| at.timestamp()).to_le_bytes();
    let text = entry.longest_text().value.as_bytes();
    let mut parts = vec![entry.title.value.as_bytes(), link.as_bytes(), &date, text];
    let durations: Vec<[u8; 4]> =
        entry.enclosures.iter().filter_map(|file| file.seconds.map(u32::to_le_bytes)).collect();
    let descriptions = entry.enclosures.iter().filter_map(|file| file.description.as_deref());
    parts.extend(descriptions.map(str::as_bytes));
    parts.extend(durations.iter().map(<[u8; 4]>::as_slice));
    let starts: Vec<[u8; 4]> =
        entry.extras.chapters.iter().map(|chapter| chapter.start_seconds.to_le_bytes()).collect();
    for (chapter, start) in entry.extras.chapters.iter().zip(&starts) {
        parts.extend([start.as_slice(), chapter.title.as_bytes()]);
    }
    stable_digest(&parts)
}
