//! Commands of the user's own.

use crate::{
    app::{Actions, Effect, Notice, ProgramRun},
    model::Entry,
    settings::Settings,
};

/// Runs the command of the user's with this number on an article.
pub(super) fn run_program(settings: &Settings, index: u16, entry: Option<&Entry>) -> Actions {
    let Some((name, command)) = settings.commands.iter().nth(usize::from(index)) else {
        return Actions::none();
    };
    let Some(entry) = entry else { return Notice::info("No article is selected").into() };
    match ProgramRun::new(name, command, entry) {
        Some(run) => Effect::RunProgram(entry.id, run).into(),
        None => Notice::info(format!("This article has no URL for {name}")).into(),
    }
}
