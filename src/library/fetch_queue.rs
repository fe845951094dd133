//! The queue of feeds to fetch, which limits the concurrent requests in total and per host.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use crate::{
    model::{Feed, Validators},
    text::url,
};

/// Maximum number of concurrent requests.
const MAX_REQUESTS: usize = 16;

/// Maximum number of concurrent requests to one host.
const MAX_REQUESTS_PER_HOST: usize = 2;

/// A feed to fetch, and the validators of its last response.
#[derive(Clone)]
pub(super) struct FetchJob {
    pub(super) feed: Feed,
    pub(super) validators: Validators,
}

/// The feeds that wait to be fetched, and the number of running requests per host.
pub(super) struct FetchQueue {
    state: Mutex<FetchQueueState>,
    changed: Condvar,
}

struct FetchQueueState {
    waiting: VecDeque<FetchJob>,
    requests_by_host: HashMap<String, usize>,
}

impl FetchQueue {
    /// Creates a queue of `jobs`.
    pub(super) fn new(jobs: Vec<FetchJob>) -> FetchQueue {
        FetchQueue {
            state: Mutex::new(FetchQueueState {
                waiting: jobs.into(),
                requests_by_host: HashMap::new(),
            }),
            changed: Condvar::new(),
        }
    }

    /// Returns the number of requests that can run at the same time.
    pub(super) fn max_concurrency(&self) -> usize {
        let mut feeds_by_host: HashMap<String, usize> = HashMap::new();
        for job in &self.lock().waiting {
            *feeds_by_host.entry(host_key(&job.feed)).or_default() += 1;
        }
        let requests = feeds_by_host.values().map(|feeds| (*feeds).min(MAX_REQUESTS_PER_HOST));
        requests.sum::<usize>().min(MAX_REQUESTS)
    }

    /// Waits for a host that can take another request and returns its next feed; `None` if no feed
    /// is left.
    ///
    /// The caller releases the host with [`FetchQueue::release_host`] when the request has ended.
    pub(super) fn next_job(&self) -> Option<FetchJob> {
        let mut state = self.lock();
        while !state.waiting.is_empty() {
            if let Some(job) = state.take_ready_job() {
                return Some(job);
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        None
    }

    /// Frees the place of the request for `feed`, which has ended.
    pub(super) fn release_host(&self, feed: &Feed) {
        if let Some(requests) = self.lock().requests_by_host.get_mut(&host_key(feed)) {
            *requests -= 1;
        }
        self.changed.notify_all();
    }

    /// Removes the feeds that still wait.
    pub(super) fn clear(&self) {
        self.lock().waiting.clear();
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, FetchQueueState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl FetchQueueState {
    /// Removes and returns the first feed whose host can take another request.
    fn take_ready_job(&mut self) -> Option<FetchJob> {
        let requests_by_host = &self.requests_by_host;
        let is_ready = |job: &FetchJob| {
            let requests = requests_by_host.get(&host_key(&job.feed)).copied();
            requests.unwrap_or(0) < MAX_REQUESTS_PER_HOST
        };
        let position = self.waiting.iter().position(is_ready)?;
        let job = self.waiting.remove(position)?;
        *self.requests_by_host.entry(host_key(&job.feed)).or_default() += 1;
        Some(job)
    }
}

/// Returns the key by which requests are limited: the host of the feed.
fn host_key(feed: &Feed) -> String {
    url::host(&feed.url).to_ascii_lowercase()
}
