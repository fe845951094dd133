//! `newsreader account`: manages accounts on sync servers, one file per subcommand.

mod add;
mod check;
mod edit;
mod find_account;
mod kind_arg;
mod list;
mod remove;

use add::AccountAddArgs;
use clap::Subcommand;
use edit::AccountEditArgs;
use remove::AccountRemoveArgs;

use super::{
    environment::Environment,
    exit_status::ExitStatus,
    global_args::GlobalArgs,
    listing_args::ListingArgs,
    sync::{self, SyncArgs},
};
pub use find_account::find_account;

/// A subcommand of `newsreader account`.
#[derive(Debug, Clone, Subcommand)]
pub enum AccountCommand {
    /// Add an account on a server with the Google Reader API, such as FreshRSS or Miniflux, or with the
    /// Fever API, such as CommaFeed.
    Add(AccountAddArgs),
    /// List accounts: name, user, address, last sync, what waits to be sent, problem, protocol, limits,
    /// accepted certificate.
    List(ListingArgs),
    /// Change the name, address, protocol, user, password or accepted certificate of an account.
    Edit(AccountEditArgs),
    /// Sync accounts now, as `newsreader sync` does.
    Sync(SyncArgs),
    /// Remove an account from this computer; nothing changes on the server.
    Remove(AccountRemoveArgs),
}

/// Runs `command`.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: &AccountCommand,
) -> anyhow::Result<ExitStatus> {
    match command {
        AccountCommand::Add(add) => add::run(args, environment, add),
        AccountCommand::List(listing) => list::run(args, environment, *listing),
        AccountCommand::Edit(edit) => edit::run(args, environment, edit),
        AccountCommand::Sync(sync) => sync::run(args, environment, sync),
        AccountCommand::Remove(remove) => remove::run(args, environment, remove),
    }
}
