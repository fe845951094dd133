//! The command line: one file for each thing it can do.

mod add;
mod args;
mod config;
mod doctor;
mod environment;
mod feed;
mod index;
mod network;
mod open_library;
mod output;
mod read;
mod refresh;
mod save;
mod search;
mod subscribe_address;
mod theme_catalog;
mod tui;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

pub use args::{CliArgs, Subcommand};
use environment::Environment;
pub use feed::FeedCommand;
pub use index::IndexCommand;
use search::SearchArgs;

/// How the program ends, as its caller sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExitStatus {
    /// Everything asked for was done.
    Success,
    /// Something was not; standard error says what.
    Failed,
    /// Changes could not be saved.
    UnsavedChanges,
}

impl From<ExitStatus> for ExitCode {
    fn from(exit: ExitStatus) -> ExitCode {
        match exit {
            ExitStatus::Success => ExitCode::SUCCESS,
            ExitStatus::Failed => ExitCode::from(1),
            ExitStatus::UnsavedChanges => ExitCode::from(3),
        }
    }
}

/// Runs the program with the arguments and the environment of the process.
pub fn main() -> ExitCode {
    let args = CliArgs::parse();
    match run_subcommand(&args, &Environment::from_process()) {
        Ok(exit) => exit.into(),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("newsreader: {}", crate::text::sanitize::to_line(&format!("{error:#}")));
            ExitStatus::Failed.into()
        }
    }
}

fn run_subcommand(args: &CliArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    match &args.command {
        None => tui::run(args, environment),
        Some(Subcommand::List { query }) => search::run(
            args,
            environment,
            &SearchArgs { query: query.clone(), ..SearchArgs::default() },
        ),
        Some(Subcommand::Search(asked)) => search::run(args, environment, asked),
        Some(Subcommand::Read { number, format }) => read::run(args, environment, *number, *format),
        Some(Subcommand::Add { paths }) => add::run(args, environment, paths),
        Some(Subcommand::Save { urls }) => save::run(args, environment, urls),
        Some(Subcommand::Refresh(asked)) => refresh::run(args, environment, asked),
        Some(Subcommand::Feed(command)) => feed::run(args, environment, command),
        Some(Subcommand::Index(command)) => index::run(args, environment, *command),
        Some(Subcommand::Doctor) => doctor::run(args, environment),
        Some(Subcommand::Completions { shell }) => {
            let mut script = Vec::new();
            clap_complete::generate(*shell, &mut CliArgs::command(), "newsreader", &mut script);
            output::write_stdout(&script).map(|()| ExitStatus::Success)
        }
        Some(Subcommand::Man) => {
            let mut page = Vec::new();
            clap_mangen::Man::new(CliArgs::command()).render(&mut page)?;
            output::write_stdout(&page).map(|()| ExitStatus::Success)
        }
    }
}
