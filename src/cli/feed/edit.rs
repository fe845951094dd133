//! `newsreader feed edit`, `newsreader feed remove`: change how a feed is followed, or follow it no more.

use chrono::Utc;
use clap::Args as ClapArgs;

use super::{find_feed, subscription_options::SubscriptionOptions};
use crate::{
    cli::{CliArgs, Environment, ExitStatus, open_library::OpenLibrary, output},
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
#[expect(clippy::disallowed_methods, reason = "the journal notes when a change was made")]
pub fn run(
    args: &CliArgs,
    environment: &Environment,
    edit: &FeedEditArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open(args, environment)?;
    let feed = find_feed(&ReadConnection::open(&library.location)?, &edit.feed)?;
    let after = edit.options.apply_to(feed.subscription.clone())?;
    library.writer.apply_change(
        &Change::set_subscription(feed.id, feed.subscription.clone(), after),
        Utc::now(),
    )?;
    output::write_stderr_line(&format!("Changed {}", feed.display_name()));
    Ok(ExitStatus::Success)
}

/// Follows feeds no more. Their articles stay in the library, out of sight, until that is undone.
#[expect(clippy::disallowed_methods, reason = "the journal notes when a change was made")]
pub fn run_remove(
    args: &CliArgs,
    environment: &Environment,
    feeds: &[String],
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    for wanted in feeds {
        let feed = find_feed(&reader, wanted)?;
        library.writer.apply_change(&Change::set_unsubscribed(feed.id, true), Utc::now())?;
        output::write_stderr_line(&format!(
            "Removed {}; u in the reader brings it back",
            feed.display_name()
        ));
    }
    Ok(ExitStatus::Success)
}
