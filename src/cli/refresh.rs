//! `newsreader refresh`: ask every feed and read every folder again.

use std::io::IsTerminal;

use clap::Args as ClapArgs;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{
    config, environment::Environment, exit_status::ExitStatus, feed, global_args::GlobalArgs,
    network, open_library::OpenLibrary, output,
};
use crate::{
    model::{RefreshProgress, RefreshScope, RefreshSummary},
    store::ReadConnection,
};

/// What to refresh, and how to tell of it.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct RefreshArgs {
    /// Only this feed: its number, its address, or its name.
    #[arg(long, value_name = "FEED")]
    pub feed: Option<String>,

    /// Print what it brought as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Refreshes, with a bar of progress where a person looks on.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    refresh: &RefreshArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open(args, environment)?;
    if let Some(warning) = library.warning {
        anyhow::bail!("{warning}");
    }
    let scope = match &refresh.feed {
        Some(wanted) => RefreshScope::One(
            feed::find_feed(&ReadConnection::open(&library.location)?, wanted)?.id,
        ),
        None => RefreshScope::All,
    };
    let (settings, _) = config::load_settings(args, environment);
    let sources = network::build_sources(environment, &settings)?;
    let shown = !refresh.json && std::io::stderr().is_terminal();
    let summary = with_progress_bar(shown, |event| library.refresh(&sources, scope, event))?;
    if refresh.json { print_json(&summary) } else { print_summary(&summary) }
}

/// Runs `work`, which tells of its progress, under a bar.
pub fn with_progress_bar<T>(
    shown: bool,
    work: impl FnOnce(&mut dyn FnMut(RefreshProgress)) -> T,
) -> T {
    let bar = if shown { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    let done = work(&mut |event| match event {
        RefreshProgress::Started(total) => bar.set_length(total as u64),
        RefreshProgress::FeedsDone(done) => bar.set_position(done as u64),
        RefreshProgress::ArticlesArrived | RefreshProgress::Finished(_) => {}
    });
    bar.finish_and_clear();
    done
}

/// Says what a refresh brought, and what could not be read.
pub fn print_summary(summary: &RefreshSummary) -> anyhow::Result<ExitStatus> {
    for failure in &summary.failures {
        output::write_stderr_line(&failure.summary);
    }
    if summary.is_offline {
        output::write_stderr_line("There is no network; nothing was refreshed.");
    }
    let text = format!(
        "{} new, {} changed, {} failed\n",
        summary.new_entries,
        summary.changed_entries,
        summary.failures.len()
    );
    output::write_stdout(text.as_bytes())?;
    Ok(exit_status(summary))
}

#[derive(Serialize)]
struct RefreshJson<'a> {
    feeds: usize,
    new: usize,
    changed: usize,
    offline: bool,
    failures: Vec<&'a str>,
}

fn print_json(summary: &RefreshSummary) -> anyhow::Result<ExitStatus> {
    let report = RefreshJson {
        feeds: summary.requested_feeds,
        new: summary.new_entries,
        changed: summary.changed_entries,
        offline: summary.is_offline,
        failures: summary.failures.iter().map(|failure| failure.summary.as_str()).collect(),
    };
    output::write_stdout((serde_json::to_string_pretty(&report)? + "\n").as_bytes())?;
    Ok(exit_status(summary))
}

fn exit_status(summary: &RefreshSummary) -> ExitStatus {
    if summary.failures.is_empty() && !summary.is_offline {
        ExitStatus::Success
    } else {
        ExitStatus::Failed
    }
}
