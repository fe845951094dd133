//! The real program in a pseudo-terminal: it starts, filters, reads, quits, and restores the
//! terminal.

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

/// Longest wait for a screen, on a machine that is busy with other tests.
const SCREEN_TIMEOUT: Duration = Duration::from_secs(20);

/// The program in a terminal, with a home folder of its own.
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
        Session::start_with_size(home, args, 24, 80)
    }

    /// Starts the program in a terminal of another size than 80x24.
    pub fn start_with_size(home: &Path, args: &[&str], rows: u16, cols: u16) -> Session {
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

    /// Reads the program's output until the screen is as `wanted`; `what` describes it in failures.
    pub fn wait_until(&mut self, what: &str, wanted: impl Fn(&vt100::Screen) -> bool) {
        let deadline = Instant::now() + SCREEN_TIMEOUT;
        while !wanted(self.screen.screen()) {
            let left = deadline.saturating_duration_since(Instant::now());
            match self.bytes.recv_timeout(left) {
                Ok(bytes) => self.process_output(&bytes),
                Err(error) => {
                    panic!("waiting for {what}: {error}; the screen was:\n{}", self.text())
                }
            }
        }
    }

    pub fn wait_for_text(&mut self, text: &str) {
        self.wait_until(text, |screen| screen.contents().contains(text));
    }

    fn process_output(&mut self, bytes: &[u8]) {
        self.raw.extend_from_slice(bytes);
        self.screen.process(bytes);
    }

    fn pid(&self) -> Pid {
        Pid::from_raw(i32::try_from(self.child.process_id().unwrap()).unwrap()).unwrap()
    }

    fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Waits until the program has stopped: a signal to continue that came earlier would be lost.
    fn wait_until_stopped(&self) {
        let (_, status) = waitpid(Some(self.pid()), WaitOptions::UNTRACED).unwrap().unwrap();
        assert!(status.stopped());
    }

    /// Waits for the program to end, and reads its remaining output.
    pub fn wait_for_exit(&mut self) -> ExitStatus {
        let status = self.child.wait().unwrap();
        while let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(300)) {
            self.process_output(&bytes);
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

fn archive_folder() -> (tempfile::TempDir, String) {
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
fn program_filters_reads_and_restores_terminal() {
    let (home, archive) = archive_folder();
    let mut session = Session::start(home.path(), &[&archive]);
    session.wait_until("the newest story", |screen| {
        screen.contents().contains("Story number 30") && screen.alternate_screen()
    });
    session.wait_for_text("1 of 30");
    session.press("quince 17");
    session.wait_for_text("1 of 1");
    session.press("\x1b[C");
    session.wait_for_text("← All articles");
    session.wait_for_text("Second paragraph, about quince 17.");
    session.press("q");
    session.wait_for_text("1 of 1 ");
    session.press("\x11");
    assert!(session.wait_for_exit().success());
    session.assert_restored();
}

#[test]
fn second_run_restores_selection_and_undo() {
    let (home, archive) = archive_folder();
    let add = std::process::Command::new(env!("CARGO_BIN_EXE_newsreader"))
        .args(["add", &archive])
        .env_clear()
        .env("HOME", home.path())
        .output()
        .unwrap();
    assert!(add.status.success(), "{}", String::from_utf8_lossy(&add.stderr));
    let mut first = Session::start(home.path(), &[]);
    first.wait_for_text("Story number 30");
    first.press("\x1b[B\x1b[B\x1bs");
    first.wait_for_text("★");
    first.press("\x1b[C");
    first.wait_for_text("← Unread · 3 of 30");
    first.press("\x11");
    assert!(first.wait_for_exit().success());
    let mut second = Session::start(home.path(), &[]);
    second.wait_for_text("3 of 30");
    second.wait_for_text("★");
    // The star was meant; the read mark comes from opening the article.
    second.press("\x1f");
    second.wait_for_text("Undone: starred");
    second.press("\x03");
    assert!(second.wait_for_exit().success());
}

#[test]
fn second_quit_ends_wait_for_locked_library() {
    let home = tempfile::tempdir().unwrap();
    let library = home.path().join("library");
    let library = library.to_str().unwrap();
    let mut first = Session::start(home.path(), &["--library", library]);
    first.wait_for_text("Sample articles");
    first.press("\x11");
    assert!(first.wait_for_exit().success());
    let other = rusqlite::Connection::open(home.path().join("library/library.db")).unwrap();
    for gives_up in [true, false] {
        let mut session = Session::start(home.path(), &["--library", library]);
        session.wait_for_text("1 of ");
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        session.press("\x1bs\x11");
        session.wait_for_text("Quits once 1 change is saved");
        if gives_up {
            session.press("\x11");
            assert_eq!(session.wait_for_exit().exit_code(), 3);
            assert!(session.text().contains("1 change could not be saved"), "{}", session.text());
        }
        other.execute_batch("ROLLBACK").unwrap();
        if !gives_up {
            assert!(session.wait_for_exit().success());
        }
    }
    let mut last = Session::start(home.path(), &["--library", library]);
    last.wait_for_text("★");
}

#[test]
fn folder_that_is_opened_again_has_its_star() {
    let (home, archive) = archive_folder();
    for key in ["\x1bs", ""] {
        let mut session = Session::start(home.path(), &[&archive]);
        session.wait_for_text("Story number 30");
        session.press(key);
        session.wait_for_text("★");
        session.press("\x11");
        assert!(session.wait_for_exit().success());
    }
}

#[test]
fn panic_restores_terminal_and_prints_message() {
    let (home, archive) = archive_folder();
    let mut session = Session::start(home.path(), &[&archive]);
    session.wait_for_text("Story number 30");
    session.press("\x1bOQ");
    let status = session.wait_for_exit();
    assert_eq!(status.exit_code(), 101);
    session.assert_restored();
    assert!(session.text().contains("F2 was pressed"), "{}", session.text());
}

#[test]
fn signals_end_program_with_their_exit_codes() {
    for (signal, code) in
        [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130), (Signal::QUIT, 131)]
    {
        let (home, archive) = archive_folder();
        let mut session = Session::start(home.path(), &[&archive]);
        session.wait_for_text("Story number 30");
        session.signal(signal);
        assert_eq!(session.wait_for_exit().exit_code(), code, "{signal:?}");
        session.assert_restored();
    }
}

#[test]
fn suspend_restores_terminal_and_resume_redraws() {
    let (home, archive) = archive_folder();
    let mut session = Session::start(home.path(), &[&archive]);
    session.wait_for_text("Story number 30");
    session.press("\x1a");
    session.wait_until("the shell's screen", |screen| !screen.alternate_screen());
    session.assert_restored();
    session.wait_until_stopped();
    session.signal(Signal::CONT);
    session.wait_until("the reader's screen", |screen| {
        screen.alternate_screen() && screen.contents().contains("Story number 30")
    });
    session.press("\x11");
    assert!(session.wait_for_exit().success());
    session.assert_restored();
}

#[test]
fn terminal_replies_are_not_typed_and_no_query_is_sent() {
    let (home, archive) = archive_folder();
    let mut session = Session::start(home.path(), &[&archive]);
    session.wait_for_text("1 of 30");
    session.press("\x1b]11;rgb:1111/1111/1111\x1b\\");
    session.press("\x1b[B");
    session.wait_for_text("2 of 30");
    assert!(session.text().contains("type to filter"), "{}", session.text());
    for query in ["\x1b[6n", "\x1b[c", "\x1b[>c", "\x1b]11;?", "\x1b[?u"] {
        assert!(
            !String::from_utf8_lossy(&session.raw).contains(query),
            "the program sent {query:?}"
        );
    }
    session.press("\x11");
    assert!(session.wait_for_exit().success());
}

#[test]
fn unreadable_library_is_reported_before_alternate_screen() {
    let home = tempfile::tempdir().unwrap();
    let library = home.path().join("library");
    fs::create_dir(&library).unwrap();
    fs::write(
        library.join("library.db"),
        "not a database at all, but long enough to look at".repeat(40),
    )
    .unwrap();
    let mut session = Session::start(home.path(), &["--library", library.to_str().unwrap()]);
    assert_eq!(session.wait_for_exit().exit_code(), 1);
    assert!(session.text().contains("is not a newsreader library"), "{}", session.text());
    assert!(!String::from_utf8_lossy(&session.raw).contains("\x1b[?1049h"));
}

#[test]
fn commands_of_the_user_get_the_article() {
    let (home, archive) = archive_folder();
    let copy = home.path().join("copy");
    let settings = home.path().join("settings.toml");
    let shown = "head -1 $1; echo In the program; read key < /dev/tty; echo It read $key; read key";
    let text = format!(
        "[commands]\nshow = {{ run = [\"sh\", \"-c\", {shown:?}, \"-\", \"{{file}}\"], terminal = true }}\n\
         keep = [\"sh\", \"-c\", 'cat > \"$1\"; exit 3', \"-\", {:?}]\n",
        copy.display().to_string()
    );
    fs::write(&settings, text).unwrap();
    let mut session =
        Session::start(home.path(), &["--settings", settings.to_str().unwrap(), &archive]);
    session.wait_for_text("1 of 30");
    session.press(":run show\r");
    session.wait_for_text("In the program");
    assert!(!session.screen().alternate_screen());
    assert!(session.text().contains("30 January 2026"), "{}", session.text());
    session.press("quince\r");
    session.wait_for_text("It read quince");
    session.press("\r");
    session.wait_until("the list again", |screen| {
        screen.alternate_screen() && screen.contents().contains("1 of 30")
    });
    session.press(":run keep\r");
    session.wait_for_text("Cannot run keep: it ended with exit status: 3");
    assert!(fs::read_to_string(&copy).unwrap().contains("Story number 30 of the archive."));
    session.press("\u{11}");
    assert!(session.wait_for_exit().success());
    session.assert_restored();
}

#[test]
fn pager_takes_over_terminal_and_returns_it() {
    let (home, archive) = archive_folder();
    let pager = home.path().join("pager");
    let script =
        "head -1\necho In the pager\nread key < /dev/tty\necho It read $key\nread key < /dev/tty\n";
    fs::write(&pager, script).unwrap();
    let settings = home.path().join("settings.toml");
    let argv = format!("[article]\npager = [\"sh\", {:?}]\n", pager.display().to_string());
    fs::write(&settings, argv).unwrap();
    let mut session =
        Session::start(home.path(), &["--settings", settings.to_str().unwrap(), &archive]);
    session.wait_for_text("1 of 30");
    session.press("\u{18}|");
    session.wait_for_text("In the pager");
    assert!(!session.screen().alternate_screen());
    session.press("quince\r");
    session.wait_for_text("It read quince");
    // An interrupt ends the pager; the reader continues.
    session.press("\u{3}");
    session.wait_until("the list again", |screen| {
        screen.alternate_screen() && screen.contents().contains("1 of 30")
    });
    session.press("quince 17");
    session.wait_for_text("1 of 1");
    session.press("\u{11}");
    assert!(session.wait_for_exit().success());
    session.assert_restored();
}

#[test]
fn browser_of_the_terminal_takes_over_terminal_and_returns_it() {
    let home = tempfile::tempdir().unwrap();
    let article = home.path().join("map.md");
    fs::write(&article, "# A map\n\nSee [the map](https://a.example/map).\n").unwrap();
    let browser = home.path().join("w3m");
    std::os::unix::fs::symlink("/bin/sh", &browser).unwrap();
    let script = "echo In the browser at $1; read key < /dev/tty";
    let settings = home.path().join("settings.toml");
    let browser = browser.display().to_string();
    let argv = format!("browser = [{browser:?}, \"-c\", {script:?}, \"-\"]\n");
    fs::write(&settings, argv).unwrap();
    let (settings, article) = (settings.to_str().unwrap(), article.to_str().unwrap());
    let mut session = Session::start(home.path(), &["--settings", settings, article]);
    session.wait_for_text("1 of 1");
    session.press("\r");
    session.wait_for_text("See the map[1]");
    session.press("1");
    session.wait_for_text("In the browser at https://a.example/map");
    assert!(!session.screen().alternate_screen());
    session.press("\r");
    session.wait_until("the article again", |screen| {
        screen.alternate_screen() && screen.contents().contains("See the map")
    });
    session.press("\u{11}");
    assert!(session.wait_for_exit().success());
    session.assert_restored();
}
