//! The library database: feeds, entries, their states and tags, and the journal, in SQLite. The
//! single source of truth of the program.
//!
//! A [`WriteConnection`] writes; each process has one, on one thread. A [`ReadConnection`] runs
//! queries on any thread and never waits for a write (SQLite's write-ahead log, WAL). Article
//! files, text folding for searches, and the screen are handled elsewhere.
//!
//! Start with `connection.rs` (opening a library), then `ingest.rs` (storing entries), `entries.rs`
//! (queries about entries) and `journal.rs` (undo and redo). The tables are in `assets/migrations`.

mod account_check;
mod account_feed_links;
mod account_feeds;
mod account_release;
mod accounts;
mod acting_rules;
mod applied_change;
mod apply_change;
mod archive_marks;
mod archive_offers;
mod archive_outbox;
mod archive_state;
mod attached_files;
mod backup;
mod column_values;
mod compression;
mod connection;
mod copies;
mod copy_counts;
mod copy_map;
mod database_file;
mod downloads;
mod dropped_entries;
mod entries;
mod entry_relations;
mod entry_rows;
mod entry_weights;
mod error;
mod feed_credentials;
mod feed_merge;
mod feed_outbox;
mod feed_update;
mod feeds;
mod full_entry;
mod full_text;
mod imported_entries;
mod index_manifest;
mod ingest;
mod journal;
mod journal_rows;
mod journal_steps;
mod label_outbox;
mod mailboxes;
mod mark_scope;
mod migrations;
mod newest_entries;
mod other_instances;
mod outbox;
mod overtaken;
mod preferences;
mod private_files;
mod queue_places;
mod readable_rows;
mod recorded_changes;
mod restore;
mod row_check;
mod rule_acts;
mod rule_file;
mod salvage;
mod salvage_losses;
mod salvage_mend;
mod schema;
mod sent_feed_changes;
mod settled_syncs;
mod shared_marks;
mod state_bitmaps;
mod state_pages;
mod stored_identity;
mod stories;
mod story_links;
mod story_lists;
mod story_map;
mod story_rows;
mod synced_entries;
mod table_salvage;
mod tag_bitmaps;
mod tags;
mod text_copies;
mod text_copy_joins;
mod trash;
mod unseen_edits;
mod unsent_marks;
mod user_stars;
mod version_texts;
mod versions;
mod views;
mod write_transaction;

pub use account_check::AccountCheck;
pub use account_feeds::AccountFeed;
pub use archive_marks::ArchiveMarkExchange;
pub use archive_outbox::{ArchiveMark, WaitingArchiveMark};
pub use archive_state::{
    ArchiveFeed, ArchiveState, ArchivedBatch, ArrivalSpan, NewArchiveFeed, PublicationQueue,
};
pub use attached_files::FileOwner;
pub use backup::write_backup;
pub use connection::{LibraryLocation, ReadConnection, WriteConnection};
pub use copy_map::CopyMap;
pub use entry_relations::EntryRelations;
pub use error::StoreError;
pub use feed_credentials::split_credentials;
pub use feed_merge::FeedMerge;
pub use feed_update::{FeedMetadata, FeedUpdate};
pub use feeds::AddedFeed;
pub use full_entry::FullEntry;
pub use full_text::PageWithoutText;
pub use imported_entries::StoredImport;
pub use index_manifest::{ManifestUpdate, SegmentRecord, TextChanges};
pub use ingest::{EntryUpsert, FileFingerprint, IngestBatch, IngestOutcome};
pub use mailboxes::MailboxFingerprint;
pub use preferences::Preferences;
pub use private_files::{create_private_folder, make_private};
pub use restore::{RestoredLibrary, WaitingMarks, restore_backup};
pub use row_check::DamagedRow;
pub use rule_acts::{ActOnStored, ActsOfRule};
pub use rule_file::RuleFileAccess;
pub use salvage::{SalvageReport, salvage_library};
pub use salvage_losses::{FeedLoss, LostRows, TableLoss};
pub use settled_syncs::SettledLists;
pub use state_bitmaps::StateBitmaps;
pub use stored_identity::{EntryFingerprint, StoredIdentity};
pub use stories::{QueuedStory, StoryUpdate};
pub use story_map::StoryMap;
pub use story_rows::{StoryRow, StoryState};
pub use synced_entries::{StoredItem, SyncedArticles, SyncedItem};
pub use tag_bitmaps::TagBitmaps;
pub use unsent_marks::OutboxPart;
pub use versions::EntryVersion;
