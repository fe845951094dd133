//! Waiting, and noticing meanwhile that the program that reads our output has ended.

use std::time::Duration;

/// Waits for `duration`. Returns true, at once, when standard output is a pipe that nobody reads.
#[cfg(unix)]
pub fn wait_for_closed_pipe(duration: Duration) -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let stdout = std::io::stdout();
    // Errors and hang-ups are reported without being asked for.
    let mut descriptors = [PollFd::new(&stdout, PollFlags::empty())];
    let timeout = Timespec::try_from(duration).ok();
    match poll(&mut descriptors, timeout.as_ref()) {
        Ok(_) => descriptors[0].revents().intersects(PollFlags::ERR | PollFlags::HUP),
        // A signal ended the wait.
        Err(_) => false,
    }
}

/// Waits for `duration`; a closed pipe is noticed by the next write.
#[cfg(not(unix))]
pub fn wait_for_closed_pipe(duration: Duration) -> bool {
    crossbeam_channel::after(duration).recv().is_err()
}
