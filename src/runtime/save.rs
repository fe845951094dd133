//! Pages saved one by one, to be read later.

use chrono::Utc;

use super::Page;
use crate::{
    feed,
    model::{Attached, Body, BodyFormat, FeedKind, NewEntry, Stamp},
    refresh::digest,
    store::{Arrival, Batch, Ingested, Store, StoreError},
    text::address,
};

/// The address of the feed that saved pages are in; it is never asked.
const SAVED: &str = "saved:";

/// Stores the article of a page in the feed of saved ones. The same page once more renews what is there.
#[expect(
    clippy::disallowed_methods,
    reason = "a page that names no date was published now, as far as we know"
)]
pub fn save_page(store: &mut Store, page: Page) -> Result<Ingested, StoreError> {
    let (feed, _) = store.add_feed(FeedKind::Saved, SAVED, "Saved")?;
    let Page { url, article } = page;
    let link = article.link.unwrap_or(url);
    let published = article.published.as_deref().and_then(feed::date::parse).unwrap_or_else(Utc::now);
    let title = article.title.unwrap_or_else(|| address::host(&link).to_owned());
    let entry = NewEntry {
        guid: link.clone(),
        digest: digest(&[title.as_bytes(), article.html.as_bytes()]),
        title,
        link: Some(link),
        author: article.author,
        published: Stamp::Instant(published),
        tags: article.site.into_iter().collect(),
        body: Body { format: BodyFormat::Html, text: article.html },
        attached: Attached::default(),
        article: None,
    };
    let arrivals = vec![Arrival::new(entry, 0, None)];
    store.ingest(&Batch { feed, arrivals, missing: Vec::new() }, Utc::now())
}
