//! `newsreader undo` and `newsreader redo`: step through the journal.

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    open_library::OpenLibrary, output,
};
use crate::{
    app,
    app::ChangeAction,
    model::{AppliedChange, Change},
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
    let is_loss = |change: &&AppliedChange| matches!(change.change, Change::Dropped { .. });
    let lost = undone.iter().filter(is_loss).count();
    let step_count = undone.len() - lost;
    if step_count < count {
        let (were, asked) = (count_noun(step_count, "change"), count);
        anyhow::bail!("only {were} could be undone, not {asked}: the journal has no more");
    }
    Ok(if lost > 0 { ExitStatus::Failed } else { ExitStatus::Success })
}

/// Redoes the change that was undone last.
pub fn run_redo(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    let redone = OpenLibrary::open_writable(args, environment)?.writer.redo_next()?;
    if redone.is_empty() {
        return print_change(ChangeAction::Redone, None);
    }
    for change in &redone {
        print_change(ChangeAction::Redone, Some(change))?;
    }
    let is_whole = redone.iter().all(|change| !matches!(change.change, Change::Dropped { .. }));
    Ok(if is_whole { ExitStatus::Success } else { ExitStatus::Failed })
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
