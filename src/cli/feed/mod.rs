//! `newsreader feed …`: the feeds that are followed.

mod add;
mod check;
mod check_json;
mod discover;
mod edit;
mod find_feed;
mod import_export;
mod list;
mod remove;
mod subscription_options;

use add::FeedAddArgs;
use check::FeedCheckArgs;
use clap::Subcommand;
use edit::FeedEditArgs;

use super::{environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs};
pub use find_feed::find_feed;

/// What can be done about feeds.
#[derive(Debug, Clone, Subcommand)]
pub enum FeedCommand {
    /// Follow what is at an address: a feed, or the feed of a site.
    Add(FeedAddArgs),
    /// Print the feeds: number, unread, folder, name, address, state.
    List {
        /// As JSON, with everything that is known.
        #[arg(long)]
        json: bool,
    },
    /// Change how a feed is followed.
    Edit(FeedEditArgs),
    /// Follow feeds no more; their articles come back if that is undone.
    Remove {
        /// The feeds: numbers, addresses, or names.
        #[arg(value_name = "FEED", required = true)]
        feeds: Vec<String>,
    },
    /// Follow the feeds of subscription lists: OPML, or newsboat's urls file.
    Import {
        /// The lists; `-` is standard input.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<String>,
    },
    /// Print the feeds as OPML.
    Export,
    /// Print the feeds that are found at an address, with a look into each.
    Discover {
        /// The address of a site or feed.
        #[arg(value_name = "URL")]
        address: String,
    },
    /// Read a feed document and print what is in it and what is wrong with it, line by line.
    Check(FeedCheckArgs),
}

/// Does what is asked about feeds.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: &FeedCommand,
) -> anyhow::Result<ExitStatus> {
    match command {
        FeedCommand::Add(add) => add::run(args, environment, add),
        FeedCommand::List { json } => list::run(args, environment, *json),
        FeedCommand::Edit(edit) => edit::run(args, environment, edit),
        FeedCommand::Remove { feeds } => remove::run(args, environment, feeds),
        FeedCommand::Import { files } => import_export::run_import(args, environment, files),
        FeedCommand::Export => import_export::run_export(args, environment),
        FeedCommand::Discover { address } => discover::run(args, environment, address),
        FeedCommand::Check(check) => check::run(args, environment, check),
    }
}
