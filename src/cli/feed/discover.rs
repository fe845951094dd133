//! `newsreader feed discover`: prints the feeds behind an address.

use clap::Args as ClapArgs;

use super::subscription_options::RequestOptions;
use crate::{
    cli::{
        config, environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        network, open_library::OpenLibrary, output,
    },
    library::discover_feeds,
    model::{DiscoveredSite, FeedCandidate, FetchOptions, Subscription},
    store::ReadConnection,
    text::{count_noun, sanitize},
};

/// The arguments of `newsreader feed discover`.
#[derive(Debug, Clone, ClapArgs)]
pub struct FeedDiscoverArgs {
    /// URL of a site or feed, or path of a feed document.
    #[arg(value_name = "URL")]
    pub address: String,

    /// The options of the requests.
    #[command(flatten)]
    pub options: RequestOptions,
}

/// Prints the feeds behind an address, each with a preview.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    discover: &FeedDiscoverArgs,
) -> anyhow::Result<ExitStatus> {
    let subscription = discover.options.apply_to(Subscription::default())?;
    let site = discover_site(args, environment, &discover.address, &subscription.fetch)?;
    print_site(&site)?;
    Ok(ExitStatus::Success)
}

/// Prints the feeds behind an address that was given without a subcommand, and says how to
/// subscribe.
pub fn print_preview(
    args: &GlobalArgs,
    environment: &Environment,
    address: &str,
) -> anyhow::Result<ExitStatus> {
    let site = discover_site(args, environment, address, &FetchOptions::default())?;
    print_site(&site)?;
    if site.feeds.iter().any(|feed| !feed.is_subscribed) {
        output::write_stderr_line(&format!(
            "`newsreader add {address}` subscribes; `newsreader save {address}` saves the page"
        ));
    }
    Ok(ExitStatus::Success)
}

/// Finds the feeds behind an address; those of the library are marked.
fn discover_site(
    args: &GlobalArgs,
    environment: &Environment,
    address: &str,
    options: &FetchOptions,
) -> anyhow::Result<DiscoveredSite> {
    let (settings, _) = config::load_settings(args, environment);
    let sources = network::build_sources(environment, &settings)?;
    let library = OpenLibrary::open(args, environment)?;
    let subscribed = ReadConnection::open(&library.location)?.list_feeds()?;
    discover_feeds(&sources, &subscribed, address, options).map_err(output::to_error)
}

/// Prints each feed with a preview on standard output, and the notes on standard error.
fn print_site(site: &DiscoveredSite) -> anyhow::Result<()> {
    site.notes.iter().for_each(|note| output::write_stderr_line(note));
    let mut text = String::new();
    for candidate in &site.feeds {
        format_candidate(candidate, &mut text);
    }
    output::write_stdout(text.as_bytes())
}

/// Appends the URL of a candidate, a line about its content, and the titles of its first entries.
fn format_candidate(candidate: &FeedCandidate, text: &mut String) {
    let newest = candidate
        .newest_published
        .map_or_else(|| "no dates".to_owned(), |at| format!("newest {}", at.format("%Y-%m-%d")));
    let mut line = |line: String| {
        text.push_str(&sanitize::to_text_line(&line));
        text.push('\n');
    };
    line(candidate.url.clone());
    let count = count_noun(candidate.entry_count, "article");
    let subscribed = if candidate.is_subscribed { ", subscribed" } else { "" };
    line(format!("  {} · {}, {count}, {newest}{subscribed}", candidate.title, candidate.format));
    candidate.entry_titles.iter().for_each(|title| line(format!("    {title}")));
}
