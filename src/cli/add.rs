//! `newsreader add`: subscribes to folders, files and URLs.

use std::path::{Path, PathBuf};

use anyhow::Context as _;

use super::{
    config,
    environment::Environment,
    exit_status::ExitStatus,
    global_args::GlobalArgs,
    network,
    open_library::OpenLibrary,
    refresh,
    subscribe_address::{FeedSelection, print_outcome, subscribe_address},
};
use crate::{
    feed,
    library::{SubscribeOutcome, clock::utc_now, hide_samples, subscribe_path},
    model::{RefreshScope, Subscription},
};

/// Subscribes to `sources`, hides the samples, and refreshes the feeds that are due.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    sources: &[PathBuf],
) -> anyhow::Result<ExitStatus> {
    let mut library = OpenLibrary::open_writable(args, environment)?;
    let (settings, _) = config::load_settings(args, environment);
    let network = network::build_sources(environment, &settings)?;
    for source in sources {
        match parse_address(source) {
            Some(address) => {
                let subscription = Subscription::default();
                let selection = FeedSelection::First;
                subscribe_address(&mut library, &network, &address, selection, &subscription)?;
            }
            None => subscribe_file_or_folder(&mut library, source)?,
        }
    }
    hide_samples(&mut library.writer, utc_now())?;
    let is_terminal = std::io::IsTerminal::is_terminal(&std::io::stderr());
    let summary = refresh::with_progress_bar(is_terminal, |report| {
        library.refresh(&network, RefreshScope::Due, report)
    })?;
    refresh::print_summary(&summary)
}

/// Parses `source` as a URL or `exec:NAME`; `None` if it is the path of an existing file or folder.
fn parse_address(source: &Path) -> Option<String> {
    let text = source.to_str().filter(|_| !source.exists())?;
    if text.starts_with("exec:") {
        Some(text.to_owned())
    } else {
        feed::complete_user_url(text).ok()
    }
}

fn subscribe_file_or_folder(library: &mut OpenLibrary, path: &Path) -> anyhow::Result<()> {
    let path =
        path.canonicalize().with_context(|| format!("cannot subscribe to {}", path.display()))?;
    let SubscribeOutcome { title, is_new, .. } = subscribe_path(&mut library.writer, &path)?;
    print_outcome(&title, is_new);
    Ok(())
}
