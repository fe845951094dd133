//! The requests to the refresh thread. A refresh that is requested again before it has ended is done
//! once.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use crossbeam_channel::Sender;

use crate::{
    app::Message,
    model::{RefreshProgress, RefreshScope},
};

/// A request to the refresh thread.
pub(super) enum RefreshRequest {
    /// Refresh feeds and folders, unless this has been stopped meanwhile.
    Refresh(RefreshScope),
    /// Store the sample documents.
    LoadSamples(&'static [(&'static str, &'static [u8])]),
}

/// The refreshes that have been requested and have not ended. Clones share one list.
#[derive(Clone, Default)]
pub(super) struct PendingRefreshes {
    scopes: Arc<Mutex<ScopeQueue>>,
    /// Set while the running refresh is to end early.
    stop: Arc<AtomicBool>,
}

#[derive(Default)]
struct ScopeQueue {
    running: Option<RefreshScope>,
    waiting: VecDeque<RefreshScope>,
}

impl PendingRefreshes {
    /// Begins the refresh of `scope`; returns false if it has been stopped while it waited.
    pub(super) fn begin(&self, scope: RefreshScope) -> bool {
        let mut queue = self.lock();
        let position = queue.waiting.iter().position(|waiting| *waiting == scope);
        queue.running = position.and_then(|at| queue.waiting.remove(at));
        self.stop.store(false, Ordering::Relaxed);
        queue.running.is_some()
    }

    /// Notes that the running refresh has ended.
    pub(super) fn finish(&self) {
        self.lock().running = None;
    }

    /// Returns the flag that ends the running refresh early.
    pub(super) fn stop_flag(&self) -> &Arc<AtomicBool> {
        &self.stop
    }

    /// Returns the number of refreshes that wait for the running one.
    pub(super) fn waiting_count(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Drops the waiting refreshes and ends the running one; returns false if there is none.
    fn stop_all(&self) -> bool {
        let mut queue = self.lock();
        queue.waiting.clear();
        self.stop.store(true, Ordering::Relaxed);
        queue.running.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, ScopeQueue> {
        self.scopes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ScopeQueue {
    /// Adds a refresh; returns false if a waiting one covers it.
    fn add(&mut self, scope: RefreshScope) -> bool {
        let is_covered = |waiting: &RefreshScope| {
            *waiting == scope || (scope == RefreshScope::Due && *waiting == RefreshScope::All)
        };
        let is_new = !self.waiting.iter().any(is_covered);
        if is_new {
            self.waiting.push_back(scope);
        }
        is_new
    }
}

/// A sender of requests to the refresh thread.
#[derive(Clone)]
pub(super) struct RefreshSender {
    requests: Sender<RefreshRequest>,
    pending: PendingRefreshes,
    messages: Sender<Message>,
}

impl RefreshSender {
    /// Creates a sender; `messages` receives the number of waiting refreshes.
    pub(super) fn new(
        requests: Sender<RefreshRequest>,
        pending: PendingRefreshes,
        messages: Sender<Message>,
    ) -> RefreshSender {
        RefreshSender { requests, pending, messages }
    }

    /// Requests the refresh of what has just changed, such as a new feed, which a running refresh
    /// does not cover.
    pub(super) fn request(&self, scope: RefreshScope) {
        let is_new = self.pending.lock().add(scope);
        if is_new {
            self.send(RefreshRequest::Refresh(scope));
        }
    }

    /// Requests a refresh that the user or the schedule wants; a running one of the same scope is
    /// the same refresh.
    pub(super) fn request_if_idle(&self, scope: RefreshScope) {
        let is_running = self.pending.lock().running == Some(scope);
        if !is_running {
            self.request(scope);
        }
    }

    /// Requests that the sample documents are stored.
    pub(super) fn load_samples(&self, samples: &'static [(&'static str, &'static [u8])]) {
        self.send(RefreshRequest::LoadSamples(samples));
    }

    /// Ends the running refresh early and drops those that wait; returns false if none was running.
    pub(super) fn stop_all(&self) -> bool {
        let was_running = self.pending.stop_all();
        self.report_waiting();
        was_running
    }

    /// Sends a request. If the thread has ended, it has reported that itself.
    fn send(&self, request: RefreshRequest) {
        let _ = self.requests.send(request);
        self.report_waiting();
    }

    fn report_waiting(&self) {
        let waiting = RefreshProgress::Waiting(self.pending.waiting_count());
        let _ = self.messages.send(Message::RefreshProgressed(waiting));
    }
}

#[cfg(test)]
mod tests {
    use crossbeam_channel::{Receiver, unbounded};

    use super::*;
    use crate::model::FeedId;

    fn queue() -> (RefreshSender, PendingRefreshes, Receiver<RefreshRequest>) {
        let ((sender, requests), pending) = (unbounded(), PendingRefreshes::default());
        (RefreshSender::new(sender, pending.clone(), unbounded().0), pending, requests)
    }

    #[test]
    fn refresh_requested_again_is_done_once() {
        let (sender, pending, requests) = queue();
        for _ in 0..20 {
            sender.request_if_idle(RefreshScope::All);
        }
        sender.request(RefreshScope::Due);
        assert_eq!(requests.len(), 1);
        assert!(pending.begin(RefreshScope::All));
        for _ in 0..20 {
            sender.request_if_idle(RefreshScope::All);
        }
        assert_eq!((requests.len(), pending.waiting_count()), (1, 0));
        pending.finish();
        sender.request_if_idle(RefreshScope::All);
        assert_eq!(requests.len(), 2);
    }

    #[test]
    fn refresh_of_new_feed_waits_for_running_one() {
        let (sender, pending, requests) = queue();
        sender.request(RefreshScope::Due);
        assert!(pending.begin(RefreshScope::Due));
        sender.request(RefreshScope::Due);
        sender.request(RefreshScope::One(FeedId(7)));
        assert_eq!((requests.len(), pending.waiting_count()), (3, 2));
    }

    #[test]
    fn stopped_refreshes_do_not_begin() {
        let (sender, pending, _requests) = queue();
        sender.request(RefreshScope::All);
        sender.request(RefreshScope::One(FeedId(7)));
        assert!(pending.begin(RefreshScope::All));
        assert!(sender.stop_all() && pending.stop_flag().load(Ordering::Relaxed));
        pending.finish();
        assert!(!pending.begin(RefreshScope::One(FeedId(7))));
        assert!(!sender.stop_all());
    }
}
