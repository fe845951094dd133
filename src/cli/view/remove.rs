//! `newsreader view remove`: removes views.

use anyhow::bail;

use super::find_view::find_view;
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
    model::{Change, View},
    store::ReadConnection,
};

/// Removes views of the user. If one cannot be removed, none is.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    names: &[String],
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let views: Vec<View> =
        names.iter().map(|name| find_view(&reader, name)).collect::<anyhow::Result<_>>()?;
    if let Some(view) = views.iter().find(|view| view.built_in.is_some()) {
        bail!(UsageError(format!(
            "the view “{0}” is built in; hide it with `newsreader view edit \"{0}\" --hidden yes`",
            view.name
        )));
    }
    let mut done = Vec::new();
    for view in views {
        let removed = library.writer.apply_change(&Change::remove_view(view), utc_now())?;
        done.push(describe_action(ChangeAction::Applied, Some(&removed), local_now()));
    }
    let count = done.len();
    CommandOutcome::notice(done).with_changed(count).print(args)?;
    Ok(ExitStatus::Success)
}
