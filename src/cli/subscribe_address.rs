//! Subscribing to what is at an address, for `newsreader add` and `newsreader feed add`.

use anyhow::bail;

use super::{open_library::OpenLibrary, output};
use crate::{
    library::{FeedSources, discover_feeds, subscribe_all, subscribe_program},
    model::{NewFeed, Subscription},
};

/// The feeds of a site that are subscribed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedSelection {
    /// The first.
    First,
    /// Every one.
    All,
}

/// Subscribes to the feeds at `address`, or to the program `exec:NAME`, and says so. Returns `true` if any is new.
pub fn subscribe_address(
    library: &mut OpenLibrary,
    sources: &FeedSources,
    address: &str,
    selection: FeedSelection,
    subscription: &Subscription,
) -> anyhow::Result<bool> {
    if let Some(name) = address.strip_prefix("exec:") {
        if !sources.programs.contains_key(name) {
            bail!("the settings have no program “{name}” under [programs]");
        }
        let program = subscribe_program(&mut library.writer, address, subscription)?;
        print_outcome(&program.title, program.is_new);
        return Ok(program.is_new);
    }
    subscribe_site(library, sources, address, selection, subscription)
}

fn subscribe_site(
    library: &mut OpenLibrary,
    sources: &FeedSources,
    address: &str,
    selection: FeedSelection,
    subscription: &Subscription,
) -> anyhow::Result<bool> {
    let mut candidates = discover_feeds(sources, address).map_err(anyhow::Error::msg)?;
    let others = candidates.len() - 1;
    if selection == FeedSelection::First {
        candidates.truncate(1);
    }
    let mut outcomes = Vec::new();
    for candidate in candidates {
        let title = candidate.title.clone();
        let feed = NewFeed {
            url: candidate.url,
            title: candidate.title,
            subscription: subscription.clone(),
        };
        outcomes.push((title, !subscribe_all(&mut library.writer, &[feed])?.is_empty()));
    }
    if others > 0 && selection == FeedSelection::First {
        output::write_stderr_line(&format!(
            "{address} has {others} more; `newsreader feed discover {address}` shows them"
        ));
    }
    for (title, is_new) in &outcomes {
        print_outcome(title, *is_new);
    }
    Ok(outcomes.iter().any(|(_, is_new)| *is_new))
}

/// Says on standard error that a feed is subscribed to now, or was before.
pub fn print_outcome(title: &str, is_new: bool) {
    let sentence =
        if is_new { format!("Following {title}") } else { format!("{title} is followed already") };
    output::write_stderr_line(&sentence);
}
