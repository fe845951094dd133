//! `newsreader trash`: lists the articles that were removed, restores them, and drops them for good.

use std::io::{IsTerminal, Write as _, stderr, stdin};

use chrono::{DateTime, Local, SecondsFormat, Utc};
use clap::Subcommand;
use serde::Serialize;

use super::{
    config,
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    global_args::GlobalArgs,
    json_version::JSON_VERSION,
    listing_args::ListingArgs,
    mark::{self, Mark, MarkTargets},
    open_library::OpenLibrary,
    outcome::CommandOutcome,
    output,
};
use crate::{
    library::{Retention, clock::utc_now},
    model::{EntryId, Failure, RemovedEntry},
    store::ReadConnection,
    text::{count_noun, sanitize},
};

/// A subcommand of `newsreader trash`.
#[derive(Debug, Clone, Subcommand)]
pub enum TrashCommand {
    /// List the articles of the trash, those that are dropped next first: number, day of the removal,
    /// day on which they are dropped, feed, title.
    List(ListingArgs),
    /// Count the articles that the setting `library.keep` would move to the trash now.
    Preview,
    /// Take articles out of the trash (can be undone).
    Restore(MarkTargets),
    /// Drop the articles of the trash for good, at once.
    Empty {
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

/// Runs a subcommand of `newsreader trash`.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: &TrashCommand,
) -> anyhow::Result<ExitStatus> {
    match command {
        TrashCommand::List(listing) => list_trash(args, environment, *listing),
        TrashCommand::Restore(targets) => {
            mark::run(args, environment, targets, Mark::Removed(false))
        }
        TrashCommand::Preview => preview_retention(args, environment),
        TrashCommand::Empty { yes } => empty_trash(args, environment, *yes),
    }
}

/// An article of the trash as JSON.
#[derive(Serialize)]
struct RemovedEntryJson<'a> {
    number: EntryId,
    title: &'a str,
    feed: &'a str,
    removed: String,
    dropped: String,
}

/// The trash as JSON.
#[derive(Serialize)]
struct TrashListJson<'a> {
    version: u32,
    articles: Vec<RemovedEntryJson<'a>>,
}

/// Prints the articles of the trash as JSON, or as lines with fields that tabs separate.
fn list_trash(
    args: &GlobalArgs,
    environment: &Environment,
    listing: ListingArgs,
) -> anyhow::Result<ExitStatus> {
    let library = OpenLibrary::open_readable(args, environment)?;
    let mut removed = ReadConnection::open(&library.location)?.list_trash()?;
    listing.shorten(&mut removed);
    let text = if args.json {
        let articles = removed.iter().map(removed_json).collect();
        output::to_json_lines(&TrashListJson { version: JSON_VERSION, articles })?
    } else {
        removed.iter().map(format_row).collect()
    };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

fn removed_json(removed: &RemovedEntry) -> RemovedEntryJson<'_> {
    let format = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    RemovedEntryJson {
        number: removed.id,
        title: &removed.title,
        feed: &removed.feed,
        removed: format(removed.removed_at()),
        dropped: format(removed.dropped_at),
    }
}

fn format_row(removed: &RemovedEntry) -> String {
    let day = |at: DateTime<Utc>| at.with_timezone(&Local).format("%Y-%m-%d").to_string();
    let (id, from, until) = (removed.id, day(removed.removed_at()), day(removed.dropped_at));
    let [feed, title] =
        [&removed.feed, &removed.title].map(|field| sanitize::to_text_line(field).into_owned());
    format!("{id}\t{from}\t{until}\t{feed}\t{title}\n")
}

/// Prints how many articles refreshes would move to the trash now.
fn preview_retention(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    let (settings, failures) = config::load_settings(args, environment);
    for failure in &failures {
        output::write_stderr_line(&failure.summary);
    }
    let names_it = |failure: &Failure| failure.summary.contains("`library.keep`");
    if failures.iter().any(names_it) {
        anyhow::bail!(
            "nothing was counted: `library.keep` is wrong, and refreshes keep all articles"
        );
    }
    let library = OpenLibrary::open_readable(args, environment)?;
    let (sentence, count) = match Retention::from_days(settings.library.keep) {
        None => ("`library.keep` is 0: all articles are kept".to_owned(), 0),
        Some(retention) => {
            let reader = ReadConnection::open(&library.location)?;
            let count = retention.count_outdated(&reader, utc_now())?;
            let sentence = format!(
                "{} read and older than {}: refreshes move them to the trash, at most 2,000 each",
                count_noun(count, "article"),
                count_noun(settings.library.keep, "day")
            );
            (sentence, count)
        }
    };
    let counted = CommandOutcome::new([sentence]).with_changed(count).format(args)?;
    output::write_stdout(counted.as_bytes())?;
    Ok(if failures.is_empty() { ExitStatus::Success } else { ExitStatus::Failed })
}

/// Drops all articles of the trash, a few at a time, so that a reader that is open does not wait.
fn empty_trash(
    args: &GlobalArgs,
    environment: &Environment,
    yes: bool,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let size = ReadConnection::open(&library.location)?.measure_trash()?;
    if size.articles == 0 {
        let done = ["The trash is empty".to_owned()];
        CommandOutcome::new(done).with_changed(0).print(args)?;
        return Ok(ExitStatus::Success);
    }
    if !yes && !confirm_dropping(&count_noun(size.articles, "article"))? {
        let done = ["Nothing was dropped".to_owned()];
        CommandOutcome::new(done).with_changed(0).print(args)?;
        return Ok(ExitStatus::Failed);
    }
    let (mut total, started) = (0, utc_now());
    loop {
        let dropped = library.writer.empty_trash_step(started)?;
        if dropped == 0 {
            break;
        }
        total += dropped;
    }
    let sentence = format!("{} dropped for good", count_noun(total, "article"));
    CommandOutcome::new([sentence]).with_changed(total).print(args)?;
    Ok(ExitStatus::Success)
}

/// Asks on the terminal whether articles are to be dropped.
///
/// # Errors
///
/// Fails where nobody can answer.
fn confirm_dropping(articles: &str) -> anyhow::Result<bool> {
    if !stdin().is_terminal() || !stderr().is_terminal() {
        let sentence = format!("this drops {articles} for good; --yes confirms it");
        return Err(UsageError(sentence).into());
    }
    let mut terminal = stderr().lock();
    write!(terminal, "Drop {articles} for good? This cannot be undone. [y/N] ")?;
    terminal.flush()?;
    let mut answer = String::new();
    stdin().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}
