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

/// Maximum number of kept documents.
const MAX_KEPT: usize = 64;

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

impl KeptResponse {
    fn is_fresh(&self) -> bool {
        self.fetched_at.elapsed() < MAX_AGE
    }

    /// Returns true if this is the response to a request for `url` with `options`.
    fn answers(&self, url: &str, options: &FetchOptions) -> bool {
        // The policy for full text changes nothing about the request.
        let options = FetchOptions { full_text: self.options.full_text, ..options.clone() };
        self.url == url && self.options == options
    }
}

impl FetchedFeeds {
    /// Keeps the response of the feed at `url`, in place of the oldest ones if there is no room.
    pub(super) fn keep(&self, url: &str, options: &FetchOptions, mut response: FetchResponse) {
        if response.body.len() > MAX_KEPT_BYTES {
            return;
        }
        response.body.shrink_to_fit();
        let mut kept = self.lock();
        kept.retain(|kept| kept.is_fresh() && !kept.answers(url, options));
        kept.push(KeptResponse {
            url: url.to_owned(),
            options: options.clone(),
            response,
            fetched_at: monotonic_now(),
        });
        let count_bytes =
            |kept: &[KeptResponse]| kept.iter().map(|kept| kept.response.body.len()).sum::<usize>();
        while count_bytes(&kept) > MAX_KEPT_BYTES || kept.len() > MAX_KEPT {
            kept.remove(0);
        }
    }

    /// Takes the response of the feed at `url` that was fetched with these options.
    pub(super) fn take(&self, url: &str, options: &FetchOptions) -> Option<FetchResponse> {
        let mut kept = self.lock();
        kept.retain(KeptResponse::is_fresh);
        let index = kept.iter().position(|kept| kept.answers(url, options))?;
        Some(kept.remove(index).response)
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
    }

    #[test]
    fn fetched_feeds_are_limited_in_bytes_and_number() {
        let (fetched, options) = (FetchedFeeds::default(), FetchOptions::default());
        fetched.keep("too large", &options, response(MAX_KEPT_BYTES + 1));
        fetched.keep("a", &options, response(MAX_KEPT_BYTES));
        assert!(fetched.take("a", &options).is_some());
        for (url, bytes) in [("a", MAX_KEPT_BYTES), ("b", 1), ("c", 1), ("c", 1)] {
            fetched.keep(url, &options, response(bytes));
        }
        let kept =
            ["too large", "a", "b", "c", "c"].map(|url| fetched.take(url, &options).is_some());
        assert_eq!(kept, [false, false, true, true, false]);
        (0..=MAX_KEPT).for_each(|at| fetched.keep(&at.to_string(), &options, response(0)));
        assert!(fetched.take("0", &options).is_none());
        assert!(fetched.take("1", &options).is_some());
    }
}
