//! `newsreader undo` and `newsreader redo`: step through the journal.

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    open_library::OpenLibrary, output,
};
use crate::{
    app,
    app::ChangeAction,
    model::AppliedChange,
    text::{count_noun, redact_user_info, sanitize},
};

/// Undoes the last `count` changes, also those that were made in the reader, and prints a line for
/// each. The exit status is a failure if there were fewer.
pub fn run_undo(
    args: &GlobalArgs,
    environment: &Environment,
    count: usize,
) -> anyhow::Result<ExitStatus> {
    let undone = OpenLibrary::open_writable(args, environment)?.writer.undo_last(count)?;
    if undone.is_empty() {
        return print_change(ChangeAction::Undone, None);
    }
    for change in &undone {
        print_change(ChangeAction::Undone, Some(change))?;
    }
    if undone.len() < count {
        let (were, asked) = (count_noun(undone.len(), "change"), count);
        anyhow::bail!("only {were} could be undone, not {asked}: the journal has no more");
    }
    Ok(ExitStatus::Success)
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
    let sentence = app::describe_action(action, change);
    let line = sanitize::to_text_line(&redact_user_info(&sentence)).into_owned() + "\n";
    output::write_stdout(line.as_bytes())?;
    Ok(if change.is_some() { ExitStatus::Success } else { ExitStatus::Failed })
}
