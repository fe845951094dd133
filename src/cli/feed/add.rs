//! `newsreader feed add`, `newsreader feed discover`: follow what is at an address.

use anyhow::bail;
use chrono::Utc;
use clap::Args as ClapArgs;

use super::options::Options;
use crate::{
    cli::{Args, Environment, Exit, library::Library, network, output, reader, refresh},
    model::{Candidate, Change, NewFeed, RefreshScope, Subscription},
    runtime::{Sources, discover, follow_all, follow_program},
    text::clean,
};

/// What to follow, and how.
#[derive(Debug, Clone, ClapArgs)]
pub struct Add {
    /// Addresses of sites or feeds, or `exec:NAME` of a program in the settings.
    #[arg(value_name = "URL", required = true)]
    pub addresses: Vec<String>,

    /// Follow every feed of a site, not only the first.
    #[arg(long)]
    pub all: bool,

    /// How it is followed.
    #[command(flatten)]
    pub options: Options,
}

/// Follows what is at the addresses, and refreshes what is new.
pub fn run(args: &Args, environment: &Environment, add: &Add) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    if let Some(warning) = library.warning {
        bail!("{warning}");
    }
    let (settings, _) = reader::settings(args, environment);
    let sources = network::sources(environment, &settings)?;
    let how = add.options.over(Subscription::default())?;
    let mut exit = Exit::Done;
    for address in &add.addresses {
        match one(&mut library, &sources, address, add.all, &how) {
            Ok(followed) if followed.iter().any(|(_, is_new)| *is_new) => {
                put_samples_away(&mut library)?;
            }
            Ok(_) => {}
            Err(error) => {
                output::note(&format!("newsreader: {error:#}"));
                exit = Exit::Failed;
            }
        }
    }
    let shown = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let summary = refresh::with_bar(shown, |tell| library.refresh(&sources, RefreshScope::Due, tell))?;
    match refresh::report(&summary)? {
        Exit::Done => Ok(exit),
        failed => Ok(failed),
    }
}

/// Follows what is at `address`; gives the names, and whether each is new.
pub fn one(
    library: &mut Library,
    sources: &Sources,
    address: &str,
    all: bool,
    how: &Subscription,
) -> anyhow::Result<Vec<(String, bool)>> {
    let mut followed = Vec::new();
    if let Some(name) = address.strip_prefix("exec:") {
        if !sources.programs.contains_key(name) {
            bail!("the settings have no program “{name}” under [programs]");
        }
        let program = follow_program(&mut library.store, address, how)?;
        followed.push((program.title, program.is_new));
    } else {
        let found = discover(sources, address).map_err(anyhow::Error::msg)?;
        let others = found.len() - 1;
        for candidate in found.into_iter().take(if all { usize::MAX } else { 1 }) {
            let title = candidate.title.clone();
            let feed = NewFeed { url: candidate.url, title: candidate.title, subscription: how.clone() };
            followed.push((title, !follow_all(&mut library.store, &[feed])?.is_empty()));
        }
        if others > 0 && !all {
            output::note(&format!(
                "{address} has {others} more; `newsreader feed discover {address}` shows them"
            ));
        }
    }
    for (title, is_new) in &followed {
        let sentence =
            if *is_new { format!("Following {title}") } else { format!("{title} is followed already") };
        output::note(&sentence);
    }
    Ok(followed)
}

/// Who follows something of their own needs the samples no more; undo brings them back.
#[expect(clippy::disallowed_methods, reason = "the journal notes when the samples were put away")]
pub fn put_samples_away(library: &mut Library) -> anyhow::Result<()> {
    if let Some(samples) = library.store.samples()? {
        library.store.change(&Change::gone(samples, true), Utc::now())?;
    }
    Ok(())
}

/// Prints the feeds behind an address.
pub fn run_discover(args: &Args, environment: &Environment, address: &str) -> anyhow::Result<Exit> {
    let (settings, _) = reader::settings(args, environment);
    let sources = network::sources(environment, &settings)?;
    let found = discover(&sources, address).map_err(anyhow::Error::msg)?;
    let mut text = String::new();
    for candidate in &found {
        describe(candidate, &mut text);
    }
    output::write(text.as_bytes())?;
    Ok(Exit::Done)
}

fn describe(found: &Candidate, text: &mut String) {
    let newest =
        found.newest.map_or_else(|| "no dates".to_owned(), |at| format!("newest {}", at.format("%Y-%m-%d")));
    let mut line = |line: String| {
        text.push_str(&clean::line(&line));
        text.push('\n');
    };
    line(found.url.clone());
    line(format!("  {} · {}, {} articles, {newest}", found.title, found.format, found.entries));
    found.titles.iter().for_each(|title| line(format!("    {title}")));
}
