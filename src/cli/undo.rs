//! `newsreader undo` and `newsreader redo`: step through the journal.

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    open_library::OpenLibrary, outcome::CommandOutcome, output,
};
use crate::{
    app,
    app::ChangeAction,
    library::clock::local_now,
    model::JournalSteps,
    text::{count_noun, sanitize},
};

/// Takes `count` steps back, also over changes that were made in the reader, and prints a line for each.
/// The exit status is a failure if there were fewer changes, or if one was refused.
pub fn run_undo(
    args: &GlobalArgs,
    environment: &Environment,
    count: usize,
) -> anyhow::Result<ExitStatus> {
    let steps = OpenLibrary::open_writable(args, environment)?.writer.undo_last(count)?;
    let status = print_steps(args, ChangeAction::Undone, &steps)?;
    if steps.has_effect() && steps.count() < count {
        let (were, asked) = (count_noun(steps.changes.len(), "change"), count);
        anyhow::bail!("only {were} could be undone, not {asked}: the journal has no more");
    }
    Ok(status)
}

/// Redoes the change that was undone last.
pub fn run_redo(args: &GlobalArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    let steps = OpenLibrary::open_writable(args, environment)?.writer.redo_next()?;
    print_steps(args, ChangeAction::Redone, &steps)
}

/// Prints steps, and what they could not do on standard error.
fn print_steps(
    args: &GlobalArgs,
    action: ChangeAction,
    steps: &JournalSteps,
) -> anyhow::Result<ExitStatus> {
    let (mut status, mut done, now) = (ExitStatus::Success, Vec::new(), local_now());
    for change in &steps.changes {
        done.push(app::describe_action(action, Some(change), now));
    }
    if !steps.has_effect() {
        done.push(app::describe_action(action, None, now));
        status = ExitStatus::Failed;
    }
    if steps.dropped > 0 {
        done.push(app::describe_dropped(steps.dropped));
        status = ExitStatus::Failed;
    }
    if steps.changed_since > 0 {
        done.push(app::describe_changed_since(steps.changed_since));
        status = ExitStatus::Failed;
    }
    CommandOutcome::new(done).with_changed(steps.changes.len()).print(args)?;
    for problem in steps.refusals.iter().chain(&steps.overtaken) {
        let failure = app::refusal_failure(action, problem);
        output::write_stderr_line(&sanitize::to_text_line(&failure.summary));
        status = ExitStatus::Failed;
    }
    if steps.lost > 0 {
        output::write_stderr_line(&app::refusal_failure(action, JournalSteps::LOST_REASON).summary);
        if steps.changes.is_empty() {
            let next = app::describe_next_step(action, steps.next.as_ref(), now);
            output::write_stderr_line(&sanitize::to_text_line(&next));
        }
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
