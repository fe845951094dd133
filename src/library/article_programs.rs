//! Programs of the user's that get an article on standard input, once for each article.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    io::Write,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use chrono::Local;
use crossbeam_channel::after;

use super::{
    article_json::full_article_json, catch_panic::catch_panic, clock::monotonic_now,
    readable::ReadableArticles,
};
use crate::{
    markup::ExportFormat,
    model::{EntryId, Failure, FailureKind},
    store::{LibraryLocation, ReadConnection},
    text::{browser_url, count_noun, fill_slots, sanitize},
};

/// Maximum number of programs that run at once.
const MAX_AT_ONCE: usize = 3;

/// Maximum number of articles for which a program runs after one write.
pub(super) const MAX_RUNS: usize = 100;

/// Time limit of a program.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Time between two looks at a program that runs.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The form of the article on the standard input of a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ProgramInput {
    /// The article as plain text.
    #[default]
    Text,
    /// The article as JSON (`assets/schemas/article.json`).
    Json,
}

/// A program of the user's with its arguments, and what it reads.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ProgramCommand {
    /// The program and its arguments, in which `{url}` and `{title}` are replaced.
    pub argv: Vec<String>,
    /// The form of its standard input.
    pub input: ProgramInput,
}

/// The user's commands that rules may run, by name.
pub type RuleCommands = BTreeMap<String, ProgramCommand>;

impl From<Vec<String>> for ProgramCommand {
    /// Returns a program that reads text.
    fn from(argv: Vec<String>) -> ProgramCommand {
        ProgramCommand { argv, input: ProgramInput::Text }
    }
}

/// A program to run on an article.
pub(super) struct ProgramJob<'a> {
    /// The reason why the program runs, as the start of a sentence: “The rule “Bridges””.
    pub(super) cause: &'a str,
    pub(super) command: &'a ProgramCommand,
    pub(super) entry: EntryId,
}

/// Returns the jobs of a program for at most [`MAX_RUNS`] articles, and a failure that says how many are
/// left out.
pub(super) fn plan_jobs<'a>(
    (cause, name): (&'a str, &str),
    command: &'a ProgramCommand,
    ids: &[EntryId],
) -> (Vec<ProgramJob<'a>>, Option<Failure>) {
    let to_job = |id: &EntryId| ProgramJob { cause, command, entry: *id };
    let jobs = ids.iter().take(MAX_RUNS).map(to_job).collect();
    let failure = (ids.len() > MAX_RUNS).then(|| {
        let left = count_noun(ids.len() - MAX_RUNS, "article");
        program_failure(cause, &format!("“{name}” did not run for {left}: only {MAX_RUNS} at once"))
    });
    (jobs, failure)
}

pub(super) fn program_failure(cause: &str, reason: &str) -> Failure {
    Failure::new(FailureKind::Desktop, format!("{cause}: {reason}"))
}

/// Runs the jobs on a few threads, waits until all have ended, and returns a failure for each way in which
/// one failed, with the number of its articles.
pub(super) fn run_jobs(location: &LibraryLocation, jobs: &[ProgramJob<'_>]) -> Vec<Failure> {
    let (waiting, failures) = (Mutex::new(jobs.iter()), Mutex::new(Vec::new()));
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
    let work = || {
        while let Some(job) = next() {
            if let Err(failure) = run_job(location, job) {
                failures.lock().unwrap_or_else(PoisonError::into_inner).push(failure);
            }
        }
    };
    thread::scope(|scope| {
        for _ in 0..MAX_AT_ONCE.min(jobs.len()) {
            scope.spawn(work);
        }
    });
    merge_failures(failures.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Makes equal failures one, which says of how many articles it is.
fn merge_failures(failures: Vec<Failure>) -> Vec<Failure> {
    let mut merged: Vec<(Failure, usize)> = Vec::new();
    for failure in failures {
        match merged.iter_mut().find(|(known, _)| *known == failure) {
            Some((_, count)) => *count += 1,
            None => merged.push((failure, 1)),
        }
    }
    let describe = |(failure, count): (Failure, usize)| match count {
        1 => failure,
        _ => Failure {
            summary: format!("{} ({})", failure.summary, count_noun(count, "article")),
            ..failure
        },
    };
    merged.into_iter().map(describe).collect()
}

/// Runs a program on an article.
fn run_job(location: &LibraryLocation, job: &ProgramJob<'_>) -> Result<(), Failure> {
    catch_panic(job.cause, || {
        let reader = ReadConnection::open(location)?;
        let articles = ReadableArticles::open(&reader, &[])?;
        let article = articles.load(job.entry)?;
        let entry = &article.entry;
        let url = entry.link.as_deref().and_then(browser_url);
        let values = entry.slot_values(url, entry.published.day_in(&Local));
        let lines = values.iter().map(|(slot, value)| (*slot, sanitize::to_line(value)));
        let lines: Vec<(&str, Cow<'_, str>)> = lines.collect();
        let slots: Vec<(&str, &str)> = lines.iter().map(|(slot, line)| (*slot, &**line)).collect();
        let text = match job.command.input {
            ProgramInput::Json => full_article_json(&article)?,
            ProgramInput::Text => article.document.export(&article.header, ExportFormat::PlainText),
        };
        let argv = fill_slots(&job.command.argv, &slots);
        run_program(&argv, &text).map_err(|reason| program_failure(job.cause, &reason))
    })
}

/// Runs `argv` with `text` on standard input. One that takes longer than [`TIMEOUT`] is killed.
pub(super) fn run_program(argv: &[String], text: &str) -> Result<(), String> {
    let (program, arguments) = argv.split_first().ok_or("its command is empty")?;
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot start {program}: {error}"))?;
    let stdin = child.stdin.take();
    thread::scope(|scope| {
        // On a thread of its own: a program need not read its input, which then holds up the writing.
        scope.spawn(move || stdin.map(|mut stdin| stdin.write_all(text.as_bytes())));
        wait_for(&mut child, program)
    })
}

/// Waits until a program has ended, or kills it.
fn wait_for(child: &mut Child, program: &str) -> Result<(), String> {
    let started = monotonic_now();
    while started.elapsed() < TIMEOUT {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) if status.success() => return Ok(()),
            Some(status) => return Err(format!("{program} failed: {status}")),
            None => drop(after(POLL_INTERVAL).recv()),
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    Err(format!("{program} took longer than {} s", TIMEOUT.as_secs()))
}
