//! `newsreader refresh`: ask every feed and read every folder again.

use std::io::IsTerminal;

use clap::Args as ClapArgs;
use indicatif::{ProgressBar, ProgressStyle};
use serde::Serialize;

use super::{Args, Environment, Exit, feed, library::Library, network, output, reader};
use crate::{
    app::{RefreshEvent, RefreshSummary},
    model::RefreshScope,
    store::Reader,
};

/// What to refresh, and how to tell of it.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct Refresh {
    /// Only this feed: its number, its address, or its name.
    #[arg(long, value_name = "FEED")]
    pub feed: Option<String>,

    /// Print what it brought as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Refreshes, with a bar of progress where a person looks on.
pub fn run(args: &Args, environment: &Environment, refresh: &Refresh) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    if let Some(warning) = library.warning {
        anyhow::bail!("{warning}");
    }
    let scope = match &refresh.feed {
        Some(wanted) => RefreshScope::One(feed::find(&Reader::open(&library.location)?, wanted)?.id),
        None => RefreshScope::All,
    };
    let (settings, _) = reader::settings(args, environment);
    let sources = network::sources(environment, &settings)?;
    let shown = !refresh.json && std::io::stderr().is_terminal();
    let summary = with_bar(shown, |event| library.refresh(&sources, scope, event))?;
    if refresh.json { as_json(&summary) } else { report(&summary) }
}

/// Runs `work`, which tells of its progress, under a bar.
pub fn with_bar<T>(shown: bool, work: impl FnOnce(&mut dyn FnMut(RefreshEvent)) -> T) -> T {
    let bar = if shown { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let style =
        ProgressStyle::with_template("{bar:30} {pos}/{len}").unwrap_or_else(|_| ProgressStyle::default_bar());
    bar.set_style(style);
    let done = work(&mut |event| match event {
        RefreshEvent::Started(total) => bar.set_length(total as u64),
        RefreshEvent::Progress(done) => bar.set_position(done as u64),
        RefreshEvent::Arrived | RefreshEvent::Finished(_) => {}
    });
    bar.finish_and_clear();
    done
}

/// Says what a refresh brought, and what could not be read.
pub fn report(summary: &RefreshSummary) -> anyhow::Result<Exit> {
    for failure in &summary.failures {
        output::note(&failure.summary);
    }
    if summary.offline {
        output::note("There is no network; nothing was refreshed.");
    }
    let text =
        format!("{} new, {} changed, {} failed\n", summary.new, summary.changed, summary.failures.len());
    output::write(text.as_bytes())?;
    Ok(exit(summary))
}

#[derive(Serialize)]
struct Report<'a> {
    feeds: usize,
    new: usize,
    changed: usize,
    offline: bool,
    failures: Vec<&'a str>,
}

fn as_json(summary: &RefreshSummary) -> anyhow::Result<Exit> {
    let report = Report {
        feeds: summary.asked,
        new: summary.new,
        changed: summary.changed,
        offline: summary.offline,
        failures: summary.failures.iter().map(|failure| failure.summary.as_str()).collect(),
    };
    output::write((serde_json::to_string_pretty(&report)? + "\n").as_bytes())?;
    Ok(exit(summary))
}

fn exit(summary: &RefreshSummary) -> Exit {
    if summary.failures.is_empty() && !summary.offline { Exit::Done } else { Exit::Failed }
}
