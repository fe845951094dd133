//! Following a folder or a file.

use std::path::Path;

use crate::{
    model::{FeedId, FeedKind},
    refresh::file_address,
    store::{Store, StoreError},
};

/// What following a path came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Followed {
    /// The feed it is.
    pub feed: FeedId,
    /// Its name: the last part of the path.
    pub title: String,
    /// Whether it was not followed before.
    pub is_new: bool,
}

/// Follows `path`, which should be absolute; its files are read by the next refresh.
pub fn follow(store: &mut Store, path: &Path) -> Result<Followed, StoreError> {
    let title = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let (feed, is_new) = store.add_feed(FeedKind::Folder, &file_address(path), &title)?;
    Ok(Followed { feed, title, is_new })
}
