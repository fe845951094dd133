//! The Google Reader API, as FreshRSS, Miniflux, The Old Reader and BazQux speak it: addresses, login,
//! and the calls that all of them answer alike.
//!
//! Each call is one request with its answer checked. What is asked for in which order, and what follows
//! from it, is decided elsewhere (`library::sync`). Start with [`Session`].

mod address;
mod answers;
mod item_file;
mod item_id;
mod session;

pub use address::candidate_addresses;
pub use answers::LabelNames;
pub use item_file::{FiledFolder, FiledItem, ItemFile, MAX_FILE_BYTES, OWN_LIST, parse_item_file};
pub use item_id::parse_item_id;
pub use session::{ItemStream, ListPage, MAX_IDS_PER_REQUEST, Session};
