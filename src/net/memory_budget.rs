//! A budget for the memory of large responses. Without one, sixteen servers at once could each send
//! as much as a single one may.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// Responses up to this size in bytes take nothing of the budget.
pub(super) const UNBUDGETED_BYTES: u64 = 1 << 20;

/// The shared memory of large responses. Clones share one budget.
///
/// Its buffers are reused: an allocator would keep a freed buffer for the thread that freed it.
#[derive(Debug, Clone)]
pub struct MemoryBudget(Arc<SharedBudget>);

#[derive(Debug)]
struct SharedBudget {
    total_bytes: usize,
    state: Mutex<BudgetState>,
    released: Condvar,
}

#[derive(Debug)]
struct BudgetState {
    free_bytes: usize,
    buffers: Vec<Vec<u8>>,
}

impl MemoryBudget {
    /// Creates a budget of `bytes`.
    pub fn new(bytes: usize) -> MemoryBudget {
        let state = Mutex::new(BudgetState { free_bytes: bytes, buffers: Vec::new() });
        MemoryBudget(Arc::new(SharedBudget { total_bytes: bytes, state, released: Condvar::new() }))
    }

    /// Waits for memory for a response of up to `bytes` and returns a permit with an empty buffer.
    ///
    /// The memory is taken in one step, so that no two responses wait for each other. A response
    /// larger than the whole budget gets all of it.
    pub(super) fn acquire(&self, bytes: usize) -> (BudgetPermit, Vec<u8>) {
        let bytes = bytes.min(self.0.total_bytes);
        let state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state = self
            .0
            .released
            .wait_while(state, |state| state.free_bytes < bytes)
            .unwrap_or_else(PoisonError::into_inner);
        state.free_bytes -= bytes;
        let buffer = state.buffers.pop().unwrap_or_default();
        (BudgetPermit { budget: self.clone(), bytes }, buffer)
    }
}

/// Memory of the budget that is in use until this is dropped.
#[derive(Debug)]
pub struct BudgetPermit {
    budget: MemoryBudget,
    bytes: usize,
}

impl BudgetPermit {
    /// Returns the buffer for the next response.
    pub(super) fn return_buffer(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.budget.0.state.lock().unwrap_or_else(PoisonError::into_inner).buffers.push(buffer);
    }
}

impl Drop for BudgetPermit {
    fn drop(&mut self) {
        let shared = &self.budget.0;
        let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.free_bytes += self.bytes;
        if state.free_bytes == shared.total_bytes {
            // Nothing is in use: the memory is worth more than the time to allocate it again.
            state.buffers.clear();
        }
        drop(state);
        shared.released.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_budget_reclaims_bytes_and_buffers() {
        let budget = MemoryBudget::new(100);
        let free_bytes = || budget.0.state.lock().unwrap().free_bytes;
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
