//! `newsreader feed list`: prints the feeds and their state.

use std::borrow::Cow;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Serialize;

use crate::{
    cli::{
        config::load_settings, damaged_feeds::report_damaged_feeds, environment::Environment,
        exit_status::ExitStatus, global_args::GlobalArgs, listing_args::ListingArgs,
        open_library::OpenLibrary, output,
    },
    model::{Feed, FeedHealth, FeedKind, FeedListing},
    store::ReadConnection,
    text::{redact_user_info, sanitize},
};

/// A feed as JSON.
#[derive(Serialize)]
struct FeedListJson<'a> {
    id: i64,
    url: Cow<'a, str>,
    name: Cow<'a, str>,
    folder: Option<&'a str>,
    tags: &'a [String],
    site: Option<Cow<'a, str>>,
    articles: u64,
    unread: u64,
    every_minutes: Option<u32>,
    paused: bool,
    muted: bool,
    checked: Option<String>,
    next: Option<String>,
    problem: Option<Cow<'a, str>>,
    account: Option<&'a str>,
    on_server: Option<bool>,
}

/// Prints the feeds as JSON, or as lines of number, unread articles, folder, name, URL and state,
/// separated by tabs.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    listing: ListingArgs,
) -> anyhow::Result<ExitStatus> {
    let library = OpenLibrary::open_readable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let mut feeds = reader.list_feeds()?;
    listing.shorten(&mut feeds);
    let text = if args.json {
        let (settings, _) = load_settings(args, environment);
        let interval = TimeDelta::minutes(settings.refresh.every.into());
        let feeds: Vec<_> = feeds.iter().map(|feed| feed_list_json(feed, interval)).collect();
        output::to_json_lines(&feeds)?
    } else {
        feeds.iter().map(format_feed_line).collect()
    };
    output::write_stdout(text.as_bytes())?;
    Ok(report_damaged_feeds(reader.count_damaged_feeds()?))
}

/// Returns the reason why the last refresh of `feed` failed.
fn feed_problem(feed: &Feed) -> Option<&str> {
    match &feed.health {
        FeedHealth::Healthy => None,
        FeedHealth::Failing(reason) => Some(reason),
    }
}

/// Returns a feed as JSON; `interval` is that of feeds without one of their own.
fn feed_list_json(feed: &Feed, interval: TimeDelta) -> FeedListJson<'_> {
    let subscription = &feed.subscription;
    let format_time =
        |at: Option<DateTime<Utc>>| at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true));
    FeedListJson {
        id: feed.id.0,
        url: redact_user_info(&feed.url),
        name: redact_user_info(feed.display_name()),
        folder: feed.folder(),
        tags: &subscription.tags,
        site: feed.site_url.as_deref().map(redact_user_info),
        articles: feed.entry_count,
        unread: feed.unread_count,
        every_minutes: subscription.refresh_minutes,
        paused: subscription.paused,
        muted: subscription.muted,
        checked: format_time(feed.refresh_state.last_checked),
        next: format_time(feed.next_check(interval)).filter(|_| feed.kind != FeedKind::Samples),
        problem: feed_problem(feed).map(redact_user_info),
        account: feed.account.as_ref().map(|account| account.name.as_str()),
        on_server: feed.account.as_ref().map(|account| account.listing == FeedListing::Listed),
    }
}

fn format_feed_line(feed: &Feed) -> String {
    let state = feed.state_text();
    let fields = [feed.folder().unwrap_or_default(), feed.display_name(), &feed.url, &state]
        .map(|field| sanitize::to_text_line(&redact_user_info(field)).into_owned());
    format!("{}\t{}\t{}\n", feed.id, feed.unread_count, fields.join("\t"))
}
