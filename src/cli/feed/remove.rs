//! `newsreader feed remove`: unsubscribes from feeds.

use super::{find_folder::find_folder, sync_hint::sync_hint};
use crate::{
    cli::{
        environment::Environment, exit_status::ExitStatus, find_feed::find_feed,
        global_args::GlobalArgs, open_library::OpenLibrary, outcome::CommandOutcome,
    },
    library::clock::utc_now,
    model::{Change, Feed, TRASH_DAYS, unsubscribe_from},
    store::ReadConnection,
    text::count_noun,
};

/// Unsubscribes from feeds. Their articles stay in the library, hidden; undo restores them. If one feed
/// is not found, none is left.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    feeds: &[String],
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let feeds: Vec<Feed> =
        feeds.iter().map(|wanted| find_feed(&reader, wanted)).collect::<anyhow::Result<_>>()?;
    let mut done = Vec::new();
    for feed in feeds {
        library.writer.apply_change(&Change::set_unsubscribed(feed.id, true), utc_now())?;
        done.push(format!(
            "Unsubscribed from {}{}; `newsreader undo` subscribes again, and its articles stay {TRASH_DAYS} days",
            feed.display_name(),
            sync_hint(&reader, &feed)?
        ));
    }
    let count = done.len();
    CommandOutcome::notice(done).with_changed(count).print(args)?;
    Ok(ExitStatus::Success)
}

/// Unsubscribes from the feeds of a folder and of those within, as one change.
pub fn run_on_folder(
    args: &GlobalArgs,
    environment: &Environment,
    folder: &str,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let feeds = reader.list_feeds()?;
    let inside = find_folder(&feeds, folder)?;
    let hint = inside.first().map_or(Ok(String::new()), |feed| sync_hint(&reader, feed))?;
    library.writer.apply_change(&unsubscribe_from(&inside), utc_now())?;
    let done = format!(
        "Unsubscribed from {} in {folder}{hint}; `newsreader undo` subscribes again, and their articles stay {TRASH_DAYS} days",
        count_noun(inside.len(), "feed"),
    );
    CommandOutcome::notice([done]).with_changed(inside.len()).print(args)?;
    Ok(ExitStatus::Success)
}
