//! `newsreader feed edit`: changes the options of a subscription.

use anyhow::bail;
use clap::Args as ClapArgs;

use super::{subscription_options::SubscriptionOptions, sync_hint::sync_hint};
use crate::{
    app::{ChangeAction, describe_action},
    cli::{
        environment::Environment,
        exit_status::{ExitStatus, UsageError},
        find_feed::find_feed,
        global_args::GlobalArgs,
        open_library::OpenLibrary,
        outcome::CommandOutcome,
        output,
    },
    library::{
        clock::{local_now, utc_now},
        plan_feed_edit,
    },
    model::{Change, Feed, FeedEdit, FeedKind, Subscription},
    store::{ReadConnection, WriteConnection},
};

const EDIT_NOTES: &str = "\
Options that are not given keep their values; an empty text, as in --folder \"\", clears the option.
The name and the folder of a feed of an account are changed on its server too, at the next sync.
`newsreader undo` takes the change back.";

/// The arguments of `newsreader feed edit`.
#[derive(Debug, Clone, ClapArgs)]
#[command(after_help = EDIT_NOTES)]
pub struct FeedEditArgs {
    /// Number, URL or name of the feed; a part of the name is enough if no other feed has it.
    #[arg(value_name = "FEED")]
    pub feed: String,

    /// New address of the feed; its articles are kept. A login goes to the same server only.
    #[arg(long, value_name = "URL")]
    pub url: Option<String>,

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
    if edit.url.is_none() && edit.options == SubscriptionOptions::default() {
        let hint =
            "name an option to change, such as --name; `newsreader feed edit --help` lists all";
        bail!(UsageError(hint.to_owned()));
    }
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let reader = ReadConnection::open(&library.location)?;
    let feed = find_feed(&reader, &edit.feed)?;
    let after = edit.options.apply_to(feed.subscription.clone())?;
    let change = match &edit.url {
        Some(address) => change_of_address(&library.writer, &feed, address, after)?,
        None => Change::set_subscription(feed.id, feed.subscription.clone(), after),
    };
    let done = library.writer.apply_change(&change, utc_now())?;
    let sentence = match &done.change {
        Change::Address { .. } => describe_action(ChangeAction::Applied, Some(&done), local_now()),
        Change::Subscription { before, after, .. }
            if before.name != after.name || before.folder != after.folder =>
        {
            format!("Changed {}{}", feed.display_name(), sync_hint(&reader, &feed)?)
        }
        _ => format!("Changed {}", feed.display_name()),
    };
    CommandOutcome::notice([sentence]).with_changed(1).print(args)?;
    Ok(ExitStatus::Success)
}

/// Returns the change that gives a feed another address.
fn change_of_address(
    store: &WriteConnection,
    feed: &Feed,
    address: &str,
    subscription: Subscription,
) -> anyhow::Result<Change> {
    if feed.kind != FeedKind::Web {
        bail!("{} is not a feed of the web, so it has no URL to change", feed.display_name());
    }
    let address = address.to_owned();
    let edit = FeedEdit { feed: feed.id, before: feed.definition(), address, subscription };
    plan_feed_edit(store, &edit)?.map_err(output::to_error)
}
