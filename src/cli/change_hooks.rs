//! The hooks for what the user does on the command line.

use super::{
    config::load_settings, environment::Environment, exit_status::ExitStatus,
    global_args::GlobalArgs, network::hook_commands, output,
};
use crate::{library::run_hook, model::AppliedChange, store::LibraryLocation};

/// Runs the hooks for a change, and waits until their programs have ended. The exit status is a failure if
/// one failed, which standard error says; the change stays.
pub fn run_change_hooks(
    args: &GlobalArgs,
    environment: &Environment,
    location: &LibraryLocation,
    applied: &AppliedChange,
) -> ExitStatus {
    let hooks = hook_commands(&load_settings(args, environment).0);
    let mut exit = ExitStatus::Success;
    for event in hooks.events_of_change(applied) {
        for failure in run_hook(location, &hooks, &event) {
            output::write_stderr_line(&format!("newsreader: {}", failure.summary));
            exit = ExitStatus::Failed;
        }
    }
    exit
}
