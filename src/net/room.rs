//! The memory that large answers may take together: sixteen servers at once could each send as much as one may.

use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// An answer up to this size takes none of the room, in bytes.
pub(super) const SMALL: u64 = 1 << 20;

/// Memory for large answers; clones are the same room.
///
/// It lends its buffers again and again: given back to the allocator by one thread they would stay with that thread.
#[derive(Debug, Clone)]
pub struct Room(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    total: usize,
    state: Mutex<State>,
    more: Condvar,
}

#[derive(Debug)]
struct State {
    free: usize,
    buffers: Vec<Vec<u8>>,
}

impl Room {
    /// Room for so many bytes.
    pub fn new(bytes: usize) -> Room {
        let state = Mutex::new(State { free: bytes, buffers: Vec::new() });
        Room(Arc::new(Shared { total: bytes, state, more: Condvar::new() }))
    }

    /// Takes room for an answer of up to `bytes`, in one step so that no two wait for each other, and an empty buffer;
    /// waits until there is enough. One that is larger than the whole room gets the whole room.
    pub(super) fn take(&self, bytes: usize) -> (Held, Vec<u8>) {
        let bytes = bytes.min(self.0.total);
        let state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let mut state =
            self.0.more.wait_while(state, |state| state.free < bytes).unwrap_or_else(PoisonError::into_inner);
        state.free -= bytes;
        let buffer = state.buffers.pop().unwrap_or_default();
        (Held { room: self.clone(), bytes }, buffer)
    }
}

/// Room that is taken until this is dropped.
#[derive(Debug)]
pub struct Held {
    room: Room,
    bytes: usize,
}

impl Held {
    /// Gives the buffer back, for the next answer.
    pub(super) fn keep(&self, mut buffer: Vec<u8>) {
        buffer.clear();
        self.room.0.state.lock().unwrap_or_else(PoisonError::into_inner).buffers.push(buffer);
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        let shared = &self.room.0;
        let mut state = shared.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.free += self.bytes;
        if state.free == shared.total {
            // Nobody holds anything: the memory is worth more than the next answer's time.
            state.buffers.clear();
        }
        drop(state);
        shared.more.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_comes_back() {
        let room = Room::new(100);
        let free = || room.0.state.lock().unwrap().free;
        let (first, mut buffer) = room.take(70);
        let (second, _) = room.take(30);
        assert_eq!(free(), 0);
        buffer.extend_from_slice(b"an answer");
        first.keep(buffer);
        drop(first);
        let (third, buffer) = room.take(70);
        assert!(buffer.is_empty() && buffer.capacity() >= 9, "the buffer is lent again");
        drop((second, third));
        assert_eq!(free(), 100);
        drop(room.take(1_000));
        assert_eq!(free(), 100);
    }
}
