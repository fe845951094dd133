//! `newsreader feed add`, `newsreader feed discover`: follow what is at an address.

use anyhow::bail;
use chrono::Utc;
use clap::Args as ClapArgs;

use super::subscription_options::SubscriptionOptions;
use crate::{
    cli::{
        CliArgs, Environment, ExitStatus, network, open_library::OpenLibrary, output, refresh, tui,
    },
    model::{Change, FeedCandidate, NewFeed, RefreshScope, Subscription},
    runtime::{FeedSources, discover_feeds, subscribe_all, subscribe_program},
    text::sanitize,
};

/// What to follow, and how.
#[derive(Debug, Clone, ClapArgs)]
pub struct FeedAddArgs {
    /// Addresses of sites or feeds, or `exec:NAME` of a program in the settings.
    #[arg(value_name = "URL", required = true)]
    pub addresses: Vec<String>,

    /// Follow every feed of a site, not only the first.
    #[arg(long)]
    pub all: bool,

    /// How it is followed.
    #[command(flatten)]
    pub options: SubscriptionOptions,
}

/// Follows what is at the addresses, and refreshes what is new.
pub fn run(
    args: &CliArgs,
    environment: &Environment,
    add: &FeedAddArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open(args, environment)?;
    if let Some(warning) = library.warning {
        bail!("{warning}");
    }
    let (settings, _) = tui::load_settings(args, environment);
    let sources = network::build_sources(environment, &settings)?;
    let how = add.options.apply_to(Subscription::default())?;
    let mut exit = ExitStatus::Success;
    for address in &add.addresses {
        match subscribe_address(&mut library, &sources, address, add.all, &how) {
            Ok(followed) if followed.iter().any(|(_, is_new)| *is_new) => {
                hide_samples(&mut library)?;
            }
            Ok(_) => {}
            Err(error) => {
                output::write_stderr_line(&format!("newsreader: {error:#}"));
                exit = ExitStatus::Failed;
            }
        }
    }
    let shown = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let summary = refresh::with_progress_bar(shown, |tell| {
        library.refresh(&sources, RefreshScope::Due, tell)
    })?;
    match refresh::print_summary(&summary)? {
        ExitStatus::Success => Ok(exit),
        failed => Ok(failed),
    }
}

/// Follows what is at `address`; gives the names, and whether each is new.
pub fn subscribe_address(
    library: &mut OpenLibrary,
    sources: &FeedSources,
    address: &str,
    all: bool,
    how: &Subscription,
) -> anyhow::Result<Vec<(String, bool)>> {
    let mut followed = Vec::new();
    if let Some(name) = address.strip_prefix("exec:") {
        if !sources.programs.contains_key(name) {
            bail!("the settings have no program “{name}” under [programs]");
        }
        let program = subscribe_program(&mut library.writer, address, how)?;
        followed.push((program.title, program.is_new));
    } else {
        let found = discover_feeds(sources, address).map_err(anyhow::Error::msg)?;
        let others = found.len() - 1;
        for candidate in found.into_iter().take(if all { usize::MAX } else { 1 }) {
            let title = candidate.title.clone();
            let feed =
                NewFeed { url: candidate.url, title: candidate.title, subscription: how.clone() };
            followed.push((title, !subscribe_all(&mut library.writer, &[feed])?.is_empty()));
        }
        if others > 0 && !all {
            output::write_stderr_line(&format!(
                "{address} has {others} more; `newsreader feed discover {address}` shows them"
            ));
        }
    }
    for (title, is_new) in &followed {
        let sentence = if *is_new {
            format!("Following {title}")
        } else {
            format!("{title} is followed already")
        };
        output::write_stderr_line(&sentence);
    }
    Ok(followed)
}

/// Who follows something of their own needs the samples no more; undo brings them back.
#[expect(clippy::disallowed_methods, reason = "the journal notes when the samples were put away")]
pub fn hide_samples(library: &mut OpenLibrary) -> anyhow::Result<()> {
    if let Some(samples) = library.writer.find_samples_feed()? {
        library.writer.apply_change(&Change::set_unsubscribed(samples, true), Utc::now())?;
    }
    Ok(())
}

/// Prints the feeds behind an address.
pub fn run_discover(
    args: &CliArgs,
    environment: &Environment,
    address: &str,
) -> anyhow::Result<ExitStatus> {
    let (settings, _) = tui::load_settings(args, environment);
    let sources = network::build_sources(environment, &settings)?;
    let found = discover_feeds(&sources, address).map_err(anyhow::Error::msg)?;
    let mut text = String::new();
    for candidate in &found {
        format_candidate(candidate, &mut text);
    }
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

fn format_candidate(found: &FeedCandidate, text: &mut String) {
    let newest = found
        .newest_published
        .map_or_else(|| "no dates".to_owned(), |at| format!("newest {}", at.format("%Y-%m-%d")));
    let mut line = |line: String| {
        text.push_str(&sanitize::to_line(&line));
        text.push('\n');
    };
    line(found.url.clone());
    line(format!("  {} · {}, {} articles, {newest}", found.title, found.format, found.entry_count));
    found.entry_titles.iter().for_each(|title| line(format!("    {title}")));
}
