//! Output that cannot be written: streams that are closed, and full disks.
#![cfg(target_os = "linux")]

use std::{
    fs::File,
    process::{Output, Stdio},
};

use crate::support::program::{command, home_with_library, run, stderr, stdout};

/// Returns a stream that takes nothing, as a file on a full disk.
fn full_stream() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

/// Returns a stream whose reader has ended.
fn closed_stream() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

#[test]
fn errors_that_cannot_be_printed_keep_their_exit_status() {
    let home = home_with_library();
    for args in [&["list", "--limit", "-1"][..], &["list", "(a"], &["star", "99"], &["--nothing"]] {
        let expected = run(home.path(), args).status.code();
        assert!(matches!(expected, Some(1 | 2)), "{args:?}");
        for stream in [full_stream, closed_stream] {
            let mut program = command(home.path(), args);
            let status = program.stdout(stream()).stderr(stream()).status().unwrap();
            assert_eq!(status.code(), expected, "{args:?}");
        }
    }
}

#[test]
fn act_whose_report_cannot_be_printed_is_done_and_says_so() {
    let home = home_with_library();
    let on_full_disk = |args: &[&str]| -> Output {
        command(home.path(), args).stdout(full_stream()).output().unwrap()
    };
    for (args, done) in [
        (&["star", "1"][..], "1 article starred"),
        (&["undo"], "Undone: starred “The bridge reopens”"),
        (&["redo"], "Redone: starred “The bridge reopens”"),
        (&["refresh"], "0 new, 0 changed, 0 failed"),
    ] {
        let output = on_full_disk(args);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {output:?}");
        let lines = format!(
            "newsreader: this was done, but standard output cannot be written: No space left on \
             device\n{done}\n"
        );
        assert_eq!(stderr(&output), lines, "{args:?}");
    }
    assert_eq!(stdout(&run(home.path(), &["count", "is:starred"])), "1\n");
    let listed = on_full_disk(&["list"]);
    assert_eq!(listed.status.code(), Some(1), "what only prints has failed");
    let closed = command(home.path(), &["unstar", "1"]).stdout(closed_stream()).output().unwrap();
    assert_eq!((stderr(&closed).as_str(), closed.status.code()), ("", Some(0)));
    assert_eq!(stdout(&run(home.path(), &["count", "is:starred"])), "0\n");
}
