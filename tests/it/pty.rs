//! The real program in a real terminal: it starts, filters, reads, quits, and leaves the terminal as it was.

use std::{
    fs,
    io::{Read, Write},
    num::NonZero,
    path::Path,
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, WaitOptions, kill_process, waitpid};

/// How long a screen may take to become what a test waits for, on a machine that is busy with other tests.
const PATIENCE: Duration = Duration::from_secs(20);

/// The program in a terminal of 80x24, with a home of its own.
pub struct Session {
    screen: vt100::Parser,
    bytes: mpsc::Receiver<Vec<u8>>,
    keys: Box<dyn Write + Send>,
    child: Box<dyn Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
    raw: Vec<u8>,
}

impl Session {
    fn start(home: &Path, args: &[&str]) -> Session {
        Session::sized(home, args, 24, 80)
    }

    /// In a terminal of another size.
    pub fn sized(home: &Path, args: &[&str], rows: u16, cols: u16) -> Session {
        let pty = native_pty_system()
            .openpty(PtySize { rows, cols, pixel_width: 0, pixel_height: 0 })
            .unwrap();
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_newsreader"));
        command.args(args);
        command.env_clear();
        for (name, value) in [
            ("HOME", home.to_str().unwrap()),
            ("TERM", "xterm-256color"),
            ("NEWSREADER_TEST_PANIC", "1"),
        ] {
            command.env(name, value);
        }
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let mut reader = pty.master.try_clone_reader().unwrap();
        let (sender, bytes) = mpsc::channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = reader.read(&mut buffer) {
                let _ = sender.send(buffer[..read].to_vec());
            }
        });
        let keys = pty.master.take_writer().unwrap();
        let size = |n| NonZero::new(n).unwrap();
        let screen = vt100::Parser::new(size(rows), size(cols), 0);
        Session { screen, bytes, keys, child, _master: pty.master, raw: Vec::new() }
    }

    pub fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn screen(&self) -> &vt100::Screen {
        self.screen.screen()
    }

    fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Reads the terminal until the screen is as `wanted`.
    pub fn until(&mut self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !wanted(self.screen.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.take(&bytes),
                Err(error) => {
                    panic!("waiting for {what}: {error}; the screen was:\n{}", self.text())
                }
            }
        }
    }

    pub fn until_text(&mut self, text: &str) {
        self.until(text, |screen| screen.contents().contains(text));
    }

    fn take(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.screen.process(bytes);
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.process_id().unwrap()).unwrap()).unwrap()
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Waits until the program has stopped: told to go on before that, it would stop afterwards.
    fn until_stopped(&self) {
        let (_, status) = waitpid(Some(self.pid()), WaitOptions::UNTRACED).unwrap().unwrap();
        assert!(status.stopped());
    }

    /// Waits for the end, and takes in what was written until then.
    pub fn end(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(300)) {
            self.take(&bytes);
        }
        status
    }

    fn assert_restored(&self) {
        let screen = self.screen.screen();
        assert!(!screen.alternate_screen(), "the alternate screen is left on");
        assert!(!screen.hide_cursor(), "the cursor is left hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste is left on");
        assert_eq!(
            screen.mouse_protocol_mode(),
            vt100::MouseProtocolMode::None,
            "the mouse is left on"
        );
    }
}

fn archive() -> (tempfile::TempDir, String) {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("archive");
    fs::create_dir(&folder).unwrap();
    for n in 1..=30 {
        let text = format!(
            " date 2026-01-{n:02} Story number {n} of the archive.\n\nSecond paragraph, about quince {n}.\n"
        );
        fs::write(folder.join(format!("{n:02}.txt")), text).unwrap();
    }
    let path = folder.to_str().unwrap().to_owned();
    (home, path)
}

#[test]
fn it_starts_filters_reads_and_leaves_the_terminal_as_it_was() {
    let (home, archive) = archive();
    let mut session = Session::start(home.path(), &[&archive]);
    session.until("the newest story", |screen| {
        screen.contents().contains("Story number 30") && screen.alternate_screen()
    });
    session.until_text("1 of 30");
    session.press("quince 17");
    session.until_text("1 of 1");
    session.press("\x1b[C");
    session.until_text("← All articles");
    session.until_text("Second paragraph, about quince 17.");
    session.press("q");
    session.until_text("1 of 1 ");
    session.press("\x11");
    assert!(session.end().success());
    session.assert_restored();
}

