//! The command line: one file per subcommand.
//!
//! Start reading in `args.rs` (the arguments) and [`main`]; `tui.rs` starts the reader itself. The
//! work is done by `library`: a subcommand opens the library, calls it and prints the result.

mod absent_texts;
mod account;
mod add;
mod archive;
mod args;
mod article_rows;
mod backup;
mod change_hooks;
mod closed_pipe;
mod config;
mod count;
mod damaged_feeds;
mod diff;
mod doctor;
mod doctor_accounts;
mod doctor_repair;
mod doctor_report;
mod environment;
mod exit_status;
mod export;
mod feed;
mod find_feed;
mod fixed_choices;
mod global_args;
mod import;
mod index;
mod journal;
mod json_version;
mod list;
mod listen;
mod listing_args;
mod man;
mod mark;
mod network;
mod number;
mod open_library;
mod opened;
mod outcome;
mod output;
mod progress_bar;
mod prompt;
mod query_args;
mod query_words;
mod queue;
mod read;
mod refresh;
mod restore;
mod restored_rules;
mod row_slots;
mod rule;
mod rule_file;
mod save;
mod search;
mod send;
mod similar_articles;
mod story;
mod subscribe_address;
mod sync;
mod tag;
mod theme_catalog;
mod trash;
mod tui;
mod undo;
mod unknown_name;
mod view;
mod waiting_notice;
mod why;

use std::process::ExitCode;

use clap::{CommandFactory, Parser};

pub use self::args::{CliArgs, Subcommand};
use self::{
    environment::Environment,
    exit_status::{ExitStatus, UsageError},
    mark::Mark,
};

/// Runs the program with the arguments and the environment of the process.
///
/// An error is printed as one line on standard error.
pub fn main() -> ExitCode {
    let words = query_words::separate_query_words(std::env::args_os().collect());
    let args = match CliArgs::try_parse_from(words) {
        Ok(args) => args,
        Err(error) => return print_usage(&error),
    };
    match run_subcommand(&args, &Environment::from_process()) {
        Ok(exit) => exit.into(),
        Err(error) if output::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            output::write_stderr_line(&format!("newsreader: {error:#}"));
            ExitStatus::of_error(&error).into()
        }
    }
}

/// Prints the help that was asked for, or on standard error what is wrong with the arguments, which may
/// hold any characters.
fn print_usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() {
        output::write_stderr_block(&error.to_string());
    } else {
        // A closed pipe is not an error.
        let _ = error.print();
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

fn run_subcommand(cli: &CliArgs, environment: &Environment) -> anyhow::Result<ExitStatus> {
    let args = &cli.global;
    // Shells run these two at every start, whatever the variables are.
    if !matches!(cli.command, Some(Subcommand::Completions { .. } | Subcommand::Man { .. })) {
        fixed_choices::check_fixed_choices(args, environment)?;
    }
    refuse_json(cli)?;
    match &cli.command {
        None => tui::run(args, environment),
        Some(Subcommand::List(list)) => list::run(args, environment, list),
        Some(Subcommand::Search(search)) => search::run(args, environment, search),
        Some(Subcommand::Similar(similar)) => similar_articles::run(args, environment, similar),
        Some(Subcommand::Count(count)) => count::run(args, environment, count),
        Some(Subcommand::Listen(listen)) => listen::run(args, environment, listen),
        Some(Subcommand::Read { number, format }) => read::run(args, environment, *number, *format),
        Some(Subcommand::Diff(diff)) => diff::run(args, environment, diff),
        Some(Subcommand::Export(export)) => export::run(args, environment, export),
        Some(Subcommand::Star(targets)) => {
            mark::run(args, environment, targets, Mark::Starred(true))
        }
        Some(Subcommand::Unstar(targets)) => {
            mark::run(args, environment, targets, Mark::Starred(false))
        }
        Some(Subcommand::Mark(command)) => {
            let (mark, targets) = command.mark();
            mark::run(args, environment, targets, mark)
        }
        Some(Subcommand::Send(send)) => send::run(args, environment, send),
        Some(Subcommand::Tag(tag)) => tag::run(args, environment, tag),
        Some(Subcommand::Queue(command)) => queue::run(args, environment, command),
        Some(Subcommand::Remove(targets)) => {
            mark::run(args, environment, targets, Mark::Removed(true))
        }
        Some(Subcommand::Trash(command)) => trash::run(args, environment, command),
        Some(Subcommand::Undo { count }) => undo::run_undo(args, environment, count.get()),
        Some(Subcommand::Redo) => undo::run_redo(args, environment),
        Some(Subcommand::Journal(journal)) => journal::run(args, environment, journal),
        Some(Subcommand::Add { paths }) => add::run(args, environment, paths),
        Some(Subcommand::Save(save)) => save::run(args, environment, save),
        Some(Subcommand::Refresh(refresh)) => refresh::run(args, environment, refresh),
        Some(Subcommand::Account(command)) => account::run(args, environment, command),
        Some(Subcommand::Archive(command)) => archive::run(args, environment, command),
        Some(Subcommand::Sync(sync)) => sync::run(args, environment, sync),
        Some(Subcommand::Import(import)) => import::run(args, environment, import),
        Some(Subcommand::Feed(command)) => feed::run(args, environment, command),
        Some(Subcommand::View(command)) => view::run(args, environment, command),
        Some(Subcommand::Rule(command)) => rule::run(args, environment, command),
        Some(Subcommand::Why(why)) => why::run(args, environment, why),
        Some(Subcommand::Index(command)) => index::run(args, environment, *command),
        Some(Subcommand::Story(command)) => story::run(args, environment, command),
        Some(Subcommand::Backup(backup)) => backup::run(args, environment, backup),
        Some(Subcommand::Restore { file, waiting }) => {
            restore::run(args, environment, file, *waiting)
        }
        Some(Subcommand::Doctor { repair }) => doctor::run(args, environment, *repair),
        Some(Subcommand::Completions { shell }) => print_completions(*shell),
        Some(Subcommand::Man { page }) => man::run(*page, CliArgs::command()),
    }
}

/// Refuses `--json` for the commands that print something else.
fn refuse_json(cli: &CliArgs) -> Result<(), UsageError> {
    let form = match &cli.command {
        Some(Subcommand::Completions { .. }) => "a script for your shell",
        Some(Subcommand::Man { .. }) => "a manual page",
        Some(Subcommand::Feed(command)) if command.prints_opml() => {
            "OPML; `newsreader feed list --json` prints the feeds as JSON"
        }
        _ => return Ok(()),
    };
    if cli.global.json { Err(UsageError(format!("this prints {form}"))) } else { Ok(()) }
}

fn print_completions(shell: clap_complete::Shell) -> anyhow::Result<ExitStatus> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut CliArgs::command(), "newsreader", &mut script);
    output::write_stdout(&script)?;
    Ok(ExitStatus::Success)
}
