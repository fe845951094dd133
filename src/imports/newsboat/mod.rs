//! newsboat: its subscriptions, configuration and cache, and the files of podboat.
//!
//! [`read_newsboat`] reads the small files at once; [`open_newsboat_cache`] reads the cache in batches.

mod cache;
mod colors;
mod config;
mod config_lines;
mod files;
mod filter;
mod filter_translation;
mod flags;
mod key_names;
mod macros;
mod notes;
mod operations;
mod podboat;
mod settings;
mod text_file;
mod urls;

pub use cache::open_newsboat_cache;
pub use config::parse_newsboat_config;
pub use files::{NewsboatFiles, NewsboatLibrary, read_newsboat};
pub use filter_translation::{TranslatedFilter, translate_filter};
pub use flags::{FlagMeaning, FlagNames};
pub use urls::parse_newsboat_feeds;
