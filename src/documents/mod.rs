//! Article files → entries: dated plain text, Markdown, HTML and mail, one by one or in folders.
//!
//! Reads files and nothing else; what a file says is never trusted. A file that cannot be read is one plain sentence,
//! and what is odd about one that can is a complaint beside the entry.

mod dated;
mod dates;
mod decode;
mod error;
mod found;
mod front;
mod html;
mod kind;
mod mail;
mod markdown;
mod read;
mod scan;
mod sentence;
mod text;
mod whole;

pub use decode::MAX_BYTES;
pub use error::DocumentError;
pub use read::{Read, document, parse, read};
pub use scan::{Complaint, FoundFile, MAX_DEPTH, MAX_FILES, Scan, scan};
pub use whole::{About, whole};
