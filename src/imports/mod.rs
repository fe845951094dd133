//! The files of other readers: parsers that make an [`ImportedLibrary`](crate::model::ImportedLibrary)
//! and batches of articles of them.
//!
//! Such files are not trusted: nothing that they name is started, and each has limits in bytes, rows and
//! depth. Everything that is not taken is a note with its place and the reason. Storing what was read is
//! not here (`library::store_import`).
//!
//! Start reading with [`NewsboatFiles`] (newsboat: `urls`, `config`, `cache.db` and podboat's files),
//! [`read_item_files`] (the JSON of the Google Reader API) or [`read_elfeed`].

mod database;
mod database_articles;
mod eilmeldung;
mod elfeed;
mod newsboat;
mod newsraft;
mod page_list;
mod reader_json;
mod shell_words;
mod tag_names;
mod zip;

pub use database_articles::DatabaseArticles;
pub use eilmeldung::read_eilmeldung;
pub use elfeed::{ElfeedArticles, parse_elfeed_index, read_elfeed};
pub use newsboat::{
    FlagMeaning, FlagNames, NewsboatFiles, NewsboatLibrary, TranslatedFilter, open_newsboat_cache,
    parse_newsboat_config, parse_newsboat_feeds, read_newsboat, translate_filter,
};
pub use newsraft::{open_newsraft_database, parse_newsraft_feeds};
pub use page_list::{PageList, parse_page_list};
pub use reader_json::{ItemFiles, parse_item_files, read_item_files};
