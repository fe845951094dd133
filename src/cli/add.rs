//! `newsreader add PATH…`: follow folders or files.

use std::path::PathBuf;

use anyhow::Context as _;
use chrono::Utc;

use super::{Args, Environment, Exit, library::Library, output, refresh};
use crate::{
    model::Change,
    runtime::{Followed, follow},
    store::Reader,
};

/// Follows `paths`, reads them, and puts the samples away.
#[expect(clippy::disallowed_methods, reason = "the journal notes when the samples were put away")]
pub fn run(args: &Args, environment: &Environment, paths: &[PathBuf]) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    if let Some(warning) = library.warning {
        anyhow::bail!("{warning}");
    }
    for path in paths {
        let path = path.canonicalize().with_context(|| format!("cannot follow {}", path.display()))?;
        let Followed { title, is_new, .. } = follow(&mut library.store, &path)?;
        let sentence =
            if is_new { format!("Following {title}") } else { format!("{title} is followed already") };
        output::note(&sentence);
    }
    if let Some(samples) = library.store.samples()? {
        library.store.change(&Change::gone(samples, true), Utc::now())?;
    }
    let reader = Reader::open(&library.location)?;
    let summary = library.refresh(&reader)?;
    refresh::report(&summary)
}
