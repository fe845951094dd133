//! The archive beyond the library, for one reader: what is there of a list, and taking it.

use std::sync::Arc;

use super::{
    ArchiveSource,
    arrival_comparison::ArrivalComparison,
    exchange_error::ExchangeError,
    far_article::to_far_article,
    far_search::{FarSearchResults, far_condition, search_far},
    received_article::receive_article,
    writes::{ArchiveJob, ArchiveWrite, write},
};
use crate::{
    archive::{Archive, ArticleKey, FarCondition, FarHit, FarRequest},
    library::feed_source::FeedSources,
    model::{
        Entry, Failure, FailureKind, FarArticle, FarResults, ListDefinition, StoredFarArticle,
    },
    store::{ArchivedBatch, LibraryLocation, ReadConnection},
    text::capitalize,
};

/// Number of articles up to which those of a list are found: counting all takes a server seconds.
const MAX_LISTED: usize = 300;

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
        Ok(far_condition(&reader)?.is_some())
    }

    /// Finds the newest articles of a list that the library does not have, at most 300.
    ///
    /// # Errors
    ///
    /// Fails if the archive does not answer, or the library cannot be read.
    pub fn find(&mut self, list: &ListDefinition) -> Result<FarResults, Failure> {
        let found = self.search(list, (MAX_LISTED, false)).map_err(to_failure)?;
        let feeds = ReadConnection::open(&self.location)?.list_feeds()?;
        Ok(FarResults {
            articles: found.hits.into_iter().map(|hit| to_far_article(hit, &feeds)).collect(),
            is_lower_bound: found.has_more,
            without_meaning: found.without_meaning,
        })
    }

    /// Finds those of some articles of the archive that the library has meanwhile, or that the user wants no more.
    ///
    /// # Errors
    ///
    /// Fails if the library cannot be read.
    pub fn find_stored(&self, articles: Vec<FarArticle>) -> Result<Vec<StoredFarArticle>, Failure> {
        let reader = ReadConnection::open(&self.location)?;
        let mut found = Vec::new();
        for article in articles {
            let FarArticle { feed_url, guid, .. } = &article;
            if !reader.may_take_article(feed_url, guid)? {
                let id = reader.find_archived_article(feed_url, guid)?;
                found.push(StoredFarArticle { article, id });
            }
        }
        Ok(found)
    }

    /// Takes the newest articles of a list that the library does not have, at most a hundred: they are stored as if a
    /// refresh had brought them. Returns their number.
    ///
    /// # Errors
    ///
    /// Fails as [`ArchiveSearcher::find`].
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
        self.store(found.hits, send)
    }

    /// Takes one article, as [`ArchiveSearcher::take`] takes those of a list, and returns its row; `None` if the archive
    /// no longer has it.
    ///
    /// # Errors
    ///
    /// Fails as [`ArchiveSearcher::find`].
    pub fn take_one(
        &mut self,
        article: &FarArticle,
        send: &mut dyn FnMut(ArchiveJob) -> bool,
    ) -> Result<Option<Entry>, Failure> {
        let FarArticle { feed_url, guid, .. } = article;
        let request = FarRequest {
            condition: FarCondition::Article(ArticleKey {
                feed: feed_url.clone(),
                guid: guid.clone(),
            }),
            before: None,
            limit: 1,
            with_texts: true,
        };
        let found = self.ask(|archive| Ok(archive.find(&request)?)).map_err(to_failure)?;
        self.store(found.hits, send).map_err(to_failure)?;
        let reader = ReadConnection::open(&self.location)?;
        let id = reader.find_archived_article(feed_url, guid)?;
        Ok(reader.load_entries(id.as_slice())?.pop())
    }

    /// Stores articles that were found; returns the number of new ones.
    fn store(
        &self,
        hits: Vec<FarHit>,
        send: &mut dyn FnMut(ArchiveJob) -> bool,
    ) -> Result<usize, ExchangeError> {
        let keys = hits.iter().map(|hit| &hit.article.key);
        let keys = keys.map(|key| (key.feed.clone(), key.guid.clone())).collect();
        write(send, ArchiveWrite::Recall(keys))?;
        let received = hits.into_iter().filter_map(|hit| receive_article(hit.article)).collect();
        let mut comparison = ArrivalComparison::new(&self.location, &self.sources);
        let upserts = comparison.compare(received, send)?;
        let batch = ArchivedBatch { upserts, span: None };
        Ok(write(send, ArchiveWrite::Articles(batch))?.new_entries)
    }

    fn search(
        &mut self,
        list: &ListDefinition,
        wanted: (usize, bool),
    ) -> Result<FarSearchResults, ExchangeError> {
        let reader = ReadConnection::open(&self.location)?;
        self.ask(|archive| search_far(archive, &reader, list, wanted))
    }

    /// Asks the archive; if a connection that was kept is gone, over a new one.
    fn ask<T>(
        &mut self,
        question: impl Fn(&mut dyn Archive) -> Result<T, ExchangeError>,
    ) -> Result<T, ExchangeError> {
        if let Some(mut kept) = self.connection.take()
            && let Ok(answer) = question(&mut *kept)
        {
            self.connection = Some(kept);
            return Ok(answer);
        }
        let mut archive = self.source.connect()?;
        let answer = question(&mut *archive)?;
        self.connection = Some(archive);
        Ok(answer)
    }
}

fn to_failure(error: ExchangeError) -> Failure {
    match error {
        ExchangeError::Library(error) => error.into(),
        error => Failure::new(FailureKind::Feed, capitalize(&error.to_string())),
    }
}
