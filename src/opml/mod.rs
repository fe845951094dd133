//! Subscription lists: reads OPML 2.0 and newsboat's `urls` file, writes OPML 2.0.
//!
//! Lists come from many programs, and many are not valid XML. [`parse_opml`] recovers as many feeds
//! as it can and reports every repair and every rejected outline with its line. Importing a list
//! never starts a program, and takes time linear in the length of the list.
//!
//! Start reading at [`parse_opml`] (`parser`), [`parse_newsboat_urls`] or [`write_opml`]
//! (`writer`). Subscribing to the feeds of a list is not here.

mod chunks;
mod collector;
mod error;
mod escape;
mod feed_url;
mod folder_stack;
mod newsboat_urls;
mod outline_attributes;
mod parser;
mod writer;

pub use error::OpmlError;
pub use feed_url::check_feed_url;
pub use newsboat_urls::{is_url_list, parse_newsboat_urls, split_urls_line};
pub use parser::parse_opml;
pub use writer::write_opml;

/// Maximum length of a list in bytes: 64 MiB.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Maximum depth of nested folders.
pub const MAX_DEPTH: usize = 256;

/// Maximum number of outlines in a list, including folders.
pub const MAX_OUTLINES: usize = 50_000;

/// Maximum length of a folder path in bytes: each feed stores the names of all its folders.
const MAX_FOLDER_BYTES: usize = 1000;

/// Maximum number of tags per feed.
const MAX_TAGS: usize = 100;

/// Separator between the names of nested folders.
const FOLDER_SEPARATOR: &str = " / ";

/// A feed in a subscription list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpmlOutline {
    /// URL of the feed: `http:`, `https:` or `file:`.
    pub xml_url: String,
    /// Title in the list.
    pub title: Option<String>,
    /// URL of the website.
    pub html_url: Option<String>,
    /// Folder of the feed; nested folders are joined to one name, "A / B".
    pub folder: Option<String>,
    /// Tags, each once.
    pub tags: Vec<String>,
}

/// An outline that was not imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedOutline {
    /// Line in the file, counted from 1.
    pub line: u64,
    /// URL as written in the file; empty if there is none.
    pub url: String,
    /// Reason, as the end of a sentence that begins with the URL.
    pub reason: String,
}

/// The contents of a subscription list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpmlDocument {
    /// Title of the list.
    pub title: Option<String>,
    /// Feeds in the order of the list, each URL once.
    pub outlines: Vec<OpmlOutline>,
    /// Outlines that were not imported.
    pub rejected: Vec<RejectedOutline>,
    /// Problems that were repaired or skipped, as sentences that begin with the line.
    pub warnings: Vec<String>,
    /// True if feeds are missing because the list is cut off or exceeds a limit; a warning says
    /// why.
    pub is_incomplete: bool,
}

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;
