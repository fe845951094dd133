//! Stored articles in the form in which they are published, and in which they come back.

use std::collections::HashMap;

use super::{
    exchange_error::ExchangeError,
    publishable::{is_open, is_publishable},
};
use crate::{
    archive::{Archive, ArchivedArticle, ArticleKey, FarCondition, FarRequest, PublishedArticle},
    library::indexable::{EntryContent, folded_text},
    model::{Attachments, EntryId, Feed, FeedId},
    store::{ReadConnection, StoreError},
};

/// Loads articles that are to be published. Those of other feeds than `feeds`, and those without a text, are left out.
pub(super) fn load_articles(
    reader: &ReadConnection,
    feeds: &HashMap<FeedId, Feed>,
    ids: &[EntryId],
) -> Result<Vec<PublishedArticle>, StoreError> {
    Ok(load_archived(reader, feeds, ids)?.into_iter().map(add_words).collect())
}

/// Removes the articles that the library has as they are, to the byte: its own come back among those of others. The entry
/// that is made of an archived article would differ from the publisher's in what the archive does not keep, such as the
/// digest of the feed's text.
pub(super) fn remove_known(
    reader: &ReadConnection,
    articles: &mut Vec<ArchivedArticle>,
) -> Result<(), StoreError> {
    let mut ids = Vec::new();
    for article in &*articles {
        ids.extend(reader.find_archived_article(&article.key.feed, &article.key.guid)?);
    }
    if ids.is_empty() {
        return Ok(());
    }
    let feeds = reader.list_feeds()?.into_iter().map(|feed| (feed.id, feed)).collect();
    let stored = load_archived(reader, &feeds, &ids)?;
    let stored: HashMap<&ArticleKey, u64> =
        stored.iter().map(|article| (&article.key, article.content_digest())).collect();
    articles.retain(|article| stored.get(&article.key) != Some(&article.content_digest()));
    Ok(())
}

/// Returns those of stored articles that the archive has as they are, to the byte. It is asked about each.
pub(super) fn find_archived(
    archive: &mut dyn Archive,
    reader: &ReadConnection,
    ids: &[EntryId],
) -> Result<Vec<EntryId>, ExchangeError> {
    let feeds = reader.list_feeds()?.into_iter().filter(is_publishable);
    let feeds = feeds.map(|feed| (feed.id, feed)).collect();
    let mut archived = Vec::new();
    for id in ids {
        let Some(article) = load_archived(reader, &feeds, &[*id])?.pop() else { continue };
        let request = FarRequest {
            condition: FarCondition::Article(article.key.clone()),
            before: None,
            limit: 1,
            with_texts: true,
        };
        let found = archive.find(&request)?.hits.pop();
        if found.is_some_and(|hit| hit.article.content_digest() == article.content_digest()) {
            archived.push(*id);
        }
    }
    Ok(archived)
}

/// Loads articles as an archive has them.
fn load_archived(
    reader: &ReadConnection,
    feeds: &HashMap<FeedId, Feed>,
    ids: &[EntryId],
) -> Result<Vec<ArchivedArticle>, StoreError> {
    let mut attachments: HashMap<EntryId, Attachments> = HashMap::new();
    // What cannot be read is damaged here, and is no reason to keep others from being published.
    reader.for_each_full_entry(ids, |entry| {
        attachments.insert(entry.id, entry.attachments);
    })?;
    let mut articles = Vec::new();
    for entry in reader.load_entries(ids)? {
        let Some(feed) = feeds.get(&entry.feed).filter(|_| !entry.state.removed) else { continue };
        let Some(attachments) = attachments.remove(&entry.id) else { continue };
        if reader.is_text_absent(entry.id)? {
            continue;
        }
        let (Some(guid), Some(body)) = (reader.find_guid(entry.id)?, reader.load_body(entry.id)?)
        else {
            continue;
        };
        articles.push(ArchivedArticle {
            key: ArticleKey { feed: feed.url.clone(), guid },
            feed_title: feed.title.clone(),
            is_feed_private: !is_open(feed),
            title: entry.title,
            author: entry.author,
            link: entry.link,
            published: entry.published,
            categories: entry.categories,
            attachments,
            body,
        });
    }
    Ok(articles)
}

fn add_words(article: ArchivedArticle) -> PublishedArticle {
    let text = folded_text(EntryContent {
        title: &article.title,
        author: article.author.as_deref().unwrap_or_default(),
        tags: &article.categories.join(" "),
        link: article.link.as_deref().unwrap_or_default(),
        body: &article.body,
        attachments: &article.attachments,
    });
    PublishedArticle { article, text }
}
