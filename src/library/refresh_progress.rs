//! The pace at which the progress of a refresh is reported.

use std::time::{Duration, Instant};

use super::clock::monotonic_now;
use crate::model::RefreshProgress;

/// Minimum time between two reports.
const PROGRESS_INTERVAL: Duration = Duration::from_millis(250);

/// A throttle that reports progress a few times a second, and nothing of a refresh that ends before the first report.
pub(super) struct ProgressThrottle {
    feed_count: usize,
    started: bool,
    last_report: Instant,
}

impl ProgressThrottle {
    /// Creates the throttle of a refresh of `feed_count` feeds that begins now.
    pub(super) fn new(feed_count: usize) -> ProgressThrottle {
        ProgressThrottle { feed_count, started: false, last_report: monotonic_now() }
    }

    /// Returns the progress to report when `feeds_done` feeds are done: nothing if the last report was just now.
    pub(super) fn progress_events(&mut self, feeds_done: usize) -> Vec<RefreshProgress> {
        let now = monotonic_now();
        if now.duration_since(self.last_report) < PROGRESS_INTERVAL {
            return Vec::new();
        }
        self.last_report = now;
        let was_started = std::mem::replace(&mut self.started, true);
        let started = (!was_started).then_some(RefreshProgress::Started(self.feed_count));
        started.into_iter().chain([RefreshProgress::FeedsDone(feeds_done)]).collect()
    }
}
