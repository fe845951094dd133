//! Single web pages that the user saves to read later.

use chrono::{DateTime, Utc};

use super::full_text::FetchedPage;
use crate::{
    documents,
    extract::ExtractedArticle,
    model::{Attachments, BodyFormat, EntryBody, FeedKind, NewEntry, PublicationDate},
    store::{EntryUpsert, IngestBatch, IngestCounts, StoreError, WriteConnection},
    text::{stable_digest, url},
};

/// The URL of the feed of saved pages, which is never fetched.
const SAVED_FEED_URL: &str = "saved:";

/// Stores the article of a page in the feed of saved pages, or updates it if the page was saved
/// before.
///
/// An article that states no date has only that of its arrival, `now`.
pub fn save_page(
    store: &mut WriteConnection,
    page: FetchedPage,
    now: DateTime<Utc>,
) -> Result<IngestCounts, StoreError> {
    let FetchedPage { url, article: ExtractedArticle { metadata, html, .. } } = page;
    let link = metadata.link.unwrap_or(url);
    let stated = metadata.published.as_deref().and_then(documents::parse_page_date);
    let published = stated.unwrap_or(PublicationDate::Arrival(now));
    let title = metadata.title.unwrap_or_else(|| url::host(&link).to_owned());
    let entry = NewEntry {
        guid: link.clone(),
        digest: stable_digest(&[title.as_bytes(), html.as_bytes()]),
        title,
        link: Some(link),
        author: metadata.author,
        published,
        tags: metadata.site.into_iter().collect(),
        body: EntryBody { format: BodyFormat::Html, text: html },
        attachments: Attachments::default(),
        page_article: None,
    };
    let upserts = vec![EntryUpsert::new(entry, 0, None)];
    store.in_transaction(|store| {
        let feed = store.add_feed(FeedKind::Saved, SAVED_FEED_URL, "Saved")?.feed;
        store.ingest_batch(&IngestBatch { feed, upserts, missing_files: Vec::new() }, now)
    })
}
