//! `newsreader import`: moves in from another reader.

mod config_files;
mod newsboat;
mod options;
mod outcome;
mod report;
mod report_json;
mod run_import;

use clap::Subcommand;
use newsboat::NewsboatArgs;

use super::{environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs};

/// A reader to move in from.
#[derive(Debug, Clone, Subcommand)]
pub enum ImportCommand {
    /// Import the feeds, articles, marks, searches, settings and keys of newsboat.
    ///
    /// The files are looked for where newsboat has them. What the library and your settings have stays
    /// as it is; importing twice changes nothing; undo takes the import back, except for settings and
    /// keys. Everything that is not taken over is listed with the reason.
    Newsboat(NewsboatArgs),
}

/// Runs the import that the arguments name.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: &ImportCommand,
) -> anyhow::Result<ExitStatus> {
    match command {
        ImportCommand::Newsboat(newsboat) => newsboat::run(args, environment, newsboat),
    }
}
