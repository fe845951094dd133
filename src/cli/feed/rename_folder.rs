//! `newsreader feed rename-folder`: gives a folder another name.

use super::{find_folder::find_folder, sync_hint::sync_hint};
use crate::{
    app::{ChangeAction, describe_action},
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        outcome::CommandOutcome,
    },
    library::clock::{local_now, utc_now},
    model::rename_folder,
    store::ReadConnection,
};

/// Moves the feeds of a folder, and of those within, to one with another name; undo moves them back.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    folder: &str,
    name: &str,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let feeds = reader.list_feeds()?;
    let inside = find_folder(&feeds, folder)?;
    let hint = inside.first().map_or(Ok(String::new()), |feed| sync_hint(&reader, feed))?;
    let change = rename_folder(&feeds, folder, name).map_err(UsageError)?;
    let done = library.writer.apply_change(&change, utc_now())?;
    let sentence = describe_action(ChangeAction::Applied, Some(&done), local_now());
    CommandOutcome::notice([format!("{sentence}{hint}")]).with_changed(inside.len()).print(args)?;
    Ok(ExitStatus::Success)
}
