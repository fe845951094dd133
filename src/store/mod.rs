//! The library: feeds, entries, states and the journal, in SQLite. The one source of truth.
//!
//! A [`Store`] writes; there is one per process, on one thread. A [`Reader`] answers questions on any thread and is
//! never held up by a write (WAL). Nothing here knows of files, folding or screens.

mod entries;
mod error;
mod feeds;
mod ingest;
mod journal;
mod kept;
mod migrate;
mod opening;
mod originals;
mod packed;
mod refreshed;
mod row;
mod segments;
mod states;
mod stored;

pub use error::StoreError;
pub use ingest::{Arrival, Batch, Ingested, KnownFile};
pub use kept::StartState;
pub use opening::{Location, Reader, Store};
pub use refreshed::{About, FeedNews, KnownEntry, Version};
pub use segments::{KnownSegment, NewSegments, TextChanges};
pub use states::States;
pub use stored::Stored;
