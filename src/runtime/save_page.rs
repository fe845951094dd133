//! Pages saved one by one, to be read later.

use chrono::Utc;

use super::FetchedPage;
use crate::{
    feed,
    model::{Attachments, BodyFormat, EntryBody, FeedKind, NewEntry, PublicationDate},
    store::{EntryUpsert, IngestBatch, IngestCounts, StoreError, WriteConnection},
    text::{stable_digest, url},
};

/// The address of the feed that saved pages are in; it is never asked.
const SAVED_FEED_URL: &str = "saved:";

/// Stores the article of a page in the feed of saved ones. The same page once more renews what is there.
#[expect(
    clippy::disallowed_methods,
    reason = "a page that names no date was published now, as far as we know"
)]
pub fn save_page(
    store: &mut WriteConnection,
    page: FetchedPage,
) -> Result<IngestCounts, StoreError> {
    let (feed, _) = store.add_feed(FeedKind::Saved, SAVED_FEED_URL, "Saved")?;
    let FetchedPage { url, article } = page;
    let link = article.link.unwrap_or(url);
    let published =
        article.published.as_deref().and_then(feed::date::parse_date).unwrap_or_else(Utc::now);
    let title = article.title.unwrap_or_else(|| url::host(&link).to_owned());
    let entry = NewEntry {
        guid: link.clone(),
        digest: stable_digest(&[title.as_bytes(), article.html.as_bytes()]),
        title,
        link: Some(link),
        author: article.author,
        published: PublicationDate::Instant(published),
        tags: article.site.into_iter().collect(),
        body: EntryBody { format: BodyFormat::Html, text: article.html },
        attachments: Attachments::default(),
        page_article: None,
    };
    let arrivals = vec![EntryUpsert::new(entry, 0, None)];
    store.ingest_batch(
        &IngestBatch { feed, upserts: arrivals, missing_files: Vec::new() },
        Utc::now(),
    )
}
