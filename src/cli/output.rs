//! Writing plain text, without escape codes, to standard output and standard error.
//!
//! A closed pipe (`newsreader list | head`) is not an error: see [`is_broken_pipe`].

use std::io::{self, Write};

use serde::Serialize;

use crate::{
    model::{Failure, io_error_reason},
    text::{escape_deceptive_json, redact_user_info, sanitize},
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

/// Writes the report of an act to standard output.
///
/// The act is done, whether the report arrives or not: a caller that is told of a failure would do it
/// again. So a report that cannot be written goes to standard error; nobody misses that of a closed pipe.
pub fn write_report(report: &str) {
    let Err(error) = write_stdout(report.as_bytes()) else { return };
    if !is_broken_pipe(&error) {
        let reason =
            error.downcast_ref::<io::Error>().map_or_else(|| error.to_string(), io_error_reason);
        write_stderr_line(&format!(
            "newsreader: this was done, but standard output cannot be written: {reason}"
        ));
        write_stderr_block(report);
    }
}

/// Formats `value` as JSON on one line.
///
/// Characters that mean something to a terminal are escaped: JSON allows that for each, so that a
/// program reads exactly what is stored.
pub fn to_json(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(escape_deceptive_json(serde_json::to_string(value)?))
}

/// Formats `value` as JSON on several lines, with a line feed at the end. Escapes as [`to_json`] does.
pub fn to_json_lines(value: &impl Serialize) -> anyhow::Result<String> {
    Ok(escape_deceptive_json(serde_json::to_string_pretty(value)?) + "\n")
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
    write_stderr(&sanitize::to_line(&redact_user_info(text)));
}

/// Writes several lines to standard error, as [`write_stderr_line`] does.
pub fn write_stderr_block(text: &str) {
    write_stderr(&sanitize::to_block(&redact_user_info(text.trim_end())));
}

/// Writes text and a line feed to standard error. Where that is closed or full, nobody can be told, and
/// the exit status says what there is to say; `eprintln!` would panic.
pub(super) fn write_stderr(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_json_escapes_what_terminals_obey_and_loses_nothing() {
        let text = "a\u{9b}31m\u{9d}\u{7f}\u{1b}[m\u{202e}\u{2066}\u{2028}\u{e0001}é👍🏽\n";
        for json in [to_json(&text).unwrap(), to_json_lines(&[text]).unwrap()] {
            assert!(!json.contains(sanitize::is_deceptive), "{json:?}");
            assert!(json.contains(
                "\\u009b31m\\u009d\\u007f\\u001b[m\\u202e\\u2066\\u2028\\udb40\\udc01é👍🏽"
            ));
        }
        assert_eq!(serde_json::from_str::<String>(&to_json(&text).unwrap()).unwrap(), text);
    }
}
