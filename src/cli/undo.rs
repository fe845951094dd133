//! `newsreader undo` and `newsreader redo`: step through the journal.

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    open_library::OpenLibrary, output,
};
use crate::{app, app::ChangeAction, model::AppliedChange, text::sanitize};

/// Undoes the last change, also one that was made in the reader.
pub fn run_undo(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    let undone = OpenLibrary::open_writable(args, environment)?.writer.undo()?;
    print_change(ChangeAction::Undone, undone.as_ref())
}

/// Redoes the change that was undone last.
pub fn run_redo(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    let redone = OpenLibrary::open_writable(args, environment)?.writer.redo()?;
    print_change(ChangeAction::Redone, redone.as_ref())
}

/// Prints what was undone or redone. The exit status is a failure if there was nothing.
fn print_change(
    action: ChangeAction,
    change: Option<&AppliedChange>,
) -> anyhow::Result<ExitStatus> {
    let text = app::describe_action(action, change);
    output::write_stdout(format!("{}\n", sanitize::to_text_line(&text)).as_bytes())?;
    Ok(if change.is_some() { ExitStatus::Success } else { ExitStatus::Failed })
}
