//! The guard that restores the terminal in every case: at the end, after a panic, on a signal, when
//! the window closes.
//!
//! One thread waits for signals and another for the terminal to hang up. Neither depends on the
//! event loop, which may be stuck in a write to a terminal that nobody reads from. Start with
//! [`TerminalGuard`].

use std::{
    io::Write,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

use super::TerminalHandover;

/// Bytes that set up the terminal: alternate screen, the terminal's own bidi off (it would swap the
/// panes), clear, bracketed paste, and the wheel as arrow keys.
const ENTER_SEQUENCE: &[u8] = b"\x1b[?1049h\x1b[8l\x1b[2J\x1b[?2004h\x1b[?1007h";

/// Bytes that restore the terminal: they end a sequence and a frame that were sent in part, reset
/// every mode and the style, show the cursor, and leave the alternate screen last.
const LEAVE_SEQUENCE: &[u8] = b"\x1b\\\x1b[?2026l\x1b[?1007l\x1b[?2004l\x1b[?1006l\x1b[?1002l\x1b[?1000l\x1b[8h\x1b[0m\x1b[?25h\x1b[?1049l";

/// A function that saves what is unsaved when the program is ended from outside. It is quick and
/// does not need the event loop.
pub type RescueHandler = Box<dyn Fn() + Send + Sync>;

/// The hold on the terminal; dropping it restores the terminal.
#[derive(Debug, Clone)]
pub struct TerminalGuard {
    /// The terminal is set up for the reader.
    held: Arc<AtomicBool>,
    handover: TerminalHandover,
}

impl TerminalGuard {
    /// Takes the terminal: switches to raw mode and the alternate screen, and installs the panic
    /// hook.
    pub fn enter() -> std::io::Result<TerminalGuard> {
        let guard = TerminalGuard {
            held: Arc::new(AtomicBool::new(false)),
            handover: TerminalHandover::default(),
        };
        guard.install_panic_hook();
        guard.reenter()?;
        Ok(guard)
    }

    /// Returns the state of the handover, for the input thread.
    pub fn handover(&self) -> TerminalHandover {
        self.handover.clone()
    }

    /// Lends the terminal to another program while `run` runs, and takes it back.
    ///
    /// # Errors
    ///
    /// Fails if the terminal cannot be switched to raw mode again.
    pub fn hand_over<T>(&self, run: impl FnOnce() -> T) -> std::io::Result<T> {
        self.handover.begin(wake_input_thread);
        self.leave();
        let result = run();
        let reentered = self.reenter();
        self.handover.end();
        reentered.map(|()| result)
    }

    /// Returns true if the terminal is set up for the reader, so that it may draw.
    pub fn is_held(&self) -> bool {
        self.held.load(Ordering::SeqCst)
    }

    /// Restores the terminal. Does nothing if that has been done already.
    pub fn leave(&self) {
        if self.held.swap(false, Ordering::SeqCst) {
            write_with_timeout(LEAVE_SEQUENCE);
            // If this fails, the terminal is gone and nobody can see an error.
            let _ = disable_raw_mode();
        }
    }

    /// Takes the terminal again, no matter which modes a shell has set meanwhile.
    fn reenter(&self) -> std::io::Result<()> {
        // crossterm remembers that raw mode is on, and would not switch it on again.
        let _ = disable_raw_mode();
        enable_raw_mode()?;
        write_with_timeout(ENTER_SEQUENCE);
        self.held.store(true, Ordering::SeqCst);
        Ok(())
    }

    /// Installs a panic hook that restores the terminal before the panic is printed.
    ///
    /// It ignores panics in threads whose name begins with "job ": those are caught and reported as
    /// messages.
    fn install_panic_hook(&self) {
        let guard = self.clone();
        let print_panic = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let is_job = std::thread::current().name().is_some_and(|name| name.starts_with("job "));
            if !is_job {
                guard.leave();
                print_panic(panic);
            }
        }));
    }
}

#[cfg(unix)]
mod signals {
    use std::{io::IsTerminal, os::fd::OwnedFd, sync::Arc, thread};

