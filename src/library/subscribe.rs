//! Subscriptions to folders, files, web feeds and programs.

use std::path::Path;

use chrono::{DateTime, Utc};

use super::samples::hide_samples;
use crate::{
    documents::is_article_file,
    model::{
        AccountId, Actor, AppliedChange, Change, FeedId, FeedKind, FeedNetwork, FetchOptions,
        NewFeed, StarterCollection, Subscription,
    },
    opml::{self, OpmlOutline},
    refresh::{file_url_to_path, path_to_file_url},
    store::{AddedFeed, StoreError, WriteConnection},
    text::url,
};

/// File name extensions of feed documents; other files are articles.
pub(super) const FEED_FILE_EXTENSIONS: [&str; 5] = ["xml", "rss", "atom", "rdf", "json"];

/// The outcome of subscribing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscribeOutcome {
    /// The feed.
    pub feed: FeedId,
    /// The title of the feed.
    pub title: String,
    /// False if the feed was subscribed to before.
    pub is_new: bool,
}

/// Subscribes to the file or folder at `path`, which should be absolute. The next refresh reads it.
pub fn subscribe_path(
    store: &mut WriteConnection,
    path: &Path,
    subscription: &Subscription,
) -> Result<SubscribeOutcome, StoreError> {
    let title = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let (kind, url) = (feed_kind_of_path(path), path_to_file_url(path));
    store_subscription(store, kind, &url, title, subscription)
}

/// Subscribes to the output of a program in the settings; `url` is `exec:NAME`.
pub fn subscribe_program(
    store: &mut WriteConnection,
    url: &str,
    subscription: &Subscription,
) -> Result<SubscribeOutcome, StoreError> {
    let title = url.strip_prefix("exec:").unwrap_or(url).to_owned();
    store_subscription(store, FeedKind::Program, url, title, subscription)
}

/// Subscribes to a feed: a URL, or the URL of a file or folder; or to one of an account.
pub fn subscribe_feed(
    store: &mut WriteConnection,
    feed: &NewFeed,
) -> Result<SubscribeOutcome, StoreError> {
    if let Some(account) = feed.account {
        return subscribe_on_server(store, account, feed);
    }
    let kind = file_url_to_path(&feed.url).map_or(FeedKind::Web, |path| feed_kind_of_path(&path));
    let outcome =
        store_subscription(store, kind, &feed.url, feed.title.clone(), &feed.subscription)?;
    // Who subscribes again to a feed that has come into the private network trusts it there.
    if outcome.is_new || feed.network.private_origin().is_some() {
        store.set_feed_network(outcome.feed, &feed.network)?;
    }
    Ok(outcome)
}

/// Subscribes to a feed on the server of an account, which is told at the next sync. The server finds
/// the feed of a page, and fetches it.
fn subscribe_on_server(
    store: &mut WriteConnection,
    account: AccountId,
    feed: &NewFeed,
) -> Result<SubscribeOutcome, StoreError> {
    let NewFeed { url, title, subscription, .. } = feed;
    // A server gets no login, and has requests of its own.
    let subscription = Subscription { fetch: FetchOptions::default(), ..subscription.clone() };
    let url = url::without_user_info(url);
    let added = store.subscribe_on_server(account, (&url, title), &subscription)?;
    Ok(SubscribeOutcome { feed: added.feed, title: title.clone(), is_new: added.is_new })
}

/// Subscribes to feeds and returns the ids of those that are new.
pub fn subscribe_all(
    store: &mut WriteConnection,
    feeds: &[NewFeed],
) -> Result<Vec<FeedId>, StoreError> {
    let mut new_ids = Vec::new();
    for feed in feeds {
        let outcome = subscribe_feed(store, feed)?;
        new_ids.extend(outcome.is_new.then_some(outcome.feed));
    }
    Ok(new_ids)
}

/// Subscribes by calling `subscribe`, which returns the new feeds, and hides the samples if there are
/// any, in one transaction. Returns the changes of `actor`, which can be undone.
pub fn store_subscriptions<T>(
    store: &mut WriteConnection,
    (actor, now): (&Actor, DateTime<Utc>),
    subscribe: impl FnOnce(&mut WriteConnection) -> Result<(Vec<FeedId>, T), StoreError>,
) -> Result<(Vec<AppliedChange>, T), StoreError> {
    store.in_transaction(|store| {
        let (new_feeds, outcome) = subscribe(store)?;
        // The samples come first in the journal, so that undo takes back the subscription first.
        let hidden = if new_feeds.is_empty() { None } else { hide_samples(store, (actor, now))? };
        let subscribed = journal_subscriptions(store, new_feeds, (actor, now))?;
        Ok((hidden.into_iter().chain(subscribed).collect(), outcome))
    })
}

/// Writes new subscriptions to the journal as one change that can be undone. Returns `None` if
/// there are none.
fn journal_subscriptions(
    store: &mut WriteConnection,
    feeds: Vec<FeedId>,
    (actor, now): (&Actor, DateTime<Utc>),
) -> Result<Option<AppliedChange>, StoreError> {
    let mut changes: Vec<Change> =
        feeds.into_iter().map(|feed| Change::set_unsubscribed(feed, false)).collect();
    let change = match changes.len() {
        0 => return Ok(None),
        1 => changes.remove(0),
        _ => Change::Many(changes),
    };
    store.apply_change_by(actor, &change, now).map(Some)
}

/// Converts the outlines of a subscription list to feeds to subscribe to.
pub fn feeds_from_outlines(outlines: Vec<OpmlOutline>) -> Vec<NewFeed> {
    let to_new_feed = |outline: OpmlOutline| NewFeed {
        title: outline.title.clone().unwrap_or_else(|| outline.xml_url.clone()),
        url: outline.xml_url,
        subscription: Subscription {
            name: outline.title,
            folder: outline.folder,
            tags: outline.tags,
            ..Subscription::default()
        },
        network: FeedNetwork::Unknown,
        account: None,
    };
    outlines.into_iter().map(to_new_feed).collect()
}

/// Returns the bundled starter collections: a few feeds for each of several topics.
pub fn starter_collections() -> Vec<StarterCollection> {
    let list = opml::parse_opml(include_str!("../../assets/feeds.opml"))
        .expect("a test parses the bundled collections");
    let mut collections: Vec<StarterCollection> = Vec::new();
    for feed in feeds_from_outlines(list.outlines) {
        let name = feed.subscription.folder.clone().unwrap_or_default();
        match collections.iter_mut().find(|collection| collection.name == name) {
            Some(collection) => collection.feeds.push(feed),
            None => collections.push(StarterCollection { name, feeds: vec![feed] }),
        }
    }
    collections
}

/// Returns the kind of feed at `path`: [`FeedKind::Web`] for a feed document, and
/// [`FeedKind::Folder`] for a folder of articles or a single article.
fn feed_kind_of_path(path: &Path) -> FeedKind {
    if is_feed_document(path) { FeedKind::Web } else { FeedKind::Folder }
}

/// Returns true if `path` is a file that may be a feed document: its extension is one of those of
/// feeds, or it is no file of articles.
pub fn is_feed_document(path: &Path) -> bool {
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let is_feed_file =
        FEED_FILE_EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known));
    path.is_file() && (is_feed_file || !is_article_file(path))
}

fn store_subscription(
    store: &mut WriteConnection,
    kind: FeedKind,
    url: &str,
    title: String,
    subscription: &Subscription,
) -> Result<SubscribeOutcome, StoreError> {
    let AddedFeed { feed, is_new } = store.subscribe(kind, url, &title, subscription)?;
    Ok(SubscribeOutcome { feed, title, is_new })
}
