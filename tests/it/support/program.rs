//! Runs the program as a command, without a terminal.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

/// Creates a home folder with two articles in its folder `news`.
pub fn home_with_news() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    let news = home.path().join("news");
    fs::create_dir(&news).unwrap();
    fs::write(
        news.join("a.txt"),
        " date 2026-01-28 The bridge reopens. It was shut for two years.\n\nMore.\n",
    )
    .unwrap();
    fs::write(news.join("b.txt"), " date 2026-01-29 Rust\u{1b}[31m turns ten.\n\nA compiler.\n")
        .unwrap();
    home
}

/// Creates a home folder whose library is subscribed to the folder of [`home_with_news`]; article 1
/// is about a bridge, article 2 about Rust.
pub fn home_with_library() -> tempfile::TempDir {
    let home = home_with_news();
    let added = run(home.path(), &["add", home.path().join("news").to_str().unwrap()]);
    assert!(added.status.success(), "{added:?}");
    home
}

/// Runs the program until it exits, with all of the user's folders below `home`.
pub fn run(home: &Path, args: &[&str]) -> Output {
    run_with(home, args, &[])
}

/// Runs the program with further environment variables.
pub fn run_with(home: &Path, args: &[&str], variables: &[(&str, &str)]) -> Output {
    command(home, args).envs(variables.iter().copied()).output().unwrap()
}

/// Returns the command that runs the program with all of the user's folders below `home`.
pub fn command(home: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newsreader"));
    command.args(args).env_clear().env("HOME", home).env("XDG_DATA_HOME", home.join("data"));
    command.env("XDG_CONFIG_HOME", home.join("config")).env("TZ", "UTC");
    command.env("XDG_STATE_HOME", home.join("state"));
    command
}

/// Returns the standard output of the program as text.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Returns the standard error of the program as text.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
