//! Writing plain text, without escape codes, to standard output and standard error.
//!
//! A closed pipe (`newsreader list | head`) is not an error: see [`is_broken_pipe`].

use std::io::{self, Write};

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

/// Returns whether `error` says that the program that read our output has closed the pipe.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}

/// Writes a line to standard error, without control characters.
pub fn write_stderr_line(text: &str) {
    eprintln!("{}", crate::text::sanitize::to_line(text));
}

/// Formats a count with its noun: `1 feed`, `2 feeds`. The plural of `noun` must end in `s`.
pub fn count_noun(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

#[cfg(test)]
mod tests {
    use super::count_noun;

    #[test]
    fn count_noun_uses_singular_only_for_one() {
        assert_eq!(count_noun(0, "feed"), "0 feeds");
        assert_eq!(count_noun(1, "feed"), "1 feed");
        assert_eq!(count_noun(12, "article"), "12 articles");
    }
}
