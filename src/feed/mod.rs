//! Feed documents: parses bytes into a feed and its entries.
//!
//! RSS 0.90 to 2.0, Atom 0.3 and 1.0, CDF and JSON Feed. [`parse()`] repairs damaged documents,
//! reports each repair as a [`FeedWarning`], and keeps every complete entry. Time and memory are
//! bounded by the size of the document and by a budget (`budget`): a document that asks for more is an
//! error.
//!
//! Start reading at [`parse()`]. XML takes this way: `xml_tokenizer` cuts the text into tags and
//! text, `xml_parser` tracks the open elements, `elements` maps each element to an action,
//! `builder` collects the values, and `fallbacks` fills in what the document leaves out.
//! `json_feed` reads JSON with `json_value`, and `json_repair` repairs it. Fetching documents and comparing them with stored entries is not here.

mod autodiscovery;
mod budget;
mod builder;
mod common_fields;
pub mod date;
mod decode;
mod duration;
mod elements;
mod error;
mod fallbacks;
mod feed_document;
mod json_feed;
mod json_repair;
mod json_value;
mod known_sites;
mod link_url;
mod namespaces;
mod page_refresh;
mod parse;
mod person;
mod picture_descriptions;
mod relative_urls;
mod text_construct;
mod title_markup;
mod unique_strings;
mod warning;
mod xml_parser;
mod xml_tokenizer;

pub use autodiscovery::{
    PageFeedLinks, complete_user_url, find_feed_links, guess_feed_urls, is_comment_feed,
    is_feed_relation,
};
pub use error::FeedParseError;
pub use fallbacks::ensure_headline;
pub use feed_document::{
    Enclosure, EntryExtras, FeedChapter, FeedDates, FeedDocument, FeedFormat, FeedLink,
    ParsedEntry, ParsedFeed, Person, TextConstruct, UpdateSchedule,
};
pub use known_sites::known_site_feeds;
pub use page_refresh::refresh_target;
pub use parse::{ParseHints, clamp_future_dates, decode_text, parse};
pub use person::join_author_names;
pub use warning::FeedWarning;
