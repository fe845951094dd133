//! Runs a program of the user's and reads its output.

use std::{
    io::Read,
    process::{Child, ChildStdout, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{Receiver, RecvTimeoutError, sync_channel},
    },
    thread,
    time::Duration,
};

use crossbeam_channel::after;

use super::clock::monotonic_now;

/// Time limit of a program.
const PROGRAM_TIMEOUT: Duration = Duration::from_secs(60);

/// Time between two looks at a program that is still printing.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Time in which the output must end after the program has. A process that it left behind may hold
/// the output open for ever.
const OUTPUT_GRACE: Duration = Duration::from_millis(500);

/// The output of a program: all of it, or one byte more than the limit.
type SharedOutput = Arc<Mutex<Vec<u8>>>;

/// Runs `argv` and returns its output. No shell is involved.
///
/// # Errors
///
/// Fails if the program cannot be started, fails, prints more than `limit` bytes, or takes longer
/// than [`PROGRAM_TIMEOUT`]. A program that prints too much or takes too long is killed.
pub(super) fn read_program_output(argv: &[String], limit: u64) -> Result<Vec<u8>, String> {
    let (program, arguments) = argv.split_first().ok_or("its command is empty")?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot start {program}: {error}"))?;
    let stdout = child.stdout.take().ok_or_else(|| format!("{program} has no output"))?;
    let output = SharedOutput::default();
    let ended = start_reading(stdout, limit, &output)?;
    let status = wait_for_output(&mut child, &ended, &output, limit);
    if !matches!(status, Ok(Some(_))) {
        let _ = child.kill();
        let _ = child.wait();
    }
    let body = std::mem::take(&mut *output.lock().unwrap_or_else(PoisonError::into_inner));
    if body.len() as u64 > limit {
        return Err(format!(
            "{program} printed more than {} MiB; the settings of the feed can raise the limit",
            limit >> 20
        ));
    }
    match status.map_err(|error| error.to_string())? {
        None => Err(format!("{program} took longer than {} s", PROGRAM_TIMEOUT.as_secs())),
        Some(status) if !status.success() => Err(format!("{program} failed: {status}")),
        Some(_) => Ok(body),
    }
}

/// Starts a thread that reads at most one byte more than `limit`. The channel closes when the output
/// ends or is too long.
fn start_reading(
    mut stdout: ChildStdout,
    limit: u64,
    output: &SharedOutput,
) -> Result<Receiver<()>, String> {
    let (sender, ended) = sync_channel(0);
    let output = Arc::clone(output);
    let read_output = move || {
        let _ends_with_the_thread = sender;
        let mut part = vec![0; 64 * 1024];
        let mut left = limit + 1;
        while left > 0 {
            let wanted = part.len().min(usize::try_from(left).unwrap_or(usize::MAX));
            match stdout.read(&mut part[..wanted]) {
                Ok(0) => break,
                Ok(len) => {
                    output
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend_from_slice(&part[..len]);
                    left -= len as u64;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
    };
    let thread = thread::Builder::new().name("job program".to_owned()).spawn(read_output);
    thread.map(|_| ended).map_err(|error| error.to_string())
}

/// Waits until the program and its output have ended, or the output is too long. Returns `None` when
/// the time is over, or the output is too long while the program still runs.
fn wait_for_output(
    child: &mut Child,
    ended: &Receiver<()>,
    output: &SharedOutput,
    limit: u64,
) -> std::io::Result<Option<ExitStatus>> {
    let started = monotonic_now();
    let mut exited = None;
    while started.elapsed() < PROGRAM_TIMEOUT {
        let has_ended = ended.recv_timeout(POLL_INTERVAL) != Err(RecvTimeoutError::Timeout);
        let len = output.lock().unwrap_or_else(PoisonError::into_inner).len() as u64;
        if len > limit {
            return Ok(None);
        }
        if let Some(status) = child.try_wait()? {
            let since = *exited.get_or_insert_with(monotonic_now);
            if has_ended || since.elapsed() >= OUTPUT_GRACE {
                return Ok(Some(status));
            }
        }
        if has_ended {
            // The channel is closed, so that waiting for it takes no time.
            let _ = after(POLL_INTERVAL).recv();
        }
    }
    Ok(None)
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    fn run(script: &str, limit: u64) -> Result<String, String> {
        let argv = ["sh", "-c", script].map(str::to_owned);
        read_program_output(&argv, limit).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn program_output_is_read_to_its_end() {
        assert_eq!(run("echo one; exec echo two", 100).unwrap(), "one\ntwo\n");
        assert_eq!(run("printf 12345", 5).unwrap(), "12345");
        assert!(run("exec seq 200000", 16 << 20).unwrap().ends_with("\n200000\n"));
    }

    #[test]
    fn program_that_prints_too_much_is_named_and_ended() {
        for (script, limit) in [("exec yes", 1 << 20), ("printf 123456", 5)] {
            let error = run(script, limit).unwrap_err();
            let start = format!("sh printed more than {} MiB; the settings", limit >> 20);
            assert!(error.starts_with(&start), "{error}");
        }
    }

    #[test]
    fn program_that_fails_is_named_with_its_status() {
        assert!(run("echo half; exit 3", 100).unwrap_err().contains("sh failed: exit status: 3"));
        let argv = ["/nowhere/at/all".to_owned()];
        assert!(read_program_output(&argv, 1).unwrap_err().starts_with("cannot start /nowhere"));
        assert!(read_program_output(&[], 1).is_err());
    }

    #[test]
    fn process_left_behind_does_not_hold_the_output() {
        let started = monotonic_now();
        assert_eq!(run("sleep 20 & echo news", 100).unwrap(), "news\n");
        assert!(started.elapsed() < Duration::from_secs(15));
    }
}
