//! The archive beyond the library, for one reader: how much of a list is there, and taking it.

use std::sync::Arc;

use super::{
    ArchiveSource,
    arrival_comparison::ArrivalComparison,
    exchange_error::ExchangeError,
    far_search::{FarSearchResults, last_far_arrival, search_far},
    received_article::receive_article,
    writes::{ArchiveJob, ArchiveWrite, write},
};
use crate::{
    archive::Archive,
    library::feed_source::FeedSources,
    model::{Failure, FailureKind, FarCount, ListDefinition},
    store::{ArchivedBatch, LibraryLocation, ReadConnection},
    text::capitalize,
};

/// Number of articles up to which those of a list are counted: counting all takes a server seconds.
const MAX_COUNTED: usize = 300;

/// Number of articles that are taken at once: what a person reads through, and a server sends within a moment.
const MAX_TAKEN: usize = 100;

/// Searches the archive of a library for articles that the library does not have, over a connection that it keeps.
pub struct ArchiveSearcher {
    location: LibraryLocation,
    sources: FeedSources,
    source: Arc<dyn ArchiveSource>,
    connection: Option<Box<dyn Archive>>,
}

impl ArchiveSearcher {
    /// Creates a searcher, which connects when it is first asked; `None` without an archive.
    pub fn new(location: LibraryLocation, sources: FeedSources) -> Option<ArchiveSearcher> {
        let source = Arc::clone(sources.archive.as_ref()?);
        Some(ArchiveSearcher { location, sources, source, connection: None })
    }

    /// Returns whether the archive has articles that the library has not taken as they came.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn reaches_further(&self) -> Result<bool, Failure> {
        let reader = ReadConnection::open(&self.location)?;
        Ok(last_far_arrival(&reader)?.is_some())
    }

    /// Counts the articles of a list that the library does not have.
    ///
    /// # Errors
    ///
    /// Fails if the archive does not answer, or the library cannot be read.
    pub fn count(&mut self, list: &ListDefinition) -> Result<FarCount, Failure> {
        let found = self.search(list, (MAX_COUNTED, false)).map_err(to_failure)?;
        Ok(FarCount {
            articles: found.articles.len(),
            is_lower_bound: found.has_more,
            without_meaning: found.without_meaning,
        })
    }

    /// Takes the newest articles of a list that the library does not have, at most a hundred: they are stored as if a
    /// refresh had brought them. Returns their number.
    ///
    /// # Errors
    ///
    /// Fails as [`ArchiveSearcher::count`].
    pub fn take(
        &mut self,
        list: &ListDefinition,
        send: &mut dyn FnMut(ArchiveJob) -> bool,
    ) -> Result<usize, Failure> {
        self.take_articles(list, send).map_err(to_failure)
    }

    fn take_articles(
        &mut self,
        list: &ListDefinition,
        send: &mut dyn FnMut(ArchiveJob) -> bool,
    ) -> Result<usize, ExchangeError> {
        let found = self.search(list, (MAX_TAKEN, true))?;
        let received = found.articles.into_iter().filter_map(receive_article).collect();
        let mut comparison = ArrivalComparison::new(&self.location, &self.sources);
        let upserts = comparison.compare(received, send)?;
        let batch = ArchivedBatch { upserts, span: None };
        Ok(write(send, ArchiveWrite::Articles(batch))?.new_entries)
    }

    /// Searches; if a connection that was kept is gone, over a new one.
    fn search(
        &mut self,
        list: &ListDefinition,
        wanted: (usize, bool),
    ) -> Result<FarSearchResults, ExchangeError> {
        let reader = ReadConnection::open(&self.location)?;
        if let Some(mut kept) = self.connection.take()
            && let Ok(found) = search_far(&mut *kept, &reader, list, wanted)
        {
            self.connection = Some(kept);
            return Ok(found);
        }
        let mut archive = self.source.connect()?;
        let found = search_far(&mut *archive, &reader, list, wanted)?;
        self.connection = Some(archive);
        Ok(found)
    }
}

fn to_failure(error: ExchangeError) -> Failure {
    match error {
        ExchangeError::Library(error) => error.into(),
        error => Failure::new(FailureKind::Feed, capitalize(&error.to_string())),
    }
}
