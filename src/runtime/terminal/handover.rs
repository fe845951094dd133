//! The handover: lending the terminal to another program, such as a pager.
//!
//! Meanwhile the input thread must not read the keyboard, and interrupts are meant for the other
//! program. [`TerminalHandover`] is the state that the event loop, the input thread and the signal
//! thread share.

use std::{
    io::{self, Write},
    process::{Command, ExitStatus, Stdio},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// Maximum time to wait until the input thread has paused; it handles a key in far less.
const PAUSE_TIMEOUT: Duration = Duration::from_millis(500);

/// The state of the handover; clones share it.
#[derive(Debug, Clone, Default)]
pub struct TerminalHandover(Arc<SharedHandover>);

#[derive(Debug, Default)]
struct SharedHandover {
    state: Mutex<HandoverState>,
    changed: Condvar,
    /// An interrupt has arrived and no thread has handled it yet. Signal handlers set the flag.
    interrupted: Arc<AtomicBool>,
}

#[derive(Debug, Default)]
struct HandoverState {
    active: bool,
    input_paused: bool,
}

impl TerminalHandover {
    /// Returns true if another program has the terminal.
    pub fn is_active(&self) -> bool {
        self.lock_state().active
    }

    /// Blocks the input thread, which calls this between two events, as long as another program has
    /// the terminal.
    pub fn pause_while_active(&self) {
        let mut state = self.lock_state();
        while state.active {
            state.input_paused = true;
            self.0.changed.notify_all();
            state = self.0.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.input_paused = false;
    }

    /// Begins a handover and waits until the input thread has paused, at most `PAUSE_TIMEOUT`.
    ///
    /// `wake_input` makes the input thread return from its blocking read.
    pub fn begin(&self, wake_input: impl FnOnce()) {
        self.lock_state().active = true;
        wake_input();
        let state = self.lock_state();
        let is_reading = |state: &mut HandoverState| !state.input_paused;
        drop(self.0.changed.wait_timeout_while(state, PAUSE_TIMEOUT, is_reading));
    }

    /// Ends the handover, and discards an interrupt that arrived during it.
    pub fn end(&self) {
        let mut state = self.lock_state();
        // Ctrl-C in a pager interrupts its whole process group, which includes this program. Often
        // the pager has ended before the signal thread runs: without this line, that thread would
        // see an interrupt and no handover, and end the program.
        self.0.interrupted.store(false, Ordering::SeqCst);
        state.active = false;
        drop(state);
        self.0.changed.notify_all();
    }

    /// Returns the flag that the handlers of interrupt signals set.
    #[cfg(unix)]
    pub(super) fn interrupt_flag(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.0.interrupted)
    }

    /// Takes the interrupt that has arrived; returns true if it is meant for this program.
    ///
    /// False if there is none, because [`TerminalHandover::end`] has discarded it, or if another
    /// program has the terminal.
    #[cfg(unix)]
    pub(super) fn take_interrupt(&self) -> bool {
        // The lock keeps a handover from ending between the two checks.
        let state = self.lock_state();
        self.0.interrupted.swap(false, Ordering::SeqCst) && !state.active
    }

    fn lock_state(&self) -> MutexGuard<'_, HandoverState> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Runs the program `argv` on the terminal, without a shell, and waits until it has ended. Its standard
/// input is `text`, or else the keyboard.
///
/// A pager may end before it has read the whole text.
///
/// # Errors
///
/// Fails if `argv` is empty or the program cannot be started.
pub fn run_on_terminal(argv: &[String], text: Option<&str>) -> io::Result<ExitStatus> {
    let (program, arguments) = argv.split_first().ok_or(io::ErrorKind::NotFound)?;
    let stdin = if text.is_some() { Stdio::piped() } else { Stdio::inherit() };
    let mut child = Command::new(program).args(arguments).stdin(stdin).spawn()?;
    if let (Some(text), Some(mut stdin)) = (text, child.stdin.take()) {
        let _ = stdin.write_all(text.as_bytes());
    }
    child.wait()
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc::channel, thread};

    use super::*;

    #[test]
    fn handover_pauses_input_thread() {
        let handover = TerminalHandover::default();
        let (wake, woken) = channel();
        let (report, reports) = channel();
        let input_handover = handover.clone();
        let input_thread = thread::spawn(move || {
            while woken.recv().is_ok() {
                input_handover.pause_while_active();
                report.send(input_handover.is_active()).unwrap();
            }
        });
        handover.begin(|| wake.send(()).unwrap());
        assert!(handover.is_active());
        assert!(reports.try_recv().is_err(), "the input thread is paused");
        handover.end();
        assert_eq!(reports.recv(), Ok(false));
        drop(wake);
        input_thread.join().unwrap();
    }

    #[cfg(unix)]
    #[test]
    fn interrupt_during_handover_is_discarded_even_if_handled_later() {
        let handover = TerminalHandover::default();
        let signal_arrives = || handover.interrupt_flag().store(true, Ordering::SeqCst);
        handover.lock_state().active = true;
        signal_arrives();
        assert!(!handover.take_interrupt(), "the other program has the terminal");
        signal_arrives();
        handover.end();
        assert!(!handover.take_interrupt(), "it arrived before the handover ended");
        signal_arrives();
        assert!(handover.take_interrupt());
        assert!(!handover.take_interrupt(), "it is taken once");
    }

    #[test]
    fn run_on_terminal_accepts_early_exit() {
        let text = "long ".repeat(100_000);
        assert!(run_on_terminal(&["true".to_owned()], Some(&text)).is_ok());
        assert!(run_on_terminal(&["true".to_owned()], None).is_ok());
        assert!(run_on_terminal(&["/no such pager".to_owned()], Some("text")).is_err());
        assert!(run_on_terminal(&[], Some("text")).is_err());
    }
}
