//! Programs that run beside the reader, such as the browser.

use std::{
    io,
    process::{Child, Command, Stdio},
};

/// Starts a program without a terminal, whose standard input is a pipe; signals of the terminal do
/// not reach it.
pub(super) fn spawn_detached(argv: &[String]) -> io::Result<Child> {
    let (program, arguments) = argv.split_first().ok_or(io::ErrorKind::NotFound)?;
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.spawn()
}