    use rustix::{
        event::{PollFd, PollFlags, poll},
        process::{Signal, getpid, kill_process},
    };
    use signal_hook::{
        consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP},
        flag,
        iterator::Signals,
    };

    use super::{RescueHandler, TerminalGuard};

    impl TerminalGuard {
        /// Starts two threads that end the program: one on a signal, the other when the terminal is
        /// gone.
        ///
        /// `on_resume` is called when the program continues after it was stopped. `rescue` is
        /// called before the program ends.
        ///
        /// # Errors
        ///
        /// Fails if a signal handler cannot be installed or a thread cannot be started.
        pub fn watch_signals(
            &self,
            rescue: RescueHandler,
            on_resume: impl Fn() + Send + 'static,
        ) -> std::io::Result<()> {
            let rescue = Arc::new(rescue);
            // Handlers run in the order of registration: the flag must be set before the signal
            // thread is woken.
            for signal in [SIGINT, SIGQUIT] {
                flag::register(signal, self.handover.interrupt_flag())?;
            }
            let signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT])?;
            let (guard, signal_rescue) = (self.clone(), Arc::clone(&rescue));
            thread::Builder::new()
                .name("signals".to_owned())
                .spawn(move || guard.handle_signals(signals, &signal_rescue, &on_resume))?;
            if let Some(keyboard) = open_keyboard() {
                thread::Builder::new().name("hang-up".to_owned()).spawn(move || {
                    wait_for_hangup(&keyboard);
                    rescue();
                    std::process::exit(128 + SIGHUP);
                })?;
            }
            Ok(())
        }

        /// Handles signals for ever; most of them end the program.
        fn handle_signals(
            &self,
            mut signals: Signals,
            rescue: &RescueHandler,
            on_resume: &dyn Fn(),
        ) {
            for signal in &mut signals {
                match signal {
                    SIGTSTP => {
                        self.leave();
                        // SIGTSTP is handled here and no longer stops the program. SIGSTOP does,
                        // and the shell sees a stopped job as after any Ctrl-Z.
                        let _ = kill_process(getpid(), Signal::STOP);
                    }
                    // These are meant for the program that has the terminal. An interrupt may be
                    // handled only after that program has ended, see `TerminalHandover::end`.
                    SIGINT | SIGQUIT if !self.handover.take_interrupt() => {}
                    SIGCONT if self.handover.is_active() => {}
                    SIGCONT => {
                        if self.reenter().is_ok() {
                            on_resume();
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

        /// Stops the program as Ctrl-Z in a shell does; the signal thread restores the terminal
        /// before.
        pub fn suspend(&self) {
            let _ = kill_process(getpid(), Signal::TSTP);
        }
    }

    /// Makes the input thread return from its blocking read: SIGWINCH reports a change of the
    /// terminal's size.
    pub(super) fn wake_input_thread() {
        let _ = kill_process(getpid(), Signal::WINCH);
    }

    /// Returns the descriptor that keys are read from: standard input if it is a terminal, or else
    /// `/dev/tty`.
    fn open_keyboard() -> Option<OwnedFd> {
        if std::io::stdin().is_terminal() {
            return rustix::io::dup(rustix::stdio::stdin()).ok();
        }
        std::fs::File::open("/dev/tty").ok().map(OwnedFd::from)
    }

    /// Blocks until the terminal hangs up. Reads nothing, and does not wake up before.
    fn wait_for_hangup(keyboard: &OwnedFd) {
        loop {
            let mut watched = [PollFd::new(keyboard, PollFlags::empty())];
            let polled = poll(&mut watched, None);
            let hangup_flags = PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL;
            if polled.is_ok() && watched[0].revents().intersects(hangup_flags) {
                return;
            }
        }
    }
}

#[cfg(unix)]
use signals::wake_input_thread;

/// Does nothing: no signal can wake the input thread here, so it takes one more event before it
/// pauses, and the other program does not get that one.
#[cfg(not(unix))]
fn wake_input_thread() {}

#[cfg(not(unix))]
impl TerminalGuard {
    /// Does nothing: there are no signals here. Closing the window ends the program, which does not
    /// damage the library.
    pub fn watch_signals(
        &self,
        _rescue: RescueHandler,
        _on_resume: impl Fn() + Send + 'static,
    ) -> std::io::Result<()> {
        Ok(())
    }

    /// Does nothing: there is no job control here.
    pub fn suspend(&self) {}
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        // The event loop's guard is dropped first. The clones live in threads that end with the
        // process.
        self.leave();
    }
}

/// Writes `bytes` to the terminal, or nothing if it does not accept output within 200 ms.
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
    let timeout = Timespec { tv_sec: 0, tv_nsec: 200_000_000 };
    poll(&mut watched, Some(&timeout)).is_ok_and(|ready| ready > 0)
        && watched[0].revents().contains(PollFlags::OUT)
}

#[cfg(not(unix))]
fn is_writable() -> bool {
    true
}
