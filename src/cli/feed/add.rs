//! `newsreader feed add`: subscribes to the feeds behind URLs.

use clap::Args as ClapArgs;

use super::subscription_options::SubscriptionOptions;
use crate::{
    cli::{
        config,
        environment::Environment,
        exit_status::ExitStatus,
        global_args::GlobalArgs,
        network,
        open_library::OpenLibrary,
        output, refresh,
        subscribe_address::{FeedSelection, subscribe_address},
    },
    library::{clock::utc_now, hide_samples},
    model::{RefreshScope, Subscription},
};

/// The arguments of `newsreader feed add`.
#[derive(Debug, Clone, ClapArgs)]
pub struct FeedAddArgs {
    /// URLs of sites or feeds, or `exec:NAME` for a program of the settings.
    #[arg(value_name = "URL", required = true)]
    pub addresses: Vec<String>,

    /// Subscribe to all feeds of a site, not only the first.
    #[arg(long)]
    pub all: bool,

    /// The options of the new subscriptions.
    #[command(flatten)]
    pub options: SubscriptionOptions,
}

/// Subscribes to the feeds behind the URLs, and refreshes the feeds that are due. A URL that fails
/// does not stop the others.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    add: &FeedAddArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let (settings, _) = config::load_settings(args, environment);
    let sources = network::build_sources(environment, &settings)?;
    let subscription = add.options.apply_to(Subscription::default())?;
    let selection = if add.all { FeedSelection::All } else { FeedSelection::First };
    let mut exit = ExitStatus::Success;
    for address in &add.addresses {
        match subscribe_address(&mut library, &sources, address, selection, &subscription) {
            Ok(true) => drop(hide_samples(&mut library.writer, utc_now())?),
            Ok(false) => {}
            Err(error) => {
                output::write_stderr_line(&format!("newsreader: {error:#}"));
                exit = ExitStatus::Failed;
            }
        }
    }
    let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let summary = refresh::with_progress_bar(is_terminal, |report| {
        library.refresh(&sources, RefreshScope::Due, report)
    })?;
    match refresh::print_summary(&summary)? {
        ExitStatus::Success => Ok(exit),
        failed => Ok(failed),
    }
}
