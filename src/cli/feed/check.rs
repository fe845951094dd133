//! `newsreader feed check`: what the reader makes of a feed document.

use std::{fmt::Write, fs, io::Read};

use anyhow::Context as _;
use clap::Args as ClapArgs;

use super::report;
use crate::{
    cli::{Args, Environment, Exit, output},
    feed::{self, Hints, Parsed},
    text::clean,
};

/// The largest file that is looked at, in bytes: more than the largest document that is read.
const MAX_FILE: u64 = 64 << 20;

/// Entries that the report shows.
const SHOWN: usize = 10;

/// What to look at, and how.
#[derive(Debug, Clone, ClapArgs)]
pub struct Check {
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
pub fn run(_: &Args, environment: &Environment, check: &Check) -> anyhow::Result<Exit> {
    let bytes = read(&check.document)?;
    let content_type = check.content_type.as_deref().or_else(|| environment.get("FEED_CONTENT_TYPE"));
    let location = check.location.as_deref().or_else(|| environment.get("FEED_LOCATION"));
    let parsed = feed::parse(&bytes, Hints { content_type, location });
    let parsed = parsed.with_context(|| format!("cannot read {} as a feed", check.document))?;
    let text = if check.json { report::json(&parsed)? } else { words(&parsed) };
    output::write(text.as_bytes())?;
    Ok(Exit::Done)
}

fn read(document: &str) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let failed = || format!("cannot read {document}");
    if document == "-" {
        std::io::stdin().take(MAX_FILE).read_to_end(&mut bytes).with_context(failed)?;
    } else {
        fs::File::open(document)
            .with_context(failed)?
            .take(MAX_FILE)
            .read_to_end(&mut bytes)
            .with_context(failed)?;
    }
    Ok(bytes)
}

/// What was read, for people.
fn words(parsed: &Parsed) -> String {
    let mut text = String::new();
    let mut line =
        |line: String| writeln!(text, "{}", clean::line(&line)).expect("writing to a String cannot fail");
    line(format!("{}: {}", parsed.format.name(), parsed.feed.title.line()));
    for (name, value) in
        [("site", &parsed.feed.link), ("address", &parsed.feed.own_link), ("language", &parsed.feed.language)]
    {
        if let Some(value) = value {
            line(format!("  {name} {value}"));
        }
    }
    line(format!("  {} entries", parsed.entries.len()));
    for entry in parsed.entries.iter().take(SHOWN) {
        let day = entry
            .dates
            .best()
            .map_or_else(|| "no date".to_owned(), |at| at.format("%Y-%m-%d %H:%M").to_string());
        line(format!("  {day}  {}", entry.title.line()));
    }
    if parsed.entries.len() > SHOWN {
        line(format!("  … and {} more", parsed.entries.len() - SHOWN));
    }
    match parsed.complaints.len() {
        0 => line("Nothing to complain about".to_owned()),
        count => line(format!("{count} {}:", if count == 1 { "complaint" } else { "complaints" })),
    }
    for complaint in &parsed.complaints {
        line(format!("  {complaint}"));
    }
    text
}
