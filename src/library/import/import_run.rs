//! One import: the transaction, and the change that undoes it.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};

use super::{marks::MarkCollector, views::plan_views};
use crate::{
    library::subscribe::subscribe_feed,
    model::{
        Actor, Change, EntryId, Failure, FeedId, FeedNetwork, ImportMode, ImportReport,
        ImportedBatch, ImportedFeed, ImportedLibrary, NewFeed, Subscription,
    },
    store::{EntryUpsert, LibraryLocation, ReadConnection, StoreError, WriteConnection},
};

/// The state of an import.
pub(super) struct ImportRun<'a> {
    pub(super) store: &'a mut WriteConnection,
    /// Reads the library as it was before the import.
    pub(super) reader: &'a ReadConnection,
    pub(super) now: DateTime<Utc>,
    /// The feeds of the library by the URLs of the imported ones.
    pub(super) feeds: HashMap<String, ImportTarget>,
    /// The import has saved pages.
    pub(super) has_saved_pages: bool,
    /// Saved pages that went to the trash when the import subscribed to their feed again.
    pub(super) former_pages: HashSet<EntryId>,
    /// Articles that the import takes out of the trash again.
    pub(super) come_back: HashSet<EntryId>,
    pub(super) marks: MarkCollector,
    /// Articles that were deleted in the other reader. They are stored last: an article that another feed
    /// brings as well is still wanted there.
    pub(super) tombstones: Vec<(FeedId, Vec<EntryUpsert>)>,
    pub(super) report: ImportReport,
}

/// A feed that articles are imported into.
#[derive(Debug, Clone, Copy)]
pub(super) struct ImportTarget {
    pub(super) feed: FeedId,
    /// The import has subscribed to it, so that undo takes its articles back with it.
    pub(super) is_new: bool,
}

/// Stores what was read from another reader in one transaction, and as one change of the journal.
///
/// Articles, feeds and views that the library has stay as they are, but for marks that articles had in
/// the other reader. Importing the same things again changes nothing.
///
/// # Errors
///
/// Fails if something cannot be stored, or if one of the `batches` is a failure; nothing is stored then.
pub fn store_import(
    store: &mut WriteConnection,
    location: &LibraryLocation,
    imported: &ImportedLibrary,
    batches: &mut dyn Iterator<Item = Result<ImportedBatch, Failure>>,
    (mode, now): (ImportMode, DateTime<Utc>),
) -> Result<ImportReport, Failure> {
    let reader = ReadConnection::open(location)?;
    let (mut unreadable, mut counted) = (None, None);
    let stored = store.in_transaction(|store| {
        let mut run = ImportRun::new(store, &reader, now, imported.report.clone())?;
        run.subscribe(&imported.feeds)?;
        for batch in batches {
            match batch {
                Ok(batch) => run.store_batch(batch)?,
                Err(failure) => {
                    unreadable = Some(failure);
                    return Err(StoreError::Withdrawn);
                }
            }
        }
        let report = run.finish(imported)?;
        match mode {
            ImportMode::Store => Ok(report),
            ImportMode::DryRun => {
                counted = Some(report);
                Err(StoreError::Withdrawn)
            }
        }
    });
    match (stored, unreadable, counted) {
        (_, Some(failure), _) => Err(failure),
        (_, None, Some(report)) => Ok(report),
        (stored, None, None) => Ok(stored?),
    }
}

impl<'a> ImportRun<'a> {
    fn new(
        store: &'a mut WriteConnection,
        reader: &'a ReadConnection,
        now: DateTime<Utc>,
        report: ImportReport,
    ) -> Result<ImportRun<'a>, StoreError> {
        let marks = MarkCollector::new(&reader.list_tags()?);
        Ok(ImportRun {
            store,
            reader,
            now,
            feeds: HashMap::new(),
            has_saved_pages: false,
            former_pages: HashSet::new(),
            come_back: HashSet::new(),
            marks,
            tombstones: Vec::new(),
            report,
        })
    }

    /// Subscribes to the feeds.
    fn subscribe(&mut self, feeds: &[ImportedFeed]) -> Result<(), StoreError> {
        for feed in feeds {
            let outcome = subscribe_feed(self.store, &to_new_feed(feed))?;
            let target = ImportTarget { feed: outcome.feed, is_new: outcome.is_new };
            let counts = &mut self.report.feeds;
            *(if target.is_new { &mut counts.new } else { &mut counts.known }) += 1;
            self.feeds.entry(feed.url.clone()).or_insert(target);
        }
        Ok(())
    }

    /// Stores what could not be stored with the articles, and writes the journal.
    fn finish(mut self, imported: &ImportedLibrary) -> Result<ImportReport, StoreError> {
        for (feed, upserts) in std::mem::take(&mut self.tombstones) {
            let removed = self.store.store_imported_tombstones(feed, &upserts, self.now)?;
            self.report.articles.removed += removed as u64;
        }
        let new = usize::try_from(self.report.articles.new).unwrap_or(usize::MAX);
        let mut changes = vec![Change::Imported { count: new }];
        changes.retain(|_| new > 0);
        changes.extend(self.subscription_changes()?);
        self.mark_episodes(&imported.downloads)?;
        changes.extend(plan_views(&self.reader.list_views()?, &imported.views, &mut self.report));
        self.report.articles.marked = self.marks.changed_entry_count();
        changes.extend(self.marks.into_changes(self.now));
        self.store.apply_change_by(&Actor::Import, &Change::Many(changes), self.now)?;
        Ok(self.report)
    }

    /// Returns the changes of subscriptions. The samples come first, so that undo takes back the
    /// subscriptions first.
    fn subscription_changes(&self) -> Result<Vec<Change>, StoreError> {
        let mut new: Vec<FeedId> =
            self.feeds.values().filter(|target| target.is_new).map(|target| target.feed).collect();
        new.sort_unstable();
        new.dedup();
        let brings_pages = self.has_saved_pages && self.report.articles.new > 0;
        let hides_samples = !new.is_empty() || brings_pages;
        let samples = if hides_samples { self.store.find_samples_feed()? } else { None };
        let hidden = samples.map(|samples| Change::set_unsubscribed(samples, true));
        let subscribed = new.into_iter().map(|feed| Change::set_unsubscribed(feed, false));
        Ok(hidden.into_iter().chain(subscribed).collect())
    }
}

fn to_new_feed(feed: &ImportedFeed) -> NewFeed {
    NewFeed {
        url: feed.url.clone(),
        title: feed.title.as_ref().or(feed.name.as_ref()).unwrap_or(&feed.url).clone(),
        subscription: Subscription {
            name: feed.name.clone(),
            folder: feed.folder.clone(),
            tags: feed.tags.clone(),
            ..Subscription::default()
        },
        network: FeedNetwork::Unknown,
        account: None,
    }
}
