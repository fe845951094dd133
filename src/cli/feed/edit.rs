//! `newsreader feed edit`: changes the options of a subscription.

use clap::Args as ClapArgs;

use super::{find_feed, subscription_options::SubscriptionOptions};
use crate::{
    cli::{
        environment::Environment, exit_status::ExitStatus, global_args::GlobalArgs,
        open_library::OpenLibrary, output,
    },
    library::clock::utc_now,
    model::Change,
    store::ReadConnection,
};

/// Which feed, and what to change.
#[derive(Debug, Clone, ClapArgs)]
pub struct FeedEditArgs {
    /// The feed: its number, its address, or its name.
    #[arg(value_name = "FEED")]
    pub feed: String,

    /// What to change.
    #[command(flatten)]
    pub options: SubscriptionOptions,
}

/// Changes how a feed is followed; the reader can undo it.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    edit: &FeedEditArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open(args, environment)?;
    let feed = find_feed(&ReadConnection::open(&library.location)?, &edit.feed)?;
    let after = edit.options.apply_to(feed.subscription.clone())?;
    library.writer.apply_change(
        &Change::set_subscription(feed.id, feed.subscription.clone(), after),
        utc_now(),
    )?;
    output::write_stderr_line(&format!("Changed {}", feed.display_name()));
    Ok(ExitStatus::Success)
}
