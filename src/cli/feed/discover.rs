//! `newsreader feed discover`: prints the feeds behind an address.

use std::borrow::Cow;

use chrono::SecondsFormat;
use clap::Args as ClapArgs;
use serde::Serialize;

use super::subscription_options::RequestOptions;
use crate::{
    cli::{
        config, environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        json_version::JSON_VERSION, network, open_library::OpenLibrary, output,
    },
    library::discover_feeds,
    model::{DiscoveredSite, FeedCandidate, FetchOptions, Subscription},
    store::ReadConnection,
    text::{count_noun, redact_user_info, sanitize},
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
    print_site(args, &site)?;
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
    print_site(args, &site)?;
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
fn print_site(args: &GlobalArgs, site: &DiscoveredSite) -> anyhow::Result<()> {
    site.notes.iter().for_each(|note| output::write_stderr_line(note));
    if args.json {
        let feeds = site.feeds.iter().map(candidate_json).collect();
        let json = output::to_json_lines(&DiscoveredSiteJson { version: JSON_VERSION, feeds })?;
        return output::write_stdout(json.as_bytes());
    }
    let mut text = String::new();
    for candidate in &site.feeds {
        format_candidate(candidate, &mut text);
    }
    output::write_stdout(text.as_bytes())
}

/// A feed of a site as JSON.
#[derive(Serialize)]
struct CandidateJson<'a> {
    url: Cow<'a, str>,
    title: &'a str,
    format: String,
    articles: usize,
    newest: Option<String>,
    subscribed: bool,
    titles: &'a [String],
}

/// The feeds of a site as JSON.
#[derive(Serialize)]
struct DiscoveredSiteJson<'a> {
    version: u32,
    feeds: Vec<CandidateJson<'a>>,
}

fn candidate_json(candidate: &FeedCandidate) -> CandidateJson<'_> {
    CandidateJson {
        url: redact_user_info(&candidate.url),
        title: &candidate.title,
        format: candidate.format.to_string(),
        articles: candidate.entry_count,
        newest: candidate.newest_published.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        subscribed: candidate.is_subscribed,
        titles: &candidate.entry_titles,
    }
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
