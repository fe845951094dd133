//! `newsreader add`: subscribes to folders, files and URLs.

use std::path::PathBuf;

use super::{
    environment::Environment,
    exit_status::ExitStatus,
    global_args::GlobalArgs,
    subscribe_address::{FeedSelection, subscribe_addresses},
};
use crate::model::Subscription;

/// Subscribes to `sources` without options, and refreshes the feeds that are due.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    sources: &[PathBuf],
) -> anyhow::Result<ExitStatus> {
    let subscription = Subscription::default();
    subscribe_addresses(args, environment, sources, FeedSelection::First, &subscription)
}
