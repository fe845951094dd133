//! Threads that step back: what nobody waits for must not take the processor from what somebody does.

/// How far the threads that fetch and read feeds step back, in steps of `nice`.
pub(super) const REFRESH_NICENESS: i32 = 15;

/// How far the thread that indexes steps back.
pub(super) const INDEX_NICENESS: i32 = 15;

/// How far the thread that writes steps back: the user's changes are shown before they are written.
pub(super) const WRITE_NICENESS: i32 = 5;

/// Gives way to other threads from now on; threads that this one starts do too. Where the system does not know
/// priorities of threads, nothing changes.
#[cfg(target_os = "linux")]
pub(super) fn lower_priority(steps: i32) {
    // On Linux the calling thread is meant, not the process (setpriority(2), notes).
    let _ = rustix::process::setpriority_process(None, steps);
}

#[cfg(not(target_os = "linux"))]
pub(super) fn lower_priority(_: i32) {}
