//! `newsreader feed check`: what the reader makes of a feed document.

use std::{fmt::Write, fs, io::Read};

use anyhow::{Context as _, bail};
use clap::Args as ClapArgs;

use super::check_json;
use crate::{
    cli::{
        config, environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        network, output,
    },
    feed::{self, FeedDocument, ParseHints},
    library::clock::utc_now,
    text::sanitize,
};

/// The largest file that is looked at, in bytes: more than the largest document that is read.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// Entries that the report shows.
const MAX_SHOWN_ENTRIES: usize = 10;

/// What to look at, and how.
#[derive(Debug, Clone, ClapArgs)]
pub struct FeedCheckArgs {
    /// A file, or an address; `-` is standard input.
    #[arg(value_name = "FILE|URL")]
    pub document: String,

    /// Print everything that was read as JSON.
    #[arg(long)]
    pub json: bool,

    /// The media type to go by [default: what FEED_CONTENT_TYPE says].
    #[arg(long, value_name = "TYPE")]
    pub content_type: Option<String>,

    /// The address the document is from, for relative links [default: what FEED_LOCATION says].
    #[arg(long, value_name = "URL")]
    pub location: Option<String>,
}

/// Reads the document and prints what it found; fails if nothing could be read.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    check: &FeedCheckArgs,
) -> anyhow::Result<ExitStatus> {
    let CheckInput { bytes, content_type, location } =
        read_document(args, environment, &check.document)?;
    let or_named = |flag: &Option<String>, name: &str, found: Option<String>| {
        flag.clone().or_else(|| environment.variable(name).map(str::to_owned)).or(found)
    };
    let content_type = or_named(&check.content_type, "FEED_CONTENT_TYPE", content_type);
    let location = or_named(&check.location, "FEED_LOCATION", location);
    let hints = ParseHints { content_type: content_type.as_deref(), location: location.as_deref() };
    let parsed = feed::parse(&bytes, hints).map(|mut parsed| {
        feed::clamp_future_dates(&mut parsed, utc_now());
        parsed
    });
    let parsed = parsed.with_context(|| format!("cannot read {} as a feed", check.document))?;
    let text = if check.json { check_json::to_json(&parsed)? } else { format_report(&parsed) };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// A document, and what is known of it from how it came.
#[derive(Default)]
struct CheckInput {
    bytes: Vec<u8>,
    content_type: Option<String>,
    location: Option<String>,
}

fn read_document(
    args: &GlobalArgs,
    environment: &Environment,
    document: &str,
) -> anyhow::Result<CheckInput> {
    let mut bytes = Vec::new();
    let failed = || format!("cannot read {document}");
    if document == "-" {
        std::io::stdin().take(MAX_FILE_BYTES).read_to_end(&mut bytes).with_context(failed)?;
    } else if document.contains("://") {
        return fetch_document(args, environment, document);
    } else {
        fs::File::open(document)
            .with_context(failed)?
            .take(MAX_FILE_BYTES)
            .read_to_end(&mut bytes)
            .with_context(failed)?;
    }
    Ok(CheckInput { bytes, ..CheckInput::default() })
}

fn fetch_document(
    args: &GlobalArgs,
    environment: &Environment,
    url: &str,
) -> anyhow::Result<CheckInput> {
    let (settings, _) = config::load_settings(args, environment);
    let mut response = network::build_sources(environment, &settings)?.fetch_url(url)?;
    if !(200..300).contains(&response.status) {
        bail!("{url} answers with status {}", response.status);
    }
    let response = &mut response;
    Ok(CheckInput {
        bytes: std::mem::take(&mut response.body),
        content_type: response.headers.content_type.take(),
        location: Some(std::mem::take(&mut response.url)),
    })
}

/// What was read, for people.
fn format_report(parsed: &FeedDocument) -> String {
    let mut text = String::new();
    let mut line = |line: String| {
        writeln!(text, "{}", sanitize::to_line(&line)).expect("writing to a String cannot fail");
    };
    line(format!("{}: {}", parsed.format.name(), parsed.feed.title.to_single_line()));
    for (name, value) in [
        ("site", &parsed.feed.link),
        ("address", &parsed.feed.self_link),
        ("language", &parsed.feed.language),
    ] {
        if let Some(value) = value {
            line(format!("  {name} {value}"));
        }
    }
    line(format!("  {} entries", parsed.entries.len()));
    for entry in parsed.entries.iter().take(MAX_SHOWN_ENTRIES) {
        let day = entry
            .dates
            .sort_date()
            .map_or_else(|| "no date".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string());
        line(format!("  {day}  {}", entry.title.to_single_line()));
    }
    if parsed.entries.len() > MAX_SHOWN_ENTRIES {
        line(format!("  … and {} more", parsed.entries.len() - MAX_SHOWN_ENTRIES));
    }
    match parsed.warnings.len() {
        0 => line("Nothing to complain about".to_owned()),
        count => line(format!("{count} {}:", if count == 1 { "complaint" } else { "complaints" })),
    }
    for complaint in &parsed.warnings {
        line(format!("  {complaint}"));
    }
    text
}
