//! The reader's side of the shared archive.
//!
//! Start with [`ArchiveAccess`], which the settings give, and with `exchange.rs`, what a refresh does with the archive.

mod archive_access;
mod archive_searcher;
mod archive_source;
mod arrival_comparison;
mod exchange;
mod exchange_error;
mod far_article;
mod far_search;
mod publication;
mod publishable;
mod received_article;
mod writes;

pub use archive_access::{ArchiveAccess, ArchiveAccessError};
pub use archive_searcher::ArchiveSearcher;
pub use archive_source::ArchiveSource;
pub(super) use exchange::ArchiveExchange;
pub(super) use writes::store_archive_write;
pub use writes::{ArchiveJob, ArchiveReply, ArchiveWrite};
