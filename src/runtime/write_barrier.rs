//! The write barrier, at which searches and loads wait for the user's own earlier writes.

use std::{
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Maximum time to wait for the writer: a list must be shown even if the disk is stuck.
const MAX_WAIT: Duration = Duration::from_secs(10);

/// The number of writes that must be done before a request is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WriteTicket(u64);

/// The counters of requested and of completed writes.
#[derive(Debug, Default)]
pub(super) struct WriteBarrier {
    requested: AtomicU64,
    completed: Mutex<u64>,
    progress: Condvar,
}

impl WriteBarrier {
    /// Counts a write that is about to be requested.
    pub(super) fn add_request(&self) {
        self.requested.fetch_add(1, Ordering::SeqCst);
    }

    /// Returns a ticket for the writes requested so far.
    pub(super) fn ticket(&self) -> WriteTicket {
        WriteTicket(self.requested.load(Ordering::SeqCst))
    }

    /// Counts a write that is done, or has failed for good.
    pub(super) fn complete_request(&self) {
        *self.completed.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.progress.notify_all();
    }

    /// Waits until the writes of `ticket` are done, for at most [`MAX_WAIT`].
    pub(super) fn wait_for(&self, ticket: WriteTicket) {
        let completed = self.completed.lock().unwrap_or_else(PoisonError::into_inner);
        let is_incomplete = |completed: &mut u64| *completed < ticket.0;
        drop(self.progress.wait_timeout_while(completed, MAX_WAIT, is_incomplete));
    }
}
