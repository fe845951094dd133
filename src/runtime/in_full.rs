//! What a refresh fetches beside the documents of feeds: the pages of new articles that are always wanted in full, so
//! that they are there without a network.

use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
};

use super::{
    original::{original, page},
    source::Sources,
    workers::guarded,
};
use crate::{
    model::{Feed, FeedId, FullText, Original},
    store::{Arrival, FeedNews, Store, StoreError},
    text::address,
};

/// Pages of one feed at one refresh at the most; what is beyond comes when it is opened.
const PER_FEED: usize = 50;

/// Pages in a row that cannot be had before a feed's others are left for the next time.
const FAILURES: usize = 3;

/// A page that is taken apart: which article it belongs to, and its text as a reader sees it.
pub struct InFull {
    /// The feed.
    pub feed: FeedId,
    /// What identifies the entry within it.
    pub guid: String,
    /// The text.
    pub original: Original,
}

impl InFull {
    /// Keeps the text beside what the feed brought.
    pub fn keep(&self, store: &mut Store) -> Result<(), StoreError> {
        store.keep_original_of(self.feed, &self.guid, &self.original)
    }
}

/// The pages that a refresh has yet to fetch.
pub(super) struct Wishes {
    hosts: HashMap<FeedId, String>,
    pages: Vec<(FeedId, Vec<(String, String)>)>,
}

impl Wishes {
    /// None yet; the wishes of `feeds` count.
    pub(super) fn of(feeds: &[Feed]) -> Wishes {
        let always = feeds.iter().filter(|feed| feed.subscription.fetch.full_text == FullText::Always);
        let hosts = always.map(|feed| (feed.id, address::host(&feed.url).to_owned())).collect();
        Wishes { hosts, pages: Vec::new() }
    }

    /// Notes the pages of what a feed has published, the newest first as feeds have them.
    pub(super) fn note(&mut self, news: &FeedNews) {
        if self.hosts.contains_key(&news.feed) {
            let page = |arrival: &Arrival| Some((arrival.guid().to_owned(), arrival.link()?.to_owned()));
            let pages: Vec<_> = news.arrivals.iter().filter_map(page).take(PER_FEED).collect();
            self.pages.push((news.feed, pages));
        }
    }

    /// Fetches them one after the other. A page that cannot be had is asked for again when it is opened, and what is
    /// wrong is said then.
    pub(super) fn fetch(self, sources: &Sources, stop: &AtomicBool, send: &mut dyn FnMut(InFull) -> bool) {
        for (feed, pages) in self.pages {
            let host = self.hosts.get(&feed).map_or("", String::as_str);
            let mut failures = 0;
            for (guid, link) in pages {
                if stop.load(Ordering::Relaxed) || failures == FAILURES {
                    break;
                }
                let given = address::host(&link) == host;
                match guarded(&link, || page(sources, &link, given)) {
                    Ok(page) => {
                        failures = 0;
                        if !send(InFull { feed, guid, original: original(page) }) {
                            return;
                        }
                    }
                    Err(_) => failures += 1,
                }
            }
        }
    }
}
