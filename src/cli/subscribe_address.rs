//! Subscribes to a URL or a program, for `newsreader add` and `newsreader feed add`.

use anyhow::bail;

use super::{open_library::OpenLibrary, output};
use crate::{
    library::{FeedSources, discover_feeds, subscribe_all, subscribe_program},
    model::{NewFeed, Subscription},
    text::count_noun,
};

/// The feeds of a site to subscribe to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedSelection {
    /// The first feed.
    First,
    /// All feeds.
    All,
}

/// Subscribes to the feeds at `address`, a URL or `exec:NAME`, and prints the outcome.
///
/// Returns `true` if a feed is new.
pub fn subscribe_address(
    library: &mut OpenLibrary,
    sources: &FeedSources,
    address: &str,
    selection: FeedSelection,
    subscription: &Subscription,
) -> anyhow::Result<bool> {
    if let Some(name) = address.strip_prefix("exec:") {
        if !sources.programs.contains_key(name) {
            bail!("there is no program “{name}” in the settings under [programs]");
        }
        let program = subscribe_program(&mut library.writer, address, subscription)?;
        print_outcome(&program.title, program.is_new);
        return Ok(program.is_new);
    }
    subscribe_site(library, sources, address, selection, subscription)
}

/// Finds the feeds at the URL `address`, subscribes to those that `selection` names, and prints the
/// outcome. Returns `true` if a feed is new.
fn subscribe_site(
    library: &mut OpenLibrary,
    sources: &FeedSources,
    address: &str,
    selection: FeedSelection,
    subscription: &Subscription,
) -> anyhow::Result<bool> {
    let mut candidates = discover_feeds(sources, address).map_err(anyhow::Error::msg)?;
    let other_feeds = candidates.len().saturating_sub(1);
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
    if other_feeds > 0 && selection == FeedSelection::First {
        let count = count_noun(other_feeds, "more feed");
        output::write_stderr_line(&format!(
            "{address} has {count}; `newsreader feed discover {address}` lists them all"
        ));
    }
    for (title, is_new) in &outcomes {
        print_outcome(title, *is_new);
    }
    Ok(outcomes.iter().any(|(_, is_new)| *is_new))
}

/// Prints on standard error that the subscription is new, or existed before.
pub fn print_outcome(title: &str, is_new: bool) {
    let outcome = if is_new { "Subscribed to" } else { "Already subscribed to" };
    output::write_stderr_line(&format!("{outcome} {title}"));
}
