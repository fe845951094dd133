//! Runs the program as a command, without a terminal.

use std::{
    path::Path,
    process::{Command, Output},
};

/// Runs the program until it exits, with all of the user's folders below `home`.
pub fn run(home: &Path, args: &[&str]) -> Output {
    run_with(home, args, &[])
}

/// Runs the program with further environment variables.
pub fn run_with(home: &Path, args: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_newsreader"));
    command.args(args).env_clear().env("HOME", home).env("XDG_DATA_HOME", home.join("data"));
    command.env("XDG_CONFIG_HOME", home.join("config")).env("TZ", "UTC");
    command.envs(variables.iter().copied()).output().unwrap()
}

/// Returns the standard output of the program as text.
pub fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Returns the standard error of the program as text.
pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}
