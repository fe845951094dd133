//! The terminal lent to another program, and the thread of the keys kept off it meanwhile.

use std::{
    io::{self, Write},
    process::{Command, Stdio},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

/// How long the thread of the keys may take to stand aside; a key is read in far less.
const PAUSE_TIMEOUT: Duration = Duration::from_millis(500);

/// Whether the terminal is lent, shared by who lends it and who reads its keys.
#[derive(Debug, Clone, Default)]
pub struct TerminalHandover(Arc<(Mutex<HandoverState>, Condvar)>);

#[derive(Debug, Default)]
struct HandoverState {
    active: bool,
    input_paused: bool,
}

impl TerminalHandover {
    /// Whether another program has the terminal.
    pub fn is_active(&self) -> bool {
        self.lock_state().active
    }

    /// Called by the thread of the keys between two events: stands aside as long as the terminal is lent.
    pub fn pause_while_active(&self) {
        let mut state = self.lock_state();
        while state.active {
            state.input_paused = true;
            self.0.1.notify_all();
            state = self.0.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.input_paused = false;
    }

    /// Lends the terminal; `nudge` makes the thread of the keys see it. Comes back once that stands aside.
    pub fn begin(&self, nudge: impl FnOnce()) {
        self.lock_state().active = true;
        nudge();
        let aside = self
            .0
            .1
            .wait_timeout_while(self.lock_state(), PAUSE_TIMEOUT, |state| !state.input_paused);
        drop(aside);
    }

    /// The terminal is ours again.
    pub fn end(&self) {
        self.lock_state().active = false;
        self.0.1.notify_all();
    }

    fn lock_state(&self) -> std::sync::MutexGuard<'_, HandoverState> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows `text` with the program `argv` and waits for its end. Started without a shell; an end before all was read is
/// no error.
pub fn run_pager(argv: &[String], text: &str) -> io::Result<()> {
    let (program, arguments) = argv.split_first().ok_or(io::ErrorKind::NotFound)?;
    let mut pager = Command::new(program).args(arguments).stdin(Stdio::piped()).spawn()?;
    if let Some(mut input) = pager.stdin.take() {
        let _ = input.write_all(text.as_bytes());
    }
    pager.wait().map(drop)
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc::channel, thread};

    use super::*;

    #[test]
    fn handover_pauses_input_thread() {
        let lent = TerminalHandover::default();
        let (nudge, nudged) = channel();
        let (tell, told) = channel();
        let reader = lent.clone();
        let keys = thread::spawn(move || {
            while nudged.recv().is_ok() {
                reader.pause_while_active();
                tell.send(reader.is_active()).unwrap();
            }
        });
        lent.begin(|| nudge.send(()).unwrap());
        assert!(lent.is_active());
        assert!(told.try_recv().is_err(), "it stands aside");
        lent.end();
        assert_eq!(told.recv(), Ok(false));
        drop(nudge);
        keys.join().unwrap();
    }

    #[test]
    fn run_pager_accepts_early_exit() {
        assert!(run_pager(&["true".to_owned()], &"long ".repeat(100_000)).is_ok());
        assert!(run_pager(&["/no such pager".to_owned()], "text").is_err());
        assert!(run_pager(&[], "text").is_err());
    }
}
