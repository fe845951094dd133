//! Whatever happens, the terminal is put back: at the end, in a panic, on a signal, when the window is closed.
//!
//! One thread waits for signals, another for the terminal to hang up; neither needs the thread of the loop, which may
//! be stuck in a write that nobody reads.

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::TerminalHandover;

/// Alternate screen, terminal's own bidi off (it would swap panes), cleared, paste as one piece, wheel as arrows.
const ENTER_SEQUENCE: &[u8] = b"\x1b[?1049h\x1b[8l\x1b[2J\x1b[?2004h\x1b[?1007h";

/// First ends a half-sent sequence and a half-sent frame; then every mode, the cursor; the alternate screen last.
const LEAVE_SEQUENCE: &[u8] = b"\x1b\\\x1b[?2026l\x1b[?1007l\x1b[?2004l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[8h\x1b[0m\x1b[?25h\x1b[?1049l";

/// What to save when the program is ended from outside; quick, and without the thread of the loop.
pub type RescueHandler = Box<dyn Fn() + Send + Sync>;

/// Holds the terminal; puts it back when dropped.
#[derive(Debug, Clone)]
pub struct TerminalGuard {
    held: Arc<AtomicBool>,
    handover: TerminalHandover,
}

impl TerminalGuard {
    /// Takes the terminal: raw mode, the alternate screen.
    pub fn enter() -> std::io::Result<TerminalGuard> {
        let guard = TerminalGuard {
            held: Arc::new(AtomicBool::new(false)),
            handover: TerminalHandover::default(),
        };
        guard.install_panic_hook();
        guard.reenter()?;
        Ok(guard)
    }

    /// Whether the terminal is lent, for the thread that reads its keys.
    pub fn handover(&self) -> TerminalHandover {
        self.handover.clone()
    }

    /// Lends the terminal to another program while `run` runs, and takes it again.
    pub fn hand_over<T>(&self, run: impl FnOnce() -> T) -> std::io::Result<T> {
        self.handover.begin(wake_input_thread);
        self.leave();
        let done = run();
        let taken = self.reenter();
        self.handover.end();
        taken.map(|()| done)
    }

    /// Whether the terminal is ours to draw on.
    pub fn is_held(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }

    /// Puts the terminal back, once.
    pub fn leave(&self) {
        if self.held.swap(false, Ordering::SeqCst) {
            write_with_timeout(LEAVE_SEQUENCE);
            // The terminal may be gone; there is nobody left to tell.
            let _ = disable_raw_mode();
        }
    }

    /// Takes the terminal again, whatever a shell did to it meanwhile.
    fn reenter(&self) -> std::io::Result<()> {
        // crossterm remembers "already raw" and would do nothing.
        let _ = disable_raw_mode();
        enable_raw_mode()?;
        write_with_timeout(ENTER_SEQUENCE);
        self.held.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// A panic that nobody catches restores the terminal before it is printed; one in a job is caught and reported.
    fn install_panic_hook(&self) {
        let guard = self.clone();
        let print = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let caught = std::thread::current().name().is_some_and(|name| name.starts_with("job "));
            if !caught {
                guard.leave();
                print(panic);
            }
        }));
    }
}

#[cfg(unix)]
mod signals {
    use std::{io::IsTerminal, os::fd::OwnedFd, thread};

    use rustix::{
        event::{PollFd, PollFlags, poll},
        process::{Signal, getpid, kill_process},
    };
    use signal_hook::{
        consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP},
        iterator::Signals,
    };

    use super::{RescueHandler, TerminalGuard};

    impl TerminalGuard {
        /// Starts the threads that end the program when it is told to, and when its terminal is gone.
        ///
        /// `back` is called when the program goes on after a stop.
        pub fn watch_signals(
            &self,
            rescue: RescueHandler,
            back: impl Fn() + Send + 'static,
        ) -> std::io::Result<()> {
            let rescue = std::sync::Arc::new(rescue);
            let signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])?;
            let (guard, save) = (self.clone(), std::sync::Arc::clone(&rescue));
            thread::Builder::new()
                .name("signals".to_owned())
                .spawn(move || guard.handle_signals(signals, &save, &back))?;
            if let Some(keyboard) = open_keyboard() {
                thread::Builder::new().name("hang-up".to_owned()).spawn(move || {
                    wait_for_hangup(&keyboard);
                    rescue();
                    std::process::exit(128 + SIGHUP);
                })?;
            }
            Ok(())
        }

        fn handle_signals(&self, mut signals: Signals, rescue: &RescueHandler, back: &dyn Fn()) {
            for signal in &mut signals {
                match signal {
                    SIGTSTP => {
                        self.leave();
                        // SIGSTOP cannot be refused; the shell sees a stopped job as after any ^Z.
                        let _ = kill_process(getpid(), Signal::STOP);
                    }
                    // Whoever has the terminal is meant.
                    SIGINT | SIGQUIT | SIGCONT if self.handover.is_active() => {}
                    SIGCONT => {
                        if self.reenter().is_ok() {
                            back();
                        }
                    }
                    _ => {
                        self.leave();
                        rescue();
                        std::process::exit(128 + signal);
                    }
                }
            }
        }

        /// Stops the program as ^Z in a shell does.
        pub fn suspend(&self) {
            let _ = kill_process(getpid(), Signal::TSTP);
        }
    }

    /// Makes the thread of the keys look up from its read: the terminal seems to have another size.
    pub(super) fn wake_input_thread() {
        let _ = kill_process(getpid(), Signal::WINCH);
    }

    /// The descriptor that keys are read from: standard input, or the terminal itself where that is something else.
    fn open_keyboard() -> Option<OwnedFd> {
        if std::io::stdin().is_terminal() {
            return rustix::io::dup(rustix::stdio::stdin()).ok();
        }
        std::fs::File::open("/dev/tty").ok().map(OwnedFd::from)
    }

    /// Waits without reading anything and without waking up before it happens.
    fn wait_for_hangup(keyboard: &OwnedFd) {
        loop {
            let mut watched = [PollFd::new(keyboard, PollFlags::empty())];
            let woken = poll(&mut watched, None);
            let gone = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
            if woken.is_ok() && watched[0].revents().intersects(gone) {
                return;
            }
        }
    }
}

#[cfg(unix)]
use signals::wake_input_thread;

/// Keys are read until the next event; the first one is lost to the other program.
#[cfg(not(unix))]
fn wake_input_thread() {}

#[cfg(not(unix))]
impl TerminalGuard {
    /// There are no signals here; closing the window ends the program, and the library survives that.
    pub fn watch_signals(
        &self,
        _rescue: RescueHandler,
        _back: impl Fn() + Send + 'static,
    ) -> std::io::Result<()> {
        Ok(())
    }

    /// There is no job control here.
    pub fn suspend(&self) {}
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        // Clones live in threads that end the process themselves; the loop's own is the first to go.
        self.leave();
    }
}

/// Writes to the terminal, but never waits longer than a moment for it to read.
fn write_with_timeout(bytes: &[u8]) {
    if is_writable() {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(bytes).and_then(|()| out.flush());
    }
}

#[cfg(unix)]
fn is_writable() -> bool {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let out = rustix::stdio::stdout();
    let mut watched = [PollFd::new(&out, PollFlags::OUT)];
    let moment = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
    poll(&mut watched, Some(&moment)).is_ok_and(|ready| ready > 0)
        && watched[0].revents().contains(PollFlags::OUT)
}

#[cfg(not(unix))]
fn is_writable() -> bool {
    true
}
