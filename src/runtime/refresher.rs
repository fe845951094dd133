//! The refresh thread: refreshes folders and feeds, and sends new articles to the writer.

use std::sync::atomic::{AtomicBool, Ordering};

use crossbeam_channel::{Receiver, Sender};

use super::{
    priority::{REFRESH_NICENESS, lower_priority},
    requests::RefreshRequest,
};
use crate::{
    library::{FeedSources, RefreshOutput, RefreshWrite, parse_samples, refresh_library},
    model::RefreshProgress,
    store::LibraryLocation,
};

/// Runs until all senders of requests are dropped or `stop` is set.
pub(super) fn run_refresh_thread(
    location: &LibraryLocation,
    sources: &FeedSources,
    requests: &Receiver<RefreshRequest>,
    outputs: &Sender<RefreshOutput>,
    stop: &AtomicBool,
) {
    lower_priority(REFRESH_NICENESS);
    for request in requests {
        if stop.load(Ordering::Relaxed) {
            return;
        }
        let last_output = match request {
            RefreshRequest::LoadSamples(samples) => {
                RefreshOutput::Write(RefreshWrite::Samples(parse_samples(samples)))
            }
            RefreshRequest::Refresh(scope) => {
                let mut send =
                    |output| outputs.send(output).is_ok() && !stop.load(Ordering::Relaxed);
                let summary = refresh_library(location, sources, scope, stop, &mut send);
                RefreshOutput::Progress(RefreshProgress::Finished(summary))
            }
        };
        // If the writer has ended, it has reported that itself.
        let _ = outputs.send(last_output);
    }
}
