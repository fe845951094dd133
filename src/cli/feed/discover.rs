//! `newsreader feed discover`: prints the feeds behind a URL.

use crate::{
    cli::{
        config, environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        network, output,
    },
    library::discover_feeds,
    model::FeedCandidate,
    text::{count_noun, sanitize},
};

/// Prints the feeds behind a URL, each with a preview.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    address: &str,
) -> anyhow::Result<ExitStatus> {
    let (settings, _) = config::load_settings(args, environment);
    let sources = network::build_sources(environment, &settings)?;
    let candidates = discover_feeds(&sources, address).map_err(anyhow::Error::msg)?;
    let mut text = String::new();
    for candidate in &candidates {
        format_candidate(candidate, &mut text);
    }
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// Appends the URL of a candidate, a line about its content, and the titles of its first entries.
fn format_candidate(candidate: &FeedCandidate, text: &mut String) {
    let newest = candidate
        .newest_published
        .map_or_else(|| "no dates".to_owned(), |at| format!("newest {}", at.format("%Y-%m-%d")));
    let mut line = |line: String| {
        text.push_str(&sanitize::to_line(&line));
        text.push('\n');
    };
    line(candidate.url.clone());
    let count = count_noun(candidate.entry_count, "article");
    line(format!("  {} · {}, {count}, {newest}", candidate.title, candidate.format));
    candidate.entry_titles.iter().for_each(|title| line(format!("    {title}")));
}
