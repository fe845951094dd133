//! The terminal lent to another program, and the thread of the keys kept off it meanwhile.

use std::{
    io::{self, Write},
    process::{Command, Stdio},
    sync::{Arc, Condvar, Mutex, PoisonError},
    time::Duration,
};

/// How long the thread of the keys may take to stand aside; a key is read in far less.
const ASIDE: Duration = Duration::from_millis(500);

/// Whether the terminal is lent, shared by who lends it and who reads its keys.
#[derive(Debug, Clone, Default)]
pub struct Lent(Arc<(Mutex<State>, Condvar)>);

#[derive(Debug, Default)]
struct State {
    lent: bool,
    aside: bool,
}

impl Lent {
    /// Whether another program has the terminal.
    pub fn is_lent(&self) -> bool {
        self.state().lent
    }

    /// Called by the thread of the keys between two events: stands aside as long as the terminal is lent.
    pub fn stand_aside(&self) {
        let mut state = self.state();
        while state.lent {
            state.aside = true;
            self.0.1.notify_all();
            state = self.0.1.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.aside = false;
    }

    /// Lends the terminal; `nudge` makes the thread of the keys see it. Comes back once that stands aside.
    pub fn begin(&self, nudge: impl FnOnce()) {
        self.state().lent = true;
        nudge();
        let aside = self.0.1.wait_timeout_while(self.state(), ASIDE, |state| !state.aside);
        drop(aside);
    }

    /// The terminal is ours again.
    pub fn end(&self) {
        self.state().lent = false;
        self.0.1.notify_all();
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Shows `text` with the program `argv` and waits for its end. Started without a shell; an end before all was read is
/// no error.
pub fn page(argv: &[String], text: &str) -> io::Result<()> {
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
    fn keys_are_left_alone_while_the_terminal_is_lent() {
        let lent = Lent::default();
        let (nudge, nudged) = channel();
        let (tell, told) = channel();
        let reader = lent.clone();
        let keys = thread::spawn(move || {
            while nudged.recv().is_ok() {
                reader.stand_aside();
                tell.send(reader.is_lent()).unwrap();
            }
        });
        lent.begin(|| nudge.send(()).unwrap());
        assert!(lent.is_lent());
        assert!(told.try_recv().is_err(), "it stands aside");
        lent.end();
        assert_eq!(told.recv(), Ok(false));
        drop(nudge);
        keys.join().unwrap();
    }

    #[test]
    fn a_pager_may_end_before_it_has_read_everything() {
        assert!(page(&["true".to_owned()], &"long ".repeat(100_000)).is_ok());
        assert!(page(&["/no such pager".to_owned()], "text").is_err());
        assert!(page(&[], "text").is_err());
    }
}
