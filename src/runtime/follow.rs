//! Following: a folder, a file, a feed, a program.

use std::path::Path;

use crate::{
    model::{Collection, FeedId, FeedKind, NewFeed, Subscription},
    opml::{self, Outline},
    refresh::{file_address, file_path},
    store::{Store, StoreError},
};

/// Ends of the names of files that are feed documents, not articles.
const DOCUMENTS: [&str; 5] = ["xml", "rss", "atom", "rdf", "json"];

/// What following something came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The feed it is.
    pub feed: FeedId,
    /// Its name.
    pub title: String,
    /// Whether it was not followed before.
    pub is_new: bool,
}

/// Follows `path`, which should be absolute; its files are read by the next refresh.
pub fn follow(store: &mut Store, path: &Path) -> Result<Followed, StoreError> {
    let title = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    subscribe(store, kind_of_path(path), &file_address(path), title, &Subscription::default())
}

/// Follows a program of the settings, `exec:NAME`.
pub fn follow_program(store: &mut Store, url: &str, how: &Subscription) -> Result<Followed, StoreError> {
    let title = url.strip_prefix("exec:").unwrap_or(url).to_owned();
    subscribe(store, FeedKind::Program, url, title, how)
}

/// Follows feeds; gives the ids of those that are new.
pub fn follow_all(store: &mut Store, feeds: &[NewFeed]) -> Result<Vec<FeedId>, StoreError> {
    let mut new = Vec::new();
    for feed in feeds {
        let kind = file_path(&feed.url).map_or(FeedKind::Web, |path| kind_of_path(&path));
        let followed = subscribe(store, kind, &feed.url, feed.title.clone(), &feed.subscription)?;
        new.extend(followed.is_new.then_some(followed.feed));
    }
    Ok(new)
}

/// The feeds of a subscription list.
pub fn listed(outlines: Vec<Outline>) -> Vec<NewFeed> {
    let feed = |outline: Outline| NewFeed {
        title: outline.title.clone().unwrap_or_else(|| outline.address.clone()),
        url: outline.address,
        subscription: Subscription {
            name: outline.title,
            folder: outline.folder,
            tags: outline.tags,
            ..Subscription::default()
        },
    };
    outlines.into_iter().map(feed).collect()
}

/// Small collections of feeds to begin with, by subject.
pub fn collections() -> Vec<Collection> {
    let list = opml::read(include_str!("../../assets/feeds.opml")).expect("a test reads the collections");
    let mut collections: Vec<Collection> = Vec::new();
    for feed in listed(list.outlines) {
        let name = feed.subscription.folder.clone().unwrap_or_default();
        match collections.iter_mut().find(|collection| collection.name == name) {
            Some(collection) => collection.feeds.push(feed),
            None => collections.push(Collection { name, feeds: vec![feed] }),
        }
    }
    collections
}

/// A single file may be a feed document; everything else is a folder of articles, or an article.
fn kind_of_path(path: &Path) -> FeedKind {
    let end = path.extension().and_then(|end| end.to_str()).unwrap_or_default().to_ascii_lowercase();
    if path.is_file() && DOCUMENTS.contains(&end.as_str()) { FeedKind::Web } else { FeedKind::Folder }
}

fn subscribe(
    store: &mut Store,
    kind: FeedKind,
    url: &str,
    title: String,
    how: &Subscription,
) -> Result<Followed, StoreError> {
    let (feed, is_new) = store.subscribe(kind, url, &title, how)?;
    Ok(Followed { feed, title, is_new })
}
