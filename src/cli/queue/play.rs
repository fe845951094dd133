//! `newsreader queue play`: plays an episode.

use std::process::Command;

use anyhow::Context as _;
use clap::Args as ClapArgs;

use super::queue_access;
use crate::{
    cli::{
        config::load_reported_settings, environment::Environment, exit_status::ExitStatus,
        global_args::GlobalArgs, number::parse_number, open_library::OpenLibrary,
        outcome::CommandOutcome, output,
    },
    library::{clock::utc_now, finish_player, prepare_player},
    model::{EntryId, PlayOutcome, PlayStart, PlayerRun, io_error_reason},
    store::ReadConnection,
    text::{format_clock, sanitize},
};

/// The arguments of `newsreader queue play`.
#[derive(Debug, Clone, ClapArgs)]
pub struct PlayArgs {
    /// Number of the article, as printed by `list`; without it, the first of the queue.
    #[arg(value_name = "N", value_parser = parse_number::<i64>)]
    number: Option<i64>,

    /// Begin with this chapter, from 1, as the article lists them.
    #[arg(long, value_name = "K", value_parser = parse_number::<usize>)]
    chapter: Option<usize>,
}

/// Plays an episode, and stores where the player was stopped.
pub(super) fn run(
    args: &GlobalArgs,
    environment: &Environment,
    play: &PlayArgs,
) -> anyhow::Result<ExitStatus> {
    let settings = load_reported_settings(args, environment);
    let mut library = OpenLibrary::open_writable(args, environment)?;
    library.load_initial_articles()?;
    let downloads = queue_access::download_folder(&library, &settings)?;
    let reader = ReadConnection::open(&library.location)?;
    let id = match play.number {
        Some(number) => EntryId(number),
        None => match queue_access::find_queue(&reader)?.first() {
            Some(id) => *id,
            None => anyhow::bail!("the queue is empty; `newsreader queue add N` fills it"),
        },
    };
    let player = &settings.podcasts.player;
    let start = play.chapter.map_or(PlayStart::Stopped, PlayStart::Chapter);
    let run = prepare_player(&reader, Some(&downloads), player, (id, start));
    let run = run.map_err(output::to_error)?;
    let status = run_player(&run);
    let outcome = finish_player(&run, status.is_ok());
    if let Some(position) = outcome.position() {
        library.writer.save_play_position(id, position)?;
    }
    if let Some(change) = outcome.change(id) {
        library.writer.apply_change(&change, utc_now())?;
    }
    status?;
    CommandOutcome::new([describe(outcome, &run.title)]).with_changed(1).print(args)?;
    Ok(ExitStatus::Success)
}

/// Runs the player on the terminal of the command, and waits until it has ended.
///
/// # Errors
///
/// Fails if it cannot be started, or fails itself.
fn run_player(run: &PlayerRun) -> anyhow::Result<()> {
    let (program, arguments) = run.argv.split_first().context("there is no player")?;
    let status = Command::new(program).args(arguments).status();
    let status = status.map_err(|error| {
        let reason = io_error_reason(&error);
        anyhow::anyhow!("cannot start the player {program}: {reason}; see podcasts.player")
    })?;
    if !status.success() {
        anyhow::bail!("the player {program} ended with {status}");
    }
    Ok(())
}

fn describe(outcome: PlayOutcome, title: &str) -> String {
    let title = sanitize::to_text_line(title);
    match outcome {
        PlayOutcome::Stopped(second) => format!("“{title}” stopped at {}", format_clock(second)),
        PlayOutcome::Finished => format!("“{title}” played to its end"),
        PlayOutcome::Unknown => format!("“{title}” played"),
    }
}
