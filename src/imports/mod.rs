//! The files of other readers: parsers that make an [`ImportedLibrary`](crate::model::ImportedLibrary)
//! and batches of articles of them.
//!
//! Such files are not trusted: nothing that they name is started, and each has limits in bytes, rows and
//! depth. Everything that is not taken is a note with its place and the reason. Storing what was read is
//! not here (`library::store_import`).
//!
//! Start reading with [`NewsboatFiles`] (newsboat: `urls`, `config`, `cache.db` and podboat's files).

mod database;
mod database_articles;
mod newsboat;
mod shell_words;

pub use database_articles::DatabaseArticles;
pub use newsboat::{
    FlagMeaning, FlagNames, NewsboatFiles, NewsboatLibrary, TranslatedFilter, open_newsboat_cache,
    parse_newsboat_config, parse_newsboat_feeds, read_newsboat, translate_filter,
};
