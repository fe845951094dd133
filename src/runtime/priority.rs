//! Lower priorities for threads that nobody waits for, so that they do not take the processor from
//! the others.

/// Niceness of the threads that fetch and parse feeds, on the scale of `nice`: 0 is normal, 19 the
/// lowest priority.
pub(super) const REFRESH_NICENESS: i32 = 15;

/// Niceness of the index thread.
pub(super) const INDEX_NICENESS: i32 = 15;

/// Niceness of the writer thread: the user sees changes before they are written.
pub(super) const WRITE_NICENESS: i32 = 5;

/// Lowers the priority of the calling thread, and of the threads that it starts, to a niceness.
#[cfg(target_os = "linux")]
pub(super) fn lower_priority(niceness: i32) {
    // On Linux this concerns the calling thread, not the whole process (setpriority(2), notes).
    let _ = rustix::process::setpriority_process(None, niceness);
}

/// Does nothing: other systems have no priority per thread.
#[cfg(not(target_os = "linux"))]
pub(super) fn lower_priority(_: i32) {}
