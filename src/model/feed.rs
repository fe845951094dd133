//! Where entries come from.

use super::FeedId;

/// What a feed is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeedKind {
    /// The bundled sample library.
    Samples,
    /// A folder of article files, or a single file.
    Folder,
}

/// How the last refresh of a feed went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// Everything could be read.
    Fine,
    /// Something could not; the sentence says what.
    Failing(String),
}

/// A source of entries and what is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Feed {
    /// Row id.
    pub id: FeedId,
    /// What it is made of.
    pub kind: FeedKind,
    /// Where it is: a `file:` address, or `samples:`.
    pub url: String,
    /// Its name, as lists show it.
    pub title: String,
    /// The folder the user put it in.
    pub folder: Option<String>,
    /// Entries in it.
    pub total: u64,
    /// Unread entries in it.
    pub unread: u64,
    /// How the last refresh went.
    pub health: Health,
}
