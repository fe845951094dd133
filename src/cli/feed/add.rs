//! `newsreader feed add`: subscribes to feeds, with options.

use std::path::PathBuf;

use clap::Args as ClapArgs;

use super::{add_on_server, subscription_options::SubscriptionOptions};
use crate::{
    cli::{
        environment::Environment,
        exit_status::ExitStatus,
        global_args::GlobalArgs,
        subscribe_address::{FeedSelection, subscribe_addresses},
    },
    model::Subscription,
};

/// The arguments of `newsreader feed add`.
#[derive(Debug, Clone, ClapArgs)]
pub struct FeedAddArgs {
    /// URLs of sites or feeds, paths of files or folders, or `exec:NAME` for a program of the
    /// settings.
    #[arg(value_name = "URL", required = true)]
    pub addresses: Vec<PathBuf>,

    /// Subscribe to all feeds of a site, not only the first.
    #[arg(long)]
    pub all: bool,

    /// Subscribe on the server of this account, which finds the feed of a page itself.
    #[arg(long, value_name = "ACCOUNT", conflicts_with = "all")]
    pub account: Option<String>,

    /// The options of the new subscriptions.
    #[command(flatten)]
    pub options: SubscriptionOptions,
}

/// Subscribes to the feeds at the addresses, and refreshes the feeds that are due, or syncs the account.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    add: &FeedAddArgs,
) -> anyhow::Result<ExitStatus> {
    let subscription = add.options.apply_to(Subscription::default())?;
    if let Some(account) = &add.account {
        return add_on_server::run(args, environment, &add.addresses, (account, &subscription));
    }
    let selection = if add.all { FeedSelection::All } else { FeedSelection::First };
    subscribe_addresses(args, environment, &add.addresses, selection, &subscription)
}
