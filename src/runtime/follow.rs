//! Following: a folder, a file, a feed, a program.

use std::path::Path;

use crate::{
    model::{Candidate, FeedId, FeedKind, Subscription},
    opml::Outline,
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

/// Follows a feed that was found.
pub fn follow_feed(store: &mut Store, found: &Candidate, how: &Subscription) -> Result<Followed, StoreError> {
    subscribe(store, FeedKind::Web, &found.url, found.title.clone(), how)
}

/// Follows a program of the settings, `exec:NAME`.
pub fn follow_program(store: &mut Store, url: &str, how: &Subscription) -> Result<Followed, StoreError> {
    let title = url.strip_prefix("exec:").unwrap_or(url).to_owned();
    subscribe(store, FeedKind::Program, url, title, how)
}

/// Follows the feeds of a subscription list; tells how many are new.
pub fn follow_all(store: &mut Store, outlines: &[Outline]) -> Result<usize, StoreError> {
    let mut new = 0;
    for outline in outlines {
        let kind = file_path(&outline.address).map_or(FeedKind::Web, |path| kind_of_path(&path));
        let title = outline.title.clone().unwrap_or_else(|| outline.address.clone());
        let how = Subscription {
            name: outline.title.clone(),
            folder: outline.folder.clone(),
            tags: outline.tags.clone(),
            ..Subscription::default()
        };
        new += usize::from(subscribe(store, kind, &outline.address, title, &how)?.is_new);
    }
    Ok(new)
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
