//! `newsreader feed check`: parses a feed document, and prints its content and its problems.

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
    library::{UserAddress, clock::utc_now, parse_user_address},
    text::{count_noun, sanitize},
};

/// Maximum number of bytes read from a file: more than the parser accepts.
const MAX_FILE_BYTES: u64 = 64 << 20;

/// Maximum number of entries that the report shows.
const MAX_SHOWN_ENTRIES: usize = 10;

/// The arguments of `newsreader feed check`.
#[derive(Debug, Clone, ClapArgs)]
pub struct FeedCheckArgs {
    /// File or URL of the feed document; `-` reads standard input.
    #[arg(value_name = "FILE|URL")]
    pub document: String,

    /// Media type of the document [default: $FEED_CONTENT_TYPE, or the one that the server sends].
    #[arg(long, value_name = "TYPE")]
    pub content_type: Option<String>,

    /// URL of the document, for relative links [default: $FEED_LOCATION, or the URL it came from].
    #[arg(long, value_name = "URL")]
    pub location: Option<String>,
}

/// Parses the document and prints a report.
///
/// # Errors
///
/// Returns an error if the document cannot be read or is not a feed.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    check: &FeedCheckArgs,
) -> anyhow::Result<ExitStatus> {
    let CheckInput { bytes, content_type, location } =
        read_document(args, environment, &check.document)?;
    // An option overrides the environment, which overrides the response.
    let override_hint = |option: &Option<String>, variable: &str, hint: Option<String>| {
        option.clone().or_else(|| environment.variable(variable).map(str::to_owned)).or(hint)
    };
    let content_type = override_hint(&check.content_type, "FEED_CONTENT_TYPE", content_type);
    let location = override_hint(&check.location, "FEED_LOCATION", location);
    let hints = ParseHints { content_type: content_type.as_deref(), location: location.as_deref() };
    let parsed = feed::parse(&bytes, hints).map(|mut parsed| {
        feed::clamp_future_dates(&mut parsed, utc_now());
        parsed
    });
    let parsed = parsed.with_context(|| format!("cannot read {} as a feed", check.document))?;
    let text = if args.json { check_json::to_json(&parsed)? } else { format_report(&parsed) };
    output::write_stdout(text.as_bytes())?;
    Ok(ExitStatus::Success)
}

/// A document, with the hints for its parser that its source gave.
#[derive(Default)]
struct CheckInput {
    bytes: Vec<u8>,
    content_type: Option<String>,
    location: Option<String>,
}

/// Reads the document from standard input, a URL or a file.
fn read_document(
    args: &GlobalArgs,
    environment: &Environment,
    document: &str,
) -> anyhow::Result<CheckInput> {
    let mut bytes = Vec::new();
    let describe_failure = || format!("cannot read {document}");
    if document == "-" {
        std::io::stdin()
            .take(MAX_FILE_BYTES + 1)
            .read_to_end(&mut bytes)
            .with_context(describe_failure)?;
        check_size(document, &bytes)?;
        return Ok(CheckInput { bytes, ..CheckInput::default() });
    }
    let path = match parse_user_address(document).map_err(output::to_error)? {
        UserAddress::Url(url) => return fetch_document(args, environment, &url),
        UserAddress::Path(path) => path,
        UserAddress::Program(_) => bail!("{document} is a program; give its output to `-`"),
    };
    fs::File::open(path)
        .with_context(describe_failure)?
        .take(MAX_FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .with_context(describe_failure)?;
    check_size(document, &bytes)?;
    Ok(CheckInput { bytes, ..CheckInput::default() })
}

/// Refuses a document that was not read to its end.
fn check_size(document: &str, bytes: &[u8]) -> anyhow::Result<()> {
    if bytes.len() as u64 > MAX_FILE_BYTES {
        bail!("{document} is larger than {} MiB", MAX_FILE_BYTES >> 20);
    }
    Ok(())
}

fn fetch_document(
    args: &GlobalArgs,
    environment: &Environment,
    url: &str,
) -> anyhow::Result<CheckInput> {
    let (settings, _) = config::load_settings(args, environment);
    let mut response = network::build_sources(environment, &settings)?.fetch_url(url)?;
    if !(200..300).contains(&response.status) {
        bail!("{url}: the server answered {}", response.status);
    }
    let response = &mut response;
    Ok(CheckInput {
        bytes: std::mem::take(&mut response.body),
        content_type: response.headers.content_type.take(),
        location: Some(std::mem::take(&mut response.url)),
    })
}

/// Formats the report: the feed, its first entries, and the warnings.
fn format_report(parsed: &FeedDocument) -> String {
    let mut text = String::new();
    let mut line = |line: String| {
        writeln!(text, "{}", sanitize::to_text_line(&line))
            .expect("writing to a String cannot fail");
    };
    line(format!("{}: {}", parsed.format.name(), parsed.feed.title.to_single_line()));
    for (name, value) in [
        ("site", &parsed.feed.link),
        ("URL", &parsed.feed.self_link),
        ("language", &parsed.feed.language),
    ] {
        if let Some(value) = value {
            line(format!("  {name} {value}"));
        }
    }
    let entry_noun = if parsed.entries.len() == 1 { "entry" } else { "entries" };
    line(format!("  {} {entry_noun}", parsed.entries.len()));
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
        0 => line("No problems found".to_owned()),
        count => line(format!("{}:", count_noun(count, "warning"))),
    }
    for warning in &parsed.warnings {
        line(format!("  {warning}"));
    }
    text
}
