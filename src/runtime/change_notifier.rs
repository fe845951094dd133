//! Telling the search thread, the index thread and the app that the library has changed.

use std::time::{Duration, Instant};

use crossbeam_channel::Sender;

use super::requests::BackgroundChange;
use crate::{app::Message, model::RefreshProgress};

/// Minimum time between two notifications of new articles.
const NOTIFY_INTERVAL: Duration = Duration::from_secs(1);

/// The threads that read the library, and the times at which they were told of changes.
pub(super) struct ChangeNotifier {
    messages: Sender<Message>,
    reload_search: Sender<BackgroundChange>,
    index_waker: Sender<()>,
    /// The last time that lists were told of new articles during this refresh.
    last_notified: Option<Instant>,
    /// The time at which lists are told of the articles that were stored since then. The next
    /// output of the refresh may be a minute away: a server that never answers must not hide what
    /// the others brought.
    next_notification: Option<Instant>,
}

impl ChangeNotifier {
    /// Creates a notifier; `index_waker` wakes the index thread.
    pub(super) fn new(
        messages: Sender<Message>,
        reload_search: Sender<BackgroundChange>,
        index_waker: Sender<()>,
    ) -> ChangeNotifier {
        ChangeNotifier {
            messages,
            reload_search,
            index_waker,
            last_notified: None,
            next_notification: None,
        }
    }

    /// Tells of changes at once. A thread that has ended has reported that itself.
    pub(super) fn notify(&self) {
        let _ = self.index_waker.send(());
        let _ = self.reload_search.send(BackgroundChange::Content);
        let _ = self.messages.send(Message::RefreshProgressed(RefreshProgress::ArticlesArrived));
    }

    /// Tells of new articles at once, or, if that was done within [`NOTIFY_INTERVAL`], at its end.
    pub(super) fn notify_throttled(&mut self, now: Instant) {
        let due = self.last_notified.map(|last| last + NOTIFY_INTERVAL);
        self.next_notification = due.filter(|due| *due > now);
        if self.next_notification.is_none() {
            self.last_notified = Some(now);
            self.notify();
        }
    }

    /// Returns the time at which [`ChangeNotifier::notify_throttled`] should be called again.
    pub(super) fn next_notification(&self) -> Option<Instant> {
        self.next_notification
    }

    /// Tells of the articles of a refresh that has ended.
    pub(super) fn finish_refresh(&mut self) {
        self.next_notification = None;
        if self.last_notified.take().is_some() {
            self.notify();
        }
    }
}
