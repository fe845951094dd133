//! `newsreader feed list`: what is followed, and how it goes.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::{
    cli::{Args, Environment, Exit, library::Library, output},
    model::{Feed, FeedKind, Health},
    store::Reader,
    text::clean,
};

/// One feed, for programs.
#[derive(Serialize)]
struct Row<'a> {
    id: i64,
    url: &'a str,
    name: &'a str,
    folder: Option<&'a str>,
    tags: &'a [String],
    site: Option<&'a str>,
    articles: u64,
    unread: u64,
    every_minutes: Option<u32>,
    paused: bool,
    muted: bool,
    checked: Option<String>,
    next: Option<String>,
    problem: Option<&'a str>,
}

/// Prints the feeds: as JSON, or number, unread, folder, name, address and state, parted by tabs.
pub fn run(args: &Args, environment: &Environment, json: bool) -> anyhow::Result<Exit> {
    let library = Library::open(args, environment)?;
    let feeds = Reader::open(&library.location)?.feeds()?;
    let text = if json {
        serde_json::to_string_pretty(&feeds.iter().map(row).collect::<Vec<_>>())? + "\n"
    } else {
        feeds.iter().map(line).collect()
    };
    output::write(text.as_bytes())?;
    Ok(Exit::Done)
}

fn problem(feed: &Feed) -> Option<&str> {
    match &feed.health {
        Health::Fine => None,
        Health::Failing(sentence) => Some(sentence),
    }
}

fn row(feed: &Feed) -> Row<'_> {
    let how = &feed.subscription;
    let time = |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    Row {
        id: feed.id.0,
        url: &feed.url,
        name: feed.name(),
        folder: feed.folder(),
        tags: &how.tags,
        site: feed.site.as_deref(),
        articles: feed.total,
        unread: feed.unread,
        every_minutes: how.every,
        paused: how.paused,
        muted: how.muted,
        checked: time(feed.clock.checked),
        next: time(feed.clock.next).filter(|_| feed.kind != FeedKind::Samples),
        problem: problem(feed),
    }
}

fn line(feed: &Feed) -> String {
    let state = match problem(feed) {
        Some(sentence) => format!("! {sentence}"),
        None if feed.subscription.paused => "paused".to_owned(),
        None => "ok".to_owned(),
    };
    let fields = [feed.folder().unwrap_or_default(), feed.name(), &feed.url, &state].map(clean::line);
    format!("{}\t{}\t{}\n", feed.id, feed.unread, fields.join("\t"))
}
