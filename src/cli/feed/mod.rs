//! `newsreader feed …`: the feeds that are followed.

mod add;
mod check;
mod check_json;
mod discover;
mod edit;
mod import_export;
mod list;
mod remove;
mod subscription_options;

use anyhow::bail;
use clap::Subcommand;

use super::{CliArgs, Environment, ExitStatus};
use crate::{model::Feed, store::ReadConnection};
use add::FeedAddArgs;
use check::FeedCheckArgs;
use edit::FeedEditArgs;

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

/// The feed that `wanted` means: its number, its address, its name, or a part of its name that no other has.
pub fn find_feed(reader: &ReadConnection, wanted: &str) -> anyhow::Result<Feed> {
    let feeds = reader.list_feeds()?;
    let lower = wanted.to_lowercase();
    let exact = |feed: &&Feed| {
        feed.id.to_string() == wanted
            || feed.url == wanted
            || feed.display_name().to_lowercase() == lower
    };
    if let Some(feed) = feeds.iter().find(exact) {
        return Ok(feed.clone());
    }
    let mut named = feeds.iter().filter(|feed| feed.display_name().to_lowercase().contains(&lower));
    match (named.next(), named.next()) {
        (Some(feed), None) => Ok(feed.clone()),
        (Some(one), Some(other)) => {
            bail!(
                "“{wanted}” could be {} or {}; say more of the name",
                one.display_name(),
                other.display_name()
            )
        }
        (None, _) => bail!("no feed is called “{wanted}”; `newsreader feed list` shows them all"),
    }
}

/// Does what is asked about feeds.
pub fn run(
    args: &CliArgs,
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
