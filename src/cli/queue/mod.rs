//! `newsreader queue`: the queue of podcasts and films, their downloads, and the player.

mod delete;
mod download;
mod list;
mod move_episodes;
mod play;
mod queue_access;

use clap::Subcommand;

pub(super) use self::queue_access::download_folder;
use self::{download::DownloadArgs, move_episodes::MoveArgs, play::PlayArgs};
use super::{
    environment::Environment,
    exit_status::ExitStatus,
    global_args::GlobalArgs,
    mark::{self, Mark, MarkTargets},
};

/// A subcommand of `newsreader queue`.
#[derive(Debug, Clone, Subcommand)]
pub enum QueueCommand {
    /// List the queue in the order of its view: number, date, length, state, feed, title.
    ///
    /// What was never moved follows what was, the oldest first.
    List,
    /// Put articles into the queue (can be undone).
    Add(MarkTargets),
    /// Take articles off the queue (can be undone); downloaded files stay.
    Remove(MarkTargets),
    /// Move episodes to another place of the queue (can be undone).
    Move(MoveArgs),
    /// Download the episodes of the queue, or of these articles, two at a time.
    ///
    /// What was cut off goes on where it ended, if the server allows it.
    Download(DownloadArgs),
    /// Play the first episode of the queue, or that of an article, from where you stopped.
    ///
    /// An episode that was played to its end is marked as played and read, and leaves the queue.
    Play(PlayArgs),
    /// Delete the downloaded files of articles; the articles stay.
    Delete(MarkTargets),
}

/// Runs a subcommand of `newsreader queue`.
pub fn run(
    args: &GlobalArgs,
    environment: &Environment,
    command: &QueueCommand,
) -> anyhow::Result<ExitStatus> {
    match command {
        QueueCommand::List => list::run(args, environment),
        QueueCommand::Add(targets) => mark::run(args, environment, targets, Mark::Queued(true)),
        QueueCommand::Remove(targets) => mark::run(args, environment, targets, Mark::Queued(false)),
        QueueCommand::Move(moving) => move_episodes::run(args, environment, moving),
        QueueCommand::Download(download) => download::run(args, environment, download),
        QueueCommand::Play(play) => play::run(args, environment, play),
        QueueCommand::Delete(targets) => delete::run(args, environment, targets),
    }
}
