//! A budget for the memory of large responses. Without one, sixteen servers at once could each send
//! as much as a single one may.

use std::{
    io::{self, Read},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

/// Responses up to this size in bytes take nothing of the budget.
pub(super) const UNBUDGETED_BYTES: u64 = 1 << 20;

/// Time for which a response waits for memory before slower ones lose theirs.
const PATIENCE: Duration = Duration::from_secs(5);

/// Number of bytes below which a response that arrives is slow, during [`PATIENCE`]: 128 KiB/s.
const SLOW_BYTES: u64 = 5 * (128 << 10);

/// The shared memory of large responses. Clones share one budget.
///
/// Its buffers are reused: an allocator would keep a freed buffer for the thread that freed it.
#[derive(Debug, Clone)]
pub struct MemoryBudget(Arc<SharedBudget>);

#[derive(Debug)]
struct SharedBudget {
    total_bytes: usize,
    patience: Duration,
    state: Mutex<BudgetState>,
    released: Condvar,
}

#[derive(Debug)]
struct BudgetState {
    free_bytes: usize,
    buffers: Vec<Vec<u8>>,
    /// The responses that are arriving.
    arriving: Vec<Arc<Arrival>>,
}

/// The progress of a response that is arriving.
#[derive(Debug)]
struct Arrival {
    /// The memory that it holds.
    budgeted_bytes: usize,
    received_bytes: AtomicU64,
    /// The response was slow and has lost its memory to another one.
    is_evicted: AtomicBool,
}

impl MemoryBudget {
    /// Creates a budget of `bytes`.
    pub fn new(bytes: usize) -> MemoryBudget {
        MemoryBudget::with_patience(bytes, PATIENCE)
    }

    fn with_patience(bytes: usize, patience: Duration) -> MemoryBudget {
        let state = BudgetState { free_bytes: bytes, buffers: Vec::new(), arriving: Vec::new() };
        MemoryBudget(Arc::new(SharedBudget {
            total_bytes: bytes,
            patience,
            state: Mutex::new(state),
            released: Condvar::new(),
        }))
    }

    /// Waits for memory for a response of up to `bytes` and returns a permit with an empty buffer.
    /// Responses that arrive slowly meanwhile are evicted.
    ///
    /// The memory is taken in one step, so that no two responses wait for each other. A response
    /// larger than the whole budget gets all of it.
    pub(super) fn acquire(&self, bytes: usize) -> (BudgetPermit, Vec<u8>) {
        let bytes = bytes.min(self.0.total_bytes);
        let mut state = self.lock();
        while state.free_bytes < bytes {
            state = self.wait_for_release(state, bytes);
        }
        state.free_bytes -= bytes;
        let buffer = state.buffers.pop().unwrap_or_default();
        let arrival = Arc::new(Arrival {
            budgeted_bytes: bytes,
            received_bytes: AtomicU64::new(0),
            is_evicted: AtomicBool::new(false),
        });
        state.arriving.push(Arc::clone(&arrival));
        (BudgetPermit { budget: self.clone(), arrival }, buffer)
    }

    /// Waits until `bytes` are free. When patience ends, evicts the responses that have been slow
    /// meanwhile.
    fn wait_for_release<'s>(
        &'s self,
        state: MutexGuard<'s, BudgetState>,
        bytes: usize,
    ) -> MutexGuard<'s, BudgetState> {
        let before: Vec<(Arc<Arrival>, u64)> = state
            .arriving
            .iter()
            .map(|arrival| (Arc::clone(arrival), arrival.received()))
            .collect();
        let is_short = |state: &mut BudgetState| state.free_bytes < bytes;
        let waited = self.0.released.wait_timeout_while(state, self.0.patience, is_short);
        let (mut state, timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out() {
            for (arrival, then) in before {
                if arrival.received().saturating_sub(then) < SLOW_BYTES {
                    state.evict(&arrival);
                }
            }
        }
        state
    }

    fn lock(&self) -> MutexGuard<'_, BudgetState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl BudgetState {
    /// Frees the memory of a response, unless it has arrived meanwhile.
    fn evict(&mut self, slow: &Arc<Arrival>) {
        if self.stop_tracking(slow) {
            slow.is_evicted.store(true, Ordering::Relaxed);
            self.free_bytes += slow.budgeted_bytes;
        }
    }

    /// Removes a response from those that arrive; returns false if it is none of them.
    fn stop_tracking(&mut self, arrival: &Arc<Arrival>) -> bool {
        let position = self.arriving.iter().position(|other| Arc::ptr_eq(other, arrival));
        position.map(|at| self.arriving.swap_remove(at)).is_some()
    }
}

