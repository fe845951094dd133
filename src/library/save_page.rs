//! Single web pages that the user saves to read later.

use chrono::{DateTime, Utc};

use super::{
    discover::plain_http_url,
    feed_source::FeedSources,
    full_text::{FetchedPage, fetch_article},
};
use crate::{
    documents,
    extract::ExtractedArticle,
    feed,
    model::{
        Actor, Attachments, BodyFormat, EntryBody, EntryId, Failure, FailureKind, FeedId, FeedKind,
        NewEntry, PublicationDate,
    },
    store::{AddedFeed, EntryUpsert, IngestBatch, IngestOutcome, StoreError, WriteConnection},
    text::{UrlTrust, redact_user_info, stable_digest, url},
};

/// The advice to a user whose page was not saved.
const SAVE_ADVICE: &str = "Nothing was saved. Check the address in a browser, and try again.";

/// The URL of the feed of saved pages, which is never fetched.
pub(super) const SAVED_FEED_URL: &str = "saved:";

/// The title of the feed of saved pages.
const SAVED_FEED_TITLE: &str = "Saved";

/// Fetches the page at the address that the user typed, which may leave out the scheme and may be in
/// the private network. Without a scheme, `http://` is tried where `https://` fails: a host in the
/// user's own network may not have HTTPS.
///
/// # Errors
///
/// Fails if the text is not the address of a web page, or the page cannot be fetched or has no
/// article.
pub fn fetch_typed_page(sources: &FeedSources, typed: &str) -> Result<FetchedPage, Failure> {
    let url = feed::complete_user_url(typed).map_err(|reason| {
        Failure::new(FailureKind::Feed, format!("“{}” {reason}", redact_user_info(typed)))
    })?;
    let fetch = |url: &str| fetch_article(sources, url, UrlTrust::UserSupplied, "");
    let to_failure = |tried: &str, reason: &str| {
        let page = redact_user_info(typed);
        let summary = format!("Cannot save {page}{tried}: {reason}");
        Failure { detail: SAVE_ADVICE.to_owned(), ..Failure::new(FailureKind::Feed, summary) }
    };
    fetch(&url).or_else(|reason| match plain_http_url(typed, &url) {
        Some(plain) => {
            fetch(&plain).map_err(|reason| to_failure(" by https:// or http://", &reason))
        }
        None => Err(to_failure("", &reason)),
    })
}

/// Stores the article of a page in the feed of saved pages, or updates it if the page was saved
/// before.
///
/// An article that states no date has only that of its arrival, `now`.
pub fn save_page(
    store: &mut WriteConnection,
    page: FetchedPage,
    now: DateTime<Utc>,
) -> Result<IngestOutcome, StoreError> {
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
    let upserts = vec![EntryUpsert::new(entry, 0, None).leaving_trash()];
    store.in_transaction(|store| {
        let feed = subscribe_to_saved_pages(store, (&Actor::User, now))?.feed;
        store.ingest_batch(&IngestBatch { feed, upserts, missing_files: Vec::new() }, now)
    })
}

/// The feed of saved pages, to which the library is subscribed.
pub(super) struct SavedPages {
    /// The feed.
    pub(super) feed: FeedId,
    /// The pages that it had when it was unsubscribed. They are in the trash.
    pub(super) former_pages: Vec<EntryId>,
}

/// Makes the feed of saved pages, or subscribes to it again. The pages that it had come back into the trash
/// only, as a change that can be undone: the user has unsubscribed from them, and saves other ones.
pub(super) fn subscribe_to_saved_pages(
    store: &mut WriteConnection,
    by: (&Actor, DateTime<Utc>),
) -> Result<SavedPages, StoreError> {
    let AddedFeed { feed, is_new } =
        store.add_feed(FeedKind::Saved, SAVED_FEED_URL, SAVED_FEED_TITLE)?;
    let former_pages = if is_new { store.remove_entries_of_feed(feed, by)? } else { Vec::new() };
    Ok(SavedPages { feed, former_pages })
}
