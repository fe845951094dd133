//! The command line: one file for each thing it can do.

mod add;
mod args;
mod doctor;
mod environment;
mod feed;
mod index;
mod library;
mod network;
mod output;
mod read;
mod reader;
mod refresh;
mod save;
mod search;
mod themes;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

pub use args::{Args, Subcommand};
use environment::Environment;
pub use feed::FeedCommand;
pub use index::IndexCommand;
use search::Search;

/// How the program ends, as its caller sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything asked for was done.
    Done,
    /// Something was not; standard error says what.
    Failed,
    /// Changes could not be saved.
    Unsaved,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        match exit {
            Exit::Done => ExitCode::SUCCESS,
            Exit::Failed => ExitCode::from(1),
            Exit::Unsaved => ExitCode::from(3),
        }
    }
}

/// Runs the program with the arguments and the environment of the process.
pub fn main() -> ExitCode {
    let args = Args::parse();
    match run(&args, &Environment::of_process()) {
        Ok(exit) => exit.into(),
        Err(error) if output::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("newsreader: {}", crate::text::clean::line(&format!("{error:#}")));
            Exit::Failed.into()
        }
    }
}

fn run(args: &Args, environment: &Environment) -> anyhow::Result<Exit> {
    match &args.command {
        None => reader::run(args, environment),
        Some(Subcommand::List { query }) => {
            search::run(args, environment, &Search { query: query.clone(), ..Search::default() })
        }
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
            clap_complete::generate(*shell, &mut Args::command(), "newsreader", &mut script);
            output::write(&script).map(|()| Exit::Done)
        }
        Some(Subcommand::Man) => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Args::command()).render(&mut page)?;
            output::write(&page).map(|()| Exit::Done)
        }
    }
}