impl Arrival {
    fn received(&self) -> u64 {
        self.received_bytes.load(Ordering::Relaxed)
    }

    fn is_evicted(&self) -> bool {
        self.is_evicted.load(Ordering::Relaxed)
    }
}

/// Memory of the budget that is in use until this is dropped.
#[derive(Debug)]
pub struct BudgetPermit {
    budget: MemoryBudget,
    arrival: Arc<Arrival>,
}

impl BudgetPermit {
    /// Reads the rest of a response to its end, and appends it to `bytes`.
    ///
    /// # Errors
    ///
    /// Returns the error of `reader`, or an [`EvictedError`] if the response was slow while others
    /// waited for its memory.
    pub(super) fn read_to_end(&self, reader: impl Read, bytes: &mut Vec<u8>) -> io::Result<()> {
        let mut metered = MeteredReader { reader, arrival: &self.arrival };
        metered.read_to_end(bytes)?;
        // What has arrived is in use, however long it is worked on.
        if self.budget.lock().stop_tracking(&self.arrival) {
            Ok(())
        } else {
            Err(io::Error::other(EvictedError))
        }
    }

    /// Returns the buffer for the next response.
    pub(super) fn return_buffer(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.budget.lock().buffers.push(buffer);
    }
}

impl Drop for BudgetPermit {
    fn drop(&mut self) {
        let shared = &self.budget.0;
        let mut state = self.budget.lock();
        state.stop_tracking(&self.arrival);
        if !self.arrival.is_evicted() {
            state.free_bytes += self.arrival.budgeted_bytes;
        }
        if state.free_bytes == shared.total_bytes {
            // Nothing is in use: the memory is worth more than the time to allocate it again.
            state.buffers.clear();
        }
        drop(state);
        shared.released.notify_all();
    }
}

/// The error of a response that has lost its memory to others because it was slow.
#[derive(Debug, thiserror::Error)]
#[error("the answer came too slowly while other feeds waited")]
pub(super) struct EvictedError;

/// A reader that counts what arrives, and fails once the response is evicted.
struct MeteredReader<'a, R> {
    reader: R,
    arrival: &'a Arrival,
}

impl<R: Read> Read for MeteredReader<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.arrival.is_evicted() {
            return Err(io::Error::other(EvictedError));
        }
        let count = self.reader.read(buffer)?;
        self.arrival.received_bytes.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slow_response_loses_its_memory_to_waiting_one() {
        let budget = MemoryBudget::with_patience(100, Duration::from_millis(1));
        let (slow, _) = budget.acquire(100);
        let (fast, mut bytes) = budget.acquire(100);
        let error = slow.read_to_end(&b"late"[..], &mut Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "the answer came too slowly while other feeds waited");
        drop(slow);
        assert_eq!(budget.lock().free_bytes, 0);
        fast.read_to_end(&b"in time"[..], &mut bytes).unwrap();
        assert_eq!(bytes, b"in time");
        drop(fast);
        assert_eq!(budget.lock().free_bytes, 100);
    }

    #[test]
    fn response_that_has_arrived_keeps_its_memory() {
        let budget = MemoryBudget::with_patience(100, Duration::from_millis(1));
        let (arrived, mut bytes) = budget.acquire(60);
        arrived.read_to_end(&b"all of it"[..], &mut bytes).unwrap();
        let (slow, _) = budget.acquire(40);
        drop(budget.acquire(40));
        assert!(!arrived.arrival.is_evicted() && slow.arrival.is_evicted());
    }

    #[test]
    fn memory_budget_reclaims_bytes_and_buffers() {
        let budget = MemoryBudget::new(100);
        let free_bytes = || budget.lock().free_bytes;
        let (first, mut buffer) = budget.acquire(70);
        let (second, _) = budget.acquire(30);
        assert_eq!(free_bytes(), 0);
        buffer.extend_from_slice(b"a response");
        first.return_buffer(buffer);
        drop(first);
        let (third, buffer) = budget.acquire(70);
        assert!(buffer.is_empty() && buffer.capacity() >= 10, "the buffer is used again");
        drop((second, third));
        assert_eq!(free_bytes(), 100);
        drop(budget.acquire(1_000));
        assert_eq!(free_bytes(), 100);
    }
}
