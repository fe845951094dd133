//! How far the writer is, so that a question can wait for what was asked for before it.

use std::{
    sync::{
        Condvar, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// How far the writer is: questions wait for the user's own earlier changes.
#[derive(Debug, Default)]
pub(super) struct WriteBarrier {
    requested: AtomicU64,
    completed: Mutex<u64>,
    progress: Condvar,
}

impl WriteBarrier {
    /// Another change was asked for.
    pub(super) fn add_request(&self) {
        self.requested.fetch_add(1, Ordering::SeqCst);
    }

    /// The number of changes asked for so far.
    pub(super) fn requested(&self) -> u64 {
        self.requested.load(Ordering::SeqCst)
    }

    /// One more change is in the library, or known to be not.
    pub(super) fn complete_request(&self) {
        *self.completed.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.progress.notify_all();
    }

    /// Waits until `asked` changes are done; not longer than a stuck disk is worth.
    pub(super) fn wait_until(&self, asked: u64) {
        let done = self.completed.lock().unwrap_or_else(PoisonError::into_inner);
        let waited =
            self.progress.wait_timeout_while(done, Duration::from_secs(10), |done| *done < asked);
        drop(waited);
    }
}
