//! Writing plain text, without escape codes, to standard output and standard error.
//!
//! A closed pipe (`newsreader list | head`) is not an error: see [`is_broken_pipe`].

use std::io::{self, Write};

use crate::{
    model::Failure,
    text::{redact_user_info, sanitize},
};

/// Writes all of `bytes` to standard output and flushes it.
///
/// # Errors
///
/// Returns the error of the system, which may be a broken pipe.
pub fn write_stdout(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}

/// Converts a failure to an error, whose sentence follows the name of the program.
pub fn to_error(failure: Failure) -> anyhow::Error {
    let Failure { summary, .. } = failure;
    let mut chars = summary.chars();
    let first = chars.next().map_or_else(String::new, |first| first.to_lowercase().collect());
    anyhow::Error::msg(first + chars.as_str())
}

/// Returns whether `error` says that the program that read our output has closed the pipe.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Writes a line to standard error, without control characters and without the passwords in URLs.
pub fn write_stderr_line(text: &str) {
    eprintln!("{}", sanitize::to_line(&redact_user_info(text)));
}
