//! `newsreader listen`: prints what happens in the library, as it happens.

use std::{borrow::Cow, collections::HashMap, time::Duration};

use clap::{Args as ClapArgs, ValueEnum};
use serde::Serialize;

use super::{
    closed_pipe::wait_for_closed_pipe, environment::Environment, exit_status::ExitStatus,
    global_args::GlobalArgs, json_version::JSON_VERSION, open_library::OpenLibrary, output,
};
use crate::{
    library::{ArticleJson, LibraryEvent, LibraryWatch},
    model::{Entry, EntryId, Feed, FeedHealth, FeedId},
    store::{ReadConnection, StoreError},
    text::redact_user_info,
};

/// Time between two looks at the library: an event is printed within a second.
const POLL_INTERVAL: Duration = Duration::from_millis(500);

/// Number of events whose articles are loaded at a time; limits the memory used.
const EVENTS_PER_WRITE: usize = 512;

/// The arguments of `newsreader listen`.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct ListenArgs {
    /// Print only these events: new, read, unread, starred, unstarred, tagged, untagged, removed, restored,
    /// refreshed, subscribed, unsubscribed.
    #[arg(long, value_name = "EVENT", value_delimiter = ',', hide_possible_values = true)]
    pub event: Vec<EventKind>,
}

/// The name of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum EventKind {
    #[value(skip)]
    Listening,
    New,
    Read,
    Unread,
    Starred,
    Unstarred,
    Tagged,
    Untagged,
    Removed,
    Restored,
    Refreshed,
    Subscribed,
    Unsubscribed,
}

/// An event as JSON.
#[derive(Serialize)]
struct EventJson<'a> {
    version: u32,
    event: EventKind,
    #[serde(skip_serializing_if = "Option::is_none")]
    tag: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    article: Option<ArticleJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    feed: Option<FeedJson<'a>>,
}

/// The feed of an event as JSON.
#[derive(Serialize)]
struct FeedJson<'a> {
    id: i64,
    name: Cow<'a, str>,
    url: Cow<'a, str>,
    unread: u64,
    problem: Option<Cow<'a, str>>,
}

/// Prints a line now, and one for each event, until nobody reads them any more.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    listen: &ListenArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_readable(args, environment)?;
    library.load_initial_articles()?;
    let reader = ReadConnection::open(&library.location)?;
    let mut watch = LibraryWatch::begin(&reader)?;
    let mut feeds = load_feeds(&reader)?;
    print_line(&EventJson::new(EventKind::Listening))?;
    while !wait_for_closed_pipe(POLL_INTERVAL) {
        let events = watch.look(&reader)?;
        let is_wanted = |event: &&LibraryEvent| {
            listen.event.is_empty() || listen.event.contains(&kind_of(event))
        };
        let wanted: Vec<&LibraryEvent> = events.iter().filter(is_wanted).collect();
        if wanted.is_empty() {
            continue;
        }
        // Feeds that were unsubscribed from are named as they were.
        feeds.extend(load_feeds(&reader)?);
        for part in wanted.chunks(EVENTS_PER_WRITE) {
            print_events(&reader, &feeds, part)?;
        }
    }
    Ok(ExitStatus::Success)
}

fn load_feeds(reader: &ReadConnection) -> Result<HashMap<FeedId, Feed>, StoreError> {
    Ok(reader.list_feeds()?.into_iter().map(|feed| (feed.id, feed)).collect())
}

fn print_events(
    reader: &ReadConnection,
    feeds: &HashMap<FeedId, Feed>,
    events: &[&LibraryEvent],
) -> anyhow::Result<()> {
    let mut ids: Vec<EntryId> = events.iter().filter_map(|event| article_of(event)).collect();
    ids.sort_unstable();
    ids.dedup();
    let loaded = reader.load_entries(&ids)?;
    let entries: HashMap<EntryId, Entry> =
        loaded.into_iter().map(|entry| (entry.id, entry)).collect();
    let mut text = String::new();
    for event in events {
        let entry = article_of(event).map(|id| entries.get(&id));
        // An article that cannot be read, or was dropped since, is left out.
        if entry.is_some_and(|entry| entry.is_none()) {
            continue;
        }
        let mut json = EventJson::new(kind_of(event));
        json.article = entry.flatten().map(|entry| ArticleJson::new(entry, feeds.get(&entry.feed)));
        match event {
            LibraryEvent::Tagged(_, tag, _) => json.tag = Some(tag.as_str()),
            LibraryEvent::Refreshed(feed) | LibraryEvent::Subscribed(feed, _) => {
                json.feed = feeds.get(feed).map(feed_json);
            }
            LibraryEvent::New(_)
            | LibraryEvent::Read(..)
            | LibraryEvent::Starred(..)
            | LibraryEvent::Removed(..) => {}
        }
        text += &output::to_json(&json)?;
        text.push('\n');
    }
    output::write_stdout(text.as_bytes())
}

fn print_line(json: &EventJson<'_>) -> anyhow::Result<()> {
    output::write_stdout((output::to_json(json)? + "\n").as_bytes())
}

impl EventJson<'_> {
    fn new<'a>(event: EventKind) -> EventJson<'a> {
        EventJson { version: JSON_VERSION, event, tag: None, article: None, feed: None }
    }
}

fn feed_json(feed: &Feed) -> FeedJson<'_> {
    FeedJson {
        id: feed.id.0,
        name: redact_user_info(feed.display_name()),
        url: redact_user_info(&feed.url),
        unread: feed.unread_count,
        problem: match &feed.health {
            FeedHealth::Healthy => None,
            FeedHealth::Failing(reason) => Some(redact_user_info(reason)),
        },
    }
}

/// Returns the article of an event.
fn article_of(event: &LibraryEvent) -> Option<EntryId> {
    match event {
        LibraryEvent::New(id)
        | LibraryEvent::Read(id, _)
        | LibraryEvent::Starred(id, _)
        | LibraryEvent::Tagged(id, ..)
        | LibraryEvent::Removed(id, _) => Some(*id),
        LibraryEvent::Refreshed(_) | LibraryEvent::Subscribed(..) => None,
    }
}

fn kind_of(event: &LibraryEvent) -> EventKind {
    let either = |is_on: &bool, on, off| if *is_on { on } else { off };
    match event {
        LibraryEvent::New(_) => EventKind::New,
        LibraryEvent::Read(_, on) => either(on, EventKind::Read, EventKind::Unread),
        LibraryEvent::Starred(_, on) => either(on, EventKind::Starred, EventKind::Unstarred),
        LibraryEvent::Tagged(.., on) => either(on, EventKind::Tagged, EventKind::Untagged),
        LibraryEvent::Removed(_, on) => either(on, EventKind::Removed, EventKind::Restored),
        LibraryEvent::Refreshed(_) => EventKind::Refreshed,
        LibraryEvent::Subscribed(_, on) => {
            either(on, EventKind::Subscribed, EventKind::Unsubscribed)
        }
    }
}
