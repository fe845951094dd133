//! What a refresh fetches beside the documents of feeds: the pages of new articles that are always wanted in full, so
//! that they are there without a network.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    feed_source::FeedSources,
    full_text::{fetch_page, full_text_of},
    workers::catch_panic,
};
use crate::{
    model::{Feed, FeedId, FullTextArticle, FullTextPolicy},
    store::{EntryUpsert, FeedUpdate, StoreError, WriteConnection},
    text::url,
};

/// Pages of one feed at one refresh at the most; what is beyond comes when it is opened.
const MAX_PAGES_PER_FEED: usize = 50;

/// Pages in a row that cannot be had before a feed's others are left for the next time.
const MAX_CONSECUTIVE_FAILURES: usize = 3;

/// A page that is taken apart: which article it belongs to, and its text as a reader sees it.
pub struct PrefetchedFullText {
    /// The feed.
    pub feed: FeedId,
    /// What identifies the entry within it.
    pub guid: String,
    /// The text.
    pub full_text: FullTextArticle,
}

impl PrefetchedFullText {
    /// Keeps the text beside what the feed brought.
    pub fn save(&self, store: &mut WriteConnection) -> Result<(), StoreError> {
        store.save_full_text_by_guid(self.feed, &self.guid, &self.full_text)
    }
}

/// The pages that a refresh has yet to fetch.
pub(super) struct PrefetchQueue {
    host_by_feed: HashMap<FeedId, String>,
    pages_by_feed: Vec<(FeedId, Vec<(String, String)>)>,
}

impl PrefetchQueue {
    /// None yet; the wishes of `feeds` count.
    pub(super) fn for_feeds(feeds: &[Feed]) -> PrefetchQueue {
        let always =
            feeds.iter().filter(|feed| feed.subscription.fetch.full_text == FullTextPolicy::Always);
        let hosts = always.map(|feed| (feed.id, url::host(&feed.url).to_owned())).collect();
        PrefetchQueue { host_by_feed: hosts, pages_by_feed: Vec::new() }
    }

    /// Notes the pages of what a feed has published, the newest first as feeds have them.
    pub(super) fn enqueue_update(&mut self, news: &FeedUpdate) {
        if self.host_by_feed.contains_key(&news.feed) {
            let page = |arrival: &EntryUpsert| {
                Some((arrival.guid().to_owned(), arrival.link()?.to_owned()))
            };
            let pages: Vec<_> =
                news.upserts.iter().filter_map(page).take(MAX_PAGES_PER_FEED).collect();
            self.pages_by_feed.push((news.feed, pages));
        }
    }

    /// Fetches them one after the other. A page that cannot be had is asked for again when it is opened, and what is
    /// wrong is said then.
    pub(super) fn fetch_all(
        self,
        sources: &FeedSources,
        stop: &AtomicBool,
        send: &mut dyn FnMut(PrefetchedFullText) -> bool,
    ) {
        for (feed, pages) in self.pages_by_feed {
            let host = self.host_by_feed.get(&feed).map_or("", String::as_str);
            let mut failures = 0;
            for (guid, link) in pages {
                if stop.load(Ordering::Relaxed) || failures == MAX_CONSECUTIVE_FAILURES {
                    break;
                }
                let given = url::host(&link) == host;
                match catch_panic(&link, || fetch_page(sources, &link, given)) {
                    Ok(page) => {
                        failures = 0;
                        if !send(PrefetchedFullText { feed, guid, full_text: full_text_of(page) }) {
                            return;
                        }
                    }
                    Err(_) => failures += 1,
                }
            }
        }
    }
}
