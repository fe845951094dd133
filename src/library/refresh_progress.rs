//! The throttle for reports of a refresh's progress.

use std::time::{Duration, Instant};

use super::clock::monotonic_now;
use crate::model::RefreshProgress;

/// Minimum time between two reports.
pub(super) const PROGRESS_INTERVAL: Duration = Duration::from_millis(250);

/// A throttle that passes a few reports per second, and no report of a refresh that ends before the
/// first one is due.
pub(super) struct ProgressThrottle {
    feed_count: usize,
    /// The start of the refresh has been reported.
    started: bool,
    last_report: Instant,
}

impl ProgressThrottle {
    /// Creates a throttle for a refresh of `feed_count` feeds that begins now.
    pub(super) fn new(feed_count: usize) -> ProgressThrottle {
        ProgressThrottle { feed_count, started: false, last_report: monotonic_now() }
    }

    /// Returns the reports that are due when `feeds_done` feeds are done; none if the last report
    /// was made within [`PROGRESS_INTERVAL`].
    pub(super) fn progress_events(&mut self, feeds_done: usize) -> Vec<RefreshProgress> {
        let now = monotonic_now();
        if now.duration_since(self.last_report) < PROGRESS_INTERVAL {
            return Vec::new();
        }
        self.last_report = now;
        let is_first = !std::mem::replace(&mut self.started, true);
        let start = is_first.then_some(RefreshProgress::Started(self.feed_count));
        start.into_iter().chain([RefreshProgress::FeedsDone(feeds_done)]).collect()
    }
}
