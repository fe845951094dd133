//! `newsreader feed remove`: unsubscribes from feeds.

use super::{find_feed, sync_hint::sync_hint};
use crate::{
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        open_library::OpenLibrary, output,
    },
    library::clock::utc_now,
    model::{Change, TRASH_DAYS},
    store::ReadConnection,
};

/// Unsubscribes from feeds. Their articles stay in the library, hidden; undo restores them.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    feeds: &[String],
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    for wanted in feeds {
        let feed = find_feed(&reader, wanted)?;
        library.writer.apply_change(&Change::set_unsubscribed(feed.id, true), utc_now())?;
        output::write_stderr_line(&format!(
            "Unsubscribed from {}{}; `newsreader undo` subscribes again, and its articles stay {TRASH_DAYS} days",
            feed.display_name(),
            sync_hint(&reader, &feed)?
        ));
    }
    Ok(ExitStatus::Success)
}
