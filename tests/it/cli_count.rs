//! The number of articles for a status bar.

use std::{
    io::{BufRead, BufReader},
    process::Stdio,
};

use crate::support::program::{command, home_with_library, run, stdout};

#[test]
fn count_follows_changes_of_others_until_the_pipe_closes() {
    let home = home_with_library();
    assert_eq!(stdout(&run(home.path(), &["count"])), "2\n");
    let mut child = command(home.path(), &["count", "--follow", "is:unread"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut next = || lines.next().unwrap().unwrap();
    assert_eq!(next(), "2");
    // Changes the library, but not the number.
    run(home.path(), &["star", "1"]);
    run(home.path(), &["mark", "read", "1"]);
    assert_eq!(next(), "1");
    run(home.path(), &["undo"]);
    assert_eq!(next(), "2");
    drop(lines);
    assert!(child.wait().unwrap().success(), "a closed pipe is a clean end");
}
