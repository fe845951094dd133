//! `newsreader save`: saves web pages as articles, to read them later.

use std::{
    io::{IsTerminal, Read},
    time::Duration,
};

use anyhow::Context as _;
use clap::Args as ClapArgs;

use super::{
    config,
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    global_args::GlobalArgs,
    network,
    number::parse_number,
    open_library::OpenLibrary,
    outcome::CommandOutcome,
    output,
};
use crate::{
    library::{
        FeedSources, clock::utc_now, fetch_missing_pages, fetch_typed_page, hide_samples, save_page,
    },
    model::{Actor, Failure},
    text::{count_noun, sanitize},
};

/// The arguments of `newsreader save`.
#[derive(Debug, Clone, ClapArgs)]
pub struct SaveArgs {
    /// URLs of the pages; without any, and for `-`, standard input has one on each line.
    #[arg(value_name = "URL")]
    pub urls: Vec<String>,

    /// Fetch the texts of saved pages that an import has brought without them, one after the other. What
    /// is stopped goes on where it was the next time.
    #[arg(long, conflicts_with = "urls")]
    pub missing: bool,

    /// Fetch at most N of the missing texts.
    #[arg(long, value_name = "N", requires = "missing", value_parser = parse_number::<usize>)]
    pub limit: Option<usize>,
}

/// Maximum number of bytes that are read of standard input.
const MAX_INPUT_BYTES: u64 = 1 << 20;

/// Returns the URLs of the arguments, with those on standard input in the place of `-`, or if there are
/// none.
///
/// # Errors
///
/// Fails if there are none, and if standard input is too long or is no text.
fn named_urls(urls: &[String]) -> anyhow::Result<Vec<String>> {
    if urls.is_empty() && std::io::stdin().is_terminal() {
        let sentence = "name a URL, or write one on each line of standard input";
        return Err(UsageError(sentence.to_owned()).into());
    }
    let mut named = Vec::new();
    let words = if urls.is_empty() { &["-".to_owned()][..] } else { urls };
    for word in words {
        if word == "-" {
            named.extend(read_urls()?);
        } else {
            named.push(word.clone());
        }
    }
    if named.is_empty() {
        return Err(UsageError("standard input has no URL".to_owned()).into());
    }
    Ok(named)
}

/// Reads the lines of standard input that are neither blank nor a comment.
fn read_urls() -> anyhow::Result<Vec<String>> {
    let mut text = String::new();
    let read = std::io::stdin().take(MAX_INPUT_BYTES + 1).read_to_string(&mut text);
    read.context("cannot read standard input")?;
    if text.len() as u64 > MAX_INPUT_BYTES {
        anyhow::bail!("standard input is longer than 1 MiB; nothing is saved");
    }
    let lines =
        text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    Ok(lines.map(str::to_owned).collect())
}

/// Saves the pages that the arguments name, or fetches missing texts.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    save: &SaveArgs,
) -> anyhow::Result<ExitStatus> {
    let urls = if save.missing { Vec::new() } else { named_urls(&save.urls)? };
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let (settings, _) = config::load_settings(args, environment);
    let sources = network::build_sources(environment, &settings)?;
    if save.missing {
        return fetch_missing(args, &mut library, &sources, save.limit.unwrap_or(usize::MAX));
    }
    save_pages(args, &mut library, &sources, &urls)
}

/// Fetches missing texts, with a line for each page on standard error. The status is a failure if a text
/// could not be fetched.
fn fetch_missing(
    args: &GlobalArgs,
    library: &mut OpenLibrary,
    sources: &FeedSources,
    limit: usize,
) -> anyhow::Result<ExitStatus> {
    let wait = |pause: Duration| {
        // Nothing is ever sent: the wait ends by its time.
        let _ = crossbeam_channel::never::<()>().recv_timeout(pause);
    };
    let mut report = |title: &str, failure: Option<&Failure>| {
        let title = sanitize::to_text_line(title);
        let line = failure.map_or_else(
            || format!("Fetched: {title}"),
            |failure| format!("newsreader: {title}: {}", failure.summary),
        );
        output::write_stderr_line(&line);
    };
    let location = library.location.clone();
    let summary =
        fetch_missing_pages(&mut library.writer, &location, sources, limit, (&wait, &mut report))?;
    let fetched = count_noun(summary.fetched, "text");
    let sentence =
        format!("{fetched} fetched, {} failed, {} missing", summary.failed, summary.missing);
    let outcome = CommandOutcome::new([sentence]).with_changed(summary.fetched);
    outcome.with_failed(summary.failed).print(args)?;
    Ok(if summary.failed == 0 { ExitStatus::Success } else { ExitStatus::Failed })
}

/// Fetches each page and stores the article that it contains. Prints a line for each page; a page
/// that fails does not stop the others.
fn save_pages(
    args: &GlobalArgs,
    library: &mut OpenLibrary,
    sources: &FeedSources,
    urls: &[String],
) -> anyhow::Result<ExitStatus> {
    let (mut done, mut failed) = (Vec::new(), 0);
    for typed in urls {
        match fetch_typed_page(sources, typed) {
            Ok(page) => {
                let title = page.article.metadata.title.clone().unwrap_or_else(|| page.url.clone());
                let counts = save_page(&mut library.writer, page, utc_now())?;
                let verb = if counts.new > 0 { "Saved" } else { "Saved again" };
                done.push(format!("{verb}: {}", sanitize::to_text_line(&title)));
                if !args.json {
                    output::write_stderr_line(&done[done.len() - 1]);
                }
            }
            Err(failure) => {
                output::write_stderr_line(&format!("newsreader: {}", failure.summary));
                failed += 1;
            }
        }
    }
    hide_samples(&mut library.writer, (&Actor::User, utc_now()))?;
    if args.json {
        let saved = done.len();
        CommandOutcome::new(done).with_changed(saved).with_failed(failed).print(args)?;
    }
    Ok(if failed == 0 { ExitStatus::Success } else { ExitStatus::Failed })
}
