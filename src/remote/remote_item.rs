//! Articles of servers.

use chrono::{DateTime, Utc};

use crate::model::RemoteId;

/// An article as a server sends it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RemoteItem {
    /// The id.
    pub id: Option<RemoteId>,
    /// The server's id of the feed.
    pub feed: String,
    /// The headline, as plain text.
    pub title: String,
    /// The author.
    pub author: Option<String>,
    /// The time of publication.
    pub published: Option<DateTime<Utc>>,
    /// The URL of the article's web page.
    pub link: Option<String>,
    /// The text, as HTML.
    pub html: String,
    /// The categories that the publisher gave the article.
    pub categories: Vec<String>,
    /// Files that belong to the article.
    pub enclosures: Vec<RemoteEnclosure>,
    /// The article was read when the server answered.
    pub is_read: bool,
    /// The article was starred when the server answered.
    pub is_starred: bool,
}

/// A file that belongs to an article.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteEnclosure {
    /// The URL.
    pub url: String,
    /// Media type.
    pub media_type: Option<String>,
    /// Length in bytes; 0 if unknown.
    pub length: u64,
}
