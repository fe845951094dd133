//! `newsreader feed check`: what the reader makes of a feed document.

use std::{fmt::Write, fs, io::Read};

use anyhow::{Context as _, bail};
use chrono::Utc;
use clap::Args as ClapArgs;

use super::report;
use crate::{
    cli::{Args, Environment, Exit, network, output, reader},
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
#[expect(clippy::disallowed_methods, reason = "time enters the program in the command line")]
pub fn run(args: &Args, environment: &Environment, check: &Check) -> anyhow::Result<Exit> {
    let Document { bytes, content_type, location } = read(args, environment, &check.document)?;
    let or_named = |flag: &Option<String>, name: &str, found: Option<String>| {
        flag.clone().or_else(|| environment.get(name).map(str::to_owned)).or(found)
    };
    let content_type = or_named(&check.content_type, "FEED_CONTENT_TYPE", content_type);
    let location = or_named(&check.location, "FEED_LOCATION", location);
    let hints = Hints { content_type: content_type.as_deref(), location: location.as_deref() };
    let parsed = feed::parse(&bytes, hints).map(|mut parsed| {
        feed::keep_to_the_present(&mut parsed, Utc::now());
        parsed
    });
    let parsed = parsed.with_context(|| format!("cannot read {} as a feed", check.document))?;
    let text = if check.json { report::json(&parsed)? } else { words(&parsed) };
    output::write(text.as_bytes())?;
    Ok(Exit::Done)
}

/// A document, and what is known of it from how it came.
#[derive(Default)]
struct Document {
    bytes: Vec<u8>,
    content_type: Option<String>,
    location: Option<String>,
}

fn read(args: &Args, environment: &Environment, document: &str) -> anyhow::Result<Document> {
    let mut bytes = Vec::new();
    let failed = || format!("cannot read {document}");
    if document == "-" {
        std::io::stdin().take(MAX_FILE).read_to_end(&mut bytes).with_context(failed)?;
    } else if document.contains("://") {
        return fetch(args, environment, document);
    } else {
        fs::File::open(document)
            .with_context(failed)?
            .take(MAX_FILE)
            .read_to_end(&mut bytes)
            .with_context(failed)?;
    }
    Ok(Document { bytes, ..Document::default() })
}

fn fetch(args: &Args, environment: &Environment, url: &str) -> anyhow::Result<Document> {
    let (settings, _) = reader::settings(args, environment);
    let mut response = network::sources(environment, &settings)?.fetch(url)?;
    if !(200..300).contains(&response.status) {
        bail!("{url} answers with status {}", response.status);
    }
    let response = &mut response;
    Ok(Document {
        bytes: std::mem::take(&mut response.body),
        content_type: response.headers.content_type.take(),
        location: Some(std::mem::take(&mut response.url)),
    })
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
