//! The programs that rules run, once for each article, with its text on standard input.

use std::{
    collections::BTreeMap,
    io::Write,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
    thread,
    time::Duration,
};

use crossbeam_channel::after;

use crate::{
    library::{catch_panic::catch_panic, clock::monotonic_now, load_readable},
    markup::ExportFormat,
    model::{EntryId, Failure, FailureKind},
    store::{ActsOfRule, LibraryLocation, ReadConnection},
    text::{count_noun, fill_slots},
};

/// Maximum number of programs that run at once.
const MAX_AT_ONCE: usize = 3;

/// Maximum number of articles for which a rule runs its program after one write.
const MAX_RUNS: usize = 100;

/// Time limit of a program.
const TIMEOUT: Duration = Duration::from_secs(60);

/// Time between two looks at a program that runs.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// The user's commands that rules may run, by name: the program to start and its arguments.
pub type RuleCommands = BTreeMap<String, Vec<String>>;

/// A program to run on an article.
struct ProgramJob<'a> {
    rule: &'a str,
    argv: &'a [String],
    entry: EntryId,
}

/// Runs the programs of the rules that acted, after their acts were stored, and waits until all have
/// ended. Returns a failure for each way in which one failed, with the number of its articles, and for
/// articles beyond the limit.
pub fn run_rule_programs(
    location: &LibraryLocation,
    commands: &RuleCommands,
    acts: &[ActsOfRule],
) -> Vec<Failure> {
    let (mut jobs, mut failures) = (Vec::new(), Vec::new());
    for ActsOfRule { act, ids, .. } in acts {
        let Some(name) = &act.run else { continue };
        let Some(argv) = commands.get(name) else {
            failures.push(rule_failure(&act.rule, &format!("there is no command “{name}”")));
            continue;
        };
        let to_job = |id: &EntryId| ProgramJob { rule: &act.rule, argv, entry: *id };
        jobs.extend(ids.iter().take(MAX_RUNS).map(to_job));
        if ids.len() > MAX_RUNS {
            let left = count_noun(ids.len() - MAX_RUNS, "article");
            let reason = format!("“{name}” did not run for {left}: only {MAX_RUNS} at once");
            failures.push(rule_failure(&act.rule, &reason));
        }
    }
    failures.extend(merge_failures(run_jobs(location, &jobs)));
    failures
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

fn rule_failure(rule: &str, reason: &str) -> Failure {
    Failure::new(FailureKind::Desktop, format!("The rule “{rule}”: {reason}"))
}

/// Runs the jobs on a few threads and returns their failures.
fn run_jobs(location: &LibraryLocation, jobs: &[ProgramJob<'_>]) -> Vec<Failure> {
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
    failures.into_inner().unwrap_or_else(PoisonError::into_inner)
}

/// Runs a program on an article.
fn run_job(location: &LibraryLocation, job: &ProgramJob<'_>) -> Result<(), Failure> {
    catch_panic(job.rule, || {
        let reader = ReadConnection::open(location)?;
        let (document, header) = load_readable(&reader, &[], job.entry)?;
        let text = document.export(&header, ExportFormat::PlainText);
        let entry = reader.load_entry(job.entry)?;
        let (title, url) = entry
            .map_or_else(Default::default, |entry| (entry.title, entry.link.unwrap_or_default()));
        let argv = fill_slots(job.argv, &[("{url}", &url), ("{title}", &title)]);
        run_program(&argv, &text).map_err(|reason| rule_failure(job.rule, &reason))
    })
}

/// Runs `argv` with `text` on standard input. One that takes longer than [`TIMEOUT`] is killed.
fn run_program(argv: &[String], text: &str) -> Result<(), String> {
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
