//! Fetching articles and storing them, those of several answers at a time.

use std::time::{Duration, Instant};

use super::{
    incoming::{AccountFeeds, compare_articles, other_articles},
    server::ServerSession,
    sync_run::{SyncError, SyncRun},
    writes::SyncWrite,
};
use crate::{
    library::{
        clock::{monotonic_now, utc_now},
        rules::RefreshRules,
    },
    model::{RefreshProgress, RemoteFeed, RemoteId},
    remote::RemoteItem,
    store::StoreError,
};

/// Number of articles from which on they are stored. An answer has articles of all feeds, so that a transaction changes
/// pages of the indexes for each feed: 25,000 articles of 100 feeds took 74,000 write calls with a transaction for 250
/// articles, and 33,000 with one for 1,000, which takes 40 ms. A change of the user's waits for it.
const STORED_TOGETHER: usize = 1_000;

/// Length of their texts from which on articles are stored, in bytes.
const STORED_TEXT_BYTES: usize = 4 << 20;

/// Time after which articles are stored, however few: those of a slow server are to be read meanwhile.
const STORED_AFTER: Duration = Duration::from_secs(1);

/// Articles that have arrived and are not stored yet, and what storing them takes.
struct ArrivedArticles<'s> {
    subscriptions: &'s [RemoteFeed],
    feeds: AccountFeeds,
    rules: RefreshRules,
    items: Vec<RemoteItem>,
    text_bytes: usize,
    /// The time of the last write.
    stored_at: Instant,
}

impl ArrivedArticles<'_> {
    fn add(&mut self, items: Vec<RemoteItem>) {
        self.text_bytes += items.iter().map(|item| item.html.len()).sum::<usize>();
        self.items.extend(items);
    }

    fn are_due(&self) -> bool {
        self.items.len() >= STORED_TOGETHER
            || self.text_bytes >= STORED_TEXT_BYTES
            || monotonic_now().duration_since(self.stored_at) >= STORED_AFTER
    }

    fn take(&mut self) -> Vec<RemoteItem> {
        self.text_bytes = 0;
        std::mem::take(&mut self.items)
    }
}

impl SyncRun<'_, '_> {
    /// Fetches articles and stores them. What has arrived is stored, even if the server fails then.
    pub(super) fn fetch_articles(
        &mut self,
        session: &mut ServerSession<'_>,
        subscriptions: &[RemoteFeed],
        wanted: &[RemoteId],
    ) -> Result<(), SyncError> {
        if wanted.is_empty() {
            return Ok(());
        }
        let (feeds, rules) = self.load_feeds()?;
        let mut arrived = ArrivedArticles {
            subscriptions,
            feeds,
            rules,
            items: Vec::new(),
            text_bytes: 0,
            stored_at: monotonic_now(),
        };
        let fetched = self.fetch_parts(session, wanted, &mut arrived);
        let stored = self.store_articles(&mut arrived);
        fetched.and(stored)?;
        let total = wanted.len();
        self.report_articles(total, total)
    }

    fn fetch_parts(
        &mut self,
        session: &mut ServerSession<'_>,
        wanted: &[RemoteId],
        arrived: &mut ArrivedArticles<'_>,
    ) -> Result<(), SyncError> {
        let size = session.items_per_request();
        for (index, part) in wanted.chunks(size).enumerate() {
            self.report_articles(index * size, wanted.len())?;
            session.fetch_items(part, |items| {
                self.time.note_done(items.len());
                arrived.add(items);
                if arrived.are_due() { self.store_articles(arrived) } else { Ok(()) }
            })?;
        }
        Ok(())
    }

    /// Stores the articles that have arrived.
    fn store_articles(&mut self, arrived: &mut ArrivedArticles<'_>) -> Result<(), SyncError> {
        if arrived.items.is_empty() {
            return Ok(());
        }
        if !arrived.feeds.have_all(&arrived.items) {
            self.add_feed_of_others(arrived)?;
        }
        self.context.sources.foreground.give_way();
        let (items, feeds) = (arrived.take(), &arrived.feeds);
        let reader = self.reader()?;
        // One transaction, which takes the lock of the log once.
        let mut articles = reader
            .with_snapshot(|| compare_articles(reader, self.account.id, feeds, items, utc_now()))?;
        for (feed, upserts) in &mut articles.upserts {
            // An article that cannot be matched is stored all the same.
            let _ = arrived.rules.match_upserts(*feed, None, upserts);
        }
        let reply = self.write(SyncWrite::Articles(articles))?;
        arrived.stored_at = monotonic_now();
        self.summary.new_entries += reply.new_entries;
        self.summary.changed_entries += reply.changed_entries;
        Ok(())
    }

    /// Adds the feed for articles of feeds that the server does not list.
    fn add_feed_of_others(&mut self, arrived: &mut ArrivedArticles<'_>) -> Result<(), SyncError> {
        let feeds = [arrived.subscriptions, &[other_articles()]].concat();
        self.write(SyncWrite::Feeds(Box::new(self.account.clone()), feeds))?;
        (arrived.feeds, arrived.rules) = self.load_feeds()?;
        Ok(())
    }

    fn load_feeds(&self) -> Result<(AccountFeeds, RefreshRules), StoreError> {
        let reader = self.reader()?;
        let feeds = AccountFeeds::load(reader, self.account.id)?;
        // The refresh that the sync is a part of says what is wrong in the file of rules.
        let (rules, _) = RefreshRules::load(
            self.context.sources,
            reader,
            feeds.subscribed(),
            self.context.scope,
        );
        Ok((feeds, rules))
    }

    fn report_articles(&mut self, done: usize, total: usize) -> Result<(), SyncError> {
        let account = self.account.name.clone();
        self.report(RefreshProgress::ArticlesFetched { account, done, total })
    }
}
