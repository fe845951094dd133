//! `newsreader feed add`: subscribes to what is at an address.

use anyhow::bail;
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

/// What to follow, and how.
#[derive(Debug, Clone, ClapArgs)]
pub struct FeedAddArgs {
    /// Addresses of sites or feeds, or `exec:NAME` of a program in the settings.
    #[arg(value_name = "URL", required = true)]
    pub addresses: Vec<String>,

    /// Follow every feed of a site, not only the first.
    #[arg(long)]
    pub all: bool,

    /// How it is followed.
    #[command(flatten)]
    pub options: SubscriptionOptions,
}

/// Follows what is at the addresses, and refreshes what is new.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    add: &FeedAddArgs,
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open(args, environment)?;
    if let Some(warning) = library.warning {
        bail!("{warning}");
    }
    let (settings, _) = config::load_settings(args, environment);
    let sources = network::build_sources(environment, &settings)?;
    let how = add.options.apply_to(Subscription::default())?;
    let selection = if add.all { FeedSelection::All } else { FeedSelection::First };
    let mut exit = ExitStatus::Success;
    for address in &add.addresses {
        match subscribe_address(&mut library, &sources, address, selection, &how) {
            Ok(true) => drop(hide_samples(&mut library.writer, utc_now())?),
            Ok(false) => {}
            Err(error) => {
                output::write_stderr_line(&format!("newsreader: {error:#}"));
                exit = ExitStatus::Failed;
            }
        }
    }
    let shown = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let summary = refresh::with_progress_bar(shown, |tell| {
        library.refresh(&sources, RefreshScope::Due, tell)
    })?;
    match refresh::print_summary(&summary)? {
        ExitStatus::Success => Ok(exit),
        failed => Ok(failed),
    }
}
