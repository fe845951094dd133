//! `newsreader add`: follow folders, files, and addresses.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{
    Args, Environment, Exit,
    feed::{one, put_samples_away},
    library::Library,
    network, output, reader, refresh,
};
use crate::{
    feed,
    model::{RefreshScope, Subscription},
    runtime::{Followed, follow},
};

/// Follows `sources`, reads them, and puts the samples away.
pub fn run(args: &Args, environment: &Environment, sources: &[PathBuf]) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    if let Some(warning) = library.warning {
        anyhow::bail!("{warning}");
    }
    let (settings, _) = reader::settings(args, environment);
    let network = network::sources(environment, &settings)?;
    for source in sources {
        match address(source) {
            Some(address) => drop(one(&mut library, &network, &address, false, &Subscription::default())?),
            None => path(&mut library, source)?,
        }
    }
    put_samples_away(&mut library)?;
    let shown = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let summary = refresh::with_bar(shown, |tell| library.refresh(&network, RefreshScope::Due, tell))?;
    refresh::report(&summary)
}

/// The address that `source` is, unless there is a file of that name.
fn address(source: &Path) -> Option<String> {
    let text = source.to_str().filter(|_| !source.exists())?;
    if text.starts_with("exec:") { Some(text.to_owned()) } else { feed::address(text) }
}

fn path(library: &mut Library, path: &Path) -> anyhow::Result<()> {
    let path = path.canonicalize().with_context(|| format!("cannot follow {}", path.display()))?;
    let Followed { title, is_new, .. } = follow(&mut library.store, &path)?;
    let sentence = if is_new { format!("Following {title}") } else { format!("{title} is followed already") };
    output::note(&sentence);
    Ok(())
}
