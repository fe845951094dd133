//! The Fever API, as CommaFeed, coldsweat, yarr, FreshRSS and Miniflux speak it: addresses, the key, and
//! the calls that all of them answer alike.
//!
//! It knows no subscriptions that could be changed, sends articles fifty at a time, and takes marks one at
//! a time. Feeds and groups are never marked as a whole: that would mark articles that the user has not
//! seen. What is asked for in which order is decided elsewhere (`library::sync`). Start with
//! [`FeverSession`].

mod address;
mod answers;
mod api_key;
mod fever_session;
mod item_pages;

pub use address::candidate_endpoints;
pub use fever_session::{FeverSession, MAX_IDS_PER_REQUEST};
