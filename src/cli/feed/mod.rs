//! `newsreader feed …`: the feeds that are followed.

mod check;
mod report;

use clap::Subcommand;

use super::{Args, Environment, Exit};
use check::Check;

/// What can be done about feeds.
#[derive(Debug, Clone, Subcommand)]
pub enum FeedCommand {
    /// Read a feed document and print what is in it and what is wrong with it, line by line.
    Check(Check),
}

/// Does what is asked about feeds.
pub fn run(args: &Args, environment: &Environment, command: &FeedCommand) -> anyhow::Result<Exit> {
    match command {
        FeedCommand::Check(check) => check::run(args, environment, check),
    }
}
