//! Prefetching of pages of new articles, for feeds whose full text is always wanted, and where a rule
//! wants it: the articles can then be read offline.

use std::{
    collections::HashSet,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    catch_panic::catch_panic,
    clock::utc_now,
    feed_source::FeedSources,
    full_text::{fetch_page, summary_text},
};
use crate::{
    model::{Feed, FeedId, FeedNetwork, FullTextArticle, FullTextPolicy},
    store::{EntryUpsert, FeedUpdate, StoreError, WriteConnection},
    text::UrlTrust,
};

/// Maximum number of pages per feed and refresh. The others are fetched when their article is
/// opened.
const MAX_PAGES_PER_FEED: usize = 50;

/// Number of consecutive failures after which the other pages of a feed are skipped. They are
/// fetched when their article is opened.
const MAX_CONSECUTIVE_FAILURES: usize = 3;

/// The full text of an article, fetched during a refresh.
pub struct PrefetchedFullText {
    /// The feed of the article.
    pub feed: FeedId,
    /// The guid of the article within its feed.
    pub guid: String,
    /// The full text.
    pub full_text: FullTextArticle,
}

impl PrefetchedFullText {
    /// Stores the full text in addition to the text of the feed.
    pub fn save(&self, store: &mut WriteConnection) -> Result<(), StoreError> {
        store.save_full_text_by_guid(self.feed, &self.guid, &self.full_text)
    }
}

/// The pages that are fetched at the end of a refresh.
pub(super) struct PrefetchQueue {
    /// The feeds whose full text is always wanted.
    feeds: HashSet<FeedId>,
    pages_by_feed: Vec<FeedPages>,
}

/// The pages of the new articles of one feed.
struct FeedPages {
    feed: FeedId,
    network: FeedNetwork,
    pages: Vec<ArticlePage>,
}

/// The guid of an article, the URL of its page, and the text of the feed about it.
struct ArticlePage {
    guid: String,
    url: String,
    summary: String,
}

impl PrefetchQueue {
    /// Creates an empty queue that accepts pages of those of `feeds` whose full text is always
    /// wanted.
    pub(super) fn for_feeds(feeds: &[Feed]) -> PrefetchQueue {
        let full_text_feeds =
            feeds.iter().filter(|feed| feed.subscription.fetch.full_text == FullTextPolicy::Always);
        PrefetchQueue {
            feeds: full_text_feeds.map(|feed| feed.id).collect(),
            pages_by_feed: Vec::new(),
        }
    }

    /// Adds the pages of the new and changed articles of a feed, all or those that rules want, in the order of the feed, which is
    /// usually newest first.
    pub(super) fn enqueue_update(&mut self, update: &FeedUpdate) {
        let is_wanted_always = self.feeds.contains(&update.feed);
        let is_wanted = |upsert: &&EntryUpsert| {
            is_wanted_always || upsert.rule_acts().iter().any(|act| act.full_text)
        };
        let article_page = |upsert: &EntryUpsert| {
            Some(ArticlePage {
                guid: upsert.guid().to_owned(),
                url: upsert.link()?.to_owned(),
                summary: summary_text(upsert.body()),
            })
        };
        let wanted = update.upserts.iter().filter(is_wanted);
        let pages: Vec<ArticlePage> =
            wanted.filter_map(article_page).take(MAX_PAGES_PER_FEED).collect();
        if pages.is_empty() {
            return;
        }
        let network = update.network.clone();
        self.pages_by_feed.push(FeedPages { feed: update.feed, network, pages });
    }

    /// Fetches the pages one after the other and hands them to `send`, until `send` returns false.
    ///
    /// A failure is not reported: the page is fetched again when its article is opened, which
    /// reports it then.
    pub(super) fn fetch_all(
        self,
        sources: &FeedSources,
        stop: &AtomicBool,
        send: &mut dyn FnMut(PrefetchedFullText) -> bool,
    ) {
        for FeedPages { feed, network, pages } in self.pages_by_feed {
            let mut failures = 0;
            for ArticlePage { guid, url, summary } in pages {
                if stop.load(Ordering::Relaxed) || failures == MAX_CONSECUTIVE_FAILURES {
                    break;
                }
                let trust = UrlTrust::of_link(&url, network.private_origin());
                let fetched = catch_panic(&url, || fetch_page(sources, &url, trust, &summary));
                let Ok(page) = fetched else {
                    failures += 1;
                    continue;
                };
                failures = 0;
                let full_text = page.into_full_text(utc_now());
                if !send(PrefetchedFullText { feed, guid, full_text }) {
                    return;
                }
            }
        }
    }
}
