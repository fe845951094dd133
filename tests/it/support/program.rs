//! The program as a command: what it prints, and how it ends.

use std::{
    path::Path,
    process::{Command, Output},
};

/// Runs the program to its end, with `home` for everything of the user's.
pub fn run(home: &Path, args: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newsreader"));
    command.args(args).env_clear().env("HOME", home).env("XDG_DATA_HOME", home.join("data"));
    command.env("XDG_CONFIG_HOME", home.join("config")).env("TZ", "UTC").output().unwrap()
}

/// Its standard output.
pub fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Its standard error.
pub fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
