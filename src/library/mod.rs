//! The services of a library of articles: searching, indexing, refreshing, subscribing, importing, exporting, saving.
//!
//! Everything here is called by someone else, by a thread of the reader or by a command of the command line, and
//! returns when it is done. No thread outlives the call that starts it, and nothing is known of the app or the
//! terminal.
//!
//! Start reading in [`Searcher`] for what a list shows, in [`refresh_library`] for what a refresh does, and in
//! [`IndexMaintainer`] for how the index follows the library.

mod catch_panic;
pub mod clock;
mod discover;
mod feed_source;
mod fetch_pool;
mod fetch_queue;
mod full_text;
mod image_files;
mod index_maintenance;
mod indexable;
mod local_days;
mod prefetch;
mod read_folder;
mod readable;
mod refresh_progress;
mod refresh_run;
mod samples;
mod save_page;
mod search;
mod store_output;
mod subscribe;
mod subscription_files;
mod user_files;

pub use catch_panic::catch_panic;
pub use discover::discover_feeds;
pub use feed_source::{FeedSources, RESPONSE_MEMORY_BYTES};
pub use full_text::{FetchedPage, fetch_page};
pub use image_files::{ImageFiles, image_failure};
pub use index_maintenance::{
    IndexMaintainer, IndexingError, MIN_CHANGES_TO_INDEX, index_error_summary,
};
pub use local_days::local_day_start;
pub use prefetch::PrefetchedFullText;
pub use readable::{ReadableEntry, load_readable};
pub use refresh_run::{RefreshOutput, RefreshWrite, refresh_library};
pub use samples::{SAMPLES, hide_samples, parse_samples, store_samples};
pub use save_page::save_page;
pub use search::{MAX_BACKLOG, Searcher, search_once};
pub use store_output::{StoredOutput, refresh_now, store_output};
pub use subscribe::{
    SubscribeOutcome, feeds_from_outlines, journal_subscriptions, starter_collections,
    subscribe_all, subscribe_path, subscribe_program,
};
pub use subscription_files::{
    export_opml, parse_subscriptions, read_subscription_file, write_subscription_file,
};
pub use user_files::{resolve_user_path, write_new_file};
