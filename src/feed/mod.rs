//! Feed documents: bytes from anywhere into a feed and its entries.
//!
//! RSS 0.90 to 2.0, Atom 0.3 and 1.0, CDF and JSON Feed, whatever state they are in: [`parse()`] repairs what it can, says
//! what it repaired, and keeps every entry that is whole. Time and memory are bounded by the size of the document.

mod autodiscovery;
mod builder;
pub mod date;
mod decode;
mod elements;
mod fallbacks;
mod feed_document;
mod json_feed;
mod link_url;
mod namespaces;
mod parse;
mod person;
mod relative_urls;
mod text_construct;
mod warning;
mod xml_parser;
mod xml_tokenizer;

pub use autodiscovery::{complete_user_url, find_feed_links, guess_feed_urls, known_site_feeds};
pub use feed_document::{
    Enclosure, EntryExtras, FeedDates, FeedDocument, FeedFormat, FeedLink, ParsedEntry, ParsedFeed,
    Person, TextConstruct, UpdateSchedule,
};
pub use parse::{FeedParseError, ParseHints, clamp_future_dates, decode_text, parse};
pub use warning::FeedWarning;
