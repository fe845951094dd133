//! The library: feeds, entries, states and the journal, in SQLite. The one source of truth.
//!
//! A [`WriteConnection`] writes; there is one per process, on one thread. A [`ReadConnection`] answers questions on any thread and is
//! never held up by a write (WAL). Nothing here knows of files, folding or screens.

mod column_values;
mod compression;
mod connection;
mod entries;
mod error;
mod feed_update;
mod feeds;
mod full_entry;
mod full_text;
mod index_manifest;
mod ingest;
mod journal;
mod migrations;
mod preferences;
mod state_bitmaps;

pub use connection::{LibraryLocation, ReadConnection, WriteConnection};
pub use error::StoreError;
pub use feed_update::{EntryFingerprint, EntryVersion, FeedMetadata, FeedUpdate};
pub use full_entry::FullEntry;
pub use index_manifest::{ManifestUpdate, SegmentRecord, TextChanges};
pub use ingest::{EntryUpsert, FileFingerprint, IngestBatch, IngestCounts};
pub use preferences::Preferences;
pub use state_bitmaps::StateBitmaps;
