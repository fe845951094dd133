//! Plain text on standard output: no escape codes, and a reader that goes away is no error.

use std::io::{self, Write};

/// Writes to standard output, whole.
pub fn write_stdout(bytes: &[u8]) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(bytes)?;
    out.flush()?;
    Ok(())
}

/// Whether an error only says that whoever read our output has had enough.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Says something on standard error.
pub fn write_stderr_line(text: &str) {
    eprintln!("{}", crate::text::sanitize::to_line(text));
}
