//! The memory that large answers may take together: sixteen servers at once could each send as much as one may.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// An answer up to this size takes none of the room, in bytes.
pub(super) const UNBUDGETED_BYTES: u64 = 1 << 20;

/// Memory for large answers; clones are the same room.
///
/// It lends its buffers again and again: given back to the allocator by one thread they would stay with that thread.
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
    /// Room for so many bytes.
    pub fn new(bytes: usize) -> MemoryBudget {
        let state = Mutex::new(BudgetState { free_bytes: bytes, buffers: Vec::new() });
        MemoryBudget(Arc::new(SharedBudget { total_bytes: bytes, state, released: Condvar::new() }))
    }

    /// Takes room for an answer of up to `bytes`, in one step so that no two wait for each other, and an empty buffer;
    /// waits until there is enough. One that is larger than the whole room gets the whole room.
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

/// Room that is taken until this is dropped.
#[derive(Debug)]
pub struct BudgetPermit {
    budget: MemoryBudget,
    bytes: usize,
}

impl BudgetPermit {
    /// Gives the buffer back, for the next answer.
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
            // Nobody holds anything: the memory is worth more than the next answer's time.
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
        let room = MemoryBudget::new(100);
        let free = || room.0.state.lock().unwrap().free_bytes;
        let (first, mut buffer) = room.acquire(70);
        let (second, _) = room.acquire(30);
        assert_eq!(free(), 0);
        buffer.extend_from_slice(b"an answer");
        first.return_buffer(buffer);
        drop(first);
        let (third, buffer) = room.acquire(70);
        assert!(buffer.is_empty() && buffer.capacity() >= 9, "the buffer is lent again");
        drop((second, third));
        assert_eq!(free(), 100);
        drop(room.acquire(1_000));
        assert_eq!(free(), 100);
    }
}
