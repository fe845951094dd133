//! Feed documents: bytes from anywhere into a feed and its entries.
//!
//! RSS 0.90 to 2.0, Atom 0.3 and 1.0, CDF and JSON Feed, whatever state they are in: [`parse`] repairs what it can, says
//! what it repaired, and keeps every entry that is whole. Time and memory are bounded by the size of the document.

mod address;
mod complaint;
pub mod date;
mod decode;
mod discover;
mod draft;
mod events;
mod finish;
mod json;
mod machine;
mod names;
mod parse;
mod parsed;
mod person;
mod relative;
mod value;
mod vocabulary;

pub use complaint::Complaint;
pub use discover::{address, links, usual_places, well_known};
pub use parse::{Hints, ParseError, keep_to_the_present, parse, text};
pub use parsed::{
    Aside, Dates, Enclosure, Format, Link, Pace, Parsed, ParsedEntry, ParsedFeed, Person, Rich,
};
