//! Feed documents that discovery has fetched, kept for the first refresh of their feeds.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::clock::monotonic_now;
use crate::{model::FetchOptions, net::FetchResponse};

/// Maximum size of all kept documents together, in bytes.
const MAX_KEPT_BYTES: usize = 32 << 20;

/// Time after which a document is fetched again.
const MAX_AGE: Duration = Duration::from_secs(600);

/// The responses of feeds that the user may be about to subscribe to. Clones share them.
///
/// A server then sees one request where the user sees one step, and a document that a server sends
/// only once in a while is not lost.
#[derive(Clone, Default)]
pub struct FetchedFeeds(Arc<Mutex<Vec<KeptResponse>>>);

struct KeptResponse {
    url: String,
    options: FetchOptions,
    response: FetchResponse,
    fetched_at: Instant,
}

impl FetchedFeeds {
    /// Forgets all documents.
    pub(super) fn clear(&self) {
        self.lock().clear();
    }

    /// Keeps the response of the feed at `url`, unless it is too large.
    pub(super) fn keep(&self, url: &str, options: &FetchOptions, mut response: FetchResponse) {
        let mut kept = self.lock();
        let kept_bytes: usize = kept.iter().map(|kept| kept.response.body.len()).sum();
        if kept_bytes + response.body.len() > MAX_KEPT_BYTES {
            return;
        }
        response.body.shrink_to_fit();
        kept.push(KeptResponse {
            url: url.to_owned(),
            options: options.clone(),
            response,
            fetched_at: monotonic_now(),
        });
    }

    /// Takes the response of the feed at `url` that was fetched with these options.
    pub(super) fn take(&self, url: &str, options: &FetchOptions) -> Option<FetchResponse> {
        let mut kept = self.lock();
        kept.retain(|kept| kept.fetched_at.elapsed() < MAX_AGE);
        let is_same_request = |kept: &KeptResponse| {
            // The options that change nothing about the request may differ.
            let options = FetchOptions { full_text: kept.options.full_text, ..options.clone() };
            kept.url == url && kept.options == options
        };
        let index = kept.iter().position(is_same_request)?;
        Some(kept.swap_remove(index).response)
    }

    fn lock(&self) -> MutexGuard<'_, Vec<KeptResponse>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for FetchedFeeds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FetchedFeeds").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::FullTextPolicy;

    fn response(bytes: usize) -> FetchResponse {
        FetchResponse::from_body("https://post.example/feed", vec![b'a'; bytes], false)
    }

    #[test]
    fn fetched_feeds_are_taken_once_with_the_same_options() {
        let fetched = FetchedFeeds::default();
        let ann = FetchOptions { user: Some("ann".to_owned()), ..FetchOptions::default() };
        fetched.keep("https://post.example/feed", &ann, response(1));
        let take = |url, options: &FetchOptions| fetched.clone().take(url, options).is_some();
        assert!(!take("https://post.example/other", &ann));
        assert!(!take("https://post.example/feed", &FetchOptions::default()));
        let always = FetchOptions { full_text: FullTextPolicy::Always, ..ann.clone() };
        assert!(take("https://post.example/feed", &always));
        assert!(!take("https://post.example/feed", &ann), "only once");
        fetched.keep("https://post.example/feed", &ann, response(1));
        fetched.clear();
        assert!(!take("https://post.example/feed", &ann));
    }

    #[test]
    fn fetched_feeds_are_limited_in_bytes() {
        let (fetched, options) = (FetchedFeeds::default(), FetchOptions::default());
        for (url, bytes) in [("a", MAX_KEPT_BYTES), ("b", 1), ("c", 0)] {
            fetched.keep(url, &options, response(bytes));
        }
        let kept = ["a", "b", "c"].map(|url| fetched.take(url, &options).is_some());
        assert_eq!(kept, [true, false, true]);
    }
}
