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

const EDIT_NOTES: &str = "\
Options that are not given keep their values; an empty text, as in --folder \"\", clears the option.
`newsreader undo` takes the change back.";

/// The arguments of `newsreader feed edit`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EDIT_NOTES)]
pub struct FeedEditArgs {
    /// Number, URL or name of the feed; a part of the name is enough if no other feed has it.
    #[arg(value_name = "FEED")]
    pub feed: String,

    /// The options to change.
    #[command(flatten)]
    pub options: SubscriptionOptions,
}

/// Changes the options of a subscription; the change can be undone.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    edit: &FeedEditArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let feed = find_feed(&ReadConnection::open(&library.location)?, &edit.feed)?;
    let after = edit.options.apply_to(feed.subscription.clone())?;
    library.writer.apply_change(
        &Change::set_subscription(feed.id, feed.subscription.clone(), after),
        utc_now(),
    )?;
    output::write_stderr_line(&format!("Changed {}", feed.display_name()));
    Ok(ExitStatus::Success)
}
