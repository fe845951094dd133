//! The shell around the app: the terminal, the threads, and the loop between them.
//!
//! The thread of the loop owns the app and the screen and waits for nothing but messages. One thread writes the
//! library, one answers for lists, one loads rows and articles, one reads folders; they report as messages.

mod desktop;
mod discover;
mod event_loop;
mod export_article;
mod feed_source;
mod fetch_pool;
mod full_text;
mod image_loader;
mod index_maintenance;
mod indexable;
mod loader;
mod one_shot_jobs;
mod prefetch;
mod priority;
mod readable;
mod refresher;
mod samples;
mod save_page;
mod search;
mod subscribe;
mod subscription_files;
pub mod terminal;
mod workers;
mod write_barrier;
mod writer;

pub use desktop::{Desktop, SystemDesktop};
pub use discover::discover_feeds;
pub use event_loop::{EventLoop, local_now, run_event_loop};
pub use feed_source::{FeedSources, RESPONSE_MEMORY_BYTES};
pub use full_text::{FetchedPage, fetch_page};
pub use index_maintenance::{IndexMaintainer, IndexingError};
pub use prefetch::PrefetchedFullText;
pub use readable::load_readable;
pub use refresher::{RefreshOutput, parse_samples, refresh_library, store_samples};
pub use samples::SAMPLES;
pub use save_page::save_page;
pub use search::search_once;
pub use subscribe::{
    SubscribeOutcome, feeds_from_outlines, starter_collections, subscribe_all, subscribe_path,
    subscribe_program,
};
pub use subscription_files::{
    export_opml, parse_subscriptions, read_subscription_file, write_subscription_file,
};
pub use workers::{Ports, ReadingOptions, UnsavedChanges, Workers};
