//! The refresh thread: refreshes folders and feeds, and sends new articles to the writer.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use crossbeam_channel::{Receiver, Sender};

use super::{
    priority::{REFRESH_NICENESS, lower_priority},
    refresh_requests::{PendingRefreshes, RefreshRequest},
};
use crate::{
    library::{
        FeedSources, RefreshOutput, RefreshWrite, WorkMarks, parse_samples, refresh_library,
    },
    model::{RefreshProgress, RefreshScope, RefreshSummary},
    store::LibraryLocation,
};

/// Everything that the refresh thread needs.
pub(super) struct RefreshThread {
    pub(super) location: LibraryLocation,
    pub(super) sources: FeedSources,
    pub(super) marks: Arc<WorkMarks>,
    pub(super) pending: PendingRefreshes,
    pub(super) outputs: Sender<RefreshOutput>,
    /// Set when the program ends.
    pub(super) quits: Arc<AtomicBool>,
}

impl RefreshThread {
    /// Runs until all senders of requests are dropped or the program ends.
    pub(super) fn run(&self, requests: &Receiver<RefreshRequest>) {
        lower_priority(REFRESH_NICENESS);
        for request in requests {
            if self.quits.load(Ordering::Relaxed) {
                return;
            }
            match request {
                RefreshRequest::LoadSamples(samples) => {
                    self.send(RefreshOutput::Write(RefreshWrite::Samples(parse_samples(samples))));
                }
                RefreshRequest::Refresh(scope) if self.pending.begin(scope) => {
                    self.sources.foreground.give_way();
                    self.report(RefreshProgress::Waiting(self.pending.waiting_count()));
                    let summary = self.refresh(scope);
                    self.pending.finish();
                    self.report(RefreshProgress::Finished(summary));
                }
                RefreshRequest::Refresh(_) => {}
            }
        }
    }

    fn refresh(&self, scope: RefreshScope) -> RefreshSummary {
        let stop = self.pending.stop_flag();
        let mut send = |output| {
            self.send(output)
                && !stop.load(Ordering::Relaxed)
                && !self.quits.load(Ordering::Relaxed)
        };
        let RefreshThread { location, sources, marks, .. } = self;
        let mut summary = refresh_library(location, sources, marks, scope, stop, &mut send);
        summary.was_requested = scope != RefreshScope::Due;
        summary.was_stopped = stop.load(Ordering::Relaxed);
        summary
    }

    fn report(&self, progress: RefreshProgress) {
        self.send(RefreshOutput::Progress(progress));
    }

    /// Sends an output to the writer; returns false if the writer has ended, which it has reported
    /// itself.
    fn send(&self, output: RefreshOutput) -> bool {
        self.outputs.send(output).is_ok()
    }
}
