//! `newsreader feed edit`, `newsreader feed remove`: change how a feed is followed, or follow it no more.

use chrono::Utc;
use clap::Args as ClapArgs;

use super::{find, options::Options};
use crate::{
    cli::{Args, Environment, Exit, library::Library, output},
    model::Change,
    store::Reader,
};

/// Which feed, and what to change.
#[derive(Debug, Clone, ClapArgs)]
pub struct Edit {
    /// The feed: its number, its address, or its name.
    #[arg(value_name = "FEED")]
    pub feed: String,

    /// What to change.
    #[command(flatten)]
    pub options: Options,
}

/// Changes how a feed is followed; the reader can undo it.
#[expect(clippy::disallowed_methods, reason = "the journal notes when a change was made")]
pub fn run(args: &Args, environment: &Environment, edit: &Edit) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    let feed = find(&Reader::open(&library.location)?, &edit.feed)?;
    let after = edit.options.over(feed.subscription.clone())?;
    library.store.change(&Change::subscription(feed.id, feed.subscription.clone(), after), Utc::now())?;
    output::note(&format!("Changed {}", feed.name()));
    Ok(Exit::Done)
}

/// Follows feeds no more. Their articles stay in the library, out of sight, until that is undone.
#[expect(clippy::disallowed_methods, reason = "the journal notes when a change was made")]
pub fn remove(args: &Args, environment: &Environment, feeds: &[String]) -> anyhow::Result<Exit> {
    let mut library = Library::open(args, environment)?;
    let reader = Reader::open(&library.location)?;
    for wanted in feeds {
        let feed = find(&reader, wanted)?;
        library.store.change(&Change::gone(feed.id, true), Utc::now())?;
        output::note(&format!("Removed {}; u in the reader brings it back", feed.name()));
    }
    Ok(Exit::Done)
}
