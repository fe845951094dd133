//! The shared archive of several readers: articles, marks and the work of fetching, kept by a server.
//!
//! Start with [`Archive`], the five verbs of a reader, and [`ArchiveAddress`], which names a server. The archive is a
//! peer as a sync account is: the library stays the one store under the interface. [`MemoryArchive`] is an archive in
//! memory, and [`open_archive`] connects to PostgreSQL, in a program that was built with the feature `archive`.
//!
//! Everything that an archive sends is as hostile as a feed: who receives it limits and cleans it.

mod address;
mod administration;
mod archived_article;
mod archived_mark;
mod article_words;
mod connect;
mod error;
mod far_condition;
mod far_search;
mod lease;
mod memory_archive;
#[cfg(feature = "archive")]
mod postgres;

pub use address::{ArchiveAddress, ArchiveTls};
pub use administration::{
    ArchiveReport, ArchiveRequest, ArchiveStatus, ArchiveUser, ArchiveVerification, PrunedMonths,
};
pub use archived_article::{
    ARTICLES_PER_REQUEST, ArchiveCursor, ArchiveStart, ArchivedArticle, ArticleArrivals,
    ArticleKey, ArticlePublication, PublicationOutcome, PublishedArticle,
};
pub use archived_mark::{ArchivedMark, MarkChange, MarkExchange, TEAM_TAG_PREFIX};
pub use article_words::list_article_words;
pub use connect::{administer_archive, open_archive};
pub use error::ArchiveError;
pub use far_condition::{FarCondition, FarQuery, FarQueryContext, compile_far_query};
pub use far_search::{FarHit, FarPage, FarPosition, FarRequest};
pub use lease::{FetchedFeed, LeaseRequest};
pub use memory_archive::MemoryArchive;

/// An archive, as a reader uses it. Each call blocks until the server has answered, so that it belongs on a worker.
pub trait Archive: Send {
    /// Returns articles that are new or were edited since `cursor`, in the order of their arrival, at most
    /// [`ARTICLES_PER_REQUEST`].
    fn since(&mut self, cursor: ArchiveCursor) -> Result<ArticleArrivals, ArchiveError>;

    /// Stores articles, at most [`ARTICLES_PER_REQUEST`]. One that is there already, by feed and guid, is
    /// replaced if it differs, so that publishing twice is publishing once. The feeds that were fetched under a lease
    /// that still holds are not due until their next fetch; others are stored and change no schedule.
    fn publish(
        &mut self,
        publication: &ArticlePublication,
    ) -> Result<PublicationOutcome, ArchiveError>;

    /// Stores changes of marks, and then returns those since `cursor`, the user's own and those that all share.
    fn states(&mut self, cursor: i64, changes: &[MarkChange])
    -> Result<MarkExchange, ArchiveError>;

    /// Finds articles, newest first.
    fn find(&mut self, request: &FarRequest) -> Result<FarPage, ArchiveError>;

    /// Takes the work of fetching feeds, and returns those that this reader should fetch. A feed that another reader
    /// has taken, or that is not due, is not among them.
    fn lease(&mut self, request: &LeaseRequest) -> Result<Vec<String>, ArchiveError>;
}
