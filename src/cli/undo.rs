//! `newsreader undo` and `newsreader redo`: step through the journal.

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    open_library::OpenLibrary, output,
};
use crate::{
    app,
    app::ChangeAction,
    library::clock::local_now,
    model::JournalSteps,
    text::{count_noun, redact_user_info, sanitize},
};

/// Takes `count` steps back, also over changes that were made in the reader, and prints a line for each.
/// The exit status is a failure if there were fewer changes, or if one was refused.
pub fn run_undo(
    args: &GlobalArgs,
    environment: &Environment,
    count: usize,
) -> anyhow::Result<ExitStatus> {
    let steps = OpenLibrary::open_writable(args, environment)?.writer.undo_last(count)?;
    let status = print_steps(ChangeAction::Undone, &steps)?;
    if steps.has_effect() && steps.count() < count {
        let (were, asked) = (count_noun(steps.changes.len(), "change"), count);
        anyhow::bail!("only {were} could be undone, not {asked}: the journal has no more");
    }
    Ok(status)
}

/// Redoes the change that was undone last.
pub fn run_redo(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    let steps = OpenLibrary::open_writable(args, environment)?.writer.redo_next()?;
    print_steps(ChangeAction::Redone, &steps)
}

/// Prints steps, and what they could not do on standard error.
fn print_steps(action: ChangeAction, steps: &JournalSteps) -> anyhow::Result<ExitStatus> {
    let (mut status, now) = (ExitStatus::Success, local_now());
    for change in &steps.changes {
        print_line(&app::describe_action(action, Some(change), now))?;
    }
    if steps.changes.is_empty() && steps.refusals.is_empty() && steps.overtaken.is_empty() {
        print_line(&app::describe_action(action, None, now))?;
        status = ExitStatus::Failed;
    }
    if steps.dropped > 0 {
        print_line(&app::describe_dropped(steps.dropped))?;
        status = ExitStatus::Failed;
    }
    if steps.changed_since > 0 {
        print_line(&app::describe_changed_since(steps.changed_since))?;
        status = ExitStatus::Failed;
    }
    for problem in steps.refusals.iter().chain(&steps.overtaken) {
        let failure = app::refusal_failure(action, problem);
        output::write_stderr_line(&sanitize::to_text_line(&failure.summary));
        status = ExitStatus::Failed;
    }
    if steps.passed_over > 0 {
        let changes = count_noun(steps.passed_over, "change");
        output::write_stderr_line(&format!(
            "{changes} passed over, because rules.toml or a server has changed the same since; `newsreader journal` lists them"
        ));
    }
    Ok(status)
}

fn print_line(sentence: &str) -> anyhow::Result<()> {
    let line = sanitize::to_text_line(&redact_user_info(sentence)).into_owned() + "\n";
    output::write_stdout(line.as_bytes())?;
    Ok(())
}
