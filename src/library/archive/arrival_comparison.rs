//! The comparison of articles that an archive has sent with what the library has stored of them.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{
    exchange_error::ExchangeError,
    received_article::ReceivedArticle,
    writes::{ArchiveWrite, SendArchiveJob, write},
};
use crate::{
    feed::{FeedDocument, ParsedEntry},
    library::{
        clock::utc_now, entries_by_guid_or_link::EntriesByGuidOrLink, feed_entries::FeedEntries,
        feed_source::FeedSources, rules::RefreshRules,
    },
    model::{Feed, FeedId, RefreshScope},
    refresh::{self, StoredEntries},
    store::{EntryUpsert, LibraryLocation, NewArchiveFeed, ReadConnection},
};

/// A comparison that goes on from one batch of articles to the next, with the feeds that they are stored in.
pub(super) struct ArrivalComparison<'a> {
    location: &'a LibraryLocation,
    sources: &'a FeedSources,
    /// All URLs that were asked for.
    asked: HashSet<String>,
    /// The feeds by URL to which the user is subscribed.
    subscribed: HashMap<String, FeedId>,
    feeds: HashMap<FeedId, Feed>,
    rules: Option<RefreshRules>,
}

impl<'a> ArrivalComparison<'a> {
    /// Begins a comparison.
    pub(super) fn new(location: &'a LibraryLocation, sources: &'a FeedSources) -> Self {
        ArrivalComparison {
            location,
            sources,
            asked: HashSet::new(),
            subscribed: HashMap::new(),
            feeds: HashMap::new(),
            rules: None,
        }
    }

    /// Returns what is new and what has changed of articles, by feed. Feeds that the library lacks are added; the articles
    /// of those that the user has unsubscribed from are left out.
    pub(super) fn compare(
        &mut self,
        received: Vec<ReceivedArticle>,
        send: SendArchiveJob<'_>,
    ) -> Result<Vec<(FeedId, Vec<EntryUpsert>)>, ExchangeError> {
        self.add_missing_feeds(&received, send)?;
        let mut by_feed: BTreeMap<FeedId, Vec<ParsedEntry>> = BTreeMap::new();
        for article in received {
            if let Some(feed) = self.subscribed.get(&article.feed) {
                by_feed.entry(*feed).or_default().push(article.entry);
            }
        }
        let (reader, now) = (ReadConnection::open(self.location)?, utc_now());
        let mut upserts = Vec::new();
        for (id, entries) in by_feed {
            let Some(feed) = self.feeds.get(&id) else { continue };
            let stored = EntriesByGuidOrLink {
                entries: FeedEntries { reader: &reader, feed: id },
                find_by_link: FeedEntries::find_by_link_key,
            };
            let document = FeedDocument::from_entries(entries);
            let mut found = refresh::diff_feed(&stored, feed, document, now)?.upserts;
            if let Some(rules) = &self.rules {
                rules.match_upserts(id, None, &mut found);
            }
            upserts.push((id, found));
        }
        Ok(upserts)
    }

    /// Finds or adds the feeds of articles that are not known yet.
    fn add_missing_feeds(
        &mut self,
        received: &[ReceivedArticle],
        send: SendArchiveJob<'_>,
    ) -> Result<(), ExchangeError> {
        let mut missing = Vec::new();
        for article in received {
            if self.asked.insert(article.feed.clone()) {
                missing.push(NewArchiveFeed {
                    url: article.feed.clone(),
                    title: article.feed_title.clone(),
                    is_fetchable: article.is_fetchable,
                });
            }
        }
        if missing.is_empty() {
            return Ok(());
        }
        let found = write(send, ArchiveWrite::Feeds(missing))?.feeds;
        let subscribed = found.into_iter().filter(|(_, feed)| feed.is_subscribed);
        self.subscribed.extend(subscribed.map(|(url, feed)| (url, feed.feed)));
        let reader = ReadConnection::open(self.location)?;
        let feeds = reader.list_feeds()?;
        // Wrong rules are reported by the refresh.
        let (rules, _) = RefreshRules::load(self.sources, &reader, &feeds, RefreshScope::All);
        self.rules = Some(rules);
        self.feeds = feeds.into_iter().map(|feed| (feed.id, feed)).collect();
        Ok(())
    }
}
