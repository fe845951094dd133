//! `newsreader refresh`: read the followed folders again.

use super::{Args, Environment, Exit, library::Library, output};
use crate::{app::RefreshSummary, store::Reader};

/// Reads every followed folder again.
pub fn run(args: &Args, environment: &Environment) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    let reader = Reader::open(&library.location)?;
    let summary = library.refresh(&reader)?;
    report(&summary)
}

/// Says what a refresh brought, and what it could not read.
pub fn report(summary: &RefreshSummary) -> anyhow::Result<Exit> {
    summary.failures.iter().for_each(|failure| output::note(&failure.summary));
    let text =
        format!("{} new, {} changed, {} failed\n", summary.new, summary.changed, summary.failures.len());
    output::write(text.as_bytes())?;
    Ok(if summary.failures.is_empty() { Exit::Done } else { Exit::Failed })
}
