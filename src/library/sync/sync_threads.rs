//! The threads that sync accounts while feeds are fetched, so that a server that does not answer holds up
//! neither the feeds nor other accounts.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::{
    sync_run::{SyncContext, sync_account},
    writes::SyncOutput,
};
use crate::{
    library::{catch_panic::catch_panic, feed_source::FeedSources},
    model::{Account, AccountId, Failure, RefreshScope, SyncSummary},
    store::LibraryLocation,
};

/// Maximum number of accounts that are synced at once.
const MAX_THREADS: usize = 4;

/// A step of the sync of one of several accounts.
pub(in crate::library) enum SyncEvent {
    /// The account has a write or progress.
    Output(SyncOutput),
    /// The sync of the account has ended; a failure without a result is a bug of the program.
    Ended(AccountId, Result<SyncSummary, Failure>),
}

/// Everything that the threads share.
struct SyncWork {
    location: LibraryLocation,
    sources: FeedSources,
    scope: RefreshScope,
    stop: Arc<AtomicBool>,
    accounts: Mutex<VecDeque<Account>>,
}

/// Starts threads that sync the accounts, and returns the channel of their steps. The threads end when the
/// channel is dropped or `stop` is set; nobody waits for a request in flight.
pub(in crate::library) fn start_sync_threads(
    location: &LibraryLocation,
    sources: &FeedSources,
    scope: RefreshScope,
    accounts: Vec<Account>,
    stop: &Arc<AtomicBool>,
) -> Receiver<SyncEvent> {
    let (events, receiver) = bounded(1);
    let count = accounts.len().min(MAX_THREADS);
    let work = Arc::new(SyncWork {
        location: location.clone(),
        sources: sources.clone(),
        scope,
        stop: Arc::clone(stop),
        accounts: Mutex::new(accounts.into()),
    });
    for _ in 0..count {
        let (work, events) = (Arc::clone(&work), events.clone());
        // If the system is out of threads, those that have started do the work.
        let _ = thread::Builder::new().name("job sync".to_owned()).spawn(move || work.run(&events));
    }
    receiver
}

impl SyncWork {
    /// Syncs accounts until none is left or nobody listens any more.
    fn run(&self, events: &Sender<SyncEvent>) {
        while let Some(account) = self.next_account() {
            let result = catch_panic(&account.name, || Ok(self.sync(&account, events)));
            let Some(ended) = result.transpose() else { return };
            if events.send(SyncEvent::Ended(account.id, ended)).is_err() {
                return;
            }
        }
    }

    fn next_account(&self) -> Option<Account> {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        if self.stop.load(Ordering::Relaxed) { None } else { accounts.pop_front() }
    }

    /// Syncs an account; `None` if that was stopped.
    fn sync(&self, account: &Account, events: &Sender<SyncEvent>) -> Option<SyncSummary> {
        let mut send = |output| {
            events.send(SyncEvent::Output(output)).is_ok() && !self.stop.load(Ordering::Relaxed)
        };
        let mut context = SyncContext {
            location: &self.location,
            sources: &self.sources,
            scope: self.scope,
            stop: &self.stop,
            send: &mut send,
        };
        sync_account(&mut context, account)
    }
}