#[test]
fn a_second_run_begins_where_the_first_ended() {
    let (home, archive) = archive();
    let add = std::process::Command::new(env!("CARGO_BIN_EXE_newsreader"))
        .args(["add", &archive])
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert!(add.status.success(), "{}", String::from_utf8_lossy(&add.stderr));
    let mut first = Session::start(home.path(), &[]);
    first.until_text("Story number 30");
    first.press("\x1b[B\x1b[B\x1bs");
    first.until_text("★");
    first.press("\x1b[C");
    first.until_text("← Unread · 3 of 30");
    first.press("\x11");
    assert!(first.end().success());
    let mut second = Session::start(home.path(), &[]);
    second.until_text("3 of 30");
    second.until_text("★");
    second.press("\x1f");
    second.until_text("Undone; unread");
    second.press("\x1f");
    second.until_text("Undone; star taken off");
    second.press("\x03");
    assert!(second.end().success());
}

#[test]
fn a_panic_restores_the_terminal_and_is_told() {
    let (home, archive) = archive();
    let mut session = Session::start(home.path(), &[&archive]);
    session.until_text("Story number 30");
    session.press("\x1bOQ");
    let status = session.end();
    assert_eq!(status.exit_code(), 101);
    session.assert_restored();
    assert!(session.text().contains("F2 was pressed"), "{}", session.text());
}

#[test]
fn signals_end_it_in_order() {
    for (signal, code) in
        [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131)]
    {
        let (home, archive) = archive();
        let mut session = Session::start(home.path(), &[&archive]);
        session.until_text("Story number 30");
        session.signal(signal);
        assert_eq!(session.end().exit_code(), code, "{signal:?}");
        session.assert_restored();
    }
}

#[test]
fn it_stops_and_comes_back() {
    let (home, archive) = archive();
    let mut session = Session::start(home.path(), &[&archive]);
    session.until_text("Story number 30");
    session.press("\x1a");
    session.until("the shell's screen", |screen| !screen.alternate_screen());
    session.assert_restored();
    session.until_stopped();
    session.signal(Signal::CONT);
    session.until("the reader's screen", |screen| {
        screen.alternate_screen() && screen.contents().contains("Story number 30")
    });
    session.press("\x11");
    assert!(session.end().success());
    session.assert_restored();
}

#[test]
fn answers_of_a_terminal_are_not_typing_and_nothing_is_asked_of_it() {
    let (home, archive) = archive();
    let mut session = Session::start(home.path(), &[&archive]);
    session.until_text("1 of 30");
    session.press("\x1b]11;rgb:1111/1111/1111\x1b\\");
    session.press("\x1b[B");
    session.until_text("2 of 30");
    assert!(session.text().contains("type to filter"), "{}", session.text());
    for question in ["\x1b[6n", "\x1b[c", "\x1b[>c", "\x1b]11;?", "\x1b[?u"] {
        assert!(
            !String::from_utf8_lossy(&session.raw).contains(question),
            "{question:?} was asked"
        );
    }
    session.press("\x11");
    assert!(session.end().success());
}

#[test]
fn a_library_it_cannot_read_is_named_before_the_screen_is_taken() {
    let home = tempfile::tempdir().unwrap();
    let library = home.path().join("library");
    fs::create_dir(&library).unwrap();
    fs::write(
        library.join("library.db"),
        "not a database at all, but long enough to look at".repeat(40),
    )
    .unwrap();
    let mut session = Session::start(home.path(), &["--library", library.to_str().unwrap()]);
    assert_eq!(session.end().exit_code(), 1);
    assert!(session.text().contains("is not a newsreader library"), "{}", session.text());
    assert!(!String::from_utf8_lossy(&session.raw).contains("\x1b[?1049h"));
}

#[test]
fn a_pager_gets_the_terminal_and_its_keys_and_gives_them_back() {
    let (home, archive) = archive();
    let pager = home.path().join("pager");
    let script =
        "head -1\necho In the pager\nread key < /dev/tty\necho It read $key\nread key < /dev/tty\n";
    fs::write(&pager, script).unwrap();
    let settings = home.path().join("settings.toml");
    let argv = format!("[article]\npager = [\"sh\", {:?}]\n", pager.display().to_string());
    fs::write(&settings, argv).unwrap();
    let mut session =
        Session::start(home.path(), &["--settings", settings.to_str().unwrap(), &archive]);
    session.until_text("1 of 30");
    session.press("\u{18}|");
    session.until_text("In the pager");
    assert!(!session.screen().alternate_screen());
    session.press("quince\r");
    session.until_text("It read quince");
    // An interrupt is for the pager; the reader goes on.
    session.press("\u{3}");
    session.until("the list again", |screen| {
        screen.alternate_screen() && screen.contents().contains("1 of 30")
    });
    session.press("quince 17");
    session.until_text("1 of 1");
    session.press("\u{11}");
    assert!(session.end().success());
    session.assert_restored();
}
