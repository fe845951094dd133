//! Articles handed over: written to a file, to the clipboard, to a program.

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use super::subscription_files::expand_home;
use crate::model::{Failure, FailureKind};

/// Writes `text` to a new file at `path`; one that is there is left alone.
pub(super) fn write_new_file(path: &str, text: &str) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let reason = match error.kind() {
            std::io::ErrorKind::AlreadyExists => "there is a file of that name".to_owned(),
            _ => error.to_string(),
        };
        Failure::new(FailureKind::File, format!("Cannot write {path}: {reason}"))
    };
    let mut file = fs::File::create_new(expand_home(path)).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)
}

/// Gives `text` to the program `argv`, without a shell, and waits until it has ended.
pub(super) fn pipe_to_program(argv: &[String], text: &str) -> Result<(), Failure> {
    let [name, arguments @ ..] = argv else {
        let sentence = "Name a program first: article.print = [\"lpr\"] in the settings";
        return Err(Failure::new(FailureKind::Settings, sentence));
    };
    let failed = |reason: String| {
        Failure::new(FailureKind::Desktop, format!("Cannot print with {name}: {reason}"))
    };
    let mut command = Command::new(name);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().map_err(|error| failed(error.to_string()))?;
    if let Some(mut stdin) = child.stdin.take() {
        // A program that does not want all of it says so by how it ends.
        let _ = stdin.write_all(text.as_bytes());
    }
    let status = child.wait().map_err(|error| failed(error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(format!("it ended with {status}"))) }
}
