//! `newsreader queue list`: prints the queue.

use chrono::{Local, SecondsFormat};
use serde::Serialize;

use super::queue_access;
use crate::{
    cli::{
        config::load_reported_settings, environment::Environment, exit_status::ExitStatus,
        global_args::GlobalArgs, json_version::JSON_VERSION, open_library::OpenLibrary, output,
    },
    library::{DownloadFolder, find_episode},
    model::{AttachedFile, Entry, EntryId, Feed, PublicationDate},
    store::ReadConnection,
    text::{format_clock, sanitize},
};

/// An episode of the queue.
struct QueuedEpisode {
    entry: Entry,
    feed: String,
    /// The file that is heard or seen; `None` if the article has none.
    file: Option<AttachedFile>,
    /// The path of the downloaded file.
    downloaded: Option<String>,
    /// The second at which it was stopped.
    position: u32,
}

/// An episode as JSON.
#[derive(Serialize)]
struct QueuedEpisodeJson<'a> {
    number: EntryId,
    title: &'a str,
    feed: &'a str,
    published: Option<String>,
    url: Option<&'a str>,
    kind: Option<&'a str>,
    bytes: Option<u64>,
    seconds: Option<u32>,
    position: u32,
    file: Option<&'a str>,
}

/// The queue as JSON.
#[derive(Serialize)]
struct QueueListJson<'a> {
    version: u32,
    episodes: Vec<QueuedEpisodeJson<'a>>,
}

/// Prints the episodes of the queue as JSON, or as lines with fields that tabs separate.
pub(super) fn run(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_readable(args, environment)?;
    library.load_initial_articles()?;
    let settings = load_reported_settings(args, environment);
    let downloads = queue_access::download_folder(&library, &settings)?;
    let reader = ReadConnection::open(&library.location)?;
    let feeds = reader.list_feeds()?;
    let ids = queue_access::find_queue(&reader)?;
    let rows = reader.load_entries(&ids)?;
    let exit = if rows.len() == ids.len() { ExitStatus::Success } else { ExitStatus::Failed };
    let episodes: Vec<QueuedEpisode> = rows
        .into_iter()
        .map(|entry| QueuedEpisode::load(&reader, &downloads, &feeds, entry))
        .collect::<anyhow::Result<_>>()?;
    let text = if args.json {
        let episodes = episodes.iter().map(QueuedEpisode::to_json).collect();
        output::to_json_lines(&QueueListJson { version: JSON_VERSION, episodes })?
    } else {
        episodes.iter().map(QueuedEpisode::to_line).collect()
    };
    output::write_stdout(text.as_bytes())?;
    Ok(exit)
}

impl QueuedEpisode {
    fn load(
        reader: &ReadConnection,
        downloads: &DownloadFolder,
        feeds: &[Feed],
        entry: Entry,
    ) -> anyhow::Result<QueuedEpisode> {
        let feed = feeds.iter().find(|feed| feed.id == entry.feed);
        let downloaded = downloads.find_file(reader, entry.id)?;
        Ok(QueuedEpisode {
            feed: feed.map_or_else(String::new, |feed| feed.display_name().to_owned()),
            file: find_episode(&reader.load_attachments(entry.id)?),
            downloaded: downloaded.map(|path| path.display().to_string()),
            position: reader.load_play_position(entry.id)?,
            entry,
        })
    }

    fn to_json(&self) -> QueuedEpisodeJson<'_> {
        let file = self.file.as_ref();
        let published = match self.entry.published {
            PublicationDate::Instant(at) => Some(at.to_rfc3339_opts(SecondsFormat::Secs, true)),
            PublicationDate::Day(day) => Some(day.to_string()),
            PublicationDate::Arrival(_) => None,
        };
        QueuedEpisodeJson {
            number: self.entry.id,
            title: &self.entry.title,
            feed: &self.feed,
            published,
            url: file.map(|file| file.url.as_str()),
            kind: file.and_then(|file| file.media_type.as_deref()),
            bytes: file.map(|file| file.length).filter(|length| *length > 0),
            seconds: file.and_then(|file| file.seconds),
            position: self.position,
            file: self.downloaded.as_deref(),
        }
    }

    fn to_line(&self) -> String {
        let date = self.entry.published.day_in(&Local).format("%Y-%m-%d");
        let seconds = self.file.as_ref().and_then(|file| file.seconds);
        let length = seconds.map_or_else(|| "-".to_owned(), format_clock);
        let state = match (&self.downloaded, self.position) {
            (Some(_), 0) => "downloaded".to_owned(),
            (None, 0) => "-".to_owned(),
            (_, position) => format!("stopped at {}", format_clock(position)),
        };
        let [feed, title] =
            [&self.feed, &self.entry.title].map(|field| sanitize::to_text_line(field).into_owned());
        format!("{}\t{date}\t{length}\t{state}\t{feed}\t{title}\n", self.entry.id)
    }
}
