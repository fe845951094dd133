//! `newsreader feed`: manages feeds, one file per subcommand.

mod add;
mod add_on_server;
mod check;
mod check_json;
mod discover;
mod edit;
mod find_folder;
mod import_export;
mod list;
mod remove;
mod rename_folder;
mod subscription_options;
mod sync_hint;

use add::FeedAddArgs;
use check::FeedCheckArgs;
use clap::Subcommand;
use discover::FeedDiscoverArgs;
use edit::FeedEditArgs;

use super::{
    environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
    listing_args::ListingArgs,
};
use crate::model::PasswordExport;
pub use discover::print_preview;
pub use import_export::run_export;

/// A subcommand of `newsreader feed`.
#[derive(Debug, Clone, Subcommand)]
pub enum FeedCommand {
    /// Subscribe to feeds, or to the feeds of sites.
    Add(FeedAddArgs),
    /// List feeds: number, unread articles, folder, name, URL, state.
    List(ListingArgs),
    /// Change the options of a subscription.
    Edit(FeedEditArgs),
    /// Unsubscribe from feeds (undo restores their articles).
    Remove {
        /// Numbers, URLs or names of the feeds.
        #[arg(value_name = "FEED", required_unless_present = "folder")]
        feeds: Vec<String>,

        /// Unsubscribe from all feeds of a folder and of those within.
        #[arg(long, value_name = "FOLDER", conflicts_with = "feeds")]
        folder: Option<String>,
    },
    /// Give a folder another name; the folders within come along.
    RenameFolder {
        /// The folder as `feed list` shows it, such as "News / World".
        #[arg(value_name = "FOLDER")]
        folder: String,

        /// The new name.
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Subscribe to the feeds of subscription lists (OPML, or the urls file of newsboat).
    Import {
        /// Subscription lists; `-` reads standard input.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<String>,
    },
    /// Print the feeds as OPML.
    Export {
        /// Include the passwords that the library stores, in the addresses.
        #[arg(long)]
        with_passwords: bool,
    },
    /// Print the feeds of a site, with a preview of each.
    Discover(FeedDiscoverArgs),
    /// Check a feed document: print its content, and each problem with its line.
    Check(FeedCheckArgs),
}

impl FeedCommand {
    /// Returns whether the command prints a subscription list.
    pub fn prints_opml(&self) -> bool {
        matches!(self, FeedCommand::Export { .. })
    }
}

/// Runs `command`.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: &FeedCommand,
) -> anyhow::Result<ExitStatus> {
    match command {
        FeedCommand::Add(add) => add::run(args, environment, add),
        FeedCommand::List(listing) => list::run(args, environment, *listing),
        FeedCommand::Edit(edit) => edit::run(args, environment, edit),
        FeedCommand::Remove { feeds, folder: None } => remove::run(args, environment, feeds),
        FeedCommand::Remove { folder: Some(folder), .. } => {
            remove::run_on_folder(args, environment, folder)
        }
        FeedCommand::RenameFolder { folder, name } => {
            rename_folder::run(args, environment, folder, name)
        }
        FeedCommand::Import { files } => import_export::run_import(args, environment, files),
        FeedCommand::Export { with_passwords } => {
            let passwords =
                if *with_passwords { PasswordExport::Include } else { PasswordExport::LeaveOut };
            import_export::run_export(args, environment, passwords)
        }
        FeedCommand::Discover(discover) => discover::run(args, environment, discover),
        FeedCommand::Check(check) => check::run(args, environment, check),
    }
}
