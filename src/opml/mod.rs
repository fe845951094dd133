//! Subscription lists, in and out: OPML 2.0, and the `urls` file of newsboat.
//!
//! Lists come from many programs, and many are not XML to the letter; whatever can be made out is taken, and what was
//! repaired or refused is said with its line. No list, however it is made, starts a program or takes more than time
//! in proportion to its length.

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
pub use newsboat_urls::parse_newsboat_urls;
pub use parser::parse_opml;
pub use writer::write_opml;

/// Longer lists are not read, in bytes: 64 MiB.
pub const MAX_BYTES: usize = 64 * 1024 * 1024;

/// Folders within folders at the most.
pub const MAX_DEPTH: usize = 256;

/// Outlines of a list at the most, its folders among them.
pub const MAX_OUTLINES: usize = 50_000;

/// Longer names of folders are cut, in bytes: each feed carries the names of all its folders.
const MAX_FOLDER_BYTES: usize = 1000;

/// Tags of one feed at the most.
const MAX_TAGS: usize = 100;

/// Stands between the names of nested folders.
const FOLDER_SEPARATOR: &str = " / ";

/// A feed of a subscription list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpmlOutline {
    /// Where the feed is: `http:`, `https:` or `file:`.
    pub xml_url: String,
    /// Its name in the list.
    pub title: Option<String>,
    /// The address of the website it belongs to.
    pub html_url: Option<String>,
    /// The folder it is in; nested folders are one name, "A / B".
    pub folder: Option<String>,
    /// Its tags, each once.
    pub tags: Vec<String>,
}

/// An entry that was not taken, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RejectedOutline {
    /// Its line in the file, counted from 1.
    pub line: u64,
    /// Its address as the file has it; empty when there is none.
    pub url: String,
    /// Why, as the end of a sentence that begins with the address.
    pub reason: String,
}

/// What a subscription list holds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct OpmlDocument {
    /// The name of the list.
    pub title: Option<String>,
    /// Its feeds in their order, each address once.
    pub outlines: Vec<OpmlOutline>,
    /// What was not taken.
    pub rejected: Vec<RejectedOutline>,
    /// What was repaired or left out, as sentences that begin with the line.
    pub warnings: Vec<String>,
}

#[cfg(test)]
mod property_tests;
#[cfg(test)]
mod tests;
